/* The reader of .part files: header, origin and records of any bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ensemble/origin.h"
#include "ensemble/part.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_series(pl_part *part) {
    const pl_part_shape *shape = pl_part_get_shape(part);
    double *values = malloc((size_t)shape->kept_futures * (size_t)shape->points * sizeof *values + 1);
    unsigned char *buffer = malloc(pl_part_series_size(part) + 1);
    pl_error error;
    for (long i = 0; i < pl_part_series_count(part) && i < 20; i++) {
        bool present;
        pl_part_read_series(part, i, values, &present, buffer, &error);
        pl_part_read_series(part, pl_part_series_count(part) - i, values, &present, buffer, &error);
    }
    free(values), free(buffer);
}

static void read_all(const char *path) {
    pl_part *part;
    pl_error error;
    if (pl_part_open(path, PL_PART_READ, &part, &error) != PL_OK) return;
    size_t size = pl_part_record_size(part), futures = PL_PART_FUTURES;
    unsigned char *buffer = malloc(size), *failed = malloc(futures);
    double *values = malloc(futures * (size_t)pl_part_get_shape(part)->measures * sizeof *values);
    long first = pl_part_first_record(part), count = pl_part_record_count(part);
    for (long i = 0; i < count && i < 20; i++) {
        bool present;
        pl_part_read(part, first + i, values, failed, &present, buffer, &error);
        pl_part_read(part, first + count - i, values, failed, &present, buffer, &error);
    }
    free(values), free(failed), free(buffer);
    read_series(part);
    size_t length;
    const char *origin = pl_part_origin(part, &length);
    pl_situation *s;
    if (pl_origin_read(origin, length, "fuzz", NULL, &s, &error) == PL_OK) pl_situation_free(s);
    pl_part_close(part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[] = "/tmp/fuzz-part-XXXXXX";
    int file = mkstemp(path);
    if (file < 0) return 0;
    if (write(file, data, size) == (ssize_t)size) read_all(path);
    close(file);
    unlink(path);
    return 0;
}
