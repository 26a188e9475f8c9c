/* parley play GAME.nfg|GAME.efg: a game as Gambit's files hold it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "play_file.h"

bool cli_is_game(const char *path) { return cli_ends_with(path, ".nfg") || cli_ends_with(path, ".efg"); }

bool cli_lambda(const cli_arguments *arguments, double *lambda) {
    const char *text = cli_option_text(arguments, CLI_OPTION_LAMBDA);
    char *end;
    *lambda = 0;
    if (!text) return true;
    *lambda = strtod(text, &end);
    if (end != text && !*end && *lambda > 0 && *lambda < 1e300) return true;
    fprintf(stderr, "parley play: --lambda needs a number above 0, not '%s'\n", text);
    return false;
}

/* The game itself, in the other or the same format. */
static int write_game(const cli_arguments *arguments, const pl_game_file *file) {
    const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    char *text;
    size_t length;
    pl_error error;
    pl_game_format format = cli_ends_with(path, ".efg") ? PL_GAME_EFG : PL_GAME_NFG;
    if (pl_game_file_write(file, format, &text, &length, &error) != PL_OK) return cli_fail(&error);
    return cli_write_said(arguments, path, text, length);
}

static int solve_game(const cli_arguments *arguments, const pl_game *game, const pl_solve_options *options) {
    pl_solution *solution;
    pl_error error;
    char *text;
    size_t length;
    if (pl_game_solve(game, cli_option_text(arguments, CLI_OPTION_SOLVER), options, &solution, &error) != PL_OK)
        return cli_fail(&error);
    pl_status status = pl_solution_print(game, solution, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    pl_solution_free(solution);
    return cli_print(status, text, length);
}

static int solve_tree(const cli_arguments *arguments, const pl_game_file *file, const pl_solve_options *options) {
    pl_tree_solution *solution;
    pl_error error;
    char *text;
    size_t length;
    if (pl_game_file_solve(file, cli_option_text(arguments, CLI_OPTION_SOLVER), options, &solution, &error) != PL_OK)
        return cli_fail(&error);
    pl_status status = pl_tree_solution_print(solution, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    pl_tree_solution_free(solution);
    return cli_print(status, text, length);
}

static int solve(const cli_arguments *arguments, const pl_game_file *file) {
    pl_solve_options options = {0};
    if (!cli_lambda(arguments, &options.lambda)) return pl_status_exit_code(PL_USAGE);
    const pl_game *game = pl_game_file_game(file);
    return game ? solve_game(arguments, game, &options) : solve_tree(arguments, file, &options);
}

int cli_play_file(const cli_arguments *arguments) {
    pl_findings *findings = pl_findings_new();
    pl_game_file *file = NULL;
    pl_error error;
    int code;
    if (pl_game_file_read(arguments->operands[0], &file, findings, &error) != PL_OK) {
        code = cli_fail_with(findings, &error);
    } else {
        cli_warn(arguments, findings);
        code = cli_option_given(arguments, CLI_OPTION_OUTPUT) ? write_game(arguments, file) : solve(arguments, file);
    }
    pl_game_file_free(file);
    pl_findings_free(findings);
    return code;
}
