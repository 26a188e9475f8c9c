/* Criteria, dominance, switches and treatments of the others.  Decision tables have published answers, named at each.
 * */
#include "fake_ensemble.h"
#include "study/recommendation.h"
#include "study/statistics.h"
#include "study/weigh.h"

static void near(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance)) fail_msg("%.17g, not %.17g", value, expected);
}

/* ---- decision tables -------------------------------------------------------------------------------------- */

typedef struct table {
    pl_arena arena;
    pl_outcomes o;
    double weights[64];
} table;

static table read_table(int options, long futures, const double *values, double alpha) {
    table t = {.arena = {0}};
    pl_outcomes_start(&t.o, &t.arena, options, futures, alpha);
    memcpy(t.o.value, values, (size_t)options * (size_t)futures * sizeof *values);
    pl_outcomes_find_regrets(&t.o);
    pl_outcomes_order(&t.o, &t.arena);
    for (long f = 0; f < futures; f++) t.weights[f] = 1;
    return t;
}

static void has(table *t, pl_criterion_id criterion, const double *expected) {
    for (int k = 0; k < t->o.options; k++) {
        double value = pl_criterion_value(&t->o, criterion, k, t->weights);
        if (fabs(value - expected[k]) > 1e-12) fail_msg("%s of option %d: %.17g", pl_criteria[criterion].name, k,
                                                        value);
    }
}

static void selects(table *t, pl_criterion_id criterion, int expected) {
    int best = 0;
    for (int k = 1; k < t->o.options; k++)
        if (pl_criteria[criterion].sign * (pl_criterion_value(&t->o, criterion, k, t->weights) -
                                           pl_criterion_value(&t->o, criterion, best, t->weights)) > 0)
            best = k;
    if (best != expected) fail_msg("%s selects %d", pl_criteria[criterion].name, best);
}

/* The values that the authors of McPhail et al. 2018 give for this table in the tests of their program (RAPID). */
static void test_mcphail(void **state) {
    (void)state;
    table t = read_table(2, 3, (const double[]){0.99, 1.0, 0.5, 0.69, 0.6, 0.6}, 0.75);
    has(&t, PL_CRITERION_MAXIMIN, (const double[]){0.5, 0.6});
    has(&t, PL_CRITERION_MAXIMAX, (const double[]){1.0, 0.69});
    has(&t, PL_CRITERION_HURWICZ, (const double[]){0.625, 0.6225});
    has(&t, PL_CRITERION_LAPLACE, (const double[]){0.83, 0.63});
    has(&t, PL_CRITERION_REGRET, (const double[]){0.1, 0.4});
    has(&t, PL_CRITERION_DEVIATIONS, (const double[]){-0.245, 0.0});
    double mean_variance[] = {1.42320289996384, 1.54948632859709};
    for (int k = 0; k < 2; k++)
        near(pl_criterion_value(&t.o, PL_CRITERION_MEAN_VARIANCE, k, t.weights), mean_variance[k], 1e-13);
    pl_arena_free(&t.arena);
    t = read_table(2, 3, (const double[]){0.99, 1.0, 0.5, 0.69, 0.6, 0.61}, 0.5);
    has(&t, PL_CRITERION_SKEWNESS, (const double[]){0.96, -7.0 / 9});
    pl_arena_free(&t.arena);
}

/* Milnor, Games against nature, in Decision Processes (Thrall, Coombs and Davis, 1954), and Luce and Raiffa 1957,
 * 13.3: each of the four criteria of its time selects another row. */
static void test_milnor(void **state) {
    (void)state;
    table t = read_table(4, 4, (const double[]){2, 2, 0, 1, 1, 1, 1, 1, 0, 4, 0, 0, 1, 3, 0, 0}, 0.5);
    selects(&t, PL_CRITERION_LAPLACE, 0);
    selects(&t, PL_CRITERION_MAXIMIN, 1);
    selects(&t, PL_CRITERION_HURWICZ, 2);
    selects(&t, PL_CRITERION_REGRET, 3);
    has(&t, PL_CRITERION_REGRET, (const double[]){2, 3, 2, 1});
    /* Hurwicz's rule takes the third row while the best counts more than 1/4, then the second. */
    double best[] = {2, 1, 4, 3}, slope[] = {-2, 0, -4, -3};
    pl_switch items[3];
    pl_switches s = {.items = items};
    pl_lines_envelope(&(pl_lines){4, best, slope}, 0, 1, &s);
    assert_int_equal(s.best, 2);
    assert_int_equal(s.count, 1);
    assert_int_equal(items[0].to, 1);
    near(items[0].at.estimate, 0.75, 1e-15);
    pl_arena_free(&t.arena);
}

/* Stocks, bonds and the money market as interest rates rise, stay or fall: the example of the article "Regret (decision
 * theory)" of Wikipedia, with its table of regrets. */
static void test_investor(void **state) {
    (void)state;
    table t = read_table(3, 3, (const double[]){-4, 4, 12, -2, 3, 8, 3, 2, 1}, 0.5);
    has(&t, PL_CRITERION_MAXIMIN, (const double[]){-4, -2, 1});
    has(&t, PL_CRITERION_REGRET, (const double[]){7, 5, 11});
    selects(&t, PL_CRITERION_MAXIMIN, 2);
    selects(&t, PL_CRITERION_REGRET, 1);
    near(pl_outcomes_row(t.o.regret, &t.o, 1)[2], 4, 0);
    pl_arena_free(&t.arena);
}

/* Quantiles of type 7 fall on the values themselves here, whichever way they are taken. */
static void test_quantiles(void **state) {
    (void)state;
    double values[42];
    for (int i = 0; i < 21; i++) values[i] = 20 - i, values[21 + i] = i == 20 ? 100 : 40;
    table t = read_table(2, 21, values, 0.5);
    near(pl_criterion_value(&t.o, PL_CRITERION_PEAKEDNESS, 0, t.weights), 1.6, 1e-15); /* (18 - 2) / (15 - 5) */
    near(pl_criterion_value(&t.o, PL_CRITERION_SKEWNESS, 0, t.weights), 0, 1e-15);
    near(pl_criterion_value(&t.o, PL_CRITERION_REGRET_90, 0, t.weights), 38, 1e-15); /* 20, 21, ..., 39, 100 */
    assert_true(isnan(pl_criterion_value(&t.o, PL_CRITERION_PEAKEDNESS, 1, t.weights)));
    t.weights[0] = 0, t.weights[20] = 2; /* a resample without the best future, and the worst twice */
    near(pl_criterion_value(&t.o, PL_CRITERION_MAXIMAX, 0, t.weights), 19, 0);
    near(pl_criterion_value(&t.o, PL_CRITERION_EXPECTED, 0, t.weights), 190.0 / 21, 1e-14);
    pl_arena_free(&t.arena);
}

/* ---- intervals --------------------------------------------------------------------------------------------- */

/* P(X <= 83) = 0.0206 and P(X <= 95) = 0.9763 of a binomial distribution with n = 100, p = 0.9, as tables have them;
 * and the median's ranks in Conover's table. Wilks: 59 draws bound 95 % of what may come with 95 % confidence, 58 do
 * not. */
static void test_ranks(void **state) {
    (void)state;
    long low, high;
    assert_true(pl_quantile_ranks(100, 0.9, &low, &high));
    assert_int_equal(low, 84);
    assert_int_equal(high, 96);
    assert_true(pl_quantile_ranks(10, 0.5, &low, &high));
    assert_int_equal(low, 2);
    assert_int_equal(high, 9);
    assert_int_equal(low, pl_median_rank(10));
    assert_false(pl_quantile_ranks(20, 0.9, &low, &high)); /* 0.9^20 = 12 % lie below all of them */
    assert_true(pl_extreme_share(59) <= 0.05 && pl_extreme_share(58) > 0.05);
}

/* ---- dominance --------------------------------------------------------------------------------------------- */

static pl_dominance dominance_of(const double *values, int futures, bool back) {
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("Dominance"), futures);
    table t = read_table(2, futures, values, 0.5);
    const double *rows[] = {pl_ensemble_payoff(e, 0, 0)};
    pl_sample sample;
    pl_sample_make(&sample, &t.arena, e, rows, 1, "a test");
    pl_pair *pairs = pl_pairs_make(&t.arena, &t.o, &sample, e, 50);
    pl_dominance holds = pairs[back ? 2 : 1].holds;
    pl_arena_free(&t.arena);
    pl_ensemble_free(e);
    return holds;
}

/* Mas-Colell, Whinston and Green, Microeconomic Theory, example 6.D.2: 2 or 3 with equal probability, spread to 1, 2,
 * 3, 4. */
static void test_dominance(void **state) {
    (void)state;
    assert_int_equal(dominance_of((const double[]){2, 2, 3, 3, 4, 3, 2, 1}, 4, false), PL_DOMINANCE_SECOND);
    assert_int_equal(dominance_of((const double[]){2, 2, 3, 3, 4, 3, 2, 1}, 4, true), PL_DOMINANCE_COUNT);
    /* a quarter of the probability of 0 goes to 100; in no order of the states */
    assert_int_equal(dominance_of((const double[]){0, 10, 100, 100, 100, 0, 0, 10}, 4, false), PL_DOMINANCE_FIRST);
    assert_int_equal(dominance_of((const double[]){1, 2, 3, 4, 0, 1, 2, 3}, 4, false), PL_DOMINANCE_STRICT);
    assert_int_equal(dominance_of((const double[]){1, 2, 3, 4, 1, 1, 2, 3}, 4, false), PL_DOMINANCE_WEAK);
    assert_int_equal(dominance_of((const double[]){1, 2, 3, 4, 1, 2, 3, 4}, 4, false), PL_DOMINANCE_COUNT);
}

/* ---- a whole weighing -------------------------------------------------------------------------------------- */

static const char weighed[] =
    "parley: 1\ntitle: Weighed\nmodel: model.mdl\nrun: {from: 2002, futures: 100, seed: 7}\nbase: start\n"
    "actors:\n"
    "  row:\n"
    "    courses: {left: {set: {push: 0}}, right: {set: {push: 1}}}\n"
    "    wants: {height: {weight: {uniform: [0, 2]}}, width: {weight: -1, per: 2}}\n"
    "  column:\n"
    "    courses: {up: {set: {pull: 0}}, down: {set: {pull: -1}}}\n"
    "    wants: {height: {weight: -1}}\n"
    "measures:\n  height: {of: level, take: final}\n  width: {of: level, take: mean}\n"
    "profiles:\n  start: {row: left, column: up}\n  push: {row: right, column: up}\n"
    "risks:\n  high: \"height > base(height)\"\n";

enum { LEFT_UP, LEFT_DOWN, RIGHT_UP, RIGHT_DOWN };

/* Payoffs by hand: the column answers left with down and right with up. */
static pl_ensemble *make_weighed(long futures) {
    static const double row[] = {4, 1, 3, 0}, column[] = {0, 1, 1, 0}, height[] = {6, 2, 9, 4}, width[] = {2, 2, 8, 8};
    pl_ensemble *e = fake_ensemble(weighed, futures);
    e->weights = PL_ARRAY(&e->arena, futures, double);
    for (long f = 0; f < futures; f++) {
        double turn = f % 2 ? 0.5 : -0.5;
        e->weights[f] = (double)f / (double)futures * 2;
        for (long p = 0; p < 4; p++) {
            fake_payoff(e, 0, p)[f] = row[p] + (p == LEFT_UP ? 4 * turn : turn);
            fake_payoff(e, 1, p)[f] = column[p];
            fake_measure(e, 0, p)[f] = height[p];
            fake_measure(e, 1, p)[f] = width[p];
        }
    }
    return e;
}

static pl_weighing *weigh(pl_ensemble *e, const pl_weigh_options *options) {
    pl_weighing *w;
    pl_error error;
    if (pl_ensemble_weigh(e, options, &w, &error) != PL_OK) fail_msg("%s", error.message);
    return w;
}

static double expected(const pl_weighing *w, int course) {
    const pl_weighed *a = &w->actors[0];
    return pl_score_of(&a->scores, &a->outcomes, PL_CRITERION_EXPECTED, course)->value.estimate;
}

static void test_treatments(void **state) {
    (void)state;
    static const struct {
        const char *against;
        double left, right;
    } cases[] = {{NULL, 1, 3}, {"response", 1, 3}, {"base", 4, 3}, {"push", 4, 3}, {"mean", 2.5, 1.5},
                 {"worst", 1, 0}};
    pl_ensemble *e = make_weighed(100);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pl_weighing *w = weigh(e, &(pl_weigh_options){.actor = "row", .against = cases[i].against, .replicates = 20});
        assert_int_equal(w->actor_count, 1);
        near(expected(w, 0), cases[i].left, 1e-12);
        near(expected(w, 1), cases[i].right, 1e-12);
        pl_weighing_free(w);
    }
    pl_weighing *w;
    pl_error error;
    assert_int_equal(pl_ensemble_weigh(e, &(pl_weigh_options){.against = "nobody"}, &w, &error), PL_USAGE);
    assert_int_equal(pl_ensemble_weigh(e, &(pl_weigh_options){.actor = "nobody"}, &w, &error), PL_USAGE);
    assert_int_equal(pl_ensemble_weigh(e, &(pl_weigh_options){.alpha_given = 1, .alpha = 1.5}, &w, &error), PL_USAGE);
    assert_int_equal(pl_ensemble_weigh(e, &(pl_weigh_options){.where = "heigth > 1"}, &w, &error), PL_INVALID);
    pl_ensemble_free(e);
}

static void test_weighing(void **state) {
    (void)state;
    pl_ensemble *e = make_weighed(100);
    pl_weighing *w = weigh(e, &(pl_weigh_options){.actor = "row", .against = "base", .where = "height > 7",
                                                  .replicates = 100});
    const pl_weighed *a = &w->actors[0];
    /* left gives 2 or 6, right 2.5 or 3.5: best by the mean, not by the worst; each is the better in half of the
     * futures */
    assert_int_equal(a->scores.best[PL_CRITERION_MAXIMIN], 1);
    assert_int_equal(a->scores.best[PL_CRITERION_EXPECTED], 0);
    near(pl_score_of(&a->scores, &a->outcomes, PL_CRITERION_REGRET, 1)->value.estimate, 2.5, 1e-12);
    near(pl_score_of(&a->scores, &a->outcomes, PL_CRITERION_SATISFICING, 0)->value.estimate, 0, 0);
    near(pl_score_of(&a->scores, &a->outcomes, PL_CRITERION_SATISFICING, 1)->value.estimate, 1, 0);
    near(a->pairs[1].better.estimate, 0.5, 1e-12);
    near(a->pairs[1].lead.estimate, 1, 1e-12);
    assert_true(isnan(pl_score_of(&a->scores, &a->outcomes, PL_CRITERION_MAXIMIN, 0)->value.low));
    /* in the means left gives 6 w - 1, right 9 w - 4: left up to w = 1, right from there on; half of the draws each */
    assert_int_equal(a->ranking.wants[0].within.best, 0);
    assert_int_equal(a->ranking.wants[0].within.count, 1);
    near(a->ranking.wants[0].within.items[0].at.estimate, 1, 1e-12);
    assert_int_equal(a->ranking.draws, 100);
    near(a->ranking.first[0].estimate, 0.51, 1e-12); /* w = 0, 0.02, ..., 1; at 1 the first of equals */
    /* more height and less width: both courses are on the front; left down is not, left up is better in height */
    assert_true(a->front.on[0] && a->front.on[1]);
    assert_true(a->profiles.on[LEFT_UP] && a->profiles.on[RIGHT_UP]);
    assert_false(a->profiles.on[LEFT_DOWN] || a->profiles.on[RIGHT_DOWN]);
    /* pushed, the row wins where its payoff of the base is low, and loses elsewhere: 2.5 against 2, 3.5 against 6 */
    near(a->gains[1].wins.estimate, 0.5, 1e-12);
    near(a->gains[1].loses.estimate, 0.5, 1e-12);
    near(a->gains[1].difference.median.estimate, -1, 1e-12);
    near(a->risks[0].estimate, 0, 0);
    near(a->risks[1].estimate, 1, 0);
    pl_weighing_free(w);
    pl_ensemble_free(e);
}

/* The same bytes again; and the forms that can be printed. */
static void test_printing(void **state) {
    (void)state;
    pl_ensemble *e = make_weighed(40);
    const pl_format formats[] = {PL_FORMAT_TEXT, PL_FORMAT_CSV, PL_FORMAT_JSON};
    for (int i = 0; i < 3; i++) {
        char *text[2];
        size_t length;
        for (int k = 0; k < 2; k++) {
            pl_weighing *w = weigh(e, &(pl_weigh_options){.replicates = 30});
            assert_int_equal(pl_weighing_print(w, formats[i], &text[k], &length), PL_OK);
            pl_weighing_free(w);
        }
        assert_string_equal(text[0], text[1]);
        pl_text_free(text[0]);
        pl_text_free(text[1]);
    }
    pl_ensemble_free(e);
}

/* tests/situations/recommended: a push of p adds 4 p to the end, 0.8 p to the payoff; the drift at its 95 % quantile,
 * 0.95, less the one that is drawn, adds 1.6 times that. */
static void test_recommendations(void **state) {
    (void)state;
    static const struct {
        int variation, rank;
        double payoff, large;
    } expected[] = {{1, 3, 0.8, 0}, {2, 1, 2.4, 1}, {3, 1, 2.4, 1}, {4, 4, NAN, 0}, {-1, 0, NAN, NAN}};
    char path[512];
    pl_recommendations *r;
    pl_error error;
    snprintf(path, sizeof path, "%s/tests/situations/recommended", getenv("PARLEY_ROOT"));
    if (pl_recommendations_weigh(path, &(pl_claims_options){.futures = 100}, &r, NULL, &error) != PL_OK)
        fail_msg("%s", error.message);
    assert_int_equal(r->count, 5);
    assert_int_equal(r->done_count, 4);
    assert_true(r->measure_count == 1 && r->risk_count == 1);
    for (int i = 0; i < 5; i++) {
        const pl_recommendation *item = &r->items[i];
        assert_int_equal(item->variation, expected[i].variation);
        if (item->variation < 0) continue;
        assert_int_equal(item->actors[0].rank, expected[i].rank);
        near(item->risks[0].estimate, expected[i].large, 0);
        if (isnan(expected[i].payoff)) continue;
        near(item->actors[0].difference.median.estimate, expected[i].payoff, 1e-12);
        near(item->measures[0].estimate, 5 * expected[i].payoff, 1e-12);
        near(item->actors[0].wins.estimate, 1, 0);
    }
    /* drawn uniformly: 0.95 of the futures drift less, and the median is 1.6 x 0.45, both within what 100 draws leave
     * open */
    const pl_recommended *drift = &r->items[3].actors[0];
    assert_true(drift->wins.low <= 0.95 && drift->wins.high >= 0.95);
    assert_true(drift->difference.median.low <= 0.72 && drift->difference.median.high >= 0.72);
    const pl_format formats[] = {PL_FORMAT_TEXT, PL_FORMAT_CSV, PL_FORMAT_JSON};
    for (int i = 0; i < 3; i++) {
        char *text;
        assert_int_equal(pl_recommendations_print(r, formats[i], &text, NULL), PL_OK);
        pl_text_free(text);
    }
    pl_recommendations_free(r);
    snprintf(path, sizeof path, "%s/tests/situations/claims", getenv("PARLEY_ROOT"));
    assert_int_equal(pl_recommendations_weigh(path, NULL, &r, NULL, &error), PL_NO_DATA);
}

/* One future: values, and no word on how sure they are. */
static void test_one_future(void **state) {
    (void)state;
    pl_ensemble *e = make_weighed(1);
    pl_weighing *w = weigh(e, NULL);
    const pl_weighed *a = &w->actors[0];
    assert_int_equal(w->replicates, 0);
    assert_true(isnan(pl_score_of(&a->scores, &a->outcomes, PL_CRITERION_EXPECTED, 0)->first));
    assert_true(isnan(a->pairs[1].share[0]));
    assert_true(isnan(a->front.share[0]));
    pl_weighing_free(w);
    pl_ensemble_free(e);
}

/* Memory that runs out at any place is a status. */
static void test_no_memory(void **state) {
    (void)state;
    pl_ensemble *e = make_weighed(12);
    pl_status status = PL_MEMORY;
    long n = 1;
    for (; n < 5000 && status == PL_MEMORY; n++) {
        pl_weighing *w;
        pl_error error;
        pl_allocation_fail_after(n);
        status = pl_ensemble_weigh(e, &(pl_weigh_options){.replicates = 2}, &w, &error);
        pl_allocation_fail_after(0);
        if (status == PL_OK) pl_weighing_free(w);
    }
    assert_int_equal(status, PL_OK);
    assert_true(n > 3);
    pl_ensemble_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mcphail),    cmocka_unit_test(test_milnor),   cmocka_unit_test(test_investor),
        cmocka_unit_test(test_quantiles),  cmocka_unit_test(test_ranks),    cmocka_unit_test(test_dominance),
        cmocka_unit_test(test_treatments), cmocka_unit_test(test_weighing), cmocka_unit_test(test_printing),
        cmocka_unit_test(test_one_future), cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_recommendations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
