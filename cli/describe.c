/* parley describe: a model as a whole, or one of its variables. */
#include "output.h"

int cli_describe(const cli_arguments *arguments) {
    const char *variable = arguments->operand_count > 1 ? arguments->operands[1] : NULL;
    pl_findings *findings = pl_findings_new();
    pl_model *model = NULL;
    pl_error error;
    char *text = NULL;
    size_t length = 0;
    int code = pl_status_exit_code(PL_MEMORY);
    pl_inputs inputs;
    if (cli_inputs(arguments, &inputs)) {
        pl_status status = pl_model_read_with(arguments->operands[0], &inputs, &model, findings, &error);
        if (status == PL_OK)
            status = pl_model_describe(model, variable, cli_format(arguments, PL_FORMAT_TEXT), &text, &length, &error);
        code = status == PL_OK ? cli_print(status, text, length) : cli_fail_with(findings, &error);
    }
    cli_inputs_free(&inputs);
    pl_model_free(model);
    pl_findings_free(findings);
    return code;
}
