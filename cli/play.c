/* parley play: the game between the actors. */
#include "output.h"
#include "play_file.h"

int cli_play(const cli_arguments *arguments) {
    int code;
    if (cli_is_game(arguments->operands[0])) return cli_play_file(arguments);
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    pl_play_options options = {.solver = cli_option_text(arguments, CLI_OPTION_SOLVER),
                               .profile = cli_option_text(arguments, CLI_OPTION_PROFILE),
                               .frontier = cli_option_text(arguments, CLI_OPTION_FRONTIER),
                               .limit = cli_option_text(arguments, CLI_OPTION_LIMIT)};
    pl_play *play = NULL;
    pl_error error;
    if (pl_ensemble_play(ensemble, &options, &play, &error) == PL_OK) {
        char *text;
        size_t length;
        pl_status status = pl_play_print(play, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
        code = cli_print(status, text, length);
    } else {
        code = cli_fail(&error);
    }
    pl_play_free(play);
    pl_ensemble_free(ensemble);
    return code;
}
