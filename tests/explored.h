/* Situations of a folder of the test's own, explored and read: what the tests of ensembles share. */
#ifndef EXPLORED_H
#define EXPLORED_H
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "ensemble/ensemble.h"

static char folder[] = "/tmp/test-explored-XXXXXX"; /* everything is written here */

static inline const char *under_root(const char *path) {
    static char whole[4][1024];
    static int next;
    const char *root = getenv("PARLEY_ROOT") ? getenv("PARLEY_ROOT") : ".";
    char *out = whole[next++ % 4];
    snprintf(out, 1024, "%s/%s", root, path);
    return out;
}

static inline const char *in_folder(const char *name) {
    static char whole[8][1024];
    static int next;
    char *out = whole[next++ % 8];
    snprintf(out, 1024, "%s/%s", folder, name);
    return out;
}

static inline char *slurp(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    struct stat facts;
    if (!file) fail_msg("%s is not there", path);
    fstat(fileno(file), &facts);
    char *text = calloc(1, (size_t)facts.st_size + 1);
    *length = fread(text, 1, (size_t)facts.st_size, file);
    fclose(file);
    return text;
}

static inline void spew(const char *path, const char *text, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

static inline bool exists(const char *path) { return access(path, F_OK) == 0; }

/* Writes a situation of its own folder and returns the folder. */
static inline const char *make_situation(const char *name, const char *yaml, const char *model) {
    const char *path = in_folder(name);
    char file[1200];
    mkdir(path, 0777);
    snprintf(file, sizeof file, "%s/situation.yaml", path);
    spew(file, yaml, strlen(yaml));
    snprintf(file, sizeof file, "%s/model.mdl", path);
    spew(file, model, strlen(model));
    return path;
}

static inline pl_situation *read_situation(const char *path) {
    pl_situation *s;
    pl_error error;
    if (pl_situation_read(path, &s, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return s;
}

static inline void explore(const char *situation, const pl_explore_options *options, const char *path) {
    pl_situation *s = read_situation(situation);
    pl_error error;
    if (pl_explore(s, options, path, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
}

static inline pl_ensemble *read_results(const char *path) {
    pl_ensemble *e;
    pl_error error;
    if (pl_ensemble_read(path, &e, &error) != PL_OK) fail_msg("%s", error.message);
    return e;
}

static inline pl_ensemble *explore_and_read(const char *situation, const pl_explore_options *options) {
    explore(situation, options, in_folder("some.nc"));
    return read_results(in_folder("some.nc"));
}

/* tests/situations/linear: a situation whose every number can be worked out by hand. */
static inline pl_ensemble *explore_line(void) {
    return explore_and_read(under_root("tests/situations/linear"), NULL);
}

/* Its text with something put behind it, and a part of it cut out, from one mark to another (NULL: none). */
static inline const char *change_line(const char *name, const char *from, const char *to, const char *more) {
    size_t length, model_length;
    char *yaml = slurp(under_root("tests/situations/linear/situation.yaml"), &length);
    char *model = slurp(under_root("tests/situations/linear/model.mdl"), &model_length);
    char *at = from ? strstr(yaml, from) : NULL, *end = to ? strstr(yaml, to) : NULL;
    assert_true(!from || (at && end && end > at));
    if (from) memmove(at, end, strlen(end) + 1);
    char *whole = malloc(length + strlen(more) + 1);
    sprintf(whole, "%s%s", yaml, more);
    const char *path = make_situation(name, whole, model);
    free(yaml), free(model), free(whole);
    return path;
}

static inline void near(double found, double expected) {
    if (!(fabs(found - expected) <= 1e-13 * (1 + fabs(expected)))) fail_msg("%.17g, expected %.17g", found, expected);
}

static inline void expect_same_file(const char *a, const char *b, const char *what) {
    size_t m, n;
    char *x = slurp(a, &m), *y = slurp(b, &n);
    if (m != n || memcmp(x, y, m) != 0) fail_msg("the results differ: %s", what);
    free(x), free(y);
}

/* A model of two stocks: x = t / u, which breaks where u is 0, and y = v x t. */
#define TIMES "INITIAL TIME = 0 ~~| FINAL TIME = 4 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|"
#define FRAGILE_MODEL "x = INTEG(1 / u, 0) ~~| y = INTEG(v, 0) ~~| u = 1 ~~| v = 1 ~~|" TIMES

static inline int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state) {
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}
#endif
