/* parley search: robust policies over ranges of levers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "output.h"
#include "progress.h"

/* A whole number from 1; false with a message. */
static bool read_count(const cli_arguments *arguments, cli_option_id option, long *count) {
    const char *text = cli_option_text(arguments, option);
    char *end;
    *count = 0;
    if (!text) return true;
    errno = 0;
    *count = strtol(text, &end, 10);
    if (!errno && end != text && !*end && *count >= 1) return true;
    fprintf(stderr, "parley: --%s takes a whole number from 1, not '%s'\n", cli_options[option].name, text);
    return false;
}

static int print(const cli_arguments *arguments, const pl_policy_search *search) {
    char *text;
    size_t length;
    pl_format other = cli_option_given(arguments, CLI_OPTION_OUTPUT) ? PL_FORMAT_CSV : PL_FORMAT_TEXT;
    pl_status status = pl_policy_search_print(search, cli_format(arguments, other), &text, &length);
    return cli_write(arguments, status, text, length);
}

int cli_search(const cli_arguments *arguments) {
    pl_explore_options explore;
    pl_search_options options;
    long evaluations, seeds;
    int code;
    if (!cli_drawn_options(arguments, &explore) || !read_count(arguments, CLI_OPTION_EVALUATIONS, &evaluations) ||
        !read_count(arguments, CLI_OPTION_SEEDS, &seeds))
        return pl_status_exit_code(PL_USAGE);
    if ((code = cli_try_output(arguments)) != 0) return code;
    options = (pl_search_options){.evaluations = evaluations, .seeds = seeds < 1000 ? (int)seeds : 1000,
                                  CLI_AS_EXPLORED(explore)};
    pl_findings *findings = pl_findings_new();
    pl_situation *situation = NULL;
    pl_policy_search *search = NULL;
    pl_error error;
    double began = cli_seconds();
    pl_status status = pl_situation_read(arguments->operands[0], &situation, findings, &error);
    if (status == PL_OK) cli_warn(arguments, findings);
    if (status == PL_OK) status = pl_situation_search(situation, &options, &search, &error);
    cli_progress_end();
    if (status == PL_OK) cli_say(arguments, "%.1f s\n", cli_seconds() - began);
    code = search ? print(arguments, search) : 0;
    if (status != PL_OK && code == 0) code = situation ? cli_fail(&error) : cli_fail_with(findings, &error);
    pl_policy_search_free(search);
    pl_situation_free(situation);
    pl_findings_free(findings);
    return code;
}
