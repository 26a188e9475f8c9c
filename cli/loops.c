/* parley loops: which feedback loops drive a variable or a measure, and when. */
#include "output.h"
#include "progress.h"

static int print(const cli_arguments *arguments, const pl_loop_scores *scores) {
    char *text;
    size_t length;
    pl_format other = cli_option_given(arguments, CLI_OPTION_OUTPUT) ? PL_FORMAT_CSV : PL_FORMAT_TEXT;
    pl_status status = pl_loop_scores_print(scores, cli_format(arguments, other), &text, &length);
    return cli_write(arguments, status, text, length);
}

static pl_status score(const cli_arguments *arguments, const pl_inputs *inputs, const pl_loops_options *options,
                       int *code, pl_findings *findings, pl_error *error) {
    const char *path = arguments->operands[0];
    pl_model *model = NULL;
    pl_situation *situation = NULL;
    pl_loop_scores *scores = NULL;
    pl_status status;
    if (cli_is_situation(path)) {
        status = pl_situation_read_with(path, inputs, &situation, findings, error);
        if (status == PL_OK) status = pl_situation_score_loops(situation, options, &scores, error);
    } else {
        status = pl_model_read_with(path, inputs, &model, findings, error);
        if (status == PL_OK) status = pl_model_score_loops(model, options, &scores, error);
    }
    cli_progress_end();
    if (status == PL_OK) *code = print(arguments, scores);
    pl_loop_scores_free(scores);
    pl_model_free(model);
    pl_situation_free(situation);
    return status;
}

int cli_loops(const cli_arguments *arguments) {
    pl_explore_options explore;
    pl_inputs inputs;
    if (!cli_explore_options(arguments, &explore)) return pl_status_exit_code(PL_USAGE);
    int code = pl_status_exit_code(PL_MEMORY);
    if (!cli_inputs(arguments, &inputs)) return code;
    pl_loops_options options = {.target = arguments->operand_count > 1 ? arguments->operands[1] : NULL,
                                .profile = cli_option_text(arguments, CLI_OPTION_UNDER),
                                CLI_AS_EXPLORED(explore)};
    pl_findings *findings = pl_findings_new();
    pl_error error;
    pl_status status = score(arguments, &inputs, &options, &code, findings, &error);
    if (status == PL_OK) cli_warn(arguments, findings);
    else code = cli_fail_with(findings, &error);
    cli_inputs_free(&inputs);
    pl_findings_free(findings);
    return code;
}
