/* See population.h.  The population and the last generation lie in one list, the survivors first.  A random number is
 * addressed by (seed, run, generation, member, counter), so that neither threads nor other runs show in it. */
#include "study/population.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/philox.h"
#include "program/math.h"

enum {
    LEAST_POPULATION = 60,
    OFFSPRING = 20, /* of a generation; the first and those after a restart are as large as the population */
    WINDOW = 200,   /* evaluations between two looks at the progress */
    MOST_MEMBERS = 2000 /* of the archive: beyond it the boxes become wider, for time grows with its square */
};
/* Borg's 2 % of a population that is four times the archive, where this one is as large as the archive. */
static const double tournament_share = 0.08;

struct pl_population {
    pl_extent extent;
    uint64_t key;
    int number;
    long evaluations, most;
    uint32_t generation;
    pl_archive archive;
    pl_candidate *pool;  /* [room] the population, then what was asked for */
    int room, size;      /* size: what the population is to be */
    int members, asked;
    bool injecting;      /* what was asked for follows a restart */
    int *rank;           /* [room] */
    double *crowding;    /* [room] */
    int *order;          /* [room] */
    double *work;        /* of the operators */
    double probability[PL_OPERATOR_COUNT];
    long made[PL_OPERATOR_COUNT];
    int restarts;
    long checked, improvements; /* at the last look: evaluations, and the archive's improvements */
};

void pl_population_free(pl_population *e) {
    if (!e) return;
    pl_archive_free(&e->archive);
    pl_release(e->pool), pl_release(e->rank), pl_release(e->crowding), pl_release(e->order), pl_release(e->work);
    pl_release(e);
}

static pl_status make_room(pl_population *e, int room) {
    if (room <= e->room) return PL_OK;
    pl_candidate *pool = pl_candidate_list(e->extent, room);
    int *rank = pl_allocate((size_t)room * sizeof *rank), *order = pl_allocate((size_t)room * sizeof *order);
    double *crowding = pl_allocate((size_t)room * sizeof *crowding);
    for (int i = 0; pool && i < e->members; i++) pl_candidate_copy(e->extent, &pool[i], &e->pool[i]);
    for (int i = 0; rank && crowding && i < e->members; i++) rank[i] = e->rank[i], crowding[i] = e->crowding[i];
    pl_release(e->pool), pl_release(e->rank), pl_release(e->crowding), pl_release(e->order);
    e->pool = pool, e->rank = rank, e->crowding = crowding, e->order = order, e->room = room;
    return pool && rank && crowding && order ? PL_OK : PL_MEMORY;
}

pl_status pl_population_new(const pl_population_options *options, pl_population **population) {
    pl_population *e = *population = pl_allocate(sizeof *e);
    if (!e) return PL_MEMORY;
    e->extent = options->extent, e->most = options->evaluations, e->number = options->number;
    e->key = pl_stream_key(options->seed, pl_fnv1a("search", 6) + (uint64_t)options->number);
    e->size = LEAST_POPULATION;
    e->work = pl_allocate(PL_OPERATOR_WORK * (size_t)e->extent.variables * sizeof *e->work);
    for (int i = 0; i < PL_OPERATOR_COUNT; i++) e->probability[i] = 1.0 / PL_OPERATOR_COUNT;
    pl_status status = e->work ? pl_archive_new(e->extent, options->epsilon, &e->archive) : PL_MEMORY;
    if (status == PL_OK) status = make_room(e, LEAST_POPULATION + OFFSPRING);
    if (status == PL_OK) return PL_OK;
    pl_population_free(e);
    *population = NULL;
    return status;
}

const pl_archive *pl_population_archive(const pl_population *e) { return &e->archive; }
long pl_population_evaluations(const pl_population *e) { return e->evaluations; }
int pl_population_restarts(const pl_population *e) { return e->restarts; }
int pl_population_size(const pl_population *e) { return e->members; }
double pl_population_probability(const pl_population *e, pl_operator kind) { return e->probability[kind]; }
long pl_population_made(const pl_population *e, pl_operator kind) { return e->made[kind]; }

static pl_dice dice_of(const pl_population *e, int member) {
    return (pl_dice){e->key, (uint64_t)e->generation << 32 | (uint32_t)member, 0};
}

/* ---- the first generation, and those after a restart ------------------------------------------------------ */

/* A Latin hypercube. */
static void fill_first(pl_population *e) {
    for (int v = 0; v < e->extent.variables; v++) {
        uint64_t key = pl_stream_key(e->key, (uint64_t)v + 1);
        for (int i = 0; i < e->asked; i++) {
            uint64_t stratum = pl_permute(key, (uint64_t)i, (uint64_t)e->asked);
            e->pool[i].x[v] = ((double)stratum + pl_uniform_at(key, (uint64_t)i, 1)) / e->asked;
        }
    }
    for (int i = 0; i < e->asked; i++) e->pool[i].maker = -1;
}

/* Members of the archive, changed: what the restarted population has besides the archive itself. */
static void fill_injected(pl_population *e) {
    for (int i = 0; i < e->asked; i++) {
        pl_dice dice = dice_of(e, i);
        pl_candidate *c = &e->pool[e->members + i];
        const pl_candidate *from = &e->archive.members[pl_dice_below(&dice, e->archive.count)];
        memcpy(c->x, from->x, (size_t)e->extent.variables * sizeof *c->x);
        pl_mutate_uniformly(&dice, c->x, e->extent.variables, 1.0 / e->extent.variables);
        c->maker = PL_OPERATOR_UM;
    }
}

/* ---- ranks and crowding ----------------------------------------------------------------------------------- */

/* Fronts of what no other dominates, one after the other (Deb et al., IEEE Trans. Evol. Comput. 6:182, 2002). */
static void find_ranks(pl_population *e, int count) {
    int left = count;
    for (int i = 0; i < count; i++) e->rank[i] = -1;
    for (int front = 0; left; front++) {
        for (int i = 0; i < count; i++) {
            bool beaten = false;
            if (e->rank[i] >= 0) continue;
            for (int j = 0; j < count && !beaten; j++)
                beaten = (e->rank[j] < 0 || e->rank[j] == front) &&
                         pl_candidate_compare(e->extent, &e->pool[j], &e->pool[i]) < 0;
            if (!beaten) e->rank[i] = front, left--;
        }
    }
}

typedef struct sorting {
    const pl_population *e;
    int objective;
} sorting;

/* Sorts places of the pool by less(place, place): a heap sort, which no input makes slow. */
static void sort_places(int *order, int count, bool (*less)(const sorting *, int, int), const sorting *by) {
    for (int start = count / 2, end = count; end > 1;) {
        if (start > 0) {
            start--;
        } else {
            int held = order[--end];
            order[end] = order[0], order[0] = held;
        }
        for (int root = start, child; (child = 2 * root + 1) < end; root = child) {
            if (child + 1 < end && less(by, order[child], order[child + 1])) child++;
            if (!less(by, order[root], order[child])) break;
            int held = order[root];
            order[root] = order[child], order[child] = held;
        }
    }
}

static bool less_by_objective(const sorting *s, int a, int b) {
    const pl_population *e = s->e;
    double x = e->pool[a].f[s->objective], y = e->pool[b].f[s->objective];
    if (e->rank[a] != e->rank[b]) return e->rank[a] < e->rank[b];
    return x != y ? x < y : a < b;
}

static bool less_by_worth(const sorting *s, int a, int b) {
    const pl_population *e = s->e;
    if (e->rank[a] != e->rank[b]) return e->rank[a] < e->rank[b];
    return e->crowding[a] != e->crowding[b] ? e->crowding[a] > e->crowding[b] : a < b;
}

/* Along one objective of a front: how far apart a member's neighbours are, in the front's width. */
static void add_crowding(pl_population *e, const int *front, int count, int objective) {
    double low = e->pool[front[0]].f[objective], width = e->pool[front[count - 1]].f[objective] - low;
    e->crowding[front[0]] = e->crowding[front[count - 1]] = INFINITY;
    for (int i = 1; i + 1 < count && width > 0; i++)
        e->crowding[front[i]] += (e->pool[front[i + 1]].f[objective] - e->pool[front[i - 1]].f[objective]) / width;
}

static void find_crowding(pl_population *e, int count) {
    for (int i = 0; i < count; i++) e->crowding[i] = 0, e->order[i] = i;
    for (int k = 0; k < e->extent.objectives; k++) {
        sorting by = {e, k};
        sort_places(e->order, count, less_by_objective, &by);
        for (int first = 0, end; first < count; first = end) {
            for (end = first + 1; end < count && e->rank[e->order[end]] == e->rank[e->order[first]];) end++;
            add_crowding(e, e->order + first, end - first, k);
        }
    }
}

static void swap_places(pl_population *e, int a, int b) {
    pl_candidate held = e->pool[a];
    int rank = e->rank[a];
    double crowding = e->crowding[a];
    e->pool[a] = e->pool[b], e->rank[a] = e->rank[b], e->crowding[a] = e->crowding[b];
    e->pool[b] = held, e->rank[b] = rank, e->crowding[b] = crowding;
}

/* The best of population and offspring come first and survive. */
static void select_survivors(pl_population *e) {
    int count = e->members + e->asked;
    find_ranks(e, count);
    find_crowding(e, count);
    for (int i = 0; i < count; i++) e->order[i] = i;
    sorting by = {e, 0};
    sort_places(e->order, count, less_by_worth, &by);
    for (int i = 0; i < count; i++) { /* where what belongs here stands by now */
        int from = e->order[i];
        while (from < i) from = e->order[from];
        if (from != i) swap_places(e, i, from);
    }
    e->members = count < e->size ? count : e->size;
}

/* ---- offspring -------------------------------------------------------------------------------------------- */

static const pl_candidate *win_tournament(const pl_population *e, pl_dice *dice) {
    int rounds = (int)(tournament_share * e->members), best = pl_dice_below(dice, e->members);
    sorting by = {e, 0};
    for (int i = 1; i < (rounds < 2 ? 2 : rounds); i++) {
        int other = pl_dice_below(dice, e->members);
        if (less_by_worth(&by, other, best)) best = other;
    }
    return &e->pool[best];
}

static pl_operator choose_operator(const pl_population *e, pl_dice *dice) {
    double u = pl_dice_uniform(dice), sum = 0;
    for (int i = 0; i + 1 < PL_OPERATOR_COUNT; i++)
        if (u < (sum += e->probability[i])) return (pl_operator)i;
    return (pl_operator)(PL_OPERATOR_COUNT - 1);
}

/* One parent from the archive, the others from the population; children that there is no place for are left out. */
static int add_children(pl_population *e, int family, int place, int end) {
    pl_dice dice = dice_of(e, family);
    pl_operator kind = choose_operator(e, &dice);
    const double *parents[PL_MOST_PARENTS];
    double *children[PL_MOST_CHILDREN];
    int count = pl_operator_children(kind);
    parents[0] = e->archive.members[pl_dice_below(&dice, e->archive.count)].x;
    for (int i = 1; i < pl_operator_parents(kind); i++) parents[i] = win_tournament(e, &dice)->x;
    for (int i = 0; i < count; i++) children[i] = e->pool[place + i].x; /* there is room for one more than `end` */
    pl_operator_apply(kind, &dice, parents, e->extent.variables, children, e->work);
    for (int i = 0; i < count; i++) e->pool[place + i].maker = (int)kind;
    if (count > end - place) count = end - place;
    e->made[kind] += count;
    return place + count;
}

static void fill_offspring(pl_population *e) {
    int end = e->members + e->asked;
    for (int place = e->members, family = 0; place < end; family++) place = add_children(e, family, place, end);
}

/* ---- asking and telling ----------------------------------------------------------------------------------- */

pl_status pl_population_ask(pl_population *e, pl_candidate **candidates, int *count) {
    long left = e->most - e->evaluations, wanted = OFFSPRING;
    bool first = e->generation == 0;
    if (first) wanted = e->size;
    else if (e->injecting) wanted = e->size - e->members;
    e->asked = *count = (int)(wanted < left ? wanted : left);
    pl_status status = make_room(e, e->members + e->asked + PL_MOST_CHILDREN);
    if (status != PL_OK) return status;
    if (first) fill_first(e);
    else if (e->injecting) fill_injected(e);
    else fill_offspring(e);
    *candidates = e->pool + e->members;
    for (int i = 0; i < e->asked; i++)
        (*candidates)[i].evaluation = e->evaluations + i, (*candidates)[i].seed = e->number;
    return PL_OK;
}

/* Operators by how many members of the archive they have made; none dies out. */
static void adapt(pl_population *e) {
    double share[PL_OPERATOR_COUNT], sum = 0;
    for (int i = 0; i < PL_OPERATOR_COUNT; i++) share[i] = 1;
    for (int i = 0; i < e->archive.count; i++)
        if (e->archive.members[i].maker >= 0) share[e->archive.members[i].maker]++;
    for (int i = 0; i < PL_OPERATOR_COUNT; i++) sum += share[i];
    for (int i = 0; i < PL_OPERATOR_COUNT; i++) e->probability[i] = share[i] / sum;
}

/* The population is as large as the archive, within bounds; after a restart twice that, half of it injected. */
static int fitting_size(const pl_population *e, int times) {
    int size = times * e->archive.count;
    return size < LEAST_POPULATION ? LEAST_POPULATION : size;
}

/* The population becomes the archive, and candidates about it are asked for next. */
static pl_status restart(pl_population *e) {
    e->members = 0;
    e->size = fitting_size(e, 2);
    pl_status status = make_room(e, e->size + OFFSPRING + PL_MOST_CHILDREN);
    for (; status == PL_OK && e->members < e->archive.count; e->members++)
        pl_candidate_copy(e->extent, &e->pool[e->members], &e->archive.members[e->members]);
    e->restarts++;
    e->injecting = true;
    return status;
}

/* Whether the search has stood still since the last look. */
static bool stands_still(pl_population *e) {
    if (e->evaluations - e->checked < WINDOW) return false;
    bool still = e->archive.improvements == e->improvements;
    e->checked = e->evaluations, e->improvements = e->archive.improvements;
    return still;
}

pl_status pl_population_tell(pl_population *e) {
    pl_status status = PL_OK;
    bool taken;
    for (int i = 0; status == PL_OK && i < e->asked; i++)
        status = pl_archive_offer(&e->archive, &e->pool[e->members + i], &taken);
    while (status == PL_OK && e->archive.count > MOST_MEMBERS) status = pl_archive_widen(&e->archive);
    if (status != PL_OK) return status;
    e->evaluations += e->asked;
    e->generation++;
    e->injecting = false;
    if (e->size < fitting_size(e, 1)) e->size = fitting_size(e, 1);
    select_survivors(e);
    e->asked = 0;
    adapt(e);
    return stands_still(e) ? restart(e) : PL_OK;
}
