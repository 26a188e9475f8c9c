/* What goes wrong on the way to results: runs that fail, interruption, full disks, want of memory, files that are no
 * results; and what is read of those that are. */
#include "explored.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* ---- failed runs ---------------------------------------------------------------------------------------- */

static void failed_runs_are_missing_and_counted(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(
        make_situation("fragile", "parley: 1\nmodel: model.mdl\nrun: {futures: 100}\n"
                                  "uncertainties: {u: {discrete: {0: 0.5, 2: 0.5}}, v: {uniform: [0, 1]}}\n"
                                  "measures: {x: {of: x, take: final}, y: {of: y, take: final}}\n", FRAGILE_MODEL),
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

/* The first failed case by profile, then by future: its variable and its time, however the work is divided. */
static void a_failure_is_named(void **state) {
    (void)state;
    const char *path = make_situation("named", "parley: 1\nmodel: model.mdl\nrun: {futures: 1200}\n"
                                               "actors: {a: {courses: {calm: {}, late: {set: {v: {2: 5}}}}}}\n"
                                               "uncertainties: {u: {discrete: {0: 0.01, 2: 0.99}}}\n"
                                               "measures: {x: {of: x, take: final}}\n", FRAGILE_MODEL);
    pl_ensemble *e = explore_and_read(path, NULL);
    long first = 0, count = 0;
    while (first < e->futures && e->draws[first] != 0) first++;
    assert_true(first > 0 && first < e->futures);
    for (long f = 0; f < e->futures; f++) count += 2 * (e->draws[f] == 0);
    pl_situation *s = read_situation(path);
    for (int way = 0; way < 3; way++) { /* one thread, three, a shard */
        pl_explore_options options = {.threads = way == 1 ? 3 : 1, .shard = 1, .shards = way == 2};
        pl_explore_summary sums;
        pl_error error;
        if (pl_explore(s, &options, in_folder("named.nc"), &sums, &error) != PL_OK) fail_msg("%s", error.message);
        assert_int_equal(sums.failed, count);
        assert_int_equal(sums.failed_profile, 0);
        assert_int_equal(sums.failed_future, first);
        assert_string_equal(sums.failed_variable, "x");
        assert_true(sums.failed_time == 1);
    }
    pl_situation_free(s);
    pl_ensemble_free(e);
}

static void all_runs_fail(void **state) {
    (void)state;
    pl_situation *s = read_situation(
        make_situation("broken", "parley: 1\nmodel: model.mdl\nrun: {futures: 5}\n"
                                 "actors: {a: {courses: {break: {set: {u: 0}}}}}\n"
                                 "measures: {x: {of: x, take: final}}\n", FRAGILE_MODEL));
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
    pl_situation *s = read_situation(make_situation("empty", "parley: 1\nmodel: model.mdl\n", FRAGILE_MODEL));
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

static void limit_files(rlim_t size) {
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static const char *const kept[] = {"size", "walk"};
static const pl_explore_options many = {.futures = 5120, .threads = 2, .keep_series = kept, .keep_count = 2};

/* Explores with a limit, and again without: the message says how to go on, and --resume gives the bytes of one that ran
 * through.  In the way of a child, whose end closes what libhdf5 could not write. */
static int fill_the_disk(rlim_t size, const char *path, const char *whole) {
    pl_situation *s = read_situation(under_root("tests/situations/linear"));
    pl_error error;
    pl_explore_options options = many;
    signal(SIGXFSZ, SIG_IGN);
    limit_files(size);
    if (pl_explore(s, &options, path, NULL, &error) != PL_FILE) return 1;
    if (!strstr(error.message, "cannot be written")) return 2;
    if (!strstr(error.message, ".part: the same command with --resume goes on there")) return 3;
    if (exists(path)) return 4;
    limit_files(RLIM_INFINITY);
    options.resume = 1;
    if (pl_explore(s, &options, path, NULL, &error) != PL_OK) return 5;
    pl_situation_free(s);
    size_t m, n;
    char *x = slurp(path, &m), *y = slurp(whole, &n);
    bool same = m == n && memcmp(x, y, m) == 0;
    free(x), free(y);
    return same ? 0 : 6;
}

/* The limits are met by the records, by the series (behind them in FILE.part), and by FILE.nc, which is longer. */
static void a_full_disk(void **state) {
    (void)state;
    const char *whole = in_folder("whole.nc");
    explore(under_root("tests/situations/linear"), &many, whole);
    struct stat facts;
    stat(whole, &facts);
    const double shares[] = {0.01, 0.5, 0.93, 0.99};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        pid_t child = fork();
        if (child == 0) {
            int wrong = fill_the_disk((rlim_t)(shares[i] * (double)facts.st_size), in_folder("full.nc"), whole);
            exit(wrong); /* what libhdf5 does at the end is part of it */
        }
        int code;
        waitpid(child, &code, 0);
        if (!WIFEXITED(code) || WEXITSTATUS(code) != 0) fail_msg("at %g of the file: status %d", shares[i], code);
        unlink(in_folder("full.nc"));
    }
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
    const char *situation = change_line("again", "  begin:", "  gain:", ""), *path = in_folder("again.nc");
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failed_runs_are_missing_and_counted),
        cmocka_unit_test(a_failure_is_named),
        cmocka_unit_test(all_runs_fail),
        cmocka_unit_test(nothing_to_measure),
        cmocka_unit_test(interruption_keeps_the_part),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(what_is_no_results_file),
        cmocka_unit_test(results_are_used_again),
        cmocka_unit_test(xarray_opens_it),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
