/* A weighing as JSON, and its criteria as CSV. */
#include <math.h>

#include "report/json.h"
#include "report/weigh.h"

static const pl_actor *actor_of(const pl_weighing *w, const pl_weighed *a) {
    return &w->ensemble->situation->actors[a->actor];
}

static const char *course_name(const pl_weighing *w, const pl_weighed *a, int course) {
    return actor_of(w, a)->courses[course].name;
}

static json_t *courses_object(const pl_weighing *w, long profile) {
    const pl_situation *s = w->ensemble->situation;
    json_t *object = json_object();
    for (int a = 0; a < s->actor_count; a++)
        pl_json_set(&object, s->actors[a].name,
                    pl_json_text(s->actors[a].courses[pl_situation_course(s, profile, a)].name));
    return object;
}

/* ---- criteria ------------------------------------------------------------------------------------------- */

static const char *const basis_names[] = {[PL_BY_MEAN] = "mean",
                                          [PL_BY_SHARE] = "share",
                                          [PL_BY_ORDER] = "order statistics",
                                          [PL_BY_RESAMPLES] = "resamples",
                                          [PL_BY_QUANTILES] = "resamples",
                                          [PL_BY_EXTREME] = "none: an extreme of the futures"};

static json_t *criteria_array(void) {
    json_t *array = json_array();
    for (int c = 0; c < PL_CRITERION_COUNT; c++) {
        json_t *object = json_object();
        pl_json_set(&object, "name", pl_json_text(pl_criteria[c].name));
        pl_json_set(&object, "better", pl_json_text(pl_criteria[c].sign > 0 ? "more" : "less"));
        pl_json_set(&object, "interval", pl_json_text(basis_names[pl_criteria[c].basis]));
        pl_json_set(&object, "formula", pl_json_text(pl_criteria[c].formula));
        pl_json_set(&object, "source", pl_json_text(pl_criteria[c].source));
        pl_json_append(&array, object);
    }
    return array;
}

static json_t *scores_object(const pl_scores *scores, const pl_outcomes *outcomes, int option, bool choice) {
    json_t *object = json_object();
    for (int c = 0; c < PL_CRITERION_COUNT; c++) {
        const pl_score *score = pl_score_of(scores, outcomes, c, option);
        json_t *one = json_object();
        pl_json_set(&one, "value", pl_json_interval(score->value));
        if (choice) {
            pl_json_set(&one, "behind", pl_json_interval(score->behind));
            pl_json_set(&one, "first", pl_json_number(score->first));
        }
        pl_json_set(&object, pl_criteria[c].name, one);
    }
    return object;
}

/* ---- courses -------------------------------------------------------------------------------------------- */

static json_t *answer_array(const pl_weighing *w, const pl_answer *answer) {
    json_t *array = json_array();
    for (int i = 0; i < answer->count; i++) {
        json_t *object = json_object();
        pl_json_set(&object, "courses", courses_object(w, answer->profile[i]));
        pl_json_set(&object, "weight", pl_json_number(answer->weight[i]));
        pl_json_append(&array, object);
    }
    return array;
}

static json_t *risks_object(const pl_weighing *w, const pl_weighed *a, int course) {
    const pl_situation *s = w->ensemble->situation;
    json_t *object = json_object();
    for (int r = 0; r < s->risk_count; r++)
        pl_json_set(&object, s->risks[r].name, pl_json_interval(a->risks[r * a->outcomes.options + course]));
    return object;
}

static json_t *front_object(const pl_front *front, long option) {
    json_t *object = json_object();
    pl_json_set(&object, "on", json_boolean(front->on[option]));
    pl_json_set(&object, "share", pl_json_number(front->share[option]));
    return object;
}

static json_t *course_object(const pl_weighing *w, const pl_weighed *a, int course) {
    json_t *object = json_object(), *means = json_object();
    const pl_actor *actor = actor_of(w, a);
    pl_json_set(&object, "course", pl_json_text(course_name(w, a, course)));
    pl_json_set(&object, "others", answer_array(w, &a->against.answers[course]));
    pl_json_set(&object, "criteria", scores_object(&a->scores, &a->outcomes, course, true));
    pl_json_set(&object, "first_by_weights", pl_json_interval(a->ranking.first[course]));
    pl_json_set(&object, "front", front_object(&a->front, course));
    for (int j = 0; j < actor->want_count; j++)
        pl_json_set(&means, w->ensemble->situation->measures[actor->wants[j].measure].name,
                    pl_json_number(a->ranking.means[j * a->outcomes.options + course] * actor->wants[j].per));
    pl_json_set(&object, "means", means);
    pl_json_set(&object, "risks", risks_object(w, a, course));
    return object;
}

static json_t *best_object(const pl_weighing *w, const pl_weighed *a) {
    json_t *object = json_object();
    for (int c = 0; c < PL_CRITERION_COUNT; c++)
        pl_json_set(&object, pl_criteria[c].name,
                    a->scores.best[c] < 0 ? json_null() : pl_json_text(course_name(w, a, a->scores.best[c])));
    return object;
}

/* ---- where the ranking changes ---------------------------------------------------------------------------- */

static json_t *switch_object(const pl_weighing *w, const pl_weighed *a, const pl_switch *s) {
    if (s->from < 0) return json_null();
    json_t *object = json_object();
    pl_json_set(&object, "at", pl_json_interval(s->at));
    pl_json_set(&object, "from", pl_json_text(course_name(w, a, s->from)));
    pl_json_set(&object, "to", pl_json_text(course_name(w, a, s->to)));
    return object;
}

static void set_switches(json_t **object, const pl_weighing *w, const pl_weighed *a, const pl_switches *switches) {
    json_t *array = json_array();
    for (int i = 0; i < switches->count; i++) pl_json_append(&array, switch_object(w, a, &switches->items[i]));
    pl_json_set(object, "best", pl_json_text(course_name(w, a, switches->best)));
    pl_json_set(object, "switches", array);
}

static json_t *weights_array(const pl_weighing *w, const pl_weighed *a) {
    json_t *array = json_array();
    const pl_actor *actor = actor_of(w, a);
    for (int j = 0; j < actor->want_count; j++) {
        const pl_want_ranking *r = &a->ranking.wants[j];
        json_t *object = json_object();
        pl_json_set(&object, "measure", pl_json_text(w->ensemble->situation->measures[actor->wants[j].measure].name));
        pl_json_set(&object, "low", pl_json_number(r->low));
        pl_json_set(&object, "high", pl_json_number(r->high));
        pl_json_set(&object, "drawn", json_boolean(r->drawn));
        set_switches(&object, w, a, &r->within);
        pl_json_set(&object, "below", switch_object(w, a, &r->below));
        pl_json_set(&object, "above", switch_object(w, a, &r->above));
        pl_json_append(&array, object);
    }
    return array;
}

static json_t *alphas_object(const pl_weighing *w, const pl_weighed *a) {
    json_t *object = json_object();
    set_switches(&object, w, a, &a->alphas);
    return object;
}

/* ---- dominance, treatments -------------------------------------------------------------------------------- */

static json_t *pairs_array(const pl_weighing *w, const pl_weighed *a) {
    json_t *array = json_array();
    int courses = a->outcomes.options;
    for (int i = 0; i < courses * courses; i++) {
        const pl_pair *pair = &a->pairs[i];
        if (i / courses == i % courses) continue;
        json_t *object = json_object(), *shares = json_object();
        pl_json_set(&object, "course", pl_json_text(course_name(w, a, i / courses)));
        pl_json_set(&object, "over", pl_json_text(course_name(w, a, i % courses)));
        pl_json_set(&object, "better", pl_json_interval(pair->better));
        pl_json_set(&object, "lead", pl_json_interval(pair->lead));
        pl_json_set(&object, "dominance",
                    pair->holds == PL_DOMINANCE_COUNT ? json_null() : pl_json_text(pl_dominance_names[pair->holds]));
        for (int d = 0; d < PL_DOMINANCE_COUNT; d++)
            pl_json_set(&shares, pl_dominance_names[d], pl_json_number(pair->share[d]));
        pl_json_set(&object, "shares", shares);
        pl_json_append(&array, object);
    }
    return array;
}

static json_t *treatments_array(const pl_weighing *w, const pl_weighed *a) {
    json_t *array = json_array();
    for (int i = 0; i < a->treatment_count; i++) {
        const pl_treatment *t = &a->treatments[i];
        json_t *object = json_object(), *means = json_object(), *regrets = json_object();
        for (int k = 0; k < a->outcomes.options; k++) {
            pl_json_set(&means, course_name(w, a, k), pl_json_interval(t->mean[k]));
            pl_json_set(&regrets, course_name(w, a, k), pl_json_interval(t->regret[k]));
        }
        pl_json_set(&object, "name", pl_json_text(pl_others_names[t->kind]));
        pl_json_set(&object, "best", pl_json_text(course_name(w, a, t->best)));
        pl_json_set(&object, "mean", means);
        pl_json_set(&object, "regret", regrets);
        pl_json_append(&array, object);
    }
    return array;
}

/* ---- profiles --------------------------------------------------------------------------------------------- */

static json_t *gain_object(const pl_gain *gain) {
    json_t *object = json_object();
    pl_json_set(&object, "median", pl_json_interval(gain->difference.median));
    pl_json_set(&object, "range", json_pack("[o,o]", pl_json_number(gain->difference.low),
                                            pl_json_number(gain->difference.high)));
    pl_json_set(&object, "wins", pl_json_interval(gain->wins));
    pl_json_set(&object, "loses", pl_json_interval(gain->loses));
    return object;
}

static json_t *row_object(const pl_weighing *w, const pl_weighed *a, int row) {
    json_t *object = json_object();
    char name[PL_NAME_ROOM];
    pl_json_set(&object, "name", pl_json_text(pl_comparison_row_key(w->comparison, row, name)));
    pl_json_set(&object, "criteria", scores_object(&a->row_scores, &a->row_outcomes, row, false));
    pl_json_set(&object, "gain", gain_object(&a->gains[row]));
    return object;
}

/* Every profile that is on the front, or was in a resample. */
static json_t *front_array(const pl_weighing *w, const pl_weighed *a) {
    json_t *array = json_array();
    for (long p = 0; p < a->profiles.options; p++) {
        if (!a->profiles.on[p] && !(a->profiles.share[p] > 0)) continue;
        json_t *object = front_object(&a->profiles, p);
        pl_json_set(&object, "courses", courses_object(w, p));
        pl_json_append(&array, object);
    }
    return array;
}

static json_t *actor_object(const pl_weighing *w, const pl_weighed *a) {
    json_t *object = json_object(), *courses = json_array(), *profiles = json_array(), *regrets = json_array();
    pl_json_set(&object, "actor", pl_json_text(actor_of(w, a)->name));
    pl_json_set(&object, "against",
                pl_json_text(a->against.kind == PL_OTHERS_PROFILE ? w->against : pl_others_names[a->against.kind]));
    for (int k = 0; k < a->outcomes.options; k++) pl_json_append(&courses, course_object(w, a, k));
    for (int row = 0; row < w->comparison->rows; row++) pl_json_append(&profiles, row_object(w, a, row));
    for (long p = 0; p < w->ensemble->profiles; p++) pl_json_append(&regrets, pl_json_number(a->regret[p]));
    pl_json_set(&object, "courses", courses);
    pl_json_set(&object, "best", best_object(w, a));
    pl_json_set(&object, "alphas", alphas_object(w, a));
    pl_json_set(&object, "weights", weights_array(w, a));
    pl_json_set(&object, "weight_draws", json_integer(a->ranking.draws));
    pl_json_set(&object, "pairs", pairs_array(w, a));
    pl_json_set(&object, "treatments", treatments_array(w, a));
    pl_json_set(&object, "profiles", profiles);
    pl_json_set(&object, "front", front_array(w, a));
    pl_json_set(&object, "regret_by_profile", regrets);
    return object;
}

static json_t *profile_risks(const pl_weighing *w, int row) {
    const pl_situation *s = w->ensemble->situation;
    json_t *object = json_object(), *risks = json_object();
    char name[PL_NAME_ROOM];
    for (int r = 0; r < s->risk_count; r++) {
        const pl_risk_share *share = &w->risks[r * w->comparison->rows + row];
        json_t *one = json_object();
        pl_json_set(&one, "futures", json_integer(share->futures));
        pl_json_set(&one, "share", pl_json_interval(share->share));
        pl_json_set(&one, "difference", pl_json_interval(share->difference));
        pl_json_set(&risks, s->risks[r].name, one);
    }
    pl_json_set(&object, "name", pl_json_text(pl_comparison_row_key(w->comparison, row, name)));
    pl_json_set(&object, "courses", courses_object(w, w->comparison->profile[row]));
    pl_json_set(&object, "risks", risks);
    return object;
}

static json_t *burdens_array(const pl_weighing *w) {
    const pl_situation *s = w->ensemble->situation;
    json_t *array = json_array();
    char name[PL_NAME_ROOM];
    for (int i = 0; i < w->burdens.count; i++) {
        const pl_burden *b = &w->burdens.items[i];
        json_t *object = json_object(), *profiles = json_object();
        for (int row = 0; row < w->comparison->rows; row++) {
            json_t *one = json_object();
            const pl_spread *difference = &pl_comparison_cell(w->comparison, row, b->measure)->difference;
            pl_json_set(&one, "difference", pl_json_interval(difference->median));
            pl_json_set(&one, "worse", pl_json_interval(b->worse[row]));
            pl_json_set(&one, "better", pl_json_interval(b->better[row]));
            pl_json_set(&profiles, pl_comparison_row_key(w->comparison, row, name), one);
        }
        pl_json_set(&object, "group", pl_json_text(s->groups[b->group].name));
        pl_json_set(&object, "measure", pl_json_text(s->measures[b->measure].name));
        pl_json_set(&object, "more_is", pl_json_text(b->sign < 0 ? "worse" : "better"));
        pl_json_set(&object, "profiles", profiles);
        pl_json_append(&array, object);
    }
    return array;
}

pl_status pl_weighing_json(const pl_weighing *w, char **text, size_t *length) {
    json_t *tree = json_object(), *actors = json_array(), *profiles = json_array();
    for (int i = 0; i < w->actor_count; i++) pl_json_append(&actors, actor_object(w, &w->actors[i]));
    for (int row = 0; row < w->comparison->rows; row++) pl_json_append(&profiles, profile_risks(w, row));
    pl_json_set(&tree, "futures", json_integer(w->play->futures));
    pl_json_set(&tree, "missing", json_integer(w->ensemble->futures - w->play->futures));
    pl_json_set(&tree, "seed", json_integer((json_int_t)w->ensemble->seed));
    pl_json_set(&tree, "replicates", json_integer(w->replicates));
    pl_json_set(&tree, "alpha", pl_json_number(w->alpha));
    pl_json_set(&tree, "where", w->where ? pl_json_text(w->where) : json_null());
    pl_json_set(&tree, "worse_than_worst", pl_json_number(pl_extreme_share(w->play->futures)));
    pl_json_set(&tree, "criteria", criteria_array());
    pl_json_set(&tree, "actors", actors);
    pl_json_set(&tree, "profiles", profiles);
    pl_json_set(&tree, "burdens", burdens_array(w));
    return pl_json_finish(tree, text, length);
}

/* ---- CSV ---------------------------------------------------------------------------------------------------- */

static void put_scores(pl_text *out, const char *actor, const char *kind, const char *name, const pl_scores *scores,
                       const pl_outcomes *outcomes, int option, bool choice) {
    for (int c = 0; c < PL_CRITERION_COUNT; c++) {
        const pl_score *s = pl_score_of(scores, outcomes, c, option);
        const double numbers[] = {s->value.estimate, s->value.low, s->value.high, s->behind.estimate, s->behind.low,
                                  s->behind.high, s->first};
        pl_text_csv(out, actor);
        pl_text_format(out, ",%s,", kind);
        pl_text_csv(out, name);
        pl_text_format(out, ",%s", pl_criteria[c].name);
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            pl_text_put(out, ",");
            if (isfinite(numbers[i]) && (choice || i < 3)) pl_text_number(out, numbers[i]);
        }
        pl_text_put(out, "\n");
    }
}

pl_status pl_weighing_csv(const pl_weighing *w, char **text, size_t *length) {
    pl_text out = {0};
    char name[PL_NAME_ROOM];
    pl_text_put(&out, "actor,kind,name,criterion,value,value_low,value_high,behind,behind_low,behind_high,first\n");
    for (int i = 0; i < w->actor_count; i++) {
        const pl_weighed *a = &w->actors[i];
        const char *actor = actor_of(w, a)->name;
        for (int k = 0; k < a->outcomes.options; k++)
            put_scores(&out, actor, "course", course_name(w, a, k), &a->scores, &a->outcomes, k, true);
        for (int row = 0; row < w->comparison->rows; row++)
            put_scores(&out, actor, "profile", pl_comparison_row_key(w->comparison, row, name), &a->row_scores,
                       &a->row_outcomes,
                       row, false);
    }
    return pl_text_finish(&out, text, length);
}
