/* parley sense: what outputs hinge on, of a situation, of results or of a table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "progress.h"

static int print(const cli_arguments *arguments, const pl_sense *sense) {
    char *text;
    size_t length;
    pl_format other = cli_option_given(arguments, CLI_OPTION_OUTPUT) ? PL_FORMAT_CSV : PL_FORMAT_TEXT;
    pl_status status = pl_sense_print(sense, cli_format(arguments, other), &text, &length);
    return cli_write(arguments, status, text, length);
}

static pl_status study_situation(const cli_arguments *arguments, const pl_sense_options *options, pl_sense **sense,
                                 pl_findings *findings, pl_error *error) {
    pl_inputs inputs;
    pl_situation *situation = NULL;
    if (!cli_inputs(arguments, &inputs)) return PL_MEMORY;
    pl_status status = pl_situation_read_with(arguments->operands[0], &inputs, &situation, findings, error);
    cli_inputs_free(&inputs);
    if (status == PL_OK) status = pl_situation_sense(situation, options, sense, error);
    pl_situation_free(situation);
    return status;
}

static pl_status study_results(const cli_arguments *arguments, const pl_sense_options *options, pl_sense **sense,
                               pl_findings *findings, pl_error *error) {
    pl_ensemble *ensemble;
    pl_status status = pl_ensemble_read(arguments->operands[0], &ensemble, error);
    if (status == PL_OK) pl_ensemble_warn(ensemble, findings);
    if (status == PL_OK) status = pl_ensemble_sense(ensemble, options, sense, error);
    pl_ensemble_free(ensemble);
    return status;
}

static int study(const cli_arguments *arguments, const pl_sense_options *options) {
    const char *path = arguments->operands[0];
    pl_sense *sense = NULL;
    pl_error error = {0};
    pl_findings *findings = pl_findings_new();
    pl_status status = cli_is_table(path)     ? pl_table_sense(path, options, &sense, &error)
                       : cli_is_results(path) ? study_results(arguments, options, &sense, findings, &error)
                                              : study_situation(arguments, options, &sense, findings, &error);
    cli_progress_end();
    if (status == PL_OK) cli_warn(arguments, findings);
    int code = status == PL_OK ? print(arguments, sense) : cli_fail_with(findings, &error);
    pl_sense_free(sense);
    pl_findings_free(findings);
    return code;
}

/* Options that what is asked would pass over. */
static bool fits(const cli_arguments *arguments) {
    bool table = cli_is_table(arguments->operands[0]);
    const cli_option_id others[] = {CLI_OPTION_FUTURES, CLI_OPTION_DATA,      CLI_OPTION_CHANGES,
                                    CLI_OPTION_PROFILE, CLI_OPTION_OVER_TIME, CLI_OPTION_INPUT};
    if (cli_is_results(arguments->operands[0]) && !cli_only_reads(arguments)) return false;
    for (size_t i = table ? 0 : 5; i < (table ? 5 : sizeof others / sizeof *others); i++) {
        if (!cli_option_given(arguments, others[i])) continue;
        fprintf(stderr, "parley sense: --%s %s\n", cli_options[others[i]].name,
                table ? "needs a situation, not a table" : "needs a table in a CSV file");
        return false;
    }
    return true;
}

/* A file of futures is what it is; nothing is drawn in its place. */
static bool draws_as_said(const cli_arguments *arguments, const pl_explore_options *explore) {
    bool file = cli_option_given(arguments, CLI_OPTION_FUTURES) && !explore->futures;
    if (!file || !explore->design) return true;
    fprintf(stderr, "parley sense: --design does not go with a file of futures: it needs how many to draw\n");
    return false;
}

int cli_sense(const cli_arguments *arguments) {
    pl_explore_options explore;
    long long resamples = 0;
    if (!fits(arguments) || !cli_explore_options(arguments, &explore) || !draws_as_said(arguments, &explore) ||
        !cli_option_whole(arguments, CLI_OPTION_RESAMPLES, 2, &resamples))
        return pl_status_exit_code(PL_USAGE);
    pl_sense_options options = {.profile = cli_option_text(arguments, CLI_OPTION_PROFILE),
                                .over_time = cli_option_text(arguments, CLI_OPTION_OVER_TIME),
                                .design = explore.design,
                                .resamples = resamples > 100000 ? 100000 : (int)resamples,
                                CLI_AS_EXPLORED(explore)};
    const char **of = cli_option_texts(arguments, CLI_OPTION_OF, &options.of_count);
    const char **inputs = cli_option_texts(arguments, CLI_OPTION_INPUT, &options.input_count);
    options.of = of, options.inputs = inputs;
    int code = of && inputs ? study(arguments, &options) : cli_print(PL_MEMORY, NULL, 0);
    free(of), free(inputs);
    return code;
}
