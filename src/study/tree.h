/* Games in extensive form: a tree of nodes with information sets, and what is known of it before anything is solved.
 *
 * Nodes are numbered in prefix order (a node, then its first child's subtree, and so on), so that a loop forward meets
 * parents before children and a loop backward children before parents: nothing here recurses.  Payoffs and
 * probabilities are exact.  A set of player -1 is chance's; nature's moves are nodes of a set with probabilities. */
#ifndef PL_TREE_H
#define PL_TREE_H
#include <stdbool.h>

#include "base/error.h"
#include "study/game.h"
#include "study/rational.h"

typedef struct pl_information_set {
    int player;           /* -1: chance */
    long number;          /* in the file, its own within the player */
    const char *name;     /* as in the file, may be "" */
    const char *label;    /* what it is called: its name where the player has it once, else its number */
    int action_count;
    const char **names;   /* [action] as in the file, may be "" */
    const char **actions; /* [action] what they are called: the names, or numbers where one is missing or double */
    mpq_t *probabilities; /* [action] of chance; NULL else */
    int first;            /* place of its first action among the actions of all players' sets; -1: chance's */
    int before;           /* place of its player's latest choice (of several actions) before it; -1: none */
    int node_count;
    int *nodes;           /* [node_count] rising */
} pl_information_set;

typedef struct pl_outcome {
    long number;      /* in the file, > 0 */
    const char *name;
    mpq_t *payoffs;   /* [player]; NULL: none were given, which counts as 0 */
} pl_outcome;

typedef struct pl_node {
    const char *name;
    int parent, action; /* the action of the parent that leads here; -1 at the root */
    int set;            /* -1: terminal */
    int outcome;        /* index, -1: none */
    int end;            /* the first node behind its subtree */
    int *children;      /* [action] */
    int payoffs;        /* terminal: place of its payoffs, counted in terminal nodes; else -1 */
} pl_node;

typedef struct pl_tree {
    pl_arena arena;
    pl_rationals rationals;
    const char *title, *comment;
    int player_count;
    const char **players; /* [player] what they are called: as in the file, or numbers where missing or double */
    const char **player_names; /* [player] as in the file */
    int node_count, set_count, outcome_count, terminal_count;
    pl_node *nodes;
    pl_information_set *sets; /* by first node */
    pl_outcome *outcomes;
    int action_count;  /* of all players' sets together */
    int *set_of;       /* [action] the set that it belongs to */
    mpq_t *payoffs;    /* [terminal][player] sums of the outcomes from the root on */
    bool perfect_information; /* every player's set has one node */
    int forgetful;     /* a set whose player forgot what it did or knew there; -1: perfect recall */
    int absent_minded; /* a set that one play may meet twice; -1: none */
} pl_tree;

void pl_tree_free(pl_tree *tree);

static inline mpq_t *pl_tree_payoffs(const pl_tree *t, int terminal_node) {
    return t->payoffs + (size_t)t->nodes[terminal_node].payoffs * (size_t)t->player_count;
}
static inline int pl_tree_player(const pl_tree *t, int node) {
    return t->nodes[node].set < 0 ? -1 : t->sets[t->nodes[node].set].player;
}

/* For what builds a tree from nodes with name, parent, action, set, outcome, end, children, and sets with player,
 * number, name, names, action_count, probabilities: everything else that the types above hold. */
void pl_tree_finish(pl_tree *tree);
/* Labels for names of which some are missing or double: the names where none is, else "1", "2", ... for all. */
const char **pl_labels(pl_arena *arena, const char *const *names, int count);

/* Roots of proper subgames (the root of the tree among them), rising: a node alone in its set, whose subtree holds
 * every set that it meets as a whole. root[node] has room for node_count. Returns their number. */
int pl_tree_subgames(const pl_tree *tree, bool *root);
#endif
