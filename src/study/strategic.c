/* The normal form of a tree or a part of it, and back from mixed strategies to behaviour (Kuhn, Contributions to the
 * Theory of Games II, 1953).  See strategic.h. */
#include "study/strategic.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

enum { MOST_STRATEGIES = 20000, MOST_LABEL = 400 };
static const double MOST_WORK = 3e7; /* leaves times profiles */

/* ---- strategies ---------------------------------------------------------------------------------------- */

typedef struct counter {
    pl_part *p;
    int player, set_count;
    int *sets;   /* [set] index in the part */
    int *choice; /* [set] */
    bool *open;  /* [set] the strategy leads there */
    int *rank;   /* [set of the part] its index among the player's */
} counter;

static void open_sets(counter *c) {
    const pl_tree *t = c->p->tree;
    for (int h = 0; h < c->set_count; h++) {
        int before = pl_part_before(c->p, c->p->sets[c->sets[h]]);
        c->open[h] = t->sets[c->p->sets[c->sets[h]]].action_count > 1; /* one action is no choice */
        if (!c->open[h] || before < 0 || t->forgetful >= 0) continue; /* without perfect recall the form is not reduced */
        int above = c->rank[c->p->place[t->set_of[before]]];
        c->open[h] = c->open[above] && t->sets[t->set_of[before]].first + c->choice[above] == before;
    }
}

static bool count_up(counter *c) {
    for (int h = c->set_count - 1; h >= 0; h--) {
        if (!c->open[h] || c->choice[h] + 1 >= c->p->tree->sets[c->p->sets[c->sets[h]]].action_count) continue;
        c->choice[h]++;
        for (int k = h + 1; k < c->set_count; k++) c->choice[k] = 0;
        open_sets(c);
        return true;
    }
    return false;
}

static counter start_counter(pl_part *p, int player) {
    counter c = {.p = p, .player = player};
    c.sets = PL_ARRAY(p->arena, p->set_count, int);
    c.rank = PL_ARRAY(p->arena, p->set_count, int);
    for (int i = 0; i < p->set_count; i++) {
        if (p->tree->sets[p->sets[i]].player != player) continue;
        c.rank[i] = c.set_count;
        c.sets[c.set_count++] = i;
    }
    c.choice = PL_ARRAY(p->arena, c.set_count, int);
    c.open = PL_ARRAY(p->arena, c.set_count, bool);
    open_sets(&c);
    return c;
}

/* False: too many. */
static bool list_strategies(pl_part *p, int player, pl_strategies *s) {
    counter c = start_counter(p, player);
    int room = 0;
    int *list = NULL;
    s->sets[player] = c.sets;
    s->set_count[player] = c.set_count;
    do {
        int at = s->count[player] * c.set_count;
        if (s->count[player] >= MOST_STRATEGIES) return false;
        list = pl_arena_grow(p->arena, list, at, &room, at + c.set_count + 1, sizeof *list);
        for (int h = 0; h < c.set_count; h++) list[at + h] = c.open[h] ? c.choice[h] : -1;
        s->count[player]++;
    } while (count_up(&c));
    s->choice[player] = list;
    return true;
}

/* "action" of a player with one set, else "set:action set:action" of those the strategy leads to. */
static const char *name_strategy(const pl_part *p, const pl_strategies *s, int player, int strategy) {
    char text[MOST_LABEL] = "";
    size_t used = 0;
    const int *choice = s->choice[player] + (size_t)strategy * (size_t)s->set_count[player];
    for (int h = 0; h < s->set_count[player] && used + 1 < sizeof text; h++) {
        const pl_information_set *set = &p->tree->sets[p->sets[s->sets[player][h]]];
        if (choice[h] < 0) continue;
        int added = s->set_count[player] == 1
                        ? snprintf(text, sizeof text, "%s", set->actions[choice[h]])
                        : snprintf(text + used, sizeof text - used, "%s%s:%s", used ? " " : "", set->label, set->actions[choice[h]]);
        used += added > 0 ? (size_t)added : 0;
    }
    size_t length = strlen(text);
    if (used >= sizeof text) { /* cut off: at a whole character */
        while (length && ((unsigned char)text[length - 1] & 0xC0) == 0x80) length--;
        if (length && (unsigned char)text[length - 1] >= 0xC0) length--;
    }
    return used ? pl_arena_text(p->arena, text, length) : "-";
}

/* Names that were cut off, or look alike, give way to numbers. */
static pl_player *name_players(const pl_part *p, const pl_strategies *s) {
    int count = p->tree->player_count;
    pl_player *players = PL_ARRAY(p->arena, count, pl_player);
    for (int i = 0; i < count; i++) {
        const char **names = PL_ARRAY(p->arena, s->count[i], const char *);
        for (int k = 0; k < s->count[i]; k++) names[k] = name_strategy(p, s, i, k);
        players[i] = (pl_player){p->tree->players[i], s->count[i], pl_labels(p->arena, names, s->count[i])};
    }
    return players;
}

/* ---- payoffs ------------------------------------------------------------------------------------------- */

typedef struct table {
    pl_part *p;
    const pl_strategies *s;
    const pl_game *game;
    mpq_t *payoffs; /* [profile][player] */
    mpq_t *chance, *term;
    int **fitting;  /* [player] strategies that allow the leaf at hand */
    int *fits;      /* [player] their number */
    int *at;        /* [player] */
} table;

/* Whether a strategy takes the player's actions on the way to a leaf. */
static bool allows(const table *b, int player, int strategy, int leaf) {
    const pl_tree *t = b->p->tree;
    const int *choice = b->s->choice[player] + (size_t)strategy * (size_t)b->s->set_count[player];
    for (int n = leaf; n != b->p->root; n = t->nodes[n].parent) {
        int above = t->nodes[n].parent, set = t->nodes[above].set;
        if (t->sets[set].player != player || t->sets[set].action_count == 1) continue;
        int place = b->p->place[set], h = 0;
        while (b->s->sets[player][h] != place) h++;
        if (choice[h] != t->nodes[n].action) return false;
    }
    return true;
}

static void find_chance(table *b, int leaf) {
    const pl_tree *t = b->p->tree;
    mpq_set_ui(*b->chance, 1, 1);
    for (int n = leaf; n != b->p->root; n = t->nodes[n].parent) {
        const pl_information_set *s = &t->sets[t->nodes[t->nodes[n].parent].set];
        if (s->player < 0) mpq_mul(*b->chance, *b->chance, s->probabilities[t->nodes[n].action]);
    }
}

/* Adds a leaf to every profile that leads to it. */
static void add_leaf(table *b, int leaf) {
    int count = b->p->tree->player_count, i;
    find_chance(b, leaf);
    if (mpq_sgn(*b->chance) == 0) return;
    for (i = 0; i < count; i++) {
        b->fits[i] = b->at[i] = 0;
        for (int k = 0; k < b->s->count[i]; k++)
            if (allows(b, i, k, leaf)) b->fitting[i][b->fits[i]++] = k;
        if (b->fits[i] == 0) return;
    }
    const mpq_t *payoffs = (const mpq_t *)pl_part_payoffs(b->p, leaf);
    do {
        long profile = 0;
        for (i = 0; i < count; i++) profile += b->fitting[i][b->at[i]] * b->game->stride[i];
        for (i = 0; i < count; i++) {
            mpq_t *sum = &b->payoffs[(size_t)profile * (size_t)count + (size_t)i];
            mpq_mul(*b->term, *b->chance, payoffs[i]);
            mpq_add(*sum, *sum, *b->term);
        }
        for (i = count - 1; i >= 0 && ++b->at[i] == b->fits[i]; i--) b->at[i] = 0;
    } while (i >= 0);
}

static void write_payoffs(const table *b, pl_game *g) {
    size_t count = (size_t)g->player_count;
    g->arena.out_of_memory = b->p->arena->out_of_memory;
    g->arena.context = b->p->arena->context;
    g->exact = PL_ARRAY(&g->arena, count * (size_t)g->profile_count, const char *);
    for (long profile = 0; profile < g->profile_count; profile++)
        for (size_t i = 0; i < count; i++) {
            const mpq_t *value = (const mpq_t *)&b->payoffs[(size_t)profile * count + i];
            g->exact[i * (size_t)g->profile_count + (size_t)profile] = pl_rational_write(&g->arena, *value);
            g->payoffs[i * (size_t)g->profile_count + (size_t)profile] = pl_rational_double(*value);
        }
    g->arena.out_of_memory = NULL;
}

/* ---- the form ------------------------------------------------------------------------------------------ */

static long count_leaves(const pl_part *p) {
    long leaves = 0;
    for (int n = p->root; n < p->tree->nodes[p->root].end; n = pl_part_next(p, n)) leaves += pl_part_is_leaf(p, n);
    return leaves;
}

static bool list_all(pl_part *p, long most, pl_strategies *s) {
    int count = p->tree->player_count;
    double profiles = 1;
    s->count = PL_ARRAY(p->arena, count, int);
    s->set_count = PL_ARRAY(p->arena, count, int);
    s->sets = PL_ARRAY(p->arena, count, int *);
    s->choice = PL_ARRAY(p->arena, count, int *);
    for (int i = 0; i < count; i++) {
        if (!list_strategies(p, i, s)) return false;
        profiles *= s->count[i];
        if (profiles > (double)most) return false;
    }
    return profiles * (double)count_leaves(p) <= MOST_WORK;
}

bool pl_strategic_form(pl_part *p, long most, pl_strategies *s, pl_game **game) {
    int count = p->tree->player_count;
    if (!list_all(p, most, s)) return false;
    pl_error error;
    pl_player *players = name_players(p, s);
    if (pl_game_new(players, count, game, &error) != PL_OK) p->arena->out_of_memory(p->arena->context);
    table b = {.p = p, .s = s, .game = *game};
    b.payoffs = pl_rationals_new(p->rationals, p->arena, (size_t)(*game)->profile_count * (size_t)count);
    b.chance = pl_rationals_new(p->rationals, p->arena, 2);
    b.term = b.chance + 1;
    b.fitting = PL_ARRAY(p->arena, count, int *);
    b.fits = PL_ARRAY(p->arena, count, int);
    b.at = PL_ARRAY(p->arena, count, int);
    for (int i = 0; i < count; i++) b.fitting[i] = PL_ARRAY(p->arena, s->count[i], int);
    for (int n = p->root; n < p->tree->nodes[p->root].end; n = pl_part_next(p, n))
        if (pl_part_is_leaf(p, n)) add_leaf(&b, n);
    write_payoffs(&b, *game);
    return true;
}

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static pl_status form_whole(pl_part *p, pl_game **game, pl_error *error) {
    pl_strategies strategies;
    jmp_buf back;
    p->arena->out_of_memory = leave;
    p->arena->context = &back;
    if (setjmp(back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    p->place = PL_ARRAY(p->arena, p->tree->set_count, int);
    pl_part_start(p);
    if (pl_strategic_form(p, PL_MOST_PROFILES, &strategies, game)) return PL_OK;
    return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0,
                        "the normal form of this tree is too large: it may have %d profiles, and %d strategies of a player",
                        PL_MOST_PROFILES, MOST_STRATEGIES);
}

pl_status pl_tree_strategic(const pl_tree *tree, pl_game **game, pl_error *error) {
    pl_arena arena = {0};
    pl_rationals rationals = {0};
    pl_part part = {.tree = tree, .arena = &arena, .rationals = &rationals};
    *game = NULL;
    pl_status status = form_whole(&part, game, error);
    if (status != PL_OK) pl_game_free(*game), *game = NULL;
    pl_rationals_free(&rationals);
    pl_arena_free(&arena);
    return status;
}

/* ---- solving it ---------------------------------------------------------------------------------------- */

static void set_probability(mpq_t value, const pl_equilibrium *e, int player, int strategy) {
    if (!e->exact || !pl_rational_parse(e->exact[player][strategy], value)) mpq_set_d(value, e->mixture[player][strategy]);
}

/* At a set that the strategies lead to: the share of those that take each action. */
static void add_player(pl_part *p, const pl_strategies *s, const pl_equilibrium *e, int player, mpq_t *behaviour) {
    mpq_t *weight = pl_rationals_new(p->rationals, p->arena, 2), *all = weight + 1;
    for (int h = 0; h < s->set_count[player]; h++) {
        int i = s->sets[player][h], actions = p->tree->sets[p->sets[i]].action_count;
        mpq_t *to = behaviour + p->first[i];
        mpq_set_ui(*all, 0, 1);
        for (int k = 0; k < s->count[player]; k++) {
            int action = s->choice[player][(size_t)k * (size_t)s->set_count[player] + (size_t)h];
            if (action < 0) continue;
            set_probability(*weight, e, player, k);
            mpq_add(to[action], to[action], *weight);
            mpq_add(*all, *all, *weight);
        }
        for (int k = 0; k < actions && mpq_sgn(*all) != 0; k++) mpq_div(to[k], to[k], *all);
    }
}

/* Sets that a player's own strategy does not lead to: the first best response to the others there. */
static void fill_rest(pl_part *p, mpq_t *behaviour) {
    const pl_tree *t = p->tree;
    mpq_t *whole = pl_rationals_new(p->rationals, p->arena, (size_t)t->action_count), *best = pl_rationals_new(p->rationals, p->arena, 1);
    for (int i = 0; i < p->set_count; i++)
        for (int k = 0; k < t->sets[p->sets[i]].action_count; k++)
            mpq_set(whole[t->sets[p->sets[i]].first + k], behaviour[p->first[i] + k]);
    for (int a = 0; a < p->player_count; a++) {
        pl_part_respond(p, whole, p->players[a], p->scratch, best);
        for (int i = 0; i < p->set_count; i++) {
            const pl_information_set *s = &t->sets[p->sets[i]];
            bool empty = s->player == p->players[a];
            int first = s->first;
            for (int k = 0; k < s->action_count && empty; k++) empty = mpq_sgn(behaviour[p->first[i] + k]) == 0;
            for (int k = 1; k < s->action_count && empty; k++)
                if (mpq_cmp(p->scratch[s->first + k], p->scratch[first]) > 0) first = s->first + k;
            if (empty) mpq_set_ui(behaviour[p->first[i] + first - s->first], 1, 1);
        }
    }
}

static bool is_known(const pl_part *p, const pl_part_solutions *solutions, mpq_t *const behaviour) {
    for (int i = 0; i < solutions->count; i++) {
        int k = 0;
        while (k < p->action_count && mpq_equal(solutions->behaviours[i][k], behaviour[k])) k++;
        if (k == p->action_count) return true;
    }
    return false;
}

bool pl_part_solve_normal(pl_part *p, const pl_solve_options *options, pl_part_solutions *solutions) {
    pl_game *game = NULL;
    pl_solution *solution = NULL;
    pl_strategies s;
    if (!pl_strategic_form(p, PL_MOST_PROFILES, &s, &game)) return false;
    pl_solve_options own = *options;
    if (own.budget == 0) own.budget = PL_STRATEGIC_BUDGET;
    pl_status status = pl_game_solve(game, NULL, &own, &solution, NULL);
    pl_game_free(game);
    if (status == PL_MEMORY) p->arena->out_of_memory(p->arena->context);
    if (status != PL_OK) return false;
    solutions->complete = solution->complete;
    for (int i = 0; i < solution->count; i++) {
        mpq_t *behaviour = pl_rationals_new(p->rationals, p->arena, (size_t)p->action_count);
        for (int a = 0; a < p->player_count; a++) add_player(p, &s, &solution->equilibria[i], p->players[a], behaviour);
        fill_rest(p, behaviour);
        if (is_known(p, solutions, behaviour)) continue;
        mpq_t *added = pl_part_add(p, solutions);
        if (!added) break;
        for (int k = 0; k < p->action_count; k++) mpq_set(added[k], behaviour[k]);
        solutions->exact[solutions->count - 1] = solution->equilibria[i].exact || solution->equilibria[i].profile >= 0;
    }
    pl_solution_free(solution);
    return solutions->count > 0;
}
