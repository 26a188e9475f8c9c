/* The command line as parsed: operands, and options as given.  All mistakes are exit code 2, with the nearest names. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H
#include <stdbool.h>

#include "commands.h"
#include "parley.h"

typedef struct cli_given {
    cli_option_id option;
    const char *text;
} cli_given;

struct cli_arguments {
    const cli_command *command;
    const char **operands;
    int operand_count;
    cli_given *given;
    int given_count;
    const char **kept; /* [kept_count] the texts of --keep-series */
    int kept_count;
};

/* Parses what stands behind the command's name. False: a message is on standard error. Free in either case. */
bool cli_arguments_parse(const cli_command *command, int count, char **texts, cli_arguments *arguments);
void cli_arguments_free(cli_arguments *arguments);

/* The text of an option where it was given last, or NULL; "" for one without argument. */
const char *cli_option_text(const cli_arguments *arguments, cli_option_id option);
/* The texts of an option that may be given again, in their order; for free. NULL: out of memory. */
const char **cli_option_texts(const cli_arguments *arguments, cli_option_id option, int *count);
bool cli_option_given(const cli_arguments *arguments, cli_option_id option);
/* PL_FORMAT_JSON with --json, else the other. */
pl_format cli_format(const cli_arguments *arguments, pl_format other);
/* A whole number from least up into *value, unchanged where the option was not given. False: a message was printed. */
bool cli_option_whole(const cli_arguments *arguments, cli_option_id option, long long least, long long *value);
/* A finite number, likewise. */
bool cli_option_number(const cli_arguments *arguments, cli_option_id option, double *value);

/* The courses that --courses names, ACTOR=COURSE, COURSE... each: choices[count] point into texts, both freed by
 * cli_courses_free in any state. False: a message was printed. */
typedef struct cli_courses {
    pl_choice *choices;
    char **texts;
    int count, text_count;
} cli_courses;
bool cli_courses_read(const cli_arguments *arguments, cli_courses *courses);
void cli_courses_free(cli_courses *courses);

/* The files that the options name. False: out of memory. */
bool cli_inputs(const cli_arguments *arguments, pl_inputs *inputs);
void cli_inputs_free(pl_inputs *inputs);
/* The options that shape an ensemble, progress and interruption included. False: a message was printed. */
bool cli_explore_options(const cli_arguments *arguments, pl_explore_options *options);
/* The same for what can only draw its futures: a file of them is refused. */
bool cli_drawn_options(const cli_arguments *arguments, pl_explore_options *options);
/* What the options of every study that makes its own runs have in common with those of exploring. */
#define CLI_AS_EXPLORED(explore)                                                                                       \
    .futures = (explore).futures, .seed_given = (explore).seed_given, .seed = (explore).seed,                          \
    .threads = (explore).threads, .progress = (explore).progress, .context = (explore).context

/* Splits each NAME=VALUE of an option at its last '='. names are for the caller to free as a whole. */
typedef struct cli_pairs {
    char **names;
    const char **values;
    int count;
} cli_pairs;
bool cli_option_pairs(const cli_arguments *arguments, cli_option_id option, cli_pairs *pairs);
void cli_pairs_free(cli_pairs *pairs);
#endif
