/* The reader of games in extensive form (.efg): nodes in prefix order, each with its information set and its outcome,
 * both described where they come first (and often again).  See gamefile.h. */
#include <stdint.h>
#include <string.h>

#include "study/gamefile.h"

/* A bound on what is kept for each node and player. */
enum { MOST_CELLS = 4000000, MOST_NUMBER = 1000000000, MOST_BITS = 10000 };

/* A table of numbers: where the set (player, number) or the outcome (-2, number) is. */
typedef struct slot {
    long number;
    int player, index; /* index -1: empty */
} slot;

typedef struct open_node {
    int node, next; /* the child that comes next */
    pl_lexeme at;
} open_node;

typedef struct tree_reader {
    pl_game_reader *r;
    pl_tree *t;
    int node_room, set_room, outcome_room;
    slot *slots;
    int slot_count, slot_room; /* room is a power of 2 */
    open_node *open;           /* the path to the node that comes next */
    int open_count, open_room;
    mpq_t *numbers; /* [player or action] the ones read last */
    int number_room;
} tree_reader;

/* ---- numbers of sets and outcomes --------------------------------------------------------------------- */

static slot *find_slot(const tree_reader *tr, int player, long number) {
    uint64_t hash = ((uint64_t)number * 2654435761u + (uint64_t)(player + 2) * 0x9e3779b97f4a7c15u);
    size_t mask = (size_t)tr->slot_room - 1, i = (size_t)(hash ^ hash >> 29) & mask;
    while (tr->slots[i].index >= 0 && (tr->slots[i].player != player || tr->slots[i].number != number)) i = (i + 1) & mask;
    return &tr->slots[i];
}

static void grow_slots(tree_reader *tr) {
    slot *old = tr->slots;
    int room = tr->slot_room;
    tr->slot_room = room ? room * 2 : 64;
    tr->slots = PL_ARRAY(tr->r->arena, tr->slot_room, slot);
    for (int i = 0; i < tr->slot_room; i++) tr->slots[i].index = -1;
    for (int i = 0; i < room; i++)
        if (old[i].index >= 0) *find_slot(tr, old[i].player, old[i].number) = old[i];
}

/* The slot of a number; one that is new is given the index. */
static slot *look_up(tree_reader *tr, int player, long number, int index, bool *is_new) {
    if (2 * tr->slot_count >= tr->slot_room) grow_slots(tr);
    slot *s = find_slot(tr, player, number);
    *is_new = s->index < 0;
    if (*is_new) {
        *s = (slot){number, player, index};
        tr->slot_count++;
    }
    return s;
}

/* Room for numbers that are read before it is known where they go. */
static mpq_t *number_at(tree_reader *tr, int index) {
    if (index >= tr->number_room) {
        int room = tr->number_room ? tr->number_room * 2 : 16;
        mpq_t *numbers = pl_rationals_new(&tr->t->rationals, tr->r->arena, (size_t)room);
        for (int i = 0; i < tr->number_room; i++) mpq_set(numbers[i], tr->numbers[i]);
        tr->numbers = numbers;
        tr->number_room = room;
    }
    return &tr->numbers[index];
}

static mpq_t *keep_numbers(tree_reader *tr, int count) {
    mpq_t *kept = pl_rationals_new(&tr->t->rationals, &tr->t->arena, (size_t)count);
    for (int i = 0; i < count; i++) mpq_set(kept[i], tr->numbers[i]);
    return kept;
}

static bool same_numbers(const tree_reader *tr, const mpq_t *kept, int count) {
    for (int i = 0; i < count; i++)
        if (!mpq_equal(kept[i], tr->numbers[i])) return false;
    return true;
}

/* ---- outcomes ----------------------------------------------------------------------------------------- */

static int new_outcome(tree_reader *tr, long number) {
    pl_tree *t = tr->t;
    t->outcomes = pl_arena_grow(&t->arena, t->outcomes, t->outcome_count, &tr->outcome_room, t->outcome_count + 1,
                                sizeof *t->outcomes);
    t->outcomes[t->outcome_count] = (pl_outcome){.number = number, .name = ""};
    return t->outcome_count++;
}

static void read_payoffs(tree_reader *tr, pl_outcome *o, const pl_lexeme *at) {
    pl_tree *t = tr->t;
    pl_lexeme_open(tr->r, "the payoffs");
    for (int i = 0; i < t->player_count; i++) pl_lexeme_number(tr->r, *number_at(tr, i), "a payoff for each player");
    pl_lexeme_close(tr->r, "the payoffs, one for each player,");
    if (!o->payoffs) o->payoffs = keep_numbers(tr, t->player_count);
    else if (!same_numbers(tr, (const mpq_t *)o->payoffs, t->player_count))
        pl_lexeme_fail(tr->r, at, "outcome %ld has other payoffs where it comes before", o->number);
}

/* The outcome of a node: 0 is none, though some files give it a name and payoffs, which then count for the node. */
static int read_outcome(tree_reader *tr) {
    pl_game_reader *r = tr->r;
    pl_lexeme at = r->next;
    bool is_new = false;
    long number = pl_lexeme_whole(r, 0, MOST_NUMBER, "the number of an outcome");
    int index = number ? look_up(tr, -2, number, tr->t->outcome_count, &is_new)->index : -1;
    if (is_new) new_outcome(tr, number);
    const char *name = pl_lexeme_comment(r);
    if (r->next.kind != PL_LEXEME_OPEN) {
        if (index >= 0 && !*tr->t->outcomes[index].name) tr->t->outcomes[index].name = name;
        return index;
    }
    if (index < 0) {
        pl_lexeme_warn(r, &at, "outcome 0 stands for none; its payoffs here count for this node only");
        index = new_outcome(tr, 0);
    }
    pl_outcome *o = &tr->t->outcomes[index];
    if (!*o->name) o->name = name;
    else if (*name && strcmp(o->name, name) != 0)
        pl_lexeme_warn(r, &at, "outcome %ld is called \"%.60s\" where it comes before", number, o->name);
    read_payoffs(tr, o, &at);
    return index;
}

/* ---- information sets --------------------------------------------------------------------------------- */

static pl_information_set *new_set(tree_reader *tr, int player, long number) {
    pl_tree *t = tr->t;
    t->sets = pl_arena_grow(&t->arena, t->sets, t->set_count, &tr->set_room, t->set_count + 1, sizeof *t->sets);
    t->sets[t->set_count] = (pl_information_set){.player = player, .number = number, .name = "", .first = -1};
    return &t->sets[t->set_count++];
}

/* { "a" "b" } of a player, { "a" 1/2 "b" 1/2 } of chance. */
static const char **read_actions(tree_reader *tr, bool chance, int *count) {
    pl_game_reader *r = tr->r;
    const char **names = NULL;
    int room = 0;
    pl_lexeme open = r->next;
    pl_lexeme_open(r, "the actions");
    for (*count = 0; r->next.kind != PL_LEXEME_CLOSE; (*count)++) {
        names = pl_arena_grow(r->arena, names, *count, &room, *count + 1, sizeof *names);
        names[*count] = pl_lexeme_text(r, "the name of an action");
        if (chance) pl_lexeme_number(r, *number_at(tr, *count), "the probability of an action");
    }
    pl_lexeme_next(r);
    if (*count == 0) pl_lexeme_fail(r, &open, "the list of actions is empty");
    return names;
}

/* They add up to 1, or nearly (0.333 three times): then they are scaled. */
static void check_probabilities(tree_reader *tr, int count, const pl_lexeme *at) {
    mpq_t *off = number_at(tr, count + 1), *sum = number_at(tr, count); /* the later first: room may move */
    mpq_set_ui(*sum, 0, 1);
    for (int i = 0; i < count; i++) {
        if (mpq_sgn(tr->numbers[i]) < 0) pl_lexeme_fail(tr->r, at, "a probability is less than 0");
        mpq_add(*sum, *sum, tr->numbers[i]);
        if (mpz_sizeinbase(mpq_denref(*sum), 2) > MOST_BITS)
            pl_lexeme_fail(tr->r, at, "the probabilities have a common denominator of more than %d bits", MOST_BITS);
    }
    if (mpq_cmp_ui(*sum, 1, 1) == 0) return;
    mpq_set_ui(*off, 1, 1);
    mpq_sub(*off, *off, *sum);
    mpq_abs(*off, *off);
    if (mpq_cmp_ui(*off, 1, 100) > 0)
        pl_lexeme_fail(tr->r, at, "the probabilities add up to %g, not to 1", pl_rational_double(*sum));
    pl_lexeme_warn(tr->r, at, "the probabilities add up to %.9g; they are scaled to 1", pl_rational_double(*sum));
    for (int i = 0; i < count; i++) mpq_div(tr->numbers[i], tr->numbers[i], *sum);
}

static bool same_names(const pl_information_set *s, const char *const *names) {
    for (int k = 0; k < s->action_count; k++)
        if (strcmp(s->names[k], names[k]) != 0) return false;
    return true;
}

/* A description that comes again: actions count by their place, so only their number must be the same. */
static void compare_set(tree_reader *tr, const pl_information_set *s, const char *const *names, int count,
                        const pl_lexeme *at) {
    if (count != s->action_count)
        pl_lexeme_fail(tr->r, at, "information set %ld has %d actions where it comes before, not %d", s->number,
                       s->action_count, count);
    if (!same_names(s, names))
        pl_lexeme_warn(tr->r, at, "information set %ld names its actions differently where it comes before", s->number);
}

static void describe_set(pl_information_set *s, tree_reader *tr, const char *name, const char **names, int count) {
    s->name = name;
    s->names = names;
    s->action_count = count;
    if (s->player < 0) s->probabilities = keep_numbers(tr, count);
}

/* Nodes of chance need not share a set, so one that is described otherwise is a set of its own. */
static int read_set(tree_reader *tr, int player) {
    pl_game_reader *r = tr->r;
    pl_lexeme at = r->next;
    bool is_new, chance = player < 0;
    long number = pl_lexeme_whole(r, 0, MOST_NUMBER, "the number of an information set");
    slot *place = look_up(tr, player, number, tr->t->set_count, &is_new);
    const char *name = pl_lexeme_comment(r);
    if (r->next.kind != PL_LEXEME_OPEN) {
        if (is_new) pl_lexeme_fail(r, &at, "information set %ld comes here first, and without its actions", number);
        return place->index;
    }
    int count;
    const char **names = read_actions(tr, chance, &count);
    if (chance) check_probabilities(tr, count, &at);
    if (is_new) {
        describe_set(new_set(tr, player, number), tr, name, names, count);
        return place->index;
    }
    pl_information_set *s = &tr->t->sets[place->index];
    if (chance && (count != s->action_count || !same_numbers(tr, (const mpq_t *)s->probabilities, count))) {
        pl_lexeme_warn(r, &at, "chance's move %ld has other probabilities where it comes before", number);
        place->index = tr->t->set_count;
        describe_set(new_set(tr, player, number), tr, name, names, count);
    } else {
        compare_set(tr, s, names, count, &at);
    }
    return place->index;
}

/* ---- nodes -------------------------------------------------------------------------------------------- */

static void read_kind(tree_reader *tr, char *kind) {
    const pl_lexeme *l = &tr->r->next;
    if (l->kind != PL_LEXEME_WORD || l->length != 1 || !strchr("cptCPT", *l->from)) {
        if (l->kind == PL_LEXEME_END && tr->open_count) {
            const open_node *above = &tr->open[tr->open_count - 1];
            pl_lexeme_fail(tr->r, &above->at, "the file ends, but this node lacks what follows action %d", above->next + 1);
        }
        pl_lexeme_fail(tr->r, l, "a node is expected here: c, p or t");
    }
    *kind = (char)(*l->from | 32);
    pl_lexeme_next(tr->r);
}

/* Hangs a node below the one that is open, and closes what is complete. */
static void hang(tree_reader *tr, int node, const pl_lexeme *at) {
    pl_tree *t = tr->t;
    pl_node *n = &t->nodes[node];
    n->parent = n->action = -1;
    if (tr->open_count) {
        open_node *above = &tr->open[tr->open_count - 1];
        n->parent = above->node;
        n->action = above->next;
        t->nodes[above->node].children[above->next++] = node;
    }
    if (n->set >= 0) {
        n->children = PL_ARRAY(&t->arena, t->sets[n->set].action_count, int);
        tr->open = pl_arena_grow(tr->r->arena, tr->open, tr->open_count, &tr->open_room, tr->open_count + 1, sizeof *tr->open);
        tr->open[tr->open_count++] = (open_node){node, 0, *at};
    }
    n->end = node + 1;
    while (tr->open_count) {
        const open_node *above = &tr->open[tr->open_count - 1];
        if (above->next < t->sets[t->nodes[above->node].set].action_count) break;
        t->nodes[above->node].end = node + 1;
        tr->open_count--;
    }
}

static void read_node(tree_reader *tr) {
    pl_tree *t = tr->t;
    pl_lexeme at = tr->r->next;
    char kind;
    read_kind(tr, &kind);
    if ((long)(t->node_count + 1) * t->player_count > MOST_CELLS)
        pl_lexeme_fail(tr->r, &at, "the tree has more than %d nodes", MOST_CELLS / t->player_count);
    t->nodes = pl_arena_grow(&t->arena, t->nodes, t->node_count, &tr->node_room, t->node_count + 1, sizeof *t->nodes);
    pl_node node = {.name = pl_lexeme_comment(tr->r), .set = -1};
    if (kind == 'p') {
        int player = (int)pl_lexeme_whole(tr->r, 1, t->player_count, "the number of a player") - 1;
        node.set = read_set(tr, player);
    } else if (kind == 'c') {
        node.set = read_set(tr, -1);
    }
    node.outcome = read_outcome(tr);
    t->nodes[t->node_count] = node;
    hang(tr, t->node_count++, &at);
}

static void warn_of_outcomes(tree_reader *tr, const pl_lexeme *at) {
    for (int i = 0; i < tr->t->outcome_count; i++)
        if (!tr->t->outcomes[i].payoffs)
            pl_lexeme_warn(tr->r, at, "outcome %ld has no payoffs: they count as 0", tr->t->outcomes[i].number);
}

void pl_game_reader_efg(pl_game_reader *r) {
    pl_tree *t = r->file->tree = pl_allocate(sizeof *t);
    if (!t) r->arena->out_of_memory(r->arena->context);
    t->arena.out_of_memory = r->arena->out_of_memory;
    t->arena.context = r->arena->context;
    r->arena = &t->arena;
    tree_reader tr = {.r = r, .t = t};
    t->player_names = pl_lexeme_header(r, "EFG", 2, &t->player_count);
    t->title = r->file->title;
    t->comment = r->file->comment = pl_lexeme_comment(r);
    do read_node(&tr);
    while (tr.open_count);
    pl_lexeme end = r->next;
    if (end.kind != PL_LEXEME_END) pl_lexeme_fail(r, &end, "the tree is complete, but the file goes on");
    warn_of_outcomes(&tr, &end);
    pl_tree_finish(t);
    t->arena.out_of_memory = NULL;
}
