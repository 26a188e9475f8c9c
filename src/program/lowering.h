/* What the files that lower expressions share: lower.c (references, calls, variables), lower_arrays.c, lower_forms.c.
 * Errors leave through pl_graph_fail. */
#ifndef PL_LOWERING_H
#define PL_LOWERING_H
#include "program/graph.h"

typedef struct pl_value {
    pl_arg arg;
    int count; /* 1 or the size of the space */
} pl_value;

typedef struct pl_lowering {
    pl_graph *g;
    enum pl_context context;
    const pl_equation *equation;
    pl_space *space;
    const pl_value *held; /* inside a SAMPLE IF TRUE: what its own name stands for; else NULL */
} pl_lowering;

pl_value pl_lower(pl_lowering *l, const pl_expr *expr);
/* The same as of another context. */
pl_value pl_lower_in(pl_lowering *l, enum pl_context context, const pl_expr *expr);
/* The time by one of the clocks of tape.h. */
pl_value pl_lower_time(pl_lowering *l, int clock, pl_position at);
/* INITIAL TIME or TIME STEP as of the start. */
pl_value pl_lower_control(pl_lowering *l, const pl_variable *control, pl_position at);
/* The error of an element without an equation. */
void pl_lower_undefined(pl_lowering *l, const pl_expr *reference, int element);
/* The flat element of the equation's variable at iteration i of the space (reductions around do not count). */
int pl_lower_cell(const pl_lowering *l, int i);
/* Whether the reference is the same in all iterations of the space. */
bool pl_space_invariant(const pl_space *space, const pl_expr *reference);

/* All elements of a value, one per iteration: a single one is repeated. */
pl_arg pl_value_spread(pl_lowering *l, pl_value v, int size);
/* Values one behind the other, each with `size` elements. */
pl_arg pl_value_join(pl_lowering *l, const pl_value *values, int count, int size);
/* An element-wise function (or another operation that takes element by element) of up to PL_MOST_AXES arguments. */
pl_value pl_value_apply(pl_lowering *l, int op, const pl_value *args, int arg_count, int detail);
pl_value pl_value_choose(pl_lowering *l, pl_value condition, pl_value yes, pl_value no);
pl_value pl_value_pair(pl_lowering *l, int function, pl_value a, pl_value b);
pl_value pl_value_number(pl_lowering *l, double x);
pl_value pl_value_numbers(pl_lowering *l, const double *numbers, int count);

/* A new state of an equation; the pointer is good until the next one is added. */
pl_state *pl_state_add(pl_graph *g, pl_state_kind kind, int count, const pl_equation *equation);
pl_value pl_state_value(const pl_state *state);

/* One form each: the call gives its arguments. */
pl_value pl_lower_reduction(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_vector_select(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_pick(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_group(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_lookup(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_table(pl_lowering *l, const pl_expr *call);
/* The equation's data at the time; what a function takes from the data that its first argument names. lower_data.c */
pl_value pl_lower_data(pl_lowering *l);
pl_value pl_lower_series(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_noise(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_sample(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_delay(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_transit(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_previous(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_conveyor(pl_lowering *l, const pl_expr *call);
pl_value pl_lower_queue(pl_lowering *l, const pl_expr *call);
#endif
