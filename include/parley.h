/* parley: what will each side of a conflict do, what will come of it, and which course holds up?
 *
 * The whole public interface.  Data goes one way, and each arrow is one function:
 *
 *     text -> model -> program -> ensemble -> study -> report
 *
 * Rules that hold for every function here:
 *   - it returns a pl_status and, where it takes a pl_error, fills it by value: nobody frees an error;
 *   - inputs are copied, never kept; an object made by a function is freed by the matching _free (NULL is fine);
 *   - the library never prints, exits or aborts, and keeps no global state that a caller can see;
 *   - two threads may use two objects at once; one object is used by one thread at a time unless said otherwise. */
#ifndef PARLEY_H
#define PARLEY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PL_VERSION "0.1.0"

/* ---- status and errors ------------------------------------------------------------------------------------ */

/* X(id, exit code of the command line, text) */
#define PL_STATUS_MAP(X)                                             \
    X(OK, 0, "done")                                                 \
    X(RUN_FAILED, 1, "a run failed")                                 \
    X(MEMORY, 1, "out of memory")                                    \
    X(USAGE, 2, "wrong usage")                                       \
    X(INVALID, 3, "not valid")                                       \
    X(UNSUPPORTED, 3, "not supported")                               \
    X(CHECK_FAILED, 4, "a declared check failed")                    \
    X(FILE, 5, "a file cannot be read or written")                   \
    X(NO_DATA, 5, "data missing or unreadable")                      \
    X(INTERRUPTED, 130, "interrupted")

typedef enum pl_status {
#define X(id, code, text) PL_##id,
    PL_STATUS_MAP(X)
#undef X
        PL_STATUS_COUNT
} pl_status;

/* The text of a status; never NULL. */
const char *pl_status_text(pl_status status);
/* The exit code that the command line gives for a status. */
int pl_status_exit_code(pl_status status);

/* What went wrong, and where.  file is "" where none is meant; line and column count from 1, 0 = unknown.
 * source is the offending line (shortened where it is long) and caret the byte offset in it to point at,
 * or -1 where there is no such line. */
typedef struct pl_error {
    pl_status status;
    char file[256];
    int line, column;
    char message[512];
    char source[256];
    int caret;
} pl_error;

typedef enum pl_severity { PL_NOTE, PL_WARNING, PL_ERROR } pl_severity;

/* A list of errors, warnings and notes, in the order in which they were found. */
typedef struct pl_findings pl_findings;
pl_findings *pl_findings_new(void); /* NULL: out of memory */
void pl_findings_free(pl_findings *findings);
int pl_findings_count(const pl_findings *findings);
int pl_findings_errors(const pl_findings *findings); /* how many of them are errors */
/* The finding of an index in [0, count): its place and text; severity may be NULL. Valid until the list changes. */
const pl_error *pl_findings_get(const pl_findings *findings, int index, pl_severity *severity);

/* ---- model ------------------------------------------------------------------------------------------------ */

/* A system-dynamics model read from a Vensim .mdl or an XMILE file, with every name bound. */
typedef struct pl_model pl_model;
/* Reads a model. All errors, warnings and notes go to findings (may be NULL), the first error also to error (may be
 * NULL). PL_FILE, PL_INVALID, PL_UNSUPPORTED, PL_MEMORY. */
pl_status pl_model_read(const char *path, pl_model **model, pl_findings *findings, pl_error *error);
/* The same from a text in memory; name stands for the file in messages. */
pl_status pl_model_parse(const char *text, size_t length, const char *name, pl_model **model, pl_findings *findings,
                         pl_error *error);
/* What a file gives to a model: */
typedef enum pl_role {
    PL_ROLE_DATA,    /* series over time for its data variables: .dat, delimited text (.csv, else tabs), .xls, .xlsx */
    PL_ROLE_CHANGES, /* other numbers for its constants and lookups (.cin) */
    PL_ROLE_PART,    /* what the model itself names with GET DIRECT ... or GET XLS ... */
    PL_ROLE_FUTURES  /* given futures of a situation (.csv); nothing to a model */
} pl_role;

/* A file for a model. bytes NULL: it is read from the path `name`, which for a PART is left to the reader. */
typedef struct pl_file {
    pl_role role;
    const char *name;
    const void *bytes;
    size_t size;
} pl_file;

/* A course of an actor, by their names. */
typedef struct pl_choice {
    const char *actor, *course;
} pl_choice;

/* Files in the order in which they count: of data and changes the last that names a thing wins. */
typedef struct pl_inputs {
    const pl_file *files;
    int count;
    const pl_choice *courses; /* [course_count] of a situation: those that take part, beside the base's; of an actor */
    int course_count;         /* without one all do */
} pl_inputs;
/* The same with such files; inputs may be NULL. Data that are missing or unreadable are PL_NO_DATA. */
pl_status pl_model_read_with(const char *path, const pl_inputs *inputs, pl_model **model, pl_findings *findings,
                             pl_error *error);
/* The same from texts in memory: what the model names must be among the inputs. */
pl_status pl_model_parse_with(const char *text, size_t length, const char *name, const pl_inputs *inputs,
                              pl_model **model, pl_findings *findings, pl_error *error);
/* The files that a model was made from besides its own, as read: to be given as inputs again. They are the model's. */
pl_inputs pl_model_inputs(const pl_model *model);
void pl_model_free(pl_model *model);

/* Checks the units of all equations; each that does not agree is a warning. PL_MEMORY. */
pl_status pl_model_check_units(const pl_model *model, pl_findings *findings, pl_error *error);
/* Writes a model as the text of a Vensim .mdl or an XMILE file that gives the same run, in UTF-8; pl_text_free frees
 * it. What has no counterpart in the format is an error, each with its place in the source, and nothing is given; what
 * is left out on purpose is a note. findings and error may be NULL. PL_UNSUPPORTED, PL_MEMORY. */
typedef enum pl_model_format { PL_MODEL_VENSIM, PL_MODEL_XMILE } pl_model_format;
pl_status pl_model_write(const pl_model *model, pl_model_format format, char **text, size_t *length,
                         pl_findings *findings, pl_error *error);
/* The format that a model was read from. */
pl_model_format pl_model_format_of(const pl_model *model);

/* One builtin function as `parley functions` lists it. vensim and xmile: its spellings in each dialect separated by |,
 * "" where none. most < 0: any number of arguments. */
typedef struct pl_function_row {
    const char *name, *vensim, *xmile;
    int least, most;
    const char *text, *example;
} pl_function_row;
int pl_function_count(void);
/* The builtin of an index in [0, count). */
pl_function_row pl_function_get(int index);

/* ---- single runs ------------------------------------------------------------------------------------------ */

/* Sets a constant for one run. */
typedef struct pl_set {
    const char *name; /* "constant" or "constant[element]" */
    double value;
} pl_set;

/* Compiles the model without running it: cycles and what the program cannot do are findings and the error. */
pl_status pl_model_check(const pl_model *model, pl_findings *findings, pl_error *error);

/* Runs the reality checks of a Vensim model, each with its condition forced from the start. What came of each is a
 * finding: a note where it holds, an error where it does not (PL_CHECK_FAILED) or cannot be tried (PL_UNSUPPORTED,
 * ...). */
pl_status pl_model_check_reality(const pl_model *model, pl_findings *findings, pl_error *error);

/* Where the time of a program goes: rows by the variable that needs a kernel, the slowest first. variable "": what
 * belongs to none (integration, measures, the rest). seconds are of one case, share is of all; instructions is 0 for
 * the rest. */
typedef struct pl_timing pl_timing;
typedef struct pl_timing_row {
    const char *variable, *kernel;
    double seconds, share;
    int instructions;
} pl_timing_row;
/* Times runs of all variables of a model with its own constants, as pl_model_run runs them. */
pl_status pl_model_time(const pl_model *model, uint64_t seed, pl_timing **timing, pl_error *error);
void pl_timing_free(pl_timing *timing);
int pl_timing_count(const pl_timing *timing);
pl_timing_row pl_timing_get(const pl_timing *timing, int row); /* its names are the timing's */
int pl_timing_lanes(const pl_timing *timing);      /* cases that ran together */
double pl_timing_seconds(const pl_timing *timing); /* of one case */

/* The values of every saved variable at every saved time of one run with the model's own constants. */
typedef struct pl_series pl_series;
/* PL_RUN_FAILED (the series is still given, up to and with the failure) where a stock was not finite. */
pl_status pl_model_run(const pl_model *model, const pl_set *sets, int set_count, uint64_t seed, pl_series **series,
                       pl_error *error);
void pl_series_free(pl_series *series);
/* The series takes over a timing, which its JSON then has as "timing". */
void pl_series_take_timing(pl_series *series, pl_timing *timing);
const pl_timing *pl_series_timing(const pl_series *series); /* NULL: none */
int pl_series_rows(const pl_series *series);    /* saved times */
int pl_series_columns(const pl_series *series); /* variables, arrays by element; without time */
const char *pl_series_name(const pl_series *series, int column);
const double *pl_series_times(const pl_series *series);               /* [rows] */
const double *pl_series_values(const pl_series *series, int column);  /* [rows] */
/* How many columns hold a number that is not finite; where there is one, the first of them by time. */
int pl_series_not_finite(const pl_series *series, int *column, int *row);

/* ---- situation and ensemble ------------------------------------------------------------------------------- */

typedef struct pl_situation pl_situation;
/* Reads a folder with a situation.yaml, or that file, and its model. Findings and errors as for pl_model_read. */
pl_status pl_situation_read(const char *path, pl_situation **situation, pl_findings *findings, pl_error *error);
/* The same with files that give its model values (behind those that the situation names), or futures (in place of the
 * situation's), and only the courses that take part: named profiles with another one are left out. */
pl_status pl_situation_read_with(const char *path, const pl_inputs *inputs, pl_situation **situation,
                                 pl_findings *findings, pl_error *error);
void pl_situation_free(pl_situation *situation);
/* The model of a situation; it lives as long as the situation. */
const pl_model *pl_situation_model(const pl_situation *situation);
/* Runs the declared checks. Each that does not hold is a finding; PL_CHECK_FAILED then. What keeps the situation from
 * being explored (a delay whose length varies, ...) is a finding too, with the status of compiling. */
pl_status pl_situation_check(const pl_situation *situation, pl_findings *findings, pl_error *error);

/* One run with the model's own constants: the base profile, but the chosen course for each actor that is named. sets
 * act from INITIAL TIME, courses from run.from. seed NULL: the situation's. Statuses as for pl_model_run. */
pl_status pl_situation_run(const pl_situation *situation, const pl_choice *choices, int choice_count,
                           const pl_set *sets, int set_count, const uint64_t *seed, pl_series **series,
                           pl_error *error);
/* Where results go that are given no path: SITUATION/results.nc, or ./NAME.nc where that is read-only. */
void pl_situation_results_path(const pl_situation *situation, char *path, size_t room);

typedef struct pl_explore_options {
    long futures;        /* 0: the situation's; else drawn, also where it names a file of them */
    int seed_given;      /* else the situation's */
    uint64_t seed;
    const char *design;  /* NULL: the situation's; "random" or "latin" */
    const char *const *keep_series; /* [keep_count] variables whose series are kept beside the situation's `series` */
    int keep_count;
    int threads;         /* 0: as many as there are processors */
    int lanes;           /* block size; 0: chosen by the program */
    int resume;          /* go on where an earlier exploration of the same inputs was broken off */
    int join;            /* under MPI: share the work with the other ranks, each with one thread unless threads says */
    int shard, shards;   /* only the futures of shard 1 .. shards, left in FILE.nc.part; shards 0: all */
    int staged;          /* of results that are obtained: staged play follows; without times for it nothing is run */
    /* Called now and then from one thread with cases done and in all; may be NULL. Returns non-zero to interrupt. */
    int (*progress)(void *context, long done, long all);
    void *context;
} pl_explore_options;

typedef struct pl_explore_summary {
    long cases, failed, futures, profiles;
    double seconds, compile_seconds, runs_per_second;
    /* The first failed case, and what was not finite there ("" where that cannot be told) from which time on. */
    long failed_profile, failed_future;
    char failed_variable[128];
    double failed_time;
    char file[1024]; /* that was written */
    int rank;        /* under MPI, of this process; the summary is rank 0's */
    int elsewhere;   /* it failed because another rank did, which tells why */
    const pl_timing *timing; /* for pl_summary_print, the caller's; pl_explore leaves it NULL */
} pl_explore_summary;

/* The kernels in use: "sse2", "avx2", "avx512" or "wasm"; PARLEY_SIMD in the environment forces a narrower one. */
const char *pl_simd_name(void);

/* Times blocks of the first futures under the base profile, for some tenths of a second: as an exploration runs them,
 * and one instruction after the other, from which the shares are. */
pl_status pl_situation_time(const pl_situation *situation, pl_timing **timing, pl_error *error);

/* Simulates every combination of courses against every future and writes FILE.nc (through FILE.nc.part), or of a shard
 * FILE.nc.part only. path NULL: pl_situation_results_path's; a shard's with its number in it. With resume, what a
 * FILE.nc.part of the same inputs holds is not run again, and a finished FILE.nc of the same inputs is left as it is;
 * one of other inputs is PL_INVALID. PL_RUN_FAILED only where all runs failed. summary may be NULL. */
pl_status pl_explore(const pl_situation *situation, const pl_explore_options *options, const char *path,
                     pl_explore_summary *summary, pl_error *error);

/* Runs `count` cases of a results file of this situation again, each alone, and compares every bit of draws, weights,
 * measures, payoffs and failures. path NULL: pl_situation_results_path's. PL_INVALID, with the first that differs, or
 * where the file is of other inputs. */
pl_status pl_verify(const pl_situation *situation, const pl_explore_options *options, const char *path, long count,
                    pl_error *error);

/* Joins .part files (given with or without that ending) of one exploration, in any order, into a results file.
 * Where cases are missing they are missing in it, summary->missing counts them and summary->missing_futures says which
 * (as ranges, cut off where they are many). PL_INVALID where the files are of different inputs. */
typedef struct pl_merge_summary {
    long cases, failed, missing;
    long missing_series; /* of those that are kept: one variable under one profile each */
    char missing_futures[256];
} pl_merge_summary;
pl_status pl_merge(const char *const *paths, int path_count, const char *output, pl_merge_summary *summary,
                   pl_error *error);

typedef struct pl_ensemble pl_ensemble;
/* Reads a results file. */
pl_status pl_ensemble_read(const char *path, pl_ensemble **ensemble, pl_error *error);
/* The results of a situation: read from the file where its hash agrees, else run first and written there.
 * *ran says which (may be NULL). path NULL: SITUATION/results.nc. */
pl_status pl_ensemble_obtain(const char *situation_path, const pl_explore_options *options, const char *path, int *ran,
                             pl_ensemble **ensemble, pl_explore_summary *summary, pl_error *error);
/* The same with files for the situation, as pl_situation_read_with takes them. */
pl_status pl_ensemble_obtain_with(const char *situation_path, const pl_inputs *inputs,
                                  const pl_explore_options *options, const char *path, int *ran,
                                  pl_ensemble **ensemble, pl_explore_summary *summary, pl_error *error);
void pl_ensemble_free(pl_ensemble *ensemble);
/* Adds a warning where its futures were fitted (`parley fit`) to another situation or model than its own. */
void pl_ensemble_warn(const pl_ensemble *ensemble, pl_findings *findings);

/* The numbers of an ensemble. Profiles are all combinations of courses, the last actor fastest. Names and arrays are
 * the ensemble's; indices must be within its shape. A number that is missing is NaN. */
typedef struct pl_shape {
    long profiles, futures;
    long base; /* the profile for differences */
    int measures, actors, uncertainties;
} pl_shape;
pl_shape pl_ensemble_shape(const pl_ensemble *ensemble);
const char *pl_ensemble_measure_name(const pl_ensemble *ensemble, int measure);
const char *pl_ensemble_actor_name(const pl_ensemble *ensemble, int actor);
const char *pl_ensemble_uncertainty_name(const pl_ensemble *ensemble, int uncertainty);
int pl_ensemble_course_count(const pl_ensemble *ensemble, int actor);
const char *pl_ensemble_course_name(const pl_ensemble *ensemble, int actor, int course);
int pl_ensemble_course(const pl_ensemble *ensemble, long profile, int actor); /* what the actor does in a profile */
const double *pl_ensemble_measure_values(const pl_ensemble *ensemble, int measure, long profile); /* [futures] */
const double *pl_ensemble_payoff_values(const pl_ensemble *ensemble, int actor, long profile);    /* [futures] */
const double *pl_ensemble_draw_values(const pl_ensemble *ensemble, int uncertainty);              /* [futures] */

/* ---- study ------------------------------------------------------------------------------------------------ */

/* An estimate and its 95 % confidence interval; low and high are NaN where there are too few futures for one. */
typedef struct pl_interval {
    double estimate, low, high;
} pl_interval;

/* How numbers lie over the futures: the median with its confidence interval, and the range from the 5 % to the 95 %
 * quantile (Hyndman and Fan's type 7). All NaN where count is 0. */
typedef struct pl_spread {
    long count; /* futures that gave a number */
    pl_interval median;
    double low, high;
} pl_spread;

/* A measure under a profile, and its paired difference from the base profile over the same futures. */
typedef struct pl_cell {
    long missing; /* futures whose run failed or gave no number */
    pl_spread value, difference;
} pl_cell;

/* The table of an ensemble: profiles x measures. Confidence intervals of medians are order statistics with binomial
 * ranks (Conover, Practical Nonparametric Statistics, 3rd ed., 3.2; Hahn and Meeker, Statistical Intervals, 5.2);
 * under a design that is not random, Student's t over the medians of its 10 independent replicates. */
typedef struct pl_comparison pl_comparison;
/* all = 0: the named profiles, and the base where it has no name; else every combination of courses. */
pl_status pl_ensemble_compare(const pl_ensemble *ensemble, int all, pl_comparison **comparison, pl_error *error);
void pl_comparison_free(pl_comparison *comparison);
int pl_comparison_rows(const pl_comparison *comparison);    /* profiles */
int pl_comparison_columns(const pl_comparison *comparison); /* measures */
const pl_cell *pl_comparison_cell(const pl_comparison *comparison, int row, int column);

/* A game in normal form, and what solvers found of it. */
typedef struct pl_game pl_game;
typedef struct pl_solution pl_solution;
void pl_game_free(pl_game *game); /* NULL is fine */
/* What a solver may be told; {0} is the default. */
typedef struct pl_solve_options {
    double lambda;    /* the logit equilibrium that is asked for; 0: the limit of the branch */
    const int *stage; /* [player] the stage in which each player moves, from 0; NULL: all at once */
    int branch;       /* keep the logit branch up to its limit, not only what is asked for */
    long long budget; /* operations that each solver may spend; 0: some seconds' worth */
} pl_solve_options;
/* Solves with the solver of a name; NULL: "auto", what suits the game. options may be NULL.
 * PL_USAGE: no such solver, or one that does not take so many players; PL_INVALID: a payoff is not finite;
 * PL_MEMORY. */
pl_status pl_game_solve(const pl_game *game, const char *solver, const pl_solve_options *options,
                        pl_solution **solution, pl_error *error);
void pl_solution_free(pl_solution *solution);

/* A game as one of Gambit's files holds it: in normal form (.nfg) or in extensive form (.efg). The text says which. */
typedef struct pl_game_file pl_game_file;
/* Errors, warnings and notes go to findings (may be NULL), the error also to error (may be NULL). PL_FILE, PL_INVALID,
 * PL_MEMORY. */
pl_status pl_game_file_read(const char *path, pl_game_file **file, pl_findings *findings, pl_error *error);
pl_status pl_game_file_parse(const char *text, size_t length, const char *name, pl_game_file **file,
                             pl_findings *findings, pl_error *error);
void pl_game_file_free(pl_game_file *file);
/* The game in normal form, which belongs to the file; NULL where it is in extensive form. */
const pl_game *pl_game_file_game(const pl_game_file *file);

/* What solvers found of a game in extensive form: equilibria in behaviour strategies. */
typedef struct pl_tree_solution pl_tree_solution;
/* Solves the game of a file that is in extensive form. solver NULL: "auto", subgame by subgame. options may be NULL.
 * The file must stay as long as the solution. PL_USAGE: no such solver; PL_UNSUPPORTED: it cannot solve this game;
 * PL_MEMORY. */
pl_status pl_game_file_solve(const pl_game_file *file, const char *solver, const pl_solve_options *options,
                             pl_tree_solution **solution, pl_error *error);
void pl_tree_solution_free(pl_tree_solution *solution);

/* The normal-form game between the actors: payoffs are means over the futures in which every profile has one. */
typedef struct pl_play pl_play;
typedef struct pl_play_options {
    const char *solver; /* NULL: "auto" */
    double lambda;      /* of the logit equilibrium that is asked for; 0: where the branch leads */
    int replicates;     /* of the bootstrap; 0: 1000 */
    const char *profile; /* a named profile: who would leave it, and why; NULL: none */
    const char *frontier, *limit; /* measures "a, b" and the one that is limited: what can be reached; NULL: not
                                   * asked */
} pl_play_options;
/* Finds the equilibria, and resamples futures (jointly for all profiles and actors) for percentile intervals of payoffs
 * (Efron and Tibshirani, An Introduction to the Bootstrap, ch. 13), a one-sided 95 % bound of each equilibrium's true
 * regret by a studentised bootstrap, and the share of replicates in which it stays one (a mixed one: in which there is
 * one of the same courses); draws are addressed by the ensemble's seed. Under a design that is not random its 10
 * replicates are what is resampled, and intervals of payoffs are Student's t over them. Each future is also solved as a
 * game of its own. PL_INVALID: no actors, or no future in which every profile has its payoffs; PL_USAGE: an unknown
 * solver, profile or measure. options may be NULL. */
pl_status pl_ensemble_play(const pl_ensemble *ensemble, const pl_play_options *options, pl_play **play,
                           pl_error *error);
void pl_play_free(pl_play *play);
/* The Nash equilibria that were found: how many, whether they are known to be all, and of each the probability of a
 * course, an actor's payoff, and the most that any actor would gain by another course. */
int pl_play_count(const pl_play *play);
int pl_play_complete(const pl_play *play);
double pl_play_probability(const pl_play *play, int equilibrium, int actor, int course);
double pl_play_payoff(const pl_play *play, int equilibrium, int actor);
double pl_play_regret(const pl_play *play, int equilibrium);
/* The mean game itself: players are the actors. It lives as long as the play. */
const pl_game *pl_play_game(const pl_play *play);

/* How well the courses of the actors hold up over the futures: criteria of robustness, dominance, Pareto fronts, where
 * the ranking changes, who gains and who loses against the base. docs/weigh.md says what each is. */
typedef struct pl_weighing pl_weighing;
typedef struct pl_weigh_options {
    const char *actor;   /* this one only; NULL: all */
    const char *against; /* what the others do: "response" (NULL), "equilibrium", "base", "mean", "worst", or a named
                          * profile */
    const char *where;   /* the condition on measures that satisfices; NULL: a payoff no lower than the base's */
    int alpha_given;
    double alpha;        /* Hurwicz's, the weight of the worst future; 0.5 where not given */
    int replicates;      /* of the bootstrap; 0: 1000 */
    int all;             /* every combination of courses as a row, not only the named profiles */
} pl_weigh_options;
/* What pl_ensemble_play may return; PL_USAGE: an unknown actor or treatment, alpha beyond 0 to 1; PL_INVALID: a
 * condition that cannot be read. The ensemble must outlive the weighing; options may be NULL. */
pl_status pl_ensemble_weigh(const pl_ensemble *ensemble, const pl_weigh_options *options, pl_weighing **weighing,
                            pl_error *error);
void pl_weighing_free(pl_weighing *weighing);

/* Tests of a situation's claims: each that names a cause and an effect is simulated with and without the cause over the
 * same futures. */
typedef struct pl_claim_tests pl_claim_tests;
typedef struct pl_claims_options {
    const char *id;  /* this claim only; NULL: all */
    long futures;    /* 0: 500, or all of a file of futures */
    const char *design; /* NULL: the situation's */
    int seed_given;
    uint64_t seed;
    int threads;     /* 0: as many as there are processors */
    /* As of pl_explore_options. */
    int (*progress)(void *context, long done, long all);
    void *context;
} pl_claims_options;
/* Reads a situation and its claims, and tests them. PL_NO_DATA where it names none, PL_USAGE where there is no claim of
 * the id; what reading and compiling may return. options and findings may be NULL. */
pl_status pl_claims_test(const char *situation_path, const pl_claims_options *options, pl_claim_tests **tests,
                         pl_findings *findings, pl_error *error);
/* The same with files for the situation, as pl_situation_read_with takes them. */
pl_status pl_claims_test_with(const char *situation_path, const pl_inputs *inputs, const pl_claims_options *options,
                              pl_claim_tests **tests, pl_findings *findings, pl_error *error);
void pl_claim_tests_free(pl_claim_tests *tests);

/* What the sources recommend: each claim of the kind "recommendation" is followed from the base on, over the same
 * futures, and ranked by what it brings each actor. options: as for pl_claims_test, without id and design; 0 futures:
 * 200. PL_NO_DATA where there is no such claim; what reading, compiling and running may return. */
typedef struct pl_recommendations pl_recommendations;
pl_status pl_recommendations_weigh(const char *situation_path, const pl_claims_options *options,
                                   pl_recommendations **recommendations, pl_findings *findings, pl_error *error);
void pl_recommendations_free(pl_recommendations *recommendations);

/* Whether the claims of a situation live where they say: each place is moved over its range in 50 futures. Findings,
 * all of them errors (PL_CHECK_FAILED): levers, uncertainties, courses and variables that move no measure by 0.1 % of
 * its spread; more than 10 % of the claims outside of the model or in such places; a place of more than six claims
 * without a reason; a mechanism that no way from cause to effect passes through. Also what pl_claims_test may
 * return. */
typedef struct pl_claims_count {
    int placed, outside;
} pl_claims_count;
pl_status pl_situation_check_claims(const pl_situation *situation, int threads, pl_claims_count *count,
                                    pl_findings *findings, pl_error *error);
/* The file of claims that a situation names, or NULL. */
const char *pl_situation_claims(const pl_situation *situation);

/* The declared back-tests of a situation: each compares one run of the model, with its own constants, with what is
 * known to have happened. Those that come out otherwise than declared are findings, and PL_CHECK_FAILED, with
 * *backtests given. One run has no interval. PL_NO_DATA where the situation names none; PL_INVALID, PL_FILE,
 * PL_MEMORY. */
typedef struct pl_backtests pl_backtests;
pl_status pl_situation_backtest(const pl_situation *situation, pl_backtests **backtests, pl_findings *findings,
                                pl_error *error);
void pl_backtests_free(pl_backtests *backtests);

/* Which feedback loops drive a variable or a measure, and when, by the Loops That Matter method: in the run with the
 * model's own constants, and over the futures of a situation. */
typedef struct pl_loop_scores pl_loop_scores;
typedef struct pl_loops_options {
    const char *target;  /* a variable, an element of one, or a measure; NULL: all loops */
    const char *profile; /* a named profile; NULL: the base */
    long futures;        /* of a situation; 0: 100; below 0: none */
    int seed_given;
    uint64_t seed;
    int threads;         /* 0: as many as there are processors */
    /* As of pl_explore_options. */
    int (*progress)(void *context, long done, long all);
    void *context;
} pl_loops_options;
/* The model (the situation) must outlive the scores. options may be NULL. PL_INVALID: no such variable or measure, or
 * no loop acts on it; PL_USAGE: no such profile; PL_UNSUPPORTED: too many links between elements of arrays;
 * PL_RUN_FAILED; and what compiling returns. */
pl_status pl_model_score_loops(const pl_model *model, const pl_loops_options *options, pl_loop_scores **scores,
                               pl_error *error);
pl_status pl_situation_score_loops(const pl_situation *situation, const pl_loops_options *options,
                                   pl_loop_scores **scores, pl_error *error);
void pl_loop_scores_free(pl_loop_scores *scores);
/* A fit of a situation to the series of its `data`: the most likely values of its uncertainties within their ranges, a
 * sample of their posterior, what the data leave open, and errors on the values that were kept out. */
typedef struct pl_fit pl_fit;
typedef struct pl_fit_options {
    long futures;    /* draws of the posterior to keep; 0: as many as the situation's fit says, or it has futures */
    int seed_given;
    uint64_t seed;
    int threads;     /* 0: as many as there are processors */
    int effort;      /* steps of the sample at most, in units of the first round (250); 0: 32 */
    int plain;       /* without profile likelihoods */
    /* As of pl_explore_options. */
    int (*progress)(void *context, long done, long all);
    void *context;
} pl_fit_options;
/* Reads a situation with its data, and fits it. Values that lie outside of the model's time are warnings. PL_NO_DATA
 * where it has none; PL_INVALID where nothing can be fitted: no value before the holdout, no uncertainty that the data
 * reach, or no candidate whose run does not fail; what reading and compiling may return; PL_INTERRUPTED. options and
 * findings may be NULL. */
pl_status pl_situation_fit(const char *situation_path, const pl_fit_options *options, pl_fit **fit,
                           pl_findings *findings, pl_error *error);
/* The same with files for the situation, as pl_situation_read_with takes them. */
pl_status pl_situation_fit_with(const char *situation_path, const pl_inputs *inputs, const pl_fit_options *options,
                                pl_fit **fit, pl_findings *findings, pl_error *error);
void pl_fit_free(pl_fit *fit);
/* Where fitted futures go that are given no path: SITUATION/fitted.csv. */
void pl_fit_futures_path(const pl_fit *fit, char *path, size_t room);

/* Scenario discovery: in which part of the space of inputs the cases lie in which a condition holds, by PRIM (the
 * patient rule induction method) with its whole trajectory of boxes, and by a classification tree as a second
 * opinion. */
typedef struct pl_discovery pl_discovery;
typedef struct pl_discover_options {
    const char *where;         /* the condition: over measures, payoff(actor), regret(actor), equilibrium() and
                                * base(measure), or the name of a risk; of a table over its columns */
    const char *profile;       /* a named profile; NULL: all, with the actors' courses as categories. Not of a table */
    const char *const *inputs; /* [input_count] names of those that may be limited; 0: all */
    int input_count;
    const char *objective;     /* NULL: "lenient1"; "lenient2", "original" */
    double peel_alpha, paste_alpha, mass_min; /* 0: 0.05 each */
    double threshold;          /* no further box once one ends with a density below this */
    int boxes;                 /* how many, one after the other, each among the cases that are left; 0: 1 */
    const char *choose;        /* which box of each trajectory is spoken of, and taken out before the next: "balanced"
                                * (NULL), "last", or its number; several, separated by commas: for one trajectory after
                                * the other */
    int resamples;             /* random halves for the reproducibility of limits; 0: 10; below: none */
    int seed_given;            /* else the ensemble's, or 1 */
    uint64_t seed;
} pl_discover_options;
/* The ensemble must outlive the discovery. PL_USAGE: an unknown profile, input, objective or box, a number out of its
 * range; PL_INVALID: the condition, or nothing to search in (no case of interest, or no other); PL_UNSUPPORTED: the
 * futures are no sample. */
pl_status pl_ensemble_discover(const pl_ensemble *ensemble, const pl_discover_options *options,
                               pl_discovery **discovery, pl_error *error);
/* The same of a table of comma-separated text with a header: each row is a case. Also PL_FILE. */
pl_status pl_table_discover(const char *path, const pl_discover_options *options, pl_discovery **discovery,
                            pl_error *error);
void pl_discovery_free(pl_discovery *discovery);

/* Staged play: at each time of 'at' in the situation's play the actors choose again, knowing what was done before but
 * not the future they are in; solved by backward induction over every sequence of profiles, which is run (and written
 * nowhere). */
typedef struct pl_staged pl_staged;
typedef struct pl_staged_options {
    const char *select;       /* which equilibrium of several is played: "logit" (NULL), "joint", or an actor, as best
                               * for it */
    const pl_choice *courses; /* those that take part; an actor without one: what the situation names, else all */
    int course_count;
    double budget;            /* the most segments x futures to run; 0: 10 million */
} pl_staged_options;
/* explore (may be NULL): futures, seed, design, threads, lanes, progress (counted in segments of one future). The
 * situation must outlive the play. PL_USAGE: over the budget, with the number of segments; an unknown rule, actor or
 * course. PL_INVALID: no times, no actors, no future without a failure, a choice without a solution. PL_INTERRUPTED,
 * PL_MEMORY, and what compiling returns. */
pl_status pl_situation_play_staged(const pl_situation *situation, const pl_explore_options *explore,
                                   const pl_staged_options *options, pl_staged **staged, pl_error *error);
void pl_staged_free(pl_staged *staged);
/* The value of the game for an actor, with its interval over the futures. */
pl_interval pl_staged_value(const pl_staged *staged, int actor);

/* Sensitivity: what measures, payoffs, differences from the base and equilibria hinge on. */
typedef struct pl_sense pl_sense;
typedef struct pl_sense_options {
    const char *profile;       /* a named profile, with its differences from the base; NULL: the base */
    const char *over_time;     /* a variable, at up to 13 times as well; NULL: none */
    const char *const *of;     /* [of_count] only these outputs, by the names that are printed; none: all */
    int of_count;
    const char *const *inputs; /* [input_count] of a table: the columns of its inputs; none: all that are not in `of` */
    int input_count;
    const char *design;        /* of a situation: only the methods of this design; of a table: how its rows were made */
    long futures;              /* of a situation: rows of the design, at most; 0: chosen */
    int seed_given;
    uint64_t seed;
    int resamples;             /* of the bootstrap; 0: 200, and at most 100 for delta */
    int threads;               /* 0: as many as there are processors */
    /* As of pl_explore_options. */
    int (*progress)(void *context, long done, long all);
    void *context;
} pl_sense_options;
/* By the methods that the results' design allows: saltelli: Sobol' first, total and second order (Saltelli and others,
 * Computer Physics Communications 181:259, 2010); morris: elementary effects (Morris, Technometrics 33:161, 1991); any
 * other: delta (Plischke, Borgonovo and Smith, EJOR 226:536, 2013), PAWN (Pianosi and Wagener, Environmental Modelling
 * & Software 108:197, 2018), regressions. Simulates nothing. PL_USAGE: no such profile, output or series;
 * PL_UNSUPPORTED: the design is of no use here; PL_MEMORY. options may be NULL. */
pl_status pl_ensemble_sense(const pl_ensemble *ensemble, const pl_sense_options *options, pl_sense **sense,
                            pl_error *error);
/* Runs the designs that the methods need, in memory: a random sample (or the results that are there, where their hash
 * agrees), Morris' trajectories, and Saltelli's blocks over the leading inputs, with the rest as one group. Also what
 * compiling returns, and PL_INTERRUPTED. */
pl_status pl_situation_sense(const pl_situation *situation, const pl_sense_options *options, pl_sense **sense,
                             pl_error *error);
/* From a table in a CSV file, with a row for each run. Under `design` saltelli and morris the rows must lie as parley
 * or SALib put them. PL_FILE, PL_INVALID, PL_USAGE, PL_MEMORY. */
pl_status pl_table_sense(const char *path, const pl_sense_options *options, pl_sense **sense, pl_error *error);
/* The same from a text in memory; name stands for the file in messages. */
pl_status pl_table_sense_text(const char *text, size_t length, const char *name, const pl_sense_options *options,
                              pl_sense **sense, pl_error *error);
void pl_sense_free(pl_sense *sense);
/* Robust policies: the levers and thresholds of the situation's `search` within their ranges, by several objectives
 * over many futures (docs/search.md). */
typedef struct pl_policy_search pl_policy_search;
typedef struct pl_search_options {
    long evaluations;   /* of each seed; this and those that follow: 0 is what the situation says */
    long futures;       /* that each candidate is tried in */
    long check_futures; /* others, in which what was found is evaluated again */
    int seeds;          /* independent runs of the search */
    int seed_given;     /* else the situation's */
    uint64_t seed;
    int threads;        /* 0: as many as there are processors */
    /* As of pl_explore_options. */
    int (*progress)(void *context, long done, long all);
    void *context;
} pl_search_options;
/* options may be NULL. The situation must outlive the search. PL_INVALID: it has no `search`, or its design is no
 * sample; PL_USAGE, PL_INTERRUPTED (*search: what was found by then, or NULL), PL_MEMORY, and what compiling
 * returns. */
pl_status pl_situation_search(const pl_situation *situation, const pl_search_options *options,
                              pl_policy_search **search, pl_error *error);
void pl_policy_search_free(pl_policy_search *search);
int pl_policy_search_count(const pl_policy_search *search); /* policies found */
/* The hypervolume that a run reached in the end, or (run -1) that of all together; NaN where it is too much to
 * compute. */
double pl_policy_search_hypervolume(const pl_policy_search *search, int run);

/* ---- report ----------------------------------------------------------------------------------------------- */

typedef enum pl_format { PL_FORMAT_TEXT, PL_FORMAT_CSV, PL_FORMAT_JSON } pl_format;

/* Each prints into a text that pl_text_free frees; *length is without the NUL. Numbers in CSV and JSON are the shortest
 * decimals that read back; plain text is rounded for reading. PL_MEMORY; PL_UNSUPPORTED where there is no such form. */
pl_status pl_series_print(const pl_series *series, pl_format format, char **text, size_t *length);
pl_status pl_comparison_print(const pl_comparison *comparison, pl_format format, char **text, size_t *length);
/* To read in a terminal, where drawn != 0 with drawings in block characters of UTF-8: a run's variables that change,
 * with a sparkline each (100 columns); the table with how the futures lie (118 columns). */
pl_status pl_series_show(const pl_series *series, int drawn, char **text, size_t *length);
pl_status pl_comparison_show(const pl_comparison *comparison, int drawn, char **text, size_t *length);
/* Claims as a table with a summary by article; whole: with each claim's text, effects and path. CSV: a row for each
 * effect. */
pl_status pl_claim_tests_print(const pl_claim_tests *tests, int whole, pl_format format, char **text, size_t *length);
/* Loops by share; CSV: a row for each saved time and loop. */
pl_status pl_loop_scores_print(const pl_loop_scores *scores, pl_format format, char **text, size_t *length);
/* The fit as a text or as JSON; file (may be NULL): where its futures were written. */
pl_status pl_fit_print(const pl_fit *fit, const char *file, pl_format format, char **text, size_t *length);
/* The fitted futures as the CSV file that `explore --futures` takes: draws of the posterior, and of the other
 * uncertainties and weights those that a random design has of the same seed. */
pl_status pl_fit_print_futures(const pl_fit *fit, char **text, size_t *length);
pl_status pl_play_print(const pl_play *play, pl_format format, char **text, size_t *length);
/* CSV: a row for each recommendation and actor. */
pl_status pl_recommendations_print(const pl_recommendations *recommendations, pl_format format, char **text,
                                   size_t *length);
/* CSV: a row for each actor, course (or profile) and criterion. */
pl_status pl_weighing_print(const pl_weighing *weighing, pl_format format, char **text, size_t *length);
pl_status pl_discovery_print(const pl_discovery *discovery, pl_format format, char **text, size_t *length);
pl_status pl_sense_print(const pl_sense *sense, pl_format format, char **text, size_t *length);
/* CSV: the policies found, a row each. */
pl_status pl_policy_search_print(const pl_policy_search *search, pl_format format, char **text, size_t *length);
pl_status pl_staged_print(const pl_staged *staged, pl_format format, char **text, size_t *length);
pl_status pl_solution_print(const pl_game *game, const pl_solution *solution, pl_format format, char **text,
                            size_t *length);
/* A game in normal form as the text of a .nfg file; title and comment may be NULL. */
pl_status pl_game_write(const pl_game *game, const char *title, const char *comment, char **text, size_t *length);
/* The game of a file as the text of a .nfg file or an .efg file. PL_UNSUPPORTED: a game in normal form as .efg. */
typedef enum pl_game_format { PL_GAME_NFG, PL_GAME_EFG } pl_game_format;
pl_status pl_game_file_write(const pl_game_file *file, pl_game_format format, char **text, size_t *length,
                             pl_error *error);
pl_status pl_tree_solution_print(const pl_tree_solution *solution, pl_format format, char **text, size_t *length);
/* The builtins, from the table. */
pl_status pl_functions_print(pl_format format, char **text, size_t *length);
/* An error, or a list of findings: FILE:LINE:COLUMN: severity: message, the source line and a caret; or as JSON. */
pl_status pl_error_print(const pl_error *error, char **text, size_t *length);
pl_status pl_findings_print(const pl_findings *findings, pl_format format, char **text, size_t *length);
/* The findings of a check and, where they are not NULL, where claims are and what came of the back-tests; as JSON
 * {"findings", "claims", "backtests"}. */
pl_status pl_check_print(const pl_findings *findings, const pl_claims_count *claims, const pl_backtests *backtests,
                         pl_format format, char **text, size_t *length);
/* {"cases", "failed", "seconds", "runs_per_second", "file"} as JSON, with "first_failed" ({"variable", "time",
 * "profile", "future"}) where a run failed, and with "timing" where the summary has one; or a line to read. */
pl_status pl_summary_print(const pl_explore_summary *summary, pl_format format, char **text, size_t *length);
/* {"verified", "file"} as JSON, or a line to read: what pl_verify found nothing in. */
pl_status pl_verified_print(const char *file, long cases, pl_format format, char **text, size_t *length);
/* The slowest rows as a table, at most `most` of them; JSON has all of them. */
pl_status pl_timing_print(const pl_timing *timing, int most, pl_format format, char **text, size_t *length);
/* {"cases", "failed", "missing", "missing_futures", "file"} as JSON, or a line to read. */
pl_status pl_merge_print(const pl_merge_summary *summary, const char *file, pl_format format, char **text,
                         size_t *length);
/* Says that a file was written: a line to read, or {"file", "bytes"}. */
pl_status pl_written_print(const char *file, size_t bytes, pl_format format, char **text, size_t *length);
void pl_text_free(char *text);

/* Describes a model, or one variable (or element) of it: equation, units, comment, range, value at the start, what it
 * needs, where it is used, the feedback loops through it. Text or JSON. PL_INVALID, with the nearest names, where there
 * is no such variable. */
pl_status pl_model_describe(const pl_model *model, const char *variable, pl_format format, char **text, size_t *length,
                            pl_error *error);

/* A commented situation.yaml for a model, to begin with; file is how it names the model. */
pl_status pl_situation_draft(const pl_model *model, const char *file, char **text, size_t *length);
/* Writes it to output, or (NULL) to situation.yaml beside the model, and gives the path and the size. Never over a file
 * that is there: PL_FILE. PL_USAGE where the model does not lie in the folder. */
pl_status pl_situation_init(const pl_model *model, const char *output, char *path, size_t room, size_t *bytes,
                            pl_error *error);

/* Writes a file as a whole or not at all (through a file beside it, then renamed). PL_FILE. */
pl_status pl_file_write(const char *path, const char *text, size_t length, pl_error *error);
/* Whether that could begin, before long work: PL_FILE. The file stays as it is. */
pl_status pl_file_try(const char *path, pl_error *error);

/* The report of an ensemble as one HTML file that needs nothing else, in English and Spanish. */
typedef struct pl_report_options {
    const char *situation_path; /* of which the ensemble is: what takes runs or files of its own is told, too; NULL:
                                 * not */
    int threads;                /* 0: as many as there are processors */
    int staged;                 /* play in stages, too, and draw its tree; then also what pl_situation_play_staged may
                                 * return */
    pl_findings *findings;      /* warnings are added to it; NULL: they are not kept */
    long served;                /* the page is served (pl_server_start) and may ask for so many futures; 0: it stands
                                 * alone */
    /* As of pl_explore_options. */
    int (*progress)(void *context, long done, long all);
    void *context;
} pl_report_options;
/* options may be NULL. PL_FILE, PL_MEMORY, and what a run of its profiles' series, or one of the studies, may
 * return. */
pl_status pl_report_print(const pl_ensemble *ensemble, const pl_report_options *options, char **text, size_t *length,
                          pl_error *error);

/* ---- serve ------------------------------------------------------------------------------------------------ */

/* A server of the report of an ensemble, to this machine only (127.0.0.1), whose page may ask for more futures than it
 * computes itself (docs/serve.md).  It runs in threads of its own, which take no signals. */
typedef struct pl_server pl_server;
typedef struct pl_server_options {
    int port;           /* 0: a free one */
    long futures;       /* the most that a run may have; 0: 20000 */
    int threads;        /* of a run; 0: as many as there are processors */
    const char *folder; /* where results are written, too, as run-N.json and run-N.csv; it is made where it is not
                         * there; NULL: they are kept in memory, for download */
} pl_server_options;
/* Writes the page (report may be NULL; its `served` is not looked at) and begins to serve it. The ensemble must outlive
 * the server. PL_USAGE: a port or a number of futures that there cannot be; PL_UNSUPPORTED: parley was built without
 * libmicrohttpd; PL_FILE: the port is taken, or the folder cannot be written; PL_MEMORY, and what pl_report_print may
 * return. */
pl_status pl_server_start(const pl_ensemble *ensemble, const pl_report_options *report,
                          const pl_server_options *options, pl_server **server, pl_error *error);
/* Where the page is: http://127.0.0.1:PORT/TOKEN/, the token 256 random bits; who knows it may use the server. */
const char *pl_server_address(const pl_server *server);
/* {"address", "port"} as JSON, or the address in a line of its own. */
pl_status pl_server_print(const pl_server *server, pl_format format, char **text, size_t *length);
/* Cancels what runs, closes all connections, frees everything. NULL is fine. */
void pl_server_stop(pl_server *server);

#ifdef __cplusplus
}
#endif
#endif
