/* Gives a fuzz target every file of a folder: the kept inputs run in builds that have no libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) return 0;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    /* exactly as long as the input, so that a sanitizer sees a read past its end */
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    int whole = data && size >= 0 && fread(data, 1, (size_t)size, file) == (size_t)size;
    fclose(file);
    if (whole) LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    return whole;
}

int main(int count, char **arguments) {
    DIR *folder = count == 2 ? opendir(arguments[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    int inputs = 0, unread = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.') continue;
        if (replay_file(arguments[1], entry->d_name)) inputs++;
        else unread++;
    }
    closedir(folder);
    printf("%d inputs, %d not readable\n", inputs, unread);
    return inputs == 0 || unread != 0;
}
