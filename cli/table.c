/* parley table: profiles x measures. */
#include "output.h"

int cli_table(const cli_arguments *arguments) {
    int code;
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    pl_comparison *comparison = NULL;
    pl_error error;
    if (pl_ensemble_compare(ensemble, cli_option_given(arguments, CLI_OPTION_ALL), &comparison, &error) == PL_OK) {
        bool to_file = cli_option_given(arguments, CLI_OPTION_OUTPUT);
        char *text;
        size_t length;
        pl_format format = cli_format(arguments, to_file ? PL_FORMAT_CSV : PL_FORMAT_TEXT);
        bool drawn = cli_screen_of(arguments, 118) == CLI_DRAWN;
        pl_status status = drawn ? pl_comparison_show(comparison, 1, &text, &length)
                                 : pl_comparison_print(comparison, format, &text, &length);
        code = cli_write(arguments, status, text, length);
    } else {
        code = cli_fail(&error);
    }
    pl_comparison_free(comparison);
    pl_ensemble_free(ensemble);
    return code;
}
