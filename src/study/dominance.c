/* Iterated elimination of strictly dominated strategies, by pure and by mixed strategies (Luce and Raiffa, Games and
 * Decisions, 1957; Pearce, Econometrica 52:1029, 1984): what is eliminated has probability 0 in every equilibrium of the
 * whole game, and the order does not matter.  Weakly dominated strategies are reported, never eliminated: equilibria may
 * use them.
 *
 * Whether a mixture dominates a strategy is the value of a matrix game (Gale, Kuhn and Tucker 1951), found by the simplex
 * method in doubles.  Its mixture is then checked against the payoffs with a bound of the rounding errors: nothing is
 * eliminated that is not surely dominated, so that ties never are. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "study/solution.h"

typedef struct reduction {
    const pl_game *game;
    pl_solution *solution;
    bool **gone;       /* [player][strategy] */
    long *columns;     /* [column_count] profiles of the others that are left, the player's own strategy the first */
    long column_count;
    double *table;     /* the simplex tableau: [rows + 1][columns + 1] in a dictionary */
    int *basic, *nonbasic;
    double *weights;   /* [strategy] a mixture that may dominate */
    int round;
} reduction;

static void find_columns(reduction *r, int player) {
    const pl_game *g = r->game;
    r->column_count = 0;
    for (long p = 0; p < g->profile_count; p++) {
        bool left = pl_game_strategy(g, p, player) == 0;
        for (int i = 0; i < g->player_count && left; i++)
            left = i == player || !r->gone[i][pl_game_strategy(g, p, i)];
        if (left) r->columns[r->column_count++] = p;
    }
    pl_solution_spend(r->solution, g->profile_count);
}

static double payoff(const reduction *r, int player, int strategy, long column) {
    return pl_game_payoff(r->game, player, r->columns[column] + strategy * r->game->stride[player]);
}

/* ---- by pure strategies --------------------------------------------------------------------------------- */

typedef enum relation { NOT, WEAKLY, STRICTLY } relation;

static relation compare(reduction *r, int player, int better, int worse) {
    bool strictly = true, once = false;
    pl_solution_spend(r->solution, r->column_count);
    for (long c = 0; c < r->column_count; c++) {
        double a = payoff(r, player, better, c), b = payoff(r, player, worse, c);
        if (a < b) return NOT;
        strictly = strictly && a > b;
        once = once || a > b;
    }
    return strictly ? STRICTLY : once ? WEAKLY : NOT;
}

/* ---- by mixed strategies -------------------------------------------------------------------------------- */

static void pivot(reduction *r, int rows, long width, int row, long column) {
    double *own = r->table + row * width, head = own[column];
    for (long c = 0; c < width; c++) own[c] /= head;
    own[column] = 1 / head;
    for (int k = 0; k <= rows; k++) {
        double *other = r->table + k * width, times = other[column];
        if (k == row || times == 0) continue;
        for (long c = 0; c < width; c++) other[c] -= times * own[c];
        other[column] = -times / head;
    }
    int kept = r->basic[row];
    r->basic[row] = r->nonbasic[column];
    r->nonbasic[column] = kept;
    pl_solution_spend(r->solution, (rows + 1) * width);
}

/* The row that leaves for a column: of equal ratios the one of the lowest variable (Bland, Mathematics of Operations
 * Research 2:103, 1977). */
static int leaving(const reduction *r, int rows, long width, long column) {
    int best = -1;
    double least = INFINITY;
    for (int k = 0; k < rows; k++) {
        double head = r->table[k * width + column];
        if (head <= 1e-11) continue;
        double ratio = r->table[k * width + width - 1] / head;
        if (ratio < least || (ratio == least && r->basic[k] < r->basic[best])) {
            least = ratio;
            best = k;
        }
    }
    return best;
}

/* Maximizes the sum of x >= 0 with (gains + 2) x <= 1, rows by strategy; the duals are the mixture. */
static void solve_simplex(reduction *r, int rows) {
    long width = r->column_count + 1;
    for (int step = 0; step < 50 * rows + 200; step++) {
        long column = -1;
        const double *cost = r->table + rows * width;
        for (long c = 0; c < r->column_count; c++)
            if (cost[c] < -1e-11 && (column < 0 || r->nonbasic[c] < r->nonbasic[column])) column = c;
        if (column < 0) return;
        int row = leaving(r, rows, width, column);
        if (row < 0) return;
        pivot(r, rows, width, row, column);
    }
}

/* Whether the weights surely give more than the strategy in every column, rounding errors taken into account. */
static bool is_certain(const reduction *r, int player, int strategy) {
    int count = r->game->players[player].strategy_count;
    for (long c = 0; c < r->column_count; c++) {
        double gain = 0, size = 0, own = payoff(r, player, strategy, c);
        for (int l = 0; l < count; l++) {
            double other = payoff(r, player, l, c);
            gain += r->weights[l] * (other - own);
            size += r->weights[l] * (fabs(other) + fabs(own));
        }
        if (!(gain > (count + 4) * DBL_EPSILON * size)) return false;
    }
    return true;
}

static bool is_mixed_dominated(reduction *r, int player, int strategy) {
    int count = r->game->players[player].strategy_count, rows = 0, others[count];
    double scale = 0;
    for (int l = 0; l < count; l++) {
        r->weights[l] = 0;
        if (l == strategy || r->gone[player][l]) continue;
        others[rows++] = l;
        for (long c = 0; c < r->column_count; c++)
            scale = fmax(scale, fabs(payoff(r, player, l, c) - payoff(r, player, strategy, c)));
    }
    if (rows < 2 || !(scale > 0) || scale > DBL_MAX / 4) return false;
    long width = r->column_count + 1;
    for (int k = 0; k < rows; k++) {
        for (long c = 0; c < r->column_count; c++)
            r->table[k * width + c] = 2 + (payoff(r, player, others[k], c) - payoff(r, player, strategy, c)) / scale;
        r->table[k * width + width - 1] = 1;
        r->basic[k] = (int)r->column_count + k;
    }
    for (long c = 0; c < width; c++) r->table[rows * width + c] = c < r->column_count ? -1 : 0;
    for (long c = 0; c < r->column_count; c++) r->nonbasic[c] = (int)c;
    solve_simplex(r, rows);
    double sum = 0;
    for (long c = 0; c < r->column_count; c++) {
        int variable = r->nonbasic[c] - (int)r->column_count;
        if (variable >= 0) sum += r->weights[others[variable]] = fmax(r->table[rows * width + c], 0);
    }
    for (int l = 0; l < count && sum > 0; l++) r->weights[l] /= sum;
    return sum > 0 && is_certain(r, player, strategy);
}

/* ---- rounds --------------------------------------------------------------------------------------------- */

static void add(reduction *r, int player, int strategy, bool weak) {
    pl_solution *s = r->solution;
    int count = r->game->players[player].strategy_count;
    s->dominated = pl_arena_grow(&s->arena, s->dominated, s->dominated_count, &s->dominated_room, s->dominated_count + 1,
                                 sizeof *s->dominated);
    pl_dominated *to = &s->dominated[s->dominated_count++];
    *to = (pl_dominated){player, strategy, PL_ARRAY(&s->arena, count, double), r->round, weak};
    memcpy(to->by, r->weights, (size_t)count * sizeof *to->by);
}

/* A pure strategy that stands in the relation to this one is left as the only weight. */
static bool find_pure(reduction *r, int player, int strategy, relation least) {
    int count = r->game->players[player].strategy_count;
    for (int l = 0; l < count; l++) {
        if (l == strategy || r->gone[player][l] || compare(r, player, l, strategy) < least) continue;
        for (int m = 0; m < count; m++) r->weights[m] = m == l;
        return true;
    }
    return false;
}

static bool eliminate(reduction *r, int player) {
    bool found = false;
    find_columns(r, player);
    for (int k = 0; k < r->game->players[player].strategy_count; k++) {
        if (r->gone[player][k]) continue;
        if (!find_pure(r, player, k, STRICTLY) && !is_mixed_dominated(r, player, k)) continue;
        r->gone[player][k] = found = true;
        add(r, player, k, false);
    }
    return found;
}

void pl_solve_dominance(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    (void)options;
    pl_arena *arena = &solution->scratch;
    reduction r = {.game = game, .solution = solution};
    int most = 0;
    long columns = 0;
    r.gone = PL_ARRAY(arena, game->player_count, bool *);
    for (int i = 0; i < game->player_count; i++) {
        int count = game->players[i].strategy_count;
        r.gone[i] = PL_ARRAY(arena, count, bool);
        if (count > most) most = count;
        if (game->profile_count / count > columns) columns = game->profile_count / count;
    }
    r.columns = PL_ARRAY(arena, columns, long);
    r.table = pl_arena_array(arena, (size_t)(columns + 1) * (size_t)(most + 1), sizeof *r.table);
    r.basic = PL_ARRAY(arena, most, int);
    r.nonbasic = PL_ARRAY(arena, columns, int);
    r.weights = PL_ARRAY(arena, most, double);
    for (bool found = true; found && solution->left > 0;) {
        found = false;
        r.round++;
        for (int i = 0; i < game->player_count; i++) found = eliminate(&r, i) || found;
    }
    for (int i = 0; i < game->player_count; i++) {
        find_columns(&r, i);
        for (int k = 0; k < game->players[i].strategy_count; k++)
            if (!r.gone[i][k] && find_pure(&r, i, k, WEAKLY)) add(&r, i, k, true);
    }
}
