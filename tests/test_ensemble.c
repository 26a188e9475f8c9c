/* From a situation to its results: exact answers where they can be worked out by hand, and the same bytes however the
 * work is divided.  `test_ensemble explore SITUATION FILE` only explores, for runs under another PARLEY_SIMD. */
#include "explored.h"

#include <sys/wait.h>

/* ---- answers worked out by hand ------------------------------------------------------------------------- */

enum { END, BEGIN, AT_SIX, AVERAGE, TOTAL, AREA, LEAST, MOST, GAIN, REACHED, HALF_PART, WALKED, OTHER, MEASURES };

/* size = start + growth x t, and more with pushes from 4 on: {from, slope} pairs. */
typedef struct line {
    double start, growth, from[2], slope[2];
} line;

static double size_at(const line *l, double t) {
    double size = l->start + l->growth * t;
    for (int i = 0; i < 2; i++)
        if (t > l->from[i]) size += l->slope[i] * (t - l->from[i]);
    return size;
}

static void expect_line(const pl_ensemble *e, long profile, long f, const line *l, bool pulled) {
    double found[MEASURES], sum = 0, area = 0, reached = NAN;
    for (int m = 0; m < MEASURES; m++) found[m] = pl_ensemble_measure(e, m, profile)[f];
    for (int k = 0; k <= 16; k++) {
        double t = 4 + 0.25 * k, size = size_at(l, t);
        sum += size;
        if (k < 16) area += 0.25 * size;
        if (isnan(reached) && size > 30) reached = t;
    }
    double end = size_at(l, 8), begin = size_at(l, 4);
    near(found[END], end);
    near(found[BEGIN], begin);
    near(found[AT_SIX], size_at(l, 6));
    near(found[AVERAGE], sum / 17);
    near(found[TOTAL], size_at(l, 5) + size_at(l, 5.25) + size_at(l, 5.5) + size_at(l, 5.75) + size_at(l, 6));
    near(found[AREA], area);
    near(found[LEAST], begin);
    near(found[MOST], begin);
    near(found[GAIN], end - begin);
    if (isnan(reached)) assert_true(isnan(found[REACHED]));
    else near(found[REACHED], reached);
    near(found[HALF_PART], 0.75 * end);
    near(found[OTHER], pulled ? 2 : 0);
    near(pl_ensemble_payoff(e, 0, profile)[f], 2 * end / 10 - (end - begin));
    near(pl_ensemble_payoff(e, 1, profile)[f], found[OTHER]);
}

static void answers_by_hand(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    assert_int_equal(e->profiles, 6);
    assert_int_equal(e->futures, 700);
    assert_int_equal(e->failed_count, 0);
    assert_int_equal(e->base, 0);
    for (long f = 0; f < e->futures; f++) {
        line l = {.growth = e->draws[f], .start = e->draws[e->futures + f], .from = {4, 4}};
        for (long p = 0; p < 6; p++) {
            l.from[0] = p / 2 == 2 ? 5 : 4, l.from[1] = p / 2 == 2 ? 6 : 4;
            l.slope[0] = p / 2 == 1 ? 3 : p / 2 == 2 ? 2 : 0, l.slope[1] = p / 2 == 2 ? -1 : 0;
            expect_line(e, p, f, &l, p % 2);
        }
    }
    pl_ensemble_free(e);
}

/* Uniform [1, 3] and {8: 0.25, 16: 0.75}: within 5 standard errors of their means. */
static void draws_are_of_their_distributions(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    double growth = 0, high = 0;
    for (long f = 0; f < 700; f++) {
        double start = e->draws[700 + f];
        assert_true(e->draws[f] > 1 && e->draws[f] < 3 && (start == 8 || start == 16));
        growth += e->draws[f] / 700, high += (start == 16) / 700.0;
    }
    assert_true(fabs(growth - 2) < 5 * sqrt(4.0 / 12 / 700));
    assert_true(fabs(high - 0.75) < 5 * sqrt(0.75 * 0.25 / 700));
    pl_ensemble_free(e);
}

/* Profiles meet the same futures, noise included: a push of 3 from 4 to 8 adds 12 to the walk of each. */
static void differences_are_paired(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    const double *waiting = pl_ensemble_measure(e, WALKED, 0), *pushed = pl_ensemble_measure(e, WALKED, 2);
    for (long f = 0; f < e->futures; f++) {
        near(pushed[f] - waiting[f], 12);
        assert_true(waiting[f] > 0 && waiting[f] < 8);
        assert_true(!f || waiting[f] != waiting[f - 1]);
    }
    pl_ensemble_free(e);
}

static void names_of_profiles(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    char name[100];
    pl_ensemble_profile_name(e, 2, PL_ES, name, sizeof name);
    assert_string_equal(name, "Empujado");
    pl_ensemble_profile_name(e, 3, PL_ES, name, sizeof name);
    assert_string_equal(name, "Empujar / pull");
    pl_ensemble_free(e);
}

/* ---- the same bytes ------------------------------------------------------------------------------------- */

static void threads_and_blocks_do_not_show(void **state) {
    (void)state;
    const char *situation = under_root("tests/situations/linear");
    const char *first = in_folder("first.nc"), *other = in_folder("other.nc");
    static const int ways[][2] = {{2, 0}, {7, 0}, {1, 16}, {2, 48}, {1, 512}, {7, 112}};
    explore(situation, &(pl_explore_options){.threads = 1}, first);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char what[64];
        explore(situation, &(pl_explore_options){.threads = ways[i][0], .lanes = ways[i][1]}, other);
        snprintf(what, sizeof what, "%d threads, %d lanes", ways[i][0], ways[i][1]);
        expect_same_file(first, other, what);
    }
}

static int run_itself(const char *simd, const char *situation, const char *path) {
    pid_t child = fork();
    if (child == 0) {
        setenv("PARLEY_SIMD", simd, 1);
        execl("/proc/self/exe", "test_ensemble", "explore", situation, path, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void kernels_do_not_show(void **state) {
    (void)state;
    static const char *const widths[] = {"sse2", "avx2", "avx512"};
    static const char *const situations[] = {"tests/situations/linear", "situations/arms-race",
                                             "tests/situations/adaptive"};
    for (int s = 0; s < 3; s++) {
        const char *first = in_folder("first.nc"), *other = in_folder("other.nc");
        for (int i = 0; i < 3; i++) {
            assert_int_equal(run_itself(widths[i], under_root(situations[s]), i ? other : first), 0);
            if (i) expect_same_file(first, other, widths[i]);
        }
    }
}

/* Fewer measures: the ones that stay have the same bits. */
static void other_measures_do_not_show(void **state) {
    (void)state;
    pl_ensemble *all = explore_line();
    pl_ensemble *few = explore_and_read(change_line("few", "  begin:", "  gain:", ""), NULL);
    static const int kept[] = {END, GAIN, REACHED, HALF_PART, WALKED, OTHER};
    assert_int_equal(few->measure_count, 6);
    for (int m = 0; m < 6; m++)
        assert_memory_equal(pl_ensemble_measure(few, m, 0), pl_ensemble_measure(all, kept[m], 0),
                            6 * 700 * sizeof(double));
    pl_ensemble_free(all);
    pl_ensemble_free(few);
}

/* Another actor's courses: a profile keeps its bits. */
static void other_courses_do_not_show(void **state) {
    (void)state;
    pl_ensemble *all = explore_line();
    pl_ensemble *few = explore_and_read(change_line("rest", "      pull: {set", "    wants: {other", ""), NULL);
    assert_int_equal(few->profiles, 3);
    for (int m = 0; m < MEASURES; m++)
        for (long p = 0; p < 3; p++)
            assert_memory_equal(pl_ensemble_measure(few, m, p), pl_ensemble_measure(all, m, 2 * p),
                                700 * sizeof(double));
    pl_ensemble_free(all);
    pl_ensemble_free(few);
}

/* Another uncertainty: the others keep their draws. More futures: the first ones stay as they are. */
static void draws_stay(void **state) {
    (void)state;
    pl_ensemble *all = explore_line();
    pl_ensemble *few = explore_and_read(change_line("sure", "  growth: {title", "  start: {discrete", ""), NULL);
    assert_memory_equal(few->draws, all->draws + 700, 700 * sizeof(double));
    pl_ensemble_free(few);
    pl_ensemble *more = explore_and_read(under_root("tests/situations/linear"), &(pl_explore_options){.futures = 1500});
    for (int m = 0; m < MEASURES; m++)
        for (long p = 0; p < 6; p++)
            assert_memory_equal(pl_ensemble_measure(more, m, p), pl_ensemble_measure(all, m, p), 700 * sizeof(double));
    pl_ensemble_free(more);
    pl_ensemble_free(all);
}

static void options_take_the_place_of_the_situations(void **state) {
    (void)state;
    pl_explore_options options = {.futures = 40, .seed_given = 1, .seed = 9, .design = "latin"};
    pl_ensemble *e = explore_and_read(under_root("tests/situations/linear"), &options);
    assert_int_equal(e->futures, 40);
    assert_int_equal(e->seed, 9);
    assert_string_equal(e->situation->design, "latin");
    for (int r = 0; r < 10; r++) { /* ten replicates of four: each quarter of [1, 3] once */
        int seen[4] = {0};
        for (int i = 0; i < 4; i++) seen[(int)((e->draws[4 * r + i] - 1) / 0.5)]++;
        for (int i = 0; i < 4; i++) assert_int_equal(seen[i], 1);
    }
    pl_ensemble_free(e);
    pl_situation *s = read_situation(under_root("tests/situations/linear"));
    assert_int_equal(pl_explore(s, &(pl_explore_options){.design = "sobol"}, in_folder("x.nc"), NULL, NULL), PL_USAGE);
    pl_situation_free(s);
}

int main(int count, char **arguments) {
    if (count == 4 && strcmp(arguments[1], "explore") == 0) {
        pl_situation *s;
        if (pl_situation_read(arguments[2], &s, NULL, NULL) != PL_OK) return 2;
        pl_status status = pl_explore(s, NULL, arguments[3], NULL, NULL);
        pl_situation_free(s);
        return status == PL_OK ? 0 : 3;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_by_hand),
        cmocka_unit_test(draws_are_of_their_distributions),
        cmocka_unit_test(differences_are_paired),
        cmocka_unit_test(names_of_profiles),
        cmocka_unit_test(threads_and_blocks_do_not_show),
        cmocka_unit_test(kernels_do_not_show),
        cmocka_unit_test(other_measures_do_not_show),
        cmocka_unit_test(other_courses_do_not_show),
        cmocka_unit_test(draws_stay),
        cmocka_unit_test(options_take_the_place_of_the_situations),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
