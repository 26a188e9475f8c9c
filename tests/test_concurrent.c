/* Two ensembles at once from two threads of one process: each gives the bytes that it gives alone.  A determinism test:
 * what is expected is our own output, made one after the other. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "parley.h"

enum { FUTURES = 40, ROUNDS = 3 };

typedef struct job {
    uint64_t seed;
    char path[256];
    char *text; /* of the table made from it */
    size_t length;
    pl_status status;
    pl_error error;
} job;

/* Reads the situation, explores it, reads the results and makes the table: all of it may meet the other thread's. */
static void *work(void *argument) {
    job *j = argument;
    char folder[512];
    snprintf(folder, sizeof folder, "%s/situations/arms-race", getenv("PARLEY_ROOT"));
    pl_situation *situation = NULL;
    pl_ensemble *ensemble = NULL;
    pl_comparison *comparison = NULL;
    pl_explore_options options = {.futures = FUTURES, .seed_given = 1, .seed = j->seed, .threads = 2};
    j->status = pl_situation_read(folder, &situation, NULL, &j->error);
    if (j->status == PL_OK) j->status = pl_explore(situation, &options, j->path, NULL, &j->error);
    if (j->status == PL_OK) j->status = pl_ensemble_read(j->path, &ensemble, &j->error);
    if (j->status == PL_OK) j->status = pl_ensemble_compare(ensemble, 1, &comparison, &j->error);
    if (j->status == PL_OK) j->status = pl_comparison_print(comparison, PL_FORMAT_CSV, &j->text, &j->length);
    pl_comparison_free(comparison);
    pl_ensemble_free(ensemble);
    pl_situation_free(situation);
    return NULL;
}

static job start(const char *folder, const char *name, uint64_t seed) {
    job j = {.seed = seed};
    snprintf(j.path, sizeof j.path, "%s/%s.nc", folder, name);
    return j;
}

static char *slurp(const char *path, long *size) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)*size);
    assert_int_equal(fread(bytes, 1, (size_t)*size, file), *size);
    fclose(file);
    return bytes;
}

static void compare(const job *a, const job *b) {
    long sizes[2];
    char *bytes[2] = {slurp(a->path, &sizes[0]), slurp(b->path, &sizes[1])};
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], (size_t)sizes[0]);
    assert_int_equal(a->length, b->length);
    assert_memory_equal(a->text, b->text, a->length);
    free(bytes[0]);
    free(bytes[1]);
}

static void finish(job *j) {
    pl_text_free(j->text);
    unlink(j->path);
}

static void two_ensembles_at_once(void **state) {
    (void)state;
    char folder[] = "/tmp/test-concurrent-XXXXXX";
    assert_non_null(mkdtemp(folder));
    job alone[2] = {start(folder, "alone1", 1), start(folder, "alone2", 2)};
    for (int i = 0; i < 2; i++) {
        work(&alone[i]);
        assert_int_equal(alone[i].status, PL_OK);
    }
    assert_true(alone[0].length != alone[1].length || memcmp(alone[0].text, alone[1].text, alone[0].length) != 0);
    for (int round = 0; round < ROUNDS; round++) {
        job together[2] = {start(folder, "first", 1), start(folder, "second", 2)};
        pthread_t threads[2];
        for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, work, &together[i]), 0);
        for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(together[i].status, PL_OK);
            compare(&together[i], &alone[i]);
            finish(&together[i]);
        }
    }
    for (int i = 0; i < 2; i++) finish(&alone[i]);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_ensembles_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
