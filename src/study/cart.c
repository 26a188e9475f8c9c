/* Growing the tree, node by node from the left.  See cart.h. */
#include "study/cart.h"

#include <math.h>
#include <string.h>

typedef struct node { /* cases [from, to) of the members */
    long from, to;
    pl_prim_box box;
} node;

typedef struct split {
    double gain;      /* -1: none yet */
    int factor, category;
    double threshold; /* left: at most this; of a category: all others */
} split;

typedef struct grower {
    pl_prim *p;
    const pl_cases *cases;
    pl_cart *cart;
    long least;       /* cases in a leaf */
    node *stack;
    int depth, room, leaf_room;
} grower;

/* What a split is judged by: the sum over both sides of the squared counts of the two classes by case; the larger, the
 * purer. */
static double purity(long count, long hits) {
    double of = (double)hits, other = (double)(count - hits);
    return (of * of + other * other) / (double)count;
}

static void offer(const grower *g, const pl_prim_box *box, split *best, split s, long count, long hits) {
    long rest = box->count - count;
    if (count < g->least || rest < g->least) return;
    s.gain = purity(count, hits) + purity(rest, box->hits - hits);
    if (s.gain > best->gain) *best = s;
}

static void split_number(const grower *g, const pl_prim_box *box, int factor, split *best) {
    const pl_factor *f = &g->cases->factors[factor];
    const long *n = g->p->n[f->grain], *k = g->p->k[f->grain];
    long count = 0, hits = 0;
    double before = NAN;
    for (long o = 0; o < f->ordered; o++) {
        int unit = f->order[o];
        if (!n[unit]) continue;
        double value = f->values[unit];
        if (count && value != before) {
            double middle = before / 2 + value / 2;
            split s = {.factor = factor, .threshold = middle < value ? middle : before};
            offer(g, box, best, s, count, hits);
        }
        count += n[unit], hits += k[unit], before = value;
    }
}

static void split_category(const grower *g, const pl_prim_box *box, int factor, split *best) {
    const pl_factor *f = &g->cases->factors[factor];
    long count[PL_MOST_CATEGORIES] = {0}, hits[PL_MOST_CATEGORIES] = {0};
    for (long u = 0; u < g->cases->grains[f->grain].units; u++) {
        if (!g->p->n[f->grain][u]) continue;
        count[(int)f->values[u]] += g->p->n[f->grain][u];
        hits[(int)f->values[u]] += g->p->k[f->grain][u];
    }
    for (int c = 0; c < f->category_count; c++)
        offer(g, box, best, (split){.factor = factor, .category = c}, count[c], hits[c]);
}

static split best_split(const grower *g, const pl_prim_box *box) {
    split best = {.gain = -1};
    for (int f = 0; f < g->cases->factor_count; f++)
        if (g->cases->factors[f].kind != PL_FACTOR_CATEGORY) split_number(g, box, f, &best);
    for (int f = 0; f < g->cases->factor_count; f++)
        if (g->cases->factors[f].kind == PL_FACTOR_CATEGORY) split_category(g, box, f, &best);
    return best;
}

static void count_members(grower *g, const node *at) {
    for (int k = 0; k < PL_GRAINS; k++) {
        const pl_grain *grain = &g->cases->grains[k];
        if (!grain->units) continue;
        memset(g->p->n[k], 0, (size_t)grain->units * sizeof(long));
        memset(g->p->k[k], 0, (size_t)grain->units * sizeof(long));
        for (long m = at->from; m < at->to; m++) {
            long i = g->p->members[m], u = grain->unit ? grain->unit[i] : i;
            g->p->n[k][u]++, g->p->k[k][u] += g->cases->interest[i];
        }
    }
}

static void push(grower *g, node n) {
    g->stack = pl_arena_grow(g->p->arena, g->stack, g->depth, &g->room, g->depth + 1, sizeof n);
    g->stack[g->depth++] = n;
}

static bool goes_left(const pl_factor *f, const split *s, double value) {
    return f->kind == PL_FACTOR_CATEGORY ? (int)value != s->category : value <= s->threshold;
}

/* The two sides of a split, the left one on top of the stack. */
static void part(grower *g, const node *at, const split *s) {
    const pl_factor *f = &g->cases->factors[s->factor];
    long *members = g->p->members, middle = at->from;
    node left = *at, right = *at;
    left.box = pl_prim_box_copy(g->p->arena, g->cases, &at->box);
    right.box = pl_prim_box_copy(g->p->arena, g->cases, &at->box);
    left.box.hits = 0;
    for (long m = at->from; m < at->to; m++) {
        long i = members[m];
        if (!goes_left(f, s, pl_cases_value(g->cases, f, i))) continue;
        left.box.hits += g->cases->interest[i];
        members[m] = members[middle], members[middle++] = i;
    }
    left.to = right.from = middle;
    left.box.count = left.to - left.from, right.box.count = right.to - right.from;
    right.box.hits = at->box.hits - left.box.hits;
    if (f->kind == PL_FACTOR_CATEGORY) {
        left.box.holds[f->first + s->category] = 0;
        memset(right.box.holds + f->first, 0, (size_t)f->category_count);
        right.box.holds[f->first + s->category] = 1;
    } else {
        left.box.high[s->factor] = right.box.low[s->factor] = s->threshold;
    }
    push(g, right);
    push(g, left);
}

static void add_leaf(grower *g, node *at) {
    pl_cart *c = g->cart;
    for (int f = 0; f < g->cases->factor_count; f++) at->box.restricted += pl_prim_restricts(g->p, &at->box, f);
    for (long m = at->from; m < at->to; m++) c->leaf[g->p->members[m]] = c->count;
    c->leaves = pl_arena_grow(g->p->arena, c->leaves, c->count, &g->leaf_room, c->count + 1, sizeof at->box);
    c->leaves[c->count++] = at->box;
}

void pl_cart_grow(pl_cart *cart, pl_prim *prim) {
    grower g = {.p = prim, .cases = prim->cases, .cart = cart};
    node root = {0, prim->cases->count, pl_prim_box_copy(prim->arena, prim->cases, &prim->initial)};
    *cart = (pl_cart){.leaf = PL_ARRAY(prim->arena, prim->cases->count, int)};
    g.least = (long)(prim->settings.mass_min * (double)prim->cases->count);
    if (g.least < 1) g.least = 1;
    for (long i = 0; i < root.to; i++) prim->members[i] = i;
    root.box.count = prim->cases->count, root.box.hits = prim->cases->hits;
    push(&g, root);
    while (g.depth) {
        node at = g.stack[--g.depth];
        split best = {.gain = -1};
        bool pure = at.box.hits == 0 || at.box.hits == at.box.count;
        if (!pure && at.box.count >= 2 * g.least) {
            count_members(&g, &at);
            best = best_split(&g, &at.box);
        }
        if (best.gain < 0) add_leaf(&g, &at);
        else part(&g, &at, &best);
    }
}
