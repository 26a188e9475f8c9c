/* Parsing the command line by the option table.  See arguments.h. */
#include "arguments.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/reader.h"
#include "progress.h"

const cli_option cli_options[CLI_OPTION_COUNT] = {
#define X(id, name, argument, commands, help) {name, "--" name, argument, commands, help},
    CLI_OPTIONS(X)
#undef X
};

static bool takes(const cli_command *command, int option) {
    return cli_options[option].commands >> (command - cli_commands) & 1u;
}

static bool unknown_option(const cli_command *command, const char *name, size_t length) {
    char key[80], text[300];
    snprintf(key, sizeof key, "%.*s", (int)length, name);
    pl_nearest nearest = {.key = key};
    for (int i = 0; i < CLI_OPTION_COUNT; i++)
        if (takes(command, i)) pl_nearest_offer(&nearest, cli_options[i].spelled, cli_options[i].name);
    fprintf(stderr, "parley %s: there is no option '--%s'%s\n", command->name, key,
            pl_nearest_text(&nearest, text, sizeof text));
    return false;
}

static int find_option(const cli_command *command, const char *name, size_t length) {
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const char *own = cli_options[i].name;
        if (takes(command, i) && strlen(own) == length && memcmp(own, name, length) == 0) return i;
    }
    return -1;
}

/* Takes the option at texts[*at], and its argument from there or from the next text. */
static bool take_option(cli_arguments *a, int count, char **texts, int *at) {
    const char *name = texts[*at] + 2;
    size_t length = strcspn(name, "=");
    int option = find_option(a->command, name, length);
    if (option < 0) return unknown_option(a->command, name, length);
    bool wants = *cli_options[option].argument != 0, has = name[length] == '=';
    const char *text = has ? name + length + 1 : "";
    if (!wants && has) {
        fprintf(stderr, "parley %s: --%s takes no argument\n", a->command->name, cli_options[option].name);
        return false;
    }
    if (wants && !has) {
        if (*at + 1 >= count) {
            fprintf(stderr, "parley %s: --%s needs %s\n", a->command->name, cli_options[option].name,
                    cli_options[option].argument);
            return false;
        }
        text = texts[++*at];
    }
    a->given[a->given_count++] = (cli_given){(cli_option_id)option, text};
    if (option == CLI_OPTION_KEEP_SERIES) a->kept[a->kept_count++] = text;
    return true;
}

static bool count_operands(const cli_arguments *a) {
    const cli_command *c = a->command;
    if (a->operand_count >= c->least && a->operand_count <= c->most) return true;
    if (cli_option_given(a, CLI_OPTION_HELP_OPTION)) return true;
    fprintf(stderr, "parley %s: %s\nusage: parley %s%s%s [OPTION]...\n", c->name,
            a->operand_count < c->least ? "an operand is missing" : "too many operands", c->name,
            *c->operands ? " " : "", c->operands);
    return false;
}

bool cli_arguments_parse(const cli_command *command, int count, char **texts, cli_arguments *arguments) {
    *arguments = (cli_arguments){.command = command};
    arguments->operands = calloc((size_t)count + 1, sizeof *arguments->operands);
    arguments->given = calloc((size_t)count + 1, sizeof *arguments->given);
    arguments->kept = calloc((size_t)count + 1, sizeof *arguments->kept);
    if (!arguments->operands || !arguments->given || !arguments->kept) {
        fprintf(stderr, "parley: out of memory\n");
        return false;
    }
    bool only_operands = false;
    for (int i = 0; i < count; i++) {
        if (!only_operands && strcmp(texts[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && strcmp(texts[i], "-h") == 0) {
            arguments->given[arguments->given_count++] = (cli_given){CLI_OPTION_HELP_OPTION, ""};
        } else if (!only_operands && strncmp(texts[i], "--", 2) == 0) {
            if (!take_option(arguments, count, texts, &i)) return false;
        } else if (!only_operands && texts[i][0] == '-' && texts[i][1]) {
            return unknown_option(command, texts[i] + 1, strlen(texts[i] + 1));
        } else {
            arguments->operands[arguments->operand_count++] = texts[i];
        }
    }
    return count_operands(arguments);
}

void cli_arguments_free(cli_arguments *arguments) {
    free(arguments->operands);
    free(arguments->given);
    free(arguments->kept);
}

const char *cli_option_text(const cli_arguments *arguments, cli_option_id option) {
    for (int i = arguments->given_count - 1; i >= 0; i--)
        if (arguments->given[i].option == option) return arguments->given[i].text;
    return NULL;
}

bool cli_option_given(const cli_arguments *arguments, cli_option_id option) {
    return cli_option_text(arguments, option) != NULL;
}

const char **cli_option_texts(const cli_arguments *arguments, cli_option_id option, int *count) {
    const char **texts = calloc((size_t)arguments->given_count + 1, sizeof *texts);
    *count = 0;
    for (int i = 0; texts && i < arguments->given_count; i++)
        if (arguments->given[i].option == option) texts[(*count)++] = arguments->given[i].text;
    return texts;
}

pl_format cli_format(const cli_arguments *arguments, pl_format other) {
    return cli_option_given(arguments, CLI_OPTION_JSON) ? PL_FORMAT_JSON : other;
}

bool cli_option_number(const cli_arguments *arguments, cli_option_id option, double *value) {
    const char *text = cli_option_text(arguments, option);
    char *end;
    if (!text) return true;
    double number = strtod(text, &end);
    if (end == text || *end || !isfinite(number)) {
        fprintf(stderr, "parley %s: --%s needs a number, not '%s'\n", arguments->command->name,
                cli_options[option].name, text);
        return false;
    }
    *value = number;
    return true;
}

bool cli_option_whole(const cli_arguments *arguments, cli_option_id option, long long least, long long *value) {
    const char *text = cli_option_text(arguments, option);
    if (!text) return true;
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno == 0 && end != text && !*end && number >= least) {
        *value = number;
        return true;
    }
    fprintf(stderr, "parley %s: --%s needs a whole number from %lld up, not '%s'\n", arguments->command->name,
            cli_options[option].name, least, text);
    return false;
}

/* --futures FILE.csv; NULL: a number, or not given. */
static const char *futures_file(const cli_arguments *arguments) {
    const char *text = cli_option_text(arguments, CLI_OPTION_FUTURES);
    size_t length = text ? strlen(text) : 0;
    return length > 4 && strcasecmp(text + length - 4, ".csv") == 0 ? text : NULL;
}

bool cli_explore_options(const cli_arguments *arguments, pl_explore_options *options) {
    long long futures = 0, seed = 0, threads = 0;
    if (!futures_file(arguments) && !cli_option_whole(arguments, CLI_OPTION_FUTURES, 1, &futures)) return false;
    if (!cli_option_whole(arguments, CLI_OPTION_SEED, 0, &seed)) return false;
    if (!cli_option_whole(arguments, CLI_OPTION_THREADS, 1, &threads)) return false;
    *options = (pl_explore_options){
        .futures = (long)futures,
        .seed_given = cli_option_given(arguments, CLI_OPTION_SEED),
        .seed = (uint64_t)seed,
        .design = cli_option_text(arguments, CLI_OPTION_DESIGN),
        .keep_series = arguments->kept,
        .keep_count = arguments->kept_count,
        .staged = cli_option_given(arguments, CLI_OPTION_STAGED),
        .threads = threads > 4096 ? 4096 : (int)threads,
    };
    cli_progress_attach(options, cli_option_given(arguments, CLI_OPTION_QUIET));
    return true;
}

bool cli_drawn_options(const cli_arguments *arguments, pl_explore_options *options) {
    long long futures;
    return cli_option_whole(arguments, CLI_OPTION_FUTURES, 1, &futures) && cli_explore_options(arguments, options);
}

static bool split(const cli_arguments *arguments, const cli_given *given, char **name, const char **value) {
    const char *equals = strrchr(given->text, '=');
    if (!equals || equals == given->text) {
        fprintf(stderr, "parley %s: --%s needs %s, not '%s'\n", arguments->command->name,
                cli_options[given->option].name, cli_options[given->option].argument, given->text);
        return false;
    }
    *name = strndup(given->text, (size_t)(equals - given->text));
    *value = equals + 1;
    return *name != NULL;
}

bool cli_option_pairs(const cli_arguments *arguments, cli_option_id option, cli_pairs *pairs) {
    *pairs = (cli_pairs){0};
    size_t room = (size_t)arguments->given_count + 1;
    pairs->names = calloc(room, sizeof *pairs->names);
    pairs->values = calloc(room, sizeof *pairs->values);
    if (!pairs->names || !pairs->values) return false;
    for (int i = 0; i < arguments->given_count; i++) {
        if (arguments->given[i].option != option) continue;
        if (!split(arguments, &arguments->given[i], &pairs->names[pairs->count], &pairs->values[pairs->count]))
            return false;
        pairs->count++;
    }
    return true;
}

void cli_pairs_free(cli_pairs *pairs) {
    for (int i = 0; i < pairs->count; i++) free(pairs->names[i]);
    free(pairs->names);
    free(pairs->values);
}

/* Adds the courses of one ACTOR=COURSE, COURSE...; its text is kept. */
static bool add_courses(cli_courses *courses, const char *text, size_t actor) {
    char *own = courses->texts[courses->text_count] = strdup(text), *rest;
    if (!own) return false;
    courses->text_count++;
    own[actor] = 0;
    rest = own + actor + 1;
    for (char *part = strtok_r(rest, ",", &rest); part; part = strtok_r(NULL, ",", &rest)) {
        part += strspn(part, " ");
        for (size_t n = strlen(part); n && part[n - 1] == ' ';) part[--n] = 0;
        courses->choices[courses->count++] = (pl_choice){own, part};
    }
    return true;
}

bool cli_courses_read(const cli_arguments *arguments, cli_courses *courses) {
    size_t texts = 1, choices = 1;
    *courses = (cli_courses){0};
    for (int i = 0; i < arguments->given_count; i++) {
        if (arguments->given[i].option != CLI_OPTION_COURSES) continue;
        texts++, choices++;
        for (const char *c = arguments->given[i].text; *c; c++) choices += *c == ',';
    }
    courses->choices = calloc(choices, sizeof *courses->choices);
    courses->texts = calloc(texts, sizeof *courses->texts);
    bool enough = courses->choices && courses->texts;
    for (int i = 0; enough && i < arguments->given_count; i++) {
        const char *text = arguments->given[i].text, *equals = strchr(text, '=');
        if (arguments->given[i].option != CLI_OPTION_COURSES) continue;
        if (!equals || equals == text) {
            fprintf(stderr, "parley %s: --courses needs %s, not '%s'\n", arguments->command->name,
                    cli_options[CLI_OPTION_COURSES].argument, text);
            return false;
        }
        enough = add_courses(courses, text, (size_t)(equals - text));
    }
    if (!enough) fprintf(stderr, "parley: out of memory\n");
    return enough;
}

void cli_courses_free(cli_courses *courses) {
    for (int i = 0; i < courses->text_count; i++) free(courses->texts[i]);
    free(courses->texts);
    free(courses->choices);
}

bool cli_inputs(const cli_arguments *arguments, pl_inputs *inputs) {
    pl_file *files = calloc((size_t)arguments->given_count + 1, sizeof *files);
    const char *futures = futures_file(arguments);
    *inputs = (pl_inputs){.files = files};
    for (int i = 0; files && i < arguments->given_count; i++) {
        const cli_given *given = &arguments->given[i];
        if (given->option == CLI_OPTION_DATA) files[inputs->count++] = (pl_file){PL_ROLE_DATA, given->text, NULL, 0};
        if (given->option == CLI_OPTION_CHANGES)
            files[inputs->count++] = (pl_file){PL_ROLE_CHANGES, given->text, NULL, 0};
    }
    if (files && futures) files[inputs->count++] = (pl_file){PL_ROLE_FUTURES, futures, NULL, 0};
    return files != NULL;
}

void cli_inputs_free(pl_inputs *inputs) { free((void *)(uintptr_t)inputs->files); }
