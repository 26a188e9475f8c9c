/* FILE.part: what is written is read, in any order, and damage is told. */
#include <fcntl.h>
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
#include "ensemble/part.h"

enum { MEASURES = 3, ROOM = MEASURES * PL_PART_FUTURES };
static const char *path = "test_part.tmp";
static const pl_part_shape shape = {.measures = MEASURES, .profiles = 2, .futures = 1300, .count = 1300,
    .inputs = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};

static const char origin[] = "made from nothing";
enum { HEAD = 160 + 24 }; /* header, and the origin up to a multiple of 8 */

static void fill(long record, double values[ROOM], unsigned char failed[PL_PART_FUTURES]) {
    for (int i = 0; i < ROOM; i++) values[i] = (double)record * 1000 + i;
    values[7] = NAN;
    for (int i = 0; i < PL_PART_FUTURES; i++) failed[i] = (i + record) % 5 == 0;
}

static void write_records(const long *order, int count) {
    pl_part *part;
    double values[ROOM];
    unsigned char failed[PL_PART_FUTURES];
    assert_int_equal(pl_part_create(path, &shape, origin, sizeof origin - 1, &part, NULL), PL_OK);
    unsigned char *buffer = malloc(pl_part_record_size(part));
    for (int i = 0; i < count; i++) {
        fill(order[i], values, failed);
        assert_int_equal(pl_part_write(part, order[i], values, failed, buffer, NULL), PL_OK);
    }
    assert_int_equal(pl_part_sync(part, NULL), PL_OK);
    free(buffer);
    pl_part_close(part);
}

static size_t slurp(unsigned char **bytes) {
    FILE *file = fopen(path, "rb");
    struct stat facts;
    assert_non_null(file);
    fstat(fileno(file), &facts);
    *bytes = malloc((size_t)facts.st_size);
    assert_int_equal(fread(*bytes, 1, (size_t)facts.st_size, file), facts.st_size);
    fclose(file);
    return (size_t)facts.st_size;
}

static void spew(const unsigned char *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static pl_status read_record(long number, double *values, unsigned char *failed, bool *present, pl_error *error) {
    pl_part *part;
    pl_status status = pl_part_open(path, PL_PART_READ, &part, error);
    if (status != PL_OK) return status;
    unsigned char *buffer = malloc(pl_part_record_size(part));
    status = pl_part_read(part, number, values, failed, present, buffer, error);
    free(buffer);
    pl_part_close(part);
    return status;
}

static void what_is_written_is_read(void **state) {
    (void)state;
    static const long order[] = {4, 0, 3};
    double values[ROOM], expected[ROOM];
    unsigned char failed[PL_PART_FUTURES], expected_failed[PL_PART_FUTURES];
    bool present;
    write_records(order, 3);
    for (long record = 0; record < 6; record++) {
        assert_int_equal(read_record(record, values, failed, &present, NULL), PL_OK);
        assert_int_equal(present, record == 0 || record == 3 || record == 4);
        if (!present) continue;
        fill(record, expected, expected_failed);
        assert_memory_equal(values, expected, sizeof values);
        assert_memory_equal(failed, expected_failed, sizeof failed);
    }
    pl_part *part;
    assert_int_equal(pl_part_open(path, PL_PART_READ, &part, NULL), PL_OK);
    assert_int_equal(pl_part_record_count(part), 6); /* three chunks of 512 futures, two profiles */
    assert_string_equal(pl_part_get_shape(part)->inputs, shape.inputs);
    assert_int_equal(pl_part_get_shape(part)->futures, 1300);
    size_t length;
    assert_memory_equal(pl_part_origin(part, &length), origin, sizeof origin - 1);
    assert_int_equal(length, sizeof origin - 1);
    pl_part_close(part);
}

static void order_does_not_show(void **state) {
    (void)state;
    static const long up[] = {0, 1, 2, 3, 4, 5}, mixed[] = {5, 2, 0, 4, 1, 3};
    unsigned char *a, *b;
    write_records(up, 6);
    size_t length = slurp(&a);
    write_records(mixed, 6);
    assert_int_equal(slurp(&b), length);
    assert_memory_equal(a, b, length);
    free(a), free(b);
}

/* Every flipped bit of the header or of a record is noticed. */
static void damage_is_told(void **state) {
    (void)state;
    static const long order[] = {0, 1};
    double values[ROOM];
    unsigned char failed[PL_PART_FUTURES], *bytes;
    bool present;
    pl_error error;
    write_records(order, 2);
    size_t length = slurp(&bytes), record = (length - HEAD) / 2;
    for (size_t at = 0; at < HEAD + record; at += at < HEAD - 8 ? 1 : 97) {
        bytes[at] ^= 16;
        spew(bytes, length);
        assert_int_equal(read_record(0, values, failed, &present, &error), PL_INVALID);
        assert_true(strlen(error.message) > 10);
        bytes[at] ^= 16;
    }
    spew(bytes, length - 5); /* the last four bytes are zeros, as is what is missing */
    assert_int_equal(read_record(1, values, failed, &present, &error), PL_INVALID);
    assert_string_equal(error.message, "record 1 of this file is damaged");
    spew(bytes, 80);
    assert_int_equal(read_record(0, values, failed, &present, &error), PL_INVALID);
    free(bytes);
}

static void what_is_not_there(void **state) {
    (void)state;
    static const long order[] = {0};
    double values[ROOM];
    unsigned char failed[PL_PART_FUTURES];
    bool present;
    pl_part *part;
    pl_error error;
    write_records(order, 1);
    assert_int_equal(read_record(6, values, failed, &present, &error), PL_INVALID);
    unlink(path);
    assert_int_equal(pl_part_open(path, PL_PART_READ, &part, &error), PL_FILE);
    assert_int_equal(pl_part_create("no/such/folder/x.part", &shape, origin, 1, &part, &error), PL_FILE);
    assert_string_equal(error.message, "cannot be written: No such file or directory");
    pl_part_shape none = shape;
    none.measures = 0;
    assert_int_equal(pl_part_create(path, &none, origin, 1, &part, &error), PL_INVALID);
    pl_allocation_fail_after(1);
    assert_int_equal(pl_part_open(path, PL_PART_READ, &part, &error), PL_MEMORY);
    pl_allocation_fail_after(0);
    unlink(path);
}

/* 10^9 cases have places of their own, without being written one by one: the file has holes. */
static void numbers_of_many_cases(void **state) {
    (void)state;
    static const pl_part_shape large = {.measures = 1, .profiles = 1000, .futures = 1000000, .count = 1000000,
        .traces = 3, .points = 21, .kept_profiles = 4, .kept_futures = 200,
        .inputs = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
    enum { RECORD = 8 + (8 + 1) * PL_PART_FUTURES + 8, CHUNKS = 1954 };
    const long last = (long)CHUNKS * 1000 - 1, order[] = {last, 0, 1000000};
    double values[PL_PART_FUTURES], series[200 * 21], found[200 * 21];
    unsigned char failed[PL_PART_FUTURES] = {0}, buffer[200 * 21 * 8 + 16];
    bool present;
    pl_part *part;
    assert_int_equal(pl_part_create(path, &large, origin, sizeof origin - 1, &part, NULL), PL_OK);
    assert_int_equal(pl_part_record_count(part), last + 1);
    assert_int_equal(pl_part_series_count(part), 12);
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < PL_PART_FUTURES; k++) values[k] = (double)(order[i] * PL_PART_FUTURES + k);
        assert_int_equal(pl_part_write(part, order[i], values, failed, buffer, NULL), PL_OK);
    }
    for (int i = 0; i < 200 * 21; i++) series[i] = i;
    assert_int_equal(pl_part_write_series(part, 11, series, buffer, NULL), PL_OK);
    pl_part_close(part);
    struct stat facts;
    stat(path, &facts);
    assert_true(facts.st_size == (off_t)HEAD + (off_t)(last + 1) * RECORD + (off_t)12 * (200 * 21 * 8 + 16));
    assert_true(facts.st_blocks < 2000); /* of 512 bytes: the rest are holes */
    assert_int_equal(pl_part_open(path, PL_PART_READ, &part, NULL), PL_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pl_part_read(part, order[i], values, failed, &present, buffer, NULL), PL_OK);
        assert_true(present && values[3] == (double)(order[i] * PL_PART_FUTURES + 3));
    }
    assert_int_equal(pl_part_read(part, last - 1, values, failed, &present, buffer, NULL), PL_OK);
    assert_false(present);
    assert_int_equal(pl_part_read_series(part, 11, found, &present, buffer, NULL), PL_OK);
    assert_true(present && memcmp(found, series, sizeof series) == 0);
    assert_int_equal(pl_part_read_series(part, 10, found, &present, buffer, NULL), PL_OK);
    assert_false(present);
    assert_int_equal(pl_part_read_series(part, 12, found, &present, buffer, NULL), PL_INVALID);
    pl_part_close(part);
    unlink(path);
}

/* A shape whose numbers make no file is refused before a product of them is taken. */
static void shapes_that_cannot_be(void **state) {
    (void)state;
    const pl_part_shape wrong[] = {{.measures = 4096, .profiles = 1L << 30, .futures = 1L << 40, .count = 1L << 40},
                                   {.measures = 1,
                                    .profiles = 2,
                                    .futures = 10,
                                    .count = 10,
                                    .traces = 1,
                                    .points = 10,
                                    .kept_profiles = 3,
                                    .kept_futures = 1},
                                   {.measures = 1,
                                    .profiles = 2,
                                    .futures = 10,
                                    .count = 10,
                                    .traces = 1,
                                    .points = 1L << 31,
                                    .kept_profiles = 1,
                                    .kept_futures = 1},
                                   {.measures = 1, .profiles = 2, .futures = 10, .count = 10, .traces = 1}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        pl_part_shape one = wrong[i];
        pl_part *part;
        memcpy(one.inputs, shape.inputs, sizeof one.inputs);
        assert_int_equal(pl_part_create(path, &one, origin, 1, &part, NULL), PL_INVALID);
    }
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(order_does_not_show),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(what_is_not_there),
        cmocka_unit_test(numbers_of_many_cases),
        cmocka_unit_test(shapes_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
