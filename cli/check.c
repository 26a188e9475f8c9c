/* parley check: what is wrong or doubtful in a model or a situation; with --backtest also what came of its
 * back-tests. */
#include "output.h"

typedef struct checked {
    const cli_arguments *arguments;
    pl_findings *findings;
    pl_claims_count claims;
    bool claimed; /* claims were checked, and counted */
    pl_backtests *backtests;
    pl_error error;
} checked;

/* What does not end the checking: everything else is looked at too. */
static pl_status worse(pl_status a, pl_status b) { return a == PL_OK ? b : a; }

static pl_status check_deeper(checked *c, const pl_situation *situation) {
    pl_status status = pl_situation_check(situation, c->findings, &c->error);
    if (status != PL_OK && status != PL_CHECK_FAILED) return status;
    if (pl_situation_claims(situation)) {
        pl_status claims = pl_situation_check_claims(situation, 0, &c->claims, c->findings, &c->error);
        c->claimed = claims == PL_OK || claims == PL_CHECK_FAILED;
        status = worse(status, claims);
    }
    if (!cli_option_given(c->arguments, CLI_OPTION_BACKTEST)) return status;
    return worse(status, pl_situation_backtest(situation, &c->backtests, c->findings, &c->error));
}

static pl_status check_situation(checked *c, const pl_inputs *inputs, bool units) {
    pl_situation *situation = NULL;
    pl_status status = pl_situation_read_with(c->arguments->operands[0], inputs, &situation, c->findings, &c->error);
    if (status == PL_OK && units)
        status = pl_model_check_units(pl_situation_model(situation), c->findings, &c->error);
    if (status == PL_OK) status = check_deeper(c, situation);
    pl_situation_free(situation);
    return status;
}

static pl_status check_model(checked *c, const pl_inputs *inputs, bool units) {
    pl_model *model = NULL;
    pl_status status = pl_model_read_with(c->arguments->operands[0], inputs, &model, c->findings, &c->error);
    if (status == PL_OK) status = pl_model_check(model, c->findings, &c->error);
    if (status == PL_OK && units) status = pl_model_check_units(model, c->findings, &c->error);
    if (status == PL_OK) status = pl_model_check_reality(model, c->findings, &c->error);
    pl_model_free(model);
    return status;
}

static int print(const checked *c, pl_status status) {
    char *text;
    size_t length;
    int code = pl_status_exit_code(status);
    pl_status printed = pl_check_print(c->findings, c->claimed ? &c->claims : NULL, c->backtests,
                                       cli_format(c->arguments, PL_FORMAT_TEXT), &text, &length);
    int problem = cli_print(printed, text, length);
    if (status == PL_OK)
        cli_say(c->arguments, "%s: no errors, %d warnings or notes\n", c->arguments->operands[0],
                pl_findings_count(c->findings));
    return code ? code : problem;
}

int cli_check(const cli_arguments *arguments) {
    checked c = {.arguments = arguments, .findings = pl_findings_new(),
                 .error = {.status = PL_MEMORY, .message = "out of memory", .caret = -1}};
    if (!c.findings) return cli_fail(&c.error);
    bool units = !cli_option_given(arguments, CLI_OPTION_NO_UNITS);
    pl_inputs inputs;
    pl_status status = PL_MEMORY;
    if (cli_inputs(arguments, &inputs))
        status = cli_is_situation(arguments->operands[0]) ? check_situation(&c, &inputs, units)
                                                          : check_model(&c, &inputs, units);
    cli_inputs_free(&inputs);
    int code = status != PL_OK && pl_findings_errors(c.findings) == 0 ? cli_fail(&c.error) : print(&c, status);
    pl_backtests_free(c.backtests);
    pl_findings_free(c.findings);
    return code;
}
