/* The parallel for: each item once, on the threads asked for, and the first failure is what comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/pool.h"

enum { COUNT = 5000 };

typedef struct pl_tally {
    atomic_int times[COUNT];
    atomic_int threads;
    long fail_from;
} pl_tally;

static pl_status count_item(void *context, long item, int thread) {
    pl_tally *tally = context;
    atomic_fetch_add(&tally->times[item], 1);
    atomic_fetch_or(&tally->threads, 1 << thread);
    return item >= tally->fail_from ? (item % 2 ? PL_FILE : PL_INVALID) : PL_OK;
}

static void each_item_once(void **state) {
    (void)state;
    for (int threads = 0; threads <= 7; threads++) {
        pl_tally tally = {.fail_from = COUNT};
        assert_int_equal(pl_parallel_for(COUNT, threads, count_item, &tally), PL_OK);
        for (int i = 0; i < COUNT; i++) assert_int_equal(tally.times[i], 1);
        if (threads) assert_true(tally.threads < 1 << threads);
    }
}

static void nothing_to_do(void **state) {
    (void)state;
    pl_tally tally = {.fail_from = 0};
    assert_int_equal(pl_parallel_for(0, 4, count_item, &tally), PL_OK);
    assert_int_equal(tally.threads, 0);
}

static void first_failure_comes_back(void **state) {
    (void)state;
    for (int threads = 1; threads <= 7; threads++) {
        pl_tally tally = {.fail_from = 1000};
        assert_int_equal(pl_parallel_for(COUNT, threads, count_item, &tally), PL_INVALID);
        int ran = 0;
        for (int i = 0; i < COUNT; i++) ran += tally.times[i];
        assert_true(ran > 1000 && ran <= 1000 + threads); /* items in flight finish, no more are handed out */
    }
}

static void out_of_memory(void **state) {
    (void)state;
    pl_tally tally = {.fail_from = COUNT};
    pl_allocation_fail_after(1);
    assert_int_equal(pl_parallel_for(COUNT, 2, count_item, &tally), PL_MEMORY);
    pl_allocation_fail_after(0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_once),
        cmocka_unit_test(nothing_to_do),
        cmocka_unit_test(first_failure_comes_back),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
