/* parley fit: what a situation's data say about its uncertainties, and futures that agree with them. */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "progress.h"

/* Writes the futures, and tells where; "-" has them alone on standard output. */
static int print(const cli_arguments *arguments, const pl_fit *fit) {
    const char *output = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    char standard[4096], *text;
    size_t length;
    pl_error error;
    pl_status status = pl_fit_print_futures(fit, &text, &length);
    if (output && strcmp(output, "-") == 0) return cli_print(status, text, length);
    if (status != PL_OK) return cli_print(status, text, length);
    pl_fit_futures_path(fit, standard, sizeof standard);
    if (!output) output = standard;
    status = pl_file_write(output, text, length, &error);
    pl_text_free(text);
    if (status != PL_OK) return cli_fail(&error);
    status = pl_fit_print(fit, output, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    return cli_print(status, text, length);
}

int cli_fit(const cli_arguments *arguments) {
    pl_explore_options explore;
    pl_inputs inputs;
    int code;
    if (!cli_drawn_options(arguments, &explore)) return pl_status_exit_code(PL_USAGE);
    if ((code = cli_try_output(arguments)) != 0) return code;
    if (!cli_inputs(arguments, &inputs)) return pl_status_exit_code(PL_MEMORY);
    pl_fit_options options = {CLI_AS_EXPLORED(explore)};
    pl_findings *findings = pl_findings_new();
    pl_fit *fit = NULL;
    pl_error error;
    double began = cli_seconds();
    pl_status status = pl_situation_fit_with(arguments->operands[0], &inputs, &options, &fit, findings, &error);
    cli_progress_end();
    cli_inputs_free(&inputs);
    if (status == PL_OK) {
        cli_warn(arguments, findings);
        if (cli_option_given(arguments, CLI_OPTION_TIMING)) cli_say(arguments, "%.2f s\n", cli_seconds() - began);
    }
    code = status == PL_OK ? print(arguments, fit) : cli_fail_with(findings, &error);
    pl_fit_free(fit);
    pl_findings_free(findings);
    return code;
}
