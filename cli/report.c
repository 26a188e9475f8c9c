/* parley report: one HTML file. */
#include <stdio.h>
#include <string.h>

#include "output.h"

static int write_report(const cli_arguments *arguments, const pl_ensemble *ensemble) {
    const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    pl_report_options options = {.situation_path = cli_is_results(arguments->operands[0]) ? NULL : arguments->operands[0]};
    char *text = NULL;
    size_t length;
    pl_error error;
    if (!path) path = "report.html";
    if (pl_report_print(ensemble, &options, &text, &length, &error) != PL_OK) return cli_fail(&error);
    return cli_write_said(arguments, path, text, length);
}

int cli_report(const cli_arguments *arguments) {
    int code;
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    code = write_report(arguments, ensemble);
    pl_ensemble_free(ensemble);
    return code;
}
