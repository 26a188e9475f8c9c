/* Courses that adapt (`when`) and values that courses draw: switch times worked out by hand, pairs that do not differ,
 * and the same bytes however the work is divided. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/arena.h"
#include "ensemble/ensemble.h"
#include "ensemble/variation.h"

static char folder[] = "/tmp/test-courses-XXXXXX";

static const char *in_folder(const char *name) {
    static char whole[8][1024];
    static int next;
    char *out = whole[next++ % 8];
    snprintf(out, 1024, "%s/%s", folder, name);
    return out;
}

static void spew(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static char *slurp(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    struct stat facts;
    if (!file) fail_msg("%s is not there", path);
    fstat(fileno(file), &facts);
    char *text = calloc(1, (size_t)facts.st_size + 1);
    *length = fread(text, 1, (size_t)facts.st_size, file);
    fclose(file);
    return text;
}

/* size = start + growth x t, and push x (t - 4) more from 4 on; walk adds noise to what is pushed. */
#define MODEL                                                                                                  \
    "{UTF-8}\nregion: north, south ~~|\n"                                                                      \
    "size= INTEG(growth + push, start) ~~|\nstart= 10 ~~|\ngrowth= 2 ~~|\npush= 0 ~~|\nlimit= 21 ~~|\n"        \
    "part[region]= 0, 0 ~~|\nparts[region]= INTEG(part[region], 0) ~~|\nlength= 1 ~~|\n"                       \
    "walk= INTEG(RANDOM UNIFORM(0, 1, 1) + push, 0) ~~|\nlate= DELAY FIXED(push, length, 0) ~~|\n"             \
    "INITIAL TIME= 0 ~~| FINAL TIME= 10 ~~| TIME STEP= 0.25 ~~| SAVEPER= 1 ~~|\n"

#define HEAD "parley: 1\nmodel: model.mdl\nrun: {from: 4, to: 8, futures: 600, seed: 3}\n"
#define MEASURES                                                                                                  \
    "measures:\n  end: {of: size, take: final}\n  walked: {of: walk, take: final}\n  push: {of: push, take: final}\n" \
    "  delayed: {of: late, take: final}\n  north: {of: 'parts[north]', take: final}\n"                           \
    "  south: {of: 'parts[south]', take: final}\n"
enum { END, WALKED, PUSH, DELAYED, NORTH, SOUTH, MEASURE_COUNT };

static pl_situation *read_text(const char *yaml, const char *model) {
    pl_situation *s;
    pl_error error;
    mkdir(in_folder("one"), 0777);
    spew(in_folder("one/situation.yaml"), yaml);
    spew(in_folder("one/model.mdl"), model);
    if (pl_situation_read(in_folder("one"), &s, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return s;
}

static pl_ensemble *explore_with(const char *yaml, const char *model, const pl_explore_options *options) {
    pl_situation *s = read_text(yaml, model);
    pl_ensemble *e;
    pl_error error;
    if (pl_explore(s, options, in_folder("one.nc"), NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
    if (pl_ensemble_read(in_folder("one.nc"), &e, &error) != PL_OK) fail_msg("%s", error.message);
    return e;
}

static pl_ensemble *explore(const char *yaml) { return explore_with(yaml, MODEL, NULL); }

static const double *draws_of(const pl_ensemble *e, const char *name) {
    for (int u = 0; u < e->uncertainty_count; u++)
        if (strcmp(e->situation->uncertainties[u].name, name) == 0) return e->draws + (size_t)u * (size_t)e->futures;
    fail_msg("nothing is drawn for %s", name);
    return NULL;
}

static void near(double found, double expected) {
    if (!(fabs(found - expected) <= 1e-12 * (1 + fabs(expected)))) fail_msg("%.17g, expected %.17g", found, expected);
}

static void same(const pl_ensemble *e, int measure, long a, long b) {
    assert_memory_equal(pl_ensemble_measure(e, measure, a), pl_ensemble_measure(e, measure, b),
                        (size_t)e->futures * sizeof(double));
}

/* ---- when ----------------------------------------------------------------------------------------------- */

/* The size at 8 where 3 is pushed from 4 on, until the size was above the limit at one of the times 4 + k x every:
 * from the step behind it on `after` is pushed. */
static double end_of(double growth, double limit, double every, double after) {
    double reached = (limit - 10 + 12) / (growth + 3); /* 10 + growth t + 3 (t - 4) = limit */
    double k = floor((reached - 4) / every) + 1, judged = 4 + every * (k < 0 ? 0 : k);
    double until = judged + 0.25 < 8 ? judged + 0.25 : 8;
    return 10 + growth * 8 + 3 * (until - 4) + after * (8 - until);
}

static void a_rule_is_met_in_each_future_by_itself(void **state) {
    (void)state;
    pl_ensemble *e = explore(HEAD MEASURES
        "uncertainties:\n  growth: {uniform: [0.5, 3]}\n  limit: {uniform: [17, 30]}\n"
        "actors:\n  pusher:\n    courses:\n      push: {set: {push: 3}}\n"
        "      careful: {set: {push: 3}, when: [{if: size > limit, set: {push: 0}}]}\n"
        "      yearly: {set: {push: 3}, when: [{if: size > limit, every: 1, set: {push: -1}}]}\n"
        "      often: {set: {push: 3}, when: [{if: size > limit, every: 0.01, set: {push: 0}}]}\n"
        "      odd: {set: {push: {4: 3, 7: 3}}, when: [{if: size > limit, every: 0.75, set: {push: -1}}]}\n");
    const double *growth = draws_of(e, "growth"), *limit = draws_of(e, "limit");
    int never = 0, at_once = 0;
    for (long f = 0; f < e->futures; f++) {
        near(pl_ensemble_measure(e, END, 0)[f], 10 + growth[f] * 8 + 12);
        near(pl_ensemble_measure(e, END, 1)[f], end_of(growth[f], limit[f], 0.25, 0));
        near(pl_ensemble_measure(e, END, 2)[f], end_of(growth[f], limit[f], 1, -1));
        near(pl_ensemble_measure(e, END, 4)[f], end_of(growth[f], limit[f], 0.75, -1));
        never += pl_ensemble_measure(e, PUSH, 1)[f] == 3;
        at_once += 10 + growth[f] * 4 > limit[f];
    }
    assert_true(never > 20 && at_once > 20);
    for (int m = 0; m < MEASURE_COUNT; m++) same(e, m, 1, 3); /* more often than the steps is every step */
    pl_ensemble_free(e);
}

static void later_rows_win_and_all_hold_for_good(void **state) {
    (void)state;
    pl_ensemble *e = explore(HEAD MEASURES
        "actors:\n  pusher:\n    courses:\n"
        "      rows: {set: {push: 3}, when: [{if: Time >= 6, set: {push: 1}}, {if: Time >= 5, set: {push: 2}}]}\n"
        "      other: {set: {push: 3}, when: [{if: Time >= 5, set: {push: 2}}, {if: Time >= 6, set: {push: 1}}]}\n"
        "      once: {set: {push: 3}, when: [{if: Time = 5, set: {push: -1}}]}\n"
        "      over time: {set: {push: {4: 3, 7: 5}}, when: [{if: Time >= 5, set: {push: 0}}]}\n"
        "      alone: {when: [{if: 'Time >= 5 :AND: :NOT: Time > 9', set: {push: 1, 'part[south]': 4}}]}\n"
        "      from the start: {set: {push: 3}, when: [{if: 'size > 1.2 * initial(size)', set: {push: 0}}]}\n"
        "      not a number: {set: {push: 3}, when: [{if: 0 * SQRT(-size) + 1, set: {push: 0}}]}\n");
    const double expected[] = {
        3 * 1.25 + 2 * 2.75,        /* the first row is met later, and is the earlier one */
        3 * 1.25 + 2 * 1 + 1 * 1.75, 3 * 1.25 - 2.75, 3 * 1.25, 2.75, 3 * 0.25, 12};
    for (int i = 0; i < 7; i++)
        for (long f = 0; f < e->futures; f++) near(pl_ensemble_measure(e, END, i)[f], 10 + 16 + expected[i]);
    for (long f = 0; f < e->futures; f++) {
        near(pl_ensemble_measure(e, SOUTH, 4)[f], 4 * 2.75);
        near(pl_ensemble_measure(e, NORTH, 4)[f], 0);
        near(pl_ensemble_measure(e, DELAYED, 1)[f], 1);
    }
    pl_ensemble_free(e);
}

/* Growth by r a year under Runge-Kutta 4 is 1 + h + h^2/2 + h^3/6 + h^4/24 a step, h = r dt; it ends in the step behind
 * that at whose beginning the size is above the limit. */
static void a_rule_under_runge_kutta(void **state) {
    (void)state;
    const char *model = "size= INTEG(rate * size, 1) ~~|\nrate= 0 ~~|\nfast= 0.3 ~~|\n"
                        "INITIAL TIME= 0 ~~| FINAL TIME= 10 ~~| TIME STEP= 0.125 ~~| SAVEPER= 1 ~~|\n"
                        "\\\\\\---/// Sketch information - do not modify anything except names\nV300\n*View 1\n"
                        "///---\\\\\\\n:L\177<%^E!@\n15:0,0,0,5,0,0\n";
    pl_ensemble *e = explore_with(
        "parley: 1\nmodel: model.mdl\nrun: {from: 1, futures: 100}\nmeasures: {end: {of: size, take: final}}\n"
        "uncertainties: {fast: {uniform: [0.25, 0.5]}}\n"
        "actors:\n  a:\n    courses:\n      go: {set: {rate: {uniform: [0.2, 0.6]}}, when: [{if: size > 2, set: "
        "{rate: 0}}]}\n",
        model, NULL);
    const double *rate = draws_of(e, "a/go/rate");
    assert_int_equal(e->situation->model->method, PL_RK4);
    for (long f = 0; f < e->futures; f++) {
        double h = rate[f] * 0.125, step = 1 + h * (1 + h / 2 * (1 + h / 3 * (1 + h / 4)));
        double steps = floor(log(2) / log(step)) + 2;
        near(pl_ensemble_measure(e, 0, 0)[f], pow(step, steps < 72 ? steps : 72));
    }
    pl_ensemble_free(e);
}

/* A threshold that another actor sets. */
static void a_constant_in_a_condition_can_be_set(void **state) {
    (void)state;
    pl_ensemble *e = explore(
        HEAD MEASURES
        "uncertainties:\n  growth: {uniform: [0.5, 3]}\n"
        "actors:\n  pusher:\n    courses:\n      careful: {set: {push: 3}, when: [{if: size > limit, set: {push: "
        "0}}]}\n"
        "  judge:\n    courses:\n      mild: {set: {limit: 25}}\n      strict: {set: {limit: {4: 100, 6: 19}}}\n");
    const double *growth = draws_of(e, "growth");
    for (long f = 0; f < e->futures; f++) {
        near(pl_ensemble_measure(e, END, 0)[f], end_of(growth[f], 25, 0.25, 0));
        near(pl_ensemble_measure(e, END, 1)[f], 10 + growth[f] * 8 + 3 * 2.25); /* at 6 it is above 19 whatever grows */
    }
    pl_ensemble_free(e);
}

/* ---- drawn values --------------------------------------------------------------------------------------- */

#define DRAWING                                                                                                   \
    "uncertainties:\n  growth: {uniform: [0.5, 3]}\n"                                                           \
    "actors:\n  pusher:\n    courses:\n      push: {set: {push: {uniform: [2, 4]}}}\n"                            \
    "      again: {set: {push: {uniform: [2, 4]}}}\n"                                                             \
    "      late: {set: {push: {5: {uniform: [2, 4]}, 6: 1, 7: {triangular: [0, 1, 5]}}}}\n"                       \
    "      wary: {set: {push: 3}, when: [{if: size > 21, every: 0.5, set: {push: {uniform: [-2, 0]}}}]}\n"         \
    "      plain: {set: {push: 3}}\n"                                                                             \
    "      never: {set: {push: 3}, when: [{if: size > 1000, set: {push: {uniform: [0, 1]}, limit: 1}}]}\n"          \
    "  other:\n    courses:\n      none: {}\n      part: {set: {part: {normal: [0, 1]}}}\n"
enum { DRAWS_PUSH, DRAWS_AGAIN, DRAWS_LATE, DRAWS_WARY, DRAWS_PLAIN, DRAWS_NEVER, OTHERS = 2 };

static void a_course_draws_its_values(void **state) {
    (void)state;
    pl_ensemble *e = explore(HEAD MEASURES DRAWING);
    const double *growth = draws_of(e, "growth"), *push = draws_of(e, "pusher/push/push"),
                 *again = draws_of(e, "pusher/again/push"), *five = draws_of(e, "pusher/late/push/5"),
                 *seven = draws_of(e, "pusher/late/push/7"), *wary = draws_of(e, "pusher/wary/when 1/push"),
                 *part = draws_of(e, "other/part/part");
    int differ = 0;
    for (long f = 0; f < e->futures; f++) {
        double own = 10 + 8 * growth[f];
        differ += push[f] != again[f];
        assert_true(push[f] > 2 && push[f] < 4 && seven[f] > 0 && seven[f] < 5);
        near(pl_ensemble_measure(e, END, DRAWS_PUSH * OTHERS)[f], own + 4 * push[f]);
        near(pl_ensemble_measure(e, END, DRAWS_AGAIN * OTHERS)[f], own + 4 * again[f]);
        near(pl_ensemble_measure(e, END, DRAWS_LATE * OTHERS)[f], own + five[f] + 1 + seven[f]);
        near(pl_ensemble_measure(e, END, DRAWS_WARY * OTHERS)[f], end_of(growth[f], 21, 0.5, wary[f]));
        near(pl_ensemble_measure(e, NORTH, DRAWS_PUSH * OTHERS + 1)[f], 4 * part[f]); /* both elements, one draw */
        near(pl_ensemble_measure(e, SOUTH, DRAWS_PUSH * OTHERS + 1)[f], 4 * part[f]);
        near(pl_ensemble_measure(e, DELAYED, DRAWS_LATE * OTHERS)[f], seven[f]);
    }
    assert_true(differ > 590);
    pl_ensemble_free(e);
}

static void pairs_that_do_the_same_do_not_differ(void **state) {
    (void)state;
    pl_ensemble *e = explore(HEAD MEASURES DRAWING);
    for (int m = 0; m < MEASURE_COUNT; m++) same(e, m, DRAWS_PLAIN * OTHERS, DRAWS_NEVER * OTHERS);
    for (int course = 0; course <= DRAWS_NEVER; course++) /* what the other actor does reaches none of these */
        for (int m = 0; m <= DELAYED; m++) same(e, m, course * OTHERS, course * OTHERS + 1);
    pl_ensemble_free(e);
    pl_ensemble *alone = explore(HEAD MEASURES "uncertainties:\n  growth: {uniform: [0.5, 3]}\n"
                                               "actors:\n  pusher:\n    courses:\n      plain: {set: {push: 3}}\n");
    pl_ensemble *among = explore(HEAD MEASURES DRAWING);
    for (int m = 0; m < MEASURE_COUNT; m++) /* what the other courses do does not show in a course */
        assert_memory_equal(pl_ensemble_measure(alone, m, 0), pl_ensemble_measure(among, m, DRAWS_PLAIN * OTHERS),
                            (size_t)alone->futures * sizeof(double));
    pl_ensemble_free(alone), pl_ensemble_free(among);
}

/* Where courses act from the start, initial values see what they draw. */
static void initial_values_see_what_is_drawn_from_the_start(void **state) {
    (void)state;
    pl_ensemble *e = explore("parley: 1\nmodel: model.mdl\nrun: {to: 8, futures: 50}\n" MEASURES
                             "actors:\n  a:\n    courses:\n      go: {set: {start: {uniform: [5, 6]}, push: 1}}\n");
    const double *start = draws_of(e, "a/go/start");
    for (long f = 0; f < e->futures; f++) near(pl_ensemble_measure(e, END, 0)[f], start[f] + 24);
    pl_ensemble_free(e);
}

/* A variation sets a lever in the place of what the course draws; a rule still acts. */
static void a_variation_takes_the_place_of_a_draw(void **state) {
    (void)state;
    enum { FUTURES = 30 };
    pl_situation *s = read_text(HEAD MEASURES DRAWING, MODEL);
    pl_variations *variations;
    pl_error error;
    int push = s->actors[0].courses[0].settings[0].input;
    pl_variation_set set = {push, 1}, fast = {push, 3};
    pl_variation list[] = {{DRAWS_PUSH * OTHERS, &set, 1},
                           {DRAWS_PUSH * OTHERS, NULL, 0},
                           {DRAWS_WARY * OTHERS, &fast, 1},
                           {DRAWS_WARY * OTHERS, NULL, 0}};
    double values[4][MEASURE_COUNT][FUTURES];
    if (pl_variations_new(s, NULL, 0, 1, &variations, &error) != PL_OK) fail_msg("%s", error.message);
    assert_int_equal(pl_variations_run(variations, list, 4, FUTURES, values[0][0], NULL, NULL, &error), PL_OK);
    pl_ensemble *e = explore(HEAD MEASURES DRAWING);
    for (int f = 0; f < FUTURES; f++) {
        near(values[0][END][f], 10 + 8 * draws_of(e, "growth")[f] + 4);
        near(values[1][END][f], pl_ensemble_measure(e, END, DRAWS_PUSH * OTHERS)[f]);
        near(values[2][END][f], values[3][END][f]);
    }
    pl_ensemble_free(e);
    pl_variations_free(variations);
    pl_situation_free(s);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void designs_count_what_is_drawn(void **state) {
    (void)state;
    const char *yaml = HEAD MEASURES
        "uncertainties:\n  growth: {uniform: [0, 1]}\nactors:\n  a:\n    courses:\n"
        "      go: {set: {push: {uniform: [0, 1]}}}\n";
    pl_explore_options options = {.futures = 9, .design = "factorial"};
    pl_ensemble *e = explore_with(yaml, MODEL, &options);
    const double *growth = draws_of(e, "growth"), *push = draws_of(e, "a/go/push");
    for (long f = 0; f < 9; f++) { /* 3 levels in the middle of thirds */
        near(growth[f], ((double)(f % 3) + 0.5) / 3);
        near(push[f], ((double)(f / 3) + 0.5) / 3);
    }
    pl_ensemble_free(e);
    options = (pl_explore_options){.futures = 5, .design = "one-at-a-time"};
    e = explore_with(yaml, MODEL, &options);
    push = draws_of(e, "a/go/push");
    const double expected[] = {0.5, 0.5, 0.5, 0.05, 0.95};
    for (long f = 0; f < 5; f++) near(push[f], expected[f]);
    pl_ensemble_free(e);
    const char *samples[] = {"latin", "halton"};
    for (int i = 0; i < 2; i++) { /* every replicate of 32 has one value in each of 32 strata (Halton's base is 3: of 27
                                   * + ...) */
        options = (pl_explore_options){.futures = 270, .design = samples[i]};
        e = explore_with(yaml, MODEL, &options);
        double sorted[27];
        for (int replicate = 0; replicate < 10; replicate++) {
            memcpy(sorted, draws_of(e, "a/go/push") + 27 * replicate, sizeof sorted);
            qsort(sorted, 27, sizeof *sorted, compare);
            for (int k = 0; k < 27; k++) assert_int_equal((int)(sorted[k] * 27), k);
        }
        pl_ensemble_free(e);
    }
}

/* Spearman's correlation of a drawn value and an uncertainty, from the ranks. */
static void what_is_drawn_may_be_correlated(void **state) {
    (void)state;
    pl_explore_options options = {.futures = 4000};
    pl_ensemble *e = explore_with(
        HEAD MEASURES "uncertainties:\n  growth: {uniform: [0, 1]}\ncorrelations: [[growth, a/go/push, -0.7]]\n"
                      "actors:\n  a:\n    courses:\n      go: {set: {push: {uniform: [0, 1]}}}\n",
        MODEL, &options);
    const double *growth = draws_of(e, "growth"), *push = draws_of(e, "a/go/push");
    double sum = 0; /* of uniform ones the values are as good as ranks */
    for (long f = 0; f < e->futures; f++) sum += (growth[f] - 0.5) * (push[f] - 0.5) * 12;
    assert_true(fabs(sum / (double)e->futures + 0.7) < 4 / sqrt(4000.0));
    pl_ensemble_free(e);
}

static void single_runs_take_means(void **state) {
    (void)state;
    pl_situation *s = read_text(
        HEAD MEASURES "checks:\n"
                      "  met: {expect: \"size = 10 + 2 * Time + 3 * MAX(0, MIN(Time, 5.25) - 4) - MAX(0, Time - "
                      "5.25)\"}\n"
                      "  not met: {set: {growth: 0}, expect: \"size = 10 + 3 * MAX(0, Time - 4)\"}\n"
                      "  none: {set: {push: 0}, expect: size = initial(size) + 2 * Time}\n" DRAWING
                      "profiles:\n  it: {pusher: wary}\nbase: it\n",
        MODEL);
    pl_choice late = {"pusher", "late"}, wary = {"pusher", "wary"};
    const double expected[] = {26 + 3 + 1 + 2, 26 + 3 * 1 - 3, 26}; /* the mean of 0, 1, 5 is 2; 21 is passed at 4.75
                                                                     * and seen at 5 */
    const pl_choice *choices[] = {&late, &wary, &wary};
    pl_set set = {"push", 0};
    for (int i = 0; i < 3; i++) {
        pl_series *series;
        pl_error error;
        assert_int_equal(pl_situation_run(s, choices[i], 1, &set, i == 2, NULL, &series, &error), PL_OK);
        double until = i == 1 ? 0.25 * 3 + 0.25 * 1 : 0; /* the step behind 5: until 5.25 3 is pushed, then -1 */
        near(pl_series_values(series, 0)[8], expected[i] + until);
        pl_series_free(series);
    }
    pl_error error;
    if (pl_situation_check(s, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
}

/* ---- futures from a file -------------------------------------------------------------------------------- */

#define GIVEN_COURSES                                                                                         \
    "parley: 1\nmodel: model.mdl\nrun: {from: 4, to: 8, futures: futures.csv, seed: 3}\n" MEASURES           \
    "uncertainties:\n  growth: {uniform: [0.5, 3]}\nactors:\n  pusher:\n    courses:\n"                     \
    "      push: {set: {push: {uniform: [2, 4]}}}\n      none: {}\n"
#define WANTS "    wants: {end: {weight: {uniform: [1, 2]}}, walked: {weight: 3}}\n"
#define GIVEN GIVEN_COURSES WANTS

/* Future f: growth 1 + f / 1000, push 2 + f / 2000, weight 1 + f / 4000. */
static void write_futures(int count) {
    mkdir(in_folder("one"), 0777);
    FILE *file = fopen(in_folder("one/futures.csv"), "wb");
    fprintf(file, "pusher/end,growth,Pusher/push/push\r\n");
    for (int f = 0; f < count; f++) fprintf(file, "%.5f,%.3f,%.4f\r\n", 1 + f / 4000.0, 1 + f / 1000.0, 2 + f / 2000.0);
    fclose(file);
}

static void futures_are_those_of_the_file(void **state) {
    (void)state;
    write_futures(1200);
    pl_ensemble *e = explore(GIVEN);
    assert_int_equal(e->futures, 1200);
    for (long f = 0; f < e->futures; f++) {
        double growth = 1 + (double)f / 1000, push = 2 + (double)f / 2000, weight = 1 + (double)f / 4000;
        near(pl_ensemble_measure(e, END, 0)[f], 10 + 8 * growth + 4 * push);
        near(pl_ensemble_measure(e, END, 1)[f], 10 + 8 * growth);
        near(pl_ensemble_payoff(e, 0, 0)[f],
             weight * pl_ensemble_measure(e, END, 0)[f] + 3 * pl_ensemble_measure(e, WALKED, 0)[f]);
    }
    pl_ensemble_free(e);
}

/* Of a file of futures the noise within runs is still that of seed and future, as if they were drawn. */
static void noise_is_by_future(void **state) {
    (void)state;
    write_futures(40);
    pl_ensemble *given = explore(GIVEN);
    pl_explore_options options = {.futures = 40};
    pl_ensemble *drawn = explore_with(GIVEN, MODEL, &options);
    assert_string_equal(drawn->situation->design, "random");
    assert_memory_equal(pl_ensemble_measure(given, WALKED, 1), pl_ensemble_measure(drawn, WALKED, 1),
                        40 * sizeof(double));
    assert_true(pl_ensemble_measure(given, END, 1)[0] != pl_ensemble_measure(drawn, END, 1)[0]);
    pl_ensemble_free(given), pl_ensemble_free(drawn);
}

/* ---- the same bytes ------------------------------------------------------------------------------------- */

static void expect_bytes(const char *path, const char *expected, size_t length) {
    size_t found_length;
    char *found = slurp(path, &found_length);
    assert_int_equal(found_length, length);
    assert_memory_equal(found, expected, length);
    free(found);
}

/* Over threads, blocks, shards, and an exploration that was half done. */
static void expect_sameness(const char *yaml, long futures) {
    pl_situation *s = read_text(yaml, MODEL);
    pl_error error;
    size_t length;
    pl_explore_options options = {.futures = futures, .threads = 1, .lanes = 16};
    assert_int_equal(pl_explore(s, &options, in_folder("first.nc"), NULL, &error), PL_OK);
    char *first = slurp(in_folder("first.nc"), &length);
    const int ways[][2] = {{2, 48}, {1, 512}, {2, 0}};
    for (int i = 0; i < 3; i++) {
        options.threads = ways[i][0], options.lanes = ways[i][1];
        assert_int_equal(pl_explore(s, &options, in_folder("again.nc"), NULL, &error), PL_OK);
        expect_bytes(in_folder("again.nc"), first, length);
    }
    const char *parts[] = {in_folder("3.nc"), in_folder("1.nc"), in_folder("2.nc")};
    const int shard[] = {3, 1, 2};
    for (int i = 0; i < 3; i++) {
        options.shard = shard[i], options.shards = 3;
        assert_int_equal(pl_explore(s, &options, parts[i], NULL, &error), PL_OK);
    }
    if (pl_merge(parts, 3, in_folder("merged.nc"), NULL, &error) != PL_OK) fail_msg("%s", error.message);
    expect_bytes(in_folder("merged.nc"), first, length);
    options.shard = options.shards = 0;
    if (pl_verify(s, &options, in_folder("merged.nc"), 300, &error) != PL_OK) fail_msg("%s", error.message);
    free(first);
    pl_situation_free(s);
}

static int break_off(void *context, long done, long all) {
    *(bool *)context = done > all / 3;
    return *(bool *)context;
}

static void expect_to_resume(const char *yaml, long futures) {
    pl_situation *s = read_text(yaml, MODEL);
    pl_error error;
    size_t length;
    bool broken = false;
    pl_explore_options options = {.futures = futures, .threads = 1};
    assert_int_equal(pl_explore(s, &options, in_folder("first.nc"), NULL, &error), PL_OK);
    char *first = slurp(in_folder("first.nc"), &length);
    options.progress = break_off, options.context = &broken;
    assert_int_equal(pl_explore(s, &options, in_folder("half.nc"), NULL, &error), PL_INTERRUPTED);
    assert_true(broken);
    options.progress = NULL, options.resume = 1;
    if (pl_explore(s, &options, in_folder("half.nc"), NULL, &error) != PL_OK) fail_msg("%s", error.message);
    expect_bytes(in_folder("half.nc"), first, length);
    free(first);
    pl_situation_free(s);
}

static void the_same_bytes_however_it_is_run(void **state) {
    (void)state;
    const char *drawing = HEAD MEASURES "correlations: [[growth, pusher/push/push, 0.5]]\n" DRAWING;
    expect_sameness(drawing, 1300);
    expect_to_resume(drawing, 1300);
    write_futures(1200);
    expect_sameness(GIVEN, 0);
    expect_to_resume(GIVEN, 0);
}

/* Reading a situation with all of it, on a thread whose allocations are counted. */
static void every_allocation_may_fail(void **state) {
    (void)state;
    write_futures(20);
    pl_situation_free(
        read_text(GIVEN_COURSES "      more: {when: [{if: size > limit, every: 1, set: {push: 0}}]}\n" WANTS, MODEL));
    pl_status status;
    long n = 1;
    do {
        pl_situation *s;
        pl_allocation_fail_after(n++);
        status = pl_situation_read(in_folder("one"), &s, NULL, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        pl_situation_free(s);
    } while (status != PL_OK);
    assert_true(n > 8);
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_met_in_each_future_by_itself),
        cmocka_unit_test(later_rows_win_and_all_hold_for_good),
        cmocka_unit_test(a_rule_under_runge_kutta),
        cmocka_unit_test(a_constant_in_a_condition_can_be_set),
        cmocka_unit_test(a_course_draws_its_values),
        cmocka_unit_test(pairs_that_do_the_same_do_not_differ),
        cmocka_unit_test(initial_values_see_what_is_drawn_from_the_start),
        cmocka_unit_test(a_variation_takes_the_place_of_a_draw),
        cmocka_unit_test(designs_count_what_is_drawn),
        cmocka_unit_test(what_is_drawn_may_be_correlated),
        cmocka_unit_test(single_runs_take_means),
        cmocka_unit_test(futures_are_those_of_the_file),
        cmocka_unit_test(noise_is_by_future),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(the_same_bytes_however_it_is_run),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
