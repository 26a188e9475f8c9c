/* The graph of operations that a model lowers to: single assignment, arrays whole, operands before their users.
 *
 * graph.c makes nodes (each distinct one once), order.c puts variables in order of need and names cycles, lower.c
 * turns equations into nodes.  Every variable is lowered for the step; what initial values need is lowered for the
 * start as well, where a stock stands for its initial value and the time is INITIAL TIME.  plan.c reads the graph. */
#ifndef PL_GRAPH_H
#define PL_GRAPH_H
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/model.h"
#include "program/tape.h"

/* Operations that are not element-wise functions; element-wise ones are pl_function_id numbers below these.
 * X(id, what it is) */
#define PL_OPERATIONS(X)                                                      \
    X(CONSTANT, "numbers known when the graph is made")                       \
    X(INPUT, "a constant of the model: it may be a lever or an uncertainty")  \
    X(TIME, "the time of the Runge-Kutta stage, or of the step")              \
    X(STATE, "what a stock, a held value or a fixed delay holds")             \
    X(SAVED, "a value of the start, kept")                                    \
    X(GATHER, "elements collected from several places")                       \
    X(REDUCE, "SUM, PROD, VMIN or VMAX over runs of elements, in order")      \
    X(LOOKUP, "a table's value")                                              \
    X(TABLE, "a table's value in another mode than between two points")       \
    X(SERIES, "what a table of data over time says, by its points")           \
    X(PICK, "an element of a run, chosen by a value")                         \
    X(GROUP, "what all elements of a run give together")                      \
    X(NOISE, "a draw at the step")                                            \
    X(BELT_FILL, "a conveyor at the start")                                   \
    X(BELT_MOVE, "what leaves a conveyor, and the rest moved on")             \
    X(BELT_INSERT, "a conveyor after what flows in")                          \
    X(QUEUE_FILL, "a queue at the start")                                     \
    X(QUEUE_SERVE, "what leaves a queue, and the rest")

enum {
    PL_OP_FIRST = PL_FN_COUNT,
#define X(id, text) PL_OP_##id,
    PL_OPERATIONS(X)
#undef X
        PL_OP_COUNT
};

/* Elements first, first + stride, ... of a node; stride 0 repeats one element. */
typedef struct pl_arg {
    int node, first, stride;
} pl_arg;

typedef struct pl_node {
    uint16_t op;
    int count;     /* elements */
    pl_arg *args;
    int arg_count; /* element-wise: operands; GATHER: one per element; REDUCE: 1; LOOKUP: 1; NOISE: parameters */
    int detail;    /* CONSTANT: first in graph->numbers; INPUT: variable index; STATE: state; REDUCE: function id;
                      LOOKUP: first in graph->ints, `count` table numbers; TABLE: the same behind its mode, SERIES: behind a pl_series_take; NOISE: first in graph->draws;
                      PICK: first in graph->ints, the element at which each begins to count; GROUP: its pl_group_form; TIME: its clock (tape.h) */
    int run;       /* REDUCE: elements folded into each; PICK: of the run picked from; GROUP: of each run */
    int variable;  /* index of the model variable whose equation first needed it; -1 none */
} pl_node;

enum { PL_MOST_AXES = 24 };
/* An iteration space: the axes of an equation and of the reductions around an expression; fixed[k] >= 0 holds axis k
 * at one position. */
typedef struct pl_space {
    int count;
    int counts[PL_MOST_AXES], fixed[PL_MOST_AXES];
} pl_space;

/* What lives from step to step. STOCK: next is the rate (Runge-Kutta) or, by Euler, the value after the step:
 * state + TIME STEP * rate, so that it fuses with the rate. HELD: next is the value after the step.
 * DELAY: next is the input, length the delay time (both arguments of the start and step as noted). */
typedef struct pl_state {
    pl_state_kind kind;
    int count, node;         /* elements; its STATE node */
    pl_arg initial;          /* of the start */
    pl_arg next;             /* of the step */
    pl_arg length;           /* DELAY: delay time, of the start */
    pl_arg transit_initial, transit_next; /* DELAY: what it needs as INFORMATION, where its time is not known */
    pl_arg kept;             /* DELAY: the delay time, kept for the steps */
    const pl_expr *time_expr, *missing_expr; /* INFORMATION, MATERIAL: lowered with next_expr; NULL: none */
    const pl_variable *variable;
    const pl_equation *equation;
    const pl_expr *next_expr; /* lowered after all variables; NULL where next is known */
    pl_space *space;          /* in which it is lowered */
} pl_state;

/* A draw: its distribution (draws.h), and per element the hash of the full name. */
typedef struct pl_draw {
    int function, call;
    bool start; /* drawn for initial values: at step 0 only */
    uint64_t *hashes;
    int *tables; /* RANDOM LOOKUP: of each element; NULL for others */
} pl_draw;

/* A conveyor or a queue over one space of elements. How many slats it has is known when a plan is made. */
typedef struct pl_belt {
    pl_belt_shape shape;
    int cell;               /* the first element; -1 ends */
    int state, fill, move[2], insert, results[2]; /* state's index; nodes, of the start and of the step; -1 not yet */
    pl_arg times[2];        /* transit time, of the start and of the step */
    int time_strides[2];
    const pl_expr *call;
    pl_space *space;
    int next;               /* another space of the same conveyor */
} pl_belt;

enum pl_context { PL_STEP_CONTEXT, PL_START_CONTEXT, PL_CONTEXTS };

typedef struct pl_place_of { /* where an element of a variable is: node < 0: it has no equation */
    int node, index;
} pl_place_of;

typedef struct pl_graph {
    pl_arena *arena;
    double spent; /* elements that references have been lowered to */
    const pl_model *model;
    double final_time; /* stands for the model's FINAL TIME; NaN: the model's own */
    const pl_program_spec *spec; /* its rules and overrides of levers */
    struct pl_latch *latches;    /* [rule] lower_rules.c */
    bool *overridden;            /* [variable] an override is of it */
    pl_error *error;
    jmp_buf *escape; /* graph_fail leaves through it */
    pl_node *nodes;
    int node_count, node_room;
    int *buckets, bucket_count; /* of the hash of nodes: node + 1 */
    int *chain, chain_room;     /* next node + 1 in the same bucket */
    double *numbers;
    int number_count, number_room;
    int *ints;
    int int_count, int_room;
    pl_draw *draws;
    int draw_count, draw_room;
    const pl_table **tables; /* distinct lookups */
    int table_count, table_room;
    pl_state *states;
    int state_count, state_room;
    int slot_room; /* elements of all states: the most slots that they can need */
    pl_place_of **places[PL_CONTEXTS]; /* [variable][element] */
    pl_belt *belts;
    int belt_count, belt_room;
    int *belt_of, belt_of_count, belt_of_room; /* [conveyor's number] its first belt + 1 */
    int current;                       /* variable being lowered */
    enum { PL_STEP_UNKNOWN, PL_STEP_STEADY, PL_STEP_CHANGES } time_step; /* whether TIME STEP depends on time or state */
} pl_graph;

/* Lowers a whole model. Errors leave through longjmp(*g->escape, status) with g->error filled. */
void pl_graph_build(pl_graph *g);
/* Fails where references have been lowered to too many elements: memory and time go with them. */
void pl_graph_spend(pl_graph *g, int elements, pl_position at);
void pl_graph_fail(pl_graph *g, pl_status status, pl_position at, const char *format, ...) PL_FORMAT(4, 5);

/* graph.c */
pl_arg pl_graph_node(pl_graph *g, int op, int count, const pl_arg *args, int arg_count, int detail);
/* A node whose operands are runs of elements: REDUCE, PICK, GROUP. */
pl_arg pl_graph_runs(pl_graph *g, int op, int count, int run, const pl_arg *args, int arg_count, int detail);
pl_arg pl_graph_number(pl_graph *g, double value);
pl_arg pl_graph_numbers(pl_graph *g, const double *values, int count);
int pl_graph_ints(pl_graph *g, const int *values, int count);
int pl_graph_table(pl_graph *g, const pl_table *table);
/* A reference to elements spread over places: the node itself, a slice of it, or a GATHER. *count becomes 1 where all
 * are the same. */
pl_arg pl_graph_collect(pl_graph *g, const pl_place_of *places, int *count);

/* order.c: what must be computed before what. A unit is a variable, or a cell of one inside a cycle of names. */
typedef struct pl_unit {
    int variable, equation, cell; /* equation < 0: the whole variable */
} pl_unit;
/* The units of a context in order of need (START: only what initial and saved values need). Returns how many.
 * A cycle is an error that names its whole path. */
int pl_order_units(pl_graph *g, enum pl_context context, pl_unit **units);
/* Which arguments of a form are evaluated in a context: bit k for argument k; all others are evaluated elsewhere. */
unsigned pl_form_arguments(int function, enum pl_context context);

/* lower.c */
/* The space of an equation; cell >= 0 fixes every axis there. */
void pl_space_of(pl_graph *g, pl_space *space, const pl_equation *equation, int cell);
void pl_space_push(pl_graph *g, pl_space *space, const pl_expr *reduction);
/* Iterations over the axes that are not fixed. */
int pl_space_size(const pl_space *space);
/* Whether the equation is a SAMPLE IF TRUE as a whole; and whether a reference in it is to the very element that each
 * iteration defines. */
bool pl_is_sample(const pl_equation *equation);
bool pl_space_own(pl_graph *g, const pl_space *space, const pl_equation *equation, const pl_expr *reference);
/* The flat element of the referenced variable in each iteration: elements[pl_space_size]. */
void pl_space_elements(const pl_space *space, const pl_expr *reference, int *elements);

/* Forms over groups (lower_groups.c): the axes of the space that make up a run of a call (0 to 2 of them), and what the
 * call takes at each iteration: expressions[*count]. */
bool pl_group_is(int function);
int pl_group_axes(const pl_space *space, const pl_expr *call, int *axes);
const pl_expr **pl_group_operands(pl_graph *g, const pl_space *space, const pl_expr *call, int *count);

void pl_lower_unit(pl_graph *g, enum pl_context context, pl_unit unit);
/* lower_rules.c: the states of rules, before the variables of the step; what stands in the place of a lever's elements;
 * the conditions, after all variables. */
void pl_lower_latches(pl_graph *g);
void pl_lower_overrides(pl_graph *g, enum pl_context context, const pl_variable *lever, pl_place_of *places);
void pl_lower_rules(pl_graph *g);
void pl_lower_stocks(pl_graph *g); /* their STATE nodes, before the variables of the step */
void pl_lower_nexts(pl_graph *g);  /* rates and inputs of delays, after them */
#endif
