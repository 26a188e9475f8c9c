/* The flagship model with every extension off is the published cartel model in its mean-field form (Prieto-Curiel,
 * Campedelli and Hope, Science 381:1312, 2023, with the mortality per pair of members averaged over the network):
 *
 *     dC/dt = rho C - eta - (theta + omega) C^2,   deaths per week = theta C^2.
 *
 * The expected numbers were computed from that equation with Runge-Kutta 4 and weekly steps, apart from this
 * program; they are given to a tenth. Policies start in 2022, changes are from 2022 to 2027, and the model's own
 * switches turn the extensions off. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ensemble/situation.h"
#include "model/model.h"
#include "program/program.h"

enum { RECRUITMENT, INCAPACITATION, FIRST_SWITCH, MOST_INPUTS = 32 };

typedef struct point {
    double members, deaths;
} point;

static pl_model *model;
static pl_program *program;
static pl_input inputs[MOST_INPUTS];
static int input_count;
static point years[4]; /* 2012, 2022, 2025, 2027 */
static const double dates[4] = {2012, 2022, 2025, 2027};

static void add_input(pl_variable *variable) {
    assert_non_null(variable);
    assert_true(input_count < MOST_INPUTS);
    inputs[input_count++] = (pl_input){variable, -1, PL_INPUT_LEVER};
}

static bool is_switch(const pl_variable *variable) {
    const char *tail = strstr(variable->key, " switch");
    return variable->kind == PL_CONSTANT && tail && !tail[sizeof " switch" - 1];
}

static int setup(void **state) {
    (void)state;
    char path[4096];
    pl_error error;
    const char *root = getenv("PARLEY_ROOT");
    snprintf(path, sizeof path, "%s/situations/us-mexico/model.mdl", root ? root : ".");
    if (pl_model_read(path, &model, NULL, &error) != PL_OK) {
        fprintf(stderr, "%s:%d: %s\n", error.file, error.line, error.message);
        return -1;
    }
    add_input(pl_model_find(model, "recruitment multiplier"));
    add_input(pl_model_find(model, "incapacitation multiplier"));
    for (int i = 0; i < model->variable_count; i++)
        if (is_switch(model->variables[i])) add_input(model->variables[i]);
    assert_true(input_count - FIRST_SWITCH >= 10);
    pl_output outputs[] = {{pl_model_find(model, "members"), -1}, {pl_model_find(model, "member deaths per week"), -1}};
    pl_program_spec spec = {.inputs = inputs, .input_count = input_count, .outputs = outputs, .output_count = 2,
                            .final_time = NAN, .act_from = NAN};
    return pl_program_compile(model, &spec, &program, &error) == PL_OK ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    pl_program_free(program);
    pl_model_free(model);
    return 0;
}

static void keep(void *context, int step, double time, const double *row) {
    (void)context, (void)step;
    for (int i = 0; i < 4; i++)
        if (fabs(time - dates[i]) < 1e-6) years[i] = (point){row[0], row[1]};
}

/* A run with all switches at `on`, and from 2022 on with the two multipliers. */
static void run(double on, double recruitment, double incapacitation) {
    pl_lever_change changes[MOST_INPUTS + 2];
    int count = 0, start = (int)lround((2022 - pl_program_initial_time(program)) / pl_program_time_step(program));
    for (int i = FIRST_SWITCH; i < input_count; i++) changes[count++] = (pl_lever_change){0, i, on};
    changes[count++] = (pl_lever_change){start, RECRUITMENT, recruitment};
    changes[count++] = (pl_lever_change){start, INCAPACITATION, incapacitation};
    pl_track *track;
    pl_block *block;
    uint64_t future = 0;
    double unused[MOST_INPUTS] = {0};
    assert_int_equal(pl_track_new(program, changes, count, &track), PL_OK);
    assert_int_equal(pl_block_new(program, 1, &block), PL_OK);
    pl_block_start(block, track, unused, 1, &future, 1, 1);
    pl_block_run(block, track, pl_program_steps(program), keep, NULL);
    pl_block_free(block);
    pl_track_free(track);
}

/* Equal to a tenth, as printed. */
static void expect_tenth(double value, double expected) {
    if (fabs(round(value * 10) / 10 - expected) < 1e-9) return;
    fprintf(stderr, "%.4f in place of %.1f\n", value, expected);
    fail();
}

static void expect_changes(double recruitment, double incapacitation, double members, double deaths) {
    run(0, recruitment, incapacitation);
    expect_tenth(100 * (years[3].members / years[1].members - 1), members);
    expect_tenth(100 * (years[3].deaths / years[1].deaths - 1), deaths);
}

static void test_members(void **state) {
    (void)state;
    run(0, 1, 1);
    expect_tenth(years[0].members / 1000, 115.0);
    expect_tenth(years[1].members / 1000, 174.6);
}

static void test_base(void **state) {
    (void)state;
    expect_changes(1, 1, 19.6, 42.9);
}

static void test_incapacitation_doubled(void **state) {
    (void)state;
    expect_changes(1, 2, 3.1, 6.2);
}

static void test_recruitment_halved(void **state) {
    (void)state;
    expect_changes(0.5, 1, -12.0, -22.5);
}

/* The switches do something: with them on, members differ, by less than a fifth in 2025. */
static void test_extensions_act(void **state) {
    (void)state;
    run(0, 1, 1);
    double published = years[2].members;
    run(1, 1, 1);
    double ratio = years[2].members / published;
    assert_true(ratio != 1 && ratio > 0.8 && ratio < 1.25);
}

/* A situation of the project reads without a warning, and its own checks hold. */
static pl_situation *read_situation(const char *name) {
    char path[4096];
    const char *root = getenv("PARLEY_ROOT");
    snprintf(path, sizeof path, "%s/situations/%s", root ? root : ".", name);
    pl_findings *findings = pl_findings_new();
    pl_situation *situation;
    pl_error error;
    assert_int_equal(pl_situation_read(path, &situation, findings, &error), PL_OK);
    if (pl_situation_check(situation, findings, &error) != PL_OK) fprintf(stderr, "%s\n", error.message);
    assert_int_equal(pl_findings_count(findings), 0);
    pl_findings_free(findings);
    return situation;
}

static void test_situation(void **state) {
    (void)state;
    pl_situation *s = read_situation("us-mexico");
    assert_int_equal(s->actor_count, 3);
    assert_true(pl_situation_combinations(s) >= 192);
    int sourced = 0;
    for (int i = 0; i < s->uncertainty_count; i++) {
        const pl_uncertainty *u = &s->uncertainties[i];
        const pl_distribution *d = &u->distribution;
        bool signs = pl_distribution_quantile(d, 0.001) < 0 && pl_distribution_quantile(d, 0.999) > 0;
        assert_true(signs == u->contested); /* a contested sign is a range over both, and the other way round */
        sourced += u->source && u->source[0];
    }
    assert_int_equal(sourced, s->uncertainty_count);
    pl_situation_free(s);
    pl_situation_free(read_situation("arms-race"));
}

/* Every title is given in both languages, and they differ; so does what a course says of itself. */
static void test_languages(void **state) {
    (void)state;
    pl_situation *s = read_situation("us-mexico");
    for (int a = 0; a < s->actor_count; a++)
        for (int i = 0; i < s->actors[a].course_count; i++) {
            const pl_course *course = &s->actors[a].courses[i];
            assert_true(strcmp(course->title.in[PL_EN], course->title.in[PL_ES]) != 0);
            assert_true(strcmp(course->text.in[PL_EN], course->text.in[PL_ES]) != 0);
        }
    for (int i = 0; i < s->measure_count; i++)
        assert_true(strcmp(s->measures[i].title.in[PL_EN], s->measures[i].title.in[PL_ES]) != 0);
    for (int i = 0; i < s->uncertainty_count; i++)
        assert_true(strcmp(s->uncertainties[i].title.in[PL_EN], s->uncertainties[i].title.in[PL_ES]) != 0);
    for (int i = 0; i < s->risk_count; i++)
        assert_true(strcmp(s->risks[i].title.in[PL_EN], s->risks[i].title.in[PL_ES]) != 0);
    for (int i = 0; i < s->check_count; i++)
        assert_true(strcmp(s->checks[i].title.in[PL_EN], s->checks[i].title.in[PL_ES]) != 0);
    pl_situation_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_base),
        cmocka_unit_test(test_incapacitation_doubled),
        cmocka_unit_test(test_recruitment_halved),
        cmocka_unit_test(test_extensions_act),
        cmocka_unit_test(test_situation),
        cmocka_unit_test(test_languages),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
