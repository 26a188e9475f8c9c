/* A situation in a folder of its own, made by a test, and fitted. */
#ifndef TESTS_FITTED_H
#define TESTS_FITTED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "study/fit.h"

#define FIT_TIMES "INITIAL TIME= 0 ~~| FINAL TIME= 20 ~~| TIME STEP= 0.5 ~~| SAVEPER= 1 ~~|"

static inline void write_text(const char *folder, const char *name, const char *text) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) abort();
}

/* files: names and texts, a NULL behind the last. */
static inline pl_status fit_files(const char *const *files, const pl_fit_options *options, pl_fit **fit,
                                  pl_error *error) {
    char folder[] = "/tmp/test-fit-XXXXXX", command[64];
    if (!mkdtemp(folder)) abort();
    for (int i = 0; files[i]; i += 2) write_text(folder, files[i], files[i + 1]);
    pl_status status = pl_situation_fit(folder, options, fit, NULL, error);
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command) != 0) abort();
    return status;
}
#endif
