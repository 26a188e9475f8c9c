/* parley discover: in which part of the space of inputs a condition holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

static int print(const cli_arguments *arguments, const pl_discovery *discovery) {
    char *text;
    size_t length;
    pl_status status = pl_discovery_print(discovery, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    return cli_write(arguments, status, text, length);
}

/* What would run something means nothing to a table. */
static bool fits_table(const cli_arguments *arguments) {
    const cli_option_id options[] = {CLI_OPTION_FUTURES, CLI_OPTION_DESIGN,      CLI_OPTION_DATA,
                                     CLI_OPTION_CHANGES, CLI_OPTION_KEEP_SERIES, CLI_OPTION_COURSES};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!cli_option_given(arguments, options[i])) continue;
        fprintf(stderr, "parley discover: --%s needs a situation, not a table\n", cli_options[options[i]].name);
        return false;
    }
    return true;
}

static int discover_table(const cli_arguments *arguments, const pl_discover_options *options) {
    if (!fits_table(arguments)) return pl_status_exit_code(PL_USAGE);
    pl_discovery *discovery = NULL;
    pl_error error;
    pl_status status = pl_table_discover(arguments->operands[0], options, &discovery, &error);
    int code = status == PL_OK ? print(arguments, discovery) : cli_fail(&error);
    pl_discovery_free(discovery);
    return code;
}

static int discover_ensemble(const cli_arguments *arguments, const pl_discover_options *options) {
    int code;
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    pl_discovery *discovery = NULL;
    pl_error error;
    pl_status status = pl_ensemble_discover(ensemble, options, &discovery, &error);
    code = status == PL_OK ? print(arguments, discovery) : cli_fail(&error);
    pl_discovery_free(discovery);
    pl_ensemble_free(ensemble);
    return code;
}

static bool read_numbers(const cli_arguments *arguments, pl_discover_options *options) {
    const struct {
        cli_option_id option;
        double *value;
    } numbers[] = {{CLI_OPTION_PEEL_ALPHA, &options->peel_alpha},
                   {CLI_OPTION_PASTE_ALPHA, &options->paste_alpha},
                   {CLI_OPTION_MASS_MIN, &options->mass_min},
                   {CLI_OPTION_THRESHOLD, &options->threshold}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (!cli_option_number(arguments, numbers[i].option, numbers[i].value)) return false;
        /* 0 stands for the default there; who writes it means it, and is told that it will not do. */
        if (cli_option_given(arguments, numbers[i].option) && *numbers[i].value == 0 && i < 3) *numbers[i].value = -1;
    }
    long long boxes = 1, halves = 10, seed = -1;
    if (!cli_option_whole(arguments, CLI_OPTION_BOXES, 1, &boxes) ||
        !cli_option_whole(arguments, CLI_OPTION_HALVES, 0, &halves) ||
        !cli_option_whole(arguments, CLI_OPTION_SEED, 0, &seed))
        return false;
    options->boxes = boxes > 1000 ? 1000 : (int)boxes;
    options->resamples = halves == 0 ? -1 : halves > 10000 ? 10000 : (int)halves;
    options->seed_given = seed >= 0 && cli_is_table(arguments->operands[0]);
    options->seed = (uint64_t)seed;
    return true;
}

/* Each --inputs is a list of names between commas. *names and what they point into are the caller's to free. */
static bool split_inputs(const cli_arguments *arguments, const char ***names, char **texts,
                         pl_discover_options *options) {
    size_t room = 1;
    for (int i = 0; i < arguments->given_count; i++)
        if (arguments->given[i].option == CLI_OPTION_INPUTS) room += 2 * strlen(arguments->given[i].text) + 2;
    char *text = *texts = calloc(room, 1);
    *names = calloc(room, sizeof **names);
    if (!text || !*names) return false;
    for (int i = 0; i < arguments->given_count; i++) {
        if (arguments->given[i].option != CLI_OPTION_INPUTS) continue;
        char *rest = strcpy(text, arguments->given[i].text);
        text += strlen(text) + 1;
        for (char *part; (part = strtok_r(rest, ",", &rest));) {
            part += strspn(part, " ");
            for (size_t n = strlen(part); n && part[n - 1] == ' ';) part[--n] = 0;
            if (*part) (*names)[options->input_count++] = part;
        }
    }
    options->inputs = *names;
    return true;
}

int cli_discover(const cli_arguments *arguments) {
    pl_discover_options options = {.where = cli_option_text(arguments, CLI_OPTION_OF_INTEREST),
                                   .profile = cli_option_text(arguments, CLI_OPTION_OF_PROFILE),
                                   .objective = cli_option_text(arguments, CLI_OPTION_OBJECTIVE),
                                   .choose = cli_option_text(arguments, CLI_OPTION_BOX)};
    const char **names = NULL;
    char *texts = NULL;
    int code = pl_status_exit_code(PL_USAGE);
    if (!options.where) {
        fprintf(stderr, "parley discover: --where CONDITION is needed\n");
    } else if (!split_inputs(arguments, &names, &texts, &options)) {
        code = cli_print(PL_MEMORY, NULL, 0);
    } else if (read_numbers(arguments, &options)) {
        code = cli_is_table(arguments->operands[0]) ? discover_table(arguments, &options)
                                                : discover_ensemble(arguments, &options);
    }
    free(names);
    free(texts);
    return code;
}
