/* Forms that take all elements of a run together: sorts, a matrix's inverse, allocation.  A run goes over the last one
 * or two subscripts of the call's first argument, wherever these stand on the left side; the operands are put into the
 * order in which runs follow each other, and the result back into that of the left side.  See lowering.h. */
#include "program/lowering.h"
#include "program/tape.h"

/* X(function, form, subscripts of a run) */
#define ROWS(X)                                  \
    X(VECTOR_SORT_ORDER, ORDER, 1)               \
    X(VECTOR_RANK, RANK, 1)                      \
    X(VECTOR_REORDER, REORDER, 1)                \
    X(INVERT_MATRIX, INVERT, 2)                  \
    X(ALLOCATE_AVAILABLE, ALLOCATE, 1)           \
    X(ALLOCATE_BY_PRIORITY, ALLOCATE, 1)         \
    X(DEMAND_AT_PRICE, DEMAND, 0)                \
    X(SUPPLY_AT_PRICE, SUPPLY, 0)                \
    X(FIND_MARKET_PRICE, PRICE, 0)

static const struct row {
    int function;
    pl_group_form form;
    int axes;
} rows[] = {
#define X(function, form, axes) {PL_FN_##function, PL_GROUP_##form, axes},
    ROWS(X)
#undef X
};

static const struct row *row_of(int function) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].function == function) return &rows[i];
    return NULL;
}

bool pl_group_is(int function) { return row_of(function) != NULL; }

/* ---- what a call takes ---- */

/* The first reference in an expression that ends in `axes` subscripts of the space. */
static const pl_expr *find_reference(const pl_expr *expr, int axes) {
    if (expr->kind == PL_EXPR_REFERENCE && expr->variable->rank >= axes) {
        bool found = true;
        for (int k = 1; k <= axes; k++) found = found && expr->subscripts[expr->variable->rank - k].axis >= 0;
        if (found) return expr;
    }
    for (int i = 0; i < expr->arg_count; i++) {
        const pl_expr *found = find_reference(expr->args[i], axes);
        if (found) return found;
    }
    return NULL;
}

/* "matrix[row, row]" stands for a whole matrix too: its columns follow the last axis of the space then. */
static bool is_diagonal(const pl_space *space, const int *axes) {
    return axes[0] == axes[1] && axes[0] != space->count - 1 && space->counts[axes[0]] == space->counts[space->count - 1];
}

int pl_group_axes(const pl_space *space, const pl_expr *call, int *axes) {
    int count = row_of(call->function->id)->axes;
    const pl_expr *reference = find_reference(call->args[0], count);
    if (!reference) return 0;
    for (int k = 0; k < count; k++)
        axes[k] = reference->subscripts[reference->variable->rank - count + k].axis;
    if (count == 2 && is_diagonal(space, axes)) axes[1] = space->count - 1;
    return count == 2 && axes[0] == axes[1] ? 0 : count;
}

/* The same reference with its last subscript but `back` moved on by k elements. */
static pl_expr *move_on(pl_graph *g, const pl_expr *reference, int back, int k) {
    pl_expr *moved = PL_NEW(g->arena, pl_expr);
    const pl_variable *v = reference->variable;
    int place = v->rank - 1 - back;
    *moved = *reference;
    moved->subscripts = PL_ARRAY(g->arena, v->rank, pl_subscript);
    for (int r = 0; r < v->rank; r++) moved->subscripts[r] = reference->subscripts[r];
    moved->subscripts[place].element += k;
    return moved;
}

/* How many elements of the last subscript but `back` there are from the one named on. */
static int elements_left(pl_graph *g, const pl_expr *call, const pl_expr *reference, int back) {
    int rank = reference->kind == PL_EXPR_REFERENCE ? reference->variable->rank : 0;
    if (rank <= back || reference->subscripts[rank - 1 - back].axis >= 0)
        pl_graph_fail(g, PL_INVALID, reference->at, "%s takes an array here, with the first element of its %s subscript",
                      call->function->vensim, back ? "last but one" : "last");
    return reference->variable->axes[rank - 1 - back]->count - reference->subscripts[rank - 1 - back].element;
}

/* A curve: its type, priority and width are three elements that follow each other. */
static void list_curve(pl_graph *g, const pl_expr *call, const pl_expr *curve, const pl_expr **out) {
    if (elements_left(g, call, curve, 0) < 4)
        pl_graph_fail(g, PL_INVALID, curve->at, "%s needs a profile of four elements, and its first one here",
                      call->function->vensim);
    for (int k = 0; k < 3; k++) out[k] = move_on(g, curve, 0, k);
}

static void check_run(pl_graph *g, const pl_expr *call, int run, int most) {
    if (run > most)
        pl_graph_fail(g, PL_UNSUPPORTED, call->at, "%s goes over at most %d elements, here %d", call->function->vensim, most,
                      run);
}

/* One side of a market: quantity, type, priority, width of each agent. */
static int list_side(pl_graph *g, const pl_expr *call, int arg, const pl_expr **out) {
    const pl_expr *quantity = call->args[arg], *curve = call->args[arg + 1];
    int count = elements_left(g, call, quantity, 0);
    if (elements_left(g, call, curve, 1) < count)
        pl_graph_fail(g, PL_INVALID, curve->at, "%s has fewer curves than quantities here", call->function->vensim);
    for (int i = 0; out && i < count; i++) {
        out[4 * i] = move_on(g, quantity, 0, i);
        list_curve(g, call, move_on(g, curve, 1, i), out + 4 * i + 1);
    }
    return 4 * count;
}

/* The matrix, with its columns along the second axis of the run. */
static const pl_expr *whole_matrix(pl_graph *g, const pl_space *space, const pl_expr *call) {
    const pl_expr *matrix = call->args[0];
    int axes[2];
    if (matrix->kind != PL_EXPR_REFERENCE || pl_group_axes(space, call, axes) < 2) return matrix;
    pl_expr *whole = move_on(g, matrix, 0, 0);
    whole->subscripts[whole->variable->rank - 1].axis = axes[1];
    return whole;
}

const pl_expr **pl_group_operands(pl_graph *g, const pl_space *space, const pl_expr *call, int *count) {
    const pl_expr **out;
    if (call->function->id == PL_FN_FIND_MARKET_PRICE) {
        int demanders = list_side(g, call, 0, NULL);
        *count = demanders + list_side(g, call, 2, NULL);
        check_run(g, call, *count / 4, pl_group_rows[PL_GROUP_PRICE].most);
        out = PL_ARRAY(g->arena, *count, const pl_expr *);
        list_side(g, call, 0, out);
        list_side(g, call, 2, out + demanders);
        return out;
    }
    out = PL_ARRAY(g->arena, 5, const pl_expr *);
    *count = 0;
    for (int i = 0; i < call->arg_count; i++) {
        bool curve = i == 1 && call->arg_count == 3, size = i == 2 && call->arg_count == 5;
        if (curve) list_curve(g, call, call->args[i], out + *count);
        else if (!size) out[*count] = call->args[i];
        *count += curve ? 3 : size ? 0 : 1;
    }
    if (call->function->id == PL_FN_INVERT_MATRIX) out[0] = whole_matrix(g, space, call);
    return out;
}

/* ---- runs ---- */

typedef struct runs {
    int axes[2], fixed[2], axis_count;
    int run, size; /* elements of a run, of all */
} runs;

/* From here on the space goes over whole runs. */
static runs open_runs(pl_lowering *l, const pl_expr *call) {
    const struct row *row = row_of(call->function->id);
    runs r = {.run = 1};
    r.axis_count = pl_group_axes(l->space, call, r.axes);
    if (r.axis_count < row->axes)
        pl_graph_fail(l->g, PL_UNSUPPORTED, call->at, "%s goes over the last %s, which must stand on the left side too",
                      call->function->vensim, row->axes == 2 ? "two subscripts" : "subscript");
    for (int k = 0; k < r.axis_count; k++) {
        r.fixed[k] = l->space->fixed[r.axes[k]], l->space->fixed[r.axes[k]] = -1;
        r.run *= l->space->counts[r.axes[k]];
    }
    r.size = pl_space_size(l->space);
    check_run(l->g, call, r.run, pl_group_rows[row->form].most);
    return r;
}

static bool is_run_axis(const runs *r, int axis) {
    return (r->axis_count > 0 && r->axes[0] == axis) || (r->axis_count > 1 && r->axes[1] == axis);
}

/* Where each iteration of the space as it is now stands when runs follow each other. */
static int *find_places(const pl_lowering *l, const runs *r) {
    const pl_space *space = l->space;
    int size = pl_space_size(space), *places = PL_ARRAY(l->g->arena, size, int), position[PL_MOST_AXES];
    for (int k = 0; k < space->count; k++) position[k] = space->fixed[k] < 0 ? 0 : space->fixed[k];
    for (int i = 0; i < size; i++) {
        int place = 0;
        for (int k = 0; k < space->count; k++)
            if (!is_run_axis(r, k) && space->fixed[k] < 0) place = place * space->counts[k] + position[k];
        for (int k = 0; k < r->axis_count; k++) place = place * space->counts[r->axes[k]] + position[r->axes[k]];
        places[i] = place;
        for (int k = space->count; k-- > 0;) {
            if (space->fixed[k] >= 0) continue;
            if (++position[k] < space->counts[k]) break;
            position[k] = 0;
        }
    }
    return places;
}

static pl_arg arrange(pl_lowering *l, const int *places, pl_value v, int size) {
    pl_place_of *from = PL_ARRAY(l->g->arena, size, pl_place_of);
    pl_arg all = pl_value_spread(l, v, size);
    for (int i = 0; i < size; i++) from[places[i]] = (pl_place_of){all.node, all.first + (size > 1 ? i * all.stride : 0)};
    int count = size;
    pl_arg arranged = pl_graph_collect(l->g, from, &count);
    return pl_value_spread(l, (pl_value){arranged, count}, size);
}

/* The space is as it was; its values of what the runs gave. */
static pl_value close_runs(pl_lowering *l, const runs *r, pl_arg made) {
    for (int k = 0; k < r->axis_count; k++) l->space->fixed[r->axes[k]] = r->fixed[k];
    int count = pl_space_size(l->space);
    const int *places = find_places(l, r);
    pl_place_of *from = PL_ARRAY(l->g->arena, count, pl_place_of);
    for (int i = 0; i < count; i++) from[i] = (pl_place_of){made.node, made.first + places[i]};
    pl_value out = {.count = count};
    out.arg = pl_graph_collect(l->g, from, &out.count);
    return out;
}

/* ---- forms ---- */

/* What a number or a constant of the model says; else -1. */
static double number_of(const pl_expr *expr) {
    if (expr->kind == PL_EXPR_NUMBER) return expr->number;
    bool constant = expr->kind == PL_EXPR_REFERENCE && expr->variable->kind == PL_CONSTANT && expr->variable->rank == 0;
    return constant ? expr->variable->equations[0]->numbers[0] : -1.0;
}

static void check_size(pl_lowering *l, const pl_expr *call, int run) {
    if (call->function->id != PL_FN_ALLOCATE_BY_PRIORITY || number_of(call->args[2]) == (double)run) return;
    pl_graph_fail(l->g, PL_UNSUPPORTED, call->args[2]->at, "the size must be the number of elements, %d here", run);
}

/* The price between two sides: each run is one market, its agents in a row. */
static pl_value lower_price(pl_lowering *l, const pl_expr *call) {
    pl_graph *g = l->g;
    int count, size = pl_space_size(l->space);
    const pl_expr **exprs = pl_group_operands(g, l->space, call, &count);
    int demanders = list_side(g, call, 0, NULL) / 4, run = count / 4;
    if ((double)run * size > 1e8) pl_graph_fail(g, PL_UNSUPPORTED, call->at, "too many markets at once");
    pl_place_of *places[5];
    for (int k = 0; k < 5; k++) places[k] = PL_ARRAY(g->arena, run * size, pl_place_of);
    for (int i = 0; i < run; i++)
        for (int k = 0; k < 5; k++) {
            pl_value v = k < 4 ? pl_lower(l, exprs[4 * i + k]) : pl_value_number(l, i < demanders ? 1.0 : -1.0);
            for (int s = 0; s < size; s++)
                places[k][s * run + i] = (pl_place_of){v.arg.node, v.arg.first + (v.count > 1 ? s * v.arg.stride : 0)};
        }
    pl_arg operands[5];
    for (int k = 0; k < 5; k++) {
        int all = run * size;
        pl_arg arg = pl_graph_collect(g, places[k], &all);
        operands[k] = pl_value_spread(l, (pl_value){arg, all}, run * size);
    }
    pl_arg made = pl_graph_runs(g, PL_OP_GROUP, run * size, run, operands, 5, PL_GROUP_PRICE);
    for (int s = 0; s < size; s++) places[0][s] = (pl_place_of){made.node, made.first + s * run};
    pl_value out = {.count = size};
    out.arg = pl_graph_collect(g, places[0], &out.count);
    return out;
}

pl_value pl_lower_group(pl_lowering *l, const pl_expr *call) {
    if (call->function->id == PL_FN_FIND_MARKET_PRICE) return lower_price(l, call);
    const struct row *row = row_of(call->function->id);
    runs r = open_runs(l, call);
    check_size(l, call, r.run);
    int count, given = 0;
    const pl_expr **exprs = pl_group_operands(l->g, l->space, call, &count);
    const int *places = find_places(l, &r);
    if (row->form == PL_GROUP_INVERT && l->space->counts[r.axes[0]] != l->space->counts[r.axes[1]])
        pl_graph_fail(l->g, PL_INVALID, call->at, "INVERT MATRIX takes a square matrix");
    pl_arg operands[5];
    for (int i = 0; i < count; i++) {
        operands[given++] = arrange(l, places, pl_lower(l, exprs[i]), r.size);
        if (i == 0 && call->function->id == PL_FN_ALLOCATE_BY_PRIORITY) /* Vensim's curves there are rectangles */
            operands[given++] = arrange(l, places, pl_value_number(l, 1.0), r.size);
    }
    return close_runs(l, &r, pl_graph_runs(l->g, PL_OP_GROUP, r.size, r.run, operands, given, row->form));
}
