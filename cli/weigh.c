/* parley weigh: how well courses hold up. */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "progress.h"

static pl_format format_of(const cli_arguments *arguments) {
    const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    return path && cli_is_table(path) ? PL_FORMAT_CSV : cli_format(arguments, PL_FORMAT_TEXT);
}

/* What the sources recommend: runs of its own. */
static int weigh_recommended(const cli_arguments *arguments) {
    static const cli_option_id others[] = {CLI_OPTION_ACTOR, CLI_OPTION_AGAINST, CLI_OPTION_WHERE,
                                           CLI_OPTION_ALPHA, CLI_OPTION_ALL,     CLI_OPTION_DESIGN,
                                           CLI_OPTION_DATA,  CLI_OPTION_CHANGES, CLI_OPTION_KEEP_SERIES};
    pl_explore_options explore;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!cli_option_given(arguments, others[i])) continue;
        fprintf(stderr, "parley weigh: --%s does not go with --recommended\n", cli_options[others[i]].name);
        return pl_status_exit_code(PL_USAGE);
    }
    if (cli_is_results(arguments->operands[0])) {
        fprintf(stderr, "parley weigh: --recommended needs a situation: a results file holds no claims\n");
        return pl_status_exit_code(PL_USAGE);
    }
    if (!cli_drawn_options(arguments, &explore)) return pl_status_exit_code(PL_USAGE);
    pl_claims_options options = {CLI_AS_EXPLORED(explore)};
    pl_findings *findings = pl_findings_new();
    pl_recommendations *recommendations = NULL;
    pl_error error;
    pl_status status = pl_recommendations_weigh(arguments->operands[0], &options, &recommendations, findings, &error);
    cli_progress_end();
    int code;
    if (status == PL_OK) {
        char *text;
        size_t length;
        status = pl_recommendations_print(recommendations, format_of(arguments), &text, &length);
        code = cli_write(arguments, status, text, length);
    } else {
        code = cli_fail_with(findings, &error);
    }
    pl_recommendations_free(recommendations);
    pl_findings_free(findings);
    return code;
}

static int weigh_courses(const cli_arguments *arguments) {
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
        char *text;
        size_t length;
        pl_status status = pl_weighing_print(weighing, format_of(arguments), &text, &length);
        code = cli_write(arguments, status, text, length);
    } else {
        code = cli_fail(&error);
    }
    pl_weighing_free(weighing);
    pl_ensemble_free(ensemble);
    return code;
}

int cli_weigh(const cli_arguments *arguments) {
    bool recommended = cli_option_given(arguments, CLI_OPTION_RECOMMENDED);
    return recommended ? weigh_recommended(arguments) : weigh_courses(arguments);
}
