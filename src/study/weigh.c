/* How well courses hold up: criteria of robustness, dominance, fronts, where rankings change, who gains and who loses.
 *
 * All numbers are over the futures in which every profile has its payoffs, the same for all courses and profiles, so
 * that every comparison is paired. Each part is in a file of its own; this one gathers what they ask for. */
#include "study/weigh.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/condition.h"
#include "study/deviation.h"
#include "study/statistics.h"

enum { DEFAULT_REPLICATES = 1000, FRONT_REPLICATES = 200 };

typedef struct work {
    pl_weighing *weighing;
    const pl_ensemble *e;
    const pl_play *play;
    pl_others_kind kind;
    long profile;           /* of a named treatment */
    pl_condition *where;    /* NULL: a payoff no lower than the base's */
    double *holds;          /* [profile][future of the ensemble] of a condition */
    double *terms;
    double *by_future;      /* [future of the ensemble] */
    jmp_buf back;
} work;

static void leave(void *context) { longjmp(((work *)context)->back, 1); }

static pl_arena *arena_of(work *w) { return &w->weighing->arena; }
static bool is_random(const work *w) { return pl_ensemble_is_random(w->e); }

/* The mean of values of the sample's futures with its interval. */
static pl_interval mean_of(work *w, const double *values) {
    for (long f = 0; f < w->e->futures; f++) w->by_future[f] = NAN;
    for (long k = 0; k < w->play->futures; k++) w->by_future[w->play->sample.future[k]] = values[k];
    return pl_mean_of(w->by_future, w->e->futures, is_random(w));
}

/* ---- thresholds ------------------------------------------------------------------------------------------ */

static pl_status read_where(work *w, const char *text, pl_error *error) {
    if (!text) return PL_OK;
    pl_arena *arena = arena_of(w);
    pl_expr *expr = pl_expr_parse(arena, text, "--where", 1, 1, error);
    if (!expr) return error->status;
    w->weighing->where = pl_arena_text(arena, text, strlen(text));
    return pl_condition_over_measures(arena, w->e->situation, expr, &w->where, error);
}

/* A condition in every case; where it cannot be told it does not hold. */
static void judge_cases(work *w, const pl_condition *condition) {
    w->terms = PL_ARRAY(arena_of(w), condition->term_count + 1, double);
    for (long p = 0; p < w->e->profiles; p++)
        for (long f = 0; f < w->e->futures; f++) {
            double value = pl_condition_in_case(condition, w->e, p, f, w->terms);
            w->holds[(size_t)p * (size_t)w->e->futures + (size_t)f] = !isnan(value) && value != 0;
        }
}

/* Whether an actor's payoff is no lower than under the base. */
static void judge_payoffs(work *w, int actor) {
    const double *base = pl_ensemble_payoff(w->e, actor, w->e->base);
    for (long p = 0; p < w->e->profiles; p++) {
        const double *own = pl_ensemble_payoff(w->e, actor, p);
        for (long f = 0; f < w->e->futures; f++)
            w->holds[(size_t)p * (size_t)w->e->futures + (size_t)f] = own[f] >= base[f];
    }
}

/* ---- courses --------------------------------------------------------------------------------------------- */

static int course_count(const work *w, int actor) { return w->play->game->players[actor].strategy_count; }

static void find_outcomes(work *w, pl_weighed *to) {
    const double *payoffs = pl_ensemble_payoff(w->e, to->actor, 0);
    int courses = course_count(w, to->actor);
    pl_outcomes *o = &to->outcomes;
    pl_outcomes_start(o, arena_of(w), courses, w->play->futures, w->weighing->alpha);
    for (int k = 0; k < courses; k++) {
        pl_against_values(&to->against, w->play, payoffs, k, pl_outcomes_row(o->value, o, k));
        pl_against_values(&to->against, w->play, w->holds, k, pl_outcomes_row(o->met, o, k));
    }
    pl_outcomes_find_regrets(o);
    pl_outcomes_order(o, arena_of(w));
}

/* Hurwicz's value is a line in alpha: best + (worst - best) alpha. */
static void find_alphas(work *w, pl_weighed *to) {
    int courses = to->outcomes.options;
    double *best = PL_ARRAY(arena_of(w), courses, double), *slope = PL_ARRAY(arena_of(w), courses, double);
    for (int k = 0; k < courses; k++) {
        best[k] = pl_score_of(&to->scores, &to->outcomes, PL_CRITERION_MAXIMAX, k)->value.estimate;
        slope[k] = pl_score_of(&to->scores, &to->outcomes, PL_CRITERION_MAXIMIN, k)->value.estimate - best[k];
    }
    to->alphas.items = PL_ARRAY(arena_of(w), courses, pl_switch);
    pl_lines_envelope(&(pl_lines){courses, best, slope}, 0, 1, &to->alphas);
}

static pl_status find_treatments(work *w, pl_weighed *to, pl_error *error) {
    int courses = course_count(w, to->actor);
    const double *payoffs = pl_ensemble_payoff(w->e, to->actor, 0);
    to->treatments = PL_ARRAY(arena_of(w), PL_OTHERS_PROFILE, pl_treatment);
    for (int kind = 0; kind < PL_OTHERS_PROFILE; kind++) {
        pl_against against;
        if (kind == PL_OTHERS_EQUILIBRIUM && !w->play->solution->count) continue;
        if (w->play->game->player_count == 1 && kind != PL_OTHERS_BASE) continue;
        pl_status status = pl_against_make(&against, arena_of(w), w->play, to->actor, (pl_others_kind)kind, w->profile,
                                           error);
        if (status != PL_OK) return status;
        pl_treatment *t = &to->treatments[to->treatment_count++];
        pl_outcomes o;
        pl_outcomes_start(&o, arena_of(w), courses, w->play->futures, 0);
        *t = (pl_treatment){.kind = (pl_others_kind)kind, .mean = PL_ARRAY(arena_of(w), courses, pl_interval),
                            .regret = PL_ARRAY(arena_of(w), courses, pl_interval)};
        for (int k = 0; k < courses; k++) pl_against_values(&against, w->play, payoffs, k, pl_outcomes_row(o.value, &o,
                                                                                                           k));
        pl_outcomes_find_regrets(&o);
        for (int k = 0; k < courses; k++) {
            t->mean[k] = mean_of(w, pl_outcomes_row(o.value, &o, k));
            t->regret[k] = mean_of(w, pl_outcomes_row(o.regret, &o, k));
            if (t->mean[k].estimate > t->mean[t->best].estimate) t->best = k;
        }
    }
    return PL_OK;
}

/* The measures that an actor wants, and the sign of each. */
static int list_goals(work *w, int actor, int *sign, const double **rows) {
    const pl_actor *a = &w->e->situation->actors[actor];
    int goals = 0;
    for (int i = 0; i < a->want_count; i++) {
        if (a->wants[i].weight.value == 0) continue;
        sign[goals] = a->wants[i].weight.value > 0 ? 1 : -1;
        rows[goals++] = pl_ensemble_measure(w->e, a->wants[i].measure, 0);
    }
    return goals;
}

static void find_fronts(work *w, pl_weighed *to) {
    pl_arena *arena = arena_of(w);
    int wants = w->e->situation->actors[to->actor].want_count, courses = course_count(w, to->actor);
    int *sign = PL_ARRAY(arena, wants + 1, int);
    const double **rows = PL_ARRAY(arena, wants + 1, const double *);
    int goals = list_goals(w, to->actor, sign, rows);
    long count = w->play->futures;
    double *columns = PL_ARRAY(arena, (size_t)goals * (size_t)courses * (size_t)count, double), *at = columns;
    for (int g = 0; g < goals; g++)
        for (int k = 0; k < courses; k++, at += count) pl_against_values(&to->against, w->play, rows[g], k, at);
    pl_front_make(&to->front, arena, columns, sign, goals, courses, &w->play->sample, w->weighing->replicates);
    pl_sample sample;
    pl_sample_make(&sample, arena, w->e, rows, goals, "bootstrap of the front");
    pl_front_make(&to->profiles, arena, sample.columns, sign, goals, w->e->profiles, &sample,
                  w->weighing->replicates < FRONT_REPLICATES ? w->weighing->replicates : FRONT_REPLICATES);
}

static pl_status find_risks(work *w, pl_error *error) {
    const pl_situation *s = w->e->situation;
    double *column = PL_ARRAY(arena_of(w), w->play->futures, double);
    for (int i = 0; i < w->weighing->actor_count; i++)
        w->weighing->actors[i].risks =
            PL_ARRAY(arena_of(w), s->risk_count * course_count(w, w->weighing->actors[i].actor), pl_interval);
    for (int r = 0; r < s->risk_count; r++) {
        pl_condition *condition;
        pl_status status = pl_condition_over_measures(arena_of(w), s, s->risks[r].expr, &condition, error);
        if (status != PL_OK) return status;
        judge_cases(w, condition);
        for (int i = 0; i < w->weighing->actor_count; i++) {
            pl_weighed *to = &w->weighing->actors[i];
            int courses = course_count(w, to->actor);
            for (int k = 0; k < courses; k++) {
                pl_against_values(&to->against, w->play, w->holds, k, column);
                to->risks[r * courses + k] = is_random(w) ? pl_fraction_of(column, w->play->futures) : mean_of(w,
                                                                                                               column);
            }
        }
    }
    return PL_OK;
}

/* ---- profiles -------------------------------------------------------------------------------------------- */

/* What the best of the actor's courses would have given more in a profile, in each future of the sample. */
static void find_profile_regret(const work *w, int actor, long profile, double *out) {
    const pl_game *game = w->play->game;
    const double *own = pl_sample_column(&w->play->sample, game->profile_count, actor, profile);
    for (long k = 0; k < w->play->futures; k++) out[k] = 0;
    for (int c = 0; c < game->players[actor].strategy_count; c++) {
        long to = pl_game_deviate(game, profile, actor, c);
        const double *other = pl_sample_column(&w->play->sample, game->profile_count, actor, to);
        for (long k = 0; k < w->play->futures; k++) out[k] = fmax(out[k], other[k] - own[k]);
    }
}

static pl_gain gain_of(work *w, int actor, long profile, double *spread) {
    const double *own = pl_ensemble_payoff(w->e, actor, profile), *base = pl_ensemble_payoff(w->e, actor, w->e->base);
    pl_gain gain;
    long count;
    for (long f = 0; f < w->e->futures; f++) w->by_future[f] = own[f] - base[f];
    gain.difference = pl_spread_of(w->by_future, w->e->futures, is_random(w), spread);
    for (long f = 0; f < w->e->futures; f++)
        w->by_future[f] = isnan(own[f] - base[f]) ? NAN : own[f] > base[f];
    gain.wins = pl_share_of(w->by_future, w->e->futures, is_random(w), &count);
    for (long f = 0; f < w->e->futures; f++)
        w->by_future[f] = isnan(own[f] - base[f]) ? NAN : own[f] < base[f];
    gain.loses = pl_share_of(w->by_future, w->e->futures, is_random(w), &count);
    return gain;
}

static void weigh_rows(work *w, pl_weighed *to) {
    const pl_comparison *c = w->weighing->comparison;
    const pl_game *game = w->play->game;
    pl_outcomes *o = &to->row_outcomes;
    double *spread = PL_ARRAY(arena_of(w), 2 * w->e->futures, double), *regret = PL_ARRAY(arena_of(w),
                                                                                          w->play->futures, double);
    pl_outcomes_start(o, arena_of(w), c->rows, w->play->futures, w->weighing->alpha);
    to->gains = PL_ARRAY(arena_of(w), c->rows, pl_gain);
    to->regret = PL_ARRAY(arena_of(w), w->e->profiles, double);
    for (int row = 0; row < c->rows; row++) {
        long p = c->profile[row];
        memcpy(pl_outcomes_row(o->value, o, row), pl_sample_column(&w->play->sample, game->profile_count, to->actor, p),
               (size_t)w->play->futures * sizeof(double));
        find_profile_regret(w, to->actor, p, pl_outcomes_row(o->regret, o, row));
        for (long k = 0; k < w->play->futures; k++)
            pl_outcomes_row(o->met, o,
                            row)[k] = w->holds[(size_t)p * (size_t)w->e->futures + (size_t)w->play->sample.future[k]];
        to->gains[row] = gain_of(w, to->actor, p, spread);
    }
    pl_outcomes_order(o, arena_of(w));
    pl_scores_make(&to->row_scores, arena_of(w), o, &w->play->sample, is_random(w), w->weighing->replicates);
    for (long p = 0; p < w->e->profiles; p++) {
        double sum = 0;
        find_profile_regret(w, to->actor, p, regret);
        for (long k = 0; k < w->play->futures; k++) sum += regret[k];
        to->regret[p] = sum / (double)w->play->futures;
    }
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

static pl_status weigh_actor(work *w, pl_weighed *to, pl_error *error) {
    int replicates = w->weighing->replicates;
    pl_status status = pl_against_make(&to->against, arena_of(w), w->play, to->actor, w->kind, w->profile, error);
    if (status != PL_OK) return status;
    if (!w->where) judge_payoffs(w, to->actor);
    find_outcomes(w, to);
    pl_scores_make(&to->scores, arena_of(w), &to->outcomes, &w->play->sample, is_random(w), replicates);
    find_alphas(w, to);
    to->pairs = pl_pairs_make(arena_of(w), &to->outcomes, &w->play->sample, w->e, replicates);
    pl_ranking_make(&to->ranking, arena_of(w), w->play, &to->against, replicates);
    weigh_rows(w, to);
    find_fronts(w, to);
    return find_treatments(w, to, error);
}

static pl_status find_actors(work *w, const char *name, pl_error *error) {
    const pl_situation *s = w->e->situation;
    pl_weighing *weighing = w->weighing;
    char list[300] = "";
    if (!s->actor_count)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0,
                            "the situation has no actors, so there are no courses to weigh");
    weighing->actors = PL_ARRAY(&weighing->arena, s->actor_count, pl_weighed);
    for (int a = 0; a < s->actor_count; a++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s'%s'", a ? ", " : "", s->actors[a].name);
        if (!name || strcmp(name, s->actors[a].name) == 0) weighing->actors[weighing->actor_count++].actor = a;
    }
    if (weighing->actor_count) return PL_OK;
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no actor '%.60s'; the actors are %s", name, list);
}

static pl_status build(work *w, const pl_weigh_options *options, pl_error *error) {
    pl_weighing *weighing = w->weighing;
    const pl_situation *s = w->e->situation;
    pl_status status = pl_others_find(w->e, options->against, &w->kind, &w->profile, error);
    const char *against = options->against ? options->against : pl_others_names[0];
    weighing->against = pl_arena_text(&weighing->arena, against, strlen(against));
    if (status == PL_OK) status = find_actors(w, options->actor, error);
    if (status == PL_OK) status = read_where(w, options->where, error);
    if (status == PL_OK) status = pl_ensemble_compare(w->e, options->all, &weighing->comparison, error);
    if (status == PL_OK) status = pl_ensemble_play(w->e, &(pl_play_options){.replicates = 1}, &weighing->play, error);
    if (status != PL_OK) return status;
    w->play = weighing->play;
    weighing->replicates = options->replicates ? options->replicates : DEFAULT_REPLICATES;
    if (w->play->sample.units < 2) weighing->replicates = 0;
    w->holds = PL_ARRAY(&weighing->arena, (size_t)w->e->profiles * (size_t)w->e->futures, double);
    w->by_future = PL_ARRAY(&weighing->arena, w->e->futures, double);
    if (w->where) judge_cases(w, w->where);
    for (int i = 0; i < weighing->actor_count && status == PL_OK; i++) status = weigh_actor(w, &weighing->actors[i],
                                                                                            error);
    if (status == PL_OK) status = find_risks(w, error);
    if (status != PL_OK) return status;
    const pl_comparison *c = weighing->comparison;
    pl_burdens_make(&weighing->burdens, &weighing->arena, c);
    weighing->risks = PL_ARRAY(&weighing->arena, s->risk_count * c->rows, pl_risk_share);
    return pl_ensemble_risks(w->e, c->profile, c->rows, weighing->risks, error);
}

static pl_status guard(work *w, const pl_weigh_options *options, pl_error *error) {
    if (setjmp(w->back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return build(w, options, error);
}

pl_status pl_ensemble_weigh(const pl_ensemble *ensemble, const pl_weigh_options *options, pl_weighing **weighing,
                            pl_error *error) {
    static const pl_weigh_options usual = {0};
    *weighing = NULL;
    if (!options) options = &usual;
    if (options->alpha_given && !(options->alpha >= 0 && options->alpha <= 1))
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "alpha, the weight of the worst future, goes from 0 to 1");
    pl_weighing *made = pl_allocate(sizeof *made);
    if (!made) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.weighing = made, .e = ensemble};
    made->ensemble = ensemble;
    made->alpha = options->alpha_given ? options->alpha : 0.5;
    made->arena.out_of_memory = leave;
    made->arena.context = &w;
    pl_status status = guard(&w, options, error);
    made->arena.out_of_memory = NULL;
    if (status != PL_OK) pl_weighing_free(made);
    else *weighing = made;
    return status;
}

void pl_weighing_free(pl_weighing *weighing) {
    if (!weighing) return;
    pl_comparison_free(weighing->comparison);
    pl_play_free(weighing->play);
    pl_arena_free(&weighing->arena);
    pl_release(weighing);
}
