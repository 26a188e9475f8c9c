/* parley report: one HTML file. */
#include <stdio.h>
#include <string.h>

#include "output.h"

static int write_report(const cli_arguments *arguments, const pl_ensemble *ensemble) {
    const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    char *text = NULL;
    size_t length;
    pl_error error;
    if (!path) path = "report.html";
    if (pl_report_print(ensemble, &text, &length, &error) != PL_OK) return cli_fail(&error);
    if (strcmp(path, "-") == 0) return cli_print(PL_OK, text, length);
    pl_status status = pl_file_write(path, text, length, &error);
    pl_text_free(text);
    if (status != PL_OK) return cli_fail(&error);
    status = pl_written_print(path, length, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    return cli_print(status, text, length);
}

int cli_report(const cli_arguments *arguments) {
    int code;
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    code = write_report(arguments, ensemble);
    pl_ensemble_free(ensemble);
    return code;
}
