/* Parts of trees: what is in them, expected payoffs, best responses, and the part of one player alone.  See part.h. */
#include "study/part.h"

#include <string.h>

void pl_part_start(pl_part *p) {
    const pl_tree *t = p->tree;
    int room = 0, first_room = 0, player_room = 0;
    p->sets = p->first = p->players = NULL;
    p->set_count = p->player_count = p->action_count = 0;
    for (int n = p->root; n < t->nodes[p->root].end; n = pl_part_next(p, n)) {
        if (pl_part_is_leaf(p, n) || pl_tree_player(t, n) < 0 || t->sets[t->nodes[n].set].nodes[0] != n) continue;
        p->sets = pl_arena_grow(p->arena, p->sets, p->set_count, &room, p->set_count + 1, sizeof *p->sets);
        p->first = pl_arena_grow(p->arena, p->first, p->set_count, &first_room, p->set_count + 1, sizeof *p->first);
        p->sets[p->set_count] = t->nodes[n].set;
        p->first[p->set_count] = p->action_count;
        p->place[t->nodes[n].set] = p->set_count++;
        p->action_count += t->sets[t->nodes[n].set].action_count;
        int player = pl_tree_player(t, n), at = p->player_count;
        while (at > 0 && p->players[at - 1] > player) at--;
        if (at > 0 && p->players[at - 1] == player) continue;
        p->players = pl_arena_grow(p->arena, p->players, p->player_count, &player_room, p->player_count + 1, sizeof(int));
        memmove(p->players + at + 1, p->players + at, (size_t)(p->player_count - at) * sizeof(int));
        p->players[at] = player;
        p->player_count++;
    }
}

/* The probability of an action, chance's included. */
static mpq_t *chance_of(const pl_part *p, mpq_t *const behaviour, int node, int action) {
    const pl_information_set *s = &p->tree->sets[p->tree->nodes[node].set];
    return s->player < 0 ? &s->probabilities[action] : &behaviour[s->first + action];
}

/* The values of the players below a node, one player after the other: a loop over the nodes, which are in prefix order,
 * with the probability of the path kept by depth. */
void pl_part_values(const pl_part *p, mpq_t *const behaviour, mpq_t *values) {
    const pl_tree *t = p->tree;
    int depth = 0, room = 0;
    mpq_t *path = NULL, *term = pl_rationals_new(p->rationals, p->arena, 1);
    int *at = NULL; /* [depth] the node */
    for (int i = 0; i < t->player_count; i++) mpq_set_ui(values[i], 0, 1);
    for (int n = p->root; n < t->nodes[p->root].end; n = pl_part_next(p, n)) {
        while (depth && t->nodes[at[depth - 1]].end <= n) depth--;
        if (depth == room) {
            int more = room ? 2 * room : 16;
            mpq_t *longer = pl_rationals_new(p->rationals, p->arena, (size_t)more);
            int *nodes = PL_ARRAY(p->arena, more, int);
            for (int k = 0; k < room; k++) mpq_set(longer[k], path[k]), nodes[k] = at[k];
            path = longer, at = nodes, room = more;
        }
        at[depth] = n;
        if (depth) mpq_mul(path[depth], path[depth - 1], *chance_of(p, behaviour, t->nodes[n].parent, t->nodes[n].action));
        else mpq_set_ui(path[depth], 1, 1);
        if (pl_part_is_leaf(p, n) && mpq_sgn(path[depth]) != 0)
            for (int i = 0; i < t->player_count; i++) {
                mpq_mul(*term, path[depth], pl_part_payoffs(p, n)[i]);
                mpq_add(values[i], values[i], *term);
            }
        depth++;
    }
}

/* ---- best responses ----------------------------------------------------------------------------------- */

typedef struct frame {
    int node, sequence; /* of the player who responds */
} frame;

/* Adds each leaf's weighted payoff to the sequence that leads to it. */
static void add_leaves(const pl_part *p, mpq_t *const behaviour, int player, mpq_t *values, mpq_t *none) {
    const pl_tree *t = p->tree;
    int depth = 0, room = 0;
    mpq_t *path = NULL, *term = pl_rationals_new(p->rationals, p->arena, 1);
    frame *frames = NULL;
    for (int n = p->root; n < t->nodes[p->root].end; n = pl_part_next(p, n)) {
        while (depth && t->nodes[frames[depth - 1].node].end <= n) depth--;
        if (depth == room) {
            int more = room ? 2 * room : 16;
            mpq_t *longer = pl_rationals_new(p->rationals, p->arena, (size_t)more);
            for (int k = 0; k < room; k++) mpq_set(longer[k], path[k]);
            frames = pl_arena_grow(p->arena, frames, depth, &room, more, sizeof *frames);
            path = longer, room = more;
        }
        frames[depth] = (frame){n, -1};
        mpq_set_ui(path[depth], 1, 1);
        if (depth) {
            int above = t->nodes[n].parent, action = t->nodes[n].action;
            bool own = pl_tree_player(t, above) == player;
            bool chose = own && t->sets[t->nodes[above].set].action_count > 1;
            frames[depth].sequence = chose ? t->sets[t->nodes[above].set].first + action : frames[depth - 1].sequence;
            if (own) mpq_set(path[depth], path[depth - 1]);
            else mpq_mul(path[depth], path[depth - 1], *chance_of(p, behaviour, above, action));
        }
        if (pl_part_is_leaf(p, n) && mpq_sgn(path[depth]) != 0) {
            mpq_t *sum = frames[depth].sequence < 0 ? none : &values[frames[depth].sequence];
            mpq_mul(*term, path[depth], pl_part_payoffs(p, n)[player]);
            mpq_add(*sum, *sum, *term);
        }
        depth++;
    }
}

static int best_action(const pl_information_set *s, mpq_t *const values) {
    int best = s->first;
    for (int k = 1; k < s->action_count; k++)
        if (mpq_cmp(values[s->first + k], values[best]) > 0) best = s->first + k;
    return best;
}

void pl_part_respond(const pl_part *p, mpq_t *const behaviour, int player, mpq_t *values, mpq_t *best) {
    const pl_tree *t = p->tree;
    mpq_set_ui(*best, 0, 1);
    for (int i = 0; i < p->set_count; i++) {
        const pl_information_set *s = &t->sets[p->sets[i]];
        for (int k = 0; k < s->action_count && s->player == player; k++) mpq_set_ui(values[s->first + k], 0, 1);
    }
    add_leaves(p, behaviour, player, values, best);
    for (int i = p->set_count - 1; i >= 0; i--) {
        const pl_information_set *s = &t->sets[p->sets[i]];
        if (s->player != player) continue;
        int before = pl_part_before(p, p->sets[i]);
        mpq_t *sum = before < 0 ? best : &values[before];
        mpq_add(*sum, *sum, values[best_action(s, values)]);
    }
}

/* ---- one player alone --------------------------------------------------------------------------------- */

mpq_t *pl_part_add(pl_part *p, pl_part_solutions *s) {
    if (s->count >= s->most) {
        s->cut_off = true;
        return NULL;
    }
    s->behaviours = pl_arena_grow(p->arena, s->behaviours, s->count, &s->room, s->count + 1, sizeof *s->behaviours);
    s->exact = pl_arena_grow(p->arena, s->exact, s->count, &s->exact_room, s->count + 1, sizeof *s->exact);
    s->exact[s->count] = true;
    return s->behaviours[s->count++] = pl_rationals_new(p->rationals, p->arena, (size_t)p->action_count);
}

/* The combinations of best actions: one choice at each set that the choices before it lead to, elsewhere the first
 * best. choice[set of the part]; counts up like a number whose digits are the sets' best actions. */
typedef struct choices {
    pl_part *p;
    mpq_t *values; /* [action of the tree] */
    int *choice;   /* [set of the part] the action's number within the set */
    bool *open;    /* [set of the part] the player's own choices lead there */
} choices;

static bool is_best(const choices *c, const pl_information_set *s, int action) {
    return mpq_equal(c->values[s->first + action], c->values[best_action(s, c->values)]);
}

/* The next best action of a set behind `after`; -1: none. */
static int next_best(const choices *c, const pl_information_set *s, int after) {
    for (int k = after + 1; k < s->action_count; k++)
        if (is_best(c, s, k)) return k;
    return -1;
}

static void open_sets(choices *c) {
    const pl_tree *t = c->p->tree;
    for (int i = 0; i < c->p->set_count; i++) {
        int before = pl_part_before(c->p, c->p->sets[i]);
        c->open[i] = true;
        if (before < 0) continue;
        int above = c->p->place[t->set_of[before]];
        c->open[i] = c->open[above] && t->sets[t->set_of[before]].first + c->choice[above] == before;
    }
}

/* The last open set that has a further best action takes it; those behind it start anew. */
static bool count_up(choices *c) {
    const pl_tree *t = c->p->tree;
    for (int i = c->p->set_count - 1; i >= 0; i--) {
        const pl_information_set *s = &t->sets[c->p->sets[i]];
        int next = c->open[i] ? next_best(c, s, c->choice[i]) : -1;
        if (next < 0) continue;
        c->choice[i] = next;
        for (int k = i + 1; k < c->p->set_count; k++) c->choice[k] = next_best(c, &t->sets[c->p->sets[k]], -1);
        open_sets(c);
        return true;
    }
    return false;
}

void pl_part_solve_alone(pl_part *p, pl_part_solutions *solutions) {
    const pl_tree *t = p->tree;
    mpq_t *best = pl_rationals_new(p->rationals, p->arena, 1);
    choices c = {p, p->scratch, PL_ARRAY(p->arena, p->set_count, int), PL_ARRAY(p->arena, p->set_count, bool)};
    if (p->player_count) pl_part_respond(p, NULL, p->players[0], c.values, best);
    for (int i = 0; i < p->set_count; i++) c.choice[i] = next_best(&c, &t->sets[p->sets[i]], -1);
    open_sets(&c);
    solutions->complete = true;
    do {
        mpq_t *behaviour = pl_part_add(p, solutions);
        if (!behaviour) break;
        for (int i = 0; i < p->set_count; i++)
            mpq_set_ui(behaviour[p->first[i] + c.choice[i]], 1, 1);
    } while (count_up(&c));
    if (solutions->cut_off) solutions->complete = false;
}
