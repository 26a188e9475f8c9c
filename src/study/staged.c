/* See staged.h. */
#include "study/staged.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "base/pool.h"
#include "ensemble/explore.h"
#include "study/statistics.h"

static const double DEFAULT_BUDGET = 10e6; /* segments of one future */
enum { SOLVE_BUDGET = 200000000 };         /* operations for the game of one node */

typedef struct work {
    pl_staged *g;
    jmp_buf back;
    const pl_explore_options *options;
    pl_game *shape;  /* the game of a node: players and strategies */
    int level, rule; /* rule -1: all of them, which at the last time have the same games */
    pl_error error;
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

/* ---- who takes part -------------------------------------------------------------------------------------- */

static pl_status find_choice(const pl_situation *s, const pl_choice *choice, int *actor, int *course, pl_error *error) {
    for (*actor = 0; *actor < s->actor_count && strcmp(s->actors[*actor].name, choice->actor) != 0;) ++*actor;
    if (*actor == s->actor_count)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no actor '%.60s'", choice->actor);
    const pl_actor *a = &s->actors[*actor];
    for (*course = 0; *course < a->course_count && strcmp(a->courses[*course].name, choice->course) != 0;) ++*course;
    if (*course < a->course_count) return PL_OK;
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "'%s' has no course '%.60s'", a->name, choice->course);
}

static void add_course(pl_choice_set *set, int course) {
    for (int i = 0; i < set->count; i++)
        if (set->courses[i] == course) return;
    set->courses[set->count++] = course;
}

/* What the options name, else what the situation names, else all. */
static pl_status choose_courses(pl_staged *g, const pl_staged_options *options, pl_error *error) {
    const pl_situation *s = g->situation;
    g->courses = PL_ARRAY(&g->arena, s->actor_count, pl_choice_set);
    for (int a = 0; a < s->actor_count; a++) g->courses[a].courses = PL_ARRAY(&g->arena, s->actors[a].course_count, int);
    for (int i = 0; i < options->course_count; i++) {
        int actor, course = 0;
        pl_status status = find_choice(s, &options->courses[i], &actor, &course, error);
        if (status != PL_OK) return status;
        add_course(&g->courses[actor], course);
    }
    for (int a = 0; a < s->actor_count; a++) {
        const pl_choice_set *named = s->play_courses ? &s->play_courses[a] : NULL;
        if (g->courses[a].count) continue;
        for (int i = 0; named && i < named->count; i++) add_course(&g->courses[a], named->courses[i]);
        for (int k = 0; (!named || !named->count) && k < s->actors[a].course_count; k++) add_course(&g->courses[a], k);
    }
    return PL_OK;
}

static void set_order(pl_staged *g) {
    const pl_situation *s = g->situation;
    if (s->order_count < 2) return;
    int *order = PL_ARRAY(&g->arena, s->actor_count, int);
    for (int i = 0; i < s->order_count; i++)
        for (int k = 0; k < s->order[i].count; k++) order[s->order[i].actors[k]] = i;
    g->order = order;
}

static pl_status check_budget(const pl_staged *g, double budget, pl_error *error) {
    double runs = g->stages.segments * (double)g->situation->futures;
    char parts[200] = "";
    double nodes = 1;
    if (runs <= (budget > 0 ? budget : DEFAULT_BUDGET) && g->stages.leaves) return PL_OK;
    for (int i = 0; i < g->stages.count; i++) {
        size_t used = strlen(parts);
        nodes *= (double)g->stages.profiles;
        snprintf(parts + used, sizeof parts - used, "%s%.0f", i ? " + " : "", nodes);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0,
                        "staged play over %ld profiles at %d times needs %.0f segments (%s) of %ld futures each, over the "
                        "budget of %.0f in all: let fewer courses take part, or raise the budget",
                        g->stages.profiles, g->stages.count, g->stages.segments, parts, g->situation->futures,
                        budget > 0 ? budget : DEFAULT_BUDGET);
}

/* ---- values of sequences ----------------------------------------------------------------------------------- */

static const double *payoffs_of(const pl_staged *g, long leaf, int actor) {
    return g->payoffs + ((size_t)leaf * (size_t)g->situation->actor_count + (size_t)actor) * (size_t)g->situation->futures;
}

static void find_futures(pl_staged *g) {
    const pl_situation *s = g->situation;
    unsigned char *missing = PL_ARRAY(&g->arena, s->futures, unsigned char);
    g->future = PL_ARRAY(&g->arena, s->futures, long);
    for (long leaf = 0; leaf < g->stages.leaves; leaf++)
        for (int a = 0; a < s->actor_count; a++)
            for (long f = 0; f < s->futures; f++) if (isnan(payoffs_of(g, leaf, a)[f])) missing[f] = 1;
    for (long f = 0; f < s->futures; f++)
        if (!missing[f]) g->future[g->futures++] = f;
}

static void mean_leaves(const pl_staged *g, double *value) {
    for (long leaf = 0; leaf < g->stages.leaves; leaf++)
        for (int a = 0; a < g->situation->actor_count; a++) {
            const double *payoffs = payoffs_of(g, leaf, a);
            double sum = 0;
            for (long f = 0; f < g->futures; f++) sum += payoffs[g->future[f]];
            *value++ = sum / (double)g->futures;
        }
}

/* ---- the game of a node -------------------------------------------------------------------------------------- */

static pl_status make_shape(work *w, pl_error *error) {
    const pl_staged *g = w->g;
    const pl_situation *s = g->situation;
    pl_player *players = PL_ARRAY(&w->g->arena, s->actor_count, pl_player);
    for (int a = 0; a < s->actor_count; a++) {
        const char **names = PL_ARRAY(&w->g->arena, g->courses[a].count, const char *);
        for (int k = 0; k < g->courses[a].count; k++) names[k] = s->actors[a].courses[g->courses[a].courses[k]].name;
        players[a] = (pl_player){s->actors[a].name, g->courses[a].count, names};
    }
    return pl_game_new(players, s->actor_count, &w->shape, error);
}

/* Payoffs of a node: the values of the nodes that its profiles lead to. */
static void fill_game(const work *w, const pl_staged_rule *rule, long node, pl_game *game) {
    const pl_staged *g = w->g;
    int actors = g->situation->actor_count;
    const double *below = rule->value[w->level + 1] + (size_t)node * (size_t)g->stages.profiles * (size_t)actors;
    for (int a = 0; a < actors; a++)
        for (long p = 0; p < g->stages.profiles; p++)
            game->payoffs[(size_t)a * (size_t)g->stages.profiles + (size_t)p] = below[(size_t)p * (size_t)actors + (size_t)a];
}

/* What solving a node found: equilibria, and the one that the logit branch leads to. */
typedef struct answer {
    pl_solution *all, *logit;
} answer;

static void free_answer(answer *found) {
    pl_solution_free(found->all);
    pl_solution_free(found->logit);
}

static pl_status solve(const work *w, const pl_game *game, answer *found, pl_error *error) {
    pl_solve_options options = {.budget = SOLVE_BUDGET};
    *found = (answer){NULL, NULL};
    if (w->g->order) {
        options.stage = w->g->order;
        return pl_game_solve(game, "sequential", &options, &found->all, error);
    }
    const char *solver = game->player_count <= 2                        ? "extreme"
                         : pl_game_supports(game) <= PL_MOST_SUPPORTS ? "supports"
                                                                        : "pure";
    pl_status status = pl_game_solve(game, solver, &options, &found->all, error);
    bool only = status == PL_OK && found->all->count == 1 && found->all->complete;
    if (status == PL_OK && !only) status = pl_game_solve(game, "logit", &options, &found->logit, error);
    return status;
}

static double joint(const pl_game *game, const pl_equilibrium *e) {
    double sum = 0;
    for (int i = 0; i < game->player_count; i++) sum += e->payoffs[i];
    return sum;
}

/* The equilibrium at the end of the logit branch; NULL where it was not found. */
static const pl_equilibrium *limit_of(const answer *found) {
    if (found->all->count == 1 && found->all->complete) return &found->all->equilibria[0];
    return found->logit ? found->logit->limit : NULL;
}

/* By a rule: -2 the logit limit, -1 the highest sum of payoffs, else the best for an actor; of equal ones the first. */
static const pl_equilibrium *select_by(const pl_game *game, const answer *found, int rule, bool *lost) {
    const pl_equilibrium *limit = limit_of(found), *best = NULL;
    double most = -INFINITY;
    if (rule == -2 && limit) return limit;
    *lost = rule == -2;
    for (int i = 0; i < found->all->count; i++) {
        const pl_equilibrium *e = &found->all->equilibria[i];
        double worth = rule < 0 ? joint(game, e) : e->payoffs[rule];
        if (worth > most) most = worth, best = e;
    }
    return best ? best : limit;
}

/* ---- backward induction --------------------------------------------------------------------------------------- */

/* The probability of a profile: of a play in order, where later actors answer what earlier ones did, by its
 * reactions. */
static double joint_probability(const work *w, const pl_game *game, double *const *mixture, double *const *reactions,
                                long profile) {
    double probability = 1;
    for (int a = 0; a < game->player_count; a++) {
        int own = pl_game_strategy(game, profile, a);
        long seen = profile; /* the moves before: its own stage's and all later ones are the first */
        for (int b = 0; reactions && b < game->player_count; b++)
            if (w->g->order[b] >= w->g->order[a]) seen = pl_game_deviate(game, seen, b, 0);
        probability *= reactions ? reactions[a][(size_t)seen * (size_t)game->players[a].strategy_count + (size_t)own]
                                 : mixture[a][own];
    }
    return probability;
}

static void keep(const work *w, pl_staged_rule *rule, long node, double *const *mixture, double *const *reactions,
                 const double *payoffs, int count) {
    const pl_staged *g = w->g;
    for (long p = 0; p < g->stages.profiles; p++)
        rule->joint[w->level][(size_t)node * (size_t)g->stages.profiles + (size_t)p] =
            joint_probability(w, w->shape, mixture, reactions, p);
    double *to = rule->mixture[w->level] + (size_t)node * (size_t)g->strategies;
    for (int a = 0; a < g->situation->actor_count; a++) {
        memcpy(to + g->place[a], mixture[a], (size_t)g->courses[a].count * sizeof *to);
        rule->value[w->level][(size_t)node * (size_t)g->situation->actor_count + (size_t)a] = payoffs[a];
    }
    rule->count[w->level][node] = count;
}

enum { LOST = 1 << 29, UNFINISHED = 1 << 28 }; /* marks beside the count, for threads write nothing else */

static pl_status choose(const work *w, const pl_game *game, const answer *found, int number, long node, pl_error *error) {
    pl_staged_rule *rule = &w->g->rules[number];
    bool lost = false;
    if (w->g->order) {
        const pl_sequence *play = found->all->sequence_count ? &found->all->sequences[0] : NULL;
        for (int i = 0; i < found->all->sequence_count; i++)
            if (found->all->sequences[i].best_for == number - 2) play = &found->all->sequences[i];
        if (!play) return pl_error_set(error, PL_INVALID, NULL, 0, 0, "the game of a node has no solution in its order");
        keep(w, rule, node, play->mixture, play->reactions, play->payoffs,
             (play->several ? 2 : 1) | (play->unsolved ? LOST | UNFINISHED : 0));
        return PL_OK;
    }
    const pl_equilibrium *e = select_by(game, found, number - 2, &lost);
    if (!e)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "no equilibrium was found for the choice at %g",
                            w->g->stages.at[w->level]);
    int several = found->all->count > 1 ? found->all->count : 1;
    keep(w, rule, node, e->mixture, NULL, e->payoffs, several | (lost ? LOST : 0) | (found->all->complete ? 0 : UNFINISHED));
    return PL_OK;
}

static pl_status solve_node(void *context, long node, int thread) {
    const work *w = context;
    pl_game game = *w->shape;
    size_t cells = (size_t)game.player_count * (size_t)game.profile_count;
    answer found = {NULL, NULL};
    int from = w->rule < 0 ? 0 : w->rule, to = w->rule < 0 ? w->g->rule_count : w->rule + 1;
    (void)thread;
    if (!(game.payoffs = pl_allocate(cells * sizeof *game.payoffs))) return PL_MEMORY;
    fill_game(w, &w->g->rules[from], node, &game);
    pl_status status = solve(w, &game, &found, NULL);
    for (int r = from; r < to && status == PL_OK; r++) status = choose(w, &game, &found, r, node, NULL);
    free_answer(&found);
    pl_release(game.payoffs);
    return status;
}

/* Takes the marks apart from the counts. */
static void sum_up(pl_staged *g, pl_staged_rule *rule) {
    rule->complete = true;
    for (int level = 0; level < g->stages.count; level++)
        for (long node = 0; node < g->nodes[level]; node++) {
            int *count = &rule->count[level][node];
            rule->lost += (*count & LOST) != 0;
            rule->complete = rule->complete && !(*count & UNFINISHED);
            *count &= ~(LOST | UNFINISHED);
            rule->several += *count > 1;
        }
}

static pl_status induce(work *w, pl_error *error) {
    pl_staged *g = w->g;
    int threads = w->options && w->options->threads > 0 ? w->options->threads : 0;
    pl_status status = PL_OK;
    for (w->level = g->stages.count - 1; w->level >= 0 && status == PL_OK; w->level--) {
        bool last = w->level == g->stages.count - 1;
        for (w->rule = last ? -1 : 0; w->rule < (last ? 0 : g->rule_count) && status == PL_OK; w->rule++)
            status = pl_parallel_for(g->nodes[w->level], threads, solve_node, w);
    }
    if (status == PL_INVALID) return pl_error_set(error, status, NULL, 0, 0, "no equilibrium was found for one of the choices");
    if (status != PL_OK) return pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
    for (int r = 0; r < g->rule_count; r++) sum_up(g, &g->rules[r]);
    return PL_OK;
}

/* Adds the payoffs of what a node leads to, each with its probability, future by future. */
static void expect(const pl_staged *g, const pl_staged_rule *rule, int level, long node, double weight, int actor,
                   double *by_future) {
    if (level == g->stages.count) {
        const double *payoffs = payoffs_of(g, node, actor);
        for (long f = 0; f < g->futures; f++) by_future[g->future[f]] += weight * payoffs[g->future[f]];
        return;
    }
    const double *joint = rule->joint[level] + (size_t)node * (size_t)g->stages.profiles;
    for (long p = 0; p < g->stages.profiles; p++) {
        double probability = joint[p];
        if (probability > 0) expect(g, rule, level + 1, node * g->stages.profiles + p, weight * probability, actor, by_future);
    }
}

static void set_roots(pl_staged *g) {
    const pl_situation *s = g->situation;
    double *by_future = PL_ARRAY(&g->arena, s->futures, double);
    bool random = pl_design_basis_of(s->design) == PL_BASIS_DRAWS;
    for (int r = 0; r < g->rule_count; r++) {
        pl_staged_rule *rule = &g->rules[r];
        rule->root = PL_ARRAY(&g->arena, s->actor_count, pl_interval);
        for (int a = 0; a < s->actor_count; a++) {
            for (long f = 0; f < s->futures; f++) by_future[f] = NAN;
            for (long f = 0; f < g->futures; f++) by_future[g->future[f]] = 0;
            expect(g, rule, 0, 0, 1, a, by_future);
            rule->root[a] = pl_mean_of(by_future, s->futures, random);
            rule->root[a].estimate = rule->value[0][a];
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------------------------ */

/* The rules: the logit limit, the highest sum, the best for each actor. The leaves' values are shared. */
static void make_rules(pl_staged *g) {
    int actors = g->situation->actor_count, levels = g->stages.count;
    double *leaves = PL_ARRAY(&g->arena, (size_t)g->stages.leaves * (size_t)actors, double);
    mean_leaves(g, leaves);
    g->rule_count = actors + 2;
    g->rules = PL_ARRAY(&g->arena, g->rule_count, pl_staged_rule);
    for (int r = 0; r < g->rule_count; r++) {
        pl_staged_rule *rule = &g->rules[r];
        rule->name = r == 0 ? "logit" : r == 1 ? "joint" : g->situation->actors[r - 2].name;
        rule->mixture = PL_ARRAY(&g->arena, levels, double *);
        rule->joint = PL_ARRAY(&g->arena, levels, double *);
        rule->value = PL_ARRAY(&g->arena, levels + 1, double *);
        rule->count = PL_ARRAY(&g->arena, levels, int *);
        rule->value[levels] = leaves;
        for (int level = 0; level < levels; level++) {
            size_t nodes = (size_t)g->nodes[level];
            rule->mixture[level] = PL_ARRAY(&g->arena, nodes * (size_t)g->strategies, double);
            rule->joint[level] = PL_ARRAY(&g->arena, nodes * (size_t)g->stages.profiles, double);
            rule->value[level] = PL_ARRAY(&g->arena, nodes * (size_t)actors, double);
            rule->count[level] = PL_ARRAY(&g->arena, nodes, int);
        }
    }
}

static pl_status find_rule(pl_staged *g, const char *name, pl_error *error) {
    char list[300] = "";
    for (int r = 0; r < g->rule_count; r++) {
        size_t used = strlen(list);
        if (!name || strcmp(g->rules[r].name, name) == 0) {
            g->selected = r;
            return PL_OK;
        }
        snprintf(list + used, sizeof list - used, "%s'%s'", r ? ", " : "", g->rules[r].name);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no rule '%.60s'; the rules are %s", name, list);
}

static pl_status check_rule(const pl_situation *s, const char *name, pl_error *error) {
    bool known = !name || strcmp(name, "logit") == 0 || strcmp(name, "joint") == 0;
    for (int a = 0; a < s->actor_count; a++) known = known || strcmp(s->actors[a].name, name) == 0;
    if (known) return PL_OK;
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no rule '%.60s': it is 'logit', 'joint' or an actor", name);
}

static void measure_tree(pl_staged *g) {
    g->place = PL_ARRAY(&g->arena, g->situation->actor_count, int);
    for (int a = 0; a < g->situation->actor_count; a++) {
        g->place[a] = g->strategies;
        g->strategies += g->courses[a].count;
    }
    g->nodes = PL_ARRAY(&g->arena, g->stages.count + 1, long);
    g->nodes[0] = 1;
    for (int level = 0; level < g->stages.count; level++) g->nodes[level + 1] = g->nodes[level] * g->stages.profiles;
}

static pl_status build(work *w, const pl_staged_options *options, pl_error *error) {
    pl_staged *g = w->g;
    const pl_situation *s = g->situation;
    pl_status status = check_rule(s, options->select, error);
    if (status == PL_OK) status = choose_courses(g, options, error);
    if (status == PL_OK) status = pl_stages_make(s, g->courses, &g->stages, error);
    if (status == PL_OK) status = check_budget(g, options->budget, error);
    if (status != PL_OK) return status;
    set_order(g);
    measure_tree(g);
    g->payoffs = PL_ARRAY(&g->arena, (size_t)g->stages.leaves * (size_t)s->actor_count * (size_t)s->futures, double);
    status = pl_stages_run(&g->stages, w->options, g->payoffs, error);
    if (status != PL_OK) return status;
    find_futures(g);
    if (!g->futures)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "there is no future in which every sequence has its payoffs");
    make_rules(g);
    status = find_rule(g, options->select, error);
    if (status == PL_OK) status = make_shape(w, error);
    if (status == PL_OK) status = induce(w, error);
    if (status == PL_OK) set_roots(g);
    return status;
}

static pl_status guard(work *w, const pl_staged_options *options, pl_error *error) {
    if (setjmp(w->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return build(w, options, error);
}

static pl_status check(const pl_situation *s, pl_error *error) {
    if (s->actor_count == 0)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "the situation has no actors, so there is no game");
    if (pl_design_basis_of(s->design) == PL_BASIS_NONE)
        return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0,
                            "the futures of the design '%s' are an experiment, no sample of what may come: this needs "
                            "another (random, latin or halton)", s->design);
    return PL_OK;
}

pl_status pl_situation_play_staged(const pl_situation *situation, const pl_explore_options *explore,
                                   const pl_staged_options *options, pl_staged **staged, pl_error *error) {
    static const pl_staged_options usual = {0};
    *staged = NULL;
    pl_staged *g = pl_allocate(sizeof *g + sizeof(pl_situation));
    if (!g) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_situation *s = (pl_situation *)(g + 1); /* a copy in which the options stand; all else is shared and only read */
    *s = *situation;
    g->situation = s;
    work w = {.g = g, .options = explore};
    g->arena.out_of_memory = leave;
    g->arena.context = &w;
    pl_status status = pl_situation_override(s, explore, error);
    if (status == PL_OK) status = check(s, error);
    if (status == PL_OK) status = guard(&w, options ? options : &usual, error);
    pl_game_free(w.shape);
    g->arena.out_of_memory = NULL;
    if (status != PL_OK) pl_staged_free(g);
    else *staged = g;
    return status;
}

void pl_staged_free(pl_staged *staged) {
    if (!staged) return;
    pl_arena_free(&staged->arena);
    pl_release(staged);
}
