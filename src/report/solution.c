/* Solutions of games: in words, and as JSON.  See solution.h. */
#include "report/solution.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 4, LONGEST_EXACT = 12, MOST_LISTED = 200, NAME_WIDTH = 30 };

/* ---- JSON --------------------------------------------------------------------------------------------- */

json_t *pl_game_values_json(const pl_game *game, const double *values) {
    json_t *object = json_object();
    for (int i = 0; i < game->player_count; i++)
        pl_json_set(&object, game->players[i].name, pl_json_number(values[i]));
    return object;
}

json_t *pl_game_mixture_json(const pl_game *game, double *const *mixture) {
    json_t *object = json_object();
    for (int i = 0; i < game->player_count; i++) {
        json_t *strategies = json_object();
        for (int k = 0; k < game->players[i].strategy_count; k++)
            pl_json_set(&strategies, game->players[i].strategies[k], pl_json_number(mixture[i][k]));
        pl_json_set(&object, game->players[i].name, strategies);
    }
    return object;
}

static json_t *exact_mixture(const pl_game *game, const char ***exact) {
    json_t *object = json_object();
    for (int i = 0; i < game->player_count; i++) {
        json_t *strategies = json_object();
        for (int k = 0; k < game->players[i].strategy_count; k++)
            pl_json_set(&strategies, game->players[i].strategies[k], pl_json_text(exact[i][k]));
        pl_json_set(&object, game->players[i].name, strategies);
    }
    return object;
}

static json_t *exact_values(const pl_game *game, const char **exact) {
    json_t *object = json_object();
    for (int i = 0; i < game->player_count; i++)
        pl_json_set(&object, game->players[i].name, pl_json_text(exact[i]));
    return object;
}

json_t *pl_equilibrium_json(const pl_game *game, const pl_equilibrium *e) {
    json_t *object = json_object();
    pl_json_set(&object, "strategies", pl_game_mixture_json(game, e->mixture));
    pl_json_set(&object, "payoffs", pl_game_values_json(game, e->payoffs));
    pl_json_set(&object, "regret", pl_json_number(e->regret));
    pl_json_set(&object, "regrets", pl_game_values_json(game, e->regrets));
    pl_json_set(&object, "certified", json_boolean(e->certified));
    if (e->radius > 0) pl_json_set(&object, "radius", pl_json_number(e->radius));
    if (e->exact) pl_json_set(&object, "exact", exact_mixture(game, e->exact));
    if (e->exact_payoffs) pl_json_set(&object, "exact_payoffs", exact_values(game, e->exact_payoffs));
    return object;
}

static json_t *indices(const int *equilibria, int count) {
    json_t *array = json_array();
    for (int i = 0; i < count; i++) pl_json_append(&array, json_integer(equilibria[i]));
    return array;
}

static json_t *component_json(const pl_component *c) {
    json_t *object = json_object(), *subsets = json_array();
    for (int i = 0; i < c->subset_count; i++)
        pl_json_append(&subsets, indices(c->subsets[i].equilibria, c->subsets[i].count));
    pl_json_set(&object, "equilibria", indices(c->equilibria, c->count));
    pl_json_set(&object, "nash_subsets", subsets);
    return object;
}

json_t *pl_components_json(const pl_component *components, int count) {
    json_t *array = json_array();
    for (int i = 0; i < count; i++) pl_json_append(&array, component_json(&components[i]));
    return array;
}

/* What is dominated strictly, or weakly. */
static json_t *dominated_json(const pl_game *game, const pl_solution *s, bool weak) {
    json_t *array = json_array();
    for (int k = 0; k < s->dominated_count; k++) {
        const pl_dominated *d = &s->dominated[k];
        const pl_player *player = &game->players[d->player];
        if (d->weak != weak) continue;
        json_t *object = json_object(), *by = json_object();
        for (int l = 0; l < player->strategy_count; l++)
            if (d->by[l] > 0) pl_json_set(&by, player->strategies[l], pl_json_number(d->by[l]));
        pl_json_set(&object, "player", pl_json_text(player->name));
        pl_json_set(&object, "strategy", pl_json_text(player->strategies[d->strategy]));
        pl_json_set(&object, "by", by);
        if (!weak) pl_json_set(&object, "round", json_integer(d->round));
        pl_json_append(&array, object);
    }
    return array;
}

static json_t *continua_json(const pl_game *game, const pl_solution *s) {
    json_t *array = json_array();
    for (int k = 0; k < s->continuum_count; k++) {
        const pl_continuum *c = &s->continua[k];
        json_t *object = json_object();
        pl_json_set(&object, "low", pl_game_mixture_json(game, c->low));
        pl_json_set(&object, "high", pl_game_mixture_json(game, c->high));
        if (c->member) pl_json_set(&object, "member", pl_equilibrium_json(game, c->member));
        pl_json_append(&array, object);
    }
    return array;
}

static json_t *logit_json(const pl_game *game, const pl_logit *q) {
    json_t *object = json_object();
    pl_json_set(&object, "lambda", pl_json_number(q->lambda));
    pl_json_set(&object, "strategies", pl_game_mixture_json(game, q->mixture));
    pl_json_set(&object, "payoffs", pl_game_values_json(game, q->payoffs));
    return object;
}

static json_t *profile_json(const pl_game *game, long profile) {
    json_t *object = json_object();
    for (int i = 0; i < game->player_count; i++) {
        const pl_player *player = &game->players[i];
        pl_json_set(&object, player->name, pl_json_text(player->strategies[pl_game_strategy(game, profile, i)]));
    }
    return object;
}

static json_t *correlated_json(const pl_game *game, const pl_correlated *c) {
    json_t *object = json_object(), *profiles = json_array();
    for (long p = 0; p < game->profile_count; p++) {
        if (c->probability[p] <= 0) continue;
        json_t *profile = json_object();
        pl_json_set(&profile, "strategies", profile_json(game, p));
        pl_json_set(&profile, "probability", pl_json_number(c->probability[p]));
        pl_json_append(&profiles, profile);
    }
    pl_json_set(&object, "what", pl_json_text(c->what));
    pl_json_set(&object, "profiles", profiles);
    pl_json_set(&object, "payoffs", pl_game_values_json(game, c->payoffs));
    pl_json_set(&object, "welfare", pl_json_number(c->welfare));
    pl_json_set(&object, "regret", pl_json_number(c->regret));
    pl_json_set(&object, "bound", pl_json_number(c->bound));
    return object;
}

/* The players of each stage, in order. */
static json_t *order_json(const pl_game *game, const int *stage) {
    json_t *order = json_array();
    int last = -1;
    for (int i = 0; i < game->player_count; i++) last = stage[i] > last ? stage[i] : last;
    for (int s = 0; s <= last; s++) {
        json_t *movers = json_array();
        for (int i = 0; i < game->player_count; i++)
            if (stage[i] == s) pl_json_append(&movers, pl_json_text(game->players[i].name));
        pl_json_append(&order, movers);
    }
    return order;
}

/* Whether a stage is reached by other moves than these: later ones are the first. */
static bool is_node(const pl_game *game, const int *stage, int player, long profile) {
    for (int i = 0; i < game->player_count; i++)
        if (stage[i] >= stage[player] && pl_game_strategy(game, profile, i) != 0) return false;
    return true;
}

/* What each player who knows earlier moves does after each combination of them. */
static json_t *reactions_json(const pl_game *game, const pl_sequence *s) {
    json_t *array = json_array();
    for (int i = 0; i < game->player_count; i++)
        for (long p = 0; p < game->profile_count && s->stage[i] > 0; p++) {
            if (!is_node(game, s->stage, i, p)) continue;
            const pl_player *player = &game->players[i];
            json_t *object = json_object(), *after = json_object(), *strategies = json_object();
            for (int j = 0; j < game->player_count; j++)
                if (s->stage[j] < s->stage[i])
                    pl_json_set(&after, game->players[j].name,
                                pl_json_text(game->players[j].strategies[pl_game_strategy(game, p, j)]));
            for (int k = 0; k < player->strategy_count; k++)
                pl_json_set(&strategies, player->strategies[k],
                            pl_json_number(s->reactions[i][p * player->strategy_count + k]));
            pl_json_set(&object, "player", pl_json_text(player->name));
            pl_json_set(&object, "after", after);
            pl_json_set(&object, "strategies", strategies);
            pl_json_append(&array, object);
        }
    return array;
}

static const char *rule_name(const pl_game *game, const pl_sequence *s) {
    if (s->best_for == -2) return "logit limit";
    return s->best_for == -1 ? "highest joint payoff" : game->players[s->best_for].name;
}

static json_t *sequence_json(const pl_game *game, const pl_sequence *s) {
    json_t *object = json_object();
    pl_json_set(&object, "order", order_json(game, s->stage));
    pl_json_set(&object, "strategies", pl_game_mixture_json(game, s->mixture));
    pl_json_set(&object, "payoffs", pl_game_values_json(game, s->payoffs));
    pl_json_set(&object, "select", pl_json_text(rule_name(game, s)));
    pl_json_set(&object, "several", json_integer(s->several));
    pl_json_set(&object, "unsolved", json_integer(s->unsolved));
    pl_json_set(&object, "reactions", reactions_json(game, s));
    return object;
}

static json_t *learned_json(const pl_game *game, const pl_learned *l) {
    json_t *object = json_object();
    pl_json_set(&object, "rounds", json_integer(l->rounds));
    pl_json_set(&object, "strategies", pl_game_mixture_json(game, l->mixture));
    pl_json_set(&object, "payoffs", pl_game_values_json(game, l->payoffs));
    pl_json_set(&object, "regrets", pl_game_values_json(game, l->regrets));
    return object;
}

void pl_solution_json(json_t **tree, const pl_game *game, const pl_solution *s) {
    json_t *qre = json_array(), *correlated = json_array(), *sequences = json_array();
    for (int i = 0; i < s->logit_count; i++) pl_json_append(&qre, logit_json(game, &s->logit[i]));
    for (int i = 0; i < s->correlated_count; i++) pl_json_append(&correlated, correlated_json(game, &s->correlated[i]));
    for (int i = 0; i < s->sequence_count; i++) pl_json_append(&sequences, sequence_json(game, &s->sequences[i]));
    pl_json_set(tree, "complete", json_boolean(s->complete));
    pl_json_set(tree, "components", pl_components_json(s->components, s->component_count));
    pl_json_set(tree, "qre", qre);
    if (s->dominated_count) {
        pl_json_set(tree, "eliminated", dominated_json(game, s, false));
        pl_json_set(tree, "weakly_dominated", dominated_json(game, s, true));
    }
    if (s->continuum_count) pl_json_set(tree, "continua", continua_json(game, s));
    if (s->cycle_length) {
        json_t *cycle = json_array();
        for (long k = 0; k < s->cycle_length; k++) pl_json_append(&cycle, profile_json(game, s->cycle[k]));
        pl_json_set(tree, "cycle", cycle);
    }
    if (s->learned) pl_json_set(tree, "learned", learned_json(game, s->learned));
    if (s->limit) pl_json_set(tree, "logit_limit", pl_equilibrium_json(game, s->limit));
    pl_json_set(tree, "correlated", correlated);
    pl_json_set(tree, "stackelberg", sequences);
}

static pl_status print_json(const pl_game *game, const pl_solution *s, char **text, size_t *length) {
    json_t *tree = json_object(), *equilibria = json_array();
    for (int i = 0; i < s->count; i++) pl_json_append(&equilibria, pl_equilibrium_json(game, &s->equilibria[i]));
    pl_json_set(&tree, "equilibria", equilibria);
    pl_solution_json(&tree, game, s);
    return pl_json_finish(tree, text, length);
}

/* ---- to read ------------------------------------------------------------------------------------------ */

const char *pl_player_name(const pl_game_names *names, int player) {
    return names->player ? names->player(names->context, player) : names->game->players[player].name;
}

const char *pl_strategy_name(const pl_game_names *names, int player, int strategy) {
    return names->strategy ? names->strategy(names->context, player, strategy)
                           : names->game->players[player].strategies[strategy];
}

/* Without the zeros behind the point. */
static const char *rounded(double value, char out[PL_ROUNDED_ROOM]) {
    pl_rounded(value, pl_rounding(fabs(value), DIGITS), out);
    for (size_t end = strlen(out); strchr(out, '.') && (out[end - 1] == '0' || out[end - 1] == '.');) out[--end] = 0;
    return out;
}

static void put_probability(pl_text *out, double value, const char *exact) {
    char number[PL_ROUNDED_ROOM];
    if (exact && strlen(exact) <= LONGEST_EXACT) pl_text_put(out, exact);
    else pl_text_put(out, rounded(value, number));
}

void pl_mixture_text(pl_text *out, const pl_game_names *names, int player, const double *mixture,
                     const char *const *exact) {
    bool first = true;
    for (int k = 0; k < names->game->players[player].strategy_count; k++) {
        if (mixture[k] <= 0) continue;
        if (!first) pl_text_put(out, " + ");
        first = false;
        if (mixture[k] < 1) put_probability(out, mixture[k], exact ? exact[k] : NULL);
        if (mixture[k] < 1) pl_text_put(out, " ");
        pl_text_put(out, pl_strategy_name(names, player, k));
    }
}

static int widest(const pl_game_names *names) {
    int width = 0;
    for (int i = 0; i < names->game->player_count; i++) {
        int own = pl_text_width(pl_player_name(names, i));
        if (own > width) width = own;
    }
    return width > NAME_WIDTH ? NAME_WIDTH : width;
}

/* A line for each player: its mixture and its payoff. */
static void put_mixtures(pl_text *out, const pl_game_names *names, double *const *mixture, const double *payoffs,
                         const char ***exact, const char **exact_payoffs) {
    for (int i = 0; i < names->game->player_count; i++) {
        pl_text_put(out, "   ");
        pl_text_left(out, pl_player_name(names, i), widest(names));
        pl_text_put(out, "  ");
        pl_mixture_text(out, names, i, mixture[i], exact ? exact[i] : NULL);
        pl_text_put(out, "; payoff ");
        put_probability(out, payoffs[i], exact_payoffs ? exact_payoffs[i] : NULL);
        pl_text_put(out, "\n");
    }
}

void pl_equilibria_heading(pl_text *out, const pl_game *game, const pl_solution *s) {
    pl_text_format(out, "Nash equilibria: %d%s\n", s->count,
                   !s->complete               ? " (there may be more)"
                   : game->player_count > 2   ? " (all)"
                   : s->count == 1            ? " (the only one)"
                                              : " (all extreme ones)");
}

static void put_equilibrium(pl_text *out, const pl_game_names *names, const pl_solution *s, int index) {
    const pl_equilibrium *e = &s->equilibria[index];
    char number[PL_ROUNDED_ROOM];
    pl_text_format(out, "\n%d. regret %s%s\n", index + 1, e->regret > 0 ? rounded(e->regret, number) : "0",
                   e->certified ? " (exact)" : "");
    put_mixtures(out, names, e->mixture, e->payoffs, e->exact, e->exact_payoffs);
}

static void put_list(pl_text *out, const int *equilibria, int count) {
    for (int i = 0; i < count; i++) pl_text_format(out, "%s%d", i ? ", " : "", equilibria[i] + 1);
}

static void put_component(pl_text *out, const pl_component *c) {
    pl_text_put(out, "   equilibria ");
    put_list(out, c->equilibria, c->count);
    if (c->subset_count > 1) {
        pl_text_put(out, ", in the Nash subsets ");
        for (int i = 0; i < c->subset_count; i++) {
            pl_text_put(out, i ? ", {" : "{");
            put_list(out, c->subsets[i].equilibria, c->subsets[i].count);
            pl_text_put(out, "}");
        }
    }
    pl_text_put(out, "\n");
}

void pl_components_text(pl_text *out, const pl_component *components, int count) {
    int spread = 0;
    for (int i = 0; i < count; i++) spread += components[i].count > 1;
    if (!spread) return;
    pl_text_put(out, "\nConnected components: each player may mix, on its own, its strategies of the equilibria of a "
                     "Nash subset\n");
    for (int i = 0; i < count; i++)
        if (components[i].count > 1) put_component(out, &components[i]);
}

/* The cycle of best responses, and average play. */
static void put_learning(pl_text *out, const pl_game_names *names, const pl_solution *s) {
    char number[PL_ROUNDED_ROOM];
    if (s->cycle_length) pl_text_put(out, "\nIterated best responses, from the first strategies, end in\n");
    for (long k = 0; k < s->cycle_length && k < MOST_LISTED; k++) {
        pl_text_put(out, "   ");
        for (int i = 0; i < names->game->player_count; i++)
            pl_text_format(out, "%s%s", i ? "; " : "",
                           pl_strategy_name(names, i, pl_game_strategy(names->game, s->cycle[k], i)));
        pl_text_put(out, "\n");
    }
    if (s->cycle_length > 1) pl_text_put(out, "   and round again\n");
    if (!s->learned) return;
    pl_text_format(out, "\nRegret matching, average play of %s rounds", rounded((double)s->learned->rounds, number));
    pl_text_put(out, "\n");
    put_mixtures(out, names, s->learned->mixture, s->learned->payoffs, NULL, NULL);
    for (int i = 0; i < names->game->player_count; i++)
        pl_text_format(out, "   %s: no fixed strategy would have given more than %s more\n", pl_player_name(names, i),
                       rounded(s->learned->regrets[i], number));
}

/* What was eliminated by what, and what is weakly dominated. */
static void put_dominated(pl_text *out, const pl_game_names *names, const pl_solution *s) {
    for (int k = 0; k < s->dominated_count; k++) {
        const pl_dominated *d = &s->dominated[k];
        if (k == 0 || d->weak != s->dominated[k - 1].weak)
            pl_text_put(out, d->weak ? "\nWeakly dominated (kept):\n" : "\nStrictly dominated, and so never played:\n");
        pl_text_format(out, "   %s: %s, by ", pl_player_name(names, d->player),
                       pl_strategy_name(names, d->player, d->strategy));
        pl_mixture_text(out, names, d->player, d->by, NULL);
        if (!d->weak && d->round > 1) pl_text_format(out, " (round %d)", d->round);
        pl_text_put(out, "\n");
    }
}

/* Where equilibria are not isolated: one of them, and how far each probability ranges. */
static void put_continua(pl_text *out, const pl_game_names *names, const pl_solution *s) {
    for (int k = 0; k < s->continuum_count; k++) {
        const pl_continuum *c = &s->continua[k];
        pl_text_format(out, "\nEquilibria that are not isolated, or not told apart (%d of %d): probabilities range over\n",
                       k + 1, s->continuum_count);
        for (int i = 0; i < names->game->player_count; i++)
            for (int l = 0; l < names->game->players[i].strategy_count; l++) {
                char low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
                if (c->high[i][l] <= 0) continue;
                pl_text_format(out, "   %s: %s  %s to %s\n", pl_player_name(names, i), pl_strategy_name(names, i, l),
                               rounded(c->low[i][l], low), rounded(c->high[i][l], high));
            }
        if (!c->member) continue;
        pl_text_put(out, "   one of them:\n");
        put_mixtures(out, names, c->member->mixture, c->member->payoffs, NULL, NULL);
    }
}

static bool is_near(const pl_game *game, double *const *a, double *const *b) {
    for (int i = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++)
            if (fabs(a[i][k] - b[i][k]) > 1e-9) return false;
    return true;
}

/* Where the logit branch leads: by the number of the equilibrium where it is listed. */
static void put_limit(pl_text *out, const pl_game_names *names, const pl_solution *s) {
    int at = 0;
    while (at < s->count && !is_near(names->game, s->equilibria[at].mixture, s->limit->mixture)) at++;
    pl_text_put(out, "\nThe principal branch of logit quantal responses leads to");
    if (at < s->count) {
        pl_text_format(out, " equilibrium %d.\n", at + 1);
        return;
    }
    pl_text_put(out, "\n");
    put_mixtures(out, names, s->limit->mixture, s->limit->payoffs, NULL, NULL);
}

static void put_logit(pl_text *out, const pl_game_names *names, const pl_solution *s) {
    put_dominated(out, names, s);
    put_learning(out, names, s);
    put_continua(out, names, s);
    if (s->limit) put_limit(out, names, s);
    if (!s->logit_count) return;
    const pl_logit *last = &s->logit[s->logit_count - 1];
    char number[PL_ROUNDED_ROOM];
    pl_text_format(out, "\nLogit quantal response, lambda %s\n", rounded(last->lambda, number));
    put_mixtures(out, names, last->mixture, last->payoffs, NULL, NULL);
}

static void put_correlated(pl_text *out, const pl_game_names *names, const pl_correlated *c) {
    char number[PL_ROUNDED_ROOM];
    pl_text_format(out, "\nCorrelated equilibrium of %s: payoffs", c->what);
    for (int i = 0; i < names->game->player_count; i++)
        pl_text_format(out, "%s %s %s", i ? "," : "", pl_player_name(names, i), rounded(c->payoffs[i], number));
    pl_text_put(out, "\n");
    for (long p = 0; p < names->game->profile_count; p++) {
        if (c->probability[p] <= 0) continue;
        pl_text_format(out, "   %s  ", rounded(c->probability[p], number));
        for (int i = 0; i < names->game->player_count; i++)
            pl_text_format(out, "%s%s", i ? "; " : "",
                           pl_strategy_name(names, i, pl_game_strategy(names->game, p, i)));
        pl_text_put(out, "\n");
    }
}

static void put_sequence(pl_text *out, const pl_game_names *names, const pl_sequence *s) {
    int last = 0;
    for (int i = 0; i < names->game->player_count; i++) last = s->stage[i] > last ? s->stage[i] : last;
    pl_text_put(out, "\nIn order:");
    for (int stage = 0; stage <= last; stage++) {
        const char *separator = stage ? ", then " : " ";
        for (int i = 0; i < names->game->player_count; i++) {
            if (s->stage[i] != stage) continue;
            pl_text_format(out, "%s%s", separator, pl_player_name(names, i));
            separator = " and ";
        }
    }
    pl_text_put(out, "\n");
    if (s->best_for == -1) pl_text_put(out, "(where a stage has several equilibria, the highest sum of payoffs)\n");
    if (s->best_for >= 0)
        pl_text_format(out, "(where a stage has several equilibria, the best for %s)\n",
                       pl_player_name(names, s->best_for));
    put_mixtures(out, names, s->mixture, s->payoffs, NULL, NULL);
    if (s->several && s->best_for == -2)
        pl_text_format(out, "   %ld of the stages' games had several equilibria: each went on with its logit limit\n",
                       s->several);
    if (s->unsolved) pl_text_format(out, "   %ld of the stages' games were not solved by that rule\n", s->unsolved);
}

void pl_solution_text(pl_text *out, const pl_game_names *names, const pl_solution *s) {
    pl_components_text(out, s->components, s->component_count);
    put_logit(out, names, s);
    for (int i = 0; i < s->correlated_count; i++) put_correlated(out, names, &s->correlated[i]);
    for (int i = 0; i < s->sequence_count; i++) put_sequence(out, names, &s->sequences[i]);
}

static pl_status print_text(const pl_game *game, const pl_solution *s, char **text, size_t *length) {
    pl_text out = {0};
    pl_game_names names = {.game = game};
    pl_text_format(&out, "A game of %d player%s over %ld profile%s\n\n", game->player_count,
                   game->player_count == 1 ? "" : "s", game->profile_count, game->profile_count == 1 ? "" : "s");
    bool other = s->cycle_length || s->learned || s->logit_count || s->correlated_count || s->sequence_count; /* was asked for, not Nash equilibria */
    if (s->count || s->complete || !other) pl_equilibria_heading(&out, game, s);
    for (int i = 0; i < s->count && i < MOST_LISTED; i++) put_equilibrium(&out, &names, s, i);
    if (s->count > MOST_LISTED) pl_text_format(&out, "\n... and %d more (--json lists all)\n", s->count - MOST_LISTED);
    pl_solution_text(&out, &names, s);
    return pl_text_finish(&out, text, length);
}

pl_status pl_solution_print(const pl_game *game, const pl_solution *solution, pl_format format, char **text,
                            size_t *length) {
    if (format == PL_FORMAT_CSV) return PL_UNSUPPORTED;
    return format == PL_FORMAT_JSON ? print_json(game, solution, text, length)
                                    : print_text(game, solution, text, length);
}
