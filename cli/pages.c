/* Writes the manual pages and the completions of the shells, from the tables of commands.h: a program of the build, run
 * when parley is installed.  parley-pages FOLDER writes below FOLDER:
 *   man/man1/parley.1 and parley-COMMAND.1, bash-completion/completions/parley, zsh/site-functions/_parley,
 *   fish/vendor_completions.d/parley.fish. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "parley.h"

typedef struct row {
    const char *name, *operands, *help;
} row;
static const row commands[] = {
#define X(id, name, least, most, operands, help) {#name, operands, help},
    CLI_COMMANDS(X)
#undef X
};

typedef struct option_row {
    const char *name, *argument, *help;
    unsigned commands;
} option_row;
static const option_row options[] = {
#define X(id, name, argument, commands, help) {name, argument, help, commands},
    CLI_OPTIONS(X)
#undef X
};

enum { ROOM = 1024 };

static bool takes(int command, const option_row *o) { return o->commands >> command & 1u; }

/* Whether an argument (or operands) is a file or folder. */
static bool is_path(const char *argument) {
    static const char *const paths[] = {"FILE", "MODEL", "SITUATION", "RESULTS", "IN OUT", "GAME"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strstr(argument, paths[i])) return true;
    return false;
}

/* ---- files ------------------------------------------------------------------------------------------------ */

_Noreturn static void fail(const char *path) {
    fprintf(stderr, "parley-pages: %s: %s\n", path, strerror(errno));
    exit(1);
}

/* Opens FOLDER/NAME for writing; the folders on the way are made. */
static FILE *begin(const char *folder, const char *name) {
    char path[ROOM];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        fail(folder);
    }
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(path, 0755) != 0 && errno != EEXIST) fail(path);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    if (!file) fail(path);
    return file;
}

static void end(FILE *file, const char *name) {
    bool bad = ferror(file);
    if (fclose(file) != 0 || bad) fail(name);
}

/* ---- manual pages ------------------------------------------------------------------------------------------ */

/* A text as troff reads it. */
static void put(FILE *out, const char *text) {
    for (const char *c = text; *c; c++) {
        if ((*c == '.' || *c == '\'') && c == text) fputs("\\&", out);
        if (*c == '-') fputs("\\-", out);
        else if (*c == '\\') fputs("\\e", out);
        else fputc(*c, out);
    }
}

static void put_head(FILE *out, const char *title, const char *name, const char *what) {
    fprintf(out, ".TH %s 1 \"\" \"parley " PL_VERSION "\" \"User commands\"\n.SH NAME\n", title);
    put(out, name);
    fputs(" \\- ", out);
    put(out, what);
    fputc('\n', out);
}

static void put_exit_codes(FILE *out) {
    fputs(".SH EXIT STATUS\n", out);
    for (int i = 0; i < PL_STATUS_COUNT; i++) {
        fprintf(out, ".TP\n.B %d\n", pl_status_exit_code((pl_status)i));
        put(out, pl_status_text((pl_status)i));
        fputc('\n', out);
    }
}

static void put_options(FILE *out, int command) {
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!takes(command, &options[i])) continue;
        fputs(".TP\n\\fB\\-\\-", out);
        put(out, options[i].name);
        fprintf(out, "\\fR%s\\fI%s\\fR\n", *options[i].argument ? " " : "", options[i].argument);
        put(out, options[i].help);
        fputc('\n', out);
    }
}

static void write_command_page(const char *folder, int command) {
    const row *c = &commands[command];
    char name[ROOM], title[ROOM];
    snprintf(name, sizeof name, "man/man1/parley-%s.1", c->name);
    snprintf(title, sizeof title, "parley-%s", c->name);
    FILE *out = begin(folder, name);
    put_head(out, title, title, c->help);
    fprintf(out, ".SH SYNOPSIS\n.B parley %s\n.I ", c->name);
    put(out, c->operands);
    fputs("\n[\\fIOPTION\\fR]...\n", out);
    put_options(out, command);
    put_exit_codes(out);
    fputs(".SH SEE ALSO\n.BR parley (1)\n", out);
    end(out, name);
}

static void write_main_page(const char *folder) {
    static const char name[] = "man/man1/parley.1";
    FILE *out = begin(folder, name);
    put_head(out, "parley", "parley",
             "what will each side of a conflict do, what will come of it, and which course holds up?");
    fputs(".SH SYNOPSIS\n.B parley\n.I COMMAND\n[\\fIOPTION\\fR]...\n.SH DESCRIPTION\n", out);
    put(out, "A MODEL is a Vensim .mdl or an XMILE file, a SITUATION a folder with a situation.yaml, RESULTS a file of "
             "'parley explore'. Results go to standard output, everything else to standard error.\n");
    fputs(".SH COMMANDS\n", out);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        fprintf(out, ".TP\n.BR parley\\-%s (1)\n", commands[i].name);
        put(out, commands[i].help);
        fputc('\n', out);
    }
    put_exit_codes(out);
    fputs(".SH ENVIRONMENT\n.TP\n.B PARLEY_SIMD\nsse2, avx2 or avx512 forces the width of the kernels; the results are "
          "the same; where the processor lacks it, the widest below.\n.TP\n.B NO_COLOR\nno colours.\n", out);
    end(out, name);
}

/* ---- completions ------------------------------------------------------------------------------------------- */

static void put_commands(FILE *out, const char *between) {
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) fprintf(out, "%s%s", i ? between : "", commands[i].name);
}

static void write_bash(const char *folder) {
    static const char name[] = "bash-completion/completions/parley";
    FILE *out = begin(folder, name);
    fputs("# bash completion of parley, made from its tables of commands and options\n_parley() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options=\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W '", out);
    put_commands(out, " ");
    fputs("' -- \"$word\"))\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n", out);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        fprintf(out, "    %s) options='", commands[i].name);
        for (size_t k = 0; k < sizeof options / sizeof *options; k++)
            if (takes(i, &options[k])) fprintf(out, "--%s ", options[k].name);
        fputs("' ;;\n", out);
    }
    fputs("    esac\n    case $word in\n    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n    *)\n"
          "        case ${COMP_WORDS[1]} in\n        help) COMPREPLY=($(compgen -W '", out);
    put_commands(out, " ");
    fputs("' -- \"$word\")) ;;\n        *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n        esac\n    esac\n"
          "}\ncomplete -o filenames -F _parley parley\n", out);
    end(out, name);
}

/* A text between single quotes of a shell; zsh takes [ ] and : in it for its own. */
static void put_quoted(FILE *out, const char *text, const char *special) {
    for (const char *c = text; *c; c++) {
        if (*c == '\'') fputs("'\\''", out);
        else if (strchr(special, *c)) fprintf(out, "\\%c", *c);
        else fputc(*c, out);
    }
}

static void write_zsh(const char *folder) {
    static const char name[] = "zsh/site-functions/_parley";
    FILE *out = begin(folder, name);
    fputs("#compdef parley\n# zsh completion of parley, made from its tables of commands and options\n"
          "if (( CURRENT == 2 )); then\n    local -a commands\n    commands=(\n", out);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        fprintf(out, "        '%s:", commands[i].name);
        put_quoted(out, commands[i].help, ":\\");
        fputs("'\n", out);
    }
    fputs("    )\n    _describe command commands\n    return\nfi\nlocal command=$words[2]\nshift words\n"
          "(( CURRENT-- ))\ncase $command in\n", out);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        fprintf(out, "%s)\n    _arguments", commands[i].name);
        for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
            if (!takes(i, &options[k])) continue;
            fprintf(out, " \\\n        '*--%s%s[", options[k].name, *options[k].argument ? "=" : "");
            put_quoted(out, options[k].help, "[]:\\");
            fprintf(out, "]%s%s%s'", *options[k].argument ? ":" : "", options[k].argument,
                    is_path(options[k].argument) ? ":_files" : *options[k].argument ? ":" : "");
        }
        if (is_path(commands[i].operands)) fputs(" \\\n        '*:file:_files'", out);
        fputs("\n    ;;\n", out);
    }
    fputs("esac\n", out);
    end(out, name);
}

static void write_fish(const char *folder) {
    static const char name[] = "fish/vendor_completions.d/parley.fish";
    FILE *out = begin(folder, name);
    fputs("# fish completion of parley, made from its tables of commands and options\n", out);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        fprintf(out, "complete -c parley -n __fish_use_subcommand -f -a %s -d '", commands[i].name);
        put_quoted(out, commands[i].help, "\\");
        fputs("'\n", out);
        for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
            if (!takes(i, &options[k])) continue;
            fprintf(out, "complete -c parley -n '__fish_seen_subcommand_from %s' -l %s %s-d '", commands[i].name,
                    options[k].name, !*options[k].argument ? "" : is_path(options[k].argument) ? "-r " : "-x ");
            put_quoted(out, options[k].help, "\\");
            fputs("'\n", out);
        }
    }
    end(out, name);
}

/* As an install script the folder is below DESTDIR. */
int main(int count, char **texts) {
    const char *above = getenv("DESTDIR");
    if (count != 2) {
        fprintf(stderr, "usage: parley-pages FOLDER\n");
        return 2;
    }
    char folder[ROOM];
    if (snprintf(folder, sizeof folder, "%s%s", above ? above : "", texts[1]) >= (int)sizeof folder) {
        errno = ENAMETOOLONG;
        fail(texts[1]);
    }
    write_main_page(folder);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) write_command_page(folder, i);
    write_bash(folder);
    write_zsh(folder);
    write_fish(folder);
    return 0;
}
