/* parley init: a commented situation.yaml for a model. */
#include <string.h>

#include "output.h"

static int print_draft(const char *path, const pl_model *model) {
    const char *slash = strrchr(path, '/');
    char *text = NULL;
    size_t length = 0;
    pl_status status = pl_situation_draft(model, slash ? slash + 1 : path, &text, &length);
    return cli_print(status, text, length);
}

static int write_draft(const cli_arguments *arguments, const pl_model *model, const char *output) {
    char path[4096], *text = NULL;
    size_t length = 0;
    pl_error error;
    if (pl_situation_init(model, output, path, sizeof path, &length, &error) != PL_OK) return cli_fail(&error);
    pl_status status = pl_written_print(path, length, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    return cli_print(status, text, length);
}

int cli_init(const cli_arguments *arguments) {
    const char *output = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    pl_findings *findings = pl_findings_new();
    pl_model *model = NULL;
    pl_error error;
    int code = pl_status_exit_code(PL_MEMORY);
    pl_inputs inputs;
    if (cli_inputs(arguments, &inputs)) {
        pl_status status = pl_model_read_with(arguments->operands[0], &inputs, &model, findings, &error);
        code = status != PL_OK                      ? cli_fail_with(findings, &error)
               : output && strcmp(output, "-") == 0 ? print_draft(arguments->operands[0], model)
                                                    : write_draft(arguments, model, output);
    }
    cli_inputs_free(&inputs);
    pl_model_free(model);
    pl_findings_free(findings);
    return code;
}
