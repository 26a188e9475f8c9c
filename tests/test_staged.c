/* Staged play: its runs are those of an exploration whose courses are written out as schedules, bit for bit; the bytes
 * do not depend on threads or lanes; with one time it is the game at once. */
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

#include "ensemble/explore.h"
#include "ensemble/stages.h"
#include "study/play.h"
#include "study/staged.h"

static const char model[] =
    "{UTF-8}\n"
    "level = INTEG(growth * level + push + pull + noise, 10)\n\t~ widgets ~ |\n"
    "late = DELAY3(level, 1.5)\n\t~ widgets ~ |\n"
    "noise = RANDOM NORMAL(-3, 3, 0, 0.5, 0)\n\t~ widgets/year ~ |\n"
    "growth = 0.01\n\t~ 1/year ~ |\n"
    "push = 0.25\n\t~ widgets/year ~ |\n"
    "pull = 0\n\t~ widgets/year ~ |\n"
    "effort = push * push\n\t~ widgets ~ |\n"
    "INITIAL TIME = 2000 ~ year ~ |\nFINAL TIME = 2010 ~ year ~ |\n"
    "TIME STEP = 0.5 ~ year ~ |\nSAVEPER = 0.5 ~ year ~ |\n";

#define HEAD(from)                                                                              \
    "parley: 1\nmodel: model.mdl\nrun: {from: " from ", futures: 100, seed: 7}\n"               \
    "uncertainties:\n  growth: {uniform: [0, 0.05], source: judged}\n"                          \
    "measures:\n  height: {of: late, take: final}\n  cost: {of: effort, take: mean}\n"
#define WANTS_ROW ", wants: {height: {weight: {uniform: [0.5, 1.5]}}, cost: {weight: -1}}}\n"
#define WANTS_COLUMN ", wants: {height: {weight: -1}}}\n"

static const char staged_text[] =
    HEAD("2002")
    "actors:\n"
    "  row: {courses: {left: {}, right: {set: {push: {2002: 1, 2005: 3}}}}" WANTS_ROW
    "  column: {courses: {up: {}, down: {set: {pull: -1}}}" WANTS_COLUMN
    "play: {at: [2003, 2006]}\n";

/* The same sequences by hand: what a course has in force when it is changed to, and the model's own value (0.25, 0)
 * where it has none. The first letter is the course from 2003, the second from 2006; before, the base plays left and
 * up. */
static const char scheduled_text[] =
    HEAD("2002")
    "actors:\n"
    "  row: {courses: {ll: {}, lr: {set: {push: {2006: 3}}}, rl: {set: {push: {2003: 1, 2005: 3, 2006: 0.25}}},\n"
    "    rr: {set: {push: {2003: 1, 2005: 3}}}}" WANTS_ROW
    "  column: {courses: {uu: {}, ud: {set: {pull: {2006: -1}}}, du: {set: {pull: {2003: -1, 2006: 0}}},\n"
    "    dd: {set: {pull: {2003: -1}}}}" WANTS_COLUMN;

static pl_situation *read_text(const char *text) {
    pl_situation *s;
    pl_error error;
    if (pl_situation_parse(text, strlen(text), "situation.yaml", model, strlen(model), &s, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return s;
}

/* All courses of all actors. */
static void take_all(const pl_situation *s, pl_choice_set *sets, int *courses) {
    for (int a = 0; a < s->actor_count; a++) {
        sets[a] = (pl_choice_set){courses, s->actors[a].course_count};
        for (int k = 0; k < sets[a].count; k++) *courses++ = k;
    }
}

static double *run_stages(const pl_situation *s, int threads, int lanes, pl_stages *stages, size_t *count) {
    static pl_choice_set sets[2];
    static int courses[8];
    pl_error error;
    take_all(s, sets, courses);
    assert_int_equal(pl_stages_make(s, sets, stages, &error), PL_OK);
    *count = (size_t)stages->leaves * (size_t)s->actor_count * (size_t)s->futures;
    double *payoffs = calloc(*count, sizeof *payoffs);
    pl_explore_options options = {.threads = threads, .lanes = lanes};
    if (pl_stages_run(stages, &options, payoffs, &error) != PL_OK) fail_msg("%s", error.message);
    return payoffs;
}

static void expect_same_bits(double a, double b) { assert_memory_equal(&a, &b, sizeof a); }

/* The payoffs of a case run alone. */
static void payoffs_alone(const pl_situation *s, const pl_program *p, long profile, long future, double *payoffs) {
    double measures[2];
    pl_outcome outcome;
    pl_design design = pl_design_of(s);
    assert_int_equal(pl_case_run(s, p, &design, profile, future, measures, &outcome), PL_OK);
    for (int a = 0; a < s->actor_count; a++)
        pl_actor_payoff(&s->actors[a], &design, measures, 1, future, 1, &payoffs[a]);
}

static void sequences_are_schedules(void **state) {
    (void)state;
    pl_situation *s = read_text(staged_text), *scheduled = read_text(scheduled_text);
    pl_program *p;
    pl_stages stages;
    size_t count;
    double *payoffs = run_stages(s, 2, 0, &stages, &count), alone[2];
    assert_int_equal(stages.leaves, 16);
    assert_true(stages.segments == 20);
    assert_int_equal(pl_situation_compile(scheduled, true, NULL, 0, &p, NULL), PL_OK);
    for (long leaf = 0; leaf < 16; leaf++) {
        long first = leaf / 4, second = leaf % 4; /* (left, up), (left, down), (right, up), (right, down) */
        long row = first / 2 * 2 + second / 2, column = first % 2 * 2 + second % 2;
        for (long f = 0; f < s->futures; f += 7) {
            payoffs_alone(scheduled, p, row * 4 + column, f, alone);
            for (int a = 0; a < 2; a++) expect_same_bits(payoffs[(leaf * 2 + a) * s->futures + f], alone[a]);
        }
    }
    assert_true(payoffs[0] != payoffs[(15 * 2) * s->futures]);
    free(payoffs);
    pl_program_free(p);
    pl_situation_free(s);
    pl_situation_free(scheduled);
}

/* A determinism test: our own output, twice. */
static void bytes_do_not_depend_on_threads_or_lanes(void **state) {
    (void)state;
    pl_situation *s = read_text(staged_text);
    pl_stages stages;
    size_t count;
    double *payoffs = run_stages(s, 1, 16, &stages, &count);
    const int others[][2] = {{3, 16}, {2, 48}, {8, 112}, {1, 512}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        double *again = run_stages(s, others[i][0], others[i][1], &stages, &count);
        assert_memory_equal(payoffs, again, count * sizeof *payoffs);
        free(again);
    }
    free(payoffs);
    pl_situation_free(s);
}

/* A course that is kept is that course: its schedule, its rule and its drawn value, as in an exploration. */
static const char kept_text[] =
    HEAD("%s")
    "actors:\n"
    "  row: {courses: {left: {}, right: {set: {push: {2002: 1, 2005: 3}}}, guarded: {set: {push: 2}, when: [{if: "
    "'level > 14', set: {push: 0}}]},\n"
    "    drawn: {set: {push: {uniform: [0, 2]}}}}" WANTS_ROW
    "  column: {courses: {up: {}, down: {set: {pull: -1}}}" WANTS_COLUMN
    "play: {at: [%s, 2004, 2007.5]}\n";

static void a_course_that_is_kept(void **state) {
    (void)state;
    const char *starts[] = {"2000", "2002"}; /* the first also acts on initial values */
    for (int i = 0; i < 2; i++) {
        char text[2000];
        snprintf(text, sizeof text, kept_text, starts[i], starts[i]);
        pl_situation *s = read_text(text);
        pl_program *p;
        pl_stages stages;
        size_t count;
        double *payoffs = run_stages(s, 2, 32, &stages, &count), alone[2];
        assert_int_equal(stages.leaves, 512);
        assert_int_equal(pl_situation_compile(s, true, NULL, 0, &p, NULL), PL_OK);
        for (long profile = 0; profile < 8; profile++)
            for (long f = 0; f < s->futures; f += 9) {
                payoffs_alone(s, p, profile, f, alone);
                long leaf = (profile * 8 + profile) * 8 + profile;
                for (int a = 0; a < 2; a++) expect_same_bits(payoffs[(leaf * 2 + a) * s->futures + f], alone[a]);
            }
        free(payoffs);
        pl_program_free(p);
        pl_situation_free(s);
    }
}

/* With one time, the time from which courses act, the node is the game of the ensemble. */
static void one_time_is_the_game_at_once(void **state) {
    (void)state;
    char path[] = "/tmp/parley-staged-XXXXXX";
    char text[2000], file[sizeof path + 4];
    size_t length = strlen(staged_text) - strlen("play: {at: [2003, 2006]}\n");
    snprintf(text, sizeof text, "%.*splay: {at: [2002]}\n", (int)length, staged_text);
    pl_situation *s = read_text(text);
    pl_staged *staged;
    pl_ensemble *ensemble;
    pl_play *play;
    pl_error error;
    close(mkstemp(path));
    snprintf(file, sizeof file, "%s.nc", path);
    if (pl_situation_play_staged(s, NULL, NULL, &staged, &error) != PL_OK) fail_msg("%s", error.message);
    assert_int_equal(pl_explore(s, NULL, file, NULL, &error), PL_OK);
    assert_int_equal(pl_ensemble_read(file, &ensemble, &error), PL_OK);
    assert_int_equal(pl_ensemble_play(ensemble, NULL, &play, &error), PL_OK);
    for (long p = 0; p < 4; p++)
        for (int a = 0; a < 2; a++)
            expect_same_bits(staged->rules[0].value[1][p * 2 + a], pl_game_payoff(play->game, a, p));
    assert_int_equal(play->solution->count, 1); /* pushing costs more than it brings or less, whatever the other does */
    for (int a = 0; a < 2; a++) expect_same_bits(pl_staged_value(staged, a).estimate, pl_play_payoff(play, 0, a));
    pl_play_free(play);
    pl_ensemble_free(ensemble);
    pl_staged_free(staged);
    pl_situation_free(s);
    unlink(file);
    unlink(path);
}

/* A dynamic game in closed form: level = 10 + 4 (p1 + q1) + 4 (p2 + q2) at the end, for the flows last 4 years each;
 * the cost is the mean of the squares over the 17 steps from 2002, 8 of the first choice and 9 of the second. */
static const char race_model[] =
    "{UTF-8}\n"
    "level = INTEG(push + pull, 10)\n\t~ widgets ~ |\n"
    "push = 0\n\t~ widgets/year ~ |\n"
    "pull = 0\n\t~ widgets/year ~ |\n"
    "row miss = (level - 22)^2\n\t~ widgets ~ |\n"
    "column miss = (level - 4)^2\n\t~ widgets ~ |\n"
    "row effort = push^2\n\t~ widgets ~ |\n"
    "column effort = pull^2\n\t~ widgets ~ |\n"
    "INITIAL TIME = 2000 ~ year ~ |\nFINAL TIME = 2010 ~ year ~ |\n"
    "TIME STEP = 0.5 ~ year ~ |\nSAVEPER = 0.5 ~ year ~ |\n";

#define RACE                                                                                                           \
    "parley: 1\nmodel: model.mdl\nrun: {from: 2002, futures: 1, seed: 7}\n"                                            \
    "measures:\n  a: {of: row miss, take: final}\n  b: {of: column miss, take: final}\n"                               \
    "  c: {of: row effort, take: mean}\n  d: {of: column effort, take: mean}\n"                                        \
    "actors:\n"                                                                                                        \
    "  row: {courses: {none: {}, some: {set: {push: 1}}, much: {set: {push: 2}}},"                                     \
    " wants: {a: {weight: -1}, c: {weight: -10}}}\n"                                                                   \
    "  column: {courses: {none: {}, some: {set: {pull: -1}}, much: {set: {pull: -2}}}, wants: {b: {weight: -1}, d: "   \
    "{weight: -70}}}\n"

static void race_payoffs(const int p[2], const int q[2], double out[2]) {
    double level = 10 + 4 * (p[0] - q[0]) + 4 * (p[1] - q[1]);
    out[0] = -(level - 22) * (level - 22) - 10 * (8 * p[0] * p[0] + 9 * p[1] * p[1]) / 17.0;
    out[1] = -(level - 4) * (level - 4) - 70 * (8 * q[0] * q[0] + 9 * q[1] * q[1]) / 17.0;
}

/* The only pure equilibrium of a 3 x 3 game[row][column][player], by looking at all; 0 where there is not exactly
 * one. */
static int only_equilibrium(double game[3][3][2], int *row, int *column) {
    int found = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int stays = 1;
            for (int k = 0; k < 3; k++)
                stays = stays && game[k][j][0] <= game[i][j][0] && game[i][k][1] <= game[i][j][1];
            if (stays) *row = i, *column = j, found++;
        }
    return found == 1;
}

/* The leader's best row where the column answers it, without ties. */
static void lead(double game[3][3][2], int *row, int *column) {
    double best = -INFINITY;
    for (int i = 0; i < 3; i++) {
        int answer = 0;
        for (int j = 1; j < 3; j++)
            if (game[i][j][1] > game[i][answer][1]) answer = j;
        if (game[i][answer][0] > best) best = game[i][answer][0], *row = i, *column = answer;
    }
}

/* Backward induction over the closed form; in order: the row moves first at each time. */
static int solve_race(int in_order, double value[2]) {
    double first[3][3][2], second[3][3][2];
    int row = 0, column = 0, unique = 1;
    for (int p = 0; p < 3; p++)
        for (int q = 0; q < 3; q++) {
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++) race_payoffs((int[]){p, i}, (int[]){q, j}, second[i][j]);
            if (in_order) lead(second, &row, &column);
            else unique = only_equilibrium(second, &row, &column) && unique;
            if (!unique) return 0;
            memcpy(first[p][q], second[row][column], sizeof first[p][q]);
        }
    if (in_order) lead(first, &row, &column);
    else unique = only_equilibrium(first, &row, &column);
    if (unique) memcpy(value, first[row][column], 2 * sizeof *value);
    return unique;
}

static void a_race_is_solved_by_hand(void **state) {
    (void)state;
    const char *plays[] = {"play: {at: [2002, 2006]}\n", "play: {order: [[row], [column]], at: [2002, 2006]}\n"};
    for (int in_order = 0; in_order < 2; in_order++) {
        char text[3000];
        double expected[2];
        pl_situation *s;
        pl_staged *staged;
        pl_error error;
        snprintf(text, sizeof text, RACE "%s", plays[in_order]);
        if (pl_situation_parse(text, strlen(text), "situation.yaml", race_model, strlen(race_model), &s, NULL,
                               &error) != PL_OK)
            fail_msg("%d:%d: %s", error.line, error.column, error.message);
        if (pl_situation_play_staged(s, NULL, NULL, &staged, &error) != PL_OK) fail_msg("%s", error.message);
        for (long leaf = 0; leaf < 81; leaf++) { /* [first row][first column][second row][second column] */
            double payoffs[2];
            race_payoffs((int[]){(int)(leaf / 27), (int)(leaf / 3 % 3)}, (int[]){(int)(leaf / 9 % 3), (int)(leaf % 3)},
                         payoffs);
            for (int a = 0; a < 2; a++) assert_true(fabs(staged->rules[0].value[2][leaf * 2 + a] - payoffs[a]) < 1e-9);
        }
        assert_true(solve_race(in_order, expected));
        for (int a = 0; a < 2; a++) assert_true(fabs(pl_staged_value(staged, a).estimate - expected[a]) < 1e-9);
        pl_staged_free(staged);
        pl_situation_free(s);
    }
}

static void too_much_is_refused(void **state) {
    (void)state;
    pl_situation *s = read_text(staged_text);
    pl_staged *staged;
    pl_error error;
    pl_staged_options options = {.budget = 1999};
    assert_int_equal(pl_situation_play_staged(s, NULL, &options, &staged, &error), PL_USAGE);
    assert_non_null(strstr(error.message, "needs 20 segments (4 + 16) of 100 futures each"));
    options.budget = 2000;
    assert_int_equal(pl_situation_play_staged(s, NULL, &options, &staged, &error), PL_OK);
    pl_staged_free(staged);
    pl_choice choices[] = {{"row", "right"}};
    options.courses = choices, options.course_count = 1;
    assert_int_equal(pl_situation_play_staged(s, NULL, &options, &staged, &error), PL_OK);
    assert_int_equal(staged->stages.leaves, 4);
    pl_staged_free(staged);
    options.select = "nobody";
    assert_int_equal(pl_situation_play_staged(s, NULL, &options, &staged, &error), PL_USAGE);
    pl_situation_free(s);
}

/* Every allocation fails once: a status, and nothing leaked (the sanitizers' business). */
static void out_of_memory_is_a_status(void **state) {
    (void)state;
    pl_situation *s = read_text(staged_text);
    pl_explore_options options = {.futures = 16, .threads = 1};
    int refused = 0;
    for (long n = 1; n < 4000; n = n < 60 ? n + 1 : n * 5 / 4) {
        pl_staged *staged = NULL;
        pl_allocation_fail_after(n);
        pl_status status = pl_situation_play_staged(s, &options, NULL, &staged, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        refused += status == PL_MEMORY;
        pl_staged_free(staged);
    }
    assert_true(refused > 60);
    pl_situation_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_schedules),
        cmocka_unit_test(bytes_do_not_depend_on_threads_or_lanes),
        cmocka_unit_test(a_course_that_is_kept),
        cmocka_unit_test(one_time_is_the_game_at_once),
        cmocka_unit_test(a_race_is_solved_by_hand),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(out_of_memory_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
