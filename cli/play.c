/* parley play: the game between the actors, at once or in stages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "play_file.h"
#include "progress.h"

/* ---- at once ----------------------------------------------------------------------------------------------- */

/* What is printed; with --output, by the file's ending: the mean game (.nfg), what is played in each future (.csv), or
 * the same as to the screen. */
static int print(const cli_arguments *arguments, const pl_play *play) {
    const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    pl_format format = cli_format(arguments, PL_FORMAT_TEXT);
    char *text;
    size_t length;
    pl_status status;
    if (path && cli_ends_with(path, ".nfg")) status = pl_game_write(pl_play_game(play), NULL, NULL, &text, &length);
    else status = pl_play_print(play, path && cli_is_table(path) ? PL_FORMAT_CSV : format, &text, &length);
    return cli_write(arguments, status, text, length);
}

static int play_at_once(const cli_arguments *arguments) {
    int code;
    double lambda;
    if (!cli_lambda(arguments, &lambda)) return pl_status_exit_code(PL_USAGE);
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    pl_play_options options = {.solver = cli_option_text(arguments, CLI_OPTION_SOLVER),
                               .lambda = lambda,
                               .profile = cli_option_text(arguments, CLI_OPTION_PROFILE),
                               .frontier = cli_option_text(arguments, CLI_OPTION_FRONTIER),
                               .limit = cli_option_text(arguments, CLI_OPTION_LIMIT)};
    pl_play *play = NULL;
    pl_error error;
    code = pl_ensemble_play(ensemble, &options, &play, &error) == PL_OK ? print(arguments, play) : cli_fail(&error);
    pl_play_free(play);
    pl_ensemble_free(ensemble);
    return code;
}

/* ---- in stages ----------------------------------------------------------------------------------------------- */

static int solve_staged(const cli_arguments *arguments, const pl_situation *situation, pl_staged_options *options) {
    pl_explore_options explore;
    pl_staged *staged = NULL;
    pl_error error;
    long long budget = 0;
    if (!cli_explore_options(arguments, &explore) || !cli_option_whole(arguments, CLI_OPTION_BUDGET, 1, &budget))
        return pl_status_exit_code(PL_USAGE);
    options->select = cli_option_text(arguments, CLI_OPTION_SELECT);
    options->budget = (double)budget;
    pl_status status = pl_situation_play_staged(situation, &explore, options, &staged, &error);
    cli_progress_end();
    if (status != PL_OK) return cli_fail(&error);
    char *text;
    size_t length;
    status = pl_staged_print(staged, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    pl_staged_free(staged);
    return cli_write(arguments, status, text, length);
}

static int play_with_courses(const cli_arguments *arguments, const pl_situation *situation) {
    int code = pl_status_exit_code(PL_USAGE);
    cli_courses courses;
    if (cli_courses_read(arguments, &courses)) {
        pl_staged_options options = {.courses = courses.choices, .course_count = courses.count};
        code = solve_staged(arguments, situation, &options);
    }
    cli_courses_free(&courses);
    return code;
}

static int play_staged(const cli_arguments *arguments) {
    pl_situation *situation = NULL;
    pl_error error;
    pl_findings *findings = pl_findings_new();
    if (cli_is_results(arguments->operands[0])) {
        pl_findings_free(findings);
        fprintf(stderr, "parley play: --staged needs a situation: a results file holds no runs of stages\n");
        return pl_status_exit_code(PL_USAGE);
    }
    pl_status status = pl_situation_read(arguments->operands[0], &situation, findings, &error);
    int code = status == PL_OK ? play_with_courses(arguments, situation) : cli_fail_with(findings, &error);
    pl_findings_free(findings);
    pl_situation_free(situation);
    return code;
}

/* Whether none of these options was given, which would be passed over: they are not for what is asked. */
static bool lacks(const cli_arguments *arguments, const cli_option_id *options, size_t count, const char *why) {
    for (size_t i = 0; i < count; i++) {
        if (!cli_option_given(arguments, options[i])) continue;
        fprintf(stderr, "parley play: --%s %s\n", cli_options[options[i]].name, why);
        return false;
    }
    return true;
}

/* Options of the one form that the others would pass over. */
static bool fits(const cli_arguments *arguments, bool file, bool staged) {
    static const cli_option_id model[] = {CLI_OPTION_DATA, CLI_OPTION_CHANGES, CLI_OPTION_FUTURES, CLI_OPTION_DESIGN,
                                          CLI_OPTION_KEEP_SERIES, CLI_OPTION_STAGED, CLI_OPTION_COURSES};
    static const cli_option_id once[] = {CLI_OPTION_SOLVER, CLI_OPTION_LAMBDA, CLI_OPTION_PROFILE, CLI_OPTION_FRONTIER,
                                         CLI_OPTION_LIMIT};
    static const cli_option_id stages[] = {CLI_OPTION_SELECT, CLI_OPTION_BUDGET};
    if (file)
        return lacks(arguments, model, sizeof model / sizeof *model, "needs a situation, not the file of a game") &&
               lacks(arguments, once + 2, 3, "needs a situation, not the file of a game") &&
               lacks(arguments, stages, 2, "needs a situation, not the file of a game");
    return staged ? lacks(arguments, once, 5, "does not go with --staged")
                  : lacks(arguments, stages, 2, "needs --staged");
}

int cli_play(const cli_arguments *arguments) {
    bool file = cli_is_game(arguments->operands[0]), staged = cli_option_given(arguments, CLI_OPTION_STAGED);
    if (!fits(arguments, file, staged)) return pl_status_exit_code(PL_USAGE);
    if (file) return cli_play_file(arguments);
    return staged ? play_staged(arguments) : play_at_once(arguments);
}
