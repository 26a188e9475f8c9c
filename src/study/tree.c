/* What follows from a tree as it was read: nodes of sets, labels, payoffs along the paths, information, recall,
 * subgames.  See tree.h. */
#include "study/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pl_tree_free(pl_tree *tree) {
    if (!tree) return;
    pl_rationals_free(&tree->rationals);
    pl_arena_free(&tree->arena);
    pl_release(tree);
}

/* ---- labels ------------------------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static bool are_distinct(pl_arena *arena, const char *const *names, int count) {
    if (count == 0) return true;
    const char **sorted = PL_ARRAY(arena, count, const char *);
    memcpy(sorted, names, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, compare_names);
    if (!*sorted[0]) return false;
    for (int i = 1; i < count; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0) return false;
    return true;
}

static const char *number_text(pl_arena *arena, long number) {
    char text[24];
    int length = snprintf(text, sizeof text, "%ld", number);
    return pl_arena_text(arena, text, (size_t)length);
}

const char **pl_labels(pl_arena *arena, const char *const *names, int count) {
    bool distinct = are_distinct(arena, names, count);
    const char **labels = PL_ARRAY(arena, count, const char *);
    for (int i = 0; i < count; i++) labels[i] = distinct ? names[i] : number_text(arena, i + 1);
    return labels;
}

/* Orders sets by player and name, so that a name that the player has twice stands beside itself. */
static int compare_sets(const void *a, const void *b) {
    const pl_information_set *x = *(pl_information_set *const *)a, *y = *(pl_information_set *const *)b;
    return x->player != y->player ? (x->player > y->player) - (x->player < y->player) : strcmp(x->name, y->name);
}

static bool is_whole_number(const char *name) { return *name && !name[strspn(name, "0123456789")]; }

/* Among the sets of one player, sorted by name: whether one has a name that is missing or double. */
static bool stands_alone(pl_information_set *const *sorted, int count, int index) {
    if (!*sorted[index]->name) return false;
    if (index > 0 && compare_sets(&sorted[index - 1], &sorted[index]) == 0) return false;
    return index + 1 == count || compare_sets(&sorted[index], &sorted[index + 1]) != 0;
}

/* Those of one player: a name that could be taken for the number of another set gives way to its own number. */
static void label_player(pl_arena *arena, pl_information_set **sorted, int count) {
    bool numbered = false;
    for (int i = 0; i < count; i++) numbered = numbered || !stands_alone(sorted, count, i);
    for (int i = 0; i < count; i++) {
        pl_information_set *s = sorted[i];
        bool own = stands_alone(sorted, count, i) && !(numbered && is_whole_number(s->name));
        s->label = own ? s->name : number_text(arena, s->number);
        s->actions = pl_labels(arena, s->names, s->action_count);
    }
}

static void label_sets(pl_tree *t) {
    pl_information_set **sorted = PL_ARRAY(&t->arena, t->set_count, pl_information_set *);
    for (int i = 0; i < t->set_count; i++) sorted[i] = &t->sets[i];
    qsort(sorted, (size_t)t->set_count, sizeof *sorted, compare_sets);
    for (int from = 0, to; from < t->set_count; from = to) {
        for (to = from; to < t->set_count && sorted[to]->player == sorted[from]->player;) to++;
        label_player(&t->arena, sorted + from, to - from);
    }
}

/* ---- sets and payoffs --------------------------------------------------------------------------------- */

static void place_sets(pl_tree *t) {
    for (int n = 0; n < t->node_count; n++)
        if (t->nodes[n].set >= 0) t->sets[t->nodes[n].set].node_count++;
    t->perfect_information = true;
    for (int i = 0; i < t->set_count; i++) {
        pl_information_set *s = &t->sets[i];
        s->nodes = PL_ARRAY(&t->arena, s->node_count, int);
        if (s->player >= 0 && s->node_count > 1) t->perfect_information = false;
        s->node_count = 0;
        s->first = s->player < 0 ? -1 : t->action_count;
        if (s->player >= 0) t->action_count += s->action_count;
    }
    for (int n = 0; n < t->node_count; n++) {
        if (t->nodes[n].set < 0) continue;
        pl_information_set *s = &t->sets[t->nodes[n].set];
        s->nodes[s->node_count++] = n;
    }
    t->set_of = PL_ARRAY(&t->arena, t->action_count, int);
    for (int i = 0; i < t->set_count; i++)
        for (int k = 0; k < t->sets[i].action_count && t->sets[i].player >= 0; k++) t->set_of[t->sets[i].first + k] = i;
}

/* depth[node]; the deepest is returned. */
static int measure_depth(const pl_tree *t, int *depth) {
    int deepest = 0;
    for (int n = 0; n < t->node_count; n++) {
        depth[n] = t->nodes[n].parent < 0 ? 0 : depth[t->nodes[n].parent] + 1;
        if (depth[n] > deepest) deepest = depth[n];
    }
    return deepest;
}

/* The payoffs that a path has added up to, kept by depth: in prefix order those above a node are its own path's. */
static void add_payoffs(pl_tree *t) {
    size_t players = (size_t)t->player_count;
    int *depth = PL_ARRAY(&t->arena, t->node_count, int);
    for (int n = 0; n < t->node_count; n++) t->nodes[n].payoffs = t->nodes[n].set < 0 ? t->terminal_count++ : -1;
    t->payoffs = pl_rationals_new(&t->rationals, &t->arena, (size_t)t->terminal_count * players);
    mpq_t *sums = pl_rationals_new(&t->rationals, &t->arena, ((size_t)measure_depth(t, depth) + 1) * players);
    for (int n = 0; n < t->node_count; n++) {
        mpq_t *sum = sums + (size_t)depth[n] * players;
        const mpq_t *paid = t->nodes[n].outcome < 0 ? NULL : (const mpq_t *)t->outcomes[t->nodes[n].outcome].payoffs;
        for (size_t i = 0; i < players; i++) {
            if (depth[n]) mpq_set(sum[i], (sum - players)[i]);
            else mpq_set_ui(sum[i], 0, 1);
            if (paid) mpq_add(sum[i], sum[i], paid[i]);
            if (t->nodes[n].set < 0) mpq_set(pl_tree_payoffs(t, n)[i], sum[i]);
        }
    }
}

/* ---- recall ------------------------------------------------------------------------------------------- */

/* Perfect recall (Kuhn, Contributions to the Theory of Games II, 1953): at all nodes of a set its player has met the
 * same own sets and chosen the same there. last[node]: the place of the player's latest action before the node.
 * A set of one action decides nothing, and nobody need remember it. */
static void check_recall(pl_tree *t, int player, int *last) {
    for (int n = 0; n < t->node_count; n++) {
        const pl_node *node = &t->nodes[n];
        if (node->parent < 0) {
            last[n] = -1;
            continue;
        }
        const pl_information_set *above = &t->sets[t->nodes[node->parent].set];
        bool chose = above->player == player && above->action_count > 1;
        last[n] = chose ? above->first + node->action : last[node->parent];
    }
    for (int i = 0; i < t->set_count; i++) {
        pl_information_set *s = &t->sets[i];
        if (s->player != player) continue;
        s->before = last[s->nodes[0]];
        for (int k = 1; k < s->node_count && s->action_count > 1 && t->forgetful < 0; k++)
            if (last[s->nodes[k]] != last[s->nodes[0]]) t->forgetful = i;
    }
}

/* Nodes of a set rise, and a node below another lies before its end: it is enough to look at the latest that is
 * open. */
static void check_absent_minded(pl_tree *t) {
    for (int i = 0; i < t->set_count && t->absent_minded < 0; i++) {
        const pl_information_set *s = &t->sets[i];
        for (int k = 1; k < s->node_count && s->player >= 0 && s->action_count > 1; k++)
            if (s->nodes[k] < t->nodes[s->nodes[k - 1]].end) t->absent_minded = i;
    }
}

void pl_tree_finish(pl_tree *t) {
    place_sets(t);
    label_sets(t);
    t->players = pl_labels(&t->arena, t->player_names, t->player_count);
    add_payoffs(t);
    t->forgetful = t->absent_minded = -1;
    check_absent_minded(t);
    int *last = PL_ARRAY(&t->arena, t->node_count, int);
    for (int i = 0; i < t->player_count; i++) check_recall(t, i, last);
}

/* ---- subgames ----------------------------------------------------------------------------------------- */

/* A node roots a subgame where no set of players reaches out of its subtree: over the sets met below it, the least
 * first node is not before it and the greatest last node not behind its end. */
int pl_tree_subgames(const pl_tree *t, bool *root) {
    int count = 0;
    int *least = pl_allocate((size_t)t->node_count * sizeof *least), *most = pl_allocate((size_t)t->node_count * sizeof *most);
    if (!least || !most) {
        pl_release(least), pl_release(most);
        return -1;
    }
    for (int n = t->node_count - 1; n >= 0; n--) {
        const pl_node *node = &t->nodes[n];
        least[n] = most[n] = n;
        root[n] = false;
        if (node->set < 0) continue;
        const pl_information_set *s = &t->sets[node->set];
        if (s->player >= 0) least[n] = s->nodes[0], most[n] = s->nodes[s->node_count - 1];
        for (int k = 0; k < s->action_count; k++) {
            int child = node->children[k];
            if (least[child] < least[n]) least[n] = least[child];
            if (most[child] > most[n]) most[n] = most[child];
        }
        bool alone = s->player < 0 || s->node_count == 1;
        root[n] = alone && least[n] >= n && most[n] < node->end;
        count += root[n];
    }
    root[0] = true; /* also where it is terminal, or where play may come back to its set */
    pl_release(least), pl_release(most);
    return count;
}
