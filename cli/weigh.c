/* parley weigh: how well courses hold up. */
#include <string.h>

#include "output.h"

int cli_weigh(const cli_arguments *arguments) {
    int code;
    pl_weigh_options options = {.actor = cli_option_text(arguments, CLI_OPTION_ACTOR),
                                .against = cli_option_text(arguments, CLI_OPTION_AGAINST),
                                .where = cli_option_text(arguments, CLI_OPTION_WHERE),
                                .alpha_given = cli_option_given(arguments, CLI_OPTION_ALPHA),
                                .all = cli_option_given(arguments, CLI_OPTION_ALL)};
    if (!cli_option_number(arguments, CLI_OPTION_ALPHA, &options.alpha)) return pl_status_exit_code(PL_USAGE);
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    pl_weighing *weighing = NULL;
    pl_error error;
    if (pl_ensemble_weigh(ensemble, &options, &weighing, &error) == PL_OK) {
        const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
        bool table = path && strlen(path) > 4 && strcmp(path + strlen(path) - 4, ".csv") == 0;
        char *text;
        size_t length;
        pl_status status = pl_weighing_print(weighing, table ? PL_FORMAT_CSV : cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
        code = cli_write(arguments, status, text, length);
    } else {
        code = cli_fail(&error);
    }
    pl_weighing_free(weighing);
    pl_ensemble_free(ensemble);
    return code;
}
