/* Claims about a model whose answers are closed forms: a stock in balance that a lever pushes, L' = 1 + push gain (1 -
 * shield) - rate L, stepped by Euler with dt = 1/8 for the 64 steps from run.from to the end, so that the push adds
 * push gain (1 - shield) / rate (1 - (1 - rate dt)^64). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "study/claims.h"
#include "study/influence.h"

enum { STEPS = 64 };
static const double dt = 0.125, rate = 0.5;

static const char *folder_of(const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "%s/tests/situations/%s", getenv("PARLEY_ROOT"), name);
    return path;
}

static const char *folder(void) { return folder_of("claims"); }

static double reached(double drain) { return (1 - pow(1 - drain * dt, STEPS)) / drain; }

static pl_claim_tests *tested(const char *id, long futures, int threads) {
    pl_claim_tests *tests;
    pl_error error;
    pl_claims_options options = {.id = id, .futures = futures, .threads = threads};
    if (pl_claims_test(folder(), &options, &tests, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    return tests;
}

static const pl_claim_result *result_of(const pl_claim_tests *tests, const char *id) {
    for (int i = 0; i < tests->count; i++)
        if (strcmp(tests->results[i].claim->id, id) == 0) return &tests->results[i];
    fail_msg("no claim %s", id);
    return NULL;
}

static void verdicts(void **state) {
    (void)state;
    static const struct {
        const char *id, *verdict;
        bool assumed;
    } cases[] = {
        {"D1", "assumed", true},            /* every path is positive: push -> inflow -> level */
        {"D2", "contradicted", true},
        {"D3", "contested", false},         /* effect is uniform around 0 */
        {"D4", "supported", false},         /* positive with probability 0.95 */
        {"D5", "too small to tell", false}, /* a thousandth of effect against the spread of gain */
        {"D6", "open", false},
        {"N1", "supported", false},
        {"N2", "contradicted", false},
        {"C1", "assumed", true},
        {"C2", "contradicted", true},
        {"M1", "supported", false},
        {"V1", "supported", false},
        {"H1", "assumed", true},
        {"U1", "assumed", true},
        {"R1", "assumed", true},            /* a faster drain lowers a stock that is never negative */
        {"W1", "supported", false},
    };
    pl_claim_tests *tests = tested(NULL, 0, 0);
    assert_int_equal(tests->count, sizeof cases / sizeof *cases);
    assert_int_equal(tests->untested, 2);
    assert_int_equal(tests->outside, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const pl_claim_result *r = result_of(tests, cases[i].id);
        if (strcmp(pl_verdict_names[r->verdict], cases[i].verdict) != 0 || r->assumed != cases[i].assumed)
            fail_msg("%s: %s (assumed: %d)", cases[i].id, pl_verdict_names[r->verdict], r->assumed);
    }
    pl_claim_tests_free(tests);
}

static void assert_holds(pl_interval x, double truth) {
    if (!(x.low <= truth && truth <= x.high)) fail_msg("%g is not in %g to %g", truth, x.low, x.high);
}

static void effects(void **state) {
    (void)state;
    pl_claim_tests *tests = tested(NULL, 0, 0);
    assert_holds(result_of(tests, "D1")->effects[0].effect, reached(rate)); /* the mean of gain is 1 */
    assert_holds(result_of(tests, "D3")->effects[0].effect, 0);
    assert_holds(result_of(tests, "D4")->share, 0.95);
    assert_holds(result_of(tests, "D4")->effects[0].effect, 0.45);
    assert_holds(result_of(tests, "D6")->share, 0.5);
    assert_holds(result_of(tests, "M1")->effects[0].effect, -0.5 * reached(rate));
    assert_holds(result_of(tests, "V1")->effects[0].effect, reached(rate)); /* against the next best, push */
    assert_holds(result_of(tests, "C1")->effects[0].effect, 1);
    /* gain from its 5 % to its 95 % quantile under press, and the drain from 0.5 to 0.4 for the whole run under
     * press: */
    const pl_effect *u = &result_of(tests, "U1")->effects[0], *r = &result_of(tests, "R1")->effects[0];
    assert_true(fabs(u->effect.estimate - 2 * 0.9 * reached(rate)) < 1e-12);
    double slow = pow(1 - 0.4 * dt, STEPS), fast = pow(1 - rate * dt, STEPS);
    double before = 2.5 - 0.5 * pow(1 - 0.4 * dt, 16); /* the history from 2 towards 1 / 0.4 takes 16 steps */
    double level = before * slow + 3 / 0.4 * (1 - slow) - (2 * fast + 3 / rate * (1 - fast)); /* with gain 1 */
    assert_holds(r->effect, level);
    /* The median of gain's uniform distribution is its mean; what turns the contested level is `effect`. */
    const pl_effect *c = &result_of(tests, "D3")->effects[0];
    assert_string_equal(tests->situation->uncertainties[c->turns].name, "effect");
    assert_true(fabs(c->correlation - 1) < 1e-12);
    pl_claim_tests_free(tests);
}

/* The motive: level counts 1, likely level -0.2, so the push is the better course without the level only where
 * shift < 0, which has the probability 0.05. */
static void motive(void **state) {
    (void)state;
    pl_claim_tests *tests = tested("W1", 2000, 0);
    assert_int_equal(tests->count, 1);
    assert_holds(tests->results[0].share, 0.95);
    assert_holds(tests->results[0].effects[0].effect, reached(rate));
    pl_claim_tests_free(tests);
}

static void same_bytes_on_any_number_of_threads(void **state) {
    (void)state;
    char *first = NULL;
    size_t length = 0;
    for (int threads = 1; threads <= 3; threads += 2) {
        pl_claim_tests *tests = tested(NULL, 130, threads);
        char *text;
        size_t size;
        assert_int_equal(pl_claim_tests_print(tests, 0, PL_FORMAT_JSON, &text, &size), PL_OK);
        if (first) {
            assert_int_equal(size, length);
            assert_memory_equal(text, first, size);
            pl_text_free(text);
        } else {
            first = text, length = size;
        }
        pl_claim_tests_free(tests);
    }
    pl_text_free(first);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static void what_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
        int line, column;
    } cases[] = {
        {"id,where\nA,play\n", "there is no column 'where' in a file of claims, or it comes twice", 1, 4},
        {"id\nA\n", "a file of claims needs a column 'place'", 1, 1},
        {"id,place\nA,play\nA,play\n", "the id 'A' comes twice", 3, 1},
        {"id,place\nA,\n", "every claim has a place, or is 'outside' with the reason", 2, 3},
        {"id,place\nA,outside\n", "a claim that is outside needs a reason", 2, 3},
        {"id,place\nA,lever gain\n", "no course sets 'gain', so it is no lever", 2, 3},
        {"id,place\nA,measure levle\n", "no measure is named 'levle'; did you mean 'level'?", 2, 3},
        {"id,place\nA,course north/pus\n", "no course is named 'pus'; did you mean 'push'?", 2, 3},
        {"id,place\nA,somewhere\n", "a place begins with variable, lever, course, actor, uncertainty, measure, "
                                    "profile, "
                                    "risk, check, play or outside, not 'somewhere'", 2, 3},
        {"id,place,cause\nA,play,push: 0 -> 1\n", "a cause needs an effect, and an effect a cause", 2, 8},
        {"id,place,cause,effect,sign\nA,play,push 0 to 1,level,+\n",
         "expected 'ACTOR: COURSE -> COURSE' or 'CONSTANT: VALUE -> VALUE', not 'push 0 to 1'", 2, 8},
        {"id,place,cause,effect,sign\nA,play,push: low -> 1,level,+\n", "'push' is no uncertainty, so it has no "
                                                                        "'low'", 2, 8},
        {"id,place,cause,effect,sign\nA,play,level: 0 -> 1,level,+\n",
         "'level' is no constant of the model, so it cannot be set", 2, 8},
        {"id,place,cause,effect,sign\nA,play,push: 0 -> 1,level,up\n", "a sign is +, -, 0 or ?, not 'up'", 2, 27},
        {"id,place,cause,effect,sign,form\nA,play,push: 0 -> 1,level,+,chain\n",
         "a chain needs at least two measures: 'MEASURE > MEASURE'", 2, 21},
        {"id,place,cause,effect,sign,form\nA,play,push: 0 -> 1,level,+,moderated\n",
         "a moderated claim needs a moderator: 'NAME: VALUE -> VALUE'", 0, 0},
        {"id,place,cause,effect,sign,form\nA,play,north: none -> push,inflow,+,motive\n",
         "'inflow' is no want of 'north', so it is no motive", 2, 28},
    };
    pl_situation *s;
    assert_int_equal(pl_situation_read(folder(), &s, NULL, NULL), PL_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pl_claims *claims;
        pl_error error;
        const char *text = cases[i].text;
        assert_int_equal(pl_claims_parse(s, text, strlen(text), "claims.csv", &claims, NULL, &error), PL_INVALID);
        if (strcmp(error.message, cases[i].message) != 0 || error.line != cases[i].line ||
            error.column != cases[i].column)
            fail_msg("case %zu: %d:%d: %s", i, error.line, error.column, error.message);
    }
    pl_situation_free(s);
}

static void unknown_id(void **state) {
    (void)state;
    pl_claim_tests *tests;
    pl_error error;
    pl_claims_options options = {.id = "Z9"};
    assert_int_equal(pl_claims_test(folder(), &options, &tests, NULL, &error), PL_USAGE);
    assert_string_equal(error.message, "there is no claim 'Z9'");
    options.id = "O1";
    assert_int_equal(pl_claims_test(folder(), &options, &tests, NULL, &error), PL_USAGE);
}

/* ---- files and designs ---------------------------------------------------------------------------------------- */

static pl_claim_tests *tested_with(pl_role role, const char *name, const char *text, const pl_claims_options *options) {
    pl_file file = {role, name, text, strlen(text)};
    pl_inputs inputs = {.files = &file, .count = 1};
    pl_claim_tests *tests;
    pl_error error;
    if (pl_claims_test_with(folder(), &inputs, options, &tests, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    return tests;
}

/* With half of the push held off all along, it adds half. */
static void constants_of_a_file(void **state) {
    (void)state;
    pl_claims_options options = {.id = "D1"};
    pl_claim_tests *tests = tested_with(PL_ROLE_CHANGES, "half.cin", "shield = 0.5\n", &options);
    assert_int_equal(tests->futures, 500);
    assert_holds(tests->results[0].effects[0].effect, 0.5 * reached(rate));
    assert_true(tests->results[0].effects[0].effect.high < 0.6 * reached(rate));
    pl_claim_tests_free(tests);
}

/* The futures of a file are all taken, and no others: with a gain of 0.75, 1 and 1.25. */
static void futures_of_a_file(void **state) {
    (void)state;
    pl_claims_options options = {.id = "D1"};
    pl_claim_tests *tests = tested_with(PL_ROLE_FUTURES, "three.csv",
                                        "gain,effect,shift\n0.75,0,0\n1,0.5,0.5\n1.25,-0.5,0\n", &options);
    const pl_effect *e = &tests->results[0].effects[0];
    assert_int_equal(tests->futures, 3);
    assert_int_equal(e->futures, 3);
    assert_true(fabs(e->effect.estimate - reached(rate)) < 1e-12);
    assert_true(fabs(e->median - reached(rate)) < 1e-12);
    pl_claim_tests_free(tests);
    options.futures = 40; /* drawn after all */
    tests = tested_with(PL_ROLE_FUTURES, "three.csv", "gain,effect,shift\n0.75,0,0\n", &options);
    assert_int_equal(tests->futures, 40);
    pl_claim_tests_free(tests);
}

/* A Latin hypercube puts one of n draws of the gain into each n-th part of its range: its mean is off by at most 1 / (2
 * n). */
static void another_design(void **state) {
    (void)state;
    pl_claims_options options = {.id = "D1", .futures = 500, .design = "latin"};
    pl_claim_tests *tests;
    pl_error error;
    assert_int_equal(pl_claims_test(folder(), &options, &tests, NULL, &error), PL_OK);
    double off = fabs(tests->results[0].effects[0].effect.estimate / reached(rate) - 1);
    assert_true(off < 1 / (2 * 50.0)); /* 10 replicates of 50 each */
    assert_string_equal(tests->situation->design, "latin");
    pl_claim_tests_free(tests);
    options.design = "no design";
    assert_int_equal(pl_claims_test(folder(), &options, &tests, NULL, &error), PL_USAGE);
}

/* Nothing is drawn in place of futures that were given beside the situation. */
static void a_design_for_a_file(void **state) {
    (void)state;
    const char *text = "gain,effect,shift\n0.75,0,0\n";
    pl_file file = {PL_ROLE_FUTURES, "one.csv", text, strlen(text)};
    pl_inputs inputs = {.files = &file, .count = 1};
    pl_claims_options options = {.id = "D1", .design = "latin"};
    pl_claim_tests *tests;
    pl_error error;
    assert_int_equal(pl_claims_test_with(folder(), &inputs, &options, &tests, NULL, &error), PL_USAGE);
    assert_string_equal(error.message,
                        "futures from a file have no design: 'latin' needs the number of futures to draw");
    options.design = "given";
    assert_int_equal(pl_claims_test_with(folder(), &inputs, &options, &tests, NULL, &error), PL_OK);
    assert_int_equal(tests->futures, 1);
    pl_claim_tests_free(tests);
}

/* ---- places ------------------------------------------------------------------------------------------------- */

static pl_status check(const char *name, pl_claims_count *count, pl_findings *findings) {
    pl_situation *s;
    pl_error error;
    assert_int_equal(pl_situation_read(folder_of(name), &s, NULL, &error), PL_OK);
    pl_status status = pl_situation_check_claims(s, 0, count, findings, &error);
    pl_situation_free(s);
    return status;
}

static void places_that_move_something(void **state) {
    (void)state;
    pl_claims_count count;
    pl_findings *findings = pl_findings_new();
    assert_int_equal(check("claims", &count, findings), PL_OK);
    assert_int_equal(pl_findings_count(findings), 0);
    assert_int_equal(count.placed, 17);
    assert_int_equal(count.outside, 1);
    pl_findings_free(findings);
}

static void places_that_move_nothing(void **state) {
    (void)state;
    static const char *const messages[] = {
        "the uncertainty 'unheard' is dead: from 0.55 to 1.45 it moves no measure by 0.1 % of its spread",
        "the lever 'idle' is dead: from 0 to 1 it moves no measure by 0.1 % of its spread",
        "the course 'idle' of 'north' is dead: it moves no measure by 0.1 % of its spread",
        "the variable 'idle' is dead: no measure, series or data needs it",
        "the variable 'aside' is dead: no measure, series or data needs it",
        "4 of 12 claims are outside of the model, or in places that move nothing: at most 10 % may be",
        "no way from the cause to the effect passes through the mechanism that claim D names, 'aside'",
    };
    pl_claims_count count;
    pl_findings *findings = pl_findings_new();
    assert_int_equal(check("claims-wrong", &count, findings), PL_CHECK_FAILED);
    assert_int_equal(count.outside, 4); /* B, C, D and E */
    int known = 0;
    for (int i = 0; i < pl_findings_count(findings); i++)
        for (size_t k = 0; k < sizeof messages / sizeof *messages; k++)
            known += strcmp(pl_findings_get(findings, i, NULL)->message, messages[k]) == 0;
    assert_int_equal(known, sizeof messages / sizeof *messages);
    int crowded = 0;
    for (int i = 0; i < pl_findings_count(findings); i++)
        crowded += strstr(pl_findings_get(findings, i, NULL)->message, "more than 6 claims: each needs a reason") !=
                   NULL;
    assert_int_equal(crowded, 6); /* the seventh has one */
    assert_int_equal(pl_findings_count(findings), known + crowded);
    pl_findings_free(findings);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts),        cmocka_unit_test(effects),
        cmocka_unit_test(motive),          cmocka_unit_test(same_bytes_on_any_number_of_threads),
        cmocka_unit_test(what_is_refused), cmocka_unit_test(unknown_id),
        cmocka_unit_test(constants_of_a_file), cmocka_unit_test(futures_of_a_file),
        cmocka_unit_test(another_design),  cmocka_unit_test(a_design_for_a_file),
        cmocka_unit_test(places_that_move_something), cmocka_unit_test(places_that_move_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
