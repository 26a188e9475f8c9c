/* All Nash equilibria by branch and bound over the product of simplices.
 *
 * A box loses the strategies that another is better than everywhere in it (conditional dominance, as in Porter, Nudelman
 * and Shoham, Games and Economic Behavior 63:642, 2008), is cut in two, or is split by whether a strategy is used at all:
 * so the supports of a game are walked through together rather than one by one. Where the support is decided, interval
 * Newton steps contract the box until it is empty or holds exactly one solution (krawczyk.h), which Newton's method
 * then finds. What always holds: no equilibrium is in a box that was dropped. Boxes that are neither dropped nor shown
 * to hold one, because equilibria there are no isolated regular solutions, are kept and joined to clusters. */
#include "study/subdivision.h"

#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "study/indifference.h"
#include "study/krawczyk.h"
#include "study/matrix.h"

static const double LEAST_WIDTH = 0x1p-18, SUSPECT_WIDTH = 0x1p-3, NEAR = 1e-10, SAME = 1e-8;
enum { STARTS = 6, MOST_CLUSTERS = 4096 };

typedef struct search {
    const pl_game *game;
    pl_solution *solution;
    pl_subdivision *found;
    pl_bounds bounds;
    pl_krawczyk newton;
    pl_indifference system;
    pl_box *stack, box, around;
    int depth, room;
    double **mixture, **other, *values;
    pl_root *edges; /* solutions with a probability of 0: equilibria of a smaller support, if of any */
    int edge_count, edge_room;
} search;

/* ---- boxes ---------------------------------------------------------------------------------------------- */

static pl_box *push(search *s, const pl_box *box) {
    int before = s->room;
    s->stack = pl_arena_grow(&s->solution->scratch, s->stack, s->depth, &s->room, s->depth + 1, sizeof *s->stack);
    for (int k = before; k < s->room; k++) s->stack[k] = (pl_box){0};
    pl_box *top = &s->stack[s->depth++];
    if (!top->low) pl_box_new(&s->solution->scratch, &s->bounds, top);
    pl_box_copy(&s->bounds, box, top);
    return top;
}

static bool is_used(const pl_box *box, int at) { return box->use[at] == PL_USE_YES || box->low[at] > 0; }

/* Settles what a pair of strategies says of each other; false: the box holds no equilibrium. */
static bool compare(search *s, pl_box *box, int i, int k, int l, bool *changed) {
    int at[2] = {s->bounds.first[i] + k, s->bounds.first[i] + l};
    if (!pl_box_active(box, at[0]) && !pl_box_active(box, at[1])) return true;
    pl_gain_range gain = pl_bounds_gain(&s->bounds, box, i, k, l);
    int worse = gain.high < 0 ? 0 : gain.low > 0 ? 1 : -1;
    if (worse < 0 || box->use[at[worse]] == PL_USE_WORSE) return true;
    if (is_used(box, at[worse])) return false;
    *changed = *changed || pl_box_active(box, at[worse]);
    box->use[at[worse]] = PL_USE_WORSE;
    return true;
}

static bool settle(search *s, pl_box *box) {
    for (bool changed = true; changed;) {
        changed = false;
        if (!pl_box_tighten(&s->bounds, box)) return false;
        for (int i = 0; i < s->game->player_count; i++)
            for (int k = 0; k < s->game->players[i].strategy_count; k++)
                for (int l = 0; l < k; l++)
                    if (box->use[s->bounds.first[i] + k] != PL_USE_WORSE &&
                        box->use[s->bounds.first[i] + l] != PL_USE_WORSE && !compare(s, box, i, k, l, &changed))
                        return false;
    }
    return true;
}

static int count_active(const search *s, const pl_box *box, int i) {
    int count = 0, first = s->bounds.first[i];
    for (int k = first; k < first + s->game->players[i].strategy_count; k++) count += pl_box_active(box, k);
    return count;
}

/* A strategy whose use is open, the likeliest to be used first; -1: the support is decided. */
static int find_open(const search *s, const pl_box *box) {
    int open = -1;
    for (int i = 0; i < s->game->player_count; i++) {
        if (count_active(s, box, i) == 1) continue;
        int first = s->bounds.first[i];
        for (int k = first; k < first + s->game->players[i].strategy_count; k++)
            if (pl_box_active(box, k) && !is_used(box, k) && (open < 0 || box->high[k] < box->high[open])) open = k;
    }
    return open;
}

static bool is_pure(const search *s, const pl_box *box) {
    for (int i = 0; i < s->game->player_count; i++)
        if (count_active(s, box, i) != 1) return false;
    return true;
}

/* ---- equilibria ----------------------------------------------------------------------------------------- */

/* Newton's method may leave a probability that is 0 a little below it, or one that is 1 a little above. */
static void keep_within(double *mixture, int count) {
    bool outside = false;
    double sum = 0;
    for (int k = 0; k < count; k++) {
        outside = outside || mixture[k] < 0 || mixture[k] > 1;
        mixture[k] = fmin(fmax(mixture[k], 0), 1);
        sum += mixture[k];
    }
    for (int k = 0; k < count && outside && sum > 0; k++) mixture[k] /= sum;
}

static void add_root(search *s, double **mixture, double radius, bool strict, bool edge) {
    pl_root **list = edge ? &s->edges : &s->found->roots;
    int *count = edge ? &s->edge_count : &s->found->root_count, *room = edge ? &s->edge_room : &s->found->root_room;
    for (int r = 0; r < *count; r++) {
        double apart = 0;
        for (int i = 0; i < s->game->player_count; i++)
            for (int k = 0; k < s->game->players[i].strategy_count; k++)
                apart = fmax(apart, fabs((*list)[r].mixture[s->bounds.first[i] + k] - mixture[i][k]));
        if (apart < SAME) return;
    }
    *list = pl_arena_grow(&s->solution->scratch, *list, *count, room, *count + 1, sizeof **list);
    pl_root *root = &(*list)[(*count)++];
    *root = (pl_root){.mixture = PL_ARRAY(&s->solution->scratch, s->bounds.total, double), .radius = radius,
                      .strict = strict};
    for (int i = 0; i < s->game->player_count; i++) {
        double *own = root->mixture + s->bounds.first[i];
        memcpy(own, mixture[i], (size_t)s->game->players[i].strategy_count * sizeof(double));
        keep_within(own, s->game->players[i].strategy_count);
    }
}

/* Payoffs are compared exactly. */
static void try_pure(search *s, const pl_box *box) {
    long profile = 0;
    for (int i = 0; i < s->game->player_count; i++) {
        int k = 0;
        while (!pl_box_active(box, s->bounds.first[i] + k)) k++;
        profile += k * s->game->stride[i];
    }
    if (pl_game_profile_regret(s->game, profile) > 0) return;
    for (int i = 0; i < s->game->player_count; i++)
        for (int k = 0; k < s->game->players[i].strategy_count; k++)
            s->mixture[i][k] = k == pl_game_strategy(s->game, profile, i);
    add_root(s, s->mixture, 0, true, false);
}

/* Whether strategies outside the support beat it against a mixture; *strict: all are surely worse. */
static bool holds(search *s, const pl_box *box, double **mixture, bool *strict) {
    *strict = true;
    for (int i = 0; i < s->game->player_count; i++) {
        int count = s->game->players[i].strategy_count, first = s->bounds.first[i];
        double own = -INFINITY;
        pl_game_values(s->game, mixture, i, s->values);
        for (int k = 0; k < count; k++)
            if (pl_box_active(box, first + k)) own = fmax(own, s->values[k]);
        for (int k = 0; k < count; k++) {
            if (pl_box_active(box, first + k) || box->use[first + k] == PL_USE_WORSE) continue;
            double gain = (s->values[k] - own) * s->bounds.scale[i];
            if (gain > NEAR) return false;
            *strict = *strict && gain < -NEAR;
        }
    }
    return true;
}

/* What is left of an interval Newton step on a tiny box around a solution: how far off it may be. */
static double radius_of(search *s, const pl_box *box, double **mixture) {
    pl_box_copy(&s->bounds, box, &s->around);
    for (int c = 0; c < s->newton.count; c++) {
        double p = mixture[s->newton.player[c]][s->newton.strategy[c]];
        s->around.low[s->newton.at[c]] = p - 1e-9;
        s->around.high[s->newton.at[c]] = p + 1e-9;
    }
    double radius = 0;
    if (pl_krawczyk_verify(&s->newton, &s->around) != PL_STEP_UNIQUE) return 1e-9;
    for (int c = 0; c < s->newton.count; c++) {
        double p = mixture[s->newton.player[c]][s->newton.strategy[c]];
        radius = fmax(radius, fmax(s->around.high[s->newton.at[c]] - p, p - s->around.low[s->newton.at[c]]));
    }
    return radius;
}

/* Takes up the one solution that a box was shown to hold. */
static void take(search *s, const pl_box *box, double **mixture) {
    double least = 1;
    for (int i = 0; i < s->game->player_count; i++)
        for (int k = 0; k < s->game->players[i].strategy_count; k++)
            if (pl_box_active(box, s->bounds.first[i] + k)) least = fmin(least, mixture[i][k]);
    if (least < -NEAR) return;
    bool strict;
    if (!holds(s, box, mixture, &strict)) return;
    add_root(s, mixture, radius_of(s, box, mixture), strict, least <= NEAR);
}

/* ---- boxes whose support is decided --------------------------------------------------------------------- */

static void set_system(search *s, const pl_box *box) {
    for (int i = 0; i < s->game->player_count; i++)
        for (int k = 0; k < s->game->players[i].strategy_count; k++)
            s->system.used[i][k] = pl_box_active(box, s->bounds.first[i] + k);
    pl_indifference_set(&s->system);
}

/* A point of the box: at the share between its corners that `at` gives each strategy, brought to a sum of 1. */
static void set_start(const search *s, const pl_box *box, const double *at, double **mixture) {
    for (int i = 0; i < s->game->player_count; i++) {
        int first = s->bounds.first[i], count = s->game->players[i].strategy_count;
        double sum = 0;
        for (int k = 0; k < count; k++) {
            double low = box->low[first + k], share = at ? at[first + k] : 0.5;
            double p = low + share * (box->high[first + k] - low);
            sum += mixture[i][k] = pl_box_active(box, first + k) ? fmax(p, 0) : 0;
        }
        for (int k = 0; k < count && sum > 0; k++) mixture[i][k] /= sum;
    }
}

/* Whether a box a little larger holds exactly one solution, and which. */
static bool verify(search *s, const pl_box *box) {
    set_start(s, box, NULL, s->mixture);
    set_system(s, box);
    s->bounds.spent += 200 * (long long)s->game->profile_count;
    if (!pl_indifference_solve(&s->system, s->mixture)) return false;
    double margin = 0.1 * pl_box_width(&s->bounds, box, NULL) + 1e-9;
    pl_box_copy(&s->bounds, box, &s->around);
    for (int c = 0; c < s->system.count; c++) {
        int at = s->bounds.first[s->system.player[c]] + s->system.strategy[c];
        double p = s->mixture[s->system.player[c]][s->system.strategy[c]];
        if (p < box->low[at] - margin || p > box->high[at] + margin) return false;
        s->around.low[at] = fmin(box->low[at], p) - margin;
        s->around.high[at] = fmax(box->high[at], p) + margin;
    }
    if (pl_krawczyk_verify(&s->newton, &s->around) != PL_STEP_UNIQUE) return false;
    take(s, box, s->mixture);
    return true;
}

/* The least damped step (Levenberg and Marquardt) toward the equations, which may be dependent. Returns its size. */
static double damped_step(pl_indifference *e, double **mixture) {
    int n = e->count;
    double normal[n * n], right[n], size = 0;
    pl_indifference_linearize(e, mixture);
    for (int r = 0; r < n; r++) size += e->residual[r] * e->residual[r];
    for (int r = 0; r < n; r++) {
        right[r] = 0;
        for (int m = 0; m < n; m++) right[r] += e->matrix[m * n + r] * e->residual[m];
        for (int c = 0; c < n; c++) {
            normal[r * n + c] = r == c ? 1e-13 + size : 0;
            for (int m = 0; m < n; m++) normal[r * n + c] += e->matrix[m * n + r] * e->matrix[m * n + c];
        }
    }
    if (!pl_matrix_factor(normal, e->pivot, n)) return 0;
    pl_matrix_solve(normal, e->pivot, n, right);
    for (int c = 0; c < n; c++) mixture[e->player[c]][e->strategy[c]] -= right[c];
    return sqrt(size);
}

/* A solution near the box, from a start in it; false where none is found or it is no equilibrium. */
static bool approach(search *s, const pl_box *box, double **mixture) {
    double size = 1, reach = 0.1 * pl_box_width(&s->bounds, box, NULL);
    for (int step = 0; step < 60 && size > 1e-13; step++) size = damped_step(&s->system, mixture);
    s->bounds.spent += 300 * (long long)s->game->profile_count;
    if (!(size < 1e-11)) return false;
    for (int c = 0; c < s->system.count; c++) {
        double *p = &mixture[s->system.player[c]][s->system.strategy[c]];
        int at = s->bounds.first[s->system.player[c]] + s->system.strategy[c];
        if (*p < -NEAR || *p < box->low[at] - reach || *p > box->high[at] + reach) return false;
        *p = fmax(*p, 0);
    }
    bool strict;
    return holds(s, box, mixture, &strict);
}

static bool is_dependent(search *s, double **mixture) {
    pl_indifference_linearize(&s->system, mixture);
    return pl_matrix_rank(s->system.matrix, s->system.count, s->system.count, 1e-7) < s->system.count;
}

/* Whether solutions in the box are seen to be no isolated points: the equations are dependent at one of them, and
 * starts elsewhere in the box (addressed, not drawn) end at others. One is left in s->mixture. */
static bool is_continuum(search *s, const pl_box *box) {
    set_system(s, box);
    set_start(s, box, NULL, s->mixture);
    if (!approach(s, box, s->mixture) || !is_dependent(s, s->mixture)) return false;
    double width = pl_box_width(&s->bounds, box, NULL), share[s->bounds.total];
    for (uint64_t start = 0; start < STARTS; start++) {
        for (int k = 0; k < s->bounds.total; k++) share[k] = pl_uniform_at(0, start, (uint64_t)k);
        set_start(s, box, share, s->other);
        if (!approach(s, box, s->other)) continue;
        for (int c = 0; c < s->system.count; c++)
            if (fabs(s->other[s->system.player[c]][s->system.strategy[c]] -
                     s->mixture[s->system.player[c]][s->system.strategy[c]]) > 1e-3 * width)
                return true;
    }
    return false;
}

/* ---- clusters ------------------------------------------------------------------------------------------- */

static bool touch(const search *s, const pl_cluster *a, const pl_cluster *b) {
    for (int k = 0; k < s->bounds.total; k++)
        if (a->low[k] > b->high[k] + 1e-7 || b->low[k] > a->high[k] + 1e-7) return false;
    return true;
}

static void join(const search *s, pl_cluster *to, const pl_cluster *from) {
    for (int k = 0; k < s->bounds.total; k++) {
        to->low[k] = fmin(to->low[k], from->low[k]);
        to->high[k] = fmax(to->high[k], from->high[k]);
        if (!to->found && from->found) to->member[k] = from->member[k];
    }
    to->found = to->found || from->found;
}

static void keep(search *s, const pl_box *box, bool found) {
    pl_subdivision *f = s->found;
    pl_arena *arena = &s->solution->scratch;
    f->clusters = pl_arena_grow(arena, f->clusters, f->cluster_count, &f->cluster_room, f->cluster_count + 1,
                                sizeof *f->clusters);
    pl_cluster *c = &f->clusters[f->cluster_count++];
    *c = (pl_cluster){PL_ARRAY(arena, s->bounds.total, double), PL_ARRAY(arena, s->bounds.total, double),
                      PL_ARRAY(arena, s->bounds.total, double), found};
    for (int i = 0; i < s->game->player_count; i++) {
        for (int k = 0; k < s->game->players[i].strategy_count; k++) {
            int at = s->bounds.first[i] + k;
            bool alone = pl_box_active(box, at) && count_active(s, box, i) == 1;
            c->low[at] = alone ? 1 : fmax(box->low[at], 0);
            c->high[at] = alone ? 1 : box->high[at];
            c->member[at] = s->mixture[i][k];
        }
        keep_within(c->member + s->bounds.first[i], s->game->players[i].strategy_count);
    }
}

/* Joins clusters that touch, each with the ones before it, until none does. */
static void merge_clusters(search *s) {
    pl_subdivision *f = s->found;
    for (bool changed = true; changed;) {
        changed = false;
        int kept = 0;
        for (int k = 0; k < f->cluster_count; k++) {
            int l = 0;
            while (l < kept && !touch(s, &f->clusters[l], &f->clusters[k])) l++;
            s->bounds.spent += (long long)l * s->bounds.total;
            if (l < kept) join(s, &f->clusters[l], &f->clusters[k]);
            else f->clusters[kept++] = f->clusters[k];
        }
        changed = kept < f->cluster_count;
        f->cluster_count = kept;
    }
}

/* ---- the search ----------------------------------------------------------------------------------------- */

static void bisect(search *s, const pl_box *box, int widest) {
    double middle = box->low[widest] + (box->high[widest] - box->low[widest]) / 2;
    push(s, box)->low[widest] = middle;
    push(s, box)->high[widest] = middle;
}

/* The box with the strategy used, and without it. */
static void split(search *s, const pl_box *box, int open) {
    push(s, box)->use[open] = PL_USE_YES;
    push(s, box)->use[open] = PL_USE_NO;
}

/* A box with a decided support: true where nothing is left to do with it. */
static bool conclude(search *s, pl_box *box) {
    double before = pl_box_width(&s->bounds, box, NULL);
    for (int round = 0; round < 10; round++) {
        pl_step step = pl_krawczyk_contract(&s->newton, box);
        if (step == PL_STEP_EMPTY || !pl_box_tighten(&s->bounds, box)) return true;
        double width = pl_box_width(&s->bounds, box, NULL);
        if (width < SUSPECT_WIDTH && verify(s, box)) return true;
        if (width > 0.7 * before) break;
        before = width;
    }
    double width = pl_box_width(&s->bounds, box, NULL);
    bool continuum = width < SUSPECT_WIDTH && is_continuum(s, box);
    if (!continuum && width > LEAST_WIDTH) return false;
    if (!continuum) {
        set_system(s, box);
        set_start(s, box, NULL, s->mixture);
        continuum = approach(s, box, s->mixture);
    }
    keep(s, box, continuum);
    if (s->found->cluster_count >= MOST_CLUSTERS) merge_clusters(s);
    return true;
}

static int find_widest(const search *s, const pl_box *box) {
    int widest = 0;
    pl_box_width(&s->bounds, box, &widest);
    return widest;
}

static void process(search *s, pl_box *box) {
    if (!settle(s, box)) return;
    if (is_pure(s, box)) {
        try_pure(s, box);
        return;
    }
    int open = find_open(s, box);
    if (open >= 0 && box->high[open] <= 0.5) split(s, box, open);
    else if (open >= 0) bisect(s, box, find_widest(s, box));
    else if (!conclude(s, box)) bisect(s, box, pl_krawczyk_widest(&s->newton, box));
}

/* A solution with a probability of 0 is an equilibrium of a smaller support, or (to rounding) of none that was found:
 * then it is kept as undecided. */
static void settle_edges(search *s) {
    for (int e = 0; e < s->edge_count; e++) {
        bool known = false;
        for (int r = 0; r < s->found->root_count && !known; r++) {
            double apart = 0;
            for (int k = 0; k < s->bounds.total; k++)
                apart = fmax(apart, fabs(s->found->roots[r].mixture[k] - s->edges[e].mixture[k]));
            known = apart < SAME;
        }
        if (known) continue;
        pl_box_new(&s->solution->scratch, &s->bounds, &s->box);
        for (int i = 0; i < s->game->player_count; i++)
            for (int k = 0; k < s->game->players[i].strategy_count; k++) {
                int at = s->bounds.first[i] + k;
                s->mixture[i][k] = s->edges[e].mixture[at];
                s->box.low[at] = fmax(s->mixture[i][k] - SAME, 0);
                s->box.high[at] = fmin(s->mixture[i][k] + SAME, 1);
            }
        keep(s, &s->box, true);
    }
}

void pl_game_subdivide(const pl_game *game, pl_solution *solution, pl_subdivision *found) {
    search s = {.game = game, .solution = solution, .found = found};
    pl_arena *arena = &solution->scratch;
    *found = (pl_subdivision){0};
    int most = 0;
    for (int i = 0; i < game->player_count; i++)
        if (game->players[i].strategy_count > most) most = game->players[i].strategy_count;
    pl_bounds_new(arena, game, &s.bounds);
    pl_krawczyk_new(arena, &s.bounds, &s.newton);
    pl_indifference_new(arena, game, &s.system);
    pl_box_new(arena, &s.bounds, &s.box);
    pl_box_new(arena, &s.bounds, &s.around);
    s.mixture = pl_mixture_new(arena, game);
    s.other = pl_mixture_new(arena, game);
    s.values = PL_ARRAY(arena, most, double);
    for (int k = 0; k < solution->dominated_count; k++)
        if (!solution->dominated[k].weak)
            s.box.use[s.bounds.first[solution->dominated[k].player] + solution->dominated[k].strategy] = PL_USE_WORSE;
    push(&s, &s.box);
    while (s.depth > 0) {
        pl_box_copy(&s.bounds, &s.stack[--s.depth], &s.box);
        process(&s, &s.box);
        if (!pl_solution_spend(solution, s.bounds.spent + game->profile_count)) break;
        s.bounds.spent = 0;
    }
    found->finished = s.depth == 0;
    settle_edges(&s);
    merge_clusters(&s);
}
