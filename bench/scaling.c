/* Explorations by one thread and by two, in turn, files and all.  See scaling.h. */
#define _DEFAULT_SOURCE /* getloadavg */
#include "scaling.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "parley.h"

enum { PAIRS = 5 };

/* Cases in a second of the whole; 0 where something failed. */
static double explore_with(const pl_situation *s, long futures, int threads, const char *file) {
    pl_explore_options options = {.futures = futures, .threads = threads};
    pl_explore_summary summary;
    if (pl_explore(s, &options, file, &summary, NULL) != PL_OK) return 0;
    return (double)summary.cases / summary.seconds;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int time_scaling(const char *path, long futures) {
    pl_situation *s;
    char folder[] = "/tmp/parley-bench-XXXXXX", file[64];
    double ratios[PAIRS], one = 0, two = 0, load[1] = {0};
    if (pl_situation_read(path, &s, NULL, NULL) != PL_OK) return 0;
    if (!mkdtemp(folder)) return 0;
    snprintf(file, sizeof file, "%s/results.nc", folder);
    int good = 1;
    for (int i = 0; i < PAIRS && good; i++) {
        one = explore_with(s, futures, 1, file);
        two = explore_with(s, futures, 2, file);
        good = one > 0 && two > 0;
        ratios[i] = good ? two / one : 0;
    }
    unlink(file);
    rmdir(folder);
    pl_situation_free(s);
    if (getloadavg(load, 1) != 1) load[0] = 0;
    if (!good) return 0;
    qsort(ratios, PAIRS, sizeof *ratios, by_size);
    printf("two threads: %s, %ld futures, with the writing of the file\n", path, futures);
    printf("  %.2f times the runs per second of one thread (%.2f to %.2f; load of the machine %.1f)\n", ratios[PAIRS / 2],
           ratios[0], ratios[PAIRS - 1], load[0]);
    return 1;
}
