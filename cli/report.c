/* parley report: one HTML file. */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "progress.h"

bool cli_report_options(const cli_arguments *arguments, pl_report_options *options) {
    pl_explore_options explore = {0};
    bool results = cli_is_results(arguments->operands[0]);
    if (results && cli_option_given(arguments, CLI_OPTION_STAGED)) {
        fprintf(stderr, "parley %s: --staged needs a situation: a results file is read as it is\n",
                arguments->command->name);
        return false;
    }
    if (!results && !cli_explore_options(arguments, &explore)) return false;
    /* with files of its own, the situation at the path alone is another one */
    bool other = results || cli_option_given(arguments, CLI_OPTION_DATA) ||
                 cli_option_given(arguments, CLI_OPTION_CHANGES);
    *options = (pl_report_options){.situation_path = other ? NULL : arguments->operands[0],
                                   .threads = explore.threads,
                                   .staged = cli_option_given(arguments, CLI_OPTION_STAGED),
                                   .progress = explore.progress,
                                   .context = explore.context};
    return true;
}

static int write_report(const cli_arguments *arguments, const pl_ensemble *ensemble) {
    const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    pl_report_options options;
    char *text = NULL;
    size_t length;
    pl_error error;
    if (!cli_report_options(arguments, &options)) return pl_status_exit_code(PL_USAGE);
    options.findings = pl_findings_new();
    pl_status status = pl_report_print(ensemble, &options, &text, &length, &error);
    cli_progress_end();
    if (status == PL_OK) cli_warn(arguments, options.findings);
    pl_findings_free(options.findings);
    if (status != PL_OK) return cli_fail(&error);
    return cli_write_said(arguments, path ? path : "report.html", text, length);
}

int cli_report(const cli_arguments *arguments) {
    int code;
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    code = write_report(arguments, ensemble);
    pl_ensemble_free(ensemble);
    return code;
}
