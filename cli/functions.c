/* parley functions: the builtins. */
#include "output.h"

int cli_functions(const cli_arguments *arguments) {
    char *text;
    size_t length;
    pl_status status = pl_functions_print(cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    return cli_print(status, text, length);
}
