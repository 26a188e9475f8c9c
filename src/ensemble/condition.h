/* Conditions: the model's expressions over measures (risks, --where), over variables (checks) or over the columns of a
 * table.
 * pl_expr_parse gives a tree with names; binding one finds what its names stand for, as a list of terms; its value then
 * follows from the terms' values.  A condition holds where its value is not 0. */
#ifndef PL_CONDITION_H
#define PL_CONDITION_H
#include "ensemble/ensemble.h"

/* X(id, what it is) */
#define PL_TERMS(X)                                              \
    X(MEASURE, "a measure of the case")                          \
    X(BASE, "base(m): the same future's value in the base profile") \
    X(PAYOFF, "payoff(actor) in the case")                       \
    X(REGRET, "regret(actor): its best course's payoff in the future, all others as they are, less its own") \
    X(EQUILIBRIUM, "equilibrium(): 1 where no actor has a regret in the case, else 0") \
    X(COLUMN, "a column of a table")                             \
    X(VARIABLE, "a variable at the time")                        \
    X(INITIAL, "initial(v): a variable at INITIAL TIME")         \
    X(TIME, "the time")

typedef enum pl_term_kind {
#define X(id, text) PL_TERM_##id,
    PL_TERMS(X)
#undef X
} pl_term_kind;

typedef struct pl_term {
    pl_term_kind kind;
    int index;             /* of the measure, actor or column */
    pl_variable *variable; /* VARIABLE, INITIAL */
    int element;           /* flat */
} pl_term;

typedef struct pl_condition_node pl_condition_node;
typedef struct pl_condition {
    pl_condition_node *root;
    pl_term *terms; /* each once */
    int term_count, term_room;
    double tolerance; /* relative, of comparisons: 0 over measures, 1e-9 over variables */
} pl_condition;

/* Binds a parsed condition; everything lives in the arena. PL_INVALID with the nearest names (line and column are those
 * of the expression), PL_MEMORY. */
pl_status pl_condition_over_measures(pl_arena *arena, const pl_situation *s, const pl_expr *expr,
                                     pl_condition **condition, pl_error *error);
pl_status pl_condition_over_variables(pl_arena *arena, const pl_model *model, const pl_expr *expr,
                                      pl_condition **condition, pl_error *error);
/* A name means the column that is spelled so, else the first that is so in any case, blanks or _. */
pl_status pl_condition_over_columns(pl_arena *arena, const char *const *names, int count, const pl_expr *expr,
                                    pl_condition **condition, pl_error *error);

/* A condition over variables as an expression of the model, resolved; its comparisons are the model's own, without
 * tolerance. The arena's out_of_memory must be set. */
pl_expr *pl_condition_expression(pl_arena *arena, const pl_condition *condition);

/* The value from the terms' values; NaN (missing) where a term is missing. */
double pl_condition_value(const pl_condition *c, const double *terms);
/* The two sides of the comparison that makes the condition fail: the condition itself, or the first failing part of an
 * :AND:. False where it is no comparison. */
bool pl_condition_sides(const pl_condition *c, const double *terms, double *left, double *right);

/* The value of a condition over measures in a case; work has room for term_count numbers. */
double pl_condition_in_case(const pl_condition *c, const pl_ensemble *e, long profile, long future, double *work);
/* regret(actor) in a case: NaN where one of the payoffs is missing. */
double pl_ensemble_regret(const pl_ensemble *e, int actor, long profile, long future);
#endif
