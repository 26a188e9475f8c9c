/* The ensemble that a study is asked about: a results file is read, a situation's is obtained.  See output.h. */
#include <stdio.h>

#include "output.h"
#include "progress.h"

bool cli_only_reads(const cli_arguments *arguments) {
    const cli_option_id options[] = {CLI_OPTION_FUTURES, CLI_OPTION_SEED,    CLI_OPTION_DESIGN,
                                     CLI_OPTION_DATA,    CLI_OPTION_CHANGES, CLI_OPTION_KEEP_SERIES,
                                     CLI_OPTION_COURSES};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!cli_option_given(arguments, options[i])) continue;
        fprintf(stderr, "parley %s: --%s needs a situation: a results file is read as it is\n",
                arguments->command->name, cli_options[options[i]].name);
        return false;
    }
    return true;
}

static pl_ensemble *obtain_with(const cli_arguments *arguments, const cli_courses *courses, int *code) {
    pl_explore_options options;
    pl_explore_summary summary = {0};
    pl_ensemble *ensemble = NULL;
    pl_error error;
    pl_inputs inputs;
    int ran = 0;
    *code = pl_status_exit_code(PL_USAGE);
    if (!cli_explore_options(arguments, &options)) return NULL;
    *code = pl_status_exit_code(PL_MEMORY);
    if (!cli_inputs(arguments, &inputs)) return NULL;
    inputs.courses = courses->choices, inputs.course_count = courses->count;
    pl_status status = pl_ensemble_obtain_with(arguments->operands[0], &inputs, &options, NULL, &ran, &ensemble,
                                               &summary, &error);
    cli_inputs_free(&inputs);
    cli_progress_end();
    if (status != PL_OK) {
        *code = cli_fail(&error);
        return NULL;
    }
    if (ran)
        cli_say(arguments, "ran %ld cases in %.2f s, %ld failed\n", summary.cases, summary.seconds, summary.failed);
    *code = 0;
    return ensemble;
}

static pl_ensemble *obtain(const cli_arguments *arguments, int *code) {
    cli_courses courses;
    *code = pl_status_exit_code(PL_USAGE);
    pl_ensemble *ensemble = cli_courses_read(arguments, &courses) ? obtain_with(arguments, &courses, code) : NULL;
    cli_courses_free(&courses);
    return ensemble;
}

static pl_ensemble *read_results(const cli_arguments *arguments, int *code) {
    pl_ensemble *ensemble = NULL;
    pl_error error;
    *code = pl_status_exit_code(PL_USAGE);
    if (!cli_only_reads(arguments)) return NULL;
    *code = 0;
    if (pl_ensemble_read(arguments->operands[0], &ensemble, &error) != PL_OK) *code = cli_fail(&error);
    return ensemble;
}

pl_ensemble *cli_ensemble(const cli_arguments *arguments, int *code) {
    bool results = cli_is_results(arguments->operands[0]);
    pl_ensemble *ensemble = results ? read_results(arguments, code) : obtain(arguments, code);
    pl_findings *findings = pl_findings_new();
    if (ensemble) pl_ensemble_warn(ensemble, findings);
    cli_warn(arguments, findings);
    pl_findings_free(findings);
    return ensemble;
}
