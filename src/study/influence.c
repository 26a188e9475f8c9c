/* Paths by a depth-first search that goes only where the effect can be reached, nearest first; it ends as soon as paths
 * of both signs are known, or when its work is spent.  See influence.h. */
#include "study/influence.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 1000000 };

/* ---- what varies ------------------------------------------------------------------------------------------ */

/* A normal distribution has no end on either side. */
static pl_range support_of(const pl_distribution *d) {
    if (d->kind == PL_DIST_NORMAL && d->number[1] > 0) return (pl_range){-INFINITY, INFINITY};
    if (d->kind == PL_DIST_LOGNORMAL) return (pl_range){0, INFINITY};
    pl_range range = {INFINITY, -INFINITY};
    for (int i = 0; i < d->count; i++) range = pl_range_hull(range, (pl_range){d->number[i], d->number[i]});
    return range;
}

static pl_range values_of(const pl_quantity *q) {
    return q->distribution ? support_of(q->distribution) : (pl_range){q->value, q->value};
}

/* What a constant may be besides its own value. */
static void give(pl_range *given, const pl_input *input, pl_range range) {
    pl_range *to = &given[input->variable->index];
    *to = pl_range_hull(pl_range_hull(*to, pl_range_of_constant(input->variable)), range);
}

static void give_settings(const pl_situation *s, const pl_course *course, pl_range *given) {
    const pl_setting *setting;
    for (int i = 0; (setting = pl_course_setting(course, i)); i++)
        for (int k = 0; k < setting->count; k++) give(given, &s->inputs[setting->input], values_of(&setting->values[k]));
}

static void give_all(const pl_situation *s, pl_range *given) {
    for (int v = 0; v < s->model->variable_count; v++) given[v] = (pl_range){INFINITY, -INFINITY};
    for (int u = 0; u < s->uncertainty_count; u++) {
        const pl_uncertainty *uncertainty = &s->uncertainties[u];
        const pl_input *input = &s->inputs[uncertainty->input];
        if (uncertainty->of_course) continue; /* the course's setting says it */
        if (input->element < 0) given[input->variable->index] = support_of(&uncertainty->distribution);
        else give(given, input, support_of(&uncertainty->distribution));
    }
    for (int a = 0; a < s->actor_count; a++)
        for (int k = 0; k < s->actors[a].course_count; k++) give_settings(s, &s->actors[a].courses[k], given);
}

pl_status pl_situation_structure(const pl_situation *s, pl_structure **structure, pl_error *error) {
    *structure = NULL;
    pl_range *given = pl_allocate((size_t)(s->model->variable_count + 1) * sizeof *given);
    if (!given) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    give_all(s, given);
    pl_status status = pl_structure_new_given(s->model, given, structure, error);
    pl_release(given);
    return status;
}

/* ---- paths ------------------------------------------------------------------------------------------------ */

typedef struct search {
    pl_arena *arena;
    const pl_structure *s;
    bool initial;
    int effect;
    int *distance;  /* [variable] links to the effect; -1: it cannot be reached */
    bool *on_path;  /* [variable] */
    int *path, *next; /* [depth] the variable, and the link that is tried next */
    pl_sign *sign;  /* [depth] of the path up to there */
    long steps;
    pl_influence *found;
} search;

static bool is_used(const search *w, const pl_link *link) { return w->initial || !link->initial; }

/* Breadth first, against the links. */
static void measure_distances(search *w) {
    int count = w->s->model->variable_count, *queue = PL_ARRAY(w->arena, count + 1, int), head = 0, tail = 0;
    for (int v = 0; v < count; v++) w->distance[v] = -1;
    w->distance[w->effect] = 0;
    queue[tail++] = w->effect;
    while (head < tail) {
        int v = queue[head++];
        for (int i = w->s->first_cause[v]; i < w->s->first_cause[v + 1]; i++) {
            const pl_link *link = &w->s->causes[i];
            if (!is_used(w, link) || w->distance[link->variable] >= 0) continue;
            w->distance[link->variable] = w->distance[v] + 1;
            queue[tail++] = link->variable;
        }
    }
}

static void mark_between(search *w, const pl_root *roots, int root_count) {
    int count = w->s->model->variable_count, *stack = PL_ARRAY(w->arena, count + 1, int), depth = 0;
    bool *between = w->found->between;
    for (int i = 0; i < root_count; i++) {
        int v = roots[i].variable;
        if (w->distance[v] >= 0 && !between[v]) between[v] = true, stack[depth++] = v;
    }
    while (depth) {
        int v = stack[--depth];
        for (int i = w->s->first_use[v]; i < w->s->first_use[v + 1]; i++) {
            const pl_link *link = &w->s->uses[i];
            if (!is_used(w, link) || w->distance[link->variable] < 0 || between[link->variable]) continue;
            between[link->variable] = true;
            stack[depth++] = link->variable;
        }
    }
}

static void follow_shortest(search *w, const pl_root *roots, int root_count) {
    int from = -1;
    for (int i = 0; i < root_count; i++) {
        int v = roots[i].variable;
        if (w->distance[v] >= 0 && (from < 0 || w->distance[v] < w->distance[from])) from = v;
    }
    if (from < 0) return;
    w->found->path = PL_ARRAY(w->arena, w->distance[from] + 1, int);
    for (int v = from;;) {
        w->found->path[w->found->length++] = v;
        if (v == w->effect) return;
        for (int i = w->s->first_use[v]; i < w->s->first_use[v + 1]; i++) {
            const pl_link *link = &w->s->uses[i];
            if (!is_used(w, link) || w->distance[link->variable] != w->distance[v] - 1) continue;
            v = link->variable;
            break;
        }
    }
}

static bool is_open(const search *w) { return !(w->found->positive && w->found->negative); }

static void note(search *w, pl_sign sign) {
    if (sign == PL_SIGN_POSITIVE || sign == PL_SIGN_UNKNOWN) w->found->positive = true;
    if (sign == PL_SIGN_NEGATIVE || sign == PL_SIGN_UNKNOWN) w->found->negative = true;
}

static void enter(search *w, int depth, int v, pl_sign sign) {
    w->path[depth] = v, w->sign[depth] = sign, w->next[depth] = w->s->first_use[v];
    w->on_path[v] = true;
}

/* All simple paths from a root, until both signs are found or the work is spent. */
static void search_from(search *w, const pl_root *root) {
    int depth = 0;
    enter(w, 0, root->variable, root->sign);
    while (depth >= 0 && is_open(w) && w->steps < MOST_STEPS) {
        int v = w->path[depth];
        if (v == w->effect) note(w, w->sign[depth]);
        if (v == w->effect || w->next[depth] == w->s->first_use[v + 1]) {
            w->on_path[v] = false;
            depth--;
            continue;
        }
        const pl_link *link = &w->s->uses[w->next[depth]++];
        w->steps++;
        if (!is_used(w, link) || w->distance[link->variable] < 0 || w->on_path[link->variable]) continue;
        enter(w, depth + 1, link->variable, pl_sign_product(w->sign[depth], link->sign));
        depth++;
    }
    for (; depth >= 0; depth--) w->on_path[w->path[depth]] = false;
}

void pl_influence_find(pl_arena *arena, const pl_structure *structure, const pl_root *roots, int root_count, int effect,
                       bool initial, pl_influence *influence) {
    int count = structure->model->variable_count;
    search w = {.arena = arena, .s = structure, .initial = initial, .effect = effect, .found = influence};
    *influence = (pl_influence){.between = PL_ARRAY(arena, count + 1, bool)};
    w.distance = PL_ARRAY(arena, count + 1, int);
    w.on_path = PL_ARRAY(arena, count + 1, bool);
    w.path = PL_ARRAY(arena, count + 1, int);
    w.next = PL_ARRAY(arena, count + 1, int);
    w.sign = PL_ARRAY(arena, count + 1, pl_sign);
    measure_distances(&w);
    mark_between(&w, roots, root_count);
    follow_shortest(&w, roots, root_count);
    for (int i = 0; i < root_count && is_open(&w); i++)
        if (w.distance[roots[i].variable] >= 0 && roots[i].sign != PL_SIGN_ZERO) search_from(&w, &roots[i]);
    influence->certain = !is_open(&w) || w.steps < MOST_STEPS;
}
