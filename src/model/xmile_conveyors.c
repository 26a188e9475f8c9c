/* Conveyors and queues of XMILE.  The stock stays a stock: its rate is what flows in less what flows out.  Its outflows
 * become calls of CONVEYOR or QUEUE (program/lower_conveyor.c says what their arguments are), and what flows in by an
 * equation of its own is held to the room that there is.  Transit time, capacity and the other settings become hidden
 * variables over the stock's dimensions.
 *
 * Places and leakages follow XMILE 1.0, 3.7.2, 3.7.3 and 4.2.1: the first outflow that is not marked as a leakage is
 * the conveyor's own, all others are leakages. */
#include <math.h>
#include <string.h>

#include "model/xmile.h"

enum { MOST_LEAKS = 5 }; /* more are not told apart in the order of evaluation */

typedef enum setting { LENGTH, SAMPLE, ARREST, CAPACITY, IN_LIMIT, SETTINGS } setting;
static const char *const setting_names[SETTINGS] = {"len", "sample", "arrest", "capacity", "in_limit"};

struct pl_xmile_belt {
    const pl_xmile_item *stock;
    const pl_xml *block; /* <conveyor> or <queue> */
    bool is_queue, good; /* good: all of it could be read */
    int number, outflows;           /* outflows: of a queue; of a conveyor its leakages */
    pl_variable *settings[SETTINGS], *spent;
    const pl_xmile_item *flows[MOST_LEAKS + 1]; /* [0]: the conveyor's own outflow */
    pl_variable *fractions[MOST_LEAKS + 1];
    double *listed; /* initial contents, where they are a list */
    int listed_count;
    pl_position at;
};
typedef struct pl_xmile_belt belt;

/* Between what a flow runs. */
typedef struct role {
    belt *from, *to;
    int what;  /* its place among the outflows of from */
} role;

static const role no_role;

static const role *role_of(const pl_xmile *x, const char *key) {
    const role *found = pl_name_table_get(&x->roles, key);
    return found ? found : &no_role;
}

static role *make_role(pl_xmile *x, const char *key) {
    role *found = pl_name_table_get(&x->roles, key);
    if (found) return found;
    found = PL_NEW(x->reader->arena, role);
    pl_name_table_set(x->reader->arena, &x->roles, key, found);
    return found;
}

bool pl_xmile_is_belt(const pl_xml *stock) { return pl_xml_child(stock, "conveyor") || pl_xml_child(stock, "queue"); }

bool pl_xmile_is_driven(const pl_xmile *x, const char *key) { return role_of(x, key)->from != NULL; }

static bool says(const pl_xml *element, const char *attribute, bool otherwise) {
    const char *text = pl_xml_attribute(element, attribute);
    return text ? strcmp(text, "true") == 0 || strcmp(text, "1") == 0 : otherwise;
}

/* ---- finding them -------------------------------------------------------------------------------------- */

static const pl_xmile_item *find_flow(pl_xmile *x, const belt *b, const pl_xml *named, const char **key) {
    *key = pl_xmile_flow_key(x, named, b->stock->prefix);
    const pl_xmile_item *flow = pl_name_table_get(&x->items, *key);
    if (!flow) pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, named), "there is no flow of this name");
    return flow;
}

static bool is_leak(const pl_xmile_item *flow) { return pl_xml_child(flow->element, "leak") != NULL; }

static void add_outflow(pl_xmile *x, belt *b, const pl_xmile_item *flow, const char *key, int what) {
    if (what > MOST_LEAKS)
        pl_xmile_fail(x, PL_UNSUPPORTED, b->at, "more than %d outflows of a conveyor or a queue", MOST_LEAKS);
    role *r = make_role(x, key);
    if (r->from) pl_xmile_fail(x, PL_INVALID, b->at, "'%.80s' leaves two conveyors or queues", flow->variable->name);
    r->from = b, r->what = what;
    b->flows[what] = flow;
}

/* The first that is not a leakage is the conveyor's own outflow. */
static void find_outflows(pl_xmile *x, belt *b) {
    const pl_xml *own = NULL;
    const char *key;
    for (const pl_xml *flow = b->stock->element->first; flow; flow = flow->next) {
        if (!pl_xml_is(flow, "outflow")) continue;
        const pl_xmile_item *found = find_flow(x, b, flow, &key);
        if (b->is_queue) add_outflow(x, b, found, key, b->outflows++);
        else if (!own && !is_leak(found)) own = flow, add_outflow(x, b, found, key, 0);
    }
    for (const pl_xml *flow = b->stock->element->first; flow && !b->is_queue; flow = flow->next)
        if (pl_xml_is(flow, "outflow") && flow != own) {
            const pl_xmile_item *found = find_flow(x, b, flow, &key);
            add_outflow(x, b, found, key, ++b->outflows);
        }
    if (b->is_queue ? !b->outflows : !own)
        pl_xmile_fail(x, PL_INVALID, b->at, "this %s has no outflow of its own", b->is_queue ? "queue" : "conveyor");
}

static void find_inflows(pl_xmile *x, belt *b) {
    const char *key;
    for (const pl_xml *flow = b->stock->element->first; flow; flow = flow->next) {
        if (!pl_xml_is(flow, "inflow")) continue;
        const pl_xmile_item *found = find_flow(x, b, flow, &key);
        const char *spread = pl_xml_attribute(found->element, "isee:spreadflow");
        if (spread && strcmp(spread, "beginning") != 0)
            pl_xmile_fail(
                x, PL_UNSUPPORTED, pl_xml_position(x, found->element),
                "material that enters a conveyor elsewhere than at its beginning (isee:spreadflow) is not supported");
        make_role(x, key)->to = b;
    }
}

/* "3, 5, 2": the content of each slat or of each unit of time, the first to leave first. */
static void read_list(pl_xmile *x, belt *b) {
    pl_xmile_place place = {b->stock->prefix, b->stock->variable->key, NULL, 0};
    const pl_xml *eqn = pl_xml_child(b->stock->element, "eqn");
    pl_expr **list;
    int count =
        eqn && !b->is_queue && memchr(eqn->text, ',', (size_t)eqn->length) ? pl_xmile_list(x, eqn, &place, &list) : 0;
    if (count < 2) return;
    b->listed = PL_ARRAY(x->reader->arena, count, double);
    for (int i = 0; i < count; i++) {
        b->listed[i] = pl_reader_evaluate(x->reader, list[i]);
        if (isnan(b->listed[i]))
            pl_xmile_fail(x, PL_UNSUPPORTED, list[i]->at, "a list of initial contents must be numbers");
    }
    b->listed_count = count;
}

static void note_belt(pl_xmile *x, const pl_xmile_item *stock) {
    belt *b = PL_NEW(x->reader->arena, belt);
    const pl_xml *conveyor = pl_xml_child(stock->element, "conveyor"), *queue = pl_xml_child(stock->element, "queue");
    *b = (belt){.stock = stock, .block = conveyor ? conveyor : queue, .is_queue = !conveyor, .number = x->belt_count++};
    b->at = pl_xml_position(x, b->block);
    find_outflows(x, b);
    find_inflows(x, b);
    if (conveyor && queue) pl_xmile_fail(x, PL_INVALID, b->at, "a stock is either a conveyor or a queue");
    pl_xmile_check_children(x, b->block, conveyor ? "len sample arrest capacity in_limit" : "");
    if (x->reader->model->method != PL_EULER)
        pl_xmile_fail(x, PL_UNSUPPORTED, b->at, "conveyors and queues go by Euler's method only");
    if (conveyor && !pl_xml_child(conveyor, "len")) pl_xmile_fail(x, PL_INVALID, b->at, "this conveyor has no <len>");
    if (x->reader->macro)
        pl_xmile_fail(x, PL_UNSUPPORTED, b->at, "conveyors and queues inside a macro are not supported");
    read_list(x, b);
    b->good = true;
    pl_name_table_set(x->reader->arena, &x->belts, stock->variable->key, b);
}

static void try_belt(pl_xmile *x, const pl_xmile_item *stock) {
    if (setjmp(x->reader->next_equation) == 0) note_belt(x, stock);
}

void pl_xmile_note_belts(pl_xmile_walk *w) {
    for (const pl_xmile_item *i = w->first; i; i = i->next)
        if (pl_xml_is(i->element, "stock") && !i->source && !i->variable->broken && pl_xmile_is_belt(i->element))
            try_belt(w->x, i);
}

/* ---- expressions --------------------------------------------------------------------------------------- */

typedef struct writing { /* of an expression in the equation of some flow */
    pl_xmile *x;
    const pl_xmile_place *place;
    pl_position at;
} writing;

static pl_expr *number(const writing *w, double value) { return pl_xmile_number(w->x, value, w->at); }

static pl_expr *call(const writing *w, pl_function_id id, pl_expr *a, pl_expr *b) {
    pl_expr *args[2] = {a, b};
    return pl_xmile_call(w->x, id, NULL, args, b ? 2 : 1, w->at);
}

static pl_expr *choose(const writing *w, pl_expr *condition, pl_expr *yes, pl_expr *no) {
    pl_expr *args[3] = {condition, yes, no};
    return pl_xmile_call(w->x, PL_FN_IF_THEN_ELSE, NULL, args, 3, w->at);
}

static pl_expr *step_of(const writing *w) {
    return pl_xmile_reference(w->x, w->x->reader->model->time_step, w->at);
}

/* A hidden variable with the dimensions of the one that has a key. */
static pl_expr *hidden(const writing *w, pl_variable *variable, const char *key) {
    pl_expr *expr = pl_xmile_whole(w->x, key, w->place, w->at);
    expr->kind = PL_EXPR_REFERENCE, expr->variable = variable;
    variable->used = true;
    return expr;
}

static pl_variable *make_hidden(pl_xmile *x, const pl_xmile_item *owner, const char *name, pl_position at) {
    const char *joined = pl_xmile_joined(x, pl_xmile_joined(x, owner->variable->name, "."), name);
    pl_variable *made = pl_reader_hidden(x->reader, joined, at);
    made->kind = PL_AUXILIARY, made->key = owner->variable->key; /* it has its owner's dimensions */
    return made;
}

static void add_equation(pl_xmile *x, pl_variable *made, const pl_xmile_place *place, pl_expr *expr, pl_position at) {
    pl_equation *equation = pl_reader_equation(x->reader, made, at);
    equation->names = (pl_subscript_name *)(uintptr_t)place->names, equation->name_count = place->name_count;
    equation->expr = expr;
}

static pl_xmile_place place_of(pl_xmile *x, const pl_xmile_item *owner) {
    const pl_xmile_shape *shape = pl_name_table_get(&x->shapes, owner->variable->key);
    return (pl_xmile_place){owner->prefix, owner->variable->key, shape ? shape->names : NULL, shape ? shape->count : 0};
}

/* The value of a setting; NULL where nothing is said. Made once: all its users refer to the same variable. */
static pl_expr *setting_of(const writing *w, belt *b, setting which) {
    const pl_xml *said = pl_xml_child(b->block, setting_names[which]);
    if (!said || b->is_queue) return NULL;
    if (!b->settings[which]) {
        pl_position at = pl_xml_position(w->x, said);
        pl_xmile_place place = place_of(w->x, b->stock);
        pl_expr *expr = pl_xmile_expression(w->x, said, &place);
        if (!expr) return NULL;
        b->settings[which] = make_hidden(w->x, b->stock, setting_names[which], at);
        add_equation(w->x, b->settings[which], &place, expr, at);
    }
    return hidden(w, b->settings[which], b->stock->variable->key);
}

static pl_expr *setting_or(const writing *w, belt *b, setting which, double otherwise) {
    pl_expr *expr = b ? setting_of(w, b, which) : NULL;
    return expr ? expr : number(w, otherwise);
}

/* The fraction of a leakage: what stands in <leak>, else the flow's own equations. */
static pl_expr *fraction_of(const writing *w, belt *b, int k) {
    pl_xmile *x = w->x;
    const pl_xmile_item *flow = b->flows[k];
    if (!b->fractions[k]) {
        const pl_xml *leak = pl_xml_child(flow->element, "leak");
        pl_xmile_place place = place_of(x, flow);
        pl_expr *expr = leak ? pl_xmile_expression(x, leak, &place) : NULL;
        bool own = !expr && (pl_xml_child(flow->element, "eqn") || pl_xml_child(flow->element, "element"));
        b->fractions[k] = make_hidden(x, flow, "leak", flow->variable->at);
        if (!own && !expr) {
            pl_reader_note(x->reader, PL_NOTE, flow->variable->at, "the leakage '%.80s' has no fraction: nothing leaks",
                           flow->variable->name);
            expr = number(w, 0.0);
        }
        if (own) pl_xmile_define_aside(x, flow, b->fractions[k]);
        else add_equation(x, b->fractions[k], &place, expr, flow->variable->at);
    }
    return hidden(w, b->fractions[k], flow->variable->key);
}

static double zone_end(const pl_xmile_item *flow, const char *name, double otherwise) {
    const char *text = pl_xml_attribute(flow->element, name);
    double value = text ? pl_xmile_number_of(text) : otherwise;
    return value >= 0.0 && value <= 1.0 ? value : otherwise;
}

/* Whether the stock behind a flow is a conveyor that stands still. */
static pl_expr *held(const writing *w, const pl_xmile_item *flow) {
    belt *to = role_of(w->x, flow->variable->key)->to;
    return setting_or(w, to && to->good && !to->is_queue ? to : NULL, ARREST, 0.0);
}

/* What flows into a stock, as a rate. */
static pl_expr *inflow_of(const writing *w, const belt *b) {
    pl_expr *sum = NULL;
    for (const pl_xml *flow = b->stock->element->first; flow; flow = flow->next) {
        if (!pl_xml_is(flow, "inflow")) continue;
        pl_expr *name = pl_xmile_flow_in(w->x, flow, b->stock->prefix, w->place, w->at);
        sum = sum ? call(w, PL_FN_ADD, sum, name) : name;
    }
    return sum ? sum : number(w, 0.0);
}

/* ---- calls --------------------------------------------------------------------------------------------- */

static int flags_of(const belt *b) {
    int flags = (says(b->block, "exponential_leak", false) ? PL_BELT_EXPONENTIAL : 0) |
                (says(b->block, "discrete", false) ? PL_BELT_DISCRETE : 0);
    for (int k = 1; k <= b->outflows; k++)
        if (pl_xml_child(b->flows[k]->element, "leak_integers")) flags |= 1 << (PL_BELT_INTEGERS + k - 1);
    return flags;
}

static pl_expr *conveyor_call(const writing *w, belt *b, int what) {
    enum { FIXED = 10, EACH = 4 };
    if (!b->good) longjmp(w->x->reader->next_equation, 1); /* said before */
    int count = 0, room = FIXED + EACH * b->outflows + b->listed_count;
    pl_expr **args = PL_ARRAY(w->x->reader->arena, room, pl_expr *);
    args[count++] = number(w, what), args[count++] = number(w, b->number);
    args[count++] = b->listed_count ? number(w, 0.0) : pl_xmile_whole(w->x, b->stock->variable->key, w->place, w->at);
    args[count++] = setting_or(w, b, LENGTH, 1.0);
    args[count++] = setting_or(w, b, SAMPLE, 1.0);
    args[count++] = setting_or(w, b, ARREST, 0.0);
    args[count++] = held(w, b->flows[0]);
    args[count++] = inflow_of(w, b);
    args[count++] = number(w, flags_of(b)), args[count++] = number(w, b->outflows);
    for (int k = 1; k <= b->outflows; k++) {
        args[count++] = fraction_of(w, b, k);
        args[count++] = number(w, zone_end(b->flows[k], "leak_start", 0.0));
        args[count++] = number(w, zone_end(b->flows[k], "leak_end", 1.0));
        args[count++] = held(w, b->flows[k]);
    }
    for (int i = 0; i < b->listed_count; i++) args[count++] = number(w, b->listed[i]);
    return pl_xmile_call(w->x, PL_FN_CONVEYOR, NULL, args, count, w->at);
}

static pl_expr *room_for(const writing *w, belt *to, const char *flow_key);

/* What an outflow of a queue may take in a step, as a rate. */
static pl_expr *limit_of(const writing *w, const pl_xmile_item *flow, int *flags) {
    belt *to = role_of(w->x, flow->variable->key)->to;
    *flags = pl_xml_child(flow->element, "overflow") ? PL_QUEUE_OVERFLOW : 0;
    if (!to || !to->good || to->is_queue) return number(w, INFINITY);
    if (says(to->block, "one_at_a_time", true)) *flags |= PL_QUEUE_ONE;
    if (says(to->block, "batch_integrity", false)) *flags |= PL_QUEUE_WHOLE;
    pl_expr *room = room_for(w, to, flow->variable->key), *arrest = setting_of(w, to, ARREST);
    if (!room) room = number(w, INFINITY);
    return arrest ? choose(w, arrest, number(w, 0.0), room) : room;
}

static pl_expr *queue_call(const writing *w, belt *b, int what) {
    int count = 0, flags;
    pl_expr **args = PL_ARRAY(w->x->reader->arena, 5 + 2 * b->outflows, pl_expr *);
    args[count++] = number(w, what), args[count++] = number(w, b->number);
    args[count++] = pl_xmile_whole(w->x, b->stock->variable->key, w->place, w->at);
    args[count++] = inflow_of(w, b);
    args[count++] = number(w, b->outflows);
    for (int k = 0; k < b->outflows; k++) {
        args[count++] = limit_of(w, b->flows[k], &flags);
        args[count++] = number(w, flags);
    }
    return pl_xmile_call(w->x, PL_FN_QUEUE, NULL, args, count, w->at);
}

/* ---- what may flow in ---------------------------------------------------------------------------------- */

/* By a discrete conveyor what has come in since the last whole unit of time counts against its limit. */
static pl_expr *spent(const writing *w, belt *b) {
    pl_xmile *x = w->x;
    if (!b->spent) {
        pl_xmile_place place = place_of(x, b->stock);
        writing own = {x, &place, b->at};
        b->spent = make_hidden(x, b->stock, "spent", b->at);
        pl_expr *now = call(&own, PL_FN_ADD, pl_xmile_name(x, "time", NULL, 0, b->at), number(&own, 1e-9));
        pl_expr *before = call(&own, PL_FN_INT, call(&own, PL_FN_SUBTRACT, now, step_of(&own)), NULL);
        pl_expr *entered = call(&own, PL_FN_MULTIPLY, step_of(&own), inflow_of(&own, b));
        pl_expr *sum = call(&own, PL_FN_ADD, hidden(&own, b->spent, b->stock->variable->key), entered);
        pl_expr *held_over = call(&own, PL_FN_PREVIOUS, sum, number(&own, 0.0));
        pl_expr *begins = call(&own, PL_FN_GREATER, call(&own, PL_FN_INT, now, NULL), before);
        add_equation(x, b->spent, &place, choose(&own, begins, number(&own, 0.0), held_over), b->at);
    }
    return hidden(w, b->spent, b->stock->variable->key);
}

/* Takes off a room what other inflows put there: all that conveyors drive, and those that stand before this one. */
static pl_expr *less_others(const writing *w, const belt *b, pl_expr *room, const char *flow_key, bool conveyors) {
    bool before = true;
    for (const pl_xml *flow = b->stock->element->first; flow; flow = flow->next) {
        if (!pl_xml_is(flow, "inflow")) continue;
        const char *key = pl_xmile_flow_key(w->x, flow, b->stock->prefix);
        const belt *from = role_of(w->x, key)->from;
        bool driven = from && !from->is_queue;
        if (strcmp(key, flow_key) == 0) before = false;
        else if (driven ? conveyors : before)
            room = call(w, PL_FN_SUBTRACT, room, pl_xmile_flow_in(w->x, flow, b->stock->prefix, w->place, w->at));
    }
    return room;
}

/* The rate at which a flow may enter a conveyor; NULL where nothing limits it. */
static pl_expr *room_for(const writing *w, belt *to, const char *flow_key) {
    pl_expr *capacity = setting_of(w, to, CAPACITY), *limit = setting_of(w, to, IN_LIMIT), *room = NULL;
    if (capacity) {
        room = call(w, PL_FN_SUBTRACT, capacity, conveyor_call(w, to, to->outflows + 1));
        room = less_others(w, to, call(w, PL_FN_DIVIDE, room, step_of(w)), flow_key, true);
    }
    if (limit) {
        if (says(to->block, "discrete", false))
            limit = call(w, PL_FN_DIVIDE, call(w, PL_FN_SUBTRACT, limit, spent(w, to)), step_of(w));
        limit = less_others(w, to, limit, flow_key, false);
        room = room ? call(w, PL_FN_MIN, room, limit) : limit;
    }
    const pl_xmile_item *flow = pl_name_table_get(&w->x->items, flow_key);
    pl_expr *multiplier = room ? pl_xmile_multiplier(w->x, flow->element, w->place) : NULL;
    if (multiplier) room = call(w, PL_FN_DIVIDE, room, multiplier);
    return room ? call(w, PL_FN_MAX, room, number(w, 0.0)) : NULL;
}

pl_expr *pl_xmile_admit(pl_xmile *x, const char *flow_key, pl_expr *expr, const pl_xmile_place *place) {
    belt *to = role_of(x, flow_key)->to;
    writing w = {x, place, expr->at};
    if (!to || !to->good) return expr;
    if (!(expr->kind == PL_EXPR_NUMBER && expr->number >= 0.0)) expr = call(&w, PL_FN_MAX, expr, number(&w, 0.0));
    pl_expr *room = to->is_queue ? NULL : room_for(&w, to, flow_key);
    if (room) expr = call(&w, PL_FN_MIN, expr, room);
    pl_expr *arrest = setting_of(&w, to, ARREST);
    return arrest ? choose(&w, arrest, number(&w, 0.0), expr) : expr;
}

/* ---- outflows and initial contents --------------------------------------------------------------------- */

void pl_xmile_define_driven(pl_xmile *x, const pl_xmile_item *flow) {
    const role *r = role_of(x, flow->variable->key);
    bool good = r->from->good && (!r->to || r->to->good);
    if (!good) longjmp(x->reader->next_equation, 1);
    pl_xmile_place place = place_of(x, flow), stock = place_of(x, r->from->stock);
    writing w = {x, &place, flow->variable->at};
    bool same = place.name_count == stock.name_count;
    for (int i = 0; i < place.name_count && same; i++) same = strcmp(place.names[i].key, stock.names[i].key) == 0;
    if (!same)
        pl_xmile_fail(x, PL_UNSUPPORTED, flow->variable->at,
                      "'%.80s' has other dimensions than '%.80s', which it leaves", flow->variable->name,
                      r->from->stock->variable->name);
    pl_expr *expr = r->from->is_queue ? queue_call(&w, r->from, r->what) : conveyor_call(&w, r->from, r->what);
    add_equation(x, flow->variable, &place, expr, flow->variable->at);
}

pl_expr *pl_xmile_initial_list(pl_xmile *x, const char *stock_key, const pl_xmile_place *place) {
    belt *b = pl_name_table_get(&x->belts, stock_key);
    writing w = {x, place, b ? b->at : (pl_position){0, 0}};
    return b && b->listed_count ? conveyor_call(&w, b, -1) : NULL;
}
