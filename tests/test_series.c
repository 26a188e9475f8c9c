/* Series that results keep: exact, those of the runs that the measures are taken from, the same bytes however the work
 * is divided, and what the report draws. */
#include "explored.h"

#include <netcdf.h>

#include "ensemble/explore.h"
#include "report/fan.h"

enum { END, WALKED = 11 }; /* measures of the line */
enum { KEPT = 200 };
static const char every_half[] = "\nseries: {variables: [size, part], every: 0.5}\n";
static const char *const walk[] = {"walk"};
static const pl_explore_options with_walk = {.keep_series = walk, .keep_count = 1};

static double *series_of(const pl_ensemble *e, const char *name, int place) {
    double *values = malloc((size_t)e->traces->futures * (size_t)e->traces->points * sizeof *values);
    pl_error error;
    for (int i = 0; i < e->traces->count; i++)
        if (strcmp(e->traces->names[i], name) == 0) {
            if (pl_ensemble_series(e, i, place, values, &error) != PL_OK) fail_msg("%s", error.message);
            return values;
        }
    fail_msg("there is no series of %s", name);
    return values;
}

/* size = start + growth x t, and 3 (t - 4) more under `pushed` from 4 on; part[south] is 0.75 of it. */
static void answers_by_hand(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(change_line("half", NULL, NULL, every_half), NULL);
    const pl_traces *p = e->traces;
    assert_int_equal(p->count, 3);
    assert_int_equal(p->profile_count, 2);
    assert_int_equal(p->futures, KEPT);
    assert_int_equal(p->points, 17); /* 0, 0.5, ... 8: the run ends at 8 */
    for (int place = 0; place < 2; place++) {
        double *size = series_of(e, "size", place), *south = series_of(e, "part[south]", place);
        assert_int_equal(p->profiles[place], place ? 2 : 0);
        for (int i = 0; i < KEPT * 17; i++) {
            double t = 0.5 * (i % 17), pushed = place && t > 4 ? 3 * (t - 4) : 0;
            near(p->times[i % 17], t);
            near(size[i], e->draws[e->futures + i / 17] + e->draws[i / 17] * t + pushed);
            assert_true(south[i] == 0.75 * size[i]);
        }
        free(size), free(south);
    }
    pl_ensemble_free(e);
}

/* The last point has the bits of the measure `final`, noise included; and a variable more or less changes no other. */
static void series_are_of_the_ensembles_own_runs(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(change_line("half", NULL, NULL, every_half), &with_walk);
    pl_ensemble *plain = explore_line();
    for (int place = 0; place < 2; place++) {
        double *size = series_of(e, "size", place), *walked = series_of(e, "walk", place);
        for (int f = 0; f < KEPT; f++) {
            double end = pl_ensemble_measure(plain, END, e->traces->profiles[place])[f];
            double last = pl_ensemble_measure(plain, WALKED, e->traces->profiles[place])[f];
            assert_memory_equal(&size[f * 17 + 16], &end, sizeof end);
            assert_memory_equal(&walked[f * 17 + 16], &last, sizeof last);
        }
        free(size), free(walked);
    }
    pl_ensemble_free(plain);
    pl_ensemble_free(e);
}

/* `run` with a future's draws set has the bits of its series: all variables, and the noise of future 0. */
static void series_are_those_of_run(void **state) {
    (void)state;
    const char *path = change_line("year", NULL, NULL, "\nseries: {variables: [size, part, other]}\n");
    pl_ensemble *e = explore_and_read(path, &with_walk);
    pl_situation *s = read_situation(path);
    assert_int_equal(e->traces->points, 9); /* SAVEPER is 1 */
    for (int f = 0; f < 3; f++) {
        pl_series *series;
        pl_error error;
        pl_set sets[] = {{"growth", e->draws[f]}, {"start", e->draws[e->futures + f]}};
        if (pl_situation_run(s, (pl_choice[]){{"pusher", "push"}}, 1, sets, 2, NULL, &series, &error) != PL_OK)
            fail_msg("%s", error.message);
        int compared = 0;
        for (int c = 0; c < pl_series_columns(series); c++)
            for (int i = 0; i < e->traces->count; i++) {
                const char *name = e->traces->names[i];
                if (strcmp(name, pl_series_name(series, c)) != 0 || (f && strcmp(name, "walk") == 0)) continue;
                double *values = series_of(e, name, 1);
                assert_memory_equal(values + 9 * f, pl_series_values(series, c), 9 * sizeof(double));
                free(values), compared++;
            }
        assert_int_equal(compared, f ? 4 : 5);
        pl_series_free(series);
    }
    pl_situation_free(s);
    pl_ensemble_free(e);
}

/* `every` need not be a multiple of TIME STEP (0.25): the first step that has passed a multiple of it is kept. */
static void points_lie_on_steps(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int points;
        double times[4];
    } rows[] = {{"0.1", 33, {0, 0.25, 0.5, 0.75}},
                {"0.6", 14, {0, 0.75, 1.25, 2}},
                {"3", 3, {0, 3, 6}},
                {"100", 1, {0}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[80];
        snprintf(text, sizeof text, "\nseries: {variables: [size], every: %s}\n", rows[i].text);
        pl_ensemble *e = explore_and_read(change_line("steps", NULL, NULL, text), &(pl_explore_options){.futures = 3});
        assert_int_equal(e->traces->points, rows[i].points);
        assert_int_equal(e->traces->futures, 3);
        for (int k = 0; k < 4 && k < rows[i].points; k++) assert_true(e->traces->times[k] == rows[i].times[k]);
        pl_ensemble_free(e);
    }
}

/* A run that breaks keeps what came before, and is missing from then on; :NA: is missing, too. */
static void what_is_not_finite_is_missing(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(
        make_situation("fragile", "parley: 1\nmodel: model.mdl\nrun: {futures: 50}\n"
                                  "uncertainties: {u: {discrete: {0: 0.5, 2: 0.5}}}\nseries: {variables: [x, y, z]}\n"
                                  "measures: {x: {of: x, take: final}}\n",
                       "z = IF THEN ELSE(Time > 2, :NA:, 7) ~~|" FRAGILE_MODEL),
        NULL);
    double *x = series_of(e, "x", 0), *y = series_of(e, "y", 0), *z = series_of(e, "z", 0);
    assert_int_equal(e->traces->futures, 50);
    for (int f = 0; f < 50; f++)
        for (int t = 0; t < 5; t++) {
            bool broken = e->draws[f] == 0 && t > 0;
            assert_true(broken ? isnan(x[5 * f + t]) : x[5 * f + t] == t / 2.0);
            assert_true(y[5 * f + t] == t);
            assert_true(t > 2 ? isnan(z[5 * f + t]) : z[5 * f + t] == 7);
        }
    free(x), free(y), free(z);
    pl_ensemble_free(e);
}

static void divisions_of_the_work_do_not_show(void **state) {
    (void)state;
    const char *situation = change_line("half", NULL, NULL, every_half);
    const char *first = in_folder("first.nc"), *other = in_folder("other.nc"), *shards[] = {"a.nc", "b.nc"};
    char paths[2][1200];
    const char *parts[2];
    pl_explore_options options = with_walk;
    options.threads = 1;
    explore(situation, &options, first);
    options.threads = 5, options.lanes = 48;
    explore(situation, &options, other);
    expect_same_file(first, other, "5 threads");
    options.shards = 2;
    for (int i = 0; i < 2; i++) {
        snprintf(paths[i], sizeof paths[i], "%s", in_folder(shards[i]));
        parts[1 - i] = paths[i];
        options.shard = i + 1;
        explore(situation, &options, paths[i]);
    }
    pl_merge_summary sums;
    pl_error error;
    if (pl_merge(parts, 2, other, &sums, &error) != PL_OK) fail_msg("%s", error.message);
    assert_int_equal(sums.missing_series, 0);
    expect_same_file(first, other, "two shards");
    assert_int_equal(pl_merge(parts, 1, other, &sums, &error), PL_OK); /* the second shard alone has no series */
    assert_int_equal(sums.missing_series, 8);
    pl_ensemble *e = read_results(other);
    double *size = series_of(e, "size", 0);
    for (int i = 0; i < KEPT * 17; i++) assert_true(isnan(size[i]));
    free(size);
    pl_ensemble_free(e);
}

/* What is kept is part of the inputs; a study is content with more than it needs. */
static void kept_series_are_inputs(void **state) {
    (void)state;
    const char *situation = change_line("half", NULL, NULL, every_half), *path = in_folder("inputs.nc");
    pl_explore_options more = with_walk;
    more.resume = 1;
    explore(situation, NULL, path);
    pl_situation *s = read_situation(situation);
    pl_error error;
    assert_int_equal(pl_explore(s, &more, path, NULL, &error), PL_INVALID);
    assert_int_equal(pl_verify(s, NULL, path, 5, &error), PL_OK);
    static const pl_explore_options *const asked[] = {NULL, &with_walk, NULL, &with_walk};
    static const int runs[] = {0, 1, 0, 0};
    for (int i = 0; i < 4; i++) {
        pl_ensemble *e;
        int ran;
        assert_int_equal(pl_ensemble_obtain(situation, asked[i], path, &ran, &e, NULL, NULL), PL_OK);
        assert_int_equal(ran, runs[i]);
        assert_int_equal(e->traces->count, i ? 4 : 3);
        pl_ensemble_free(e);
    }
    static const char *const none[] = {"wlk"}, *const twice[] = {"walk", "Walk", "size"};
    pl_explore_options wrong = {.keep_series = none, .keep_count = 1}, again = {.keep_series = twice, .keep_count = 3};
    assert_int_equal(pl_explore(s, &wrong, path, NULL, &error), PL_USAGE);
    assert_string_equal(error.message, "the model has no variable 'wlk'; did you mean 'walk'?");
    pl_ensemble *e = explore_and_read(situation, &again);
    assert_int_equal(e->traces->count, 4); /* each comes once */
    pl_ensemble_free(e);
    pl_situation_free(s);
}

/* Changes one value of a series in a results file. */
static void change_value(const char *path, const char *name, double value) {
    int file, id;
    size_t at[3] = {1, 7, 16};
    assert_int_equal(nc_open(path, NC_WRITE, &file), NC_NOERR);
    assert_int_equal(nc_inq_varid(file, name, &id), NC_NOERR);
    assert_int_equal(nc_put_var1_double(file, id, at, &value), NC_NOERR);
    assert_int_equal(nc_close(file), NC_NOERR);
}

/* The fans are drawn of what the file keeps, and are those that running it again gives. */
static void fans_are_read(void **state) {
    (void)state;
    const char *path = in_folder("fans.nc");
    static const long profiles[] = {0, 2, 5}; /* the last has no name, so that it is run */
    explore(change_line("half", NULL, NULL, every_half), &with_walk, path);
    pl_ensemble *e = read_results(path);
    pl_fans *read, *run;
    pl_traces *kept = e->traces;
    pl_error error;
    if (pl_fans_make(e, profiles, 3, &read, &error) != PL_OK) fail_msg("%s", error.message);
    assert_int_equal(read->variable_count, 4);
    assert_int_equal(read->point_count, 17);
    assert_true(read->act_from == 4);
    e->situation->measures[0].spec.variable = kept->outputs[3].variable; /* walk, in place of what `end` measures */
    e->situation->series_every = 0.5, e->situation->measure_count = 1, e->traces = NULL;
    if (pl_fans_make(e, profiles, 3, &run, &error) != PL_OK) fail_msg("%s", error.message);
    for (int k = 0; k < 3; k++)
        assert_memory_equal(pl_fan_of(read, 3, k)->paths, pl_fan_of(run, 0, k)->paths, 17 * KEPT * sizeof(double));
    pl_fans_free(read), pl_fans_free(run);
    e->traces = kept;
    pl_ensemble_free(e);

    change_value(path, "series_walk", 1e6);
    e = read_results(path);
    if (pl_fans_make(e, profiles, 3, &read, &error) != PL_OK) fail_msg("%s", error.message);
    assert_true(pl_fan_of(read, 3, 1)->paths[16 * KEPT + 7] == 1e6);
    pl_fans_free(read);
    pl_ensemble_free(e);
    pl_situation *s = read_situation(in_folder("half"));
    assert_int_equal(pl_verify(s, &with_walk, path, 3, &error), PL_INVALID);
    assert_non_null(strstr(error.message, "walk under 'Pushed' in future 7"));
    pl_situation_free(s);
}

static pl_status try_to_explore(const char *text, pl_error *error) {
    pl_situation *s;
    pl_status status = pl_situation_read(change_line("wrong", NULL, NULL, text), &s, NULL, error);
    if (status == PL_OK) status = pl_explore(s, NULL, in_folder("wrong.nc"), NULL, error);
    pl_situation_free(s);
    return status;
}

static void what_cannot_be_kept(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"\nseries: {variables: [syze]}\n", "the model has no variable 'syze'; did you mean 'size'?"},
        {"\nseries: {variables: size}\n", "'variables' must be a list"},
        {"\nseries: {variables: [size], every: 0}\n", "'every' must be above 0"},
        {"\nseries: {every: 1}\n", "'series' needs the key 'variables'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pl_error error;
        assert_int_equal(try_to_explore(rows[i].text, &error), PL_INVALID);
        assert_string_equal(error.message, rows[i].message);
    }
    pl_situation *s = read_situation(make_situation(
        "long", "parley: 1\nmodel: model.mdl\nseries: {variables: [x]}\nmeasures: {x: {of: x, take: final}}\n",
        "x = INTEG(1, 0) ~~| INITIAL TIME = 0 ~~| FINAL TIME = 20000 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|"));
    pl_error error;
    assert_int_equal(pl_explore(s, NULL, in_folder("long.nc"), NULL, &error), PL_INVALID);
    assert_string_equal(error.message,
                        "the series have 20001 points in time; at most 10000 are kept: a longer 'every' gives fewer");
    pl_situation_free(s);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    pl_situation *s = read_situation(change_line("half", NULL, NULL, every_half));
    pl_explore_options options = {.futures = 20, .threads = 1, .keep_series = walk, .keep_count = 1};
    const char *path = in_folder("memory.nc");
    pl_status status;
    long n = 1;
    do {
        pl_allocation_fail_after(n++);
        status = pl_explore(s, &options, path, NULL, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
    } while (status != PL_OK);
    n = 1;
    do {
        pl_ensemble *e;
        pl_fans *fans = NULL;
        pl_allocation_fail_after(n++);
        status = pl_ensemble_read(path, &e, NULL);
        if (status == PL_OK) status = pl_fans_make(e, (const long[]){0, 1}, 2, &fans, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        pl_fans_free(fans);
        pl_ensemble_free(e);
    } while (status != PL_OK);
    pl_situation_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_by_hand),
        cmocka_unit_test(series_are_of_the_ensembles_own_runs),
        cmocka_unit_test(series_are_those_of_run),
        cmocka_unit_test(points_lie_on_steps),
        cmocka_unit_test(what_is_not_finite_is_missing),
        cmocka_unit_test(divisions_of_the_work_do_not_show),
        cmocka_unit_test(kept_series_are_inputs),
        cmocka_unit_test(fans_are_read),
        cmocka_unit_test(what_cannot_be_kept),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
