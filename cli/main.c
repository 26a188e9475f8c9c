/* parley: the command line.  Finds the command, parses what it takes by the tables of commands.h, and calls it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

/* PARLEY_SIMD can only ask for what the processor has. */
static void check_width(const cli_arguments *arguments) {
    const char *asked = getenv("PARLEY_SIMD");
    if (asked && strcmp(asked, pl_simd_name()) != 0)
        cli_say(arguments, "PARLEY_SIMD=%s: this processor has no such kernels, so %s is used\n", asked,
                pl_simd_name());
}

static int run_command(const cli_command *command, int count, char **texts) {
    cli_arguments arguments;
    int code = pl_status_exit_code(PL_USAGE);
    if (cli_arguments_parse(command, count, texts, &arguments)) {
        if (cli_option_given(&arguments, CLI_OPTION_HELP_OPTION)) {
            cli_help_print(command);
            code = 0;
        } else {
            check_width(&arguments);
            code = command->run(&arguments);
        }
    }
    cli_arguments_free(&arguments);
    if (code == pl_status_exit_code(PL_FILE)) { /* libhdf5 crashes at exit after a file that it could not close */
        fflush(NULL);
        _exit(code);
    }
    return code;
}

int main(int count, char **texts) {
    signal(SIGXFSZ, SIG_IGN); /* a file over the limit is an error of writing, which is said, and not the end */
    if (count < 2) {
        cli_help_print(NULL);
        return pl_status_exit_code(PL_USAGE);
    }
    if (strcmp(texts[1], "--version") == 0) {
        puts("parley " PL_VERSION);
        return 0;
    }
    if (strcmp(texts[1], "--help") == 0 || strcmp(texts[1], "-h") == 0) {
        cli_help_print(NULL);
        return 0;
    }
    const cli_command *command = cli_command_find(texts[1]);
    return command ? run_command(command, count - 2, texts + 2) : pl_status_exit_code(PL_USAGE);
}
