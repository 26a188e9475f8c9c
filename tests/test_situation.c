/* The situation file: what is read from a good one, and what is said about bad ones.
 * tests/errors/situation/NAME.yaml ends with the findings it must give: "#= LINE:COLUMN: severity: message" lines. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/philox.h"
#include "ensemble/situation.h"

static const char *root(void) { return getenv("PARLEY_ROOT") ? getenv("PARLEY_ROOT") : "."; }

static const char *under_root(const char *path) {
    static char whole[4][1024];
    static int next;
    char *out = whole[next++ % 4];
    snprintf(out, 1024, "%s/%s", root(), path);
    return out;
}

static char *slurp(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s is not there", path);
    char *text = calloc(1, 100000);
    assert_true(fread(text, 1, 99999, file) < 99999);
    fclose(file);
    return text;
}

static pl_situation *read_line(void) {
    pl_situation *s;
    pl_error error;
    if (pl_situation_read(under_root("tests/situations/linear"), &s, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return s;
}

/* ---- a good one ----------------------------------------------------------------------------------------- */

static void top_level(void **state) {
    (void)state;
    pl_situation *s = read_line();
    assert_string_equal(s->title.in[PL_EN], "A line");
    assert_string_equal(s->title.in[PL_ES], "Una recta");
    assert_string_equal(s->text_title.in[PL_EN], "Two actors push a line.");
    assert_string_equal(s->text_title.in[PL_ES], "Two actors push a line.");
    assert_true(s->run_from == 4 && s->run_to == 8);
    assert_int_equal(s->futures, 700);
    assert_int_equal(s->seed, 3);
    assert_string_equal(s->design, "random");
    assert_string_equal(s->model_file, "model.mdl");
    assert_int_equal(s->order_count, 2);
    assert_int_equal(s->order[1].actors[0], 1);
    pl_situation_free(s);
}

static void actors_and_courses(void **state) {
    (void)state;
    pl_situation *s = read_line();
    assert_int_equal(s->actor_count, 2);
    const pl_actor *pusher = &s->actors[0];
    assert_string_equal(pusher->title.in[PL_ES], "Empujador");
    assert_string_equal(s->actors[1].title.in[PL_ES], "puller"); /* its name where it has no title */
    assert_int_equal(pusher->course_count, 3);
    assert_int_equal(pusher->courses[0].setting_count, 0);
    const pl_setting *push = &pusher->courses[1].settings[0], *late = &pusher->courses[2].settings[0];
    assert_true(push->count == 1 && isnan(push->times[0]) && push->values[0].value == 3);
    assert_true(late->count == 2 && late->times[0] == 5 && late->times[1] == 6);
    assert_true(late->values[0].value == 2 && late->values[1].value == 1);
    assert_int_equal(push->input, late->input);
    assert_string_equal(s->inputs[push->input].variable->name, "push");
    assert_int_equal(s->inputs[push->input].input_class, PL_INPUT_LEVER);
    assert_int_equal(pusher->want_count, 2);
    assert_true(pusher->wants[0].weight.value == 2 && pusher->wants[0].per == 10);
    assert_true(pusher->wants[1].weight.value == -1 && pusher->wants[1].per == 1);
    pl_situation_free(s);
}

static void facts_of_courses(void **state) {
    (void)state;
    pl_situation *s = read_line();
    const pl_course *push = &s->actors[0].courses[1], *wait = &s->actors[0].courses[0];
    assert_string_equal(push->facts[PL_FACT_WHO].in[PL_ES], "Uno de ellos");
    assert_string_equal(push->facts[PL_FACT_COST].in[PL_ES], "low");
    assert_string_equal(push->facts[PL_FACT_REVERSIBLE].in[PL_EN], "no");
    assert_string_equal(push->source, "P1, judged");
    assert_string_equal(wait->facts[PL_FACT_LEAD].in[PL_EN], "");
    assert_string_equal(wait->source, "");
    pl_situation_free(s);
}

static void who_bears_what(void **state) {
    (void)state;
    pl_situation *s = read_line();
    assert_int_equal(s->group_count, 2);
    assert_string_equal(s->groups[0].title.in[PL_ES], "Propietarios");
    assert_string_equal(s->groups[1].title.in[PL_EN], "neighbours"); /* its name where it has no title */
    assert_int_equal(s->measures[0].bearing_count, 1);
    assert_true(s->measures[0].bearings[0].group == 0 && s->measures[0].bearings[0].sign == 1);
    const pl_measure *area = &s->measures[5];
    assert_int_equal(area->bearing_count, 2);
    assert_true(area->bearings[0].group == 1 && area->bearings[0].sign == -1);
    assert_true(area->bearings[1].group == 0 && area->bearings[1].sign == 1);
    assert_int_equal(s->measures[1].bearing_count, 0);
    pl_situation_free(s);
}

static void uncertainties(void **state) {
    (void)state;
    pl_situation *s = read_line();
    assert_int_equal(s->uncertainty_count, 2);
    const pl_uncertainty *growth = &s->uncertainties[0], *start = &s->uncertainties[1];
    assert_string_equal(growth->source, "P1");
    assert_true(growth->contested && !start->contested);
    assert_int_equal(growth->distribution.kind, PL_DIST_UNIFORM);
    assert_true(growth->distribution.number[0] == 1 && growth->distribution.number[1] == 3);
    assert_true(growth->hash == pl_fnv1a("growth", 6));
    assert_int_equal(start->distribution.count, 2);
    assert_true(start->distribution.number[1] == 16 && start->distribution.number[3] == 0.75);
    assert_int_equal(s->inputs[start->input].input_class, PL_INPUT_UNCERTAINTY);
    pl_situation_free(s);
}

static void measures_and_their_windows(void **state) {
    (void)state;
    pl_situation *s = read_line();
    const pl_measure *m = s->measures;
    assert_int_equal(s->measure_count, 13);
    assert_true(m[0].spec.take == PL_TAKE_FINAL && m[0].spec.from == 4 && isnan(m[0].spec.to));
    assert_true(m[2].spec.take == PL_TAKE_AT && m[2].spec.from == 6);
    assert_true(m[4].spec.from == 5 && m[4].spec.to == 6);
    assert_true(m[7].spec.from == 0 && m[7].spec.to == 4); /* a window may reach into the history */
    assert_true(m[9].spec.take == PL_TAKE_FIRST_ABOVE && m[9].spec.threshold == 30);
    assert_int_equal(m[10].spec.element, 1);
    assert_string_equal(m[0].units, "Things");
    assert_string_equal(m[5].units, "Things*Year");
    assert_string_equal(m[9].units, "Year");
    assert_string_equal(m[10].units_title.in[PL_ES], "cosas");
    pl_situation_free(s);
}

static void profiles_are_completed_by_the_base(void **state) {
    (void)state;
    pl_situation *s = read_line();
    assert_int_equal(s->base, 0);
    assert_int_equal(pl_situation_combinations(s), 6);
    assert_int_equal(pl_situation_combination(s, s->profiles[0].course), 0);
    assert_int_equal(pl_situation_combination(s, s->profiles[1].course), 2); /* push, rest: the last actor is fastest */
    for (long c = 0; c < 6; c++) {
        int course[2] = {pl_situation_course(s, c, 0), pl_situation_course(s, c, 1)};
        assert_int_equal(course[0], c / 2);
        assert_int_equal(course[1], c % 2);
        assert_int_equal(pl_situation_combination(s, course), c);
    }
    pl_situation_free(s);
}

static void shipped_situations_are_read(void **state) {
    (void)state;
    static const char *const paths[] = {"situations/us-mexico", "situations/arms-race/situation.yaml"};
    for (size_t i = 0; i < 2; i++) {
        pl_situation *s;
        pl_error error;
        if (pl_situation_read(under_root(paths[i]), &s, NULL, &error) != PL_OK)
            fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.message);
        pl_situation_free(s);
    }
}

static void texts_in_memory_give_the_same(void **state) {
    (void)state;
    pl_situation *disk = read_line(), *memory;
    pl_error error;
    char *model = slurp(under_root("tests/situations/linear/model.mdl"));
    assert_int_equal(pl_situation_parse(disk->text, disk->length, "here", model, strlen(model), &memory, NULL, &error),
                     PL_OK);
    assert_int_equal(memory->measure_count, disk->measure_count);
    assert_true(memory->uncertainties[0].hash == disk->uncertainties[0].hash);
    pl_situation_free(memory);
    pl_situation_free(disk);
    free(model);
}

/* ---- bad ones ------------------------------------------------------------------------------------------- */

static const char *const severities[] = {"note", "warning", "error"};

/* The findings as the file must end with. */
static void print_findings(const pl_findings *findings, char *out, size_t room) {
    size_t length = 0;
    out[0] = 0;
    for (int i = 0; i < pl_findings_count(findings) && length < room; i++) {
        pl_severity severity;
        const pl_error *e = pl_findings_get(findings, i, &severity);
        length += (size_t)snprintf(out + length, room - length, "#= %d:%d: %s: %s\n", e->line, e->column,
                                   severities[severity], e->message);
    }
}

static int check_bad_file(const char *path) {
    char found[20000];
    pl_situation *s;
    pl_error error;
    pl_findings *findings = pl_findings_new();
    pl_status status = pl_situation_read(path, &s, findings, &error);
    print_findings(findings, found, sizeof found);
    char *text = slurp(path), *expected = strstr(text, "#= ");
    int wrong = status == PL_OK || s || !expected || strcmp(expected, found) != 0 || error.status != status;
    if (wrong) print_error("%s\nexpected:\n%sfound:\n%s", path, expected ? expected : "(nothing)\n", found);
    free(text);
    pl_findings_free(findings);
    return wrong;
}

static void every_bad_file_gives_its_message(void **state) {
    (void)state;
    DIR *folder = opendir(under_root("tests/errors/situation"));
    assert_non_null(folder);
    int wrong = 0, count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[1300];
        if (!strstr(entry->d_name, ".yaml")) continue;
        snprintf(path, sizeof path, "%s/%s", under_root("tests/errors/situation"), entry->d_name);
        wrong += check_bad_file(path);
        count++;
    }
    closedir(folder);
    assert_true(count > 80);
    assert_int_equal(wrong, 0);
}

/* The place shows the line and points into it. */
static void the_line_and_a_caret(void **state) {
    (void)state;
    pl_situation *s;
    pl_error error;
    assert_int_equal(pl_situation_read(under_root("tests/errors/situation/measure_name.yaml"), &s, NULL, &error),
                     PL_INVALID);
    assert_string_equal(error.source, "  size: {of: stok, take: final}");
    assert_int_equal(error.caret, 13);
    assert_int_equal(pl_situation_read(under_root("tests/errors/situation/alias.yaml"), &s, NULL, &error),
                     PL_UNSUPPORTED);
    assert_int_equal(pl_situation_read(under_root("tests/errors/situation/claims.yaml"), &s, NULL, &error), PL_FILE);
    assert_int_equal(pl_situation_read(under_root("tests/no-such-situation"), &s, NULL, &error), PL_FILE);
    assert_string_equal(error.message, "the situation cannot be read");
}

static void a_text_that_is_too_long(void **state) {
    (void)state;
    char name[] = "/tmp/long-XXXXXX";
    int file = mkstemp(name);
    pl_situation *s;
    pl_error error;
    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, 100000000), 0);
    assert_int_equal(pl_situation_read(name, &s, NULL, &error), PL_UNSUPPORTED);
    assert_string_equal(error.message, "a situation file is at most 4 MiB long");
    close(file);
    unlink(name);
}

/* What is wrong inside a broken model is told, not the situation's. */
static void a_broken_model(void **state) {
    (void)state;
    const char *text = "parley: 1\nmodel: m.mdl\n", *model = "a = b ~~|";
    pl_situation *s;
    pl_error error;
    assert_int_equal(pl_situation_parse(text, strlen(text), "here", model, strlen(model), &s, NULL, &error),
                     PL_INVALID);
    assert_string_equal(error.file, "m.mdl");
}

/* ---- memory --------------------------------------------------------------------------------------------- */

/* The n-th allocation fails, for every n: PL_MEMORY and nothing else, until all of them succeed. */
static void every_allocation_may_fail(void **state) {
    (void)state;
    long n = 1;
    for (;; n++) {
        pl_situation *s;
        pl_error error;
        pl_findings *findings = pl_findings_new();
        pl_allocation_fail_after(n);
        pl_status status = pl_situation_read(under_root("tests/situations/linear"), &s, findings, &error);
        pl_allocation_fail_after(0);
        pl_findings_free(findings);
        if (status == PL_OK) {
            pl_situation_free(s);
            break;
        }
        assert_int_equal(status, PL_MEMORY);
        assert_int_equal(error.status, PL_MEMORY);
        assert_null(s);
    }
    assert_true(n > 5);
}

static void every_allocation_of_an_error_may_fail(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        pl_situation *s;
        pl_error error;
        pl_findings *findings = pl_findings_new();
        pl_allocation_fail_after(n);
        pl_status status = pl_situation_read(under_root("tests/errors/situation/run.yaml"), &s, findings, &error);
        pl_allocation_fail_after(0);
        int count = pl_findings_count(findings);
        pl_findings_free(findings);
        assert_null(s);
        if (count == 4) break;
        assert_int_equal(status, PL_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(top_level),
        cmocka_unit_test(actors_and_courses),
        cmocka_unit_test(facts_of_courses),
        cmocka_unit_test(who_bears_what),
        cmocka_unit_test(uncertainties),
        cmocka_unit_test(measures_and_their_windows),
        cmocka_unit_test(profiles_are_completed_by_the_base),
        cmocka_unit_test(shipped_situations_are_read),
        cmocka_unit_test(texts_in_memory_give_the_same),
        cmocka_unit_test(every_bad_file_gives_its_message),
        cmocka_unit_test(the_line_and_a_caret),
        cmocka_unit_test(a_text_that_is_too_long),
        cmocka_unit_test(a_broken_model),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_allocation_of_an_error_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
