/* Scenario discovery over an ensemble: its cases by future and profile against the same cases as rows of a table, what
 * conditions may say, intervals between futures, and what is refused. tests/test_discover.py has the method itself. */
#include "explored.h"

#include "base/number.h"
#include "ensemble/condition.h"
#include "study/discover.h"
#include "study/statistics.h"

static pl_discovery *discover(const pl_ensemble *e, pl_discover_options options) {
    pl_discovery *d;
    pl_error error;
    if (pl_ensemble_discover(e, &options, &d, &error) != PL_OK) fail_msg("%s", error.message);
    return d;
}

/* The cases as comma-separated text, a row each. */
static char *expand(const pl_cases *c, size_t *length) {
    char *text = calloc((size_t)(c->count + 1) * (size_t)(c->factor_count + 1), 40), *at = text, number[32];
    for (int f = 0; f < c->factor_count; f++) at += sprintf(at, "\"%s\",", c->factors[f].name);
    at += sprintf(at, "interest\n");
    for (long i = 0; i < c->count; i++) {
        for (int f = 0; f < c->factor_count; f++) {
            double value = pl_cases_value(c, &c->factors[f], i);
            pl_number_print(value, number);
            bool real = c->factors[f].kind == PL_FACTOR_REAL && value == floor(value);
            if (c->factors[f].kind == PL_FACTOR_CATEGORY)
                at += sprintf(at, "%s,", c->factors[f].categories[(int)value]);
            else at += sprintf(at, "%s%s,", number, real ? ".0" : "");
        }
        at += sprintf(at, "%d\n", c->interest[i]);
    }
    *length = (size_t)(at - text);
    return text;
}

static int category_of(const pl_factor *f, const char *name) {
    for (int c = 0; c < f->category_count; c++)
        if (strcmp(f->categories[c], name) == 0) return c;
    return -1;
}

static void same_box(const pl_discovery *a, const pl_prim_box *x, const pl_discovery *b, const pl_prim_box *y) {
    assert_int_equal(x->count, y->count);
    assert_int_equal(x->hits, y->hits);
    assert_int_equal(x->restricted, y->restricted);
    for (int f = 0; f < a->cases.factor_count; f++) {
        const pl_factor *p = &a->cases.factors[f], *q = &b->cases.factors[f];
        assert_string_equal(p->name, q->name);
        assert_int_equal(p->kind, q->kind);
        for (int c = 0; c < p->category_count; c++)
            assert_int_equal(x->holds[p->first + c], y->holds[q->first + category_of(q, p->categories[c])]);
        if (p->kind == PL_FACTOR_CATEGORY) continue;
        assert_true(x->low[f] == y->low[f] && x->high[f] == y->high[f]);
    }
}

static void cases_of_an_ensemble_are_rows_of_a_table(void **state) {
    (void)state;
    static const char *const conditions[] = {"end > 33", "regret(pusher) > 1 :OR: end < 26", "equilibrium() = 1"};
    pl_ensemble *e = explore_line();
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        pl_discovery *d = discover(e, (pl_discover_options){.where = conditions[i], .boxes = 2, .resamples = -1}),
                     *table;
        pl_error error;
        size_t length;
        char *text = expand(&d->cases, &length);
        pl_discover_options options = {.where = "interest = 1", .boxes = 2, .resamples = -1};
        assert_int_equal(d->cases.count, e->profiles * e->futures);
        if (pl_table_discover_text(text, length, "cases.csv", &options, &table, &error) != PL_OK)
            fail_msg("%s", error.message);
        assert_int_equal(d->count, table->count);
        for (int b = 0; b < d->count; b++) {
            const pl_found *x = &d->found[b], *y = &table->found[b];
            assert_int_equal(x->trajectory.count, y->trajectory.count);
            for (int k = 0; k < x->trajectory.count; k++)
                same_box(d, &x->trajectory.boxes[k], table, &y->trajectory.boxes[k]);
        }
        assert_int_equal(d->cart.count, table->cart.count);
        for (int l = 0; l < d->cart.count; l++) same_box(d, &d->cart.leaves[l], table, &table->cart.leaves[l]);
        free(text);
        pl_discovery_free(table);
        pl_discovery_free(d);
    }
    pl_ensemble_free(e);
}

/* end > 35 under `pushed` is growth x 8 + start + 12 > 35: what the box must find is known from the situation. */
static void the_box_is_where_the_line_says(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    pl_discovery *d = discover(e, (pl_discover_options){.where = "large", .profile = "pushed"});
    const pl_cases *c = &d->cases;
    assert_non_null(c->risk);
    assert_int_equal(c->count, e->futures);
    assert_int_equal(c->factor_count, 2);
    for (long i = 0; i < c->count; i++)
        assert_int_equal(c->interest[i],
                         8 * pl_cases_value(c, &c->factors[0], i) + pl_cases_value(c, &c->factors[1], i) > 23);
    pl_discovery_free(d);
    pl_ensemble_free(e);
}

static void equilibria_have_no_regret(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    pl_arena arena = {0};
    pl_condition *c;
    pl_error error;
    pl_expr *expr = pl_expr_parse(&arena, "equilibrium()", "", 1, 1, &error);
    double work[4];
    assert_int_equal(pl_condition_over_measures(&arena, e->situation, expr, &c, &error), PL_OK);
    for (long p = 0; p < e->profiles; p++)
        for (long f = 0; f < e->futures; f++) {
            bool regrets = false;
            for (int a = 0; a < e->actor_count; a++) regrets |= pl_ensemble_regret(e, a, p, f) > 0;
            assert_true(pl_condition_in_case(c, e, p, f, work) == !regrets);
        }
    expr = pl_expr_parse(&arena, "equilibrium(pusher)", "", 1, 1, &error);
    assert_int_equal(pl_condition_over_measures(&arena, e->situation, expr, &c, &error), PL_INVALID);
    pl_arena_free(&arena);
    pl_ensemble_free(e);
}

/* Clusters of one case each give Wilson's interval: 40 of 100, 0.3094 to 0.4980 (Brown, Cai and DasGupta, Statistical
 * Science 16:101, 2001, formula 4); ten alike in each cluster tell no more than one of them. */
static void clusters_widen_intervals(void **state) {
    (void)state;
    double hits[100], all[100];
    for (int i = 0; i < 100; i++) hits[i] = i % 5 < 2, all[i] = 1;
    pl_interval one = pl_share_of_clusters(hits, all, 100, true);
    assert_true(fabs(one.estimate - 0.4) < 1e-15 && fabs(one.low - 0.3094) < 1.5e-3 &&
                fabs(one.high - 0.4980) < 1.5e-3);
    for (int i = 0; i < 100; i++) hits[i] *= 10, all[i] = 10;
    pl_interval ten = pl_share_of_clusters(hits, all, 100, true);
    assert_true(fabs(ten.low - one.low) < 1e-12 && fabs(ten.high - one.high) < 1e-12);
}

static void refused(const char *table, pl_discover_options options, pl_status status, const char *message) {
    pl_discovery *d;
    pl_error error;
    assert_int_equal(pl_table_discover_text(table, strlen(table), "t.csv", &options, &d, &error), status);
    assert_null(d);
    if (!strstr(error.message, message)) fail_msg("%s", error.message);
}

static void mistakes_are_told(void **state) {
    (void)state;
    const char *table = "a,b,name,y\n1,0.5,x,0\n2,0.7,y,1\n3,,y,1\n4,1,x,0\n";
    refused(table, (pl_discover_options){0}, PL_USAGE, "a condition is needed");
    refused(table, (pl_discover_options){.where = "z > 1"}, PL_INVALID, "no column is named 'z'");
    refused(table, (pl_discover_options){.where = "name = 1"}, PL_INVALID, "holds texts");
    refused(table, (pl_discover_options){.where = "y >"}, PL_INVALID, "expected");
    refused(table, (pl_discover_options){.where = "y > 1"}, PL_INVALID, "holds in none of the 3 cases");
    refused(table, (pl_discover_options){.where = "y = 1", .objective = "best"}, PL_USAGE, "lenient1");
    refused(table, (pl_discover_options){.where = "y = 1", .peel_alpha = 0.5}, PL_USAGE, "between 0 and 0.5");
    refused(table, (pl_discover_options){.where = "y = 1", .choose = "99"}, PL_USAGE, "there is no box '99'");
    refused(table, (pl_discover_options){.where = "y = 1", .profile = "p"}, PL_USAGE, "no profiles");
    refused(table, (pl_discover_options){.where = "y = 1", .inputs = (const char *[]){"a", "y"}, .input_count = 2},
            PL_USAGE, "the column 'y' cannot be an input: the condition is about it");
    refused("a,y\n1\n", (pl_discover_options){.where = "y = 1"}, PL_INVALID, "this row has 1 fields");
    refused("a,y\n", (pl_discover_options){.where = "y = 1"}, PL_INVALID, "no case");
    refused("a,y\nx,1\nx,0\n", (pl_discover_options){.where = "y = 1"}, PL_INVALID, "no input");
}

static void lacking_memory_is_told(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    pl_discover_options options = {.where = "large", .resamples = 2};
    pl_status status = PL_MEMORY;
    for (long n = 1; status != PL_OK; n++) {
        pl_discovery *d;
        pl_error error;
        pl_allocation_fail_after(n);
        status = pl_ensemble_discover(e, &options, &d, &error);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        pl_discovery_free(d);
    }
    pl_ensemble_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_of_an_ensemble_are_rows_of_a_table),
        cmocka_unit_test(the_box_is_where_the_line_says),
        cmocka_unit_test(equilibria_have_no_regret),
        cmocka_unit_test(clusters_widen_intervals),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(lacking_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
