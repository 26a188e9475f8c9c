/* parley describe: a model as a whole, or one of its variables. */
#include "output.h"

int cli_describe(const cli_arguments *arguments) {
    const char *variable = arguments->operand_count > 1 ? arguments->operands[1] : NULL;
    pl_findings *findings = pl_findings_new();
    pl_model *model = NULL;
    pl_error error;
    char *text = NULL;
    size_t length = 0;
    pl_status status = pl_model_read(arguments->operands[0], &model, findings, &error);
    if (status == PL_OK)
        status = pl_model_describe(model, variable, cli_format(arguments, PL_FORMAT_TEXT), &text, &length, &error);
    int code = status == PL_OK ? cli_print(status, text, length) : cli_fail_with(findings, &error);
    pl_model_free(model);
    pl_findings_free(findings);
    return code;
}
