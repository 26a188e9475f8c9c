/* Agent logit quantal response equilibria (McKelvey and Palfrey, Experimental Economics 1:9, 1998): at each set an action
 * is played in proportion to exp(lambda x what it gives on the condition that the set is reached).
 *
 * The principal branch is followed from lambda = 0, where all actions are equally likely, by pseudo-arclength continuation
 * in logarithms of probabilities (Turocy, Economic Theory 42:255, 2010).  As lambda grows it leads to a sequential
 * equilibrium.  Payoffs are divided by their widest range inside, and lambda multiplied by it. */
#include "study/agent.h"

#include <math.h>
#include <string.h>

#include "study/matrix.h"

enum { MOST_ACTIONS = 150, MOST_NODES = 5000, MOST_STEPS = 3000, MOST_CORRECTIONS = 8 };
static const double FIRST_STEP = 0.05, LEAST_STEP = 1e-9, LONGEST_STEP = 1e4, FAR = 1e6, LEAST_COSINE = 0.9;
static const double LISTED[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};

typedef struct agents {
    pl_tree_solution *s;
    const pl_tree *t;
    int count;        /* unknowns: the logarithms of all probabilities, and lambda last */
    double scale;     /* the widest range of a player's payoffs */
    double ratio;     /* of the widest range to the narrowest: lambda must become large for every player */
    double *least;    /* [player] */
    double *payoffs;  /* [terminal][player] above the player's least, divided by the scale */
    double *chance;   /* [node] probability of the action that leads there, where chance takes it */
    double *values;   /* [node][player] expected payoffs from there on */
    double *reach;    /* [node] logarithm of its probability */
    double *below;    /* [node] probability from a node above on */
    double *gives, *slopes; /* [action] what it gives; [action of a set][action] how that moves */
    double *matrix, *residual, *point, *direction, *trial, *turned, *start;
    int *pivot;
    int corrections;
} agents;

bool pl_agent_fits(const pl_tree *t) {
    return t->action_count > 0 && t->action_count <= MOST_ACTIONS && t->node_count <= MOST_NODES;
}

/* ---- what actions give ---------------------------------------------------------------------------------- */

/* The place of the action that leads to a node; -1: chance's, or the root. */
static int place_of(const pl_tree *t, int node) {
    int above = t->nodes[node].parent;
    if (above < 0 || t->sets[t->nodes[above].set].player < 0) return -1;
    return t->sets[t->nodes[above].set].first + t->nodes[node].action;
}

static double probability_of(const agents *a, const double *z, int node) {
    int place = place_of(a->t, node);
    return place < 0 ? a->chance[node] : exp(z[place]);
}

static void find_values(agents *a, const double *z) {
    const pl_tree *t = a->t;
    size_t players = (size_t)t->player_count;
    a->reach[0] = 0;
    for (int n = 1; n < t->node_count; n++) {
        int place = place_of(t, n);
        a->reach[n] = a->reach[t->nodes[n].parent] + (place < 0 ? log(a->chance[n]) : z[place]);
    }
    for (int n = t->node_count - 1; n >= 0; n--) {
        const pl_node *node = &t->nodes[n];
        double *own = a->values + (size_t)n * players;
        for (size_t i = 0; i < players; i++) own[i] = node->set < 0 ? a->payoffs[(size_t)node->payoffs * players + i] : 0;
        for (int k = 0; node->set >= 0 && k < t->sets[node->set].action_count; k++) {
            double p = probability_of(a, z, node->children[k]);
            for (size_t i = 0; i < players; i++) own[i] += p * a->values[(size_t)node->children[k] * players + i];
        }
    }
}

/* Adds to a slope how the value of a subtree moves with the actions inside it. */
static void add_subtree(agents *a, const double *z, int top, int player, double weight, double *slope) {
    const pl_tree *t = a->t;
    a->below[top] = weight;
    for (int n = top + 1; n < t->nodes[top].end; n++) {
        double p = probability_of(a, z, n);
        int place = place_of(t, n);
        a->below[n] = a->below[t->nodes[n].parent] * p;
        if (place >= 0) slope[place] += a->below[n] * a->values[(size_t)n * (size_t)t->player_count + (size_t)player];
    }
}

/* The belief at a node of a set: its probability on the condition that the set is reached. */
static double total_reach(const agents *a, const pl_information_set *s, double *largest) {
    double sum = 0;
    *largest = -INFINITY;
    for (int k = 0; k < s->node_count; k++) *largest = fmax(*largest, a->reach[s->nodes[k]]);
    for (int k = 0; k < s->node_count && isfinite(*largest); k++) sum += exp(a->reach[s->nodes[k]] - *largest);
    return sum;
}

static void find_gives(agents *a, const double *z, const pl_information_set *s) {
    const pl_tree *t = a->t;
    double largest, total = total_reach(a, s, &largest);
    int n = a->count;
    memset(a->slopes, 0, (size_t)s->action_count * (size_t)n * sizeof(double));
    for (int k = 0; k < s->action_count; k++) a->gives[k] = 0;
    for (int at = 0; at < s->node_count && total > 0; at++) {
        double belief = exp(a->reach[s->nodes[at]] - largest) / total;
        for (int k = 0; k < s->action_count; k++) {
            int child = t->nodes[s->nodes[at]].children[k];
            a->gives[k] += belief * a->values[(size_t)child * (size_t)t->player_count + (size_t)s->player];
        }
    }
    for (int at = 0; at < s->node_count && total > 0; at++) {
        double belief = exp(a->reach[s->nodes[at]] - largest) / total;
        if (belief == 0) continue;
        for (int k = 0; k < s->action_count; k++) {
            int child = t->nodes[s->nodes[at]].children[k];
            double value = a->values[(size_t)child * (size_t)t->player_count + (size_t)s->player];
            for (int up = s->nodes[at]; up > 0; up = t->nodes[up].parent)
                if (place_of(t, up) >= 0) a->slopes[k * n + place_of(t, up)] += belief * (value - a->gives[k]);
            add_subtree(a, z, child, s->player, belief, a->slopes + k * n);
        }
    }
}

/* ---- the equations -------------------------------------------------------------------------------------- */

static int likeliest(const pl_information_set *s, const double *z) {
    int best = 0;
    for (int k = 1; k < s->action_count; k++)
        if (z[s->first + k] > z[s->first + best]) best = k;
    return best;
}

/* Residuals and derivatives of all equations but the last, which is the caller's. */
static void linearize(agents *a, const double *z) {
    const pl_tree *t = a->t;
    int n = a->count;
    memset(a->matrix, 0, (size_t)n * (size_t)n * sizeof(double));
    find_values(a, z);
    for (int h = 0; h < t->set_count; h++) {
        const pl_information_set *s = &t->sets[h];
        if (s->player < 0) continue;
        int base = likeliest(s, z);
        find_gives(a, z, s);
        double *sum = a->matrix + (s->first + base) * n;
        a->residual[s->first + base] = -1;
        for (int k = 0; k < s->action_count; k++) {
            double *row = a->matrix + (s->first + k) * n, lambda = z[n - 1];
            sum[s->first + k] = exp(z[s->first + k]);
            a->residual[s->first + base] += exp(z[s->first + k]);
            if (k == base) continue;
            for (int j = 0; j < n - 1; j++) row[j] = -lambda * (a->slopes[k * n + j] - a->slopes[base * n + j]);
            row[s->first + k] += 1;
            row[s->first + base] -= 1;
            row[n - 1] = -(a->gives[k] - a->gives[base]);
            a->residual[s->first + k] = z[s->first + k] - z[s->first + base] - lambda * (a->gives[k] - a->gives[base]);
        }
    }
}

/* Newton's method from a point, in the plane through it across `border`, or (NULL) with lambda held. */
static bool correct(agents *a, double *z, const double *border) {
    int n = a->count;
    memcpy(a->start, z, (size_t)n * sizeof *z);
    double before = INFINITY;
    for (a->corrections = 1; a->corrections <= MOST_CORRECTIONS; a->corrections++) {
        linearize(a, z);
        a->residual[n - 1] = 0;
        for (int k = 0; k < n; k++) {
            double along = border ? border[k] : k == n - 1;
            a->matrix[(n - 1) * n + k] = along;
            a->residual[n - 1] += along * (z[k] - a->start[k]);
        }
        if (!pl_matrix_factor(a->matrix, a->pivot, n)) return false;
        pl_matrix_solve(a->matrix, a->pivot, n, a->residual);
        double size = 0;
        for (int k = 0; k < n; k++) {
            z[k] -= a->residual[k];
            size = fmax(size, fabs(a->residual[k]) / (1 + fabs(z[k])));
        }
        if (!(size < 1) || (a->corrections > 2 && size > before)) return size < 1e-9;
        if (size < 1e-11) return true;
        before = size;
    }
    return before < 1e-9;
}

/* The direction of the branch at z, on the side of `along`. */
static bool turn(agents *a, const double *z, const double *along, double *direction) {
    int n = a->count;
    linearize(a, z);
    memcpy(a->matrix + (n - 1) * n, along, (size_t)n * sizeof *along);
    if (!pl_matrix_factor(a->matrix, a->pivot, n)) return false;
    memset(direction, 0, (size_t)n * sizeof *direction);
    direction[n - 1] = 1;
    pl_matrix_solve(a->matrix, a->pivot, n, direction);
    double length = 0;
    for (int k = 0; k < n; k++) length += direction[k] * direction[k];
    for (int k = 0; k < n; k++) direction[k] /= sqrt(length);
    return isfinite(length) && length > 0;
}

/* A step of at most *step to a->trial with its direction in a->turned; leaves the next one to try. */
static bool advance(agents *a, double *step) {
    int n = a->count;
    for (; *step > LEAST_STEP; *step /= 2) {
        for (int k = 0; k < n; k++) a->trial[k] = a->point[k] + *step * a->direction[k];
        if (!correct(a, a->trial, a->direction) || !turn(a, a->trial, a->direction, a->turned)) continue;
        double cosine = 0;
        for (int k = 0; k < n; k++) cosine += a->turned[k] * a->direction[k];
        if (cosine < LEAST_COSINE) continue;
        *step = fmin(LONGEST_STEP * a->ratio, *step * (a->corrections <= 3 ? 2 : a->corrections <= 5 ? 1.2 : 0.7));
        return true;
    }
    return false;
}

/* ---- what is kept --------------------------------------------------------------------------------------- */

static pl_agent_logit *keep(agents *a, const double *z, double lambda) {
    pl_tree_solution *s = a->s;
    s->logit = pl_arena_grow(&s->arena, s->logit, s->logit_count, &s->logit_room, s->logit_count + 1, sizeof *s->logit);
    pl_agent_logit *at = &s->logit[s->logit_count++];
    *at = (pl_agent_logit){lambda, PL_ARRAY(&s->arena, a->count, double), PL_ARRAY(&s->arena, a->t->player_count, double)};
    find_values(a, z);
    for (int k = 0; k < a->count - 1; k++) at->probabilities[k] = exp(z[k]);
    for (int i = 0; i < a->t->player_count; i++) at->payoffs[i] = a->least[i] + a->values[i] * a->scale;
    return at;
}

/* The branch where lambda is the one asked for, between the point and the trial: Newton's method with lambda held. */
static void keep_between(agents *a, double lambda) {
    int n = a->count;
    double low = a->point[n - 1], share = (lambda - low) / (a->trial[n - 1] - low), *z = a->turned;
    double *saved = PL_ARRAY(&a->s->arena, n, double);
    memcpy(saved, a->turned, (size_t)n * sizeof *saved);
    for (int k = 0; k < n; k++) z[k] = a->point[k] + share * (a->trial[k] - a->point[k]);
    z[n - 1] = lambda;
    if (correct(a, z, NULL)) keep(a, z, lambda / a->scale);
    memcpy(a->turned, saved, (size_t)n * sizeof *saved);
}

/* An equilibrium that was found exactly and lies next to the end of the branch is the limit; else probabilities that
 * vanish are left out. */
static void keep_limit(agents *a) {
    pl_tree_solution *s = a->s;
    pl_agent_logit *at = keep(a, a->point, INFINITY);
    for (int i = 0; i < s->count; i++) {
        double most = 0;
        for (int k = 0; k < a->count - 1; k++)
            most = fmax(most, fabs(pl_rational_double(s->equilibria[i].probabilities[k]) - at->probabilities[k]));
        if (most > 1e-3) continue;
        s->limit = i;
        for (int k = 0; k < a->count - 1; k++) at->probabilities[k] = pl_rational_double(s->equilibria[i].probabilities[k]);
        for (int p = 0; p < a->t->player_count; p++) at->payoffs[p] = pl_rational_double(s->equilibria[i].payoffs[p]);
        return;
    }
    for (int h = 0; h < a->t->set_count; h++) {
        const pl_information_set *set = &a->t->sets[h];
        double sum = 0;
        for (int k = 0; set->player >= 0 && k < set->action_count; k++) {
            double *p = &at->probabilities[set->first + k];
            sum += *p = *p < 1e-5 ? 0 : *p;
        }
        for (int k = 0; set->player >= 0 && k < set->action_count; k++) at->probabilities[set->first + k] /= sum;
    }
}

/* ---- the branch ----------------------------------------------------------------------------------------- */

static void set_payoffs(agents *a) {
    const pl_tree *t = a->t;
    size_t players = (size_t)t->player_count, count = (size_t)t->terminal_count * players;
    double narrowest = INFINITY;
    a->payoffs = PL_ARRAY(&a->s->arena, count, double);
    a->least = PL_ARRAY(&a->s->arena, players, double);
    for (size_t i = 0; i < players; i++) {
        double least = INFINITY, most = -INFINITY;
        for (size_t k = i; k < count; k += players) {
            a->payoffs[k] = pl_rational_double(t->payoffs[k]);
            least = fmin(least, a->payoffs[k]), most = fmax(most, a->payoffs[k]);
        }
        a->least[i] = least;
        a->scale = fmax(a->scale, most - least);
        if (most > least) narrowest = fmin(narrowest, most - least);
    }
    if (!(a->scale > 0)) a->scale = narrowest = 1;
    a->ratio = a->scale / narrowest;
    for (size_t k = 0; k < count; k++) a->payoffs[k] = (a->payoffs[k] - a->least[k % players]) / a->scale;
}

static void start(agents *a) {
    const pl_tree *t = a->t;
    pl_arena *arena = &a->s->arena;
    size_t n = (size_t)(a->count = t->action_count + 1), nodes = (size_t)t->node_count;
    double **lines[] = {&a->residual, &a->point, &a->direction, &a->trial, &a->turned, &a->start, &a->gives};
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) *lines[k] = PL_ARRAY(arena, n, double);
    a->matrix = PL_ARRAY(arena, n * n, double);
    a->slopes = PL_ARRAY(arena, n * n, double);
    a->pivot = PL_ARRAY(arena, n, int);
    a->values = PL_ARRAY(arena, nodes * (size_t)t->player_count, double);
    a->chance = PL_ARRAY(arena, nodes, double);
    a->reach = PL_ARRAY(arena, nodes, double);
    a->below = PL_ARRAY(arena, nodes, double);
    set_payoffs(a);
    for (int k = 1; k < t->node_count; k++) {
        const pl_information_set *above = &t->sets[t->nodes[t->nodes[k].parent].set];
        if (above->player < 0) a->chance[k] = pl_rational_double(above->probabilities[t->nodes[k].action]);
    }
    for (int k = 0; k < t->action_count; k++) a->point[k] = -log(t->sets[t->set_of[k]].action_count);
}

static bool is_between(double x, double a, double c) { return (a < x && x <= c) || (c <= x && x < a); }

void pl_agent_solve(pl_tree_solution *s, const pl_solve_options *options, bool all) {
    agents a = {.s = s, .t = s->tree};
    start(&a);
    int n = a.count;
    double step = FIRST_STEP, target = options->lambda * a.scale;
    a.trial[n - 1] = 1;
    if (!turn(&a, a.point, a.trial, a.direction)) return;
    for (int k = 0; k < MOST_STEPS && a.point[n - 1] < FAR * a.ratio && advance(&a, &step); k++) {
        double before = a.point[n - 1], after = a.trial[n - 1];
        if (target > 0 && is_between(target, before, after)) {
            keep_between(&a, target);
            return;
        }
        for (size_t i = 0; i < sizeof LISTED / sizeof *LISTED && target <= 0 && all; i++)
            if (is_between(LISTED[i] * a.scale, before, after)) keep_between(&a, LISTED[i] * a.scale);
        memcpy(a.point, a.trial, (size_t)n * sizeof(double));
        memcpy(a.direction, a.turned, (size_t)n * sizeof(double));
    }
    if (target <= 0 && a.point[n - 1] >= FAR / 100 * a.ratio) keep_limit(&a);
}
