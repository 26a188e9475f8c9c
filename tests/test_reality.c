/* Reality checks: what is forced, what follows, and what is refused.  The expected times are by hand; "cold is dormant"
 * and the checks of stocked orders are examples of Vensim's user guide, chapter 14. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"

#define TIMES "INITIAL TIME = 0 ~~| FINAL TIME = 20 ~~| TIME STEP = 1 ~~| SAVEPER = 5 ~~|"
#define YEAST                                                                                     \
    "average lifetime = 250 ~~| division rate = 0.08 ~~| divisions = Yeast Count * division rate ~~|" \
    "temperature = 85 ~~| terminations = Yeast Count / average lifetime ~~|"                      \
    "Yeast Count = INTEG(divisions - terminations, 100) ~~|"
#define ORDERS                                                                                    \
    "final demand = 10 + Time ~~| production = 5 ~~| shipments = MIN(Inventory, final demand) ~~|" \
    "Inventory = INTEG(production - shipments, 100) ~~| always have stock :TEST INPUT: Inventory = 3 * final demand ~~|"
#define AGES                                                                                                           \
    "age: young, old ~~| people[age] = 3, 5 ~~| births[age] = 2 * people[age] ~~| total = SUM(births[age!]) ~~|"
#define LEVEL "x = 3 ~~| y = x ~~| stock = INTEG(x, 0) ~~|"

static const struct {
    const char *text, *words;
    pl_status status;
} cases[] = {
    {YEAST "cold is dormant :THE CONDITION: temperature < 50 :IMPLIES: divisions = 0 ~~|",
     "'cold is dormant' does not hold: first at time 0", PL_CHECK_FAILED},
    {"divisions = IF THEN ELSE(temperature < 50, 0, 8) ~~| temperature = 85 ~~|"
     "cold is dormant :THE CONDITION: temperature < 50 :IMPLIES: divisions = 0 ~~|",
     "'cold is dormant' holds", PL_OK},
    {YEAST "hot is dead :THE CONDITION: temperature = RC STEP(120, 1) :IMPLIES: Yeast Count <= RC DECAY CHECK(1, Yeast "
           "Count, 2) ~~|",
     "'hot is dead' does not hold: first at time 2", PL_CHECK_FAILED}, /* from step 1 on, 1 later */
    {YEAST "RC START TIME = 7 ~~| hot is dead :THE CONDITION: temperature = RC STEP(120, 1) :IMPLIES:"
           " Yeast Count <= RC DECAY CHECK(1, Yeast Count, 2) ~~|",
     "does not hold: first at time 8", PL_CHECK_FAILED},
    {ORDERS "fill orders :THE CONDITION: always have stock :IMPLIES: shipments >= final demand ~~|",
     "'fill orders' holds", PL_OK},
    {ORDERS "enough :THE CONDITION: always have stock :IMPLIES: Inventory <= 90 ~~|", "'enough' holds",
     PL_OK}, /* 3 (10 + 20) */
    {ORDERS "few orders :THE CONDITION: always have stock :IMPLIES: Inventory < 75 :OR: shipments <> final demand ~~|",
     "'few orders' does not hold: first at time 15", PL_CHECK_FAILED},
    {LEVEL "a :THE CONDITION: x = RC STEP(x, 0, 5) :IMPLIES: stock <= RC STEP CHECK(0, stock, 1.25, 5) ~~|",
     "'a' holds", PL_OK},
    {LEVEL "a :THE CONDITION: x = RC STEP(x, 0, 5) :IMPLIES: stock <= RC STEP CHECK(2, stock, 1.2, 5) ~~|", "time 7",
     PL_CHECK_FAILED},
    {LEVEL "a :THE CONDITION: x = RC STEP(x, 0, 5, 4) :IMPLIES: stock <= 15 ~~|", "time 10",
     PL_CHECK_FAILED}, /* off from 5 to 9 */
    {LEVEL "a :THE CONDITION: x = RC GROW(x, 0.1, 2) :IMPLIES: y = RC GROW CHECK(0, x, 0.1, 2) ~~|", "'a' holds",
     PL_OK},
    {LEVEL "a :THE CONDITION: x = RC GROW(x, 0.1, 2) :IMPLIES: y = RC GROW CHECK(0, x, 0.2, 2) ~~|", "time 3",
     PL_CHECK_FAILED},
    {LEVEL "a :THE CONDITION: x = RC DECAY(x, 4, 2) :IMPLIES: y = RC DECAY CHECK(0, x, 4, 2) ~~|", "'a' holds", PL_OK},
    {LEVEL "a :THE CONDITION: x = RC RAMP(x, 0, 4, 2) :IMPLIES: y = MAX(0, MIN(3, 3 - (Time - 2) * 0.75)) ~~|",
     "'a' holds", PL_OK},
    {LEVEL "a :THE CONDITION: x = RC RAMP(x, 0, 4, 2) :IMPLIES: y > 0 ~~|", "time 6", PL_CHECK_FAILED},
    {LEVEL "a :THE CONDITION: stock >= 100 :AND: x <= 1 :IMPLIES: stock = 100 :AND: :NOT: y = 3 ~~|", "'a' holds",
     PL_OK},
    {AGES "none :THE CONDITION: people[young] = 0 :IMPLIES: births[young] = 0 :AND: total = 10 ~~|", "'none' holds",
     PL_OK},
    {AGES "none[age] :THE CONDITION: people[age] = 0 :IMPLIES: births[age] = 0 ~~|", "'none' holds", PL_OK},
    {AGES "few[age] :THE CONDITION: people[young] = 0 :IMPLIES: births[age] = 0 ~~|",
     "'few[old]' does not hold: first at time 0", PL_CHECK_FAILED},
    {AGES "empty[age] :TEST INPUT: people[age] = RC STEP(people[age], 0, 3) ~~|"
          "few :THE CONDITION: empty[old] :IMPLIES: births[old] <= RC_STEP_CHECK(0, births[old], 0, 3) :AND: "
          "births[young] = 6 ~~|",
     "'few' holds", PL_OK},
    {LEVEL "a :THE CONDITION: x = 1 :OR: y = 1 :IMPLIES: x = 1 ~~|", "this condition cannot be forced", PL_UNSUPPORTED},
    {LEVEL "a :THE CONDITION: x = RC COMPARE('base', x, 1) :IMPLIES: x = 1 ~~|", "RC COMPARE needs", PL_UNSUPPORTED},
    {LEVEL "a :THE CONDITION: x = 1 + RC STEP(x, 0) :IMPLIES: x = 1 ~~|", "stands alone", PL_UNSUPPORTED},
    {LEVEL "a :THE CONDITION: z = 1 :IMPLIES: x = 1 ~~|", "names no variable", PL_UNSUPPORTED},
    {LEVEL "a :THE CONDITION: x = 1 :IMPLIES: x ~~|", "consists of comparisons", PL_UNSUPPORTED},
    {LEVEL "a :THE CONDITION: x = y :IMPLIES: x = 1 ~~|", "circle", PL_INVALID},
    {LEVEL "a :THE CONDITION: x = (( :IMPLIES: x = 1 ~~|", "expected", PL_INVALID},
};

static pl_model *parse(const char *text) {
    char whole[3000];
    pl_model *model = NULL;
    pl_error error;
    int length = snprintf(whole, sizeof whole, "%s\n" TIMES, text);
    if (pl_model_parse(whole, (size_t)length, "checks.mdl", &model, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return model;
}

static void checks_are_tried(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pl_model *model = parse(cases[i].text);
        pl_findings *findings = pl_findings_new();
        pl_error error;
        pl_status status = pl_model_check_reality(model, findings, &error);
        assert_int_equal(pl_findings_count(findings), 1);
        pl_severity severity;
        const pl_error *found = pl_findings_get(findings, 0, &severity);
        if (status != cases[i].status || !strstr(found->message, cases[i].words))
            fail_msg("case %zu: status %d: %s", i, (int)status, found->message);
        assert_int_equal(severity, status == PL_OK ? PL_NOTE : PL_ERROR);
        assert_true(found->line == 1 && found->column > 1);
        pl_findings_free(findings);
        pl_model_free(model);
    }
}

/* A check changes nothing in a run, not even one that cannot be read. */
static void runs_are_as_without(void **state) {
    (void)state;
    pl_model *plain = parse(YEAST),
             *with = parse(YEAST "odd :THE CONDITION: )] 7 :IMPLIES: ~~| t :TEST INPUT: temperature = 7 ~~|");
    pl_series *a, *b;
    pl_error error;
    assert_int_equal(pl_model_run(plain, NULL, 0, 0, &a, &error), PL_OK);
    assert_int_equal(pl_model_run(with, NULL, 0, 0, &b, &error), PL_OK);
    assert_int_equal(pl_series_columns(a), pl_series_columns(b));
    for (int i = 0; i < pl_series_columns(a); i++)
        assert_memory_equal(pl_series_values(a, i), pl_series_values(b, i), (size_t)pl_series_rows(a) * sizeof(double));
    pl_series_free(a);
    pl_series_free(b);
    pl_model_free(plain);
    pl_model_free(with);
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    pl_model *model = parse(cases[19].text);
    pl_status status = PL_MEMORY;
    for (long n = 1; status == PL_MEMORY; n += 1 + n / 20) {
        pl_findings *findings = pl_findings_new();
        pl_error error;
        pl_allocation_fail_after(n);
        status = pl_model_check_reality(model, findings, &error);
        pl_allocation_fail_after(0);
        assert_true(status == PL_MEMORY || status == PL_OK);
        pl_findings_free(findings);
    }
    pl_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_are_tried),
        cmocka_unit_test(runs_are_as_without),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
