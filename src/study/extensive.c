/* Solving a game in extensive form subgame by subgame.  See behaviour.h.
 *
 * A line is one choice of equilibria in the subgames solved so far: the probabilities at their sets and the value of each
 * root.  Subgames are taken from the last root to the first, so that all below one are solved before it. */
#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "study/agent.h"
#include "study/part.h"
#include "study/strategic.h"

/* The most equilibria that are carried on, fewer where the tree is large. */
enum { MOST_LINES = 1000, MOST_CELLS = 2000000 };

typedef struct line {
    mpq_t *behaviour; /* [action] */
    mpq_t *values;    /* [root][player] */
    bool exact;
} line;

typedef struct solver {
    pl_tree_solution *s;
    const pl_tree *t;
    const pl_solve_options *options;
    pl_tree_solver id;
    bool *root;     /* [node] */
    int *number;    /* [node] of a root, its number among them */
    int root_count;
    int *place;     /* for parts */
    mpq_t *scratch;
    line *lines;
    int line_count, line_room, most;
    pl_arena part_arena; /* of the part at hand, freed after it */
    pl_rationals part_rationals;
} solver;

/* ---- lines -------------------------------------------------------------------------------------------- */

static line *new_line(solver *v) {
    const pl_tree *t = v->t;
    v->lines = pl_arena_grow(&v->s->arena, v->lines, v->line_count, &v->line_room, v->line_count + 1, sizeof *v->lines);
    line *l = &v->lines[v->line_count++];
    l->behaviour = pl_rationals_new(&v->s->rationals, &v->s->arena, (size_t)t->action_count);
    l->values = pl_rationals_new(&v->s->rationals, &v->s->arena, (size_t)v->root_count * (size_t)t->player_count);
    l->exact = true;
    return l;
}

static line *copy_line(solver *v, int from) {
    line *to = new_line(v), *old = &v->lines[from];
    for (int k = 0; k < v->t->action_count; k++) mpq_set(to->behaviour[k], old->behaviour[k]);
    for (int k = 0; k < v->root_count * v->t->player_count; k++) mpq_set(to->values[k], old->values[k]);
    to->exact = old->exact;
    return to;
}

/* ---- a subgame in one line ---------------------------------------------------------------------------- */

/* False: nothing here can solve it. */
static bool solve_part(solver *v, pl_part *p, pl_part_solutions *found) {
    switch (v->id) {
    case PL_TREE_SEQUENCE: return pl_part_solve_sequence(p, found);
    case PL_TREE_LP: return pl_part_solve_lp(p, found);
    case PL_TREE_LEMKE: return pl_part_solve_lemke(p, found);
    case PL_TREE_NORMAL: return pl_part_solve_normal(p, v->options, found);
    default: break;
    }
    if (p->player_count <= 1) return pl_part_solve_alone(p, found), true;
    if (p->player_count > 2) return pl_part_solve_normal(p, v->options, found);
    return pl_part_solve_sequence(p, found) || pl_part_solve_lp(p, found) || pl_part_solve_lemke(p, found);
}

/* Writes a solution of the part into a line, with the value of its root. */
static void take_solution(solver *v, pl_part *p, mpq_t *const solution, bool exact, line *l) {
    const pl_tree *t = v->t;
    for (int i = 0; i < p->set_count; i++) {
        const pl_information_set *s = &t->sets[p->sets[i]];
        for (int k = 0; k < s->action_count; k++) mpq_set(l->behaviour[s->first + k], solution[p->first[i] + k]);
    }
    pl_part_values(p, l->behaviour, l->values + (size_t)v->number[p->root] * (size_t)t->player_count);
    l->exact = l->exact && exact;
}

static pl_part make_part(solver *v, int root, const bool *cut, mpq_t *values) {
    pl_part p = {.tree = v->t, .root = root, .cut = cut, .number = v->number, .values = values, .arena = &v->part_arena,
                 .rationals = &v->part_rationals, .place = v->place, .scratch = v->scratch};
    pl_part_start(&p);
    return p;
}

static void free_part(solver *v) {
    pl_rationals_free(&v->part_rationals);
    pl_arena_free(&v->part_arena);
}

static void copy_components(solver *v, const pl_part_solutions *found) {
    pl_tree_solution *s = v->s;
    s->component_count = found->component_count;
    s->components = PL_ARRAY(&s->arena, found->component_count, pl_component);
    for (int i = 0; i < found->component_count; i++) {
        const pl_component *from = &found->components[i];
        pl_component *to = &s->components[i];
        *to = (pl_component){.count = from->count, .subset_count = from->subset_count};
        to->equilibria = PL_ARRAY(&s->arena, from->count, int);
        memcpy(to->equilibria, from->equilibria, (size_t)from->count * sizeof(int));
        to->subsets = PL_ARRAY(&s->arena, from->subset_count, pl_nash_subset);
        for (int k = 0; k < from->subset_count; k++) {
            to->subsets[k] = (pl_nash_subset){PL_ARRAY(&s->arena, from->subsets[k].count, int), from->subsets[k].count};
            memcpy(to->subsets[k].equilibria, from->subsets[k].equilibria, (size_t)from->subsets[k].count * sizeof(int));
        }
    }
}

static mpq_t *value_in(const solver *v, int at, int root) {
    return v->lines[at].values + (size_t)v->number[root] * (size_t)v->t->player_count;
}

/* Solutions of a subgame between which others lie, and which are not worth the same to everybody: those between them
 * can lead to other play before, which is not listed. The first solution is in line `at`, the others from `more` on. */
static bool is_spread(const solver *v, int root, const int *solutions, int count, int at, int more) {
    for (int k = 1; k < count; k++) {
        int a = solutions ? solutions[0] : 0, b = solutions ? solutions[k] : k;
        mpq_t *one = value_in(v, a ? more + a - 1 : at, root), *other = value_in(v, b ? more + b - 1 : at, root);
        for (int i = 0; i < v->t->player_count; i++)
            if (!mpq_equal(one[i], other[i])) return true;
    }
    return false;
}

static bool leaves_out(const solver *v, const pl_part *p, const pl_part_solutions *found, int at, int more) {
    if (p->root == 0) return false;
    if (p->player_count <= 1) return is_spread(v, p->root, NULL, found->count, at, more);
    for (int c = 0; c < found->component_count; c++)
        if (is_spread(v, p->root, found->components[c].equilibria, found->components[c].count, at, more)) return true;
    return false;
}

/* A subgame in one line: its first solution goes on in the line, each further one in a copy of it. */
static bool solve_root(solver *v, int node, int at) {
    pl_part p = make_part(v, node, v->root_count > 1 ? v->root : NULL, v->lines[at].values);
    pl_part_solutions found = {.most = v->most - v->line_count + 1, .complete = true};
    int more = v->line_count;
    bool solved = solve_part(v, &p, &found) && found.count > 0;
    for (int k = 1; k < found.count; k++) {
        line *copy = copy_line(v, at);
        p.values = copy->values;
        take_solution(v, &p, found.behaviours[k], found.exact[k], copy);
    }
    p.values = v->lines[at].values;
    if (solved) take_solution(v, &p, found.behaviours[0], found.exact[0], &v->lines[at]);
    if (v->root_count == 1) copy_components(v, &found);
    v->s->complete = v->s->complete && found.complete && !(solved && leaves_out(v, &p, &found, at, more));
    v->s->cut_off = v->s->cut_off || found.cut_off;
    v->s->ties += found.count > 1 && at == 0;
    free_part(v);
    return solved;
}

/* False: some subgame is beyond what the solvers can do. */
static bool solve_roots(solver *v) {
    new_line(v);
    for (int n = v->t->node_count - 1; n >= 0; n--) {
        int count = v->root[n] ? v->line_count : 0;
        for (int at = 0; at < count; at++)
            if (!solve_root(v, n, at)) return false;
    }
    return true;
}

static void find_roots(solver *v) {
    const pl_tree *t = v->t;
    v->root = PL_ARRAY(&v->s->arena, t->node_count, bool);
    v->number = PL_ARRAY(&v->s->arena, t->node_count, int);
    bool whole = v->id != PL_TREE_AUTO;
    if (!whole && pl_tree_subgames(t, v->root) < 0) v->s->arena.out_of_memory(v->s->arena.context);
    v->root[0] = true;
    for (int n = 0; n < t->node_count; n++)
        if (v->root[n]) v->number[n] = v->root_count++;
    long cells = (long)t->action_count + (long)v->root_count * t->player_count + 1;
    v->most = cells > MOST_CELLS ? 1 : MOST_CELLS / cells > MOST_LINES ? MOST_LINES : (int)(MOST_CELLS / cells);
    v->place = PL_ARRAY(&v->s->arena, t->set_count, int);
    v->scratch = pl_rationals_new(&v->s->rationals, &v->s->arena, (size_t)t->action_count);
    v->s->subgames = v->root_count;
}

/* ---- what is said of an equilibrium ------------------------------------------------------------------- */

static void mark_reached(solver *v, pl_behaviour *e) {
    const pl_tree *t = v->t;
    bool *reached = PL_ARRAY(&v->part_arena, t->node_count, bool);
    e->reached = PL_ARRAY(&v->s->arena, t->set_count, bool);
    for (int n = 0; n < t->node_count; n++) {
        const pl_node *node = &t->nodes[n];
        reached[n] = true;
        if (node->parent >= 0) {
            const pl_information_set *s = &t->sets[t->nodes[node->parent].set];
            mpq_t *p = s->player < 0 ? &s->probabilities[node->action] : &e->probabilities[s->first + node->action];
            reached[n] = reached[node->parent] && mpq_sgn(*p) != 0;
        }
        if (node->set >= 0 && reached[n]) e->reached[node->set] = true;
    }
}

/* Payoffs, regrets by the best response in the whole tree, and what is reached. */
static void add_behaviour(solver *v, mpq_t *behaviour, bool exact) {
    pl_tree_solution *s = v->s;
    const pl_tree *t = v->t;
    s->equilibria = pl_arena_grow(&s->arena, s->equilibria, s->count, &s->room, s->count + 1, sizeof *s->equilibria);
    pl_behaviour *e = &s->equilibria[s->count++];
    *e = (pl_behaviour){.probabilities = behaviour, .exact = exact};
    e->payoffs = pl_rationals_new(&s->rationals, &s->arena, (size_t)t->player_count);
    e->regrets = pl_rationals_new(&s->rationals, &s->arena, (size_t)t->player_count);
    pl_part p = make_part(v, 0, NULL, NULL);
    pl_part_values(&p, behaviour, e->payoffs);
    for (int i = 0; i < t->player_count; i++) {
        pl_part_respond(&p, behaviour, i, v->scratch, &e->regrets[i]);
        mpq_sub(e->regrets[i], e->regrets[i], e->payoffs[i]);
        if (mpq_sgn(e->regrets[i]) < 0) mpq_set_ui(e->regrets[i], 0, 1); /* probabilities that add up to less than 1 */
    }
    mark_reached(v, e);
    free_part(v);
}

static const char *say_method(const solver *v, bool solved) {
    if (!solved) return "agent logit: the limit of the principal branch";
    switch (v->id) {
    case PL_TREE_SEQUENCE: return "sequence form: all extreme equilibria";
    case PL_TREE_LP: return "sequence form: a linear program";
    case PL_TREE_LEMKE: return "sequence form: Lemke's algorithm";
    case PL_TREE_NORMAL: return "reduced normal form";
    default: break;
    }
    if (v->t->perfect_information) return "backward induction";
    return v->root_count > 1 ? "subgame by subgame" : "the whole game at once: it has no proper subgame";
}

/* ---- the game without perfect recall ------------------------------------------------------------------ */

static pl_status solve_mixed(solver *v, pl_error *error) {
    pl_part p = make_part(v, 0, NULL, NULL);
    pl_strategies strategies;
    if (!pl_strategic_form(&p, PL_MOST_PROFILES, &strategies, &v->s->game)) {
        free_part(v);
        return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0,
                            "the players forget what they knew or did, and the normal form has more than %d profiles",
                            PL_MOST_PROFILES);
    }
    free_part(v);
    v->s->method = "the normal form, in mixed strategies: players forget what they knew or did";
    pl_solve_options own = *v->options;
    if (own.budget == 0) own.budget = PL_STRATEGIC_BUDGET;
    pl_status status = pl_game_solve(v->s->game, NULL, &own, &v->s->mixed, error);
    if (status == PL_OK) v->s->complete = v->s->mixed->complete;
    return status;
}

/* ---- solving ------------------------------------------------------------------------------------------ */

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static pl_status no_memory(pl_error *error) { return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory"); }

static pl_status cannot(const solver *v, pl_error *error) {
    static const char *const why[PL_TREE_SOLVER_COUNT] = {
        [PL_TREE_SEQUENCE] = "it has more than two players who act, or too many sequences",
        [PL_TREE_LP] = "it has more than two players who act, or is not zero-sum",
        [PL_TREE_LEMKE] = "it has more than two players who act, or too many sequences",
        [PL_TREE_NORMAL] = "its reduced normal form has too many profiles",
    };
    return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0, "this solver cannot solve the game: %s", why[v->id]);
}

/* The agent logit branch: asked for, or beside the equilibria where the tree is small. Where it is asked for, or
 * nothing else was found, its limit is an equilibrium as far as a double says. */
static pl_status add_logit(solver *v, pl_error *error) {
    bool asked = v->id == PL_TREE_LOGIT;
    if (v->id != PL_TREE_AUTO && !asked) return PL_OK;
    if (!pl_agent_fits(v->t)) {
        if (v->s->count) return PL_OK;
        return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0, "the game is too large for its solvers");
    }
    pl_agent_solve(v->s, v->options, asked);
    pl_tree_solution *s = v->s;
    const pl_agent_logit *last = s->logit_count ? &s->logit[s->logit_count - 1] : NULL;
    if (s->count || !last || !isinf(last->lambda) || v->t->forgetful >= 0) return PL_OK;
    mpq_t *behaviour = pl_rationals_new(&s->rationals, &s->arena, (size_t)v->t->action_count);
    for (int k = 0; k < v->t->action_count; k++) mpq_set_d(behaviour[k], last->probabilities[k]);
    add_behaviour(v, behaviour, false);
    s->limit = 0;
    return PL_OK;
}

static pl_status solve(solver *v, pl_error *error) {
    const pl_tree *t = v->t;
    find_roots(v);
    if (t->forgetful >= 0 && v->id != PL_TREE_LOGIT) return solve_mixed(v, error);
    bool solved = v->id != PL_TREE_LOGIT && solve_roots(v);
    if (!solved && v->id != PL_TREE_AUTO && v->id != PL_TREE_LOGIT) return cannot(v, error);
    v->s->method = say_method(v, solved);
    for (int i = 0; i < v->line_count && solved; i++) add_behaviour(v, v->lines[i].behaviour, v->lines[i].exact);
    v->s->complete = v->s->complete && solved;
    return add_logit(v, error);
}

static void free_solver(solver *v) { free_part(v); }

static bool find_solver(const char *name, pl_tree_solver *id) {
    static const char *const names[] = {
#define X(id, name, text) name,
        PL_TREE_SOLVERS(X)
#undef X
    };
    for (int i = 0; i < PL_TREE_SOLVER_COUNT; i++)
        if (!name || strcmp(name, names[i]) == 0) {
            *id = (pl_tree_solver)i;
            return true;
        }
    return false;
}

/* In a function of its own: what setjmp leaves behind must not live in the caller's registers. */
static pl_status solve_with(solver *v, pl_error *error) {
    jmp_buf back;
    v->s->arena.out_of_memory = v->part_arena.out_of_memory = leave;
    v->s->arena.context = v->part_arena.context = &back;
    pl_status status = setjmp(back) ? no_memory(error) : solve(v, error);
    free_solver(v);
    v->s->arena.out_of_memory = NULL;
    return status;
}

pl_status pl_tree_solve(const pl_tree *tree, const char *name, const pl_solve_options *options,
                        pl_tree_solution **solution, pl_error *error) {
    static const pl_solve_options usual = {0};
    solver v = {.t = tree, .options = options ? options : &usual};
    *solution = NULL;
    if (!find_solver(name, &v.id))
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no solver '%.60s' of games in extensive form; they are %s",
                            name, "auto, sequence, lp, lemke, logit, normal");
    v.s = pl_allocate(sizeof *v.s);
    if (!v.s) return no_memory(error);
    v.s->tree = tree;
    v.s->complete = true;
    v.s->limit = -1;
    pl_status status = solve_with(&v, error);
    if (status == PL_OK) *solution = v.s;
    else pl_tree_solution_free(v.s);
    return status;
}

void pl_tree_solution_free(pl_tree_solution *solution) {
    if (!solution) return;
    pl_solution_free(solution->mixed);
    pl_game_free(solution->game);
    pl_rationals_free(&solution->rationals);
    pl_arena_free(&solution->arena);
    pl_release(solution);
}
