/* parley help, and every --help: from the tables of commands and options. */
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "model/reader.h"

const cli_command cli_commands[CLI_COMMAND_COUNT] = {
#define X(id, name, least, most, operands, help) {#name, cli_##name, least, most, operands, help},
    CLI_COMMANDS(X)
#undef X
};

const cli_command *cli_command_find(const char *name) {
    pl_nearest nearest = {.key = name};
    char text[300];
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        if (strcmp(cli_commands[i].name, name) == 0) return &cli_commands[i];
        pl_nearest_offer(&nearest, cli_commands[i].name, cli_commands[i].name);
    }
    fprintf(stderr, "parley: there is no %s '%.80s'%s\n", *name == '-' ? "option" : "command", name,
            pl_nearest_text(&nearest, text, sizeof text));
    fprintf(stderr, "'parley help' lists the commands.\n");
    return NULL;
}

static void print_all(void) {
    puts("parley " PL_VERSION
         ": what will each side of a conflict do, what will come of it, and which course holds up?\n");
    puts("usage: parley COMMAND [OPTION]...\n");
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) printf("  %-10s %s\n", cli_commands[i].name, cli_commands[i].help);
    puts("\n'parley COMMAND --help' shows the options of a command; 'parley --version' the version.");
    puts("A MODEL is a Vensim .mdl or an XMILE file, a SITUATION a folder with a situation.yaml, RESULTS a "
         "file of 'parley explore'.");
    printf("Exit codes:");
    for (int i = 0, before = -1; i < PL_STATUS_COUNT; i++) {
        int code = pl_status_exit_code((pl_status)i);
        if (code == before) printf(" or");
        else printf("%s %d", i ? "," : "", code);
        printf(" %s", pl_status_text((pl_status)i));
        before = code;
    }
    puts(".");
}

void cli_help_print(const cli_command *command) {
    if (!command) {
        print_all();
        return;
    }
    printf("usage: parley %s%s%s [OPTION]...\n\n%s\n\n", command->name, *command->operands ? " " : "",
           command->operands, command->help);
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const cli_option *o = &cli_options[i];
        if (!(o->commands >> (command - cli_commands) & 1u)) continue;
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", o->name, *o->argument ? " " : "", o->argument);
        printf("  %-22s %s\n", left, o->help);
    }
}

int cli_help(const cli_arguments *arguments) {
    const cli_command *command = NULL;
    if (arguments->operand_count) {
        command = cli_command_find(arguments->operands[0]);
        if (!command) return pl_status_exit_code(PL_USAGE);
    }
    cli_help_print(command);
    return 0;
}
