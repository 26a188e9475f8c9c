/* Play in an order within one game: the players of a stage move at the same time, knowing what was done before them.
 *
 * Solved by backward induction (von Stackelberg, Marktform und Gleichgewicht, 1934; Selten, International Journal of Game
 * Theory 4:25, 1975, for subgame perfection): what the last stage does is worked out after each combination of earlier
 * moves, and its payoffs take the place of the moves.  Where a stage has several equilibria one of them is continued
 * with by a rule: the limit of logit responses (one mover: ties equally likely), the highest sum of all payoffs, or the
 * best for one player.  All rules but the first are only followed where some stage had several. */
#include <math.h>
#include <string.h>

#include "study/solution.h"

typedef struct order {
    const pl_game *game;
    const pl_solve_options *options;
    pl_solution *solution;
    int *stage, stages; /* [player] from 0 without gaps */
    double *value;      /* [player][profile] what follows from a profile whose later strategies are all the first */
    double **play;      /* [player][profile of earlier moves x strategies] what a player does after them */
    int rule;           /* RULE_LIMIT, RULE_JOINT, or the player whose best it is */
    long several, unsolved;
    int *movers, mover_count;
    pl_game sub;        /* of the movers of one stage */
    double **mixture;   /* [mover][strategy] */
} order;

enum { RULE_LIMIT = -2, RULE_JOINT = -1 };

static double *value_of(const order *o, int player) {
    return o->value + (size_t)player * (size_t)o->game->profile_count;
}

static void number_stages(order *o) {
    int n = o->game->player_count, before = -1;
    for (o->stages = 0;; o->stages++) {
        int next = -1;
        for (int i = 0; i < n; i++)
            if (o->options->stage[i] > before && (next < 0 || o->options->stage[i] < next)) next = o->options->stage[i];
        if (next < 0) return;
        for (int i = 0; i < n; i++)
            if (o->options->stage[i] == next) o->stage[i] = o->stages;
        before = next;
    }
}

/* ---- the game of one stage ------------------------------------------------------------------------------ */

static void shape_stage(order *o, int stage) {
    const pl_game *g = o->game;
    pl_arena *arena = &o->solution->scratch;
    o->mover_count = 0;
    for (int i = 0; i < g->player_count; i++)
        if (o->stage[i] == stage) o->movers[o->mover_count++] = i;
    o->sub = (pl_game){.player_count = o->mover_count, .players = PL_ARRAY(arena, o->mover_count, pl_player),
                       .stride = PL_ARRAY(arena, o->mover_count, long), .profile_count = 1};
    for (int m = o->mover_count - 1; m >= 0; m--) {
        o->sub.players[m] = g->players[o->movers[m]];
        o->sub.stride[m] = o->sub.profile_count;
        o->sub.profile_count *= o->sub.players[m].strategy_count;
    }
    o->sub.payoffs = PL_ARRAY(arena, o->mover_count * o->sub.profile_count, double);
    o->mixture = pl_mixture_new(arena, &o->sub);
}

/* The profile of the whole game: earlier moves as in `node`, the movers as in `profile`. */
static long place(const order *o, long node, long profile) {
    for (int m = 0; m < o->mover_count; m++)
        node += pl_game_strategy(&o->sub, profile, m) * o->game->stride[o->movers[m]];
    return node;
}

static void fill_stage(order *o, long node) {
    for (int m = 0; m < o->mover_count; m++)
        for (long p = 0; p < o->sub.profile_count; p++)
            o->sub.payoffs[m * o->sub.profile_count + p] = value_of(o, o->movers[m])[place(o, node, p)];
}

static double worth(const order *o, long node, long profile) {
    double sum = 0;
    long at = place(o, node, profile);
    for (int i = 0; i < o->game->player_count; i++)
        if (o->rule < 0 || o->rule == i) sum += value_of(o, i)[at];
    return sum;
}

/* One mover: the best; ties are equally likely (the limit of logit responses) or the best by the rule. */
static void choose_alone(order *o, long node) {
    const double *payoffs = o->sub.payoffs;
    double most = -INFINITY, best_worth = -INFINITY;
    int ties = 0, best = 0;
    for (long k = 0; k < o->sub.profile_count; k++) most = fmax(most, payoffs[k]);
    for (long k = 0; k < o->sub.profile_count; k++) {
        if (payoffs[k] < most) continue;
        ties++;
        if (worth(o, node, k) <= best_worth) continue;
        best_worth = worth(o, node, k);
        best = (int)k;
    }
    o->several += ties > 1;
    for (int k = 0; k < o->sub.players[0].strategy_count; k++)
        o->mixture[0][k] = o->rule == RULE_LIMIT ? (payoffs[k] < most ? 0 : 1.0 / ties) : k == best;
}

static double expect(const order *o, double *const *mixture, long node, int player) {
    double sum = 0;
    for (long p = 0; p < o->sub.profile_count; p++) {
        double probability = 1;
        for (int m = 0; m < o->mover_count; m++) probability *= mixture[m][pl_game_strategy(&o->sub, p, m)];
        if (probability != 0) sum += probability * value_of(o, player)[place(o, node, p)];
    }
    return sum;
}

static double worth_of(const order *o, const pl_equilibrium *e, long node) {
    double sum = 0;
    for (int i = 0; i < o->game->player_count; i++)
        if (o->rule < 0 || o->rule == i) sum += expect(o, e->mixture, node, i);
    return sum;
}

static const pl_equilibrium *choose_of(const order *o, const pl_solution *found, long node) {
    if (o->rule == RULE_LIMIT && found->limit) return found->limit;
    const pl_equilibrium *best = NULL;
    double most = -INFINITY;
    for (int e = 0; e < found->count; e++) {
        double own = worth_of(o, &found->equilibria[e], node);
        if (own <= most) continue;
        most = own;
        best = &found->equilibria[e];
    }
    return best ? best : found->limit;
}

static void copy_choice(order *o, const pl_equilibrium *e) {
    for (int m = 0; m < o->mover_count; m++)
        for (int k = 0; k < o->sub.players[m].strategy_count; k++)
            o->mixture[m][k] = e ? e->mixture[m][k] : 1.0 / o->sub.players[m].strategy_count;
}

/* Several movers: by the solvers of games that are played at once. Nothing may leave by longjmp before its solution is
 * given back. */
static void choose_together(order *o, long node, long long budget) {
    pl_solve_options options = {.budget = budget};
    pl_solution *found = NULL;
    bool small = o->mover_count == 2 || pl_game_supports(&o->sub) <= PL_MOST_SUPPORTS;
    const char *solver = o->mover_count == 2 ? "extreme" : small ? "supports" : "pure";
    pl_status status = pl_game_solve(&o->sub, solver, &options, &found, NULL);
    if (status == PL_OK && (o->rule == RULE_LIMIT || found->count == 0) && !(found->complete && found->count == 1)) {
        pl_solution *logit = NULL;
        int several = found->count > 1;
        status = pl_game_solve(&o->sub, "logit", &options, &logit, NULL);
        if (status == PL_OK && logit->limit) {
            copy_choice(o, logit->limit);
            o->several += several;
        } else if (status == PL_OK) {
            copy_choice(o, choose_of(o, found, node));
            o->unsolved++;
        }
        pl_solution_free(logit);
    } else if (status == PL_OK) {
        o->several += found->count > 1;
        o->unsolved += found->count == 0;
        copy_choice(o, choose_of(o, found, node));
    }
    pl_solution_free(found);
    if (status != PL_OK) o->solution->arena.out_of_memory(o->solution->arena.context);
}

/* ---- backward induction --------------------------------------------------------------------------------- */

/* Whether a profile stands for its moves before a stage: all later ones are the first. */
static bool is_node(const order *o, long profile, int stage) {
    for (int i = 0; i < o->game->player_count; i++)
        if (o->stage[i] >= stage && pl_game_strategy(o->game, profile, i) != 0) return false;
    return true;
}

static void solve_stage(order *o, int stage) {
    const pl_game *g = o->game;
    long nodes = 0;
    shape_stage(o, stage);
    for (long node = 0; node < g->profile_count; node++) nodes += is_node(o, node, stage);
    long long budget = (o->options->budget > 0 ? o->options->budget : PL_SOLVE_BUDGET) / nodes + 1000;
    for (long node = 0; node < g->profile_count; node++) {
        if (!is_node(o, node, stage)) continue;
        fill_stage(o, node);
        if (o->mover_count == 1) choose_alone(o, node);
        else choose_together(o, node, budget);
        for (int m = 0; m < o->mover_count; m++) {
            int count = o->sub.players[m].strategy_count;
            memcpy(o->play[o->movers[m]] + node * count, o->mixture[m], (size_t)count * sizeof(double));
        }
        for (int i = 0; i < g->player_count; i++) value_of(o, i)[node] = expect(o, o->mixture, node, i);
    }
}

/* The profile with the moves from a stage on taken back. */
static long before(const order *o, long profile, int stage) {
    for (int i = 0; i < o->game->player_count; i++)
        if (o->stage[i] >= stage) profile = pl_game_deviate(o->game, profile, i, 0);
    return profile;
}

/* How likely each strategy is on the path, whatever was done before it. */
static void set_path(const order *o, pl_sequence *sequence) {
    const pl_game *g = o->game;
    for (long p = 0; p < g->profile_count; p++) {
        double probability = 1;
        for (int i = 0; i < g->player_count && probability != 0; i++)
            probability *= o->play[i][before(o, p, o->stage[i]) * g->players[i].strategy_count + pl_game_strategy(g, p, i)];
        if (probability == 0) continue;
        for (int i = 0; i < g->player_count; i++) {
            sequence->mixture[i][pl_game_strategy(g, p, i)] += probability;
            sequence->payoffs[i] += probability * pl_game_payoff(g, i, p);
        }
    }
}

static void set_reactions(const order *o, pl_sequence *sequence) {
    const pl_game *g = o->game;
    sequence->reactions = PL_ARRAY(&o->solution->arena, g->player_count, double *);
    for (int i = 0; i < g->player_count; i++) {
        size_t size = (size_t)g->profile_count * (size_t)g->players[i].strategy_count;
        sequence->reactions[i] = PL_ARRAY(&o->solution->arena, size, double);
        memcpy(sequence->reactions[i], o->play[i], size * sizeof(double));
    }
}

static void add_sequence(order *o) {
    pl_solution *s = o->solution;
    s->sequences = pl_arena_grow(&s->arena, s->sequences, s->sequence_count, &s->sequence_room, s->sequence_count + 1,
                                 sizeof *s->sequences);
    pl_sequence *to = &s->sequences[s->sequence_count++];
    int *stage = PL_ARRAY(&s->arena, o->game->player_count, int);
    memcpy(stage, o->stage, (size_t)o->game->player_count * sizeof *stage);
    *to = (pl_sequence){.stage = stage, .best_for = o->rule, .several = o->several, .unsolved = o->unsolved,
                        .mixture = pl_mixture_new(&s->arena, o->game),
                        .payoffs = PL_ARRAY(&s->arena, o->game->player_count, double)};
    set_path(o, to);
    set_reactions(o, to);
}

static void follow(order *o, int rule) {
    size_t cells = (size_t)o->game->player_count * (size_t)o->game->profile_count;
    memcpy(o->value, o->game->payoffs, cells * sizeof *o->value);
    o->rule = rule;
    o->several = o->unsolved = 0;
    for (int stage = o->stages - 1; stage >= 0; stage--) solve_stage(o, stage);
    add_sequence(o);
}

void pl_solve_sequential(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    if (!options->stage) return;
    pl_arena *arena = &solution->scratch;
    order o = {.game = game, .options = options, .solution = solution};
    o.stage = PL_ARRAY(arena, game->player_count, int);
    o.movers = PL_ARRAY(arena, game->player_count, int);
    o.value = PL_ARRAY(arena, (size_t)game->player_count * (size_t)game->profile_count, double);
    o.play = PL_ARRAY(arena, game->player_count, double *);
    for (int i = 0; i < game->player_count; i++)
        o.play[i] = PL_ARRAY(arena, (size_t)game->profile_count * (size_t)game->players[i].strategy_count, double);
    number_stages(&o);
    follow(&o, RULE_LIMIT);
    for (int rule = RULE_JOINT; o.several > 0 && rule < game->player_count; rule++) follow(&o, rule);
}
