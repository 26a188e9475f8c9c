/* `search` of a situation: which levers a policy may set within which ranges, what counts as good over the futures, and
 * what must hold.  The policy is a course of nobody's: it has settings and rules as courses have, and what they draw a
 * candidate gives in its place. */
#ifndef PL_ENSEMBLE_SEARCH_H
#define PL_ENSEMBLE_SEARCH_H
#include "ensemble/situation.h"

/* Statistics over the futures. X(id, name, "what it is") */
#define PL_ROBUSTS(X)                                                             \
    X(MEAN, "mean", "the mean over the futures")                                  \
    X(MEDIAN, "median", "the median of the futures")                              \
    X(QUANTILE, "p", "a percentile of the futures: p10, p90, ...")                \
    X(WORST, "worst", "the worst of the futures, as the aim sees it")             \
    X(BEST, "best", "the best of the futures, as the aim sees it")                \
    X(SHARE, "share", "the share of the futures in which a condition holds")

typedef enum pl_robust {
#define X(id, name, text) PL_ROBUST_##id,
    PL_ROBUSTS(X)
#undef X
        PL_ROBUST_COUNT
} pl_robust;

typedef struct pl_search_variable {
    const char *name;  /* "lever", "lever from 2027", "when 1: lever", or a threshold's own */
    const char *lever; /* the constant's name; of a threshold NULL */
    const char *units;
    int actor;         /* whose courses set the lever; -1: nobody's */
    double low, high;
    double step;       /* values are low + k x step; 0: any */
    int input;         /* of the search's inputs */
} pl_search_variable;

typedef struct pl_search_objective {
    const char *name;
    pl_position at;
    int measure;            /* -1: a condition */
    const char *condition;  /* SHARE */
    pl_expr *expr;
    bool maximise;
    pl_robust take;
    double quantile;        /* QUANTILE: the probability */
    double epsilon;         /* the size of the archive's boxes; 0: not given */
    double reference;       /* of the hypervolume; NaN: not given */
} pl_search_objective;

typedef struct pl_search_constraint {
    const char *condition;
    pl_position at;
    pl_expr *expr;
    double share; /* of the futures in which it must hold */
} pl_search_constraint;

struct pl_search {
    pl_position at;
    const char *profile;   /* the named one that acts beside the policy; NULL: the base */
    int *course;           /* [actor_count] */
    pl_course policy;
    pl_search_variable *variables;
    int variable_count, variable_room;
    pl_variable **thresholds; /* [threshold_count] hidden constants */
    int threshold_count;
    pl_search_objective *objectives;
    int objective_count;
    pl_search_constraint *constraints;
    int constraint_count;
    long evaluations, futures, check_futures; /* of each seed; of the search; of the re-evaluation; 0: not given */
    int seeds;
    pl_input *inputs;      /* the situation's, then those of the policy */
    int input_count;
    pl_rule *rules;        /* likewise */
    int rule_count;
    pl_override *overrides;
    int override_count;
};
#endif
