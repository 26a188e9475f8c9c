/* The order in which variables are lowered.
 *
 * Tarjan's algorithm on the variables gives strongly connected groups, dependencies first.  A group of one variable
 * that does not need itself is one unit; a larger one is taken apart into the cells of its equations and ordered
 * again: arrays that look circular by name but are not by element pass, a true cycle is named in full.
 * Both searches keep their own stacks: depth is bounded by memory, not by the C stack. */
#include <stdio.h>
#include <string.h>

#include "program/graph.h"

unsigned pl_form_arguments(int function, enum pl_context context) {
    bool start = context == PL_START_CONTEXT;
    switch (function) {
    case PL_FN_INITIAL: return start ? 1 : 0;
    case PL_FN_ACTIVE_INITIAL: return start ? 2 : 1;
    case PL_FN_SAMPLE_IF_TRUE: return start ? 7 : 3;
    case PL_FN_DELAY_FIXED:
    case PL_FN_DELAY_INFORMATION:
    case PL_FN_DELAY_MATERIAL: return start ? 4 : 0;
    case PL_FN_PREVIOUS: return start ? 2 : 0;
    case PL_FN_CONVEYOR: return start ? ~0x90u : ~0x9cu; /* what flows in, and transit times, only move the rest */
    case PL_FN_QUEUE: return start ? ~0u : ~4u;
    case PL_FN_LOOKUP: return 2;
    case PL_FN_LOOKUP_EXTRAPOLATE:
    case PL_FN_LOOKUP_FORWARD:
    case PL_FN_LOOKUP_BACKWARD:
    case PL_FN_LOOKUP_INVERT:
    case PL_FN_LOOKUP_SLOPE:
    case PL_FN_LOOKUP_AREA:
    case PL_FN_RANDOM_LOOKUP: return ~1u;
    case PL_FN_GET_DATA_AT_TIME:
    case PL_FN_GET_DATA_BETWEEN_TIMES:
    case PL_FN_GET_DATA_FIRST_TIME:
    case PL_FN_GET_DATA_LAST_TIME:
    case PL_FN_GET_DATA_MEAN:
    case PL_FN_GET_DATA_MEDIAN:
    case PL_FN_GET_DATA_MIN:
    case PL_FN_GET_DATA_MAX:
    case PL_FN_GET_DATA_TOTAL_POINTS: return 6; /* the data are there before the run */
    default: return ~0u;
    }
}

/* A walk over the references of an expression in a context, with the space around each. */
typedef struct walk {
    pl_graph *g;
    enum pl_context context;
    const pl_equation *sample; /* this equation is a SAMPLE IF TRUE: its own value means the one held */
    void (*visit)(struct walk *walk, const pl_space *space, const pl_expr *reference);
    void *data;
} walk;

static void walk_expr(walk *w, pl_space *space, const pl_expr *expr);

/* All elements of a run are needed for each of them. */
static void walk_group(walk *w, pl_space *space, const pl_expr *call) {
    int axes[2], fixed[2], axis_count = pl_group_axes(space, call, axes), count;
    const pl_expr **operands = pl_group_operands(w->g, space, call, &count);
    for (int k = 0; k < axis_count; k++) fixed[k] = space->fixed[axes[k]], space->fixed[axes[k]] = -1;
    for (int i = 0; i < count; i++) walk_expr(w, space, operands[i]);
    for (int k = 0; k < axis_count; k++) space->fixed[axes[k]] = fixed[k];
}

/* Every element of the variable. */
static void walk_whole(walk *w, const pl_expr *reference) {
    const pl_variable *v = reference->variable;
    pl_space space = {.count = v->rank};
    pl_expr whole = *reference;
    whole.subscripts = PL_ARRAY(w->g->arena, v->rank, pl_subscript);
    for (int r = 0; r < v->rank; r++) {
        int *map = PL_ARRAY(w->g->arena, v->axes[r]->count, int);
        for (int i = 0; i < v->axes[r]->count; i++) map[i] = i;
        whole.subscripts[r] = (pl_subscript){.axis = r, .map = map};
        space.counts[r] = v->axes[r]->count, space.fixed[r] = -1;
    }
    w->visit(w, &space, &whole);
}

static void walk_expr(walk *w, pl_space *space, const pl_expr *expr) {
    if (expr->kind == PL_EXPR_REFERENCE) {
        if (!w->sample || !pl_space_own(w->g, space, w->sample, expr)) w->visit(w, space, expr);
        return;
    }
    if (expr->kind != PL_EXPR_CALL) return;
    int before = space->count;
    pl_space_push(w->g, space, expr);
    unsigned mask = pl_form_arguments(expr->function->id, w->context);
    if (pl_group_is(expr->function->id)) {
        walk_group(w, space, expr);
        return;
    }
    bool picks = expr->function->id == PL_FN_VECTOR_ELM_MAP && expr->args[0]->kind == PL_EXPR_REFERENCE;
    if (picks && expr->args[0]->variable->rank <= PL_MOST_AXES) walk_whole(w, expr->args[0]);
    for (int i = 0; i < expr->arg_count; i++)
        if (i > 31 || mask >> i & 1) walk_expr(w, space, expr->args[i]);
    space->count = before;
}

/* The value of an equation in a context: the initial value of a SAMPLE IF TRUE is no value that it holds. */
static void walk_value(walk *w, pl_space *space, const pl_equation *equation, const pl_expr *expr) {
    if (!pl_is_sample(equation) || expr != equation->expr) {
        walk_expr(w, space, expr);
        return;
    }
    unsigned mask = pl_form_arguments(PL_FN_SAMPLE_IF_TRUE, w->context);
    for (int i = 0; i < expr->arg_count; i++) {
        w->sample = i < 2 ? equation : NULL;
        if (mask >> i & 1) walk_expr(w, space, expr->args[i]);
    }
    w->sample = NULL;
}

/* What a form keeps of the start (initial values, saved values, delay times): walked as of the start. */
static void walk_kept(walk *w, pl_space *space, const pl_expr *expr) {
    if (expr->kind != PL_EXPR_CALL) return;
    int before = space->count;
    pl_space_push(w->g, space, expr);
    int id = expr->function->id;
    unsigned kept = id == PL_FN_INITIAL ? 1 : id == PL_FN_SAMPLE_IF_TRUE ? 4 : id == PL_FN_DELAY_FIXED || id == PL_FN_DELAY_INFORMATION || id == PL_FN_DELAY_MATERIAL ? 6 : id == PL_FN_PREVIOUS ? 2 : id == PL_FN_CONVEYOR ? 0xcu | ~0x3ffu : id == PL_FN_QUEUE ? 4 : 0;
    for (int i = 0; i < expr->arg_count; i++) {
        if (i < 32 && kept >> i & 1) walk_expr(w, space, expr->args[i]);
        walk_kept(w, space, expr->args[i]);
    }
    space->count = before;
}

/* The expression of an equation that gives the variable's value in a context; NULL where nothing is needed first. */
static const pl_expr *value_of(const pl_equation *equation, enum pl_context context) {
    const pl_variable *v = equation->variable;
    if (v->kind != PL_AUXILIARY && v->kind != PL_STOCK) return NULL;
    if (!equation->initial) return equation->expr;
    return context == PL_START_CONTEXT ? equation->initial : NULL;
}

/* ---- depth-first search over numbered items with given edges ---- */

typedef struct edges {
    int *first, *to; /* edges of item i: to[first[i]] .. to[first[i + 1] - 1] */
    int count, room;
} edges;

typedef struct search {
    pl_graph *g;
    const edges *edges;
    int *index, *low, *stack, *path, *next;
    bool *on_stack;
    int clock, stacked;
    int *group_end, *members, groups, member_count; /* groups in order, dependencies first */
} search;

static void close_group(search *s, int item) {
    int other;
    do {
        other = s->stack[--s->stacked];
        s->on_stack[other] = false;
        s->members[s->member_count++] = other;
    } while (other != item);
    s->group_end[s->groups++] = s->member_count;
}

static void open_item(search *s, int item) {
    s->index[item] = s->low[item] = ++s->clock;
    s->stack[s->stacked++] = item;
    s->on_stack[item] = true;
    s->next[item] = s->edges->first[item];
}

static void search_from(search *s, int root) {
    int depth = 0;
    s->path[depth++] = root;
    open_item(s, root);
    while (depth) {
        int item = s->path[depth - 1];
        if (s->next[item] < s->edges->first[item + 1]) {
            int to = s->edges->to[s->next[item]++];
            if (!s->index[to]) {
                s->path[depth++] = to;
                open_item(s, to);
            } else if (s->on_stack[to] && s->index[to] < s->low[item]) {
                s->low[item] = s->index[to];
            }
            continue;
        }
        if (s->low[item] == s->index[item]) close_group(s, item);
        if (--depth && s->low[item] < s->low[s->path[depth - 1]]) s->low[s->path[depth - 1]] = s->low[item];
    }
}

static search new_search(pl_graph *g, const edges *e, int items) {
    search s = {.g = g, .edges = e};
    s.index = PL_ARRAY(g->arena, items, int);
    s.low = PL_ARRAY(g->arena, items, int);
    s.stack = PL_ARRAY(g->arena, items, int);
    s.path = PL_ARRAY(g->arena, items, int);
    s.next = PL_ARRAY(g->arena, items, int);
    s.on_stack = PL_ARRAY(g->arena, items, bool);
    s.group_end = PL_ARRAY(g->arena, items, int);
    s.members = PL_ARRAY(g->arena, items, int);
    return s;
}

static void add_edge(pl_graph *g, edges *e, int to) {
    e->to = pl_arena_grow(g->arena, e->to, e->count, &e->room, e->count + 1, sizeof *e->to);
    e->to[e->count++] = to;
}

/* ---- variables ---- */

typedef struct variable_edges {
    edges edges;
    int *seen; /* [variable] = the last item that got this edge, + 1 */
    int item;
} variable_edges;

static void see_variable(walk *w, const pl_space *space, const pl_expr *reference) {
    (void)space;
    variable_edges *v = w->data;
    int to = reference->variable->index;
    if (v->seen[to] == v->item + 1) return;
    v->seen[to] = v->item + 1;
    add_edge(w->g, &v->edges, to);
}

static void find_variable_edges(pl_graph *g, enum pl_context context, variable_edges *out) {
    const pl_model *model = g->model;
    out->edges.first = PL_ARRAY(g->arena, model->variable_count + 1, int);
    out->seen = PL_ARRAY(g->arena, model->variable_count, int);
    walk w = {.g = g, .context = context, .visit = see_variable, .data = out};
    for (int i = 0; i < model->variable_count; i++) {
        const pl_variable *v = model->variables[i];
        out->item = i;
        out->edges.first[i] = out->edges.count;
        for (int k = 0; k < v->equation_count; k++) {
            const pl_expr *expr = value_of(v->equations[k], context);
            pl_space space;
            pl_space_of(g, &space, v->equations[k], -1);
            if (expr) walk_value(&w, &space, v->equations[k], expr);
        }
    }
    out->edges.first[model->variable_count] = out->edges.count;
}

typedef struct root_set {
    bool *wanted;
} root_set;

static void want_variable(walk *w, const pl_space *space, const pl_expr *reference) {
    (void)space;
    ((root_set *)w->data)->wanted[reference->variable->index] = true;
}

/* Start: stocks and what forms keep. Step: everything. */
static bool *find_roots(pl_graph *g, enum pl_context context) {
    const pl_model *model = g->model;
    root_set roots = {PL_ARRAY(g->arena, model->variable_count, bool)};
    walk w = {.g = g, .context = PL_START_CONTEXT, .visit = want_variable, .data = &roots};
    for (int i = 0; i < model->variable_count; i++) {
        const pl_variable *v = model->variables[i];
        if (context == PL_STEP_CONTEXT || v->kind == PL_STOCK || v == model->initial_time) roots.wanted[i] = true;
        if (context == PL_STEP_CONTEXT) continue;
        if (v == model->time_step) roots.wanted[i] = true;
        for (int k = 0; k < v->equation_count; k++) {
            pl_space space;
            pl_space_of(g, &space, v->equations[k], -1);
            if (v->equations[k]->expr) walk_kept(&w, &space, v->equations[k]->expr);
            if (v->equations[k]->initial) walk_kept(&w, &space, v->equations[k]->initial);
        }
    }
    for (int i = 0; context == PL_START_CONTEXT && i < g->spec->rule_count; i++)
        walk_kept(&w, &(pl_space){0}, g->spec->rules[i].condition);
    return roots.wanted;
}

/* ---- cells of a group ---- */

typedef struct cell_edges {
    edges edges;
    int **item_of; /* [variable][element] -> item + 1, 0 where outside the group */
    int *elements, element_room;
} cell_edges;

static void see_cells(walk *w, const pl_space *space, const pl_expr *reference) {
    cell_edges *c = w->data;
    const int *items = c->item_of[reference->variable->index];
    if (!items) return;
    int size = pl_space_size(space);
    c->elements = pl_arena_grow(w->g->arena, c->elements, 0, &c->element_room, size, sizeof *c->elements);
    pl_space_elements(space, reference, c->elements);
    for (int i = 0; i < size; i++)
        if (items[c->elements[i]]) add_edge(w->g, &c->edges, items[c->elements[i]] - 1);
}

static void name_of_unit(pl_graph *g, pl_unit unit, char *out, size_t room) {
    const pl_variable *v = g->model->variables[unit.variable];
    pl_variable_element_name(v, v->equations[unit.equation]->cells[unit.cell], out, room);
}

/* Follows edges within a group that is a true cycle until an item comes twice, and names the path. */
static void report_cycle(pl_graph *g, enum pl_context context, const search *s, const pl_unit *items, int from, int to) {
    int *at = PL_ARRAY(g->arena, s->clock + 1, int); /* position on the path + 1 */
    bool *inside = PL_ARRAY(g->arena, s->clock + 1, bool);
    int *path = PL_ARRAY(g->arena, to - from + 2, int), length = 0;
    for (int i = from; i < to; i++) inside[s->members[i]] = true;
    int item = s->members[from];
    while (!at[item]) {
        at[item] = length + 1;
        path[length++] = item;
        int k = s->edges->first[item];
        while (!inside[s->edges->to[k]]) k++;
        item = s->edges->to[k];
    }
    int first = at[item] - 1, around = length - first, least = first;
    for (int i = first; i < length; i++)
        if (items[path[i]].variable < items[path[least]].variable) least = i; /* told from the variable that stands first in the model */
    item = path[least];
    char message[400];
    size_t used = 0;
    for (int i = 0; i <= around; i++) {
        char name[160];
        name_of_unit(g, items[path[first + (least - first + i) % around]], name, sizeof name);
        if (used + strlen(name) + 8 > sizeof message) {
            snprintf(message + used, sizeof message - used, " -> ...");
            break;
        }
        used += (size_t)snprintf(message + used, sizeof message - used, "%s%s", used ? " -> " : "", name);
    }
    const pl_variable *v = g->model->variables[items[item].variable];
    pl_graph_fail(g, PL_INVALID, v->equations[items[item].equation]->at,
                  context == PL_START_CONTEXT ? "initial values need each other in a circle: %s"
                                              : "equations need each other in a circle with no stock between: %s",
                  message);
}

/* Puts the cells of the variables of a group in order behind `units`. */
static int order_cells(pl_graph *g, enum pl_context context, const int *group, int group_size, pl_unit *units) {
    int total = 0;
    for (int i = 0; i < group_size; i++) {
        const pl_variable *v = g->model->variables[group[i]];
        for (int k = 0; k < v->equation_count; k++) total += v->equations[k]->cell_count;
    }
    pl_unit *items = PL_ARRAY(g->arena, total, pl_unit);
    cell_edges cells = {.item_of = PL_ARRAY(g->arena, g->model->variable_count, int *)};
    int count = 0;
    for (int i = 0; i < group_size; i++) {
        const pl_variable *v = g->model->variables[group[i]];
        int *item_of = cells.item_of[v->index] = PL_ARRAY(g->arena, v->size, int);
        for (int k = 0; k < v->equation_count; k++)
            for (int c = 0; c < v->equations[k]->cell_count; c++)
                if (v->equations[k]->cells[c] >= 0) {
                    items[count] = (pl_unit){v->index, k, c};
                    item_of[v->equations[k]->cells[c]] = ++count;
                }
    }
    cells.edges.first = PL_ARRAY(g->arena, count + 1, int);
    walk w = {.g = g, .context = context, .visit = see_cells, .data = &cells};
    for (int i = 0; i < count; i++) {
        const pl_equation *equation = g->model->variables[items[i].variable]->equations[items[i].equation];
        cells.edges.first[i] = cells.edges.count;
        pl_space space;
        pl_space_of(g, &space, equation, items[i].cell);
        const pl_expr *expr = value_of(equation, context);
        if (expr) walk_value(&w, &space, equation, expr);
    }
    cells.edges.first[count] = cells.edges.count;
    search s = new_search(g, &cells.edges, count);
    for (int i = 0; i < count; i++)
        if (!s.index[i]) search_from(&s, i);
    for (int i = 0, from = 0; i < s.groups; from = s.group_end[i++]) {
        int item = s.members[from];
        bool circular = s.group_end[i] - from > 1;
        for (int k = cells.edges.first[item]; k < cells.edges.first[item + 1]; k++)
            circular = circular || cells.edges.to[k] == item;
        if (circular) report_cycle(g, context, &s, items, from, s.group_end[i]);
        units[i] = items[item];
    }
    return count;
}

int pl_order_units(pl_graph *g, enum pl_context context, pl_unit **units) {
    const pl_model *model = g->model;
    variable_edges v = {0};
    find_variable_edges(g, context, &v);
    bool *wanted = find_roots(g, context);
    search s = new_search(g, &v.edges, model->variable_count);
    int room = 0;
    search_from(&s, model->initial_time->index); /* Time stands for these at the start: before all others */
    if (!s.index[model->time_step->index]) search_from(&s, model->time_step->index);
    for (int i = 0; i < model->variable_count; i++) {
        if (wanted[i] && !s.index[i]) search_from(&s, i);
        const pl_variable *variable = model->variables[i];
        room++;
        for (int k = 0; k < variable->equation_count; k++) room += variable->equations[k]->cell_count;
    }
    pl_unit *out = *units = PL_ARRAY(g->arena, room, pl_unit);
    int count = 0;
    for (int i = 0, from = 0; i < s.groups; from = s.group_end[i++]) {
        int item = s.members[from], size = s.group_end[i] - from;
        bool circular = size > 1;
        for (int k = v.edges.first[item]; k < v.edges.first[item + 1]; k++)
            circular = circular || v.edges.to[k] == item;
        if (circular)
            count += order_cells(g, context, s.members + from, size, out + count);
        else
            out[count++] = (pl_unit){item, -1, -1};
    }
    return count;
}
