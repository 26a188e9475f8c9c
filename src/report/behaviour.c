/* Equilibria of games in extensive form, in behaviour strategies: in words, and as JSON.  With perfect recall a strategy is
 * {set: {action: probability}}; without it the players' mixed strategies of the normal form are printed. */
#include "study/behaviour.h"

#include <math.h>
#include <string.h>

#include "report/solution.h"

enum { DIGITS = 4, LONGEST_EXACT = 12, MOST_LISTED = 100, MOST_SETS = 400 };

/* ---- JSON --------------------------------------------------------------------------------------------- */

/* A number for each player's action, by what gives it. */
typedef json_t *number_of(const void *from, int action);

static json_t *double_number(const void *from, int action) { return pl_json_number(((const double *)from)[action]); }

static json_t *rational_number(const void *from, int action) {
    return pl_json_number(pl_rational_double(((const mpq_t *)from)[action]));
}

static json_t *rational_json(const mpq_t value) {
    char *text = mpq_get_str(NULL, 10, value);
    json_t *json = pl_json_text(text);
    void (*release)(void *, size_t);
    mp_get_memory_functions(NULL, NULL, &release);
    release(text, strlen(text) + 1);
    return json;
}

static json_t *rational_text(const void *from, int action) { return rational_json(((const mpq_t *)from)[action]); }

/* {player: {set: {action: number}}} */
static json_t *strategies_json(const pl_tree *t, const void *from, number_of *number) {
    json_t *object = json_object();
    for (int i = 0; i < t->player_count; i++) {
        json_t *sets = json_object();
        for (int h = 0; h < t->set_count; h++) {
            const pl_information_set *s = &t->sets[h];
            if (s->player != i) continue;
            json_t *actions = json_object();
            for (int k = 0; k < s->action_count; k++) pl_json_set(&actions, s->actions[k], number(from, s->first + k));
            pl_json_set(&sets, s->label, actions);
        }
        pl_json_set(&object, t->players[i], sets);
    }
    return object;
}

static json_t *players_json(const pl_tree *t, const void *from, number_of *number) {
    json_t *object = json_object();
    for (int i = 0; i < t->player_count; i++) pl_json_set(&object, t->players[i], number(from, i));
    return object;
}

/* {player: [set, ...]} */
static json_t *off_path_json(const pl_tree *t, const pl_behaviour *e) {
    json_t *object = json_object();
    for (int i = 0; i < t->player_count; i++) {
        json_t *sets = json_array();
        for (int h = 0; h < t->set_count; h++)
            if (t->sets[h].player == i && !e->reached[h]) pl_json_append(&sets, pl_json_text(t->sets[h].label));
        pl_json_set(&object, t->players[i], sets);
    }
    return object;
}

static double largest_regret(const pl_tree *t, const pl_behaviour *e) {
    double most = 0;
    for (int i = 0; i < t->player_count; i++) most = fmax(most, pl_rational_double(e->regrets[i]));
    return most;
}

static json_t *equilibrium_json(const pl_tree *t, const pl_behaviour *e) {
    json_t *object = json_object();
    pl_json_set(&object, "strategies", strategies_json(t, e->probabilities, rational_number));
    pl_json_set(&object, "payoffs", players_json(t, e->payoffs, rational_number));
    pl_json_set(&object, "regret", pl_json_number(largest_regret(t, e)));
    pl_json_set(&object, "regrets", players_json(t, e->regrets, rational_number));
    pl_json_set(&object, "certified", json_boolean(e->exact && largest_regret(t, e) == 0));
    if (e->exact) pl_json_set(&object, "exact", strategies_json(t, e->probabilities, rational_text));
    if (e->exact) pl_json_set(&object, "exact_payoffs", players_json(t, e->payoffs, rational_text));
    pl_json_set(&object, "off_path", off_path_json(t, e));
    return object;
}

static json_t *logit_json(const pl_tree *t, const pl_agent_logit *q) {
    json_t *object = json_object();
    pl_json_set(&object, "lambda", pl_json_number(q->lambda));
    pl_json_set(&object, "limit", json_boolean(isinf(q->lambda)));
    pl_json_set(&object, "strategies", strategies_json(t, q->probabilities, double_number));
    pl_json_set(&object, "payoffs", players_json(t, q->payoffs, double_number));
    return object;
}

static json_t *set_json(const pl_tree *t, int set) {
    if (set < 0) return json_null();
    json_t *object = json_object();
    pl_json_set(&object, "player", pl_json_text(t->players[t->sets[set].player]));
    pl_json_set(&object, "set", pl_json_text(t->sets[set].label));
    return object;
}

static pl_status print_json(const pl_tree_solution *s, char **text, size_t *length) {
    const pl_tree *t = s->tree;
    json_t *tree = json_object(), *equilibria = json_array(), *qre = json_array();
    if (s->mixed) {
        for (int i = 0; i < s->mixed->count; i++)
            pl_json_append(&equilibria, pl_equilibrium_json(s->game, &s->mixed->equilibria[i]));
        pl_json_set(&tree, "equilibria", equilibria);
        pl_solution_json(&tree, s->game, s->mixed);
    } else {
        for (int i = 0; i < s->count; i++) pl_json_append(&equilibria, equilibrium_json(t, &s->equilibria[i]));
        pl_json_set(&tree, "equilibria", equilibria);
        pl_json_set(&tree, "complete", json_boolean(s->complete));
        pl_json_set(&tree, "components", pl_components_json(s->components, s->component_count));
    }
    for (int i = 0; i < s->logit_count; i++) pl_json_append(&qre, logit_json(t, &s->logit[i]));
    pl_json_set(&tree, "qre", qre);
    pl_json_set(&tree, "limit", s->limit < 0 ? json_null() : json_integer(s->limit));
    pl_json_set(&tree, "method", pl_json_text(s->method));
    pl_json_set(&tree, "subgames", json_integer(s->subgames));
    pl_json_set(&tree, "subgames_with_several", json_integer(s->ties));
    pl_json_set(&tree, "cut_off", json_boolean(s->cut_off));
    pl_json_set(&tree, "perfect_information", json_boolean(t->perfect_information));
    pl_json_set(&tree, "perfect_recall", json_boolean(t->forgetful < 0));
    pl_json_set(&tree, "forgetful", set_json(t, t->forgetful));
    pl_json_set(&tree, "absent_minded", set_json(t, t->absent_minded));
    return pl_json_finish(tree, text, length);
}

/* ---- to read ------------------------------------------------------------------------------------------ */

static void put_double(pl_text *out, double value) {
    char number[PL_ROUNDED_ROOM];
    pl_text_put(out, pl_rounded(value, pl_rounding(fabs(value), DIGITS), number));
}

static void put_rational(pl_text *out, const mpq_t value, bool exact) {
    char text[64];
    size_t size = mpz_sizeinbase(mpq_numref(value), 10) + mpz_sizeinbase(mpq_denref(value), 10);
    if (exact && size <= LONGEST_EXACT) pl_text_put(out, mpq_get_str(text, 10, value));
    else put_double(out, pl_rational_double(value));
}

/* "1/3 bet + 2/3 fold", "fold". */
static void put_set(pl_text *out, const pl_information_set *s, mpq_t *const probabilities, bool exact) {
    bool first = true;
    for (int k = 0; k < s->action_count; k++) {
        mpq_t *p = &probabilities[s->first + k];
        if (mpq_sgn(*p) == 0) continue;
        if (!first) pl_text_put(out, " + ");
        first = false;
        if (mpq_cmp_ui(*p, 1, 1) != 0) {
            put_rational(out, *p, exact);
            pl_text_put(out, " ");
        }
        pl_text_put(out, s->actions[k]);
    }
}

static int widest_label(const pl_tree *t) {
    int width = 0;
    for (int h = 0; h < t->set_count; h++) {
        int own = pl_text_width(t->sets[h].label);
        if (t->sets[h].player >= 0 && own > width) width = own;
    }
    return width > 30 ? 30 : width;
}

static void put_player(pl_text *out, const pl_tree *t, const pl_behaviour *e, int player) {
    int listed = 0, width = widest_label(t);
    pl_text_format(out, "   %s: payoff ", t->players[player]);
    put_rational(out, e->payoffs[player], e->exact);
    pl_text_put(out, "\n");
    for (int h = 0; h < t->set_count; h++) {
        if (t->sets[h].player != player || listed++ >= MOST_SETS) continue;
        pl_text_put(out, "      ");
        pl_text_left(out, t->sets[h].label, width);
        pl_text_put(out, "  ");
        put_set(out, &t->sets[h], e->probabilities, e->exact);
        pl_text_put(out, e->reached[h] ? "\n" : "   (off the path)\n");
    }
    if (listed > MOST_SETS) pl_text_format(out, "      ... and %d more sets (--json lists all)\n", listed - MOST_SETS);
}

static void put_equilibrium(pl_text *out, const pl_tree_solution *s, int index) {
    const pl_behaviour *e = &s->equilibria[index];
    pl_text_format(out, "\n%d. regret ", index + 1);
    put_double(out, largest_regret(s->tree, e));
    pl_text_put(out, e->exact ? " (exact)\n" : "\n");
    for (int i = 0; i < s->tree->player_count; i++) put_player(out, s->tree, e, i);
}

static void put_logit(pl_text *out, const pl_tree *t, const pl_agent_logit *q) {
    if (isinf(q->lambda)) pl_text_put(out, "\nAgent logit: the limit of the principal branch\n");
    else pl_text_format(out, "\nAgent logit quantal response, lambda %g\n", q->lambda);
    for (int i = 0; i < t->player_count; i++) {
        pl_text_format(out, "   %s: payoff ", t->players[i]);
        put_double(out, q->payoffs[i]);
        pl_text_put(out, "\n");
        for (int h = 0; h < t->set_count; h++) {
            const pl_information_set *s = &t->sets[h];
            if (s->player != i) continue;
            pl_text_put(out, "      ");
            pl_text_left(out, s->label, widest_label(t));
            for (int k = 0; k < s->action_count; k++) {
                pl_text_put(out, k ? " + " : "  ");
                char number[PL_ROUNDED_ROOM];
                pl_text_format(out, "%s %s", pl_rounded(q->probabilities[s->first + k], DIGITS, number), s->actions[k]);
            }
            pl_text_put(out, "\n");
        }
    }
}

static void put_recall(pl_text *out, const pl_tree *t) {
    if (t->absent_minded >= 0)
        pl_text_format(out, "%s is absent-minded: one play may meet its set %s twice. Behaviour strategies can do better\n"
                            "than mixed ones there, and are not looked for.\n",
                       t->players[t->sets[t->absent_minded].player], t->sets[t->absent_minded].label);
    else if (t->forgetful >= 0)
        pl_text_format(out, "%s forgets at its set %s what it knew or did before. Mixed strategies can do what no behaviour\n"
                            "strategy does; the equilibria are in mixed strategies.\n",
                       t->players[t->sets[t->forgetful].player], t->sets[t->forgetful].label);
}

static void put_heading(pl_text *out, const pl_tree_solution *s) {
    bool whole = s->subgames == 1;
    pl_text_format(out, "%s: %d%s\n", whole ? "Nash equilibria" : "Subgame-perfect equilibria", s->count,
                   s->cut_off    ? " (there are more: the list is cut off)"
                   : !s->complete ? " (there may be more)"
                   : s->count == 1 ? " (the only one)"
                                   : " (all extreme ones)");
    if (s->ties && !whole)
        pl_text_format(out, "%d subgame%s several equilibria; each of them is carried on to the subgames before it.\n",
                       s->ties, s->ties == 1 ? " has" : "s have");
}

static void put_mixed(pl_text *out, const pl_tree_solution *s) {
    char *text;
    if (pl_solution_print(s->game, s->mixed, PL_FORMAT_TEXT, &text, NULL) == PL_OK) pl_text_put(out, text);
    else out->failed = true;
    pl_text_free(text);
}

static pl_status print_text(const pl_tree_solution *s, char **text, size_t *length) {
    const pl_tree *t = s->tree;
    pl_text out = {0};
    int sets = 0;
    for (int h = 0; h < t->set_count; h++) sets += t->sets[h].player >= 0;
    pl_text_format(&out, "A game of %d player%s in extensive form: %d nodes, %d information set%s, %s information\nSolved: %s\n",
                   t->player_count, t->player_count == 1 ? "" : "s", t->node_count, sets, sets == 1 ? "" : "s",
                   t->perfect_information ? "perfect" : "imperfect", s->method);
    put_recall(&out, t);
    pl_text_put(&out, "\n");
    if (s->mixed) {
        put_mixed(&out, s);
    } else if (s->count) {
        put_heading(&out, s);
        for (int i = 0; i < s->count && i < MOST_LISTED; i++) put_equilibrium(&out, s, i);
        if (s->count > MOST_LISTED) pl_text_format(&out, "\n... and %d more (--json lists all)\n", s->count - MOST_LISTED);
        pl_components_text(&out, s->components, s->component_count);
    }
    for (int i = 0; i < s->logit_count; i++) {
        bool listed = s->limit >= 0 && isinf(s->logit[i].lambda);
        if (listed) pl_text_format(&out, "\nAgent logit: the principal branch leads to equilibrium %d\n", s->limit + 1);
        else put_logit(&out, t, &s->logit[i]);
    }
    return pl_text_finish(&out, text, length);
}

pl_status pl_tree_solution_print(const pl_tree_solution *solution, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_CSV) return PL_UNSUPPORTED;
    return format == PL_FORMAT_JSON ? print_json(solution, text, length) : print_text(solution, text, length);
}
