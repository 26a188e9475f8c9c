/* From a situation to its results: exact answers where they can be worked out by hand, and the same bytes however the
 * work is divided.  `test_ensemble explore SITUATION FILE` only explores, for runs under another PARLEY_SIMD. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "ensemble/condition.h"
#include "ensemble/ensemble.h"

static char folder[] = "/tmp/test-ensemble-XXXXXX"; /* everything is written here */

static const char *under_root(const char *path) {
    static char whole[4][1024];
    static int next;
    const char *root = getenv("PARLEY_ROOT") ? getenv("PARLEY_ROOT") : ".";
    char *out = whole[next++ % 4];
    snprintf(out, 1024, "%s/%s", root, path);
    return out;
}

static const char *in_folder(const char *name) {
    static char whole[8][1024];
    static int next;
    char *out = whole[next++ % 8];
    snprintf(out, 1024, "%s/%s", folder, name);
    return out;
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

static void spew(const char *path, const char *text, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

static bool exists(const char *path) { return access(path, F_OK) == 0; }

/* Writes a situation of its own folder and returns the folder. */
static const char *make_situation(const char *name, const char *yaml, const char *model) {
    const char *path = in_folder(name);
    char file[1200];
    mkdir(path, 0777);
    snprintf(file, sizeof file, "%s/situation.yaml", path);
    spew(file, yaml, strlen(yaml));
    snprintf(file, sizeof file, "%s/model.mdl", path);
    spew(file, model, strlen(model));
    return path;
}

static pl_situation *read_situation(const char *path) {
    pl_situation *s;
    pl_error error;
    if (pl_situation_read(path, &s, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return s;
}

static void explore(const char *situation, const pl_explore_options *options, const char *path) {
    pl_situation *s = read_situation(situation);
    pl_error error;
    if (pl_explore(s, options, path, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
}

static pl_ensemble *read_results(const char *path) {
    pl_ensemble *e;
    pl_error error;
    if (pl_ensemble_read(path, &e, &error) != PL_OK) fail_msg("%s", error.message);
    return e;
}

static pl_ensemble *explore_and_read(const char *situation, const pl_explore_options *options) {
    explore(situation, options, in_folder("some.nc"));
    return read_results(in_folder("some.nc"));
}

static pl_ensemble *explore_line(void) { return explore_and_read(under_root("tests/situations/linear"), NULL); }

static void near(double found, double expected) {
    if (!(fabs(found - expected) <= 1e-13 * (1 + fabs(expected)))) fail_msg("%.17g, expected %.17g", found, expected);
}

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

static void expect_same_file(const char *a, const char *b, const char *what) {
    size_t m, n;
    char *x = slurp(a, &m), *y = slurp(b, &n);
    if (m != n || memcmp(x, y, m) != 0) fail_msg("the results differ: %s", what);
    free(x), free(y);
}

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

/* The text of the line's situation with a part cut out, from one mark to another. */
static const char *cut_line(const char *name, const char *from, const char *to) {
    size_t length, model_length;
    char *yaml = slurp(under_root("tests/situations/linear/situation.yaml"), &length);
    char *model = slurp(under_root("tests/situations/linear/model.mdl"), &model_length);
    char *at = strstr(yaml, from), *end = strstr(yaml, to);
    assert_true(at && end && end > at);
    memmove(at, end, strlen(end) + 1);
    const char *path = make_situation(name, yaml, model);
    free(yaml), free(model);
    return path;
}

/* Fewer measures: the ones that stay have the same bits. */
static void other_measures_do_not_show(void **state) {
    (void)state;
    pl_ensemble *all = explore_line();
    pl_ensemble *few = explore_and_read(cut_line("few", "  begin:", "  gain:"), NULL);
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
    pl_ensemble *few = explore_and_read(cut_line("rest", "      pull: {set", "    wants: {other"), NULL);
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
    pl_ensemble *few = explore_and_read(cut_line("sure", "  growth: {title", "  start: {discrete"), NULL);
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

/* ---- failed runs ---------------------------------------------------------------------------------------- */

#define TIMES "INITIAL TIME = 0 ~~| FINAL TIME = 4 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|"
static const char fragile_model[] = "x = INTEG(1 / u, 0) ~~| y = INTEG(v, 0) ~~| u = 1 ~~| v = 1 ~~|" TIMES;

static void failed_runs_are_missing_and_counted(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(
        make_situation("fragile", "parley: 1\nmodel: model.mdl\nrun: {futures: 100}\n"
                                  "uncertainties: {u: {discrete: {0: 0.5, 2: 0.5}}, v: {uniform: [0, 1]}}\n"
                                  "measures: {x: {of: x, take: final}, y: {of: y, take: final}}\n", fragile_model),
        NULL);
    long failed = 0;
    assert_int_equal(e->profiles, 1);
    for (long f = 0; f < 100; f++) {
        bool breaks = e->draws[f] == 0;
        failed += breaks;
        assert_int_equal(e->failed[f], breaks);
        if (breaks) assert_true(isnan(e->measures[f]));
        else near(e->measures[f], 2), near(e->measures[100 + f], 4 * e->draws[100 + f]);
    }
    assert_true(failed > 20 && failed < 80);
    assert_int_equal(e->failed_count, failed);
    pl_ensemble_free(e);
}

static void all_runs_fail(void **state) {
    (void)state;
    pl_situation *s = read_situation(
        make_situation("broken", "parley: 1\nmodel: model.mdl\nrun: {futures: 5}\n"
                                 "actors: {a: {courses: {break: {set: {u: 0}}}}}\n"
                                 "measures: {x: {of: x, take: final}}\n", fragile_model));
    pl_explore_summary summary;
    pl_error error;
    assert_int_equal(pl_explore(s, NULL, in_folder("broken.nc"), &summary, &error), PL_RUN_FAILED);
    assert_string_equal(error.message, "all 5 runs failed: in the first, x is not finite at time 1");
    assert_int_equal(summary.failed, 5);
    assert_string_equal(summary.failed_variable, "x");
    pl_ensemble_free(read_results(in_folder("broken.nc"))); /* they are written all the same */
    pl_situation_free(s);
}

static void nothing_to_measure(void **state) {
    (void)state;
    pl_situation *s = read_situation(make_situation("empty", "parley: 1\nmodel: model.mdl\n", fragile_model));
    assert_int_equal(pl_explore(s, NULL, in_folder("empty.nc"), NULL, NULL), PL_INVALID);
    pl_situation_free(s);
}

/* ---- interruption, full disks, memory ------------------------------------------------------------------- */

static int stop_at_once(void *context, long done, long all) {
    assert_true(done > 0 && done <= all);
    ++*(int *)context;
    return 1;
}

static void interruption_keeps_the_part(void **state) {
    (void)state;
    pl_situation *s = read_situation(under_root("tests/situations/linear"));
    int calls = 0;
    pl_explore_options options = {.futures = 5000, .threads = 1, .progress = stop_at_once, .context = &calls};
    pl_error error;
    assert_int_equal(pl_explore(s, &options, in_folder("stopped.nc"), NULL, &error), PL_INTERRUPTED);
    assert_true(calls > 0);
    assert_true(exists(in_folder("stopped.nc.part")) && !exists(in_folder("stopped.nc")));
    pl_situation_free(s);
}

static void a_full_disk(void **state) {
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {100000, 100000};
        pl_situation *s = read_situation(under_root("tests/situations/linear"));
        pl_error error;
        setrlimit(RLIMIT_FSIZE, &limit);
        pl_status status = pl_explore(s, NULL, in_folder("full.nc"), NULL, &error);
        _exit(status == PL_FILE && strstr(error.message, "cannot be written") && !exists(in_folder("full.nc")) ? 0 : 1);
    }
    int code;
    waitpid(child, &code, 0);
    assert_int_equal(code, 0);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    pl_situation *s = read_situation(under_root("tests/situations/linear"));
    pl_explore_options options = {.futures = 20, .threads = 1};
    pl_status status;
    long n = 1;
    do { /* exploring: on this thread, whose allocations are counted */
        pl_allocation_fail_after(n++);
        status = pl_explore(s, &options, in_folder("memory.nc"), NULL, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
    } while (status != PL_OK);
    assert_true(n > 20);
    n = 1;
    do { /* reading */
        pl_ensemble *e;
        pl_allocation_fail_after(n++);
        status = pl_ensemble_read(in_folder("memory.nc"), &e, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        pl_ensemble_free(e);
    } while (status != PL_OK);
    assert_true(n > 10);
    pl_situation_free(s);
}

/* ---- reading results ------------------------------------------------------------------------------------ */

static pl_status read_status(const char *path) {
    pl_ensemble *e;
    pl_error error;
    pl_status status = pl_ensemble_read(path, &e, &error);
    if (status != PL_OK) assert_null(e);
    pl_ensemble_free(e);
    return status;
}

static void what_is_no_results_file(void **state) {
    (void)state;
    size_t length;
    explore(under_root("tests/situations/linear"), &(pl_explore_options){.futures = 30}, in_folder("good.nc"));
    char *bytes = slurp(in_folder("good.nc"), &length);
    assert_int_equal(read_status(in_folder("none.nc")), PL_FILE);
    spew(in_folder("bad.nc"), "no NetCDF at all", 16);
    assert_int_equal(read_status(in_folder("bad.nc")), PL_INVALID);
    spew(in_folder("bad.nc"), bytes, length / 2);
    assert_int_equal(read_status(in_folder("bad.nc")), PL_INVALID);
    char *seven = NULL; /* a digit of the model's text changes: the hash tells */
    for (size_t i = 0; i + 10 < length && !seven; i++)
        if (memcmp(bytes + i, "push x (t - 4)", 14) == 0) seven = bytes + i;
    assert_non_null(seven);
    seven[12] = '5';
    spew(in_folder("bad.nc"), bytes, length);
    assert_int_equal(read_status(in_folder("bad.nc")), PL_INVALID);
    free(bytes);
}

static void results_are_used_again(void **state) {
    (void)state;
    const char *situation = cut_line("again", "  begin:", "  gain:"), *path = in_folder("again.nc");
    pl_explore_options options = {.futures = 20}, other = {.futures = 20, .seed_given = 1, .seed = 4};
    const pl_explore_options *asked[] = {&options, &options, &other, &other};
    static const int expected[] = {1, 0, 1, 0};
    for (int i = 0; i < 4; i++) {
        pl_ensemble *e;
        int ran;
        assert_int_equal(pl_ensemble_obtain(situation, asked[i], path, &ran, &e, NULL, NULL), PL_OK);
        assert_int_equal(ran, expected[i]);
        assert_int_equal(e->futures, 20);
        pl_ensemble_free(e);
    }
    pl_ensemble *e;
    int ran;
    assert_int_equal(pl_ensemble_obtain(situation, &options, NULL, &ran, &e, NULL, NULL), PL_OK);
    assert_int_equal(ran, 1);
    assert_true(exists(in_folder("again/results.nc")) && !exists(in_folder("again/results.nc.part")));
    pl_ensemble_free(e);
}

/* Another tool reads the file with no help. */
static void xarray_opens_it(void **state) {
    (void)state;
    char command[2000];
    if (system("/usr/bin/python3 -c 'import xarray, netCDF4' 2>/dev/null") != 0) {
        print_message("skipped: /usr/bin/python3 has no xarray with netCDF4\n");
        skip();
    }
    explore(under_root("tests/situations/linear"), NULL, in_folder("xarray.nc"));
    snprintf(command, sizeof command, "/usr/bin/python3 '%s' '%s'", under_root("tests/open_results.py"),
             in_folder("xarray.nc"));
    assert_int_equal(system(command), 0);
}

/* ---- conditions and checks ------------------------------------------------------------------------------ */

static pl_condition *bind_risk(const pl_ensemble *e, int risk, pl_arena *arena) {
    pl_condition *c;
    pl_error error;
    if (pl_condition_over_measures(arena, e->situation, e->situation->risks[risk].expr, &c, &error) != PL_OK)
        fail_msg("%s", error.message);
    return c;
}

static void risks_are_judged_in_each_case(void **state) {
    (void)state;
    pl_ensemble *e = explore_line();
    pl_arena arena = {0};
    pl_condition *large = bind_risk(e, 0, &arena), *larger = bind_risk(e, 1, &arena);
    double work[10];
    for (long p = 0; p < e->profiles; p++)
        for (long f = 0; f < e->futures; f++) {
            near(pl_condition_in_case(large, e, p, f, work), pl_ensemble_measure(e, END, p)[f] > 35);
            /* only the push adds 12; its payoff, 0.2 end - gain, falls by 9.6 against waiting: never a regret of 0 */
            near(pl_condition_in_case(larger, e, p, f, work), 0);
        }
    for (long f = 0; f < e->futures; f++) {
        near(pl_ensemble_regret(e, 0, 0, f), 0);
        near(pl_ensemble_regret(e, 0, 3, f), 0.8 * 12);
        near(pl_ensemble_regret(e, 1, 2, f), 2);
    }
    pl_arena_free(&arena);
    pl_ensemble_free(e);
}

/* A condition on constants: its value. */
static double value_of(const char *text) {
    pl_arena arena = {0};
    pl_situation s = {0};
    pl_condition *c;
    pl_error error;
    pl_expr *expr = pl_expr_parse(&arena, text, "", 1, 1, &error);
    if (!expr || pl_condition_over_measures(&arena, &s, expr, &c, &error) != PL_OK)
        fail_msg("%s: %s", text, error.message);
    double value = pl_condition_value(c, NULL);
    pl_arena_free(&arena);
    return value;
}

static void conditions_compute(void **state) {
    (void)state;
    near(value_of("2 + 3 * 4"), 14);
    near(value_of("MAX(2, 3) ^ 2 - ABS(-1)"), 8);
    near(value_of("1 < 2 :AND: 3 >= 3"), 1);
    near(value_of(":NOT: (1 < 2) :OR: 2 <> 2"), 0);
    near(value_of("IF THEN ELSE(1 > 2, 5, 7)"), 7);
    near(value_of("SQRT(16) / (1 - 3)"), -2);
}

static void failing_checks_say_when_and_what(void **state) {
    (void)state;
    pl_situation *s = read_situation(make_situation(
        "checks", "parley: 1\nmodel: model.mdl\nchecks:\n"
                  "  holds: {set: {v: 0}, expect: \"y = 0\"}\n"
                  "  grows: {expect: \"x >= 0 :AND: y <= 1 + initial(y)\"}\n"
                  "  breaks: {set: {u: 0}, expect: \"x < 5\"}\n"
                  "  truth: {set: {v: {2: 5}}, expect: \"MIN(3 - Time, 1)\"}\n", fragile_model));
    pl_findings *findings = pl_findings_new();
    pl_error error;
    assert_int_equal(pl_situation_check(s, findings, &error), PL_CHECK_FAILED);
    assert_int_equal(pl_findings_count(findings), 3);
    static const char *const messages[] = {
        "the check 'grows' does not hold at time 2: the left side is 2, the right side 1",
        "the check 'breaks' cannot be judged at time 1: a value is not finite",
        "the check 'truth' does not hold at time 3"};
    for (int i = 0; i < 3; i++) assert_string_equal(pl_findings_get(findings, i, NULL)->message, messages[i]);
    assert_string_equal(error.message, messages[0]);
    assert_true(error.line == 5 && error.column == 20);
    pl_findings_free(findings);
    pl_situation_free(s);
}

/* What keeps the situation from being explored is found before anything is run. */
/* A delay may differ from future to future: at time 4 the input (the time) of lag before comes out, by steps of 1. */
static void a_delay_that_varies(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(make_situation(
        "delay", "parley: 1\nmodel: model.mdl\nuncertainties: {lag: {uniform: [1, 3]}}\n"
                 "measures: {d: {of: d, take: final}}\n",
        "d = DELAY FIXED(Time, lag, 0) ~~| lag = 2 ~~|" TIMES), NULL);
    int seen[5] = {0};
    for (long f = 0; f < e->futures; f++) {
        double steps = floor(e->draws[f] + 0.5), found = pl_ensemble_measure(e, 0, 0)[f];
        assert_true(found == 4 - steps);
        seen[(int)steps]++;
    }
    assert_true(seen[1] > 0 && seen[2] > 0 && seen[3] > 0);
    pl_ensemble_free(e);
}

static void a_delay_that_is_set(void **state) {
    (void)state;
    const char *path = make_situation(
        "lever", "parley: 1\nmodel: model.mdl\nactors: {a: {courses: {short: {set: {lag: 1}}}}}\n"
                 "measures: {d: {of: d, take: final}}\n",
        "d = DELAY FIXED(Time, lag, 0) ~~| lag = 2 ~~|" TIMES);
    pl_situation *s = read_situation(path);
    pl_error error;
    assert_int_not_equal(pl_situation_check(s, NULL, &error), PL_OK);
    assert_non_null(strstr(error.message, "the delay time of DELAY FIXED in d depends on lag"));
    pl_situation_free(s);
}

/* Euler by steps of 1: y gains v each step, v = 1 until 2 and 5 from then on. */
static void checks_may_set_over_time(void **state) {
    (void)state;
    pl_situation *s = read_situation(make_situation(
        "times", "parley: 1\nmodel: model.mdl\nactors: {a: {courses: {act: {set: {v: {1: 3}}}}}}\nchecks:\n"
                 "  own: {set: {v: {2: 5}}, expect: \"y = MIN(Time, 2) + 5 * MAX(Time - 2, 0)\"}\n"
                 "  course: {expect: \"y = MIN(Time, 1) + 3 * MAX(Time - 1, 0)\"}\n", fragile_model));
    pl_error error;
    if (pl_situation_check(s, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
}

static void checks_of_the_line_hold(void **state) {
    (void)state;
    pl_situation *s = read_situation(under_root("tests/situations/linear"));
    pl_error error;
    if (pl_situation_check(s, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
}

/* ---- main ----------------------------------------------------------------------------------------------- */

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* ---- correlations, and weights that are drawn ------------------------------------------------------------- */

static const char tied_yaml[] =
    "parley: 1\ntitle: Tied\nmodel: model.mdl\nrun: {futures: 20000, seed: 5}\n"
    "uncertainties:\n  a: {uniform: [0, 1]}\n  alone: {normal: [0, 1]}\n  b: {lognormal: [2, 0.5]}\n"
    "  c: {triangular: [0, 1, 4]}\n"
    "correlations: [[a, b, 0.6], [c, b, -0.3]]\n"
    "measures: {total: {of: sum, take: final}}\n"
    "actors:\n  one:\n    courses: {none: {}}\n    wants: {total: {weight: {uniform: [0.5, 2]}, per: 4}}\n"
    "  two:\n    courses: {none: {}}\n    wants: {total: {weight: {uniform: [0.5, 2]}}}\n";
static const char tied_model[] =
    "{UTF-8}\na = 1 ~~|\nalone = 0 ~~|\nb = 1 ~~|\nc = 1 ~~|\nsum = a + alone + b + c ~~|\nINITIAL TIME = 0 ~~|\n"
    "FINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n";

static const double *rank_values;
static int by_value(const void *a, const void *b) {
    double x = rank_values[*(const long *)a], y = rank_values[*(const long *)b];
    return (x > y) - (x < y);
}

static void rank(const double *values, long count, double *ranks) {
    long *order = calloc((size_t)count, sizeof *order);
    for (long i = 0; i < count; i++) order[i] = i;
    rank_values = values;
    qsort(order, (size_t)count, sizeof *order, by_value);
    for (long i = 0; i < count; i++) ranks[order[i]] = (double)i;
    free(order);
}

/* Spearman's correlation: Pearson's of the ranks. */
static double spearman(const double *x, const double *y, long count) {
    double *a = calloc((size_t)count, sizeof *a), *b = calloc((size_t)count, sizeof *b), sum = 0;
    double mean = (double)(count - 1) / 2, variance = ((double)count * (double)count - 1) / 12;
    rank(x, count, a), rank(y, count, b);
    for (long i = 0; i < count; i++) sum += (a[i] - mean) * (b[i] - mean);
    free(a), free(b);
    return sum / (double)count / variance;
}

/* The standard error of Spearman's correlation over 20,000 futures is at most 0.0071; the margin is four of them. */
static void correlations_hold(void **state) {
    (void)state;
    const char *path = make_situation("tied", tied_yaml, tied_model);
    static const char *const designs[] = {"random", "latin", "halton"};
    for (int k = 0; k < 3; k++) {
        pl_explore_options options = {.design = designs[k]};
        pl_ensemble *e = explore_and_read(path, &options);
        long n = e->futures;
        const double *a = e->draws, *alone = e->draws + n, *b = e->draws + 2 * n, *c = e->draws + 3 * n;
        assert_true(fabs(spearman(a, b, n) - 0.6) < 0.03);
        assert_true(fabs(spearman(c, b, n) + 0.3) < 0.03);
        assert_true(fabs(spearman(a, c, n)) < 0.03);
        assert_true(fabs(spearman(a, alone, n)) < 0.03);
        double sum = 0, below = 0; /* the margins stay what they are: medians 2, mean 1/2 */
        for (long f = 0; f < n; f++) sum += a[f], below += b[f] < 2;
        assert_true(fabs(sum / (double)n - 0.5) < 0.009);
        assert_true(fabs(below / (double)n - 0.5) < 0.015);
        pl_ensemble_free(e);
    }
}

/* A correlation changes the later of its uncertainties only, and no other draw. */
static void correlations_change_no_other_draw(void **state) {
    (void)state;
    char text[sizeof tied_yaml];
    memcpy(text, tied_yaml, sizeof text);
    char *from = strstr(text, "correlations"), *to = strstr(text, "measures");
    pl_ensemble *tied = explore_and_read(make_situation("tied", tied_yaml, tied_model), NULL);
    memmove(from, to, strlen(to) + 1);
    pl_ensemble *loose = explore_and_read(make_situation("loose", text, tied_model), NULL);
    size_t n = (size_t)tied->futures;
    for (size_t f = 0; f < n; f++) { /* a is the first of its copula: it only goes to a score and back */
        assert_true(fabs(tied->draws[f] - loose->draws[f]) < 1e-12);
        assert_true(tied->draws[n + f] == loose->draws[n + f]);
    }
    assert_true(tied->draws[2 * n] != loose->draws[2 * n]);
    pl_ensemble_free(tied), pl_ensemble_free(loose);
}

static void weights_are_drawn(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(make_situation("tied", tied_yaml, tied_model), NULL);
    double sum = 0, least = 9, most = 0, product = 0;
    for (long f = 0; f < e->futures; f++) {
        double total = pl_ensemble_measure(e, 0, 0)[f];
        double one = pl_ensemble_payoff(e, 0, 0)[f] / total * 4, two = pl_ensemble_payoff(e, 1, 0)[f] / total;
        sum += one, least = fmin(least, one), most = fmax(most, one);
        product += (one - 1.25) * (two - 1.25);
    }
    double n = (double)e->futures, sd = 1.5 / sqrt(12.0); /* of a uniform number from 0.5 to 2 */
    assert_true(fabs(sum / n - 1.25) < 4 * sd / sqrt(n));
    assert_true(least >= 0.5 - 1e-12 && least < 0.501 && most <= 2 + 1e-12 && most > 1.999);
    assert_true(fabs(product / n) < 4 * sd * sd / sqrt(n)); /* each actor's weight is its own */
    pl_ensemble_free(e);
}

/* Experiments are no samples: the results are there, and studies that take shares refuse them. */
static void experiments_are_no_samples(void **state) {
    (void)state;
    char text[sizeof tied_yaml];
    memcpy(text, tied_yaml, sizeof text);
    char *from = strstr(text, "correlations"), *to = strstr(text, "measures");
    memmove(from, to, strlen(to) + 1);
    pl_explore_options options = {.design = "one-at-a-time", .futures = 9};
    pl_ensemble *e = explore_and_read(make_situation("loose", text, tied_model), &options);
    near(e->draws[0], 0.5), near(e->draws[1], 0.05), near(e->draws[2], 0.95), near(e->draws[3], 0.5);
    pl_comparison *comparison;
    pl_play *play;
    pl_error error;
    assert_int_equal(pl_ensemble_compare(e, 1, &comparison, &error), PL_UNSUPPORTED);
    assert_non_null(strstr(error.message, "no sample"));
    assert_int_equal(pl_ensemble_play(e, NULL, &play, &error), PL_UNSUPPORTED);
    pl_ensemble_free(e);
    pl_situation *s = read_situation(make_situation("tied", tied_yaml, tied_model));
    assert_int_equal(pl_explore(s, &options, in_folder("no.nc"), NULL, &error), PL_USAGE);
    assert_string_equal(error.message, "the design 'one-at-a-time' takes no correlations");
    options.futures = 10;
    assert_int_equal(pl_explore(s, &options, in_folder("no.nc"), NULL, &error), PL_USAGE);
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
        cmocka_unit_test(correlations_hold),
        cmocka_unit_test(correlations_change_no_other_draw),
        cmocka_unit_test(weights_are_drawn),
        cmocka_unit_test(experiments_are_no_samples),
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
        cmocka_unit_test(failed_runs_are_missing_and_counted),
        cmocka_unit_test(all_runs_fail),
        cmocka_unit_test(nothing_to_measure),
        cmocka_unit_test(interruption_keeps_the_part),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(what_is_no_results_file),
        cmocka_unit_test(results_are_used_again),
        cmocka_unit_test(xarray_opens_it),
        cmocka_unit_test(risks_are_judged_in_each_case),
        cmocka_unit_test(conditions_compute),
        cmocka_unit_test(failing_checks_say_when_and_what),
        cmocka_unit_test(a_delay_that_varies),
        cmocka_unit_test(a_delay_that_is_set),
        cmocka_unit_test(checks_may_set_over_time),
        cmocka_unit_test(checks_of_the_line_hold),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
