/* parley run: one run, every saved value. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output.h"
#include "progress.h"

typedef struct request {
    cli_pairs sets, courses;
    pl_inputs inputs;
    pl_set *set;
    pl_choice *choice;
    long long seed;
    bool timed; /* --timing */
    double began;
    const cli_arguments *arguments;
} request;

static bool read_values(request *r) {
    r->set = calloc((size_t)r->sets.count + 1, sizeof *r->set);
    r->choice = calloc((size_t)r->courses.count + 1, sizeof *r->choice);
    if (!r->set || !r->choice) return false;
    for (int i = 0; i < r->sets.count; i++) {
        char *end;
        r->set[i] = (pl_set){r->sets.names[i], strtod(r->sets.values[i], &end)};
        if (end == r->sets.values[i] || *end || !isfinite(r->set[i].value)) {
            fprintf(stderr, "parley run: --set %s needs a number, not '%s'\n", r->sets.names[i], r->sets.values[i]);
            return false;
        }
    }
    for (int i = 0; i < r->courses.count; i++) r->choice[i] = (pl_choice){r->courses.names[i], r->courses.values[i]};
    return true;
}

/* What the run took, and where the time goes: of all variables of the model, with its own constants. */
static void time_model(const request *r, const pl_model *model, pl_series *series) {
    pl_timing *timing;
    if (!r->timed || !series) return;
    cli_say(r->arguments, "%.4f s\n", cli_seconds() - r->began);
    if (pl_model_time(model, (uint64_t)r->seed, &timing, NULL) != PL_OK) return;
    cli_say_timing(r->arguments, timing);
    pl_series_take_timing(series, timing);
}

static pl_status run_model(const char *path, const request *r, pl_findings *findings, pl_series **series,
                           pl_error *error) {
    pl_model *model = NULL;
    pl_status status = pl_model_read_with(path, &r->inputs, &model, findings, error);
    if (status == PL_OK)
        status = pl_model_run(model, r->set, r->sets.count, (uint64_t)r->seed, series, error);
    if (model) time_model(r, model, *series);
    pl_model_free(model);
    return status;
}

static pl_status run_situation(const char *path, const request *r, bool seeded, pl_findings *findings,
                               pl_series **series, pl_error *error) {
    pl_situation *situation = NULL;
    pl_status status = pl_situation_read_with(path, &r->inputs, &situation, findings, error);
    uint64_t seed = (uint64_t)r->seed;
    if (status == PL_OK)
        status = pl_situation_run(situation, r->choice, r->courses.count, r->set, r->sets.count,
                                  seeded ? &seed : NULL, series, error);
    if (situation) time_model(r, pl_situation_model(situation), *series);
    pl_situation_free(situation);
    return status;
}

/* Of a run that did not fail: its stocks are finite, other variables need not be. */
static void warn_not_finite(const cli_arguments *arguments, const pl_series *series) {
    int column, row, count = pl_series_not_finite(series, &column, &row);
    if (!count) return;
    char more[64] = "";
    if (count > 1) snprintf(more, sizeof more, "; nor are %d more variables, then or later", count - 1);
    if (count == 2) snprintf(more, sizeof more, "; nor is 1 more variable, then or later");
    cli_say(arguments, "%s: warning: %s is not finite at time %.10g%s\n", arguments->operands[0],
            pl_series_name(series, column), pl_series_times(series)[row], more);
}

static int write_series(const cli_arguments *arguments, pl_status status, pl_series *series, const pl_error *error) {
    int code = status == PL_OK ? 0 : cli_fail(error); /* of a failed run, what came before is printed all the same */
    char *text;
    size_t length;
    cli_screen screen = cli_screen_of(arguments, 100);
    pl_status printed = screen ? pl_series_show(series, screen == CLI_DRAWN, &text, &length)
                               : pl_series_print(series, cli_format(arguments, PL_FORMAT_CSV), &text, &length);
    int problem = cli_write(arguments, printed, text, length);
    return code ? code : problem;
}

static int run(const cli_arguments *arguments, const request *r) {
    const char *path = arguments->operands[0];
    bool situation = cli_is_situation(path);
    if (!situation && r->courses.count) {
        fprintf(stderr, "parley run: --course needs a situation, and '%s' is a model\n", path);
        return pl_status_exit_code(PL_USAGE);
    }
    pl_findings *findings = pl_findings_new();
    pl_series *series = NULL;
    pl_error error;
    pl_status status =
        situation ? run_situation(path, r, cli_option_given(arguments, CLI_OPTION_SEED), findings, &series, &error)
                  : run_model(path, r, findings, &series, &error);
    int code;
    if (series) {
        cli_warn(arguments, findings);
        if (status == PL_OK) warn_not_finite(arguments, series);
        code = write_series(arguments, status, series, &error);
    } else {
        code = cli_fail_with(findings, &error);
    }
    pl_series_free(series);
    pl_findings_free(findings);
    return code;
}

int cli_run(const cli_arguments *arguments) {
    request r = {.timed = cli_option_given(arguments, CLI_OPTION_TIMING),
                 .began = cli_seconds(),
                 .arguments = arguments};
    int code = pl_status_exit_code(PL_USAGE);
    if (cli_inputs(arguments, &r.inputs) && cli_option_pairs(arguments, CLI_OPTION_SET, &r.sets) &&
        cli_option_pairs(arguments, CLI_OPTION_COURSE, &r.courses) &&
        cli_option_whole(arguments, CLI_OPTION_SEED, 0, &r.seed) && read_values(&r))
        code = run(arguments, &r);
    cli_inputs_free(&r.inputs);
    cli_pairs_free(&r.sets);
    cli_pairs_free(&r.courses);
    free(r.set);
    free(r.choice);
    return code;
}
