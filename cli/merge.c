/* parley merge: the .part files of shards into one results file. */
#include <stdio.h>
#include <string.h>

#include "output.h"

int cli_merge(const cli_arguments *arguments) {
    const char *output = cli_option_text(arguments, CLI_OPTION_RESULTS);
    pl_merge_summary summary;
    pl_error error;
    if (!output || strcmp(output, "-") == 0) {
        fprintf(stderr, "parley merge: --output must name the results file\n");
        return pl_status_exit_code(PL_USAGE);
    }
    if (pl_merge((const char *const *)arguments->operands, arguments->operand_count, output, &summary, &error) != PL_OK)
        return cli_fail(&error);
    char *text;
    size_t length;
    pl_status status = pl_merge_print(&summary, output, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    int code = cli_print(status, text, length);
    return code == 0 && (summary.missing || summary.missing_series) ? pl_status_exit_code(PL_FILE) : code;
}
