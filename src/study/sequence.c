/* The sequence form: its numbers, best responses, from plans to behaviour; and one equilibrium by a linear program
 * where the game is zero-sum (Koller and Megiddo, Games and Economic Behavior 4:528, 1992), or by Lemke's algorithm
 * (Koller, Megiddo and von Stengel, 14:247, 1996).  See sequence.h. */
#include "study/sequence.h"

#include <string.h>

#include "study/tableau.h"

enum { MOST_FOR_PROGRAM = 700, MOST_FOR_LEMKE = 220 };

/* ---- building ----------------------------------------------------------------------------------------- */

/* [action of the part] its sequence, for both sides. */
static void number_sequences(pl_side *side, const pl_part *p, int *sequence_of) {
    const pl_tree *t = p->tree;
    side->sets = PL_ARRAY(p->arena, p->set_count, int);
    side->first = PL_ARRAY(p->arena, p->set_count, int);
    side->before = PL_ARRAY(p->arena, p->set_count, int);
    side->count = PL_ARRAY(p->arena, p->set_count, int);
    side->set_of = PL_ARRAY(p->arena, p->action_count + 1, int);
    side->set_of[0] = -1;
    side->sequences = 1;
    for (int i = 0; i < p->set_count; i++) {
        const pl_information_set *s = &t->sets[p->sets[i]];
        if (s->player != side->player) continue;
        int h = side->set_count++, before = pl_part_before(p, p->sets[i]);
        side->sets[h] = i;
        side->first[h] = side->sequences;
        side->count[h] = s->action_count;
        side->before[h] = 0;
        if (before >= 0) {
            int above = p->place[t->set_of[before]];
            side->before[h] = sequence_of[p->first[above] + before - t->sets[p->sets[above]].first];
        }
        for (int k = 0; k < s->action_count; k++) {
            side->set_of[side->sequences] = h;
            sequence_of[p->first[i] + k] = side->sequences++;
        }
    }
}

typedef struct frame {
    int node, sequence[2];
} frame;

/* Adds a leaf's payoffs to the cell of its two sequences. */
static void add_leaf(pl_sequence_form *f, int leaf, const frame *at, const mpq_t *chance, mpq_t *term, bool first) {
    mpq_t *payoffs = pl_part_payoffs(f->part, leaf);
    size_t cell = (size_t)at->sequence[0] * (size_t)f->sides[1].sequences + (size_t)at->sequence[1];
    mpq_add(*term, payoffs[f->sides[0].player], payoffs[f->sides[1].player]);
    if (first) mpq_set(*f->sum, *term);
    else if (!mpq_equal(*f->sum, *term)) f->zero_sum = false;
    for (int side = 0; side < 2; side++) {
        mpq_mul(*term, *chance, payoffs[f->sides[side].player]);
        mpq_add(f->payoffs[side][cell], f->payoffs[side][cell], *term);
    }
    mpq_add(f->weights[cell], f->weights[cell], *chance);
}

/* The frame of a node below the one of its parent. */
static frame step_down(const pl_sequence_form *f, int node, const frame *above, const int *sequence_of) {
    const pl_part *p = f->part;
    const pl_node *n = &p->tree->nodes[node];
    int set = p->tree->nodes[n->parent].set, player = p->tree->sets[set].player;
    frame down = *above;
    down.node = node;
    for (int side = 0; side < 2 && p->tree->sets[set].action_count > 1; side++)
        if (f->sides[side].player == player) down.sequence[side] = sequence_of[p->first[p->place[set]] + n->action];
    return down;
}

static void fill(pl_sequence_form *f, const int *sequence_of) {
    const pl_part *p = f->part;
    const pl_tree *t = p->tree;
    int depth = 0, room = 0, chance_room = 0;
    bool first = true;
    frame *frames = NULL;
    mpq_t *chance = NULL, *term = pl_rationals_new(p->rationals, p->arena, 1);
    for (int n = p->root; n < t->nodes[p->root].end; n = pl_part_next(p, n)) {
        while (depth && t->nodes[frames[depth - 1].node].end <= n) depth--;
        frames = pl_arena_grow(p->arena, frames, depth, &room, depth + 1, sizeof *frames);
        if (chance_room < room) {
            mpq_t *longer = pl_rationals_new(p->rationals, p->arena, (size_t)room);
            for (int k = 0; k < depth; k++) mpq_set(longer[k], chance[k]);
            chance = longer, chance_room = room;
        }
        frames[depth] = depth ? step_down(f, n, &frames[depth - 1], sequence_of) : (frame){n, {0, 0}};
        mpq_set_ui(chance[depth], 1, 1);
        if (depth) {
            const pl_information_set *s = &t->sets[t->nodes[t->nodes[n].parent].set];
            if (s->player < 0) mpq_mul(chance[depth], chance[depth - 1], s->probabilities[t->nodes[n].action]);
            else mpq_set(chance[depth], chance[depth - 1]);
        }
        if (pl_part_is_leaf(p, n)) {
            add_leaf(f, n, &frames[depth], (const mpq_t *)&chance[depth], term, first);
            first = false;
        }
        depth++;
    }
}

bool pl_sequence_form_start(pl_sequence_form *f, pl_part *p, int most) {
    if (p->player_count != 2 || p->action_count + 2 > most) return false;
    *f = (pl_sequence_form){.part = p, .zero_sum = true, .sum = pl_rationals_new(p->rationals, p->arena, 1)};
    int *sequence_of = PL_ARRAY(p->arena, p->action_count, int);
    for (int side = 0; side < 2; side++) {
        f->sides[side].player = p->players[side];
        number_sequences(&f->sides[side], p, sequence_of);
    }
    size_t cells = (size_t)f->sides[0].sequences * (size_t)f->sides[1].sequences;
    for (int side = 0; side < 2; side++) f->payoffs[side] = pl_rationals_new(p->rationals, p->arena, cells);
    f->weights = pl_rationals_new(p->rationals, p->arena, cells);
    fill(f, sequence_of);
    return true;
}

/* ---- responses and behaviour -------------------------------------------------------------------------- */

static int best_of(const pl_side *side, int h, mpq_t *const values) {
    int best = side->first[h];
    for (int k = best + 1; k < side->first[h] + side->count[h]; k++)
        if (mpq_cmp(values[k], values[best]) > 0) best = k;
    return best;
}

void pl_sequence_respond(const pl_sequence_form *f, int side, mpq_t *const plan, mpq_t *values) {
    const pl_side *own = &f->sides[side], *other = &f->sides[1 - side];
    mpq_t *term = pl_rationals_new(f->part->rationals, f->part->arena, 1);
    for (int k = 0; k < own->sequences; k++) {
        mpq_set_ui(values[k], 0, 1);
        for (int j = 0; j < other->sequences; j++) {
            if (mpq_sgn(plan[j]) == 0 || mpq_sgn(*pl_sequence_payoff(f, side, k, j)) == 0) continue;
            mpq_mul(*term, plan[j], *pl_sequence_payoff(f, side, k, j));
            mpq_add(values[k], values[k], *term);
        }
    }
    for (int h = own->set_count - 1; h >= 0; h--)
        mpq_add(values[own->before[h]], values[own->before[h]], values[best_of(own, h, values)]);
}

static void set_behaviour(const pl_sequence_form *f, int side, mpq_t *const plan, mpq_t *const other, mpq_t *behaviour) {
    const pl_side *own = &f->sides[side];
    mpq_t *values = pl_rationals_new(f->part->rationals, f->part->arena, (size_t)own->sequences);
    pl_sequence_respond(f, side, other, values);
    for (int h = 0; h < own->set_count; h++) {
        mpq_t *to = behaviour + f->part->first[own->sets[h]];
        if (mpq_sgn(plan[own->before[h]]) == 0) {
            mpq_set_ui(to[best_of(own, h, values) - own->first[h]], 1, 1);
            continue;
        }
        for (int k = 0; k < own->count[h]; k++) mpq_div(to[k], plan[own->first[h] + k], plan[own->before[h]]);
    }
}

bool pl_sequence_add(const pl_sequence_form *f, mpq_t *const plan0, mpq_t *const plan1, pl_part_solutions *solutions) {
    mpq_t *behaviour = pl_part_add(f->part, solutions);
    if (!behaviour) return false;
    set_behaviour(f, 0, plan0, plan1, behaviour);
    set_behaviour(f, 1, plan1, plan0, behaviour);
    return true;
}

/* ---- one equilibrium ---------------------------------------------------------------------------------- */

/* The columns of a matrix that is filled cell by cell. */
typedef struct matrix {
    mpq_t *cells;
    int columns;
} matrix;

static mpq_t *cell(const matrix *m, int row, int column) {
    return &m->cells[(size_t)row * (size_t)m->columns + (size_t)column];
}

/* Maximizes v of the root, where for each of the other's sequences v(set) - sum of v(sets behind it) <= payoff(plan),
 * and the plan keeps its sums. Columns: the plan, v of the root and of each set of the other, once up and once down,
 * and what is left in each row. */
bool pl_sequence_best_plan(const pl_sequence_form *f, int side, mpq_t *plan) {
    const pl_part *p = f->part;
    const pl_side *own = &f->sides[side], *other = &f->sides[1 - side];
    int values = own->sequences, sets = other->set_count + 1, slack = values + 2 * sets;
    pl_linear_program lp = {.rows = own->set_count + 1 + other->sequences, .columns = slack + other->sequences};
    matrix a = {pl_rationals_new(p->rationals, p->arena, (size_t)lp.rows * (size_t)lp.columns), lp.columns};
    lp.a = a.cells;
    lp.b = pl_rationals_new(p->rationals, p->arena, (size_t)lp.rows);
    lp.c = pl_rationals_new(p->rationals, p->arena, (size_t)lp.columns);
    mpq_t *x = pl_rationals_new(p->rationals, p->arena, (size_t)lp.columns);
    mpq_set_ui(*cell(&a, 0, 0), 1, 1);
    mpq_set_ui(lp.b[0], 1, 1);
    for (int h = 0; h < own->set_count; h++) {
        mpq_set_si(*cell(&a, h + 1, own->before[h]), -1, 1);
        for (int k = 0; k < own->count[h]; k++) mpq_set_ui(*cell(&a, h + 1, own->first[h] + k), 1, 1);
    }
    for (int j = 0; j < other->sequences; j++) {
        int row = own->set_count + 1 + j, set = other->set_of[j] + 1; /* v of the root is the first */
        for (int k = 0; k < own->sequences; k++) mpq_neg(*cell(&a, row, k), *pl_sequence_payoff(f, side, k, j));
        mpq_set_si(*cell(&a, row, values + 2 * set), 1, 1);
        mpq_set_si(*cell(&a, row, values + 2 * set + 1), -1, 1);
        mpq_set_ui(*cell(&a, row, slack + j), 1, 1);
    }
    for (int h = 0; h < other->set_count; h++) {
        int row = own->set_count + 1 + other->before[h];
        mpq_set_si(*cell(&a, row, values + 2 * (h + 1)), -1, 1);
        mpq_set_si(*cell(&a, row, values + 2 * (h + 1) + 1), 1, 1);
    }
    mpq_set_si(lp.c[values], 1, 1);
    mpq_set_si(lp.c[values + 1], -1, 1);
    if (pl_linear_program_solve(&lp, x, p->arena, p->rationals) != PL_LP_OPTIMAL) return false;
    for (int k = 0; k < own->sequences; k++) mpq_set(plan[k], x[k]);
    return true;
}

bool pl_part_solve_lp(pl_part *p, pl_part_solutions *solutions) {
    pl_sequence_form f;
    if (p->player_count < 2) return pl_part_solve_alone(p, solutions), true;
    if (!pl_sequence_form_start(&f, p, MOST_FOR_PROGRAM) || !f.zero_sum) return false;
    mpq_t *plans[2];
    for (int side = 0; side < 2; side++) {
        plans[side] = pl_rationals_new(p->rationals, p->arena, (size_t)f.sides[side].sequences);
        if (!pl_sequence_best_plan(&f, side, plans[side])) return false;
    }
    solutions->complete = false;
    return pl_sequence_add(&f, plans[0], plans[1], solutions);
}

/* The sums that a side's plan keeps, once as >= and once as <=, in the rows from `row` on and, transposed with the
 * other sign, in the columns. */
static void set_sums(const pl_side *side, matrix *m, mpq_t *b, int row, int plan) {
    for (int h = -1; h < side->set_count; h++)
        for (int sign = 1; sign >= -1; sign -= 2, row++) {
            if (h < 0) {
                mpq_set_si(*cell(m, row, plan), -sign, 1);
                mpq_set_si(*cell(m, plan, row), sign, 1);
                mpq_set_si(b[row], sign, 1);
                continue;
            }
            mpq_set_si(*cell(m, row, plan + side->before[h]), sign, 1);
            mpq_set_si(*cell(m, plan + side->before[h], row), -sign, 1);
            for (int k = 0; k < side->count[h]; k++) {
                mpq_set_si(*cell(m, row, plan + side->first[h] + k), -sign, 1);
                mpq_set_si(*cell(m, plan + side->first[h] + k, row), sign, 1);
            }
        }
}

/* The most that a side gets at a leaf: payoffs less this are not positive, as the algorithm needs. */
static void find_most(const pl_sequence_form *f, int side, mpq_t *most) {
    const pl_part *p = f->part;
    bool first = true;
    for (int n = p->root; n < p->tree->nodes[p->root].end; n = pl_part_next(p, n)) {
        if (!pl_part_is_leaf(p, n)) continue;
        mpq_t *payoff = &pl_part_payoffs(p, n)[f->sides[side].player];
        if (first || mpq_cmp(*payoff, *most) > 0) mpq_set(*most, *payoff);
        first = false;
    }
}

/* M is [0 -A E'; -B' 0 F'; -E 0 0; 0 -F 0] with each sum and its multiplier twice, b the sums' right-hand sides, and
 * both sides' payoffs are lowered until none is positive. */
bool pl_part_solve_lemke(pl_part *p, pl_part_solutions *solutions) {
    pl_sequence_form f;
    if (p->player_count < 2) return pl_part_solve_alone(p, solutions), true;
    if (!pl_sequence_form_start(&f, p, MOST_FOR_LEMKE)) return false;
    int n0 = f.sides[0].sequences, n1 = f.sides[1].sequences;
    int sums0 = 2 * (f.sides[0].set_count + 1), sums1 = 2 * (f.sides[1].set_count + 1), size = n0 + n1 + sums0 + sums1;
    matrix m = {pl_rationals_new(p->rationals, p->arena, (size_t)size * (size_t)size), size};
    mpq_t *b = pl_rationals_new(p->rationals, p->arena, (size_t)size);
    mpq_t *z = pl_rationals_new(p->rationals, p->arena, (size_t)size);
    mpq_t *most = pl_rationals_new(p->rationals, p->arena, 2), *term = pl_rationals_new(p->rationals, p->arena, 1);
    for (int side = 0; side < 2; side++) find_most(&f, side, &most[side]);
    for (int i = 0; i < n0; i++)
        for (int j = 0; j < n1; j++) {
            mpq_mul(*term, most[0], *pl_sequence_weight(&f, i, j));
            mpq_sub(*cell(&m, i, n0 + j), *term, *pl_sequence_payoff(&f, 0, i, j));
            mpq_mul(*term, most[1], *pl_sequence_weight(&f, i, j));
            mpq_sub(*cell(&m, n0 + j, i), *term, *pl_sequence_payoff(&f, 1, j, i));
        }
    set_sums(&f.sides[0], &m, b, n0 + n1, 0);
    set_sums(&f.sides[1], &m, b, n0 + n1 + sums0, n0);
    if (!pl_lemke_solve(size, m.cells, b, z, p->arena, p->rationals)) return false;
    solutions->complete = false;
    return pl_sequence_add(&f, z, z + n0, solutions);
}
