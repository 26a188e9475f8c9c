/* A part of a tree that is solved at once: a subgame in which the subgames below it, already solved, are leaves.
 *
 * Strategies are kept by place of action: a behaviour is mpq_t[action], a realization plan (Koller, Megiddo and von
 * Stengel, Games and Economic Behavior 14:247, 1996) too, as the probability that its player alone gives to all its
 * actions up to that one.  A sequence is its last action's place; the empty one is -1. */
#ifndef PL_PART_H
#define PL_PART_H
#include "study/behaviour.h"

typedef struct pl_part {
    const pl_tree *tree;
    int root;
    const bool *cut; /* [node] the roots of subgames that are solved, but for the part's own; NULL: none */
    const int *number; /* [node] of a cut node, its number among them */
    mpq_t *values;   /* [number][player] their values */
    pl_arena *arena; /* for what lives as long as the part */
    pl_rationals *rationals;
    int *place;      /* [set] room for its index among those of the part */
    mpq_t *scratch;  /* [action] room for values */
    int *sets;       /* of players, in prefix order */
    int *first;      /* [set_count] where the set's actions begin among those of the part */
    int set_count, action_count;
    int *players;    /* those who act, rising */
    int player_count;
} pl_part;

/* Looks over the part: its sets and players, and their places. The members up to `scratch` are given. */
void pl_part_start(pl_part *part);

static inline bool pl_part_is_leaf(const pl_part *p, int node) {
    return p->tree->nodes[node].set < 0 || (p->cut && p->cut[node] && node != p->root);
}
/* The part's nodes in prefix order: for (n = root; n < end of root; n = next). */
static inline int pl_part_next(const pl_part *p, int node) {
    return pl_part_is_leaf(p, node) ? p->tree->nodes[node].end : node + 1;
}
static inline mpq_t *pl_part_payoffs(const pl_part *p, int leaf) {
    return p->tree->nodes[leaf].set < 0 ? pl_tree_payoffs(p->tree, leaf)
                                        : p->values + (size_t)p->number[leaf] * (size_t)p->tree->player_count;
}
/* The sequence before a set, -1 where the action lies above the part. */
static inline int pl_part_before(const pl_part *p, int set) {
    int before = p->tree->sets[set].before;
    return before >= 0 && p->tree->sets[p->tree->set_of[before]].nodes[0] < p->root ? -1 : before;
}

/* Payoffs of all players at the root under a behaviour. values[player] */
void pl_part_values(const pl_part *part, mpq_t *const behaviour, mpq_t *values);

/* What a player can get against the others' behaviour: for each of the player's actions in the part the sum, over the
 * leaves behind it, of the probability that chance and the others give to the leaf times the payoff, with the player's
 * own later actions the best. values[action]; best[0]: the player's best payoff at the root. The player's own part of
 * the behaviour counts for nothing. */
void pl_part_respond(const pl_part *part, mpq_t *const behaviour, int player, mpq_t *values, mpq_t *best);

/* Solutions of a part: a probability for each action of its sets, which begin at `first`. */
typedef struct pl_part_solutions {
    mpq_t **behaviours; /* [count][action of the part] */
    bool *exact;        /* [count] the probabilities are not only the nearest doubles */
    int count, room, exact_room, most;
    bool complete, cut_off;
    pl_component *components; /* of two players; indices into behaviours */
    int component_count;
} pl_part_solutions;
/* A new solution, all 0 and exact; NULL where there are as many as may be. */
mpq_t *pl_part_add(pl_part *part, pl_part_solutions *solutions);

/* Each finds what it says in behaviour.h. */
void pl_part_solve_alone(pl_part *part, pl_part_solutions *solutions);
bool pl_part_solve_sequence(pl_part *part, pl_part_solutions *solutions); /* false: too large */
bool pl_part_solve_lp(pl_part *part, pl_part_solutions *solutions);       /* false: not zero-sum */
bool pl_part_solve_lemke(pl_part *part, pl_part_solutions *solutions);    /* false: too large */
bool pl_part_solve_normal(pl_part *part, const pl_solve_options *options, pl_part_solutions *solutions); /* too large */
#endif
