/* Stocks and flows of XMILE: the net rate of a stock, and what non-negative means.  A non-negative flow is held at 0. A
 * non-negative stock gives its outflows, in the order in which they stand, no more than it holds and what flows in
 * meanwhile; an inflow that itself depends on the outflow does not count.  A flow that leaves several stocks is left as
 * it is: then only the stock is held at 0. */
#include <string.h>

#include "model/xmile.h"

typedef struct drain {
    const pl_xml *stock, *outflow; /* no outflow: several stocks share the flow */
    const char *prefix, *stock_key, *key;
    struct drain *next;
} drain;

/* ---- non-negative -------------------------------------------------------------------------------------- */

bool pl_xmile_is_positive(const pl_xmile *x, const pl_xml *element) {
    const pl_xml *own = pl_xml_child(element, "non_negative");
    if (own) return strcmp(pl_xml_text(x, own), "false") != 0;
    return strcmp(element->name, "stock") == 0 ? x->stocks_positive : x->flows_positive;
}

const char *pl_xmile_flow_key(pl_xmile *x, const pl_xml *flow, const char *prefix) {
    const char *name = pl_xmile_display(x, flow->text ? flow->text : "", (size_t)flow->length);
    return pl_xmile_key(x, prefix, pl_name_key(x->reader->arena, name, strlen(name)));
}

void pl_xmile_note_drains(pl_xmile *x, const pl_xml *stock, const char *prefix, const char *stock_key) {
    int count = 0;
    for (const pl_xml *flow = stock->first; flow && count < PL_DEEPEST_EXPRESSION; flow = flow->next) {
        if (strcmp(flow->name, "outflow") != 0) continue;
        count++; /* a stock with more has no rate: its expression is too deep */
        const char *key = pl_xmile_flow_key(x, flow, prefix);
        drain *known = pl_name_table_get(&x->drains, key);
        if (known) {
            known->outflow = NULL;
            continue;
        }
        drain *d = PL_NEW(x->reader->arena, drain);
        *d = (drain){stock, flow, prefix, stock_key, key, NULL};
        pl_name_table_set(x->reader->arena, &x->drains, key, d);
        if (x->last_drain) x->last_drain->next = d;
        else x->first_drain = d;
        x->last_drain = d;
    }
}

/* ---- rates --------------------------------------------------------------------------------------------- */

/* The subscripts of another variable in an equation: those of the equation over the same dimensions. */
pl_expr *pl_xmile_whole(pl_xmile *x, const char *key, const pl_xmile_place *place, pl_position at) {
    const pl_xmile_shape *shape = pl_name_table_get(&x->shapes, key), *own = pl_name_table_get(&x->shapes, place->self);
    pl_expr *name = pl_xmile_name(x, key, shape ? shape->names : NULL, shape ? shape->count : 0, at);
    for (int i = 0; i < name->name_count; i++)
        for (int j = 0; own && j < own->count && j < place->name_count; j++)
            if (strcmp(own->names[j].key, shape->names[i].key) == 0) name->names[i] = place->names[j];
    return name;
}

static pl_expr *combine(pl_xmile *x, pl_function_id id, pl_expr *a, pl_expr *b, pl_position at) {
    pl_expr *args[2] = {a, b};
    if (!a && id == PL_FN_SUBTRACT) return pl_xmile_call(x, PL_FN_NEGATE, NULL, &b, 1, at);
    return a ? pl_xmile_call(x, id, NULL, args, 2, at) : b;
}

/* A flow in the equation of a stock: summed over the dimensions that the stock lacks. */
static pl_expr *flow_sum(pl_xmile *x, const char *key, const pl_xmile_place *place, pl_position at) {
    pl_expr *name = pl_xmile_whole(x, key, place, at);
    const pl_xmile_shape *shape = pl_name_table_get(&x->shapes, key), *own = pl_name_table_get(&x->shapes, place->self);
    bool sums = false;
    for (int i = 0; shape && i < shape->count; i++) {
        bool found = false;
        for (int j = 0; own && j < own->count && !found; j++)
            found = strcmp(own->names[j].key, shape->names[i].key) == 0;
        if (!found) name->names[i].reduced = sums = true;
    }
    return sums ? pl_xmile_call(x, PL_FN_SUM, "SUM", &name, 1, at) : name;
}

pl_expr *pl_xmile_multiplier(pl_xmile *x, const pl_xml *element, const pl_xmile_place *place) {
    const pl_xml *multiplier = pl_xml_child(element, "multiplier");
    return multiplier ? pl_xmile_expression(x, multiplier, place) : NULL;
}

pl_expr *pl_xmile_flow_in(pl_xmile *x, const pl_xml *flow, const char *prefix, const pl_xmile_place *place,
                          pl_position at) {
    const char *key = pl_xmile_flow_key(x, flow, prefix);
    const pl_xmile_item *item = pl_name_table_get(&x->items, key);
    pl_expr *multiplier = item ? pl_xmile_multiplier(x, item->element, place) : NULL;
    return combine(x, PL_FN_MULTIPLY, multiplier, flow_sum(x, key, place, at), at);
}

pl_expr *pl_xmile_rate(pl_xmile *x, const pl_xml *stock, const pl_xmile_place *place) {
    pl_expr *rate = NULL;
    static const char *const kinds[] = {"inflow", "outflow"};
    for (int k = 0; k < 2; k++)
        for (const pl_xml *flow = stock->first; flow; flow = flow->next) {
            if (strcmp(flow->name, kinds[k]) != 0) continue;
            pl_position at = flow->length ? pl_xmile_position(x, flow->offsets[0]) : pl_xml_position(x, flow);
            if (flow->length == 0) pl_xmile_fail(x, PL_INVALID, at, "this <%s> names no flow", flow->name);
            pl_expr *name = k ? flow_sum(x, pl_xmile_flow_key(x, flow, place->prefix), place, at)
                              : pl_xmile_flow_in(x, flow, place->prefix, place, at);
            rate = combine(x, k ? PL_FN_SUBTRACT : PL_FN_ADD, rate, name, at);
        }
    return rate ? rate : pl_xmile_number(x, 0.0, pl_xml_position(x, stock));
}

/* ---- which variables need each other at the same time: Tarjan's algorithm with a stack of its own ------ */

typedef struct graph {
    pl_xmile *x;
    int count, *first, *to, edge_count, edge_room; /* edges of i: to[first[i]] .. to[first[i + 1] - 1] */
    int *group;
} graph;

static void add_edge(graph *g, const char *key) {
    const pl_variable *to = pl_name_table_get(&g->x->reader->model->names, key);
    if (!to || to->kind == PL_STOCK) return;
    g->to = pl_arena_grow(g->x->reader->arena, g->to, g->edge_count, &g->edge_room, g->edge_count + 1, sizeof *g->to);
    g->to[g->edge_count++] = to->index;
}

static void add_names(graph *g, const pl_expr *expr) {
    if (expr->kind == PL_EXPR_NAME && !expr->args) add_edge(g, expr->key);
    for (int i = 0; i < expr->arg_count; i++) add_names(g, expr->args[i]);
}

/* A flow over dimensions that the stock lacks leaves it as their sum: that is not limited. */
static bool is_limit(const pl_xmile *x, const drain *d) {
    const pl_xmile_shape *flow = pl_name_table_get(&x->shapes, d->key);
    const pl_xmile_shape *stock = pl_name_table_get(&x->shapes, d->stock_key);
    bool sums = flow && flow->count > (stock ? stock->count : 0);
    return d->outflow && !sums && pl_xmile_is_positive(x, d->stock);
}

static void add_limits(graph *g, const drain *d) {
    for (const pl_xml *flow = d->stock->first; flow; flow = flow->next) {
        bool inflow = strcmp(flow->name, "inflow") == 0, outflow = strcmp(flow->name, "outflow") == 0;
        if (flow == d->outflow) return;
        if (inflow || outflow) add_edge(g, pl_xmile_flow_key(g->x, flow, d->prefix));
    }
}

static void find_edges(graph *g) {
    const pl_model *model = g->x->reader->model;
    g->first = PL_ARRAY(g->x->reader->arena, g->count + 1, int);
    for (int i = 0; i < g->count; i++) {
        const pl_variable *v = model->variables[i];
        const drain *d = pl_name_table_get(&g->x->drains, v->key);
        g->first[i] = g->edge_count;
        for (int k = 0; k < v->equation_count && v->kind != PL_STOCK; k++)
            if (v->equations[k]->expr && pl_reader_spend(g->x->reader, v->equations[k]->expr->size, v->at))
                add_names(g, v->equations[k]->expr);
        if (d && is_limit(g->x, d)) add_limits(g, d);
    }
    g->first[g->count] = g->edge_count;
}

static void find_groups(graph *g) {
    int *order = PL_ARRAY(g->x->reader->arena, g->count, int), *low = PL_ARRAY(g->x->reader->arena, g->count, int);
    int *edge = PL_ARRAY(g->x->reader->arena, g->count, int), *path = PL_ARRAY(g->x->reader->arena, g->count, int);
    int *open = PL_ARRAY(g->x->reader->arena, g->count, int), depth = 0, open_count = 0, visited = 0;
    g->group = PL_ARRAY(g->x->reader->arena, g->count, int);
    for (int root = 0; root < g->count; root++) {
        if (order[root]) continue;
        path[depth++] = root, open[open_count++] = root;
        order[root] = low[root] = ++visited, edge[root] = g->first[root];
        while (depth > 0) {
            int i = path[depth - 1];
            if (edge[i] < g->first[i + 1]) {
                int to = g->to[edge[i]++];
                if (!order[to]) {
                    path[depth++] = to, open[open_count++] = to;
                    order[to] = low[to] = ++visited, edge[to] = g->first[to];
                } else if (!g->group[to] && order[to] < low[i]) {
                    low[i] = order[to];
                }
                continue;
            }
            if (--depth > 0 && low[i] < low[path[depth - 1]]) low[path[depth - 1]] = low[i];
            if (low[i] != order[i]) continue;
            while (open[--open_count] != i) g->group[open[open_count]] = i + 1;
            g->group[i] = i + 1;
        }
    }
}

/* ---- limits -------------------------------------------------------------------------------------------- */

static bool depends(const graph *g, const char *key, const pl_variable *flow) {
    const pl_variable *other = pl_name_table_get(&g->x->reader->model->names, key);
    return other && g->group[other->index] == g->group[flow->index];
}

/* What a stock can give to one of its outflows in a step, as a rate. */
static pl_expr *available(const graph *g, const drain *d, const pl_variable *flow, const pl_xmile_place *place,
                          pl_position at) {
    pl_xmile *x = g->x;
    pl_expr *stock = pl_xmile_whole(x, d->stock_key, place, at);
    pl_expr *rate = combine(x, PL_FN_DIVIDE, stock, pl_xmile_reference(x, x->reader->model->time_step, at), at);
    for (const pl_xml *other = d->stock->first; other; other = other->next) {
        if (strcmp(other->name, "inflow") != 0) continue;
        const char *key = pl_xmile_flow_key(x, other, d->prefix);
        if (!depends(g, key, flow))
            rate = combine(x, PL_FN_ADD, rate, pl_xmile_flow_in(x, other, d->prefix, place, at), at);
    }
    for (const pl_xml *other = d->stock->first; other != d->outflow; other = other->next) {
        if (strcmp(other->name, "outflow") != 0) continue;
        rate =
            combine(x, PL_FN_SUBTRACT, rate, flow_sum(x, pl_xmile_flow_key(x, other, d->prefix), place, at), at);
    }
    return combine(x, PL_FN_MAX, rate, pl_xmile_number(x, 0.0, at), at);
}

static void limit(const graph *g, const drain *d) {
    pl_variable *flow = pl_name_table_get(&g->x->reader->model->names, d->key);
    if (!flow || flow->broken) return;
    for (int i = 0; i < flow->equation_count; i++) {
        pl_equation *equation = flow->equations[i];
        pl_xmile_place place = {d->prefix, flow->key, equation->names, equation->name_count};
        if (!equation->expr || equation->initial) continue;
        equation->expr =
            combine(g->x, PL_FN_MIN, equation->expr, available(g, d, flow, &place, equation->at), equation->at);
    }
}

static void try_limit(const graph *g, const drain *d) {
    if (setjmp(g->x->reader->next_equation) == 0) limit(g, d);
}

void pl_xmile_limit_flows(pl_xmile *x) {
    graph g = {.x = x, .count = x->reader->model->variable_count};
    if (!x->first_drain) return;
    find_edges(&g);
    find_groups(&g);
    for (const drain *d = x->first_drain; d; d = d->next)
        if (is_limit(x, d)) try_limit(&g, d);
}
