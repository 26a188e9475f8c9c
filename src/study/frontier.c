/* See frontier.h. */
#include "study/frontier.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/pareto.h"
#include "study/statistics.h"

/* ---- goals -------------------------------------------------------------------------------------------- */

static bool is_named(const char *name, const char *text, size_t length) {
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

static int find_measure(const pl_situation *s, const char *text, size_t length) {
    for (int m = 0; m < s->measure_count; m++)
        if (is_named(s->measures[m].name, text, length)) return m;
    return -1;
}

/* What those who want a measure want of it: 1, -1; 0 where they differ or nobody does. */
static int wanted_sign(const pl_situation *s, int measure) {
    int sign = 0;
    for (int a = 0; a < s->actor_count; a++)
        for (int i = 0; i < s->actors[a].want_count; i++) {
            const pl_want *want = &s->actors[a].wants[i];
            double weight = want->weight.value / want->per;
            int own = weight > 0 ? 1 : weight < 0 ? -1 : 0;
            if (want->measure != measure || !own) continue;
            if (sign && sign != own) return 0;
            sign = own;
        }
    return sign;
}

static pl_status no_measure(const pl_situation *s, const char *text, size_t length, pl_error *error) {
    char list[300] = "";
    for (int m = 0; m < s->measure_count; m++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s'%s'", m ? ", " : "", s->measures[m].name);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no measure '%.*s'; the measures are %s",
                        (int)(length < 60 ? length : 60), text, list);
}

static pl_status read_goal(const pl_situation *s, const char *text, size_t length, pl_goal *goal, pl_error *error) {
    while (length && isspace((unsigned char)*text)) text++, length--;
    while (length && isspace((unsigned char)text[length - 1])) length--;
    goal->sign = 0;
    goal->measure = find_measure(s, text, length);
    if (goal->measure < 0 && length > 5 && (memcmp(text, "less ", 5) == 0 || memcmp(text, "more ", 5) == 0)) {
        goal->sign = *text == 'm' ? 1 : -1;
        goal->measure = find_measure(s, text + 5, length - 5);
    }
    if (goal->measure < 0) return no_measure(s, text, length, error);
    if (!goal->sign) goal->sign = wanted_sign(s, goal->measure);
    if (goal->sign) return PL_OK;
    return pl_error_set(error, PL_USAGE, NULL, 0, 0,
                        "whether more or less of '%.60s' is better cannot be told from what the actors want: write "
                        "'more %.60s' or 'less %.60s'",
                        s->measures[goal->measure].name, s->measures[goal->measure].name, s->measures[goal->measure].name);
}

static pl_status read_goals(pl_frontier *f, pl_arena *arena, const pl_situation *s, const char *goals,
                            const char *limit, pl_error *error) {
    int room = 2;
    for (const char *c = goals; *c; c++) room += *c == ',';
    f->goals = PL_ARRAY(arena, room, pl_goal);
    for (const char *from = goals; from;) {
        const char *end = strchr(from, ',');
        size_t length = end ? (size_t)(end - from) : strlen(from);
        pl_status status = read_goal(s, from, length, &f->goals[f->goal_count++], error);
        if (status != PL_OK) return status;
        from = end ? end + 1 : NULL;
    }
    return read_goal(s, limit, strlen(limit), &f->goals[f->goal_count++], error);
}

/* ---- who is on it ------------------------------------------------------------------------------------- */

static bool is_best(const pl_frontier *f, const double *means, long profiles, long profile) {
    int sign[f->goal_count];
    for (int g = 0; g < f->goal_count; g++) sign[g] = f->goals[g].sign;
    return !pl_is_dominated(means, sign, f->goal_count, profiles, profile);
}

static void weigh(const pl_frontier *f, const pl_sample *sample, long profiles, const double *weights, double total,
                  double *means) {
    for (int g = 0; g < f->goal_count; g++)
        for (long p = 0; p < profiles; p++)
            *means++ = pl_weighted_sum(weights, pl_sample_column(sample, profiles, g, p), sample->count) / total;
}

static void find_points(pl_frontier *f, pl_arena *arena, const pl_ensemble *e, const pl_sample *sample) {
    double *by_future = PL_ARRAY(arena, e->futures, double);
    f->points = PL_ARRAY(arena, e->profiles, pl_frontier_point);
    for (long k = 0; k < e->futures; k++) by_future[k] = NAN;
    for (long p = 0; p < e->profiles; p++) {
        if (!is_best(f, f->means, e->profiles, p)) continue;
        pl_frontier_point *point = &f->points[f->point_count++];
        *point = (pl_frontier_point){.profile = p, .value = PL_ARRAY(arena, f->goal_count, pl_interval), .share = NAN};
        for (int g = 0; g < f->goal_count; g++) {
            const double *column = pl_sample_column(sample, e->profiles, g, p);
            for (long k = 0; k < sample->count; k++) by_future[sample->future[k]] = column[k];
            point->value[g] = pl_mean_of(by_future, e->futures, pl_ensemble_is_random(e));
        }
    }
}

/* In how many resamples each point stays on it. */
static void resample(pl_frontier *f, pl_arena *arena, const pl_ensemble *e, const pl_sample *sample, int replicates) {
    double *units = PL_ARRAY(arena, sample->units, double), *weights = PL_ARRAY(arena, sample->count, double);
    double *means = PL_ARRAY(arena, (size_t)f->goal_count * (size_t)e->profiles, double);
    if (sample->units < 2) return;
    for (int i = 0; i < f->point_count; i++) f->points[i].share = 0;
    for (long r = 0; r < replicates; r++) {
        pl_sample_draw(sample, r, units);
        double total = pl_sample_spread(sample, units, weights);
        weigh(f, sample, e->profiles, weights, total, means);
        for (int i = 0; i < f->point_count; i++)
            f->points[i].share += is_best(f, means, e->profiles, f->points[i].profile) / (double)replicates;
    }
}

/* ---- limits ------------------------------------------------------------------------------------------- */

static double worth(const pl_frontier *f, long profiles, int goal, long profile) {
    return f->goals[goal].sign * f->means[(size_t)goal * (size_t)profiles + (size_t)profile];
}

/* The points from the strictest limit to the loosest; few enough for a plain sort. */
static void sort_points(pl_frontier *f, long profiles) {
    for (int i = 1; i < f->point_count; i++) {
        pl_frontier_point point = f->points[i];
        int k = i;
        for (; k > 0 && worth(f, profiles, f->goal_count - 1, f->points[k - 1].profile) <
                            worth(f, profiles, f->goal_count - 1, point.profile); k--)
            f->points[k] = f->points[k - 1];
        f->points[k] = point;
    }
}

/* A step for each point at which one of the goals gets better than at stricter limits. */
static void find_steps(pl_frontier *f, pl_arena *arena, long profiles) {
    int goals = f->goal_count - 1;
    long *best = PL_ARRAY(arena, goals, long);
    f->steps = PL_ARRAY(arena, f->point_count, pl_frontier_step);
    for (int g = 0; g < goals; g++) best[g] = -1;
    for (int i = 0; i < f->point_count; i++) {
        long profile = f->points[i].profile;
        bool better = false;
        for (int g = 0; g < goals; g++) {
            if (best[g] >= 0 && worth(f, profiles, g, profile) <= worth(f, profiles, g, best[g])) continue;
            best[g] = profile;
            better = true;
        }
        if (!better) continue;
        double limit = f->means[(size_t)goals * (size_t)profiles + (size_t)profile];
        bool same = f->step_count && f->steps[f->step_count - 1].limit == limit;
        pl_frontier_step *step = &f->steps[same ? f->step_count - 1 : f->step_count++];
        step->limit = limit;
        step->best = PL_ARRAY(arena, goals, long);
        memcpy(step->best, best, (size_t)goals * sizeof *best);
    }
}

pl_status pl_frontier_make(pl_frontier *f, pl_arena *arena, const pl_ensemble *e, const char *goals, const char *limit,
                           int replicates, pl_error *error) {
    *f = (pl_frontier){0};
    pl_status status = read_goals(f, arena, e->situation, goals, limit, error);
    if (status != PL_OK) return status;
    pl_sample sample;
    const double **rows = PL_ARRAY(arena, f->goal_count, const double *);
    for (int g = 0; g < f->goal_count; g++) rows[g] = pl_ensemble_measure(e, f->goals[g].measure, 0);
    pl_sample_make(&sample, arena, e, rows, f->goal_count, "bootstrap of the frontier");
    if (!sample.count)
        return pl_error_set(error, PL_INVALID, NULL, 0, 0, "there is no future in which every profile has these measures");
    f->futures = sample.count;
    f->means = PL_ARRAY(arena, (size_t)f->goal_count * (size_t)e->profiles, double);
    double *ones = PL_ARRAY(arena, sample.count, double);
    for (long k = 0; k < sample.count; k++) ones[k] = 1;
    weigh(f, &sample, e->profiles, ones, (double)sample.count, f->means);
    find_points(f, arena, e, &sample);
    resample(f, arena, e, &sample, replicates);
    sort_points(f, e->profiles);
    find_steps(f, arena, e->profiles);
    return PL_OK;
}
