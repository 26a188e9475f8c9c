/* The links of a model.  The expressions of a variable are walked with the sign of the way from the variable down to
 * each reference: the rows of rules.h say how a function's value moves with each argument.  See structure.h. */
#include "model/structure.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "model/reader.h"
#include "model/rules.h"

typedef struct walk {
    pl_structure *s;
    pl_signs signs;
    int effect;          /* the variable whose causes are found */
    bool initial;        /* what is met now only counts at the start */
    bool inside;         /* a hidden variable: no sign can be told */
    int *seen[2];        /* [initial][variable] hidden: the effect (+ 1) for which it was queued last */
    const pl_variable **queue; /* hidden variables still to be walked for this effect */
    bool *queue_initial;
    int queue_count, queue_room, initial_room;
    pl_link *links;      /* all of them, cause by effect */
    int *effects;        /* [link_count] */
    int link_count, link_room, effect_room;
    jmp_buf out_of_memory;
} walk;

/* ---- causes --------------------------------------------------------------------------------------------- */

static void walk_expr(walk *w, const pl_expr *expr, pl_sign sign);

static void add_link(walk *w, int cause, pl_sign sign) {
    pl_arena *arena = &w->s->arena;
    w->links = pl_arena_grow(arena, w->links, w->link_count, &w->link_room, w->link_count + 1, sizeof *w->links);
    w->effects = pl_arena_grow(arena, w->effects, w->link_count, &w->effect_room, w->link_count + 1, sizeof(int));
    w->links[w->link_count] = (pl_link){cause, w->inside ? PL_SIGN_UNKNOWN : sign, w->initial};
    w->effects[w->link_count++] = w->effect;
}

static void walk_equation(walk *w, const pl_equation *equation, pl_sign sign) {
    bool initial = w->initial;
    if (equation->expr) walk_expr(w, equation->expr, sign);
    w->initial = true;
    if (equation->initial) walk_expr(w, equation->initial, PL_SIGN_UNKNOWN);
    w->initial = initial;
}

/* What a hidden variable needs counts as needed by the one that is shown; each is walked once for it, and later: chains
 * of them may be long. */
static void queue_hidden(walk *w, const pl_variable *hidden) {
    pl_arena *arena = &w->s->arena;
    int mark = w->effect + 1, count = w->queue_count;
    if (w->seen[0][hidden->index] == mark || w->seen[w->initial][hidden->index] == mark) return;
    w->seen[w->initial][hidden->index] = mark;
    w->queue = pl_arena_grow(arena, w->queue, count, &w->queue_room, count + 1, sizeof *w->queue);
    w->queue_initial = pl_arena_grow(arena, w->queue_initial, count, &w->initial_room, count + 1, sizeof(bool));
    w->queue[count] = hidden;
    w->queue_initial[w->queue_count++] = w->initial;
}

static void walk_queue(walk *w) {
    w->inside = true;
    while (w->queue_count > 0) {
        const pl_variable *hidden = w->queue[--w->queue_count];
        w->initial = w->queue_initial[w->queue_count];
        for (int i = 0; i < hidden->equation_count; i++) walk_equation(w, hidden->equations[i], PL_SIGN_UNKNOWN);
    }
    w->inside = w->initial = false;
}

/* The sign of one argument, where the row says that it goes by the others. */
static pl_sign argument_sign(walk *w, const pl_expr *call, int index, char rule) {
    switch (rule) {
    case '+': return PL_SIGN_POSITIVE;
    case '-': return PL_SIGN_NEGATIVE;
    case '*': return call->arg_count > 1 ? pl_signs_expr(&w->signs, call->args[1 - index]) : PL_SIGN_UNKNOWN;
    case '/': return pl_sign_product(pl_signs_expr(&w->signs, call->args[0]), PL_SIGN_NEGATIVE);
    default: return PL_SIGN_UNKNOWN;
    }
}

static pl_sign special_sign(walk *w, const pl_expr *call, int index) {
    pl_function_id id = call->function->id;
    if (id == PL_FN_SQUARE) return pl_signs_expr(&w->signs, call->args[0]);
    if (id == PL_FN_LOOKUP && index == 1 && call->args[0]->kind == PL_EXPR_REFERENCE)
        return pl_signs_slope(call->args[0]->variable);
    if (id == PL_FN_RAISE && index == 0 && call->args[1]->kind == PL_EXPR_NUMBER)
        return pl_sign_product(pl_signs_expr(&w->signs, call->args[0]), pl_signs_expr(&w->signs, call->args[1]));
    return PL_SIGN_UNKNOWN;
}

static void walk_call(walk *w, const pl_expr *call, pl_sign sign) {
    const char *rules = pl_function_rule(call->function)->signs;
    for (int i = 0; i < call->arg_count; i++) {
        char rule = *rules ? *rules++ : '?';
        bool initial = w->initial;
        pl_sign own = argument_sign(w, call, i, rule);
        if (rule == '?') own = special_sign(w, call, i);
        w->initial |= rule == 'i';
        walk_expr(w, call->args[i], own == PL_SIGN_ZERO ? PL_SIGN_UNKNOWN : pl_sign_product(sign, own));
        w->initial = initial;
    }
}

static void walk_expr(walk *w, const pl_expr *expr, pl_sign sign) {
    if (expr->kind == PL_EXPR_TIME) w->s->uses_time[w->effect] = true;
    if (expr->kind == PL_EXPR_CALL) walk_call(w, expr, sign);
    if (expr->kind != PL_EXPR_REFERENCE) return;
    if (expr->origin && expr->origin->function && !w->inside) walk_call(w, expr->origin, sign);
    else if (expr->variable->hidden) queue_hidden(w, expr->variable);
    else add_link(w, expr->variable->index, sign);
}

static void find_causes(walk *w) {
    const pl_model *model = w->s->model;
    for (int i = 0; i < model->variable_count; i++) {
        const pl_variable *variable = model->variables[i];
        if (variable->hidden || variable->kind == PL_CONSTANT || variable->kind == PL_LOOKUP) continue;
        w->effect = i;
        for (int k = 0; k < variable->equation_count; k++)
            walk_equation(w, variable->equations[k], PL_SIGN_POSITIVE);
        walk_queue(w);
    }
}

/* ---- sorting and joining -------------------------------------------------------------------------------- */

static int compare_links(const void *a, const void *b) {
    const pl_link *x = a, *y = b;
    return (x->variable > y->variable) - (x->variable < y->variable);
}

/* Makes one link of several between the same two variables. Returns how many are left. */
static int join_links(pl_link *links, int count) {
    int kept = 0;
    if (count > 1) qsort(links, (size_t)count, sizeof *links, compare_links);
    for (int i = 0; i < count; i++) {
        pl_link *last = kept > 0 ? &links[kept - 1] : NULL;
        if (!last || last->variable != links[i].variable) links[kept++] = links[i];
        else if (last->initial) *last = links[i];
        else if (!links[i].initial && last->sign != links[i].sign) last->sign = PL_SIGN_UNKNOWN;
    }
    return kept;
}

/* The links by effect: a count, then a place for each. */
static void gather_causes(walk *w) {
    pl_structure *s = w->s;
    int count = s->model->variable_count, *next = PL_ARRAY(&s->arena, count + 1, int), kept = 0;
    pl_link *sorted = PL_ARRAY(&s->arena, w->link_count + 1, pl_link);
    for (int i = 0; i < w->link_count; i++) next[w->effects[i] + 1]++;
    for (int i = 0; i < count; i++) next[i + 1] += next[i];
    for (int i = 0; i < w->link_count; i++) sorted[next[w->effects[i]]++] = w->links[i];
    s->first_cause = PL_ARRAY(&s->arena, count + 1, int);
    for (int i = 0, from = 0; i < count; i++) { /* next[i] is now where those of i end */
        int joined = join_links(sorted + from, next[i] - from);
        s->first_cause[i] = kept;
        memmove(sorted + kept, sorted + from, (size_t)joined * sizeof *sorted);
        kept += joined, from = next[i];
    }
    s->first_cause[count] = kept;
    s->causes = sorted;
}

static void gather_uses(pl_structure *s) {
    int count = s->model->variable_count, *next = PL_ARRAY(&s->arena, count + 2, int);
    int link_count = s->first_cause[count];
    s->uses = PL_ARRAY(&s->arena, link_count + 1, pl_link);
    for (int i = 0; i < link_count; i++) next[s->causes[i].variable + 2]++;
    for (int i = 0; i < count; i++) next[i + 2] += next[i + 1];
    for (int v = 0; v < count; v++)
        for (int i = s->first_cause[v]; i < s->first_cause[v + 1]; i++)
            s->uses[next[s->causes[i].variable + 1]++] = (pl_link){v, s->causes[i].sign, s->causes[i].initial};
    s->first_use = next;
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static void build(walk *w, const pl_range *given) {
    pl_structure *s = w->s;
    int count = s->model->variable_count;
    s->uses_time = PL_ARRAY(&s->arena, count + 1, bool);
    for (int i = 0; i < 2; i++) w->seen[i] = PL_ARRAY(&s->arena, count + 1, int);
    pl_signs_start(&w->signs, &s->arena, s->model, given);
    find_causes(w);
    gather_causes(w);
    gather_uses(s);
}

static void jump_out(void *context) { longjmp(((walk *)context)->out_of_memory, 1); }

pl_status pl_structure_new(const pl_model *model, pl_structure **structure, pl_error *error) {
    return pl_structure_new_given(model, NULL, structure, error);
}

pl_status pl_structure_new_given(const pl_model *model, const pl_range *given, pl_structure **structure,
                                 pl_error *error) {
    walk w = {.s = pl_allocate(sizeof(pl_structure))};
    *structure = NULL;
    if (!w.s) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    w.s->model = model;
    w.s->arena.out_of_memory = jump_out, w.s->arena.context = &w;
    if (setjmp(w.out_of_memory)) {
        pl_structure_free(w.s);
        return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    }
    build(&w, given);
    w.s->arena.out_of_memory = NULL, w.s->arena.context = NULL;
    *structure = w.s;
    return PL_OK;
}

void pl_structure_free(pl_structure *structure) {
    if (!structure) return;
    pl_arena_free(&structure->arena);
    pl_release(structure);
}
