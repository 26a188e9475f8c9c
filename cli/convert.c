/* parley convert: a model written anew, as Vensim .mdl or XMILE. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "output.h"


/* The format that an ending or --to names. False: it is none. */
static bool find_format(const char *name, pl_model_format *format) {
    static const struct {
        const char *ending;
        pl_model_format format;
    } rows[] = {{"mdl", PL_MODEL_VENSIM},
                {"xmile", PL_MODEL_XMILE},
                {"stmx", PL_MODEL_XMILE},
                {"itmx", PL_MODEL_XMILE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcasecmp(name, rows[i].ending) == 0) {
            *format = rows[i].format;
            return true;
        }
    return false;
}

/* By --to, else by the ending of OUT; for '-' the other format than the model's. False: a message was printed. */
static bool choose_format(const cli_arguments *arguments, const pl_model *model, pl_model_format *format) {
    const char *to = cli_option_text(arguments, CLI_OPTION_TO), *out = arguments->operands[1], *dot = strrchr(out, '.');
    *format = pl_model_format_of(model) == PL_MODEL_XMILE ? PL_MODEL_VENSIM : PL_MODEL_XMILE;
    if (to && find_format(to, format)) return true;
    if (to) fprintf(stderr, "parley convert: --to needs mdl or xmile, not '%s'\n", to);
    if (to) return false;
    if (strcmp(out, "-") == 0 || (dot && find_format(dot + 1, format))) return true;
    fprintf(stderr, "parley convert: '%s' ends neither in .mdl nor in .xmile, .stmx or .itmx: say which with --to\n",
            out);
    return false;
}

static int convert(const cli_arguments *arguments, const pl_model *model, pl_findings *findings) {
    pl_model_format format;
    char *text;
    size_t length;
    pl_error error;
    if (!choose_format(arguments, model, &format)) return pl_status_exit_code(PL_USAGE);
    if (pl_model_write(model, format, &text, &length, findings, &error) != PL_OK)
        return cli_fail_with(findings, &error);
    cli_warn(arguments, findings);
    return cli_write_said(arguments, arguments->operands[1], text, length);
}

int cli_convert(const cli_arguments *arguments) {
    pl_findings *findings = pl_findings_new();
    pl_model *model = NULL;
    pl_error error;
    int code;
    if (pl_model_read(arguments->operands[0], &model, findings, &error) == PL_OK)
        code = convert(arguments, model, findings);
    else code = cli_fail_with(findings, &error);
    pl_model_free(model);
    pl_findings_free(findings);
    return code;
}
