/* Correlated equilibria of highest and lowest welfare (Aumann, Journal of Mathematical Economics 1:67, 1974): a
 * distribution p over profiles, of which each player is told its own strategy and never gains by another,
 *     sum over profiles s with s_i = k of p_s (u_i(s with k') - u_i(s)) <= 0     for all i, k, k',
 * a linear programme.  Its dual starts from a feasible point: the least v such that, for some y >= 0,
 *     v + sum over i, k' of y(i, s_i, k') (u_i(s with k') - u_i(s)) >= w_s       for all profiles s,
 * is the highest mean of w.  The simplex method solves it in a dictionary (Chvatal, Linear Programming, 1983, ch. 2)
 * with the lexicographic rule (Dantzig, Orden and Wolfe, Pacific Journal of Mathematics 5:183, 1955), so that it ends
 * also where all profiles are worth the same.
 *
 * Doubles: so p and y are solved for once more from the last basis, and what they prove is kept with the result. Payoffs
 * are measured in ranges of their player. */
#include <math.h>
#include <string.h>

#include "study/matrix.h"
#include "study/solution.h"

enum { MOST_CELLS = 4000000 }; /* of the dictionary: 32 MB */
static const double SMALL = 1e-11, PIVOT = 1e-9, TIE = 1e-12;

typedef struct program {
    const pl_game *game;
    long profiles, gains; /* variables: a slack for each profile, then y for each gain */
    double *gain;         /* [profile][gain] in ranges; 0 where the profile's strategy is another */
    int *player;          /* [gain] */
    double *scale;        /* [player] */
    double *worth;        /* [profile] w, in ranges */
    double *a;            /* [row][column + 1]: basic = last column + sum of entries x nonbasic; the last row is v */
    int *basic, *nonbasic; /* [profiles - 1], [gains + 1] */
    int *row;             /* [variable] its row, or -1 - its column */
    long start;           /* the profile whose slack left for v */
} program;

/* ---- the programme ------------------------------------------------------------------------------------ */

static double range_of(const double *values, long count) {
    double low = values[0], high = values[0];
    for (long k = 1; k < count; k++) {
        low = values[k] < low ? values[k] : low;
        high = values[k] > high ? values[k] : high;
    }
    return high > low ? high - low : 1;
}

static void fill_gains(program *p) {
    const pl_game *g = p->game;
    long at = 0;
    for (int i = 0; i < g->player_count; i++) {
        int count = g->players[i].strategy_count;
        p->scale[i] = range_of(g->payoffs + (size_t)i * (size_t)p->profiles, p->profiles);
        for (long s = 0; s < p->profiles; s++) {
            int k = pl_game_strategy(g, s, i);
            for (int other = 0; other < count; other++) {
                if (other == k) continue;
                long column = at + (long)k * (count - 1) + other - (other > k);
                double better = pl_game_payoff(g, i, pl_game_deviate(g, s, i, other)), own = pl_game_payoff(g, i, s);
                p->gain[s * p->gains + column] = (better - own) / p->scale[i];
            }
        }
        for (long c = 0; c < (long)count * (count - 1); c++) p->player[at + c] = i;
        at += (long)count * (count - 1);
    }
}

/* Whether a game is small enough, and differences of its payoffs and their sums are finite; counts its gains. */
static bool fits(const pl_game *g, long *gains) {
    *gains = 0;
    for (long k = 0; k < g->player_count * g->profile_count; k++)
        if (fabs(g->payoffs[k]) > 1e300) return false;
    for (int i = 0; i < g->player_count; i++)
        *gains += (long)g->players[i].strategy_count * (g->players[i].strategy_count - 1);
    return g->profile_count > 1 && g->profile_count <= MOST_CELLS / (*gains + 2);
}

static void make(program *p, const pl_game *game, long gains, pl_arena *arena) {
    *p = (program){.game = game, .profiles = game->profile_count, .gains = gains};
    p->gain = PL_ARRAY(arena, p->profiles * gains, double);
    p->player = PL_ARRAY(arena, gains, int);
    p->scale = PL_ARRAY(arena, game->player_count, double);
    p->worth = PL_ARRAY(arena, p->profiles, double);
    p->a = PL_ARRAY(arena, p->profiles * (gains + 2), double);
    p->basic = PL_ARRAY(arena, p->profiles, int);
    p->nonbasic = PL_ARRAY(arena, gains + 1, int);
    p->row = PL_ARRAY(arena, p->profiles + gains, int);
    fill_gains(p);
}

static double *entry(const program *p, long row, long column) { return &p->a[row * (p->gains + 2) + column]; }

/* y = 0 and v = the largest worth: feasible. */
static void start(program *p) {
    long best = 0, row = 0, last = p->profiles - 1, rhs = p->gains + 1;
    for (long s = 1; s < p->profiles; s++)
        if (p->worth[s] > p->worth[best]) best = s;
    p->start = best;
    for (long c = 0; c < p->gains; c++) {
        p->nonbasic[c] = (int)(p->profiles + c);
        p->row[p->profiles + c] = (int)(-1 - c);
    }
    p->nonbasic[p->gains] = (int)best;
    p->row[best] = (int)(-1 - p->gains);
    for (long c = 0; c < p->gains; c++) *entry(p, last, c) = -p->gain[best * p->gains + c];
    *entry(p, last, p->gains) = 1;
    *entry(p, last, rhs) = p->worth[best];
    for (long s = 0; s < p->profiles; s++) {
        if (s == best) continue;
        for (long c = 0; c < p->gains; c++)
            *entry(p, row, c) = p->gain[s * p->gains + c] - p->gain[best * p->gains + c];
        *entry(p, row, p->gains) = 1;
        *entry(p, row, rhs) = p->worth[best] - p->worth[s];
        p->basic[row] = (int)s;
        p->row[s] = (int)row++;
    }
}

/* ---- the simplex method ------------------------------------------------------------------------------- */

/* The column that lowers v fastest; -1 at the optimum. */
static long entering(const program *p) {
    long best = -1;
    double least = -SMALL;
    for (long c = 0; c <= p->gains; c++) {
        double change = *entry(p, p->profiles - 1, c);
        if (change < least) least = change, best = c;
    }
    return best;
}

/* How much of a slack's perturbation a row has. */
static double perturbation(const program *p, long row, long slack) {
    if (slack == p->start) return 0;
    return p->row[slack] >= 0 ? p->row[slack] == row : -*entry(p, row, -1 - p->row[slack]);
}

static bool leaves_before(const program *p, long row, long other, long column) {
    double a = -*entry(p, row, column), b = -*entry(p, other, column);
    double difference = *entry(p, row, p->gains + 1) / a - *entry(p, other, p->gains + 1) / b;
    for (long s = 0; s < p->profiles && fabs(difference) <= TIE; s++)
        difference = perturbation(p, row, s) / a - perturbation(p, other, s) / b;
    return difference < 0;
}

static long leaving(const program *p, long column) {
    long best = -1;
    for (long r = 0; r < p->profiles - 1; r++)
        if (*entry(p, r, column) < -PIVOT && (best < 0 || leaves_before(p, r, best, column))) best = r;
    return best;
}

static void pivot(program *p, long row, long column) {
    double head = *entry(p, row, column), *own = entry(p, row, 0);
    for (long c = 0; c <= p->gains + 1; c++) own[c] = c == column ? 1 / head : -own[c] / head;
    for (long r = 0; r < p->profiles; r++) {
        double *to = entry(p, r, 0), times = to[column];
        if (r == row || times == 0) continue;
        to[column] = 0;
        for (long c = 0; c <= p->gains + 1; c++) to[c] += times * own[c];
    }
    int entered = p->nonbasic[column], left = p->basic[row];
    p->basic[row] = entered;
    p->nonbasic[column] = left;
    p->row[entered] = (int)row;
    p->row[left] = (int)(-1 - column);
}

/* False where the budget ran out, or rounding hid the way. */
static bool minimize(program *p, pl_solution *solution) {
    long column, row;
    start(p);
    while ((column = entering(p)) >= 0) {
        if (!pl_solution_spend(solution, p->profiles * (p->gains + 2))) return false;
        if ((row = leaving(p, column)) < 0) return false;
        pivot(p, row, column);
    }
    return true;
}

/* ---- the result --------------------------------------------------------------------------------------- */

/* Solves for p and y from the last basis: slacks that are not basic have p, y that are basic are not 0. */
static bool refine(const program *p, double *probability, double *y, pl_arena *arena) {
    int n = 0, rows = 0;
    int *slack = PL_ARRAY(arena, p->gains + 1, int), *used = PL_ARRAY(arena, p->gains + 1, int);
    for (long c = 0; c <= p->gains; c++)
        if (p->nonbasic[c] < p->profiles) slack[n++] = p->nonbasic[c];
    for (long r = 0; r < p->profiles - 1; r++)
        if (p->basic[r] >= p->profiles) used[rows++] = p->basic[r] - (int)p->profiles;
    if (n != rows + 1) return false;
    int *order = PL_ARRAY(arena, n, int);
    double *a = PL_ARRAY(arena, n * n, double), *b = PL_ARRAY(arena, n, double);
    for (int transposed = 0; transposed < 2; transposed++) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                double value = j == n - 1 ? 1 : p->gain[slack[i] * p->gains + used[j]];
                a[transposed ? j * n + i : i * n + j] = value;
            }
        for (int i = 0; i < n; i++) b[i] = transposed ? i == n - 1 : p->worth[slack[i]];
        if (!pl_matrix_factor(a, order, n)) return false;
        pl_matrix_solve(a, order, n, b);
        for (int i = 0; i < n; i++) {
            if (transposed) probability[slack[i]] = b[i];
            else if (i < n - 1) y[used[i]] = b[i];
        }
    }
    return true;
}

/* No negative probabilities or multipliers, and a sum of 1. */
static void clean(double *values, long count, bool to_one) {
    double sum = 0;
    for (long k = 0; k < count; k++) {
        values[k] = values[k] > SMALL / 100 ? values[k] : 0;
        sum += values[k];
    }
    for (long k = 0; k < count && to_one; k++) values[k] /= sum;
}

/* The most that a player gains on average by not doing as told. */
static double regret_of(const program *p, const double *probability) {
    double most = 0;
    for (long c = 0; c < p->gains; c++) {
        double sum = 0;
        for (long s = 0; s < p->profiles; s++) sum += probability[s] * p->gain[s * p->gains + c];
        most = fmax(most, sum * p->scale[p->player[c]]);
    }
    return most;
}

/* What y proves: no correlated equilibrium has a higher mean of w. */
static double bound_of(const program *p, const double *y) {
    double bound = -INFINITY;
    for (long s = 0; s < p->profiles; s++) {
        double value = p->worth[s];
        for (long c = 0; c < p->gains; c++) value -= y[c] * p->gain[s * p->gains + c];
        bound = fmax(bound, value);
    }
    return bound;
}

static void add(program *p, const char *what, double sign, double scale, pl_solution *solution, pl_arena *scratch) {
    const pl_game *g = p->game;
    double *y = PL_ARRAY(scratch, p->gains + 1, double), *probability = PL_ARRAY(&solution->arena, p->profiles, double);
    if (!minimize(p, solution) || !refine(p, probability, y, scratch)) return;
    clean(probability, p->profiles, true);
    clean(y, p->gains, false);
    pl_correlated c = {.what = what, .probability = probability, .regret = regret_of(p, probability)};
    c.bound = sign * scale * bound_of(p, y);
    c.payoffs = PL_ARRAY(&solution->arena, g->player_count, double);
    for (int i = 0; i < g->player_count; i++)
        for (long s = 0; s < p->profiles; s++) c.payoffs[i] += probability[s] * pl_game_payoff(g, i, s);
    for (int i = 0; i < g->player_count; i++) c.welfare += c.payoffs[i];
    solution->correlated = pl_arena_grow(&solution->arena, solution->correlated, solution->correlated_count,
                                         &solution->correlated_room, solution->correlated_count + 1, sizeof c);
    solution->correlated[solution->correlated_count++] = c;
}

void pl_solve_correlated(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    (void)options;
    static const char *const what[] = {"highest welfare", "lowest welfare"};
    long gains;
    if (!fits(game, &gains)) return;
    pl_arena *scratch = &solution->scratch;
    program p;
    make(&p, game, gains, scratch);
    double *welfare = PL_ARRAY(scratch, p.profiles, double);
    for (int i = 0; i < game->player_count; i++)
        for (long s = 0; s < p.profiles; s++) welfare[s] += pl_game_payoff(game, i, s);
    double scale = range_of(welfare, p.profiles);
    for (int k = 0; k < 2; k++) {
        double sign = k == 0 ? 1 : -1;
        for (long s = 0; s < p.profiles; s++) p.worth[s] = sign * welfare[s] / scale;
        add(&p, what[k], sign, scale, solution, scratch);
    }
}
