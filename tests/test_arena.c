/* The arena and the library's allocator: alignment, growth, overflow, and failing on demand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void memory_is_zeroed_aligned_and_apart(void **state) {
    (void)state;
    pl_arena arena = {0};
    unsigned char *before = NULL;
    for (size_t size = 1; size < 3000; size += 37) {
        unsigned char *memory = pl_arena_take(&arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
        if (before) assert_int_equal(*before, 0xff);
        before = memory;
    }
    pl_arena_free(&arena);
    assert_null(arena.chunks);
}

static void products_that_overflow_are_out_of_memory(void **state) {
    (void)state;
    pl_arena arena = {0};
    assert_null(pl_arena_array(&arena, SIZE_MAX / 4, 8));
    assert_null(pl_arena_take(&arena, SIZE_MAX - 3));
    pl_arena_free(&arena);
}

static void an_array_grows_and_keeps_its_items(void **state) {
    (void)state;
    pl_arena arena = {0};
    int *items = NULL, room = 0;
    for (int i = 0; i < 1000; i++) {
        items = pl_arena_grow(&arena, items, i, &room, i + 1, sizeof *items);
        assert_non_null(items);
        assert_true(room > i);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++) assert_int_equal(items[i], i);
    pl_arena_free(&arena);
}

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static void the_chosen_allocation_fails_and_leaves_by_the_handler(void **state) {
    (void)state;
    jmp_buf back;
    pl_arena arena = {.out_of_memory = leave, .context = &back};
    volatile int taken = 0;
    if (setjmp(back) == 0) {
        pl_allocation_fail_after(3);
        for (;; taken++) pl_arena_take(&arena, 2 << 20); /* each has a chunk of its own */
    }
    assert_int_equal(taken, 2);
    assert_non_null(pl_arena_take(&arena, 100)); /* only the third failed */
    pl_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(products_that_overflow_are_out_of_memory),
        cmocka_unit_test(an_array_grows_and_keeps_its_items),
        cmocka_unit_test(the_chosen_allocation_fails_and_leaves_by_the_handler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
