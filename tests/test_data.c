/* Files that give a model values: what they say counts, whatever fails leaves nothing behind, and a model that results
 * keep is read again from its text alone.  Formats and messages are tested in tests/cli/data.t and tests/models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/model.h"

static const char text[] =
    "side: north, south ~~| kind: GET DIRECT SUBSCRIPT('book.xlsx', 'Plain', 'B1', '1', '') ~~|\n"
    "price ~~| rain[side] :RAW: ~~| rate = 2 ~~| curve((0,0),(1,1)) ~~|\n"
    "sold[side] := GET XLS DATA('book.xlsx', 'Series', '1', 'B2') ~~|\n"
    "old[side] := GET XLS DATA('old.xls', 'Series', '1', 'B2') ~~|\n"
    "list[kind] = GET DIRECT CONSTANTS('plain.csv', ',', 'B2') ~~|\n"
    "again :LOOK FORWARD: := price ~~|\n"
    "y = rate * price + sold[north] + old[south] + curve(0.5) + SUM(list[kind!]) + GET DATA MAX(rain[south], 0, 9) "
    "~~|\n"
    "INITIAL TIME = 0 ~~| FINAL TIME = 1 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|\n";
static const char points[] = "price\n0 10\n2 30\nrain[south]\n0 1\n8 9\n";
static const char changes[] = "rate = 3\ncurve((0,0),(1,10))\n";

enum { FILES = 5 };
static pl_file files[FILES] = {{PL_ROLE_DATA, "points.dat", points, sizeof points - 1},
                               {PL_ROLE_CHANGES, "changes.cin", changes, sizeof changes - 1},
                               {PL_ROLE_PART, "book.xlsx", NULL, 0},
                               {PL_ROLE_PART, "old.xls", NULL, 0},
                               {PL_ROLE_PART, "plain.csv", NULL, 0}};
static const pl_inputs inputs = {.files = files, .count = FILES};

/* 3 x 20 at time 1, sold 20, old 1.5, 10 x 0.5, 1.5 + 2.5, the largest of the rain. */
enum { TIME_1 = 1 };
static const double expected = 60 + 20 + 1.5 + 5 + 4 + 9;

static int read_files(void **state) {
    const char *root = getenv("PARLEY_ROOT");
    (void)state;
    for (int i = 2; i < FILES; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/tests/models/imports/%s", root ? root : ".", files[i].name);
        FILE *file = fopen(path, "rb");
        char *bytes = malloc(1 << 16);
        if (!file || !bytes) return -1;
        files[i].size = fread(bytes, 1, 1 << 16, file);
        files[i].bytes = bytes;
        fclose(file);
    }
    return 0;
}

static int free_files(void **state) {
    (void)state;
    for (int i = 2; i < FILES; i++) free((void *)(uintptr_t)files[i].bytes);
    return 0;
}

static double value_of(const pl_model *model, const char *name) {
    pl_series *series;
    pl_error error;
    double value = 0;
    if (pl_model_run(model, NULL, 0, 1, &series, &error) != PL_OK) fail_msg("%s", error.message);
    for (int i = 0; i < pl_series_columns(series); i++)
        if (strcmp(pl_series_name(series, i), name) == 0) value = pl_series_values(series, i)[TIME_1];
    pl_series_free(series);
    return value;
}

static void files_give_values(void **state) {
    pl_model *model;
    pl_error error;
    (void)state;
    if (pl_model_parse_with(text, sizeof text - 1, "m.mdl", &inputs, &model, NULL, &error) != PL_OK)
        fail_msg("%s", error.message);
    assert_true(value_of(model, "y") == expected);
    assert_true(value_of(model, "again") == 30);
    assert_true(value_of(model, "rain[south]") == -0x1p109);
    assert_int_equal(pl_model_inputs(model).count, FILES);
    pl_model_free(model);
}

static void a_model_is_read_again_from_its_whole_text(void **state) {
    pl_model *model, *again;
    pl_error error;
    (void)state;
    assert_int_equal(pl_model_parse_with(text, sizeof text - 1, "m.mdl", &inputs, &model, NULL, &error), PL_OK);
    if (pl_model_parse(model->whole, model->whole_length, "m.mdl", &again, NULL, &error) != PL_OK)
        fail_msg("%s", error.message);
    assert_true(value_of(again, "y") == expected);
    assert_int_equal(again->whole_length, model->whole_length);
    assert_memory_equal(again->whole, model->whole, model->whole_length);
    pl_model_free(again);
    for (size_t cut = model->length + 1; cut < model->whole_length;
         cut += 97) { /* damaged: refused, or less is there */
        if (pl_model_parse(model->whole, cut, "m.mdl", &again, NULL, &error) == PL_OK)
            fail_msg("cut to %zu bytes it is read", cut);
        assert_true(error.message[0]);
    }
    pl_model_free(model);
}

static void survives_lack_of_memory(void **state) {
    pl_status status = PL_MEMORY;
    (void)state;
    for (long n = 1; n < 100000 && status == PL_MEMORY; n++) {
        pl_model *model = NULL;
        pl_error error = {0};
        pl_findings *findings = pl_findings_new();
        pl_allocation_fail_after(n);
        status = pl_model_parse_with(text, sizeof text - 1, "m.mdl", &inputs, &model, findings, &error);
        pl_allocation_fail_after(0);
        if (status != PL_OK && status != PL_MEMORY) fail_msg("allocation %ld: %s", n, error.message);
        pl_model_free(model);
        pl_findings_free(findings);
    }
    assert_int_equal(status, PL_OK);
}

static void hostile_bytes_are_refused(void **state) {
    (void)state;
    for (int i = 2; i < FILES; i++) {
        const void *bytes = files[i].bytes;
        size_t size = files[i].size;
        unsigned char *copy = malloc(size);
        assert_non_null(copy);
        for (size_t at = 0; at < size; at += 1 + size / 200) {
            pl_model *model = NULL;
            pl_error error = {0};
            memcpy(copy, bytes, size);
            copy[at] ^= 0x5a;
            files[i].bytes = copy, files[i].size = at % 2 ? size : at;
            if (i == 3) files[i].size = size; /* the library of .xls files is trusted with whole ones only */
            if (i == 3 && at > 16) break;
            pl_status status = pl_model_parse_with(text, sizeof text - 1, "m.mdl", &inputs, &model, NULL, &error);
            assert_true(status == PL_OK || error.message[0]);
            pl_model_free(model);
        }
        free(copy);
        files[i].bytes = bytes, files[i].size = size;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_give_values), cmocka_unit_test(a_model_is_read_again_from_its_whole_text),
        cmocka_unit_test(survives_lack_of_memory), cmocka_unit_test(hostile_bytes_are_refused)};
    return cmocka_run_group_tests(tests, read_files, free_files);
}
