/* parley check: what is wrong or doubtful in a model or a situation. */
#include "output.h"

/* claimed: whether claims were checked, and counted in *claims. */
static pl_status check_situation(const char *path, const pl_inputs *inputs, bool units, bool *claimed,
                                 pl_claims_count *claims, pl_findings *findings, pl_error *error) {
    pl_situation *situation = NULL;
    pl_status status = pl_situation_read_with(path, inputs, &situation, findings, error);
    if (status == PL_OK && units) status = pl_model_check_units(pl_situation_model(situation), findings, error);
    if (status == PL_OK) status = pl_situation_check(situation, findings, error);
    *claimed = status == PL_OK && pl_situation_claims(situation);
    if (*claimed) status = pl_situation_check_claims(situation, 0, claims, findings, error);
    pl_situation_free(situation);
    return status;
}

static pl_status check_model(const char *path, const pl_inputs *inputs, bool units, pl_findings *findings,
                             pl_error *error) {
    pl_model *model = NULL;
    pl_status status = pl_model_read_with(path, inputs, &model, findings, error);
    if (status == PL_OK) status = pl_model_check(model, findings, error);
    if (status == PL_OK && units) status = pl_model_check_units(model, findings, error);
    if (status == PL_OK) status = pl_model_check_reality(model, findings, error);
    pl_model_free(model);
    return status;
}

int cli_check(const cli_arguments *arguments) {
    const char *path = arguments->operands[0];
    pl_findings *findings = pl_findings_new();
    pl_error error = {.status = PL_MEMORY, .message = "out of memory", .caret = -1};
    if (!findings) return cli_fail(&error);
    bool units = !cli_option_given(arguments, CLI_OPTION_NO_UNITS);
    pl_inputs inputs;
    pl_status status = PL_MEMORY;
    bool claimed = false;
    pl_claims_count claims = {0, 0};
    if (cli_inputs(arguments, &inputs))
        status = cli_is_situation(path) ? check_situation(path, &inputs, units, &claimed, &claims, findings, &error)
                                        : check_model(path, &inputs, units, findings, &error);
    cli_inputs_free(&inputs);
    int code = pl_status_exit_code(status);
    if (status != PL_OK && pl_findings_errors(findings) == 0) {
        cli_fail(&error);
    } else {
        char *text;
        size_t length;
        pl_status printed = pl_check_print(findings, claimed ? &claims : NULL,
                                          cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
        int problem = cli_print(printed, text, length);
        if (!code) code = problem;
        if (status == PL_OK)
            cli_say(arguments, "%s: no errors, %d warnings or notes\n", path, pl_findings_count(findings));
    }
    pl_findings_free(findings);
    return code;
}
