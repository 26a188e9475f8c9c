/* A plan: what one specification makes of the graph, before and while tapes are written.
 * plan.c folds and classes; slice.c keeps what is needed; emit.c lays out registers and writes the tapes. */
#ifndef PL_PLAN_H
#define PL_PLAN_H
#include "program/graph.h"
#include "program/tape.h"

/* Where a node is needed. */
enum { PL_FOR_START = 1, PL_FOR_RATES = 2, PL_FOR_OUTPUTS = 4 };

typedef struct pl_fact { /* about a node */
    pl_arg same;         /* what it stands for: itself, or an operand (a select whose condition is a constant) */
    bool constant, lane, dynamic;
    uint8_t needed;
    int folded;          /* constant: first of its values in plan->values */
    int uniform_at;      /* register in the uniform slab, -1 none yet */
    int pool_at, row_at; /* -1 none yet */
    pl_register lane_at; /* register on the lane side, stride 0; UINT32_MAX none */
    int users;           /* operands that name it, among needed nodes */
    bool root;           /* a next, initial, measure or output: lives to the end of its tape */
    bool absorbed;       /* part of another node's chain or sum of products */
    bool used_by_step;   /* an operand of something dynamic */
    bool in_place;       /* a GATHER whose elements lie in order where they are */
    int last_use;
} pl_fact;

typedef struct pl_plan {
    pl_graph *g;
    const pl_program_spec *spec;
    pl_program *p;
    pl_arena *arena;
    pl_fact *facts;
    bool *state_lane, *state_needed;
    uint8_t *varies;   /* [variable] 0: as in the model, 1: levers only, 2: uncertainties too */
    double **numbers;  /* [variable] constants with the specification's values */
    double *values;    /* of folded nodes */
    int value_count, value_room;
    int int_room, text_room, pool_room, row_room;
    pl_arg *measure_args, *output_args;
    pl_arena *scouted; /* of what a scout found; freed with the plan */
} pl_plan;

/* The node and elements that an operand really is. */
pl_arg pl_plan_resolve(const pl_plan *plan, pl_arg arg);
/* Fills an instruction for a node, its operands placed by `place`. */
typedef pl_register pl_place_fn(pl_plan *plan, int side, pl_arg arg);
void pl_plan_instruction(pl_plan *plan, int node, int side, pl_register out, pl_place_fn *place, pl_instruction *in);
/* Room for `count` more integers in the program's; returns the first. */
int pl_plan_ints(pl_plan *plan, int count);
/* Room for `count` more in plan->values; returns the first. */
int pl_plan_values(pl_plan *plan, int count);
void pl_plan_fold(pl_plan *plan);
/* schedule.c: INITIAL TIME, TIME STEP, steps, and which of them are saved. */
void pl_plan_times(pl_plan *plan);
/* How long conveyors and queues are (lower_conveyor.c). */
void pl_plan_belts(pl_plan *plan);
/* Writes the graph, the facts and the places of measures and outputs anew; nothing stands for another node then. */
void pl_plan_slice(pl_plan *plan);
/* A fixed delay whose time is not known becomes one that looks at the time of each lane. */
void pl_plan_delays(pl_plan *plan);
void pl_plan_class(pl_plan *plan);
void pl_plan_emit(pl_plan *plan);
/* Whether a node is computed by a tape (emit.c). */
bool pl_plan_belongs(const pl_plan *plan, int node, int side, pl_phase phase);
/* Sums of products (products.c): the factors of such a node, 2 for each product in turn, each an element; what lies
 * between is absorbed. NULL: it is none. Then its instruction. */
pl_arg *pl_plan_products(pl_plan *plan, int node, pl_phase phase);
void pl_plan_dot(pl_plan *plan, int node, const pl_arg *factors, pl_place_fn *place, pl_instruction *in);
#endif
