/* parley claims: tests what the sources of a situation say. */
#include <stdio.h>

#include "output.h"
#include "progress.h"

static int print(const cli_arguments *arguments, const pl_claim_tests *tests, bool whole) {
    char *text;
    size_t length;
    pl_format other = cli_option_given(arguments, CLI_OPTION_OUTPUT) ? PL_FORMAT_CSV : PL_FORMAT_TEXT;
    pl_status status = pl_claim_tests_print(tests, whole, cli_format(arguments, other), &text, &length);
    return cli_write(arguments, status, text, length);
}

int cli_claims(const cli_arguments *arguments) {
    pl_explore_options explore;
    pl_inputs inputs;
    int code;
    if (!cli_explore_options(arguments, &explore)) return pl_status_exit_code(PL_USAGE);
    if ((code = cli_try_output(arguments)) != 0) return code;
    if (!cli_inputs(arguments, &inputs)) return pl_status_exit_code(PL_MEMORY);
    pl_claims_options options = {.id = cli_option_text(arguments, CLI_OPTION_ID), .design = explore.design,
                                 CLI_AS_EXPLORED(explore)};
    pl_findings *findings = pl_findings_new();
    pl_claim_tests *tests = NULL;
    pl_error error;
    double began = cli_seconds();
    pl_status status = pl_claims_test_with(arguments->operands[0], &inputs, &options, &tests, findings, &error);
    cli_progress_end();
    cli_inputs_free(&inputs);
    if (status == PL_OK) cli_warn(arguments, findings);
    if (status == PL_OK && cli_option_given(arguments, CLI_OPTION_TIMING))
        cli_say(arguments, "%.2f s\n", cli_seconds() - began);
    code = status == PL_OK ? print(arguments, tests, options.id != NULL) : cli_fail_with(findings, &error);
    pl_claim_tests_free(tests);
    pl_findings_free(findings);
    return code;
}
