/* All equilibria of small games of any number of players: see subdivision.h.  They are listed by the size of their
 * supports, pure ones first. */
#include <math.h>
#include <string.h>

#include "study/subdivision.h"

double pl_solution_supports(const pl_solution *solution, const pl_game *game) {
    double count = 1;
    for (int i = 0; i < game->player_count; i++) {
        int left = game->players[i].strategy_count;
        for (int k = 0; k < solution->dominated_count; k++)
            left -= solution->dominated[k].player == i && !solution->dominated[k].weak;
        count *= pow(2, left) - 1;
    }
    return count;
}

double pl_game_supports(const pl_game *game) {
    static const pl_solution none;
    return pl_solution_supports(&none, game);
}

static int support_size(const double *mixture, int total) {
    int size = 0;
    for (int k = 0; k < total; k++) size += mixture[k] > 0;
    return size;
}

/* By size of support, then by the first strategies used, then by probabilities. */
static int compare(const double *a, const double *b, int total) {
    int sizes = support_size(a, total) - support_size(b, total);
    if (sizes) return sizes;
    for (int k = 0; k < total; k++)
        if ((a[k] > 0) != (b[k] > 0)) return a[k] > 0 ? -1 : 1;
    for (int k = 0; k < total; k++)
        if (a[k] != b[k]) return a[k] > b[k] ? -1 : 1;
    return 0;
}

static void sort_roots(pl_root *roots, int count, int total) {
    for (int k = 1; k < count; k++) {
        pl_root own = roots[k];
        int at = k;
        for (; at > 0 && compare(roots[at - 1].mixture, own.mixture, total) > 0; at--) roots[at] = roots[at - 1];
        roots[at] = own;
    }
}

static void unpack(const pl_game *game, const double *flat, double **mixture) {
    for (int i = 0, at = 0; i < game->player_count; at += game->players[i++].strategy_count)
        memcpy(mixture[i], flat + at, (size_t)game->players[i].strategy_count * sizeof(double));
}

static void add_roots(const pl_game *game, pl_solution *solution, const pl_subdivision *found) {
    double **mixture = pl_mixture_new(&solution->scratch, game);
    for (int r = 0; r < found->root_count; r++) {
        unpack(game, found->roots[r].mixture, mixture);
        int at = pl_solution_add(solution, game, mixture, 1e-9);
        if (found->roots[r].strict) solution->equilibria[at].radius = found->roots[r].radius;
    }
}

/* A cluster that is no wider than this is one point to the eye: an equilibrium that is isolated, but not regular. */
static const double POINT = 1e-3;

static bool is_point(const pl_cluster *c, int total) {
    for (int k = 0; k < total; k++)
        if (c->high[k] - c->low[k] > POINT) return false;
    return c->found;
}

static void add_clusters(const pl_game *game, pl_solution *solution, const pl_subdivision *found, int total) {
    double **mixture = pl_mixture_new(&solution->scratch, game);
    solution->continua = PL_ARRAY(&solution->arena, found->cluster_count, pl_continuum);
    for (int k = 0; k < found->cluster_count; k++) {
        const pl_cluster *c = &found->clusters[k];
        int before = solution->count, at = -1;
        unpack(game, c->member, mixture);
        if (c->found) at = pl_solution_add(solution, game, mixture, is_point(c, total) ? 1e-5 : 0);
        if (is_point(c, total)) continue;
        pl_continuum *to = &solution->continua[solution->continuum_count++];
        to->low = pl_mixture_new(&solution->arena, game);
        to->high = pl_mixture_new(&solution->arena, game);
        unpack(game, c->low, to->low);
        unpack(game, c->high, to->high);
        if (at < 0) continue;
        to->member = PL_NEW(&solution->arena, pl_equilibrium);
        *to->member = solution->equilibria[at];
        solution->count = before;
    }
}

void pl_solve_supports(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    if (!solution->dominated_count) pl_solve_dominance(game, options, solution);
    pl_subdivision found;
    pl_game_subdivide(game, solution, &found);
    int total = 0;
    for (int i = 0; i < game->player_count; i++) total += game->players[i].strategy_count;
    sort_roots(found.roots, found.root_count, total);
    add_roots(game, solution, &found);
    add_clusters(game, solution, &found, total);
    solution->complete = found.finished && found.cluster_count == 0;
}
