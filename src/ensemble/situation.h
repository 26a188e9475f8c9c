/* A situation as read from situation.yaml, with its model: every name bound, every number checked.
 * Everything lives in one arena. */
#ifndef PL_SITUATION_H
#define PL_SITUATION_H
#include "base/arena.h"
#include "base/error.h"
#include "model/model.h"
#include "program/program.h"

typedef enum pl_language { PL_EN, PL_ES, PL_LANGUAGES } pl_language;
/* A text in the languages; where only one is given, all are the same. Never NULL ("" where none). */
typedef struct pl_title {
    const char *in[PL_LANGUAGES];
} pl_title;

/* X(id, name, numbers it takes: -1 = value: probability pairs, what they are) */
#define PL_DISTRIBUTIONS(X)                              \
    X(UNIFORM, "uniform", 2, "low, high")                \
    X(TRIANGULAR, "triangular", 3, "low, mode, high")    \
    X(NORMAL, "normal", 2, "mean, sd")                   \
    X(LOGNORMAL, "lognormal", 2, "median, sd of the log") \
    X(LOGUNIFORM, "loguniform", 2, "low, high")          \
    X(DISCRETE, "discrete", -1, "value: probability")

/* How readers see a name of the model, or a unit. */
typedef struct pl_label {
    const char *name;
    pl_title title;
} pl_label;

typedef enum pl_distribution_kind {
#define X(id, name, count, text) PL_DIST_##id,
    PL_DISTRIBUTIONS(X)
#undef X
        PL_DIST_COUNT
} pl_distribution_kind;

typedef struct pl_distribution {
    pl_distribution_kind kind;
    int count;              /* numbers, or pairs for DISCRETE */
    double *number;         /* [count]; DISCRETE: values[count] then probabilities[count] */
} pl_distribution;
/* The quantile at u in (0, 1). */
double pl_distribution_quantile(const pl_distribution *d, double u);
double pl_distribution_mean(const pl_distribution *d);
/* Whether it may give a value. */
bool pl_distribution_covers(const pl_distribution *d, double value);
/* Of the standard normal distribution: the quantile at u in (0, 1), and the probability below z. */
double pl_normal_quantile(double u);
double pl_normal_probability(double z);

/* A number, or a distribution of one. */
typedef struct pl_quantity {
    double value; /* the number; the mean where distribution is given */
    const pl_distribution *distribution; /* NULL: a plain number */
} pl_quantity;

typedef struct pl_setting { /* one lever in one course; times and values of a step function */
    const char *lever;      /* as written */
    pl_position at;         /* where it stands in the file */
    int input;              /* index in situation->inputs; of a check's setting: in the check's own inputs */
    int count;
    double *times;          /* [count], rising; NaN for "from run.from" */
    pl_quantity *values;    /* [count] */
    int *drawn;             /* [count] the uncertainty that value k is drawn from, or -1 */
    int *armed;             /* [count] the input that is 1 while a value that is drawn is in force; else -1 */
} pl_setting;

/* One rule of `when`: once the condition has held, the settings are in force for good. Later rules of a course count
 * before earlier ones, and all before its `set`. */
typedef struct pl_when {
    const char *condition;
    pl_position at;       /* of the condition */
    double every;         /* 0: judged at every step */
    int armed;            /* the input that is 1 where the course is played, from run.from on */
    pl_setting *settings; /* a single value each */
    int setting_count;
} pl_when;

/* What a reader wants to know of a course before it is taken, in words.
 * X(id, "key", "what it says") */
#define PL_COURSE_FACTS(X)                                              \
    X(WHO, "who", "who acts")                                           \
    X(COST, "cost", "what it costs, and whom")                          \
    X(LEAD, "lead", "how long until it begins to work")                 \
    X(AUTHORITY, "authority", "the legal authority for it")             \
    X(REVERSIBLE, "reversible", "whether it can be undone, and how fast")

typedef enum pl_course_fact {
#define X(id, key, text) PL_FACT_##id,
    PL_COURSE_FACTS(X)
#undef X
        PL_FACT_COUNT
} pl_course_fact;

typedef struct pl_course {
    const char *name;
    pl_title title, text;
    pl_title facts[PL_FACT_COUNT];
    const char *source; /* of the facts; "" where none */
    pl_setting *settings;
    int setting_count;
    pl_when *rules;
    int rule_count;
} pl_course;
/* The settings of a course and of its rules, one after the other; NULL behind the last. */
const pl_setting *pl_course_setting(const pl_course *course, int index);

typedef struct pl_want {
    int measure;
    pl_quantity weight;
    double per;    /* payoff += weight * measure / per */
    int drawn;     /* its index among the weights that are drawn, or -1 */
    uint64_t hash; /* FNV-1a of the case-folded "actor/measure": the stream of a weight that is drawn */
} pl_want;

/* A weight that is drawn. */
typedef struct pl_drawn_weight {
    int actor, want;
    const char *name; /* "actor/measure" */
} pl_drawn_weight;

typedef struct pl_actor {
    const char *name;
    pl_title title, text;
    pl_course *courses;
    int course_count;
    pl_want *wants;
    int want_count;
} pl_actor;

/* A constant that nobody knows, or a value that a course draws: "actor/course/lever". */
typedef struct pl_uncertainty {
    const char *name; /* as written */
    pl_title title, text;
    pl_position at;
    int input;
    pl_distribution distribution;
    const char *source; /* "" where none */
    bool contested;
    bool of_course;   /* a course's value */
    uint64_t hash;    /* FNV-1a of the case-folded name of the constant (with element) or of the course's value */
    int place;        /* its index */
    int copula_row;   /* -1: correlated with none */
} pl_uncertainty;

/* Those who gain or lose by what is measured. */
typedef struct pl_group {
    const char *name;
    pl_title title, text;
} pl_group;

typedef struct pl_bearing {
    int group;
    int sign; /* -1: more of the measure is a burden on the group; 1: it is a benefit */
} pl_bearing;

typedef struct pl_measure {
    const char *name;
    pl_title title, text;
    pl_title units_title; /* `units` as given, else units */
    const char *units;    /* the variable's, times time for integrals, time's for `first` */
    pl_bearing *bearings;
    int bearing_count;
    pl_measure_spec spec; /* without a window of its own: from run.from (else NaN, the start) to the end (NaN) */
} pl_measure;

typedef struct pl_profile { /* a named profile */
    const char *name;
    pl_title title, text;
    int *course;            /* [actor_count] */
} pl_profile;

typedef struct pl_risk { /* a condition on measures */
    const char *name;
    pl_title title;
    pl_position at;        /* of the condition */
    const char *condition;
    pl_expr *expr; /* unresolved: names are measures; calls base(m), payoff(actor), regret(actor) */
} pl_risk;

typedef struct pl_check {
    const char *name;
    pl_title title;
    pl_position at;       /* of the condition */
    pl_setting *settings; /* from INITIAL TIME */
    pl_input *inputs;     /* [setting_count] the constants that it sets */
    int setting_count;
    const char *condition;
    pl_expr *expr;        /* unresolved: names are variables; initial(v) */
} pl_check;

typedef struct pl_order { /* one stage of play.order: the actors that move at the same time */
    int *actors;
    int count;
} pl_order;

typedef struct pl_choice_set { /* the courses of an actor that take part in staged play */
    int *courses;
    int count;
} pl_choice_set;

typedef struct pl_correlation {
    int a, b; /* uncertainties */
    double rho;
} pl_correlation;

/* The correlated uncertainties as a Gaussian copula: row i of the Cholesky factor of their normal scores' correlations,
 * 2 sin(pi rho / 6) for Spearman's rho (Pearson 1907). */
typedef struct pl_copula_member {
    uint64_t hash;
    int place;
} pl_copula_member;
typedef struct pl_copula {
    int count;
    pl_copula_member *members; /* [count] in the order of the situation */
    double *lower;             /* [count][count] */
} pl_copula;

/* How the line of a file of fitted futures begins that says what they were fitted to: then pl_situation_source's. */
#define PL_GIVEN_SOURCE "# situation "

/* Futures as a file gives them. */
typedef struct pl_given {
    const char *file, *text; /* file: for messages */
    size_t length;
    long futures;
    int columns;    /* uncertainties, then weights that are drawn */
    double *values; /* [futures][columns] */
} pl_given;

/* What of the model is compared with an observed value. X(id, name, what it is) */
#define PL_OBSERVED_TAKES(X)                                              \
    X(AT, "at", "the value at the time, at the step nearest to it")        \
    X(MEAN, "mean", "the mean over `over` (1), of which the time is the middle") \
    X(FOLLOWING, "following", "the mean over `over` (1) from the time on")

/* How observed values scatter about the model's. X(id, name, what its scale is, what it is; m: the model's value) */
#define PL_ERROR_MODELS(X)                                                                                  \
    X(NORMAL, "normal", "standard deviation", "normal with mean m")                                         \
    X(RELATIVE, "relative", "standard deviation over m", "normal with mean m, in proportion to it")         \
    X(LOGNORMAL, "lognormal", "standard deviation of the logarithm", "lognormal with median m")             \
    X(POISSON, "poisson", "", "Poisson with mean m")                                                        \
    X(NEGATIVE_BINOMIAL, "negative binomial", "dispersion", "negative binomial with mean m, variance m + dispersion m^2")

typedef enum pl_observed_take {
#define X(id, name, text) PL_OBSERVED_##id,
    PL_OBSERVED_TAKES(X)
#undef X
        PL_OBSERVED_TAKE_COUNT
} pl_observed_take;
extern const char *const pl_observed_take_names[PL_OBSERVED_TAKE_COUNT];

typedef enum pl_error_model {
#define X(id, name, scale, text) PL_ERRORS_##id,
    PL_ERROR_MODELS(X)
#undef X
        PL_ERROR_MODEL_COUNT
} pl_error_model;
extern const char *const pl_error_model_names[PL_ERROR_MODEL_COUNT];

/* What was observed of a variable over time: where its series is, and how it is compared with the model's. */
typedef struct pl_observed {
    pl_variable *variable;
    int element;        /* flat */
    const char *name;   /* of the variable, with its element */
    const char *file, *column; /* in the situation's folder; the column of the values, "value" where not given */
    const char *times;  /* the column of the times; NULL: `time` or `year` */
    double from, to;    /* the times that count; NaN: all */
    pl_observed_take take;
    double over;        /* time that a mean is taken over */
    double weight;      /* of its log-likelihood */
    pl_error_model error;
    double scale[2];    /* the range of the error's scale, one number twice where it is fixed; NaN: a usual range */
    double correlation[2]; /* of errors one unit of time apart: its range, one number twice where it is fixed */
    double holdout;     /* from this time on values are kept out of the fit; NaN: as the fit says */
    pl_position at;
} pl_observed;

/* How a situation is fitted to its data. */
typedef struct pl_fit_spec {
    int *parameters;    /* [parameter_count] uncertainties; count 0: all that the data can reach */
    int parameter_count;
    double holdout;     /* NaN: nothing is kept out */
    int profile;        /* the profile that is compared with the data, or -1: the base */
    long futures;       /* fitted futures to write; 0: as many as the situation has */
    pl_position at;     /* line 0: there is none */
} pl_fit_spec;
typedef struct pl_search pl_search; /* search.h */

typedef struct pl_situation {
    pl_arena arena;
    const char *path, *folder, *file; /* as given; its folder; the yaml file */
    const char *text;                 /* the yaml's own text, and its length */
    size_t length;
    pl_title title, text_title;
    pl_model *model;      /* owned */
    const char *model_file; /* as the situation names it */
    double run_from, run_to; /* NaN where not given */
    long futures;
    uint64_t seed;
    const char *design; /* a name of PL_DESIGNS (design.h) */
    const pl_given *given; /* NULL: futures are drawn */
    const char *futures_at; /* in text: the value of 'futures'; NULL: it has none */
    const char *chosen;    /* the courses that take part, where not all do: lines "ACTOR<tab>COURSE"; "" */
    size_t chosen_length;
    int *bases;         /* the first 2 x uncertainty_count primes, for designs that count in them */
    pl_actor *actors;
    int actor_count;
    pl_drawn_weight *weights;
    int weight_count;
    pl_uncertainty *uncertainties;
    int uncertainty_count;
    pl_label *variable_labels; /* `variables` */
    int variable_label_count;
    pl_label *unit_labels;     /* `units` */
    int unit_label_count;
    pl_group *groups;
    int group_count;
    pl_measure *measures;
    int measure_count;
    pl_profile *profiles;
    int profile_count;
    int base;                /* in profiles, or -1: each actor's first course */
    int *base_course;        /* [actor_count] */
    pl_risk *risks;
    int risk_count;
    pl_check *checks;
    int check_count;
    pl_order *order;
    int order_count;
    pl_choice_set *play_courses; /* [actor_count]; count 0: all of them; NULL: not given */
    double *play_at;             /* the times of staged play, rising */
    int play_at_count;
    pl_correlation *correlations;
    int correlation_count;
    pl_copula *copula;       /* NULL where there are no correlations */
    int *input_group;        /* [uncertainty_count] what the designs that move inputs move together; NULL: no groups */
    const char **input_groups; /* [input_group_count] names; an uncertainty that is in none is one of its own */
    int input_group_count;
    pl_output *series;       /* `series:` variables, whole arrays with element -1 */
    int series_count;
    double series_every;     /* time between their points; 0: SAVEPER */
    const char *const *keep; /* [keep_count] --keep-series: further variables; as long-lived as the caller's options */
    int keep_count;
    const char *claims, *backtests; /* file names, or NULL */
    pl_observed *observed;   /* `data` */
    int observed_count;
    pl_fit_spec fit;         /* `fit` */
    pl_input *inputs;        /* levers and uncertainties, as pl_program_spec takes them; with those of the courses' own */
    int input_count;
    pl_rule *rules;          /* of all courses */
    int rule_count;
    pl_override *overrides;  /* drawn values of all courses, then what their rules set */
    int override_count;
    const pl_search *search; /* `search`, or NULL */
    const pl_course *policy; /* acts beside the courses of a profile; NULL: none, as the situation is read */
} pl_situation;

/* A situation from texts in memory (a results file's): no file is looked for. file stands for the situation's in
 * messages. */
pl_status pl_situation_parse(const char *text, size_t length, const char *file, const char *model_text,
                             size_t model_length, pl_situation **situation, pl_findings *findings, pl_error *error);
/* The same with what may come along: a file of futures (NULL: none), the courses that take part (NULL: all). */
typedef struct pl_situation_texts {
    const char *file, *text, *model, *futures, *chosen;
    size_t length, model_length, futures_length, chosen_length;
} pl_situation_texts;
pl_status pl_situation_parse_texts(const pl_situation_texts *texts, pl_situation **situation, pl_findings *findings,
                                   pl_error *error);

enum { PL_MOST_FUTURES = 1000000000, PL_MOST_SEARCH_FUTURES = 1000000 };

/* How readers see a variable (its name with its element), and units of the model: as `variables` and `units` say, else as they
 * are spelt. */
pl_title pl_situation_variable_title(const pl_situation *s, const char *name);
pl_title pl_situation_units_title(const pl_situation *s, const char *units);

/* All combinations of courses, the last actor fastest: how many, and the course of an actor in a combination. */
long pl_situation_combinations(const pl_situation *s);
int pl_situation_course(const pl_situation *s, long combination, int actor);
long pl_situation_combination(const pl_situation *s, const int *course);
#endif
