/* All extreme equilibria of a part in which two players act, by the vertices of the sequence form (after Audet, Belhaiza and
 * Hansen, International Game Theory Review 11:215, 2009).
 *
 * For each side the polyhedron of its plans with the values that the other's sets have against them (at least the best
 * response's) is described by its vertices, exactly.  A pair of plans is an equilibrium where each sequence is unused or
 * best.  Plans that go with the same others span Nash subsets, and an equilibrium counts where both its plans are extreme
 * points of a maximal one. */
#include <stdlib.h>
#include <string.h>

#include "study/cone.h"
#include "study/sequence.h"
#include "study/tableau.h"

/* What is tried: sequences of both sides, operations of each description, plans of a side, maximal subsets. */
enum { MOST_SEQUENCES = 260, MOST_PLANS = 4000, MOST_SUBSETS = 1000, MOST_HULL = 200, MOST_PROGRAMS = 1000 };
static const long BUDGET = 60000000;

typedef struct plan {
    mpq_t *values; /* [own sequence] */
    int length;
    uint64_t *used;  /* own sequences with a positive probability */
    uint64_t *worse; /* the other's sequences that are no best response */
} plan;

typedef struct vertices {
    plan *plans;
    int count, room;
} vertices;

/* A maximal Nash subset: the plans of both sides that go together, and which of them are extreme points. */
typedef struct subset {
    uint64_t *members[2], *extreme[2];
} subset;

typedef struct search {
    const pl_sequence_form *f;
    pl_arena *arena;
    pl_rationals *rationals;
    vertices side[2];
    int words[2];      /* of sets of plans of a side */
    uint64_t **partners[2]; /* [plan] the other side's plans that it makes an equilibrium with */
    subset *subsets;
    int subset_count, subset_room;
    int programs; /* that were solved */
} search;

static bool has(const uint64_t *words, int k) { return words[k / 64] >> k % 64 & 1; }
static void add(uint64_t *words, int k) { words[k / 64] |= UINT64_C(1) << k % 64; }
static int words_for(int count) { return (count + 63) / 64 + (count == 0); }

/* ---- the polyhedron of a side -------------------------------------------------------------------------- */

/* Coordinates: the empty sequence, one for each own sequence but the last of its set, the value of each set of the
 * other. */
typedef struct polyhedron {
    const pl_side *own, *other;
    int dimension;
    int *coordinate;  /* [own sequence] -1: the last of its set */
    signed char *express; /* [own sequence][dimension] */
} polyhedron;

static void express_sequences(polyhedron *q, pl_arena *arena) {
    q->coordinate = PL_ARRAY(arena, q->own->sequences, int);
    q->dimension = 1 + q->own->sequences - 1 - q->own->set_count + q->other->set_count;
    q->express = PL_ARRAY(arena, (size_t)q->own->sequences * (size_t)q->dimension, signed char);
    int next = 1;
    q->express[0] = 1;
    for (int h = 0; h < q->own->set_count; h++) {
        int last = q->own->first[h] + q->own->count[h] - 1;
        signed char *rest = q->express + (size_t)last * (size_t)q->dimension;
        memcpy(rest, q->express + (size_t)q->own->before[h] * (size_t)q->dimension, (size_t)q->dimension);
        for (int k = q->own->first[h]; k < last; k++) {
            q->coordinate[k] = next;
            q->express[(size_t)k * (size_t)q->dimension + (size_t)next] = 1;
            rest[next++] = -1;
        }
        q->coordinate[last] = -1;
    }
}

/* A row of rationals as whole numbers. */
static void put_row(const search *s, pl_cone *cone, int at, mpq_t *const row) {
    int d = cone->dimension;
    mpz_t *common = pl_integers_new(s->rationals, s->arena, 1);
    mpz_set_ui(*common, 1);
    for (int c = 0; c < d; c++) mpz_lcm(*common, *common, mpq_denref(row[c]));
    for (int c = 0; c < d; c++) {
        mpz_t *to = &cone->rows[(size_t)at * (size_t)d + (size_t)c];
        mpz_divexact(*to, *common, mpq_denref(row[c]));
        mpz_mul(*to, *to, mpq_numref(row[c]));
    }
}

/* What one of the other's sequences gives it against the plan, taken from a row. */
static void subtract_payoff(const search *s, int side, const polyhedron *q, int sequence, mpq_t *row) {
    for (int k = 0; k < q->own->sequences; k++)
        for (int c = 0; c < q->dimension; c++) {
            int by = q->express[(size_t)k * (size_t)q->dimension + (size_t)c];
            if (by > 0) mpq_sub(row[c], row[c], *pl_sequence_payoff(s->f, 1 - side, sequence, k));
            if (by < 0) mpq_add(row[c], row[c], *pl_sequence_payoff(s->f, 1 - side, sequence, k));
        }
}

/* Rows: own sequences >= 0; for each sequence of the other, value(set) - values of the sets behind it - payoff >= 0. */
static void set_rows(const search *s, int side, const polyhedron *q, pl_cone *cone) {
    int d = q->dimension, values = d - q->other->set_count;
    mpq_t *row = pl_rationals_new(s->rationals, s->arena, (size_t)d), *one = pl_rationals_new(s->rationals, s->arena, 1);
    mpq_set_ui(*one, 1, 1);
    for (int k = 0; k < q->own->sequences; k++)
        for (int c = 0; c < d; c++)
            mpz_set_si(cone->rows[(size_t)k * (size_t)d + (size_t)c], q->express[(size_t)k * (size_t)d + (size_t)c]);
    for (int j = 1; j < q->other->sequences; j++) {
        for (int c = 0; c < d; c++) mpq_set_ui(row[c], 0, 1);
        subtract_payoff(s, side, q, j, row);
        mpq_add(row[values + q->other->set_of[j]], row[values + q->other->set_of[j]], *one);
        for (int h = 0; h < q->other->set_count; h++)
            if (q->other->before[h] == j) mpq_sub(row[values + h], row[values + h], *one);
        put_row(s, cone, q->own->sequences + j - 1, row);
    }
}

/* The plan of a ray; false: it is a direction, with nothing at the empty sequence. */
static bool take_plan(const search *s, const polyhedron *q, mpz_t *const ray, mpq_t *values) {
    mpz_t *sum = pl_integers_new(s->rationals, s->arena, 1);
    if (mpz_sgn(ray[0]) == 0) return false;
    for (int k = 0; k < q->own->sequences; k++) {
        mpz_set_ui(*sum, 0);
        for (int c = 0; c < q->dimension; c++) {
            int by = q->express[(size_t)k * (size_t)q->dimension + (size_t)c];
            if (by > 0) mpz_add(*sum, *sum, ray[c]);
            if (by < 0) mpz_sub(*sum, *sum, ray[c]);
        }
        mpq_set_num(values[k], *sum);
        mpq_set_den(values[k], ray[0]);
        mpq_canonicalize(values[k]);
    }
    return true;
}

/* Larger probabilities of earlier sequences first: the first actions' plans lead. */
static int compare_plans(const void *a, const void *b) {
    const plan *x = a, *y = b;
    for (int k = 0; k < x->length; k++) {
        int order = mpq_cmp(y->values[k], x->values[k]);
        if (order) return order;
    }
    return 0;
}

/* What a plan uses, and which sequences of the other are no best response to it. */
static void mark_plan(const search *s, int side, plan *x) {
    const pl_side *own = &s->f->sides[side], *other = &s->f->sides[1 - side];
    mpq_t *values = pl_rationals_new(s->rationals, s->arena, (size_t)other->sequences);
    x->used = PL_ARRAY(s->arena, words_for(own->sequences), uint64_t);
    x->worse = PL_ARRAY(s->arena, words_for(other->sequences), uint64_t);
    for (int k = 0; k < own->sequences; k++)
        if (mpq_sgn(x->values[k]) != 0) add(x->used, k);
    pl_sequence_respond(s->f, 1 - side, x->values, values);
    for (int h = 0; h < other->set_count; h++)
        for (int pass = 0, best = other->first[h]; pass < 2; pass++)
            for (int k = other->first[h]; k < other->first[h] + other->count[h]; k++) {
                int order = mpq_cmp(values[k], values[best]);
                if (pass == 0 && order > 0) best = k;
                if (pass == 1 && order < 0) add(x->worse, k);
            }
}

/* In a zero-sum game all solutions of both sides go together. So what the other's solution uses must be best against
 * the plan, and what is worse against it unused: these rows are 0. Put first, and again with the other sign, they keep
 * the description small. False: the linear program failed. */
static bool add_equations(search *s, int side, pl_cone *cone) {
    const pl_side *own = &s->f->sides[side], *other = &s->f->sides[1 - side];
    size_t d = (size_t)cone->dimension;
    plan solution = {.length = other->sequences};
    solution.values = pl_rationals_new(s->rationals, s->arena, (size_t)other->sequences);
    if (!pl_sequence_best_plan(s->f, 1 - side, solution.values)) return false;
    mark_plan(s, 1 - side, &solution);
    mpz_t *rows = pl_integers_new(s->rationals, s->arena, 2 * (size_t)cone->row_count * d);
    int count = 0;
    for (int pass = 0, sign = 1; pass < 3; pass++, sign = pass == 1 ? -1 : 0) /* the others last */
        for (int r = 0; r < cone->row_count; r++) {
            bool zero = r < own->sequences ? has(solution.worse, r) : has(solution.used, r - own->sequences + 1);
            if (zero == (sign == 0)) continue;
            for (size_t c = 0; c < d; c++)
                mpz_mul_si(rows[(size_t)count * d + c], cone->rows[(size_t)r * d + c], sign ? sign : 1);
            count++;
        }
    cone->rows = rows;
    cone->row_count = count;
    return true;
}

/* False: too much work. */
static bool find_plans(search *s, int side) {
    polyhedron q = {.own = &s->f->sides[side], .other = &s->f->sides[1 - side]};
    vertices *v = &s->side[side];
    pl_rays rays;
    express_sequences(&q, s->arena);
    pl_cone cone = {.dimension = q.dimension, .budget = BUDGET, .arena = s->arena, .rationals = s->rationals};
    cone.row_count = q.own->sequences + q.other->sequences - 1;
    cone.rows = pl_integers_new(s->rationals, s->arena, (size_t)cone.row_count * (size_t)cone.dimension);
    set_rows(s, side, &q, &cone);
    if (s->f->zero_sum && !add_equations(s, side, &cone)) return false;
    if (!pl_cone_rays(&cone, &rays)) return false;
    v->plans = PL_ARRAY(s->arena, rays.count + 1, plan);
    for (int i = 0; i < rays.count; i++) {
        v->plans[v->count].length = q.own->sequences;
        v->plans[v->count].values = pl_rationals_new(s->rationals, s->arena, (size_t)q.own->sequences);
        v->count += take_plan(s, &q, rays.vectors[i], v->plans[v->count].values);
    }
    qsort(v->plans, (size_t)v->count, sizeof *v->plans, compare_plans);
    int kept = 0;
    for (int i = 0; i < v->count; i++)
        if (kept == 0 || compare_plans(&v->plans[kept - 1], &v->plans[i]) != 0) v->plans[kept++] = v->plans[i];
    v->count = kept;
    if (kept > MOST_PLANS) return false;
    for (int i = 0; i < kept; i++) mark_plan(s, side, &v->plans[i]);
    return true;
}

/* ---- equilibria ---------------------------------------------------------------------------------------- */

static bool are_disjoint(const uint64_t *a, const uint64_t *b, int words) {
    for (int k = 0; k < words; k++)
        if (a[k] & b[k]) return false;
    return true;
}

/* Plans without a partner are dropped; partners[side][plan] are sets of the other side's plans. */
static void find_pairs(search *s) {
    int words0 = words_for(s->f->sides[0].sequences), words1 = words_for(s->f->sides[1].sequences);
    bool *kept[2];
    for (int side = 0; side < 2; side++) kept[side] = PL_ARRAY(s->arena, s->side[side].count, bool);
    for (int pass = 0; pass < 2; pass++) {
        for (int side = 0; side < 2 && pass; side++) { /* behind the first pass the plans are fewer */
            vertices *v = &s->side[side];
            int count = 0;
            for (int i = 0; i < v->count; i++)
                if (kept[side][i]) v->plans[count++] = v->plans[i];
            v->count = count;
            s->words[side] = words_for(count);
        }
        for (int side = 0; side < 2 && pass; side++) {
            s->partners[side] = PL_ARRAY(s->arena, s->side[side].count, uint64_t *);
            for (int i = 0; i < s->side[side].count; i++) s->partners[side][i] = PL_ARRAY(s->arena, s->words[1 - side], uint64_t);
        }
        for (int i = 0; i < s->side[0].count; i++)
            for (int k = 0; k < s->side[1].count; k++) {
                const plan *x = &s->side[0].plans[i], *y = &s->side[1].plans[k];
                if (!are_disjoint(x->used, y->worse, words0) || !are_disjoint(y->used, x->worse, words1)) continue;
                if (pass) add(s->partners[0][i], k), add(s->partners[1][k], i);
                else kept[0][i] = kept[1][k] = true;
            }
    }
}

/* ---- Nash subsets -------------------------------------------------------------------------------------- */

static bool find_subset(const search *s, const uint64_t *members1) {
    for (int i = 0; i < s->subset_count; i++)
        if (memcmp(s->subsets[i].members[1], members1, (size_t)s->words[1] * sizeof *members1) == 0) return true;
    return false;
}

static bool is_empty(const uint64_t *words, int count) {
    for (int k = 0; k < count; k++)
        if (words[k]) return false;
    return true;
}

/* The plans of side 0 that go with all of these of side 1. */
static void add_subset(search *s, const uint64_t *members1) {
    if (is_empty(members1, s->words[1]) || find_subset(s, members1)) return;
    s->subsets = pl_arena_grow(s->arena, s->subsets, s->subset_count, &s->subset_room, s->subset_count + 1, sizeof *s->subsets);
    subset *new = &s->subsets[s->subset_count++];
    for (int side = 0; side < 2; side++) {
        new->members[side] = PL_ARRAY(s->arena, s->words[side], uint64_t);
        new->extreme[side] = PL_ARRAY(s->arena, s->words[side], uint64_t);
    }
    memcpy(new->members[1], members1, (size_t)s->words[1] * sizeof *members1);
    for (int i = 0; i < s->side[0].count; i++) {
        bool all = true;
        for (int k = 0; k < s->words[1] && all; k++) all = (members1[k] & ~s->partners[0][i][k]) == 0;
        if (all) add(new->members[0], i);
    }
}

/* All intersections of partners' sets: the maximal subsets (complete bipartite graphs). False: too many. */
static bool find_subsets(search *s) {
    uint64_t *both = PL_ARRAY(s->arena, s->words[1], uint64_t);
    for (int i = 0; i < s->side[0].count; i++) {
        add_subset(s, s->partners[0][i]);
        for (int k = 0, count = s->subset_count; k < count; k++) {
            for (int w = 0; w < s->words[1]; w++) both[w] = s->subsets[k].members[1][w] & s->partners[0][i][w];
            add_subset(s, both);
            if (s->subset_count > MOST_SUBSETS) return false;
        }
    }
    return true;
}

/* Whether a plan is a mixture of the others that are members: a linear program. */
static bool is_mixture(const search *s, int side, const uint64_t *members, int of) {
    const vertices *v = &s->side[side];
    int sequences = s->f->sides[side].sequences;
    pl_linear_program lp = {.rows = sequences};
    for (int i = 0; i < v->count; i++) lp.columns += i != of && has(members, i);
    lp.a = pl_rationals_new(s->rationals, s->arena, (size_t)lp.rows * (size_t)lp.columns);
    lp.b = v->plans[of].values;
    for (int i = 0, column = 0; i < v->count; i++) {
        if (i == of || !has(members, i)) continue;
        for (int k = 0; k < sequences; k++) mpq_set(lp.a[(size_t)k * (size_t)lp.columns + (size_t)column], v->plans[i].values[k]);
        column++;
    }
    return pl_linear_program_solve(&lp, NULL, s->arena, s->rationals) == PL_LP_OPTIMAL;
}

/* Beyond the limits all members count: more than the extreme ones may be listed then. */
static void find_extreme(search *s, subset *b, int side) {
    int count = 0;
    for (int i = 0; i < s->side[side].count; i++) count += has(b->members[side], i);
    for (int i = 0; i < s->side[side].count; i++) {
        if (!has(b->members[side], i)) continue;
        bool all = count <= 2 || count > MOST_HULL || s->programs >= MOST_PROGRAMS;
        s->programs += !all;
        if (all || !is_mixture(s, side, b->members[side], i)) add(b->extreme[side], i);
    }
}

/* ---- solutions ----------------------------------------------------------------------------------------- */

/* index[plan 0][plan 1] of the equilibria that count, -1 else. */
static void number_pairs(search *s, pl_part_solutions *solutions, int *index) {
    int n1 = s->side[1].count;
    for (int i = 0; i < s->side[0].count; i++)
        for (int k = 0; k < n1; k++) {
            bool counts = s->subset_count > MOST_SUBSETS && has(s->partners[0][i], k);
            for (int b = 0; b < s->subset_count && !counts; b++)
                counts = has(s->subsets[b].extreme[0], i) && has(s->subsets[b].extreme[1], k);
            index[(size_t)i * (size_t)n1 + (size_t)k] = -1;
            if (!counts || solutions->cut_off) continue;
            int at = solutions->count;
            if (pl_sequence_add(s->f, s->side[0].plans[i].values, s->side[1].plans[k].values, solutions))
                index[(size_t)i * (size_t)n1 + (size_t)k] = at;
        }
}

static pl_nash_subset list_subset(const search *s, const subset *b, const int *index) {
    int n1 = s->side[1].count, room = 0;
    pl_nash_subset list = {0};
    for (int i = 0; i < s->side[0].count; i++)
        for (int k = 0; k < n1; k++) {
            int at = index[(size_t)i * (size_t)n1 + (size_t)k];
            if (at < 0 || !has(b->extreme[0], i) || !has(b->extreme[1], k)) continue;
            list.equilibria = pl_arena_grow(s->arena, list.equilibria, list.count, &room, list.count + 1, sizeof(int));
            list.equilibria[list.count++] = at;
        }
    return list;
}

static int top_of(int *above, int k) {
    while (above[k] != k) k = above[k] = above[above[k]];
    return k;
}

/* Subsets that share an equilibrium are in one component. */
static void add_components(search *s, pl_part_solutions *solutions, const int *index) {
    pl_nash_subset *lists = PL_ARRAY(s->arena, s->subset_count, pl_nash_subset);
    int *above = PL_ARRAY(s->arena, solutions->count, int), *component = PL_ARRAY(s->arena, solutions->count, int);
    for (int e = 0; e < solutions->count; e++) above[e] = e;
    for (int b = 0; b < s->subset_count; b++) {
        lists[b] = list_subset(s, &s->subsets[b], index);
        for (int k = 1; k < lists[b].count; k++)
            above[top_of(above, lists[b].equilibria[k])] = top_of(above, lists[b].equilibria[0]);
    }
    solutions->components = PL_ARRAY(s->arena, solutions->count, pl_component);
    for (int e = 0; e < solutions->count; e++) component[e] = -1;
    for (int e = 0; e < solutions->count; e++) {
        int top = top_of(above, e);
        if (component[top] < 0) component[top] = solutions->component_count++;
        pl_component *c = &solutions->components[component[top]];
        if (!c->equilibria) c->equilibria = PL_ARRAY(s->arena, solutions->count, int);
        c->equilibria[c->count++] = e;
    }
    for (int b = 0; b < s->subset_count; b++) {
        if (lists[b].count == 0) continue;
        pl_component *c = &solutions->components[component[top_of(above, lists[b].equilibria[0])]];
        if (!c->subsets) c->subsets = PL_ARRAY(s->arena, s->subset_count, pl_nash_subset);
        c->subsets[c->subset_count++] = lists[b];
    }
}

bool pl_part_solve_sequence(pl_part *p, pl_part_solutions *solutions) {
    pl_sequence_form f;
    if (p->player_count < 2) return pl_part_solve_alone(p, solutions), true;
    if (!pl_sequence_form_start(&f, p, MOST_SEQUENCES)) return false;
    search s = {.f = &f, .arena = p->arena, .rationals = p->rationals};
    if (!find_plans(&s, 0) || !find_plans(&s, 1)) return false;
    find_pairs(&s);
    bool all = find_subsets(&s);
    for (int b = 0; b < s.subset_count && all; b++)
        for (int side = 0; side < 2; side++) find_extreme(&s, &s.subsets[b], side);
    int *index = PL_ARRAY(s.arena, (size_t)s.side[0].count * (size_t)s.side[1].count, int);
    number_pairs(&s, solutions, index);
    solutions->complete = !solutions->cut_off;
    if (all && !solutions->cut_off) add_components(&s, solutions, index);
    return solutions->count > 0;
}
