/* The commands and their options: one row each.  Parsing, help, and the nearest names for a misspelt one all come from
 * these rows; a command is one row here and one file of its name with a function cli_NAME. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

/* X(id, name, least and most operands, operands as usage shows them, help) */
#define CLI_COMMANDS(X)                                                                                                \
    X(INIT, init, 1, 1, "MODEL",                                                                                       \
      "Write a situation.yaml beside a model, with its constants and stocks to choose from.")                          \
    X(CHECK, check, 1, 1, "MODEL|SITUATION",                                                                           \
      "Read a model or a situation, say what is wrong or doubtful, and run its checks.")                               \
    X(DESCRIBE, describe, 1, 2, "MODEL [VARIABLE]",                                                                    \
      "Show what a model holds, or a variable's equation, causes, uses and feedback loops.")                           \
    X(RUN, run, 1, 1, "MODEL|SITUATION",                                                                               \
      "Run once with the model's own constants and print every saved value as CSV.")                                   \
    X(EXPLORE, explore, 1, 1, "SITUATION", "Run every combination of courses against every future.")                   \
    X(MERGE, merge, 1, 1000000, "FILE...", "Join the parts that shards left into one results file.")                   \
    X(TABLE, table, 1, 1, "SITUATION|RESULTS",                                                                         \
      "Show every measure under each profile, and its difference from the base.")                                      \
    X(PLAY, play, 1, 1, "SITUATION|RESULTS|GAME.nfg|GAME.efg",                                                         \
      "Solve the game between the actors, or the game of a file.")                                                     \
    X(WEIGH, weigh, 1, 1, "SITUATION|RESULTS",                                                                         \
      "Show how well the courses of each actor hold up over the futures, and who gains and loses.")                    \
    X(DISCOVER, discover, 1, 1, "SITUATION|RESULTS|TABLE.csv",                                                         \
      "Find where in the inputs the cases lie in which a condition holds (PRIM, and a classification tree).")          \
    X(SENSE, sense, 1, 1, "SITUATION|RESULTS|TABLE.csv",                                                               \
      "Say which inputs measures, payoffs and equilibria hinge on, and how strongly.")                                 \
    X(SEARCH, search, 1, 1, "SITUATION",                                                                               \
      "Look for policies that do well over many futures, within the ranges of the situation's 'search'.")              \
    X(CLAIMS, claims, 1, 1, "SITUATION", "Test what the situation's sources claim, over the same futures.")            \
    X(FIT, fit, 1, 1, "SITUATION",                                                                                     \
      "Fit a situation to its data, say what they leave open, and write fitted futures.")                              \
    X(LOOPS, loops, 1, 2, "MODEL|SITUATION [VARIABLE|MEASURE]",                                                        \
      "Say which feedback loops drive a variable or a measure, and when.")                                             \
    X(REPORT, report, 1, 1, "SITUATION|RESULTS",                                                                       \
      "Write a report that opens in any browser, in English and Spanish.")                                             \
    X(SERVE, serve, 1, 1, "SITUATION|RESULTS",                                                                         \
      "Serve the report to this machine, and run what its page asks for, until Ctrl-C.")                               \
    X(CONVERT, convert, 2, 2, "IN OUT",                                                                                \
      "Write a model anew, as Vensim (.mdl) or XMILE (.xmile, .stmx), so that it runs the same.")                      \
    X(FUNCTIONS, functions, 0, 0, "",                                                                                  \
      "List every builtin function of the models, from the table that defines them.")                                  \
    X(HELP, help, 0, 1, "[COMMAND]", "Show what a command does and takes.")

typedef enum cli_command_id {
#define X(id, name, least, most, operands, help) CLI_##id,
    CLI_COMMANDS(X)
#undef X
        CLI_COMMAND_COUNT
} cli_command_id;

#define CLI_IN(id) (1u << CLI_##id)
#define CLI_IN_ALL ((1u << CLI_COMMAND_COUNT) - 1)
/* What obtains an ensemble and asks it; of the server --futures is another thing. */
#define CLI_IN_ENSEMBLE (CLI_IN(SERVE) | CLI_IN_STUDIES)
#define CLI_IN_STUDIES (CLI_IN(TABLE) | CLI_IN(PLAY) | CLI_IN(WEIGH) | CLI_IN(DISCOVER) | CLI_IN(REPORT))

/* What reads a model's files. */
#define CLI_IN_DATA                                                                                                    \
    (CLI_IN(FIT) | CLI_IN(RUN) | CLI_IN(CHECK) | CLI_IN(DESCRIBE) | CLI_IN(INIT) | CLI_IN(EXPLORE) | CLI_IN(CLAIMS) |  \
     CLI_IN(SENSE) | CLI_IN(LOOPS) | CLI_IN_ENSEMBLE)
/* What makes runs over futures. */
#define CLI_IN_FUTURES                                                                                                 \
    (CLI_IN(SEARCH) | CLI_IN(FIT) | CLI_IN(EXPLORE) | CLI_IN(CLAIMS) | CLI_IN(SENSE) | CLI_IN(LOOPS) | CLI_IN_STUDIES)
/* What writes what it prints to a file. */
#define CLI_IN_OUTPUT                                                                                                  \
    (CLI_IN(SEARCH) | CLI_IN(FIT) | CLI_IN(LOOPS) | CLI_IN(PLAY) | CLI_IN(WEIGH) | CLI_IN(INIT) | CLI_IN(RUN) |        \
     CLI_IN(TABLE) | CLI_IN(CLAIMS) | CLI_IN(SENSE) | CLI_IN(REPORT))

/* X(id, name, argument or "", commands that take it, help) */
#define CLI_OPTIONS(X)                                                                                                 \
    X(BACKTEST, "backtest", "", CLI_IN(CHECK), "Compare runs with what is known to have happened, as declared.")       \
    X(NO_UNITS, "no-units", "", CLI_IN(CHECK), "Do not check units.")                                                  \
    X(SET, "set", "NAME=VALUE", CLI_IN(RUN), "Set a constant from the start; may be given again.")                     \
    X(COURSE, "course", "ACTOR=COURSE", CLI_IN(RUN),                                                                   \
      "Let an actor follow this course rather than the base's; may be given again.")                                   \
    X(DATA, "data", "FILE", CLI_IN_DATA,                                                                               \
      "Read the model's data over time from this file (.dat, .csv, .tab, .xls, .xlsx); may be given again.")           \
    X(CHANGES, "changes", "FILE", CLI_IN_DATA,                                                                         \
      "Change constants and lookups as this file says (.cin); may be given again.")                                    \
    X(FUTURES, "futures", "N|FILE.csv", CLI_IN_FUTURES,                                                                \
      "Draw this many futures, or take those of a file, rather than the situation's.")                                 \
    X(SEED, "seed", "S", CLI_IN(RUN) | CLI_IN_FUTURES | CLI_IN(SERVE),                                                 \
      "Draw with this seed rather than the situation's.")                                                              \
    X(DESIGN, "design", "NAME", CLI_IN(EXPLORE) | CLI_IN(CLAIMS) | CLI_IN(SENSE) | CLI_IN_ENSEMBLE,                    \
      "Draw futures by this design, such as random or latin.")                                                         \
    X(KEEP_SERIES, "keep-series", "NAME", CLI_IN(EXPLORE) | CLI_IN_ENSEMBLE,                                           \
      "Keep this variable over time in the first 200 futures of the named profiles, too; may be given again.")         \
    X(THREADS, "threads", "T", CLI_IN_FUTURES | CLI_IN(SERVE),                                                         \
      "Use this many threads; all processors by default.")                                                             \
    X(EVALUATIONS, "evaluations", "N", CLI_IN(SEARCH), "Try this many policies in each run of the search.")            \
    X(SEEDS, "seeds", "N", CLI_IN(SEARCH), "Search this many times, each with random numbers of its own.")             \
    X(ALL, "all", "", CLI_IN(TABLE) | CLI_IN(WEIGH),                                                                   \
      "Show every combination of courses, not only the named profiles.")                                               \
    X(SOLVER, "solver", "NAME", CLI_IN(PLAY),                                                                          \
      "Solve by this method, such as pure, extreme or logit; by default by those that suit the game.")                 \
    X(LAMBDA, "lambda", "L", CLI_IN(PLAY), "The logit equilibrium of this lambda, with --solver logit.")               \
    X(PROFILE, "profile", "NAME", CLI_IN(PLAY) | CLI_IN(SENSE),                                                        \
      "This named profile: who would leave it, and why; or what it, and its difference from the base, hinges on.")     \
    X(UNDER, "profile", "NAME", CLI_IN(LOOPS), "Run under this named profile rather than the base.")                   \
    X(OF_INTEREST, "where", "CONDITION", CLI_IN(DISCOVER),                                                             \
      "What is of interest: over measures, payoff(a), regret(a), equilibrium() and base(m), or a risk; "               \
      "or over columns.")                                                                                              \
    X(OF_PROFILE, "profile", "NAME", CLI_IN(DISCOVER),                                                                 \
      "Under this named profile; by default under all, with the courses as inputs.")                                   \
    X(INPUTS, "inputs", "NAMES", CLI_IN(DISCOVER), "Limit only these inputs (\"a, b\"); may be given again.")          \
    X(OBJECTIVE, "objective", "NAME", CLI_IN(DISCOVER),                                                                \
      "Judge peels by lenient1 (the default), lenient2 or original.")                                                  \
    X(PEEL_ALPHA, "peel-alpha", "SHARE", CLI_IN(DISCOVER),                                                             \
      "Peel off this share of a box at a time; 0.05 by default.")                                                      \
    X(PASTE_ALPHA, "paste-alpha", "SHARE", CLI_IN(DISCOVER), "Paste this share at a time; 0.05 by default.")           \
    X(MASS_MIN, "mass-min", "SHARE", CLI_IN(DISCOVER),                                                                 \
      "No box with less than this share of the cases; 0.05 by default.")                                               \
    X(THRESHOLD, "threshold", "DENSITY", CLI_IN(DISCOVER), "No further search once one ends below this density.")      \
    X(BOXES, "boxes", "N", CLI_IN(DISCOVER),                                                                           \
      "Search this many boxes, each among the cases that are left; 1 by default.")                                     \
    X(BOX, "box", "WHICH", CLI_IN(DISCOVER),                                                                           \
      "Speak of this box of the trajectory: its number, last, or balanced (the default); "                             \
      "\"a, b\" for several searches.")                                                                                \
    X(HALVES, "halves", "N", CLI_IN(DISCOVER),                                                                         \
      "Search again in this many random halves of the cases; 10 by default.")                                          \
    X(FRONTIER, "frontier", "MEASURES", CLI_IN(PLAY),                                                                  \
      "With --limit: the best that can be reached of these measures (\"a, less b, more c\").")                         \
    X(LIMIT, "limit", "MEASURE", CLI_IN(PLAY), "The measure that --frontier limits in turn at each value.")            \
    X(STAGED, "staged", "", CLI_IN(PLAY) | CLI_IN(REPORT) | CLI_IN(SERVE),                                             \
      "Let the actors choose again at each time of 'at' in the situation's 'play'.")                                   \
    X(COURSES, "courses", "ACTOR=COURSES", CLI_IN(EXPLORE) | CLI_IN_ENSEMBLE,                                          \
      "Let only these courses (\"a, b\") of an actor take part, beside the base's; may be given again.")               \
    X(SELECT, "select", "RULE", CLI_IN(PLAY),                                                                          \
      "With --staged: of several equilibria play logit (the limit of the logit branch), joint, or an ACTOR's best.")   \
    X(BUDGET, "budget", "N", CLI_IN(PLAY),                                                                             \
      "With --staged: run at most N segments of one future; 10 million by default.")                                   \
    X(ACTOR, "actor", "NAME", CLI_IN(WEIGH), "Weigh the courses of this actor only.")                                  \
    X(AGAINST, "against", "OTHERS", CLI_IN(WEIGH),                                                                     \
      "What the others do: response (their best answer to each course), equilibrium, base, mean, worst, or a profile.")\
    X(WHERE, "where", "CONDITION", CLI_IN(WEIGH),                                                                      \
      "The condition on measures and payoffs that is good enough; by default a payoff no lower than the base's.")      \
    X(RECOMMENDED, "recommended", "", CLI_IN(WEIGH),                                                                   \
      "Follow what the situation's sources recommend, one after the other, and rank it by what it brings each actor.") \
    X(ALPHA, "alpha", "A", CLI_IN(WEIGH),                                                                              \
      "Hurwicz's alpha, the weight of the worst future: from 0 to 1, by default 0.5.")                                 \
    X(OF, "of", "NAME", CLI_IN(SENSE),                                                                                 \
      "Only this output, as it is printed; the column of a table; may be given again.")                                \
    X(INPUT, "input", "NAME", CLI_IN(SENSE),                                                                           \
      "Of a table: this column is an input; all others than --of by default; may be given again.")                     \
    X(OVER_TIME, "over-time", "VARIABLE", CLI_IN(SENSE),                                                               \
      "This variable over time, too; of results one whose series they keep.")                                          \
    X(RESAMPLES, "resamples", "N", CLI_IN(SENSE),                                                                      \
      "Take intervals from this many resamples; 200 by default, at most 100 for delta.")                               \
    X(OUTPUT, "output", "FILE", CLI_IN_OUTPUT,                                                                         \
      "Write the result to this file; '-' is standard output.")                                                        \
    X(PORT, "port", "PORT", CLI_IN(SERVE), "Listen at this port of 127.0.0.1; a free one by default, or with 0.")      \
    X(MOST_FUTURES, "futures", "N", CLI_IN(SERVE), "Let the page run at most N futures at once; 20000 by default.")    \
    X(FOLDER, "output", "FOLDER", CLI_IN(SERVE), "Write what the page's runs give into this folder, too.")             \
    X(ID, "id", "ID", CLI_IN(CLAIMS), "Test this claim only, and show its path through the model.")                    \
    X(SHARD, "shard", "I/N", CLI_IN(EXPLORE),                                                                          \
      "Run only the I-th of N shares of the futures and leave FILE.nc.part for merge.")                                \
    X(RESUME, "resume", "", CLI_IN(EXPLORE), "Go on where the same exploration was broken off.")                       \
    X(VERIFY, "verify", "N", CLI_IN(EXPLORE),                                                                          \
      "Run nothing new, but N cases of the results file again, and compare every bit.")                                \
    X(RESULTS, "output", "FILE", CLI_IN(EXPLORE) | CLI_IN(MERGE), "Write the results to this file, in NetCDF.")        \
    X(TO, "to", "FORMAT", CLI_IN(CONVERT), "Write this format: mdl or xmile; by OUT's ending otherwise.")              \
    X(JSON, "json", "", CLI_IN_ALL & ~CLI_IN(HELP), "Print one JSON object.")                                          \
    X(TIMING, "timing", "", CLI_IN(RUN) | CLI_IN(EXPLORE) | CLI_IN(CLAIMS) | CLI_IN(FIT),                              \
      "Say on standard error (and in --json) where the time goes, by variable and kernel.")                            \
    X(QUIET, "quiet", "", CLI_IN_ALL & ~CLI_IN(HELP), "Say nothing on standard error but errors.")                     \
    X(HELP_OPTION, "help", "", CLI_IN_ALL, "Show this help.")

typedef enum cli_option_id {
#define X(id, name, argument, commands, help) CLI_OPTION_##id,
    CLI_OPTIONS(X)
#undef X
        CLI_OPTION_COUNT
} cli_option_id;

typedef struct cli_arguments cli_arguments;

typedef struct cli_command {
    const char *name;
    int (*run)(const cli_arguments *arguments); /* returns the exit code */
    int least, most;
    const char *operands, *help;
} cli_command;
extern const cli_command cli_commands[CLI_COMMAND_COUNT];

typedef struct cli_option {
    const char *name, *spelled, *argument; /* "set", "--set" */
    unsigned commands;
    const char *help;
} cli_option;
extern const cli_option cli_options[CLI_OPTION_COUNT];

#define X(id, name, least, most, operands, help) int cli_##name(const cli_arguments *arguments);
CLI_COMMANDS(X)
#undef X

/* The command of a name, or NULL with a message on standard error that offers the nearest. */
const cli_command *cli_command_find(const char *name);
/* The help of one command (NULL: of all) on standard output. */
void cli_help_print(const cli_command *command);
#endif
