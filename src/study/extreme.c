/* All extreme Nash equilibria of a two-player game: the pairs of vertices of the two best-response polytopes that carry
 * every label between them (Mangasarian, Journal of SIAM 12:778, 1964; von Stengel, Handbook of Game Theory 3, ch. 45,
 * 2002).  The equilibria of a game are the mixtures of these within Nash subsets (components.c).
 *
 * A label is a strategy of either player: those of the first player first. A vertex of the first player's polytope has
 * the labels of what the player does not use and of the second player's best responses to it. What is found is checked
 * against the payoffs themselves, in rational numbers. */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "study/components.h"
#include "study/polytope.h"

/* Up to this many strategies of each player all equilibria are promised, so that the budget is this many times as
 * large: a few minutes at the very most. Only payoffs that span many more digits than a double has come near it. */
enum { PROMISED = 15, PROMISED_TIMES = 100 };

/* A vertex that an equilibrium uses, as a mixture of its player. */
typedef struct mixed {
    bool made;
    uint64_t used, best; /* strategies with probability; the other player's best responses */
    double *mixture;
    const char **exact;
    double payoff; /* of the other player */
    const char *exact_payoff;
} mixed;

typedef struct side {
    int player, own, other; /* strategies of this player and of the other */
    mpq_t *payoffs;         /* [own][other] of the other player */
    pl_polytope polytope;   /* of this player's mixtures: a row for each of the other's strategies */
    pl_polytope_search *search;
    pl_vertices vertices;
    uint64_t *labels; /* [vertex] */
    mixed *mixed;     /* [vertex] */
} side;

/* A vertex of the second side with its labels, to be sorted by them. */
typedef struct labelled {
    uint64_t labels;
    int vertex;
} labelled;

typedef struct work {
    const pl_game *game;
    pl_solution *solution;
    pl_arena arena; /* what is needed only while looking */
    pl_rationals numbers;
    jmp_buf back;
    side side[2];
    mpq_t *number; /* [3] for sums */
    mpq_t *point;  /* [most strategies] */
    labelled *order;
    pl_extreme_pair *pairs;
    int pair_count, pair_room;
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

static uint64_t bit(int k) { return (uint64_t)1 << k; }

static int strategies(const pl_game *game, int player) {
    return player < game->player_count ? game->players[player].strategy_count : 1;
}

static long profile_of(const work *w, int first, int second) { return (long)first * w->side[0].other + second; }

/* ---- the polytopes ------------------------------------------------------------------------------------ */

/* As the game has it exactly, else the decimal that its double is printed as. */
static void read_payoff(mpq_t value, const pl_game *game, int player, long profile) {
    const char *given = game->exact ? game->exact[player * game->profile_count + profile] : NULL;
    if (!given || !pl_rational_parse(given, value)) pl_rational_set_double(value, pl_game_payoff(game, player, profile));
}

/* The payoffs of the player who responds to this side; a player who is not there gets 0. */
static void read_payoffs(work *w, side *s) {
    s->payoffs = pl_rationals_new(&w->numbers, &w->arena, (size_t)s->own * (size_t)s->other);
    int responder = 1 - s->player;
    if (responder >= w->game->player_count) return;
    for (int i = 0; i < s->own; i++)
        for (int j = 0; j < s->other; j++)
            read_payoff(s->payoffs[i * s->other + j], w->game, responder,
                        s->player == 0 ? profile_of(w, i, j) : profile_of(w, j, i));
}

/* Payoffs moved and scaled into [1, 2], which changes no equilibrium: (payoff - least + range) / range. */
static void make_polytope(work *w, side *s) {
    pl_polytope *p = &s->polytope;
    int count = s->own * s->other;
    mpq_t *least = &w->number[0], *range = &w->number[1], *entry = &w->number[2];
    mpz_t *common = pl_integers_new(&w->numbers, &w->arena, 2);
    mpq_set(*least, s->payoffs[0]);
    mpq_set(*range, s->payoffs[0]);
    mpz_set_ui(common[0], 1);
    for (int k = 0; k < count; k++) {
        if (mpq_cmp(s->payoffs[k], *least) < 0) mpq_set(*least, s->payoffs[k]);
        if (mpq_cmp(s->payoffs[k], *range) > 0) mpq_set(*range, s->payoffs[k]);
        mpz_lcm(common[0], common[0], mpq_denref(s->payoffs[k]));
    }
    mpq_sub(*range, *range, *least);
    if (mpq_sgn(*range) == 0) mpq_set_ui(*range, 1, 1);
    p->rows = s->other;
    p->columns = s->own;
    p->integers = pl_integers_new(&w->numbers, &w->arena, (size_t)count);
    p->matrix = PL_ARRAY(&w->arena, count, double);
    for (int i = 0; i < s->own; i++)
        for (int j = 0; j < s->other; j++) {
            int at = j * s->own + i;
            mpq_sub(*entry, s->payoffs[i * s->other + j], *least);
            mpq_add(*entry, *entry, *range);
            mpz_divexact(common[1], common[0], mpq_denref(*entry));
            mpz_mul(p->integers[at], common[1], mpq_numref(*entry));
            mpq_div(*entry, *entry, *range);
            p->matrix[at] = mpq_get_d(*entry);
        }
    mpz_divexact(common[1], common[0], mpq_denref(*range));
    p->unit = &common[1];
    mpz_mul(common[1], common[1], mpq_numref(*range));
}

/* From a tight set of the polytope (own strategies, then the other's) to labels (the first player's, then the
 * second's). */
static uint64_t labels_of(const side *s, uint64_t tight) {
    uint64_t own = tight & (bit(s->own) - 1), other = tight >> s->own;
    return s->player == 0 ? own | other << s->own : other | own << s->other;
}

static bool enumerate(work *w, side *s, long long budget) {
    s->search = pl_polytope_begin(&s->polytope, &w->numbers, &w->arena);
    s->vertices = pl_polytope_vertices(s->search, &budget);
    int count = s->vertices.count;
    s->labels = PL_ARRAY(&w->arena, count, uint64_t);
    s->mixed = PL_ARRAY(&w->arena, count, mixed);
    for (int k = 0; k < count; k++) s->labels[k] = labels_of(s, s->vertices.vertex[k].tight);
    return s->vertices.complete;
}

/* ---- mixtures ----------------------------------------------------------------------------------------- */

/* The payoffs of all responses to the point, the best of them into number[0]. */
static uint64_t find_best(work *w, const side *s) {
    uint64_t best = 0;
    for (int j = 0; j < s->other; j++) {
        mpq_set_ui(w->number[1], 0, 1);
        for (int i = 0; i < s->own; i++) {
            if (mpq_sgn(w->point[i]) == 0) continue;
            mpq_mul(w->number[2], w->point[i], s->payoffs[i * s->other + j]);
            mpq_add(w->number[1], w->number[1], w->number[2]);
        }
        int sign = j == 0 ? 1 : mpq_cmp(w->number[1], w->number[0]);
        if (sign > 0) mpq_set(w->number[0], w->number[1]);
        if (sign > 0) best = 0;
        if (sign >= 0) best |= bit(j);
    }
    return best;
}

static mixed *mixed_at(work *w, side *s, int vertex) {
    mixed *m = &s->mixed[vertex];
    pl_arena *arena = &w->solution->arena;
    if (m->made) return m;
    pl_polytope_point(s->search, s->vertices.vertex[vertex].cobasis, w->point);
    mpq_set_ui(w->number[0], 0, 1);
    for (int i = 0; i < s->own; i++) mpq_add(w->number[0], w->number[0], w->point[i]);
    m->mixture = PL_ARRAY(arena, s->own, double);
    m->exact = PL_ARRAY(arena, s->own, const char *);
    for (int i = 0; i < s->own; i++) {
        mpq_div(w->point[i], w->point[i], w->number[0]);
        m->used |= mpq_sgn(w->point[i]) > 0 ? bit(i) : 0;
        m->mixture[i] = pl_rational_double(w->point[i]);
        m->exact[i] = pl_rational_write(arena, w->point[i]);
    }
    m->best = find_best(w, s);
    m->payoff = pl_rational_double(w->number[0]);
    m->exact_payoff = pl_rational_write(arena, w->number[0]);
    m->made = true;
    return m;
}

/* ---- pairs -------------------------------------------------------------------------------------------- */

/* Adds the pair where each player uses best responses only: the definition of an equilibrium, in rational numbers. */
static void add_pair(work *w, int first, int second) {
    const mixed *x = mixed_at(w, &w->side[0], first), *y = mixed_at(w, &w->side[1], second);
    if ((x->used & ~y->best) || (y->used & ~x->best)) return;
    w->pairs = pl_arena_grow(&w->arena, w->pairs, w->pair_count, &w->pair_room, w->pair_count + 1, sizeof *w->pairs);
    w->pairs[w->pair_count++] = (pl_extreme_pair){.vertex = {first, second}};
}

/* Looks among vertices of the second side, sorted by labels from `low` to before `high` and alike in all bits above,
 * for those that have all the wanted labels. */
static void match(work *w, int first, uint64_t wanted, int low, int high, int top) {
    if (low >= high) return;
    if (top < 0 || high - low == 1) {
        for (int k = low; k < high; k++)
            if ((w->order[k].labels & wanted) == wanted) add_pair(w, first, w->order[k].vertex);
        return;
    }
    int from = low, to = high;
    while (from < to) { /* the first that has the top bit */
        int middle = from + (to - from) / 2;
        if (w->order[middle].labels & bit(top)) to = middle;
        else from = middle + 1;
    }
    if (!(wanted & bit(top))) match(w, first, wanted, low, from, top - 1);
    match(w, first, wanted, from, high, top - 1);
}

static int by_labels(const void *a, const void *b) {
    uint64_t x = ((const labelled *)a)->labels, y = ((const labelled *)b)->labels;
    return (x > y) - (x < y);
}

static void match_all(work *w) {
    const side *x = &w->side[0], *y = &w->side[1];
    int labels = x->own + y->own;
    uint64_t all = labels == 64 ? ~(uint64_t)0 : bit(labels) - 1;
    w->order = PL_ARRAY(&w->arena, y->vertices.count, labelled);
    for (int k = 0; k < y->vertices.count; k++) w->order[k] = (labelled){y->labels[k], k};
    qsort(w->order, (size_t)y->vertices.count, sizeof *w->order, by_labels);
    for (int k = 0; k < x->vertices.count; k++)
        match(w, k, all & ~x->labels[k], 0, y->vertices.count, labels - 1);
}

/* ---- what is found ------------------------------------------------------------------------------------ */

static int first_of(uint64_t a, uint64_t b) {
    uint64_t lowest = (a ^ b) & (~(a ^ b) + 1);
    return lowest == 0 ? 0 : a & lowest ? -1 : 1;
}

/* Pure ones first, then by how much is mixed; then in the order of strategies. */
static int by_support(const void *a, const void *b) {
    const pl_extreme_pair *x = a, *y = b;
    int size = __builtin_popcountll(x->used[0]) + __builtin_popcountll(x->used[1]) -
               __builtin_popcountll(y->used[0]) - __builtin_popcountll(y->used[1]);
    for (int s = 0; s < 2 && size == 0; s++) size = first_of(x->used[s], y->used[s]);
    for (int s = 0; s < 2 && size == 0; s++) size = (x->vertex[s] > y->vertex[s]) - (x->vertex[s] < y->vertex[s]);
    return size;
}

static void add_equilibrium(work *w, const pl_extreme_pair *pair) {
    int players = w->game->player_count;
    pl_equilibrium *e = pl_solution_append(w->solution, w->game);
    e->certified = true;
    e->exact = PL_ARRAY(&w->solution->arena, players, const char **);
    e->exact_payoffs = PL_ARRAY(&w->solution->arena, players, const char *);
    for (int i = 0; i < players; i++) {
        const mixed *own = &w->side[i].mixed[pair->vertex[i]], *other = &w->side[1 - i].mixed[pair->vertex[1 - i]];
        e->mixture[i] = own->mixture;
        e->exact[i] = own->exact;
        e->payoffs[i] = other->payoff;
        e->exact_payoffs[i] = other->exact_payoff;
    }
    e->profile = pl_mixture_profile(w->game, e->mixture);
}

static void find(work *w) {
    const pl_game *g = w->game;
    int m = strategies(g, 0), n = strategies(g, 1);
    long long budget = w->solution->left / 2; /* for each side */
    if (m <= PROMISED && n <= PROMISED) budget *= PROMISED_TIMES;
    w->number = pl_rationals_new(&w->numbers, &w->arena, 3);
    w->point = pl_rationals_new(&w->numbers, &w->arena, (size_t)(m > n ? m : n));
    w->side[0] = (side){.player = 0, .own = m, .other = n};
    w->side[1] = (side){.player = 1, .own = n, .other = m};
    w->solution->complete = true;
    for (int s = 0; s < 2; s++) {
        read_payoffs(w, &w->side[s]);
        make_polytope(w, &w->side[s]);
        w->solution->complete &= enumerate(w, &w->side[s], budget);
    }
    match_all(w);
    for (int k = 0; k < w->pair_count; k++)
        for (int s = 0; s < 2; s++) w->pairs[k].used[s] = w->side[s].mixed[w->pairs[k].vertex[s]].used;
    if (w->pair_count) qsort(w->pairs, (size_t)w->pair_count, sizeof *w->pairs, by_support);
    for (int k = 0; k < w->pair_count; k++) {
        w->pairs[k].equilibrium = w->solution->count;
        add_equilibrium(w, &w->pairs[k]);
    }
    int vertices[2] = {w->side[0].vertices.count, w->side[1].vertices.count};
    if (w->solution->complete) pl_solution_join(w->solution, w->pairs, w->pair_count, vertices, &w->arena);
}

/* In a function of its own: what setjmp leaves behind must not live in the caller's registers. */
static bool guard(work *w) {
    if (setjmp(w->back)) return false;
    find(w);
    return true;
}

void pl_solve_extreme(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    (void)options;
    if (strategies(game, 0) + strategies(game, 1) > PL_POLYTOPE_MOST) return;
    work w = {.game = game, .solution = solution, .arena = {.out_of_memory = leave, .context = &w}};
    void (*out_of_memory)(void *) = solution->arena.out_of_memory;
    void *context = solution->arena.context;
    solution->arena.out_of_memory = leave;
    solution->arena.context = &w;
    bool done = guard(&w);
    solution->arena.out_of_memory = out_of_memory;
    solution->arena.context = context;
    pl_rationals_free(&w.numbers);
    pl_arena_free(&w.arena);
    if (!done) out_of_memory(context);
}
