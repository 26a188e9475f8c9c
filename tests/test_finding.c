/* Findings: what passes and what does not, by counting futures that the test fills by hand. */
#include "fake_ensemble.h"

#include "study/finding.h"

enum { FUTURES = 30 };

/* Under `right` the height is 1 more than under `left`, whatever the other does, but in the last `fails` futures 1
 * less; the mean is everywhere the same. Growth rises with the future's number. */
static pl_ensemble *shifted_in(const char *situation, int fails) {
    pl_ensemble *e = fake_ensemble(situation, FUTURES);
    for (long f = 0; f < FUTURES; f++) {
        e->draws[f] = 0.001 * (double)f;
        for (long p = 0; p < 4; p++) {
            double change = f >= FUTURES - fails ? -1 : 1;
            fake_measure(e, 0, p)[f] = 10 + 0.1 * (double)f + (p >= 2 ? change : 0);
            fake_measure(e, 1, p)[f] = 5;
        }
    }
    return e;
}

static pl_ensemble *shifted(int fails) { return shifted_in(FAKE_SITUATION("Findings"), fails); }

static pl_conclusions *concluded(const pl_ensemble *e, pl_comparison **comparison) {
    pl_conclusions *c;
    pl_risk_share *risks = calloc(8, sizeof *risks); /* no future in which they can be judged */
    assert_int_equal(pl_ensemble_compare(e, 0, comparison, NULL), PL_OK);
    assert_int_equal(pl_conclude(*comparison, NULL, risks, &c, NULL), PL_OK);
    free(risks);
    return c;
}

static void what_holds_in_nine_of_ten_is_found(void **state) {
    (void)state;
    pl_ensemble *e = shifted(2);
    pl_comparison *comparison;
    pl_conclusions *c = concluded(e, &comparison);
    assert_int_equal(c->count, 2); /* the course, and the profile `push` in which it is played */
    const pl_finding *f = &c->list[0];
    assert_int_equal(f->kind, PL_FINDING_COURSE);
    assert_true(f->actor == 0 && f->course == 1 && f->measure == 0 && !f->lower);
    assert_true(fabs(f->share.estimate - 28 / 30.0) < 1e-15);
    assert_true(f->share.low < f->share.estimate && f->share.high > f->share.estimate);
    assert_true(fabs(f->median - 1) < 1e-12);
    assert_true(f->turns == 0 && f->turns_high); /* it fails where growth is highest */
    assert_true(fabs(f->there - 4 / 6.0) < 1e-15); /* the highest fifth: futures 24 to 29, of which 28 and 29 fail */
    assert_int_equal(c->list[1].kind, PL_FINDING_PROFILE);
    pl_conclusions_free(c);
    pl_comparison_free(comparison);
    pl_ensemble_free(e);
}

/* Where both measures move, the profile is told of the one that the course is not. */
static void a_measure_is_told_once(void **state) {
    (void)state;
    static const char situation[] = FAKE_SITUATION("Findings"), want[] = "{height: {weight: 1, per: 2}";
    char both[sizeof situation + 60];
    const char *behind = strstr(situation, want) + sizeof want - 1;
    snprintf(both, sizeof both, "%.*s, \"mean, of all\": {weight: 1, per: 2}%s", (int)(behind - situation), situation,
             behind);
    pl_ensemble *e = shifted_in(both, 2);
    pl_comparison *comparison;
    for (long f = 0; f < FUTURES; f++)
        for (long p = 0; p < 4; p++) fake_measure(e, 1, p)[f] = 5 + 0.1 * (double)f + (p >= 2 ? 0.5 : 0);
    pl_conclusions *c = concluded(e, &comparison);
    assert_int_equal(c->list[0].kind, PL_FINDING_COURSE);
    assert_int_equal(c->list[1].kind, PL_FINDING_PROFILE);
    assert_int_equal(c->list[1].measure, 1 - c->list[0].measure);
    pl_conclusions_free(c);
    pl_comparison_free(comparison);
    pl_ensemble_free(e);
}

static void what_fails_more_often_is_none(void **state) {
    (void)state;
    pl_ensemble *e = shifted(4); /* holds in 26 of 30 */
    pl_comparison *comparison;
    pl_conclusions *c = concluded(e, &comparison);
    assert_int_equal(c->count, 0);
    assert_int_equal(c->held, 0);
    assert_true(c->tested > 0);
    pl_conclusions_free(c);
    pl_comparison_free(comparison);
    pl_ensemble_free(e);
}

static void what_hangs_on_the_unknown_is_open(void **state) {
    (void)state;
    pl_ensemble *e = shifted(15); /* up in half of the futures */
    pl_comparison *comparison;
    pl_conclusions *c = concluded(e, &comparison);
    assert_int_equal(c->count, 0);
    assert_true(c->open.measure == 0 && c->open.share == 0.5);
    assert_true(c->open.turns == 0 && !c->open.turns_high); /* low growth goes with up */
    assert_int_equal(c->open.undecided, 1);
    pl_conclusions_free(c);
    pl_comparison_free(comparison);
    pl_ensemble_free(e);
}

/* The page of such results says that nothing holds. */
static void a_page_without_findings_says_so(void **state) {
    (void)state;
    pl_ensemble *e = shifted(15);
    for (long f = 0; f < FUTURES; f++) /* payoffs without a course that is always better, and no equilibrium that
                                        * stays */
        for (long p = 0; p < 4; p++) {
            fake_payoff(e, 0, p)[f] = ((p >> 1) ^ (f & 1)) ? 1 : 0;
            fake_payoff(e, 1, p)[f] = ((p & 1) ^ (f & 1)) ? 1 : 0;
        }
    char *page;
    assert_int_equal(pl_report_print(e, NULL, &page, NULL, NULL), PL_OK);
    assert_null(strstr(page, "class=\"cards\""));
    assert_non_null(strstr(page, "None holds in at least 90 of 100"));
    assert_non_null(strstr(page, "Ninguna se cumple en al menos 90 de cada 100"));
    assert_non_null(strstr(page, "What is not known"));
    pl_text_free(page);
    pl_ensemble_free(e);
}

static void out_of_memory_is_a_status(void **state) {
    (void)state;
    pl_ensemble *e = shifted(2);
    pl_comparison *comparison;
    pl_conclusions *c = concluded(e, &comparison);
    pl_conclusions_free(c);
    pl_risk_share risks[8] = {0};
    pl_status status = PL_MEMORY;
    for (long n = 1; status != PL_OK && n < 1000; n++) {
        pl_allocation_fail_after(n);
        status = pl_conclude(comparison, NULL, risks, &c, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || (status == PL_MEMORY && !c));
    }
    assert_int_equal(status, PL_OK);
    pl_conclusions_free(c);
    pl_comparison_free(comparison);
    pl_ensemble_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_holds_in_nine_of_ten_is_found),
        cmocka_unit_test(what_fails_more_often_is_none),
        cmocka_unit_test(what_hangs_on_the_unknown_is_open),
        cmocka_unit_test(a_measure_is_told_once),
        cmocka_unit_test(a_page_without_findings_says_so),
        cmocka_unit_test(out_of_memory_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
