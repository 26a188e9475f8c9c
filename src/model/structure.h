/* Who depends on whom: the links between the variables that a user knows, each with its sign where the text tells it.
 * What the reader has made itself (macros, SMOOTH, ...) is seen through.  An array is one variable. */
#ifndef PL_STRUCTURE_H
#define PL_STRUCTURE_H
#include "model/model.h"

/* What is known of a number's sign, or of a slope's. */
typedef enum pl_sign { PL_SIGN_UNKNOWN, PL_SIGN_ZERO, PL_SIGN_POSITIVE, PL_SIGN_NEGATIVE } pl_sign;

typedef struct pl_link {
    int variable; /* the other end, in model->variables */
    pl_sign sign; /* of the partial derivative of the effect with respect to the cause */
    bool initial; /* it only counts for initial values */
} pl_link;

typedef struct pl_structure {
    pl_arena arena;
    const pl_model *model;
    int *first_cause, *first_use; /* [variable_count + 1] */
    pl_link *causes, *uses;       /* those of v: [first_cause[v], first_cause[v + 1]); rising by variable */
    bool *uses_time;              /* [variable] */
} pl_structure;

/* PL_MEMORY. Inputs outlive it. */
pl_status pl_structure_new(const pl_model *model, pl_structure **structure, pl_error *error);
/* The same where constants take other values than the text's: given[variable] holds all of them; low > high: none. */
typedef struct pl_range {
    double low, high;
} pl_range;
pl_status pl_structure_new_given(const pl_model *model, const pl_range *given, pl_structure **structure,
                                 pl_error *error);
void pl_structure_free(pl_structure *structure);

/* ---- signs.c: what the text tells of the sign of a value ------------------------------------------------- */
typedef struct pl_signs {
    const pl_model *model;
    const pl_range *given; /* [variable] all values of a constant, whatever the text says; low > high: as the text */
    bool *ranging;         /* [variable] its range is being found */
    unsigned char *known; /* [variable] a pl_sign + 1; 0: not looked at, IN_WORK: being looked at */
    bool *held;           /* [variable] a stock that never falls below 0 */
    int zero;             /* a stock that is taken to be at 0; -1: none */
    double work;          /* left */
    int depth;
} pl_signs;

void pl_signs_start(pl_signs *signs, pl_arena *arena, const pl_model *model, const pl_range *given);
pl_sign pl_signs_expr(pl_signs *signs, const pl_expr *expr);
enum { PL_SIGNS_DEEPEST = 2000 };
/* ranges.c: between which numbers a value lies. */
pl_range pl_ranges_expr(pl_signs *signs, const pl_expr *expr);
/* The smallest range that holds both; what holds nothing (low > high) adds nothing. */
pl_range pl_range_hull(pl_range a, pl_range b);
/* Of all numbers of a constant; everything where one of them is computed. */
pl_range pl_range_of_constant(const pl_variable *constant);
pl_sign pl_sign_product(pl_sign a, pl_sign b);
/* Of a lookup's slope. */
pl_sign pl_signs_slope(const pl_variable *lookup);
#endif
