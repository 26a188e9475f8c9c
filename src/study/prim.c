/* Peeling and pasting.  See prim.h. */
#include "study/prim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const pl_objective_names[PL_OBJECTIVE_COUNT] = {
#define X(id, name, text) name,
    PL_OBJECTIVES(X)
#undef X
};

enum { LOW, HIGH };

typedef struct candidate {
    double score;
    int restricted;   /* factors of the box that it would give */
    int factor;       /* -1: no candidate yet */
    int side, category;
    double limit;
    long count, hits; /* of that box */
} candidate;

/* ---- what a box is judged by ------------------------------------------------------------------------------ */

static double mean_of(long hits, long count) { return count ? (double)hits / (double)count : 0; }

/* The objective of going from one box to another. */
static double judge(pl_objective objective, const pl_prim_box *from, long count, long hits) {
    double before = mean_of(from->hits, from->count), after = mean_of(hits, count), gain = after - before;
    double change = (double)labs(from->count - count);
    if (objective == PL_OBJECTIVE_ORIGINAL) return count ? after : -1;
    if (before == after) return 0;
    return objective == PL_OBJECTIVE_LENIENT1 ? gain / change : (double)count * gain / change;
}

/* Keeps the better of two; of equal ones the first. */
static void offer(const pl_prim *p, const pl_prim_box *box, candidate *best, candidate c) {
    c.score = judge(p->settings.objective, box, c.count, c.hits);
    if (best->factor >= 0 && (c.score < best->score || (c.score == best->score && c.restricted >= best->restricted)))
        return;
    *best = c;
}

/* How many factors a box restricts once one of them has other limits. */
static int restricted_with(const pl_prim *p, const pl_prim_box *box, int factor, double low, double high) {
    bool will = low != p->initial.low[factor] || high != p->initial.high[factor];
    return box->restricted - pl_prim_restricts(p, box, factor) + will;
}

static pl_prim_box changed(const pl_prim *p, const pl_prim_box *box, const candidate *c) {
    pl_prim_box next = pl_prim_box_copy(p->arena, p->cases, box);
    const pl_factor *f = &p->cases->factors[c->factor];
    if (f->kind == PL_FACTOR_CATEGORY) next.holds[f->first + c->category] ^= 1;
    else if (c->side == LOW) next.low[c->factor] = c->limit;
    else next.high[c->factor] = c->limit;
    next.restricted = c->restricted, next.count = c->count, next.hits = c->hits;
    return next;
}

static void append(pl_prim *p, pl_prim_trajectory *t, pl_prim_box box) {
    t->boxes = pl_arena_grow(p->arena, t->boxes, t->count, &t->room, t->count + 1, sizeof box);
    t->boxes[t->count++] = box;
}

/* ---- quantiles -------------------------------------------------------------------------------------------- */

/* A walk over the cases of a set from one end inwards, by units of rising or falling value. */
typedef struct walk {
    const double *values;
    const int *order;
    const long *n, *k;
    long at, behind, step; /* places in the order */
} walk;

static walk walk_from(const pl_prim *p, const pl_factor *f, const int *order, long ordered, int side) {
    walk w = {.values = f->values, .order = order, .n = p->n[f->grain], .k = p->k[f->grain]};
    w.at = side == LOW ? 0 : ordered - 1, w.behind = side == LOW ? ordered : -1, w.step = side == LOW ? 1 : -1;
    return w;
}

/* The value at which `share` of `count` cases lies behind the walk: the midpoint of the cases around that place; where
 * both have the same value, of that and the next other one, if there is one. */
static double quantile(walk w, long count, double share) {
    double place = (double)(count - 1) * (w.step > 0 ? share : 1 - share);
    long first = (long)floor(place), second = (long)ceil(place), passed = 0;
    if (w.step < 0) {
        long low = first;
        first = count - 1 - second, second = count - 1 - low;
    }
    double a = NAN, b = NAN;
    for (; w.at != w.behind; w.at += w.step) {
        int unit = w.order[w.at];
        if (!w.n[unit]) continue;
        double value = w.values[unit];
        passed += w.n[unit];
        if (isnan(a) && passed > first) a = value;
        if (passed > second) b = value;
        if (b != a && !isnan(b)) break;
    }
    return (a + b) / 2;
}

/* The cases of a walk that lie before a limit. */
static void sum_before(walk w, double limit, long *count, long *hits) {
    *count = *hits = 0;
    for (; w.at != w.behind; w.at += w.step) {
        int unit = w.order[w.at];
        if (w.step > 0 ? w.values[unit] >= limit : w.values[unit] <= limit) return;
        *count += w.n[unit], *hits += w.k[unit];
    }
}

/* The first value of a walk at a limit or beyond it; the walk's own first where there is none. */
static double value_at(walk w, double limit) {
    double first = NAN;
    for (; w.at != w.behind; w.at += w.step) {
        double value = w.values[w.order[w.at]];
        if (!w.n[w.order[w.at]]) continue;
        if (isnan(first)) first = value;
        if (w.step > 0 ? value >= limit : value <= limit) return value;
    }
    return first;
}

/* ---- peeling ---------------------------------------------------------------------------------------------- */

static void peel_number(const pl_prim *p, const pl_prim_box *box, int factor, int side, candidate *best) {
    const pl_factor *f = &p->cases->factors[factor];
    walk w = walk_from(p, f, p->order[factor], p->ordered[factor], side);
    double limit = quantile(w, box->count, p->settings.peel_alpha), own = side == LOW ? box->low[factor] : box->high[factor];
    long count, hits;
    if (f->kind == PL_FACTOR_INTEGER) {
        limit = trunc(limit);
        if (limit == own) limit += side == LOW ? 1 : -1;
    }
    sum_before(w, limit, &count, &hits);
    if (f->kind == PL_FACTOR_INTEGER) limit = value_at(w, limit);
    candidate c = {.factor = factor, .side = side, .limit = limit, .count = box->count - count, .hits = box->hits - hits};
    c.restricted = restricted_with(p, box, factor, side == LOW ? limit : box->low[factor],
                                   side == HIGH ? limit : box->high[factor]);
    offer(p, box, best, c);
}

static void peel_categories(const pl_prim *p, const pl_prim_box *box, int factor, candidate *best) {
    const pl_factor *f = &p->cases->factors[factor];
    long count[PL_MOST_CATEGORIES] = {0}, hits[PL_MOST_CATEGORIES] = {0};
    int held = 0;
    for (int c = 0; c < f->category_count; c++) held += box->holds[f->first + c];
    if (held < 2) return;
    for (long u = 0; u < p->cases->grains[f->grain].units; u++) {
        if (!p->n[f->grain][u]) continue;
        count[(int)f->values[u]] += p->n[f->grain][u];
        hits[(int)f->values[u]] += p->k[f->grain][u];
    }
    for (int c = 0; c < f->category_count; c++) {
        if (!box->holds[f->first + c]) continue;
        offer(p, box, best, (candidate){.factor = factor, .category = c, .count = box->count - count[c],
                                        .hits = box->hits - hits[c],
                                        .restricted = box->restricted - pl_prim_restricts(p, box, factor) + 1});
    }
}

static candidate best_peel(const pl_prim *p, const pl_prim_box *box) {
    candidate best = {.factor = -1};
    for (int kind = 0; kind < PL_FACTOR_KIND_COUNT; kind++)
        for (int f = 0; f < p->cases->factor_count; f++) {
            if ((int)p->cases->factors[f].kind != kind) continue;
            if (kind == PL_FACTOR_CATEGORY) {
                peel_categories(p, box, f, &best);
                continue;
            }
            peel_number(p, box, f, HIGH, &best);
            peel_number(p, box, f, LOW, &best);
        }
    return best;
}

static bool holds_value(const pl_cases *cases, const pl_prim_box *box, int factor, double value) {
    const pl_factor *f = &cases->factors[factor];
    if (f->kind == PL_FACTOR_CATEGORY) return box->holds[f->first + (int)value];
    return value >= box->low[factor] && value <= box->high[factor];
}

static void add_case(pl_prim *p, long i, int sign) {
    for (int g = 0; g < PL_GRAINS; g++) {
        const pl_grain *grain = &p->cases->grains[g];
        if (!grain->units) continue;
        long u = grain->unit ? grain->unit[i] : i;
        p->n[g][u] += sign;
        p->k[g][u] += sign * p->cases->interest[i];
    }
}

/* Drops what a new limit of a factor cuts off: cases, and units that have none left. */
static void drop(pl_prim *p, const pl_prim_box *box, int factor, long before) {
    const pl_factor *cut = &p->cases->factors[factor];
    long kept = 0;
    for (long m = 0; m < before; m++) {
        long i = p->members[m];
        if (holds_value(p->cases, box, factor, pl_cases_value(p->cases, cut, i))) p->members[kept++] = i;
        else add_case(p, i, -1);
    }
    for (int f = 0; f < p->cases->factor_count; f++) {
        const long *n = p->n[p->cases->factors[f].grain];
        long left = 0;
        for (long o = 0; o < p->ordered[f]; o++)
            if (n[p->order[f][o]]) p->order[f][left++] = p->order[f][o];
        p->ordered[f] = left;
    }
}

static void clear_units(pl_prim *p) {
    for (int g = 0; g < PL_GRAINS; g++) {
        if (!p->cases->grains[g].units) continue;
        memset(p->n[g], 0, (size_t)p->cases->grains[g].units * sizeof(long));
        memset(p->k[g], 0, (size_t)p->cases->grains[g].units * sizeof(long));
    }
}

/* Puts all cases that remain into the first box. */
static pl_prim_box fill(pl_prim *p) {
    pl_prim_box box = pl_prim_box_copy(p->arena, p->cases, &p->initial);
    box.count = box.hits = 0;
    clear_units(p);
    for (long i = 0; i < p->cases->count; i++) {
        if (!p->remains[i]) continue;
        p->members[box.count++] = i;
        box.hits += p->cases->interest[i];
        add_case(p, i, 1);
    }
    for (int f = 0; f < p->cases->factor_count; f++) {
        const pl_factor *factor = &p->cases->factors[f];
        p->ordered[f] = 0;
        for (long o = 0; o < factor->ordered; o++)
            if (p->n[factor->grain][factor->order[o]]) p->order[f][p->ordered[f]++] = factor->order[o];
    }
    return box;
}

static double mass_of(const pl_prim *p, long count) { return (double)count / (double)p->total; }

static void peel(pl_prim *p, pl_prim_trajectory *t) {
    for (;;) {
        const pl_prim_box box = t->boxes[t->count - 1];
        candidate best = best_peel(p, &box);
        if (best.factor < 0 || best.count >= box.count || !(best.score > 0)) return;
        if (mass_of(p, best.count) < p->settings.mass_min) return;
        append(p, t, changed(p, &box, &best));
        drop(p, &t->boxes[t->count - 1], best.factor, box.count);
    }
}

/* ---- pasting ---------------------------------------------------------------------------------------------- */

/* Counts the remaining cases that keep every limit of the box but those of one factor. */
static void gather(pl_prim *p, int factor) {
    clear_units(p);
    for (long i = 0; i < p->cases->count; i++) {
        int limit, breaks = p->remains[i] ? pl_prim_breaks(p, i, &limit) : 2;
        if (breaks == 0 || (breaks == 1 && p->limits[limit].factor == factor)) add_case(p, i, 1);
    }
}

static void sum_between(const pl_prim *p, int factor, double low, double high, long *count, long *hits) {
    const pl_factor *f = &p->cases->factors[factor];
    *count = *hits = 0;
    for (long o = 0; o < f->ordered; o++) {
        int unit = f->order[o];
        if (f->values[unit] < low || f->values[unit] > high) continue;
        *count += p->n[f->grain][unit], *hits += p->k[f->grain][unit];
    }
}

/* Where a limit goes: to the paste quantile of the cases beyond it, seen from it. */
static double paste_limit(const pl_prim *p, const pl_prim_box *box, int factor, int side) {
    const pl_factor *f = &p->cases->factors[factor];
    double own = side == LOW ? box->low[factor] : box->high[factor];
    double end = side == LOW ? p->initial.low[factor] : p->initial.high[factor];
    walk w = walk_from(p, f, f->order, f->ordered, side == LOW ? HIGH : LOW);
    long count, hits;
    sum_between(p, factor, side == LOW ? end : own, side == LOW ? own : end, &count, &hits);
    if (!count) return end;
    while (side == LOW ? f->values[w.order[w.at]] > own : f->values[w.order[w.at]] < own) w.at += w.step;
    double limit = quantile(w, count, p->settings.paste_alpha);
    return f->kind == PL_FACTOR_INTEGER ? trunc(limit) : limit;
}

static void paste_number(const pl_prim *p, const pl_prim_box *box, int factor, int side, candidate *best) {
    candidate c = {.factor = factor, .side = side, .limit = paste_limit(p, box, factor, side)};
    double low = side == LOW ? c.limit : box->low[factor], high = side == HIGH ? c.limit : box->high[factor];
    sum_between(p, factor, low, high, &c.count, &c.hits);
    c.restricted = restricted_with(p, box, factor, low, high);
    offer(p, box, best, c);
}

static void paste_categories(const pl_prim *p, const pl_prim_box *box, int factor, candidate *best) {
    const pl_factor *f = &p->cases->factors[factor];
    long count[PL_MOST_CATEGORIES] = {0}, hits[PL_MOST_CATEGORIES] = {0};
    int missing = 0;
    for (long u = 0; u < p->cases->grains[f->grain].units; u++) {
        if (!p->n[f->grain][u]) continue;
        count[(int)f->values[u]] += p->n[f->grain][u];
        hits[(int)f->values[u]] += p->k[f->grain][u];
    }
    for (int c = 0; c < f->category_count; c++) missing += p->initial.holds[f->first + c] && !box->holds[f->first + c];
    for (int c = 0; c < f->category_count; c++) {
        if (!p->initial.holds[f->first + c] || box->holds[f->first + c]) continue;
        offer(p, box, best, (candidate){.factor = factor, .category = c, .count = box->count + count[c],
                                        .hits = box->hits + hits[c], .restricted = box->restricted - (missing == 1)});
    }
}

/* The reference pastes nothing where no number that is not whole is restricted; so does this. */
static candidate best_paste(pl_prim *p, const pl_prim_box *box) {
    candidate best = {.factor = -1};
    pl_prim_mark(p, box);
    for (int kind = 0; kind < PL_FACTOR_KIND_COUNT; kind++) {
        for (int f = 0; f < p->cases->factor_count; f++) {
            if ((int)p->cases->factors[f].kind != kind || !pl_prim_restricts(p, box, f)) continue;
            gather(p, f);
            if (kind == PL_FACTOR_CATEGORY) {
                paste_categories(p, box, f, &best);
                continue;
            }
            paste_number(p, box, f, LOW, &best);
            paste_number(p, box, f, HIGH, &best);
        }
        if (best.factor < 0) break;
    }
    return best;
}

static void paste(pl_prim *p, pl_prim_trajectory *t) {
    for (;;) {
        const pl_prim_box box = t->boxes[t->count - 1];
        candidate best = best_paste(p, &box);
        if (best.factor < 0 || best.count <= box.count || !(best.score > 0)) return;
        if (mass_of(p, best.count) < p->settings.mass_min) return;
        if (!(mean_of(best.hits, best.count) > mean_of(box.hits, box.count))) return;
        append(p, t, changed(p, &box, &best));
    }
}

/* ---- the method ------------------------------------------------------------------------------------------- */

static void bound(pl_prim *p) {
    const pl_cases *c = p->cases;
    pl_prim_box *box = &p->initial;
    for (int f = 0; f < c->factor_count; f++) box->low[f] = INFINITY, box->high[f] = -INFINITY;
    for (int f = 0; f < c->factor_count; f++) {
        const pl_factor *factor = &c->factors[f];
        for (long u = 0; u < c->grains[factor->grain].units; u++) {
            if (!p->n[factor->grain][u]) continue;
            double value = factor->values[u];
            if (factor->kind == PL_FACTOR_CATEGORY) box->holds[factor->first + (int)value] = 1;
            box->low[f] = fmin(box->low[f], value), box->high[f] = fmax(box->high[f], value);
        }
    }
}

void pl_prim_start(pl_prim *prim, pl_arena *arena, const pl_cases *cases, const pl_prim_settings *settings,
                   const unsigned char *members) {
    *prim = (pl_prim){.arena = arena, .cases = cases, .settings = *settings};
    for (int g = 0; g < PL_GRAINS; g++) {
        long units = cases->grains[g].units;
        prim->n[g] = PL_ARRAY(arena, units, long), prim->k[g] = PL_ARRAY(arena, units, long);
        prim->breaks[g] = PL_ARRAY(arena, units, unsigned char), prim->broken[g] = PL_ARRAY(arena, units, int);
    }
    prim->remains = PL_ARRAY(arena, cases->count, unsigned char);
    prim->members = PL_ARRAY(arena, cases->count, long);
    prim->limits = PL_ARRAY(arena, 2 * cases->factor_count, pl_prim_limit);
    prim->order = PL_ARRAY(arena, cases->factor_count, int *);
    prim->ordered = PL_ARRAY(arena, cases->factor_count, long);
    for (int f = 0; f < cases->factor_count; f++) prim->order[f] = PL_ARRAY(arena, cases->factors[f].ordered, int);
    prim->initial.low = PL_ARRAY(arena, cases->factor_count, double);
    prim->initial.high = PL_ARRAY(arena, cases->factor_count, double);
    prim->initial.holds = PL_ARRAY(arena, cases->category_count + 1, unsigned char);
    for (long i = 0; i < cases->count; i++) {
        if (members && !members[i]) continue;
        prim->remains[i] = 1;
        prim->total++, prim->hits += cases->interest[i];
        add_case(prim, i, 1);
    }
    bound(prim);
}

void pl_prim_find(pl_prim *prim, pl_prim_trajectory *trajectory) {
    *trajectory = (pl_prim_trajectory){0};
    append(prim, trajectory, fill(prim));
    peel(prim, trajectory);
    trajectory->peeled = trajectory->count;
    paste(prim, trajectory);
}

void pl_prim_remove(pl_prim *prim, const pl_prim_box *box) {
    int limit;
    pl_prim_mark(prim, box);
    for (long i = 0; i < prim->cases->count; i++)
        if (prim->remains[i] && pl_prim_breaks(prim, i, &limit) == 0) prim->remains[i] = 0;
}
