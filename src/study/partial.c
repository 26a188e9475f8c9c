/* The copy of a model that gives partial changes.  See partial.h.
 *
 * Each equation is a piece.  Calls with a state, a draw or the time of their own are cut out of the expressions first,
 * into hidden variables, so that what remains is a function of variables alone and can be copied with each reference
 * turned to the value of the step before (pl_partials_new goes through: pieces, links, loops, copies). */
#include "study/partial.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "program/graph.h"
#include "study/loops.h"

typedef enum piece_kind {
    ORDINARY, /* its value is its expression's */
    FLOW,     /* a stock: the expression is its rate */
    TIMED,    /* a call that looks at the clock, or a draw: compared with itself of other arguments at the same time */
    HELD,     /* SAMPLE IF TRUE */
    PASSED,   /* a delay: the expression is what comes in */
    OPAQUE    /* not taken apart */
} piece_kind;

typedef struct piece {
    pl_variable *variable;
    const pl_equation *equation; /* its axes and cells */
    pl_expr *expr;               /* cut */
    piece_kind kind;
    pl_variable *target, *base;  /* whose changes are explained; TIMED: what the copies are compared with. NULL: not yet */
} piece;

typedef struct edge {
    int from, to, piece;
} edge;

typedef struct builder {
    pl_partials *p;
    pl_arena *arena;
    pl_model *model; /* the copy */
    const bool *levers;
    int own;         /* variables of the model itself */
    piece *pieces;
    int piece_count, piece_room;
    int *node_of;    /* [variable] its first node, or -1 */
    edge *edges;
    int edge_count, edge_room;
    pl_variable **before; /* [variable] as it was a step before */
    int before_room;
    int **outputs;   /* [variable][element] */
    int outputs_room;
    pl_variable *time;
    pl_loops loops;
    double work;     /* left */
    pl_error *error;
    jmp_buf *escape;
} builder;

static void give_up(builder *b, pl_status status, const char *what) {
    pl_error_set(b->error, status, b->model->file, 0, 0, "%s", what);
    longjmp(*b->escape, (int)status);
}

/* ---- new variables ---------------------------------------------------------------------------------------- */

static pl_variable *add_variable(builder *b, const pl_variable *like, pl_variable_kind kind) {
    pl_model *m = b->model;
    pl_variable *v = PL_NEW(b->arena, pl_variable);
    *v = *like; /* the name too: a draw is addressed by it */
    v->kind = kind, v->hidden = true, v->equations = NULL, v->equation_count = v->equation_room = 0;
    v->tables = NULL, v->non_negative = false, v->settled = false, v->index = m->variable_count;
    m->variables = pl_arena_grow(b->arena, m->variables, m->variable_count, &m->variable_room, m->variable_count + 1,
                                 sizeof *m->variables);
    m->variables[m->variable_count++] = v;
    return v;
}

/* An equation over the axes and cells of another. */
static pl_equation *add_equation(builder *b, pl_variable *v, const pl_equation *like, pl_expr *expr) {
    pl_equation *e = PL_NEW(b->arena, pl_equation);
    e->variable = v, e->axes = like->axes, e->axis_count = like->axis_count;
    e->cells = like->cells, e->cell_count = like->cell_count, e->at = like->at, e->expr = expr;
    v->equations = pl_arena_grow(b->arena, v->equations, v->equation_count, &v->equation_room, v->equation_count + 1,
                                 sizeof *v->equations);
    v->equations[v->equation_count++] = e;
    return e;
}

static int position_of(const pl_equation *e, int cell, int axis) {
    for (int k = e->axis_count - 1; k > axis; k--) cell /= e->axes[k]->count;
    return cell % e->axes[axis]->count;
}

static int coordinate_of(const pl_variable *v, int element, int rank) {
    for (int r = v->rank - 1; r > rank; r--) element /= v->axes[r]->count;
    return element % v->axes[rank]->count;
}

/* Along which axis of the equation a coordinate of its cells goes; map: what it is at each position. */
static bool follows(const pl_equation *e, int rank, int axis, int *map) {
    for (int p = 0; p < e->axes[axis]->count; p++) map[p] = -1;
    for (int i = 0; i < e->cell_count; i++) {
        int *at = &map[position_of(e, i, axis)];
        if (e->cells[i] < 0) continue;
        int coordinate = coordinate_of(e->variable, e->cells[i], rank);
        if (*at >= 0 && *at != coordinate) return false;
        *at = coordinate;
    }
    for (int p = 0; p < e->axes[axis]->count; p++)
        if (map[p] < 0) map[p] = 0; /* left out by :EXCEPT: */
    return true;
}

static pl_subscript subscript_of(builder *b, const pl_equation *e, int rank) {
    int first = -1;
    bool same = true;
    for (int i = 0; i < e->cell_count; i++) {
        if (e->cells[i] < 0) continue;
        int coordinate = coordinate_of(e->variable, e->cells[i], rank);
        if (first < 0) first = coordinate;
        same = same && coordinate == first;
    }
    if (same) return (pl_subscript){.axis = -1, .element = first < 0 ? 0 : first};
    for (int axis = 0; axis < e->axis_count; axis++) {
        int *map = PL_ARRAY(b->arena, e->axes[axis]->count, int);
        if (follows(e, rank, axis, map)) return (pl_subscript){.axis = axis, .map = map};
    }
    give_up(b, PL_UNSUPPORTED, "the elements of an equation follow none of its subscripts");
    return (pl_subscript){0};
}

/* A variable of the shape of an equation's own, at the element that each cell defines. */
static pl_expr *own_reference(builder *b, const pl_equation *e, pl_variable *v) {
    pl_expr *expr = PL_NEW(b->arena, pl_expr);
    expr->kind = PL_EXPR_REFERENCE, expr->at = expr->end = e->at, expr->height = 1, expr->variable = v;
    expr->subscripts = PL_ARRAY(b->arena, v->rank + 1, pl_subscript);
    for (int r = 0; r < v->rank; r++) expr->subscripts[r] = subscript_of(b, e, r);
    return expr;
}

static pl_expr *number(builder *b, double value) {
    pl_expr *expr = PL_NEW(b->arena, pl_expr);
    expr->kind = PL_EXPR_NUMBER, expr->number = value, expr->height = 1;
    return expr;
}

static pl_expr *call(builder *b, pl_function_id id, pl_expr *first, pl_expr *second, pl_expr *third) {
    pl_expr *given[3] = {first, second, third}, *expr = PL_NEW(b->arena, pl_expr);
    expr->kind = PL_EXPR_CALL, expr->at = expr->end = first->at, expr->function = &pl_functions[id];
    expr->args = PL_ARRAY(b->arena, 3, pl_expr *);
    for (int i = 0; i < 3 && given[i]; i++) {
        expr->args[expr->arg_count++] = given[i];
        if (given[i]->height >= expr->height) expr->height = given[i]->height + 1;
    }
    return expr;
}

/* The variable as it was a step before. */
static pl_variable *before_of(builder *b, pl_variable *v) {
    b->before = pl_arena_grow(b->arena, b->before, b->before_room, &b->before_room, v->index + 1, sizeof *b->before);
    if (b->before[v->index]) return b->before[v->index];
    pl_variable *out = b->before[v->index] = add_variable(b, v, PL_AUXILIARY);
    for (int i = 0; i < v->equation_count; i++) {
        const pl_equation *e = v->equations[i];
        add_equation(b, out, e, call(b, PL_FN_PREVIOUS, own_reference(b, e, v), number(b, 0), NULL));
    }
    return out;
}

static pl_variable *time_of(builder *b) {
    static const int cells[1] = {0};
    if (b->time) return b->time;
    pl_equation like = {.cells = (int *)cells, .cell_count = 1};
    pl_expr *expr = PL_NEW(b->arena, pl_expr);
    expr->kind = PL_EXPR_TIME, expr->height = 1;
    b->time = add_variable(b, b->model->initial_time, PL_AUXILIARY);
    b->time->rank = 0, b->time->size = 1;
    add_equation(b, b->time, &like, expr);
    return b->time;
}

/* ---- pieces ----------------------------------------------------------------------------------------------- */

/* What becomes of a call that is more than a function of its arguments' present values; ORDINARY: it is none. */
static piece_kind kind_of(const pl_function *f) {
    if (f->takes_time || pl_function_draws(f)) return TIMED;
    switch (f->id) {
    case PL_FN_SAMPLE_IF_TRUE: return HELD;
    case PL_FN_PREVIOUS:
    case PL_FN_DELAY_FIXED:
    case PL_FN_DELAY_INFORMATION:
    case PL_FN_DELAY_MATERIAL: return PASSED;
    case PL_FN_CONVEYOR:
    case PL_FN_QUEUE: return OPAQUE;
    default: return ORDINARY;
    }
}

/* Whether argument i of a call counts in a step: those that are lookups or data, or belong to the start, do not. */
static bool counts(const pl_expr *call, int i) {
    pl_function_id id = call->function->id;
    if (id == PL_FN_PREVIOUS || id == PL_FN_DELAY_FIXED) return i == 0;
    if (id == PL_FN_DELAY_INFORMATION || id == PL_FN_DELAY_MATERIAL) return i < 2;
    return i > 31 || (pl_form_arguments(id, PL_STEP_CONTEXT) >> i & 1);
}

static void add_piece(builder *b, pl_variable *v, const pl_equation *e, pl_expr *expr, piece_kind kind) {
    b->pieces = pl_arena_grow(b->arena, b->pieces, b->piece_count, &b->piece_room, b->piece_count + 1, sizeof *b->pieces);
    b->pieces[b->piece_count++] = (piece){.variable = v, .equation = e, .expr = expr, .kind = kind};
}

typedef struct cutting {
    builder *b;
    pl_variable *variable;
    const pl_equation *equation;
    bool opaque;
} cutting;

static pl_expr *cut(cutting *c, pl_expr *expr, bool reduced);

static pl_expr *cut_arguments(cutting *c, pl_expr *expr, bool reduced) {
    pl_expr *out = PL_NEW(c->b->arena, pl_expr);
    *out = *expr;
    out->args = PL_ARRAY(c->b->arena, expr->arg_count + 1, pl_expr *);
    for (int i = 0; i < expr->arg_count; i++)
        out->args[i] = counts(expr, i) ? cut(c, expr->args[i], reduced || expr->reduced_count > 0) : expr->args[i];
    return out;
}

/* The expression with a hidden variable in the place of each call that is more than a function. */
static pl_expr *cut(cutting *c, pl_expr *expr, bool reduced) {
    if (expr->kind != PL_EXPR_CALL) return expr;
    piece_kind kind = kind_of(expr->function);
    pl_expr *out = cut_arguments(c, expr, reduced);
    if (kind == ORDINARY) return out;
    if (reduced) { /* one state for each element that is added up: no variable has that shape */
        c->opaque = true;
        return out;
    }
    pl_variable *v = add_variable(c->b, c->variable, PL_AUXILIARY);
    add_equation(c->b, v, c->equation, out);
    add_piece(c->b, v, v->equations[0], out, kind);
    return own_reference(c->b, c->equation, v);
}

static void add_equation_piece(builder *b, pl_variable *v, const pl_equation *e) {
    cutting c = {b, v, e, false};
    bool call = e->expr->kind == PL_EXPR_CALL && !e->initial;
    piece_kind kind = e->initial ? FLOW : call ? kind_of(e->expr->function) : ORDINARY;
    pl_expr *expr = call && kind != ORDINARY ? cut_arguments(&c, e->expr, false) : cut(&c, e->expr, false);
    add_piece(b, v, e, expr, c.opaque ? OPAQUE : kind);
}

static bool moves(const pl_variable *v) { return v->kind == PL_STOCK || v->kind == PL_AUXILIARY; }

static void make_pieces(builder *b) {
    for (int i = 0; i < b->own; i++) {
        pl_variable *v = b->model->variables[i];
        for (int k = 0; moves(v) && k < v->equation_count; k++)
            if (!v->equations[k]->data && v->equations[k]->expr) add_equation_piece(b, v, v->equations[k]);
    }
}

static void make_nodes(builder *b) {
    pl_partials *p = b->p;
    int room = 0;
    for (int i = 0; i < b->model->variable_count; i++) room += moves(b->model->variables[i]) ? b->model->variables[i]->size : 0;
    p->nodes = PL_ARRAY(b->arena, room + 1, pl_partial_node);
    b->node_of = PL_ARRAY(b->arena, b->model->variable_count, int);
    for (int i = 0; i < b->model->variable_count; i++) {
        const pl_variable *v = b->model->variables[i];
        b->node_of[i] = moves(v) ? p->node_count : -1;
        for (int e = 0; moves(v) && e < v->size; e++) p->nodes[p->node_count++] = (pl_partial_node){v, e, -1, -1, false};
    }
}

/* ---- links ------------------------------------------------------------------------------------------------ */

/* A walk over the references of one cell of a piece. */
typedef struct walk {
    builder *b;
    int piece, to; /* of the cell: its node */
    int counts[PL_MOST_AXES], positions[PL_MOST_AXES], axis_count; /* position -1: all */
} walk;

static void add_edge(walk *w, const pl_variable *cause, int element) {
    builder *b = w->b;
    const piece *p = &b->pieces[w->piece];
    if (p->kind == HELD && p->variable == cause) return; /* what it held before */
    b->edges = pl_arena_grow(b->arena, b->edges, b->edge_count, &b->edge_room, b->edge_count + 1, sizeof *b->edges);
    b->edges[b->edge_count++] = (edge){b->node_of[cause->index] + element, w->to, w->piece};
}

/* All elements that a reference can mean here, subscript by subscript. */
static void walk_elements(walk *w, const pl_expr *reference, int rank, int element, bool whole) {
    const pl_variable *v = reference->variable;
    if ((w->b->work -= 1) < 0)
        give_up(w->b, PL_UNSUPPORTED, "the arrays of the model have too many links between elements for loop scores");
    if (rank == v->rank) {
        if (pl_variable_has_element(v, element)) add_edge(w, v, element);
        return;
    }
    const pl_subscript *s = &reference->subscripts[rank];
    int count = v->axes[rank]->count, at = s->axis < 0 ? s->element : w->positions[s->axis];
    if (!whole && (s->axis < 0 || at >= 0)) {
        walk_elements(w, reference, rank + 1, element * count + (s->axis < 0 ? at : s->map[at]), whole);
        return;
    }
    int all = whole ? count : w->counts[s->axis];
    for (int i = 0; i < all; i++) walk_elements(w, reference, rank + 1, element * count + (whole ? i : s->map[i]), whole);
}

static void walk_expr(walk *w, const pl_expr *expr, bool whole) {
    if (expr->kind == PL_EXPR_REFERENCE && w->b->node_of[expr->variable->index] >= 0)
        walk_elements(w, expr, 0, 0, whole);
    if (expr->kind != PL_EXPR_CALL || expr->function->id == PL_FN_INITIAL) return;
    int before = w->axis_count;
    for (int i = 0; i < expr->reduced_count && w->axis_count < PL_MOST_AXES; i++) {
        w->counts[w->axis_count] = expr->reduced[i]->count;
        w->positions[w->axis_count++] = -1;
    }
    whole = whole || pl_group_is(expr->function->id);
    for (int i = 0; i < expr->arg_count; i++)
        if (counts(expr, i)) walk_expr(w, expr->args[i], whole || (expr->function->id == PL_FN_VECTOR_ELM_MAP && i == 0));
    w->axis_count = before;
}

static void find_edges(builder *b) {
    for (int i = 0; i < b->piece_count; i++) {
        const piece *p = &b->pieces[i];
        const pl_equation *e = p->equation;
        if (e->axis_count > PL_MOST_AXES) give_up(b, PL_UNSUPPORTED, "an equation has too many subscripts");
        for (int cell = 0; cell < e->cell_count; cell++) {
            if (e->cells[cell] < 0) continue;
            walk w = {.b = b, .piece = i, .to = b->node_of[p->variable->index] + e->cells[cell], .axis_count = e->axis_count};
            for (int k = 0; k < e->axis_count; k++)
                w.counts[k] = e->axes[k]->count, w.positions[k] = position_of(e, cell, k);
            b->p->nodes[w.to].stock = p->kind == FLOW;
            walk_expr(&w, p->expr, false);
        }
    }
}

static int compare_edges(const void *a, const void *b) {
    const edge *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

/* One edge between two nodes; who acts on whom. */
static void sort_edges(builder *b) {
    pl_partials *p = b->p;
    int kept = 0;
    if (b->edge_count) qsort(b->edges, (size_t)b->edge_count, sizeof *b->edges, compare_edges);
    for (int i = 0; i < b->edge_count; i++)
        if (kept == 0 || compare_edges(&b->edges[kept - 1], &b->edges[i]) != 0) b->edges[kept++] = b->edges[i];
    b->edge_count = kept;
    p->first = PL_ARRAY(b->arena, p->node_count + 1, int), p->to = PL_ARRAY(b->arena, kept + 1, int);
    for (int i = 0, node = 0; node <= p->node_count; node++) {
        while (i < kept && b->edges[i].from < node) p->to[i] = b->edges[i].to, i++;
        p->first[node] = i;
    }
}

/* Keeps the edges on loops; notes the pieces that cannot be scored. */
static void keep_loops(builder *b) {
    pl_partials *p = b->p;
    pl_loops *loops = &b->loops;
    int kept = 0;
    bool *noted = PL_ARRAY(b->arena, b->model->variable_count, bool);
    p->unscored = PL_ARRAY(b->arena, b->piece_count + 1, const pl_variable *);
    pl_loops_start_links(loops, p->node_count, p->first, p->to);
    for (int i = 0; i < b->edge_count; i++) {
        const edge *e = &b->edges[i];
        const piece *at = &b->pieces[e->piece];
        if (loops->group[e->from] != loops->group[e->to]) continue;
        if (at->kind != OPAQUE) b->edges[kept++] = *e;
        else if (!noted[at->variable->index]) {
            noted[at->variable->index] = true;
            p->unscored[p->unscored_count++] = at->variable;
        }
    }
    b->edge_count = kept;
}

/* ---- copies ----------------------------------------------------------------------------------------------- */

/* The place of an element among the outputs. */
static int output_of(builder *b, pl_variable *v, int element) {
    pl_partials *p = b->p;
    b->outputs = pl_arena_grow(b->arena, b->outputs, b->outputs_room, &b->outputs_room, v->index + 1, sizeof *b->outputs);
    int **places = &b->outputs[v->index];
    if (!*places) *places = PL_ARRAY(b->arena, v->size, int);
    if ((*places)[element]) return (*places)[element] - 1;
    p->outputs = pl_arena_grow(b->arena, p->outputs, p->output_count, &p->output_room, p->output_count + 1,
                               sizeof *p->outputs);
    p->outputs[p->output_count] = (pl_output){v, element};
    (*places)[element] = ++p->output_count;
    return p->output_count - 1;
}

/* Which variable is as it is now, and what stands for it; NULL: none. */
typedef struct living {
    const pl_variable *variable;
    pl_variable *stand_in;
} living;

static bool changes(const builder *b, const pl_variable *v) {
    if (v->kind == PL_CONSTANT) return b->levers && v->index < b->own && b->levers[v->index];
    return v->kind != PL_LOOKUP;
}

static pl_expr *substitute(builder *b, const pl_expr *expr, const living *now) {
    pl_expr *out = PL_NEW(b->arena, pl_expr);
    *out = *expr;
    out->origin = NULL;
    if (expr->kind == PL_EXPR_TIME) {
        out->kind = PL_EXPR_REFERENCE, out->variable = before_of(b, time_of(b));
        out->subscripts = PL_ARRAY(b->arena, 1, pl_subscript);
    } else if (expr->kind == PL_EXPR_REFERENCE && changes(b, expr->variable)) {
        out->variable = expr->variable == now->variable ? now->stand_in : before_of(b, expr->variable);
    } else if (expr->kind == PL_EXPR_CALL && expr->function->id == PL_FN_ACTIVE_INITIAL) {
        return substitute(b, expr->args[0], now);
    } else if (expr->kind == PL_EXPR_CALL && expr->function->id != PL_FN_INITIAL) {
        out->args = PL_ARRAY(b->arena, expr->arg_count + 1, pl_expr *);
        for (int i = 0; i < expr->arg_count; i++)
            out->args[i] = counts(expr, i) ? substitute(b, expr->args[i], now) : expr->args[i];
    }
    return out;
}

/* The piece with one variable as it is now. */
static pl_variable *copy_of(builder *b, const piece *p, const living *now) {
    pl_expr *expr;
    if (p->kind == PASSED) {
        expr = substitute(b, p->expr->args[0], now);
    } else if (p->kind == HELD) {
        pl_expr *held = own_reference(b, p->equation, before_of(b, p->variable));
        expr = call(b, PL_FN_IF_THEN_ELSE, substitute(b, p->expr->args[0], now),
                    substitute(b, p->expr->args[1], now), held);
    } else {
        expr = substitute(b, p->expr, now);
    }
    pl_variable *v = add_variable(b, p->variable, PL_AUXILIARY);
    add_equation(b, v, p->equation, expr);
    return v;
}

/* What the piece's links explain: the variable, a stock's net flow, or what comes into a delay. */
static void set_target(builder *b, piece *p) {
    static const living none = {0};
    if (p->target) return;
    p->target = p->variable;
    if (p->kind == FLOW || p->kind == PASSED) {
        p->target = add_variable(b, p->variable, PL_AUXILIARY);
        add_equation(b, p->target, p->equation, p->kind == FLOW ? p->expr : p->expr->args[0]);
    }
    p->base = p->kind == TIMED ? copy_of(b, p, &none) : before_of(b, p->target);
}

/* A variable of which one element is as it is now, the others as they were. */
static pl_variable *mixture_of(builder *b, pl_variable *v, int element) {
    pl_variable *which = add_variable(b, v, PL_CONSTANT), *out = add_variable(b, v, PL_AUXILIARY);
    for (int i = 0; i < v->equation_count; i++) {
        const pl_equation *e = v->equations[i];
        pl_equation *numbers = add_equation(b, which, e, NULL);
        numbers->numbers = PL_ARRAY(b->arena, e->cell_count, double);
        for (int k = 0; k < e->cell_count; k++) numbers->numbers[k] = e->cells[k] == element;
        add_equation(b, out, e,
                     call(b, PL_FN_IF_THEN_ELSE, own_reference(b, e, which), own_reference(b, e, v),
                          own_reference(b, e, before_of(b, v))));
    }
    return out;
}

static void add_links(builder *b, const edge *edges, int count, pl_variable *copy) {
    pl_partials *p = b->p;
    for (int i = 0; i < count; i++) {
        const piece *at = &b->pieces[edges[i].piece];
        pl_partial_node *from = &p->nodes[edges[i].from], *to = &p->nodes[edges[i].to];
        pl_variable *cause = b->model->variables[from->variable->index];
        from->now = output_of(b, cause, from->element), from->before = output_of(b, before_of(b, cause), from->element);
        p->links[p->link_count++] = (pl_partial_link){
            edges[i].from, edges[i].to, output_of(b, copy, to->element), output_of(b, at->base, to->element),
            output_of(b, at->target, to->element), output_of(b, before_of(b, at->target), to->element)};
    }
}

/* The links of one cause to one piece: by one copy where no cell needs two of its elements, else one for each of them. */
static void copy_links(builder *b, const edge *edges, int count) {
    piece *at = &b->pieces[edges[0].piece];
    pl_variable *cause = b->model->variables[b->p->nodes[edges[0].from].variable->index];
    bool single = true, *met = PL_ARRAY(b->arena, at->variable->size, bool);
    set_target(b, at);
    for (int i = 0; i < count; i++) {
        bool *mark = &met[b->p->nodes[edges[i].to].element];
        single = single && !*mark;
        *mark = true;
    }
    if (single) {
        add_links(b, edges, count, copy_of(b, at, &(living){cause, cause}));
        return;
    }
    for (int from = 0, to = 0; from < count; from = to) {
        while (to < count && edges[to].from == edges[from].from) to++;
        living one = {cause, mixture_of(b, cause, b->p->nodes[edges[from].from].element)};
        add_links(b, edges + from, to - from, copy_of(b, at, &one));
    }
}

static int compare_by_piece(const void *a, const void *b) {
    const edge *x = a, *y = b;
    if (x->piece != y->piece) return x->piece < y->piece ? -1 : 1;
    return compare_edges(a, b);
}

static int compare_links(const void *a, const void *b) {
    const pl_partial_link *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static void copy_pieces(builder *b) {
    pl_partials *p = b->p;
    if (b->edge_count > PL_MOST_PARTIALS)
        give_up(b, PL_UNSUPPORTED, "the arrays of the model have too many links between elements for loop scores");
    p->links = PL_ARRAY(b->arena, b->edge_count + 1, pl_partial_link);
    if (b->edge_count) qsort(b->edges, (size_t)b->edge_count, sizeof *b->edges, compare_by_piece);
    for (int from = 0, to = 0; from < b->edge_count; from = to) {
        const edge *first = &b->edges[from];
        const pl_variable *cause = p->nodes[first->from].variable;
        while (to < b->edge_count && b->edges[to].piece == first->piece && p->nodes[b->edges[to].from].variable == cause) to++;
        copy_links(b, first, to - from);
    }
    if (p->link_count) qsort(p->links, (size_t)p->link_count, sizeof *p->links, compare_links);
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static void copy_model(builder *b, const pl_model *model) {
    pl_model *m = b->model = PL_NEW(b->arena, pl_model);
    *m = *model;
    m->arena = (pl_arena){0};
    m->variables = PL_ARRAY(b->arena, model->variable_count + 1, pl_variable *);
    m->variable_room = model->variable_count + 1;
    memcpy(m->variables, model->variables, (size_t)model->variable_count * sizeof *m->variables);
    b->p->model = m;
}

static void build(builder *b, const pl_model *model) {
    copy_model(b, model);
    make_pieces(b);
    make_nodes(b);
    find_edges(b);
    sort_edges(b);
    keep_loops(b);
    copy_pieces(b);
}

static void leave(void *context) { longjmp(*(jmp_buf *)context, PL_MEMORY); }

pl_status pl_partials_new(const pl_model *model, const bool *levers, pl_partials **partials, pl_error *error) {
    pl_error unused;
    jmp_buf escape;
    *partials = NULL;
    pl_partials *p = pl_allocate(sizeof *p);
    if (!p) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    builder b = {.p = p, .arena = &p->arena, .levers = levers, .own = model->variable_count, .work = 2e7,
                 .error = error ? error : &unused, .escape = &escape};
    p->arena.out_of_memory = b.loops.arena.out_of_memory = leave;
    p->arena.context = b.loops.arena.context = &escape;
    pl_status status = (pl_status)setjmp(escape);
    if (status == PL_OK) build(&b, model);
    p->arena.out_of_memory = NULL, p->arena.context = NULL;
    pl_arena_free(&b.loops.arena);
    if (status == PL_MEMORY) pl_error_set(error, status, model->file, 0, 0, "out of memory");
    if (status == PL_OK) *partials = p;
    else pl_partials_free(p);
    return status;
}

void pl_partials_free(pl_partials *partials) {
    if (!partials) return;
    pl_arena_free(&partials->arena);
    pl_release(partials);
}
