/* Earlier figures and this one.  See figures.h. */
#include "figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct figure {
    char row[96], processor[64], simd[16], when[16];
    double us;
} figure;

static void name_processor(char *name, size_t room) {
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(name, room, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        char *value = strncmp(line, "model name", 10) == 0 ? strstr(line, ": ") : NULL;
        if (!value) continue;
        value[strcspn(value, "\n,")] = 0;
        snprintf(name, room, "%s", value + 2);
        break;
    }
    if (file) fclose(file);
}

static int read_figure(const char *line, figure *f) {
    return sscanf(line, "%95[^,],%63[^,],%15[^,],%lf,%15[^,\n]", f->row, f->processor, f->simd, &f->us, f->when) == 5;
}

/* The last figure of a row, one of this processor before all others. */
static int find_figure(const char *root, const char *row, const char *processor, const char *simd, figure *found) {
    char path[4200], line[256];
    int best = 0;
    snprintf(path, sizeof path, "%.4000s/bench/figures.csv", root);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        figure f;
        if (!read_figure(line, &f) || strcmp(f.row, row) != 0) continue;
        int same = strcmp(f.processor, processor) == 0 && strcmp(f.simd, simd) == 0 ? 2 : 1;
        if (same >= best) *found = f, best = same;
    }
    if (file) fclose(file);
    return best;
}

void compare_figure(const char *root, const char *row, const char *simd, double seconds) {
    char processor[64], today[16];
    figure f;
    time_t now = time(NULL);
    name_processor(processor, sizeof processor);
    int found = find_figure(root, row, processor, simd, &f);
    if (found)
        printf("  before (%s%s, %s, %s): %.2f us/run, now %.2f times as fast\n", found == 1 ? "elsewhere: " : "", f.processor,
               f.simd, f.when, f.us, f.us * 1e-6 / seconds);
    strftime(today, sizeof today, "%Y-%m-%d", gmtime(&now));
    if (getenv("PARLEY_FIGURES")) printf("%s,%s,%s,%.2f,%s\n", row, processor, simd, seconds * 1e6, today);
}
