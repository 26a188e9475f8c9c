/* Subscripts of XMILE (3.7.1): elements by name and by number, dimensions, "@n" for the n-th dimension of the left
 * side,
 * "*" for all of a dimension, "a:b" for a part of it, expressions, and the transposition "'".  What the rest of the
 * reader does not know becomes what it does: a part, or a second "*" over the same dimension, is a dimension of its own
 * with elements of the first; "@n" is the number of an axis; an expression is a pick from the whole array. */
#include <stdio.h>
#include <string.h>

#include "model/xmile_lexer.h"

enum { MOST_COMPUTED = 8 };

typedef struct reading { /* of one pair of brackets */
    pl_xmile_lexer *l;
    const pl_xmile_shape *shape;
    pl_expr *expr;
    pl_expr *computed[MOST_COMPUTED]; /* subscripts that are expressions, and their places */
    int places[MOST_COMPUTED], computed_count;
    int ranges; /* outside reductions: so many have stood before */
} reading;

/* One that could not be read has no elements: the equation that needs it is left, for the error has been said. */
static pl_raw_dimension *find_dimension(const pl_xmile_lexer *l, const char *key) {
    pl_raw_dimension *raw = pl_name_table_get(&l->x->reader->dimensions, key);
    if (raw && raw->broken) longjmp(l->x->reader->next_equation, 1);
    return raw;
}

/* ---- the equation's own axes --------------------------------------------------------------------------- */

/* The number (from 1) of the axis that the k-th name of the left side stands for; 0: it is an element. */
static int own_axis(const pl_xmile_lexer *l, int k) {
    int axis = 0;
    if (!find_dimension(l, l->place->names[k].key)) return 0;
    for (int i = 0; i <= k; i++) axis += find_dimension(l, l->place->names[i].key) != NULL;
    return axis;
}

/* What the k-th place of the left side is in this equation: an axis by its number, or an element. */
static pl_subscript_name own_name(const pl_xmile_lexer *l, int k, pl_position at) {
    pl_subscript_name name = l->place->names[k];
    name.at = at, name.axis = own_axis(l, k);
    return name;
}

/* The place on the left side of the n-th dimension of a name (from 0), as the variable declares its dimensions. */
static int find_own(const pl_xmile_lexer *l, const char *key, int n) {
    const pl_xmile_shape *own = pl_name_table_get(&l->x->shapes, l->place->self);
    for (int i = 0; own && i < own->count && i < l->place->name_count; i++)
        if (strcmp(own->names[i].key, key) == 0 && n-- == 0) return i;
    return -1;
}

static int count_before(const pl_subscript_name *names, int place) {
    int count = 0;
    for (int i = 0; i < place; i++) count += strcmp(names[i].key, names[place].key) == 0;
    return count;
}

/* ---- dimensions made of others ------------------------------------------------------------------------- */

/* Elements from .. to (from 1) of a dimension as one of its own; the same part is the same dimension. */
static pl_raw_dimension *part_of(pl_xmile_lexer *l, const pl_raw_dimension *whole, int from, int to, int copy) {
    pl_xmile *x = l->x;
    pl_model *model = x->reader->model;
    char name[PL_LONGEST_NAME + 60];
    int length = snprintf(name, sizeof name, "%.1990s %d to %d%.*s", whole->dimension.name, from, to, copy, "''''''''");
    const char *key = pl_name_key(x->reader->arena, name, (size_t)length);
    pl_raw_dimension *known = find_dimension(l, key);
    if (known) return known;
    pl_raw_dimension *raw = PL_NEW(x->reader->arena, pl_raw_dimension);
    raw->dimension.name = pl_arena_text(x->reader->arena, name, (size_t)length), raw->dimension.key = key;
    raw->dimension.at = whole->dimension.at;
    raw->names = whole->names + from - 1, raw->name_count = to - from + 1;
    x->reader->subscript_total += raw->name_count;
    if (x->reader->subscript_total > PL_MOST_SUBSCRIPTS)
        pl_xmile_fail(x, PL_UNSUPPORTED, pl_xmile_place_at(l, l->token.from), "too many parts of dimensions");
    pl_name_table_set(x->reader->arena, &x->reader->dimensions, key, raw);
    model->dimensions = pl_arena_grow(x->reader->arena, model->dimensions, model->dimension_count,
                                      &model->dimension_room, model->dimension_count + 1, sizeof *model->dimensions);
    model->dimensions[model->dimension_count++] = &raw->dimension;
    return raw;
}

static pl_subscript_name whole_name(const pl_raw_dimension *raw, pl_position at) {
    return (pl_subscript_name){raw->dimension.name, raw->dimension.key, true, at, 0};
}

/* A "*": each further one over the same dimension in the same brackets goes its own way. */
static pl_subscript_name wildcard(const reading *r, const pl_raw_dimension *raw, pl_position at) {
    int copies = 0;
    for (int i = 0; i < r->expr->name_count; i++) {
        const pl_raw_dimension *before = find_dimension(r->l, r->expr->names[i].key);
        copies +=
            r->expr->names[i].reduced && before && before->names == raw->names && before->name_count == raw->name_count;
    }
    if (copies > 7) pl_xmile_fail(r->l->x, PL_UNSUPPORTED, at, "more than 8 '*' over one dimension are not supported");
    return whole_name(copies ? part_of(r->l, raw, 1, raw->name_count, copies) : raw, at);
}

/* ---- single subscripts --------------------------------------------------------------------------------- */

static pl_raw_dimension *dimension_at(const reading *r) {
    int place = r->expr->name_count;
    return r->shape && place < r->shape->count ? find_dimension(r->l, r->shape->names[place].key) : NULL;
}

static const pl_raw_dimension *need_dimension(const reading *r, pl_position at, const char *what) {
    const pl_raw_dimension *raw = dimension_at(r);
    if (!raw) pl_xmile_fail(r->l->x, PL_INVALID, at, "there is no dimension here %s", what);
    return raw;
}

/* An end of a range: the number of an element, or its name; 0: it is neither. */
static int range_end(const reading *r, pl_raw_dimension *raw) {
    const pl_xmile_token *token = &r->l->token;
    if (token->kind == PL_TOKEN_NAME) return pl_xmile_find_element(r->l->x, raw, token->key);
    if (token->kind != PL_TOKEN_NUMBER || !(token->number >= 1 && token->number <= raw->name_count)) return 0;
    return token->number == (int)token->number ? (int)token->number : 0;
}

/* A range outside a reduction goes along with the dimensions of the left side that no other subscript names. */
static pl_subscript_name range_name(reading *r, const pl_raw_dimension *part, pl_position at) {
    const pl_xmile_lexer *l = r->l;
    pl_subscript_name name = whole_name(part, at);
    if (l->reducing) return name;
    name.reduced = false;
    for (int k = 0, n = 0; k < l->place->name_count; k++) {
        if (!own_axis(l, k) || n++ < r->ranges) continue;
        r->ranges++;
        name.axis = own_axis(l, k);
        return name;
    }
    pl_xmile_fail(l->x, PL_INVALID, at, "a range needs a dimension of the left side, or an array function around it");
}

static bool range(reading *r, pl_subscript_name *name) {
    pl_xmile_lexer *l = r->l, before = *l;
    pl_position at = pl_xmile_place_at(l, l->token.from);
    bool simple = l->token.kind == PL_TOKEN_NAME || l->token.kind == PL_TOKEN_NUMBER;
    pl_raw_dimension *raw = dimension_at(r);
    if (!simple || !raw) return false;
    int from = range_end(r, raw);
    pl_xmile_next(l);
    if (!pl_xmile_accept(l, ":")) {
        *l = before;
        return false;
    }
    int to = range_end(r, raw);
    if (!from || !to || to < from)
        pl_xmile_fail(l->x, PL_UNSUPPORTED, at, "a range must go from one element of '%.60s' up to another",
                      raw->dimension.name);
    pl_xmile_next(l);
    *name = range_name(r, part_of(l, raw, from, to, 0), at);
    return true;
}

/* A number between brackets is the place of an element in its dimension. */
static pl_subscript_name numbered(const reading *r, double number, pl_position at) {
    const pl_raw_dimension *raw = need_dimension(r, at, "that this number could count");
    if (!(number >= 1 && number <= raw->name_count) || number != (int)number)
        pl_xmile_fail(r->l->x, PL_INVALID, at, "'%.60s' has elements 1 to %d", raw->dimension.name, raw->name_count);
    pl_subscript_name name = raw->names[(int)number - 1];
    name.at = at;
    return name;
}

/* "@n" */
static pl_subscript_name position(const reading *r, pl_position at) {
    pl_xmile_lexer *l = r->l;
    pl_xmile_next(l);
    double number = l->token.kind == PL_TOKEN_NUMBER ? l->token.number : 0.0;
    if (!(number >= 1 && number <= l->place->name_count) || number != (int)number)
        pl_xmile_fail(l->x, PL_INVALID, at, "'@' must be followed by the number of a dimension of the left side");
    pl_xmile_next(l);
    return own_name(l, (int)number - 1, at);
}

/* "*", or "*:part" for a dimension whose elements are part of this one. */
static pl_subscript_name star(const reading *r, pl_position at) {
    pl_xmile_lexer *l = r->l;
    if (!l->reducing)
        pl_xmile_fail(l->x, PL_INVALID, at, "'*' can only stand inside SUM, MEAN, PROD, MIN, MAX, STDDEV or SIZE");
    const pl_raw_dimension *raw = need_dimension(r, at, "for '*'");
    pl_xmile_next(l);
    if (pl_xmile_accept(l, ":")) {
        raw = l->token.kind == PL_TOKEN_NAME ? find_dimension(l, l->token.key) : NULL;
        if (!raw) pl_xmile_expected(l, "a dimension behind '*:'");
        pl_xmile_next(l);
    }
    return wildcard(r, raw, at);
}

static bool is_value(const pl_xmile_lexer *l, const char *key) {
    return strcmp(key, "time") == 0 || strcmp(key, "self") == 0 || pl_xmile_constant(l->x, key, (pl_position){0, 0}) ||
           pl_xmile_is_known(l->x, pl_xmile_key(l->x, l->place->prefix, key));
}

/* A name alone: a dimension, an element, or neither (false). In a reduction a dimension that is not on the left side
 * means all of it. */
static bool simple_name(const reading *r, const pl_xmile_token *token, pl_position at, pl_subscript_name *name) {
    const pl_xmile_lexer *l = r->l;
    pl_raw_dimension *here = dimension_at(r), *named = find_dimension(l, token->key);
    const char *dot = strrchr(token->key, '.');
    *name = (pl_subscript_name){token->name, token->key, false, at, 0};
    if (here && pl_xmile_find_element(l->x, here, token->key)) return true;
    if (dot && here && pl_xmile_find_element(l->x, here, dot + 1)) {
        name->name = name->key = dot + 1;
        return true;
    }
    if (!named) return !here || !is_value(l, token->key);
    int own = find_own(l, token->key, count_before(r->expr->names, r->expr->name_count));
    bool twice = find_own(l, token->key, 1) >= 0, element = own >= 0 && !own_axis(l, own);
    if (own >= 0 && (twice || element)) *name = own_name(l, own, at);
    else if (l->reducing && find_own(l, token->key, 0) < 0) *name = wildcard(r, named, at);
    return true;
}

/* The base of a pick: the first element; the expression counts from there. */
static pl_subscript_name computed(reading *r, pl_position at) {
    const pl_raw_dimension *raw = need_dimension(r, at, "that an expression could count");
    if (r->computed_count == MOST_COMPUTED)
        pl_xmile_fail(r->l->x, PL_UNSUPPORTED, at, "too many subscripts that are computed");
    r->places[r->computed_count] = r->expr->name_count;
    r->computed[r->computed_count++] = pl_xmile_any_expression(r->l);
    pl_subscript_name name = raw->names[0];
    name.at = at;
    return name;
}

static bool ends(const pl_xmile_lexer *l) { return pl_xmile_at(l, ",") || pl_xmile_at(l, "]"); }

static pl_subscript_name subscript(reading *r) {
    pl_xmile_lexer *l = r->l;
    pl_position at = pl_xmile_place_at(l, l->token.from);
    pl_subscript_name name;
    if (pl_xmile_at(l, "*")) return star(r, at);
    if (pl_xmile_at(l, "@")) return position(r, at);
    if (range(r, &name)) return name;
    pl_xmile_lexer before = *l;
    pl_xmile_next(l);
    if (ends(l) && before.token.kind == PL_TOKEN_NUMBER) return numbered(r, before.token.number, at);
    /* simple_name looks at the names so far: this one is put behind them for it */
    if (ends(l) && before.token.kind == PL_TOKEN_NAME && simple_name(r, &before.token, at, &name)) return name;
    *l = before;
    if (l->token.kind == PL_TOKEN_OTHER || ends(l))
        pl_xmile_fail(l->x, PL_INVALID, at, "expected a dimension, an element, a number or '*' as subscript");
    return computed(r, at);
}

/* ---- picks --------------------------------------------------------------------------------------------- */

static pl_expr *pair(const reading *r, pl_function_id id, pl_expr *a, pl_expr *b) {
    pl_expr *args[2] = {a, b};
    return pl_xmile_call(r->l->x, id, NULL, args, b ? 2 : 1, r->expr->at);
}

static pl_expr *number(const reading *r, double value) { return pl_xmile_number(r->l->x, value, r->expr->at); }

/* How far apart the elements of a place lie in the whole array. */
static double stride_of(const reading *r, int place) {
    double stride = 1.0;
    for (int i = place + 1; i < r->shape->count; i++) {
        const pl_raw_dimension *raw = find_dimension(r->l, r->shape->names[i].key);
        stride *= raw ? raw->name_count : 1;
    }
    return stride;
}

/* 0 where a subscript is outside its dimension. */
static pl_expr *pick(const reading *r) {
    pl_expr *offset = NULL, *inside = NULL;
    for (int i = 0; i < r->computed_count; i++) {
        const pl_raw_dimension *raw = find_dimension(r->l, r->shape->names[r->places[i]].key);
        pl_expr *index = pair(r, PL_FN_INT, r->computed[i], NULL),
                *before = pair(r, PL_FN_SUBTRACT, index, number(r, 1.0));
        pl_expr *way = pair(r, PL_FN_MULTIPLY, before, number(r, stride_of(r, r->places[i])));
        pl_expr *low = pair(r, PL_FN_GREATER_EQUAL, index, number(r, 1.0));
        pl_expr *high = pair(r, PL_FN_LESS_EQUAL, index, number(r, raw->name_count));
        pl_expr *both = pair(r, PL_FN_AND, low, high);
        offset = offset ? pair(r, PL_FN_ADD, offset, way) : way;
        inside = inside ? pair(r, PL_FN_AND, inside, both) : both;
    }
    pl_expr *args[3] = {inside, pair(r, PL_FN_VECTOR_ELM_MAP, r->expr, offset), number(r, 0.0)};
    return pl_xmile_call(r->l->x, PL_FN_IF_THEN_ELSE, NULL, args, 3, r->expr->at);
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

/* Different parts of a dimension side by side in a reduction would be taken each with each. */
static void note_parts(const reading *r) {
    pl_xmile_lexer *l = r->l;
    for (int i = 0; i < r->expr->name_count && l->reducing; i++) {
        const pl_subscript_name *name = &r->expr->names[i];
        const pl_raw_dimension *raw = name->reduced ? find_dimension(l, name->key) : NULL;
        if (!raw) continue;
        bool same = l->part && l->part->dimension.at.line == raw->dimension.at.line &&
                    l->part->dimension.at.column == raw->dimension.at.column;
        if (same && (l->part->names != raw->names || l->part->name_count != raw->name_count))
            pl_xmile_fail(l->x, PL_UNSUPPORTED, name->at,
                          "two different parts of a dimension in one array function are not supported");
        l->part = raw;
    }
}

pl_expr *pl_xmile_subscripts(pl_xmile_lexer *l, pl_expr *expr, const pl_xmile_shape *shape) {
    reading r = {.l = l, .shape = shape, .expr = expr};
    int room = 0;
    do {
        pl_xmile_next(l);
        expr->names = pl_arena_grow(l->x->reader->arena, expr->names, expr->name_count, &room, expr->name_count + 1,
                                    sizeof *expr->names);
        expr->names[expr->name_count] = (pl_subscript_name){"", "", false, expr->at, 0};
        if (l->token.kind == PL_TOKEN_NAME) expr->names[expr->name_count].key = l->token.key;
        pl_subscript_name name = subscript(&r);
        expr->names[expr->name_count++] = name;
        if (!ends(l)) pl_xmile_expected(l, "',' or ']' behind a subscript");
    } while (pl_xmile_at(l, ","));
    pl_xmile_next(l);
    note_parts(&r);
    pl_xmile_transpose(l, expr, shape);
    if (r.computed_count && (!shape || expr->name_count != shape->count))
        pl_xmile_fail(l->x, PL_INVALID, expr->at, "'%.80s' has %d dimensions, here it has %d", expr->name,
                      shape ? shape->count : 0, expr->name_count);
    return r.computed_count ? pick(&r) : expr;
}

void pl_xmile_fill_names(pl_xmile_lexer *l, pl_expr *expr, const pl_xmile_shape *shape) {
    reading r = {.l = l, .shape = shape, .expr = expr};
    expr->names = PL_ARRAY(l->x->reader->arena, shape->count, pl_subscript_name);
    for (int i = 0; i < shape->count; i++) {
        int own = find_own(l, shape->names[i].key, count_before(shape->names, i));
        expr->names[i] = shape->names[i];
        expr->names[i].at = expr->at;
        const pl_raw_dimension *raw = find_dimension(l, shape->names[i].key);
        if (l->reducing && raw) expr->names[i] = wildcard(&r, raw, expr->at);
        else if (own >= 0 && find_own(l, shape->names[i].key, 1) >= 0) expr->names[i] = own_name(l, own, expr->at);
        else if (own >= 0) expr->names[i] = l->place->names[own];
        expr->name_count++;
    }
    note_parts(&r);
}

/* The free dimensions of the name, from the last to the first, go along with the dimensions of the left side. */
void pl_xmile_transpose(pl_xmile_lexer *l, pl_expr *expr, const pl_xmile_shape *shape) {
    int free = 0, own = 0;
    if (!pl_xmile_at(l, "'")) return;
    pl_xmile_next(l);
    for (int i = 0; i < expr->name_count; i++)
        free += !expr->names[i].reduced && find_dimension(l, expr->names[i].key) != NULL;
    for (int k = 0; k < l->place->name_count; k++) own += own_axis(l, k) != 0;
    if (!shape || l->reducing) return; /* all elements together have no order */
    bool element = own < l->place->name_count; /* an equation for single elements: their names in reverse */
    if (element && expr->name_count == l->place->name_count) {
        for (int i = 0; i < expr->name_count; i++) expr->names[i] = own_name(l, expr->name_count - 1 - i, expr->at);
        return;
    }
    if (free != own)
        pl_xmile_fail(l->x, PL_INVALID, expr->at, "what is transposed has %d dimensions, the left side %d", free, own);
    for (int i = expr->name_count, axis = 0; i-- > 0;)
        if (!expr->names[i].reduced && find_dimension(l, expr->names[i].key)) expr->names[i].axis = ++axis;
}
