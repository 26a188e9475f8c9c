/* The search for robust policies: hypervolumes against closed forms, operators by what their authors say of them, the
 * archive's law, candidates against the exploration's own runs, and (long) the test problems of the field. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "ensemble/policies.h"
#include "study/hypervolume.h"
#include "study/objectives.h"
#include "study/operators.h"
#include "study/population.h"
#include "study/search.h"

/* ---- hypervolume ----------------------------------------------------------------------------------------- */

static void check_volume(const double *points, int count, int dimensions, const double *reference, double expected) {
    assert_true(fabs(pl_hypervolume(points, count, dimensions, reference, 1LL << 40) - expected) <
                1e-12 * (1 + expected));
}

static void hypervolume_of_boxes(void **state) {
    (void)state;
    double two[] = {0, 0.5, 0.5, 0}, ones[] = {1, 1, 1, 1, 1};
    check_volume(two, 2, 2, ones, 0.75);                       /* two halves of the square, a quarter in common */
    double three[] = {0, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0};
    check_volume(three, 3, 3, ones, 3 * 0.25 - 3 * 0.125 + 0.125); /* inclusion and exclusion */
    double out[] = {2, 0, 0, 2};
    check_volume(out, 2, 2, ones, 0);                          /* not below the reference */
    double line[] = {0.3, 0.7};
    check_volume(line, 2, 1, ones, 0.7);
    /* In d dimensions the point with one coordinate 0 and the others 1/2, for each coordinate: 1/2^(d-1) each, any k of
     * them have 1/2^d in common. */
    for (int d = 3; d <= 5; d++) {
        double points[25];
        for (int i = 0; i < d; i++)
            for (int k = 0; k < d; k++) points[i * d + k] = i == k ? 0 : 0.5;
        check_volume(points, d, d, ones, ldexp(1, -d) * (2 * d - (d - 1)));
    }
}

/* Of n points evenly on the line x + y = 1 the staircase leaves out n - 1 triangles' doubles: 1/2 - 1 / (2 (n - 1)). */
static void hypervolume_of_a_line(void **state) {
    (void)state;
    enum { N = 101 };
    double points[2 * N], triple[3 * N], reference[] = {1, 1, 2};
    for (int i = 0; i < N; i++) {
        points[2 * i] = triple[3 * i] = i / (N - 1.0), points[2 * i + 1] = triple[3 * i + 1] = 1 - i / (N - 1.0);
        triple[3 * i + 2] = 0.5;
    }
    check_volume(points, N, 2, reference, 0.5 - 0.5 / (N - 1));
    check_volume(triple, N, 3, reference, 1.5 * (0.5 - 0.5 / (N - 1))); /* the same as a prism */
    assert_true(isnan(pl_hypervolume(triple, N, 3, reference, 50)));    /* more than it may look at */
}

/* ---- operators -------------------------------------------------------------------------------------------- */

enum { VARIABLES = 5, DRAWS = 4000 };
static const double family[4][VARIABLES] = {{0.50, 0.48, 0.52, 0.5, 0.47}, {0.45, 0.50, 0.50, 0.53, 0.5},
                                            {0.52, 0.53, 0.46, 0.5, 0.51}, {0.49, 0.47, 0.5, 0.49, 0.55}};

/* The mean over many children of the middle of all children, by variable. */
static void mean_children(pl_operator kind, double mean[VARIABLES]) {
    double room[PL_MOST_CHILDREN][VARIABLES], work[PL_OPERATOR_WORK * VARIABLES];
    double *children[] = {room[0], room[1]};
    const double *parents[] = {family[0], family[1], family[2], family[3]};
    memset(mean, 0, VARIABLES * sizeof *mean);
    for (int i = 0; i < DRAWS; i++) {
        pl_dice dice = {42, (uint64_t)i, 0};
        pl_operator_cross(kind, &dice, parents, VARIABLES, children, work);
        for (int c = 0; c < pl_operator_children(kind); c++)
            for (int v = 0; v < VARIABLES; v++) mean[v] += children[c][v] / DRAWS / pl_operator_children(kind);
    }
}

/* SBX keeps the mean of its two parents in every pair of children (Deb and Agrawal 1995). */
static void sbx_keeps_the_mean(void **state) {
    (void)state;
    double a[VARIABLES], b[VARIABLES], *children[] = {a, b};
    const double *parents[] = {family[0], family[1]};
    bool moved = false;
    for (int i = 0; i < 1000; i++) {
        pl_dice dice = {7, (uint64_t)i, 0};
        pl_operator_cross(PL_OPERATOR_SBX, &dice, parents, VARIABLES, children, NULL);
        for (int v = 0; v < VARIABLES; v++) {
            assert_true(fabs(a[v] + b[v] - parents[0][v] - parents[1][v]) < 1e-12);
            moved = moved || (a[v] != parents[0][v] && a[v] != parents[1][v]);
        }
    }
    assert_true(moved);
}

/* PCX is centred on its first parent, SPX on the mean of all, UNDX on the mean of all but the last, DE with a crossover
 * of 1 in 10 moves from its first parent by a tenth of where the others point (and one variable always). */
static void crossovers_are_centred(void **state) {
    (void)state;
    double mean[VARIABLES];
    mean_children(PL_OPERATOR_PCX, mean);
    for (int v = 0; v < VARIABLES; v++) assert_true(fabs(mean[v] - family[0][v]) < 1e-3);
    mean_children(PL_OPERATOR_SPX, mean);
    for (int v = 0; v < VARIABLES; v++)
        assert_true(fabs(mean[v] - (family[0][v] + family[1][v] + family[2][v]) / 3) < 4e-3);
    mean_children(PL_OPERATOR_UNDX, mean);
    for (int v = 0; v < VARIABLES; v++) assert_true(fabs(mean[v] - (family[0][v] + family[1][v]) / 2) < 1e-3);
    mean_children(PL_OPERATOR_DE, mean);
    for (int v = 0; v < VARIABLES; v++) {
        double share = 0.2 + 0.8 * 0.1, moved = family[1][v] + 0.5 * (family[2][v] - family[3][v]);
        assert_true(fabs(mean[v] - (1 - share) * family[0][v] - share * moved) < 4e-3);
    }
}

/* No operator leaves the bounds, wherever the parents lie, and the same address gives the same children. */
static void operators_stay_within_bounds(void **state) {
    (void)state;
    double corner[4][VARIABLES], room[PL_MOST_CHILDREN][VARIABLES], again[PL_MOST_CHILDREN][VARIABLES];
    double work[PL_OPERATOR_WORK * VARIABLES], *children[] = {room[0], room[1]}, *others[] = {again[0], again[1]};
    const double *parents[] = {corner[0], corner[1], corner[2], corner[3]};
    for (int i = 0; i < 2000; i++) {
        pl_dice where = {11, (uint64_t)i, 0};
        for (int p = 0; p < 4; p++)
            for (int v = 0; v < VARIABLES; v++) {
                double u = pl_dice_uniform(&where);
                corner[p][v] = u < 0.3 ? 0 : u > 0.7 ? 1 : u;
            }
        for (int k = 0; k < PL_OPERATOR_COUNT; k++) {
            pl_dice dice = {5, (uint64_t)i, 0}, same = dice;
            pl_operator_apply((pl_operator)k, &dice, parents, VARIABLES, children, work);
            pl_operator_apply((pl_operator)k, &same, parents, VARIABLES, others, work);
            for (int c = 0; c < pl_operator_children((pl_operator)k); c++) {
                for (int v = 0; v < VARIABLES; v++) assert_true(room[c][v] >= 0 && room[c][v] <= 1);
                assert_memory_equal(room[c], again[c], sizeof room[c]);
            }
        }
    }
}

/* ---- the archive ------------------------------------------------------------------------------------------ */

/* Laumanns et al. 2002: one member a box, no box dominated by another; and every point offered is epsilon-dominated. */
static void archive_keeps_its_law(void **state) {
    (void)state;
    pl_extent extent = {1, 2};
    double epsilon[] = {0.1, 0.1};
    pl_archive archive;
    assert_int_equal(pl_archive_new(extent, epsilon, &archive), PL_OK);
    pl_candidate *all = pl_candidate_list(extent, 500);
    bool taken;
    for (int i = 0; i < 500; i++) {
        pl_dice dice = {3, (uint64_t)i, 0};
        all[i].f[0] = pl_dice_uniform(&dice), all[i].f[1] = pl_dice_uniform(&dice);
        assert_int_equal(pl_archive_offer(&archive, &all[i], &taken), PL_OK);
    }
    for (int i = 0; i < archive.count; i++)
        for (int j = 0; j < archive.count; j++) {
            if (i == j) continue;
            bool no_worse = true;
            for (int k = 0; k < 2; k++)
                no_worse = no_worse && floor(archive.members[i].f[k] / 0.1) <= floor(archive.members[j].f[k] / 0.1);
            assert_false(no_worse);
        }
    for (int i = 0; i < 500; i++) {
        bool covered = false;
        for (int j = 0; j < archive.count; j++)
            covered = covered ||
                      (archive.members[j].f[0] <= all[i].f[0] + 0.1 && archive.members[j].f[1] <= all[i].f[1] + 0.1);
        assert_true(covered);
    }
    all[0].violation = 1; /* what breaks a constraint never enters a feasible archive */
    all[0].f[0] = all[0].f[1] = -1;
    assert_int_equal(pl_archive_offer(&archive, &all[0], &taken), PL_OK);
    assert_false(taken);
    pl_archive_free(&archive);
    pl_release(all);
}

/* ---- whole searches --------------------------------------------------------------------------------------- */

static pl_situation *read_situation(const char *name) {
    char path[1024];
    pl_situation *s = NULL;
    pl_error error;
    snprintf(path, sizeof path, "%s/%s", getenv("PARLEY_ROOT"), name);
    assert_int_equal(pl_situation_read(path, &s, NULL, &error), PL_OK);
    return s;
}

static char *search_json(const pl_situation *s, const pl_search_options *options) {
    pl_policy_search *search;
    pl_error error;
    char *text;
    size_t length;
    assert_int_equal(pl_situation_search(s, options, &search, &error), PL_OK);
    assert_int_equal(pl_policy_search_print(search, PL_FORMAT_JSON, &text, &length), PL_OK);
    pl_policy_search_free(search);
    return text;
}

static void threads_do_not_show(void **state) {
    (void)state;
    pl_situation *s = read_situation("tests/situations/search-adaptive");
    pl_search_options one = {.threads = 1}, three = {.threads = 3};
    char *a = search_json(s, &one), *b = search_json(s, &three);
    assert_string_equal(a, b);
    pl_text_free(a), pl_text_free(b);
    pl_situation_free(s);
}

/* A policy's measure is what a course with the same settings gives in an exploration of the same futures: the course
 * `as found` of the situation sets what the test asks for, rule and all. */
static void a_policy_is_a_course(void **state) {
    (void)state;
    pl_situation *s = read_situation("tests/situations/search-adaptive");
    int measures[] = {0, 1};
    enum { FUTURES = 37 };
    pl_error error;
    for (long expected = 1; expected <= 40; expected += 39) {
        pl_policies_options options = {
            .measures = measures, .measure_count = 2, .futures = FUTURES, .expected = expected, .threads = 2};
        options.design = pl_design_of(s);
        pl_policies *policies;
        assert_int_equal(pl_policies_new(s, &options, &policies, &error), PL_OK);
        double values[3 * 3] = {0.1, 60, 0.3, 0.25, 55, 0.4, 0.1, 60, 0.3}, taken[3 * 2 * FUTURES], course[2 * FUTURES];
        long profile = 1; /* the second course of the only actor */
        assert_int_equal(pl_policies_run(policies, values, 3, taken, &error), PL_OK);
        assert_int_equal(pl_policies_run_profiles(policies, &profile, 1, course, &error), PL_OK);
        assert_memory_equal(taken + 2 * 2 * FUTURES, taken, sizeof course);
        assert_memory_equal(taken + 2 * FUTURES, course, sizeof course);
        assert_true(memcmp(taken, course, sizeof course) != 0);
        pl_policies_free(policies);
    }
    pl_situation_free(s);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Medians over 11 seeds of public implementations at 10,000 evaluations, reference point 1.1: NSGA-III on ZDT1, NSGA-II
 * on ZDT2, epsilon-MOEA on DTLZ2 with 3 objectives. */
static void reaches(const char *name, int seeds, double least, double exact) {
    pl_situation *s = read_situation(name);
    pl_search_options options = {.seeds = seeds};
    pl_policy_search *search;
    pl_error error;
    double volumes[11];
    assert_int_equal(pl_situation_search(s, &options, &search, &error), PL_OK);
    for (int i = 0; i < seeds; i++) volumes[i] = pl_policy_search_hypervolume(search, i);
    qsort(volumes, (size_t)seeds, sizeof *volumes, compare);
    print_message("%s: median %.4f of %d seeds, from %.4f to %.4f\n", name, volumes[seeds / 2], seeds, volumes[0],
                  volumes[seeds - 1]);
    assert_true(volumes[seeds / 2] >= least && volumes[seeds - 1] <= exact);
    pl_policy_search_free(search);
    pl_situation_free(s);
}

static void zdt1_on_three_seeds(void **state) {
    (void)state;
    reaches("tests/situations/search-zdt1", 3, 0.8695, 0.87667);
}

static void test_problems(void **state) {
    (void)state;
    reaches("tests/situations/search-zdt1", 11, 0.8695, 0.87667);
    reaches("tests/situations/search-zdt2", 11, 0.5087, 0.54334);
    reaches("tests/situations/search-dtlz2", 11, 0.7561, 0.80740);
}

/* SRN (Srinivas and Deb, Evol. Comput. 2:221, 1994): its Pareto set is x1 = -2.5, x2 from 2.5 to 14.79; all that is
 * found is feasible and lies near it. */
static void constraints_hold(void **state) {
    (void)state;
    pl_situation *s = read_situation("tests/situations/search-srn");
    pl_search_options options = {.seeds = 1, .evaluations = 4000};
    pl_policy_search *search;
    pl_error error;
    int near = 0;
    assert_int_equal(pl_situation_search(s, &options, &search, &error), PL_OK);
    for (int i = 0; i < search->policy_count; i++) {
        const double *x = search->policies[i].values;
        assert_true(x[0] * x[0] + x[1] * x[1] <= 225 && x[0] - 3 * x[1] + 10 <= 0);
        near += fabs(x[0] + 2.5) < 0.5;
    }
    assert_true(search->policy_count > 50 && near > 0.8 * search->policy_count);
    pl_policy_search_free(search);
    pl_situation_free(s);
}

/* ---- ends that are not the usual one ---------------------------------------------------------------------- */

static int stop_after(void *context, long done, long all) {
    (void)all;
    return done >= *(const long *)context;
}

/* What was found by then is kept, and looked at no further; SRN has one future, so a run is an evaluation. */
static void an_interruption_keeps_what_was_found(void **state) {
    (void)state;
    pl_situation *s = read_situation("tests/situations/search-srn");
    long after = 500;
    pl_search_options options = {.seeds = 2, .evaluations = 4000, .threads = 1, .progress = stop_after,
                                 .context = &after};
    pl_policy_search *search;
    pl_error error;
    char *text;
    assert_int_equal(pl_situation_search(s, &options, &search, &error), PL_INTERRUPTED);
    assert_non_null(search);
    assert_true(search->interrupted && !search->checked && search->policy_count > 0 && search->profile_count == 0);
    long done = search->runs[0].evaluations + search->runs[1].evaluations;
    assert_true(done > 300 && done <= 500);
    assert_non_null(strstr(error.message, "of 8000 evaluations"));
    for (int i = 0; i < search->policy_count; i++) {
        const pl_found_policy *p = &search->policies[i]; /* f1 = 2 + (x1 - 2)^2 + (x2 - 1)^2 */
        double expected = 2 + (p->values[0] - 2) * (p->values[0] - 2) + (p->values[1] - 1) * (p->values[1] - 1);
        assert_true(fabs(p->searched[0] - expected) < 1e-9 * expected && isnan(p->checked.objectives[0].estimate));
    }
    for (int format = PL_FORMAT_TEXT; format <= PL_FORMAT_JSON; format++) {
        assert_int_equal(pl_policy_search_print(search, (pl_format)format, &text, NULL), PL_OK);
        assert_true((strstr(text, "INTERRUPTED") != NULL) == (format == PL_FORMAT_TEXT));
        bool unchecked = strstr(text, "\"checked\":false") || strstr(text, "\"checked\": false");
        assert_true(unchecked == (format == PL_FORMAT_JSON));
        pl_text_free(text);
    }
    pl_policy_search_free(search);
    after = 0; /* nothing has been found yet */
    assert_int_equal(pl_situation_search(s, &options, &search, &error), PL_INTERRUPTED);
    assert_null(search);
    pl_situation_free(s);
}

static void lacking_memory_is_told(void **state) {
    (void)state;
    pl_situation *s = read_situation("tests/situations/search-adaptive");
    pl_search_options options = {.seeds = 1, .evaluations = 80, .futures = 2, .check_futures = 2, .threads = 1};
    pl_status status = PL_MEMORY;
    long n = 1;
    for (; status != PL_OK; n++) {
        pl_policy_search *search;
        pl_error error;
        pl_allocation_fail_after(n);
        status = pl_situation_search(s, &options, &search, &error);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK ? search != NULL : status == PL_MEMORY && !search && error.status == PL_MEMORY);
        pl_policy_search_free(search);
    }
    assert_true(n > 50);
    pl_situation_free(s);
}

int main(int count, char **arguments) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hypervolume_of_boxes),     cmocka_unit_test(hypervolume_of_a_line),
        cmocka_unit_test(sbx_keeps_the_mean),       cmocka_unit_test(crossovers_are_centred),
        cmocka_unit_test(operators_stay_within_bounds), cmocka_unit_test(archive_keeps_its_law),
        cmocka_unit_test(threads_do_not_show),      cmocka_unit_test(a_policy_is_a_course),
        cmocka_unit_test(constraints_hold),         cmocka_unit_test(zdt1_on_three_seeds),
        cmocka_unit_test(an_interruption_keeps_what_was_found), cmocka_unit_test(lacking_memory_is_told),
    };
    const struct CMUnitTest long_tests[] = {cmocka_unit_test(test_problems)};
    if (count > 1 && strcmp(arguments[1], "long") == 0) return cmocka_run_group_tests(long_tests, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
