/* Data over time: what a data variable is at each time, and the functions GET DATA ... of it.  See lowering.h.
 * An element without points is :NA: at every time. */
#include "program/lowering.h"

/* What an element without data has. */
static const double no_time[] = {0.0}, no_value[] = {PL_NOT_AVAILABLE};
static const pl_table no_data = {.count = 1, .x = no_time, .y = no_value};

static int table_of(pl_graph *g, const pl_variable *v, int element) {
    const pl_table *table = element < 0 ? NULL : v->tables[element]; /* left out by :EXCEPT: */
    return pl_graph_table(g, table ? table : &no_data);
}

/* The tables behind each iteration's element, and `take` before them. */
static int list_tables(pl_graph *g, const pl_variable *v, int take, const int *elements, int count) {
    int *ints = PL_ARRAY(g->arena, count + 1, int);
    ints[0] = take;
    for (int i = 0; i < count; i++) ints[1 + i] = table_of(g, v, elements[i]);
    return pl_graph_ints(g, ints, count + 1);
}

/* Between points data are linear unless a keyword says otherwise, and flat outside. The others keep their value over
 * Runge-Kutta stages. */
pl_value pl_lower_data(pl_lowering *l) {
    static const int takes[PL_DATA_MODE_COUNT] = {-1, PL_SERIES_FORWARD, PL_SERIES_BACKWARD, PL_SERIES_EXACT};
    const pl_equation *equation = l->equation;
    pl_graph *g = l->g;
    int size = pl_space_size(l->space), take = takes[equation->mode];
    int *elements = PL_ARRAY(g->arena, size, int);
    for (int i = 0; i < size; i++) elements[i] = pl_lower_cell(l, i);
    int detail = list_tables(g, equation->variable, take, elements, size);
    pl_value time = pl_lower_time(l, take < 0 ? PL_STAGE_CLOCK : PL_STEP_CLOCK, equation->at);
    if (take < 0) return (pl_value){pl_graph_node(g, PL_OP_LOOKUP, size, &time.arg, 1, detail + 1), size};
    pl_arg args[2] = {time.arg, time.arg};
    return (pl_value){pl_graph_node(g, PL_OP_SERIES, size, args, 2, detail), size};
}

/* The elements that a reference to data meets: as many as there are iterations, or one for all. */
static const int *elements_of(pl_lowering *l, const pl_expr *reference, int *count) {
    pl_space space = *l->space;
    *count = pl_space_invariant(l->space, reference) ? 1 : pl_space_size(l->space);
    for (int k = 0; *count == 1 && k < space.count; k++)
        if (space.fixed[k] < 0) space.fixed[k] = 0;
    int *elements = PL_ARRAY(l->g->arena, *count, int);
    pl_space_elements(&space, reference, elements);
    return elements;
}

/* GET DATA FIRST TIME and LAST TIME are numbers once the data are there. */
static pl_value end_time(pl_lowering *l, const pl_variable *v, const int *elements, int count, bool last) {
    double *numbers = PL_ARRAY(l->g->arena, count, double);
    for (int i = 0; i < count; i++) {
        const pl_table *table = v->tables[elements[i]];
        numbers[i] = table ? table->x[last ? table->count - 1 : 0] : PL_NOT_AVAILABLE;
    }
    return pl_value_numbers(l, numbers, count);
}

/* X(function, what it takes) */
#define SERIES_FUNCTIONS(X)              \
    X(GET_DATA_AT_TIME, EXACT)           \
    X(GET_DATA_BETWEEN_TIMES, BETWEEN)   \
    X(GET_DATA_MEAN, MEAN)               \
    X(GET_DATA_MEDIAN, MEDIAN)           \
    X(GET_DATA_MIN, MIN)                 \
    X(GET_DATA_MAX, MAX)                 \
    X(GET_DATA_TOTAL_POINTS, POINTS)

static int take_of(int function) {
    switch (function) {
#define X(id, take) case PL_FN_##id: return PL_SERIES_##take;
        SERIES_FUNCTIONS(X)
#undef X
    default: return -1;
    }
}

pl_value pl_lower_series(pl_lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    const pl_expr *reference = call->args[0];
    const pl_variable *v = reference->kind == PL_EXPR_REFERENCE ? reference->variable : NULL;
    if (!v || v->kind != PL_DATA)
        pl_graph_fail(g, PL_INVALID, reference->at, "%s takes a data variable", call->function->vensim);
    int count, take = take_of(call->function->id);
    const int *elements = elements_of(l, reference, &count);
    if (take < 0) return end_time(l, v, elements, count, call->function->id == PL_FN_GET_DATA_LAST_TIME);
    pl_value a = pl_lower(l, call->args[1]), b = call->arg_count > 2 ? pl_lower(l, call->args[2]) : a;
    int size = count > a.count ? count : a.count;
    if (b.count > size) size = b.count;
    int *spread = PL_ARRAY(g->arena, size, int);
    for (int i = 0; i < size; i++) spread[i] = elements[count == 1 ? 0 : i];
    int detail = list_tables(g, v, take, spread, size);
    pl_arg args[2] = {a.arg, b.arg};
    return (pl_value){pl_graph_node(g, PL_OP_SERIES, size, args, 2, detail), size};
}
