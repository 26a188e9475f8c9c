/* See profile.h.  From the maximum each parameter walks outwards on either side, the others following along; where its
 * deviance passes the quantile of chi-squared with one degree of freedom the interval ends (Wilks 1938; Raue et al.,
 * Bioinformatics 25:1923, 2009). */
#include "study/profile.h"

#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "study/polish.h"

enum { MOST_SAMPLES = 24, OUTWARD = 12, CALLS = 40, PASSES = 2 };
static const double limits[2] = {2.7055434540954, 3.8414588206941}; /* 90, 95 % */
static const double edge = 1e-6, enough = 1e-3;

typedef struct sample {
    double u, value, likelihood; /* coordinate, value of the parameter, highest likelihood there */
} sample;

typedef struct side {
    int parameter;
    bool up, reached; /* reached: the end of the range was */
    sample samples[MOST_SAMPLES]; /* outwards, from the maximum */
    int count;
    double *better, better_likelihood; /* the best point that was met */
} side;

typedef struct profiles {
    pl_fit_problem *p;
    side *sides; /* [2 x parameter_count] */
    pl_fit_thread *threads;
    double maximum;
} profiles;

static double deviance(const sample *s, double maximum) { return 2 * fmax(0, maximum - s->likelihood); }

/* Adds the sample at u, in its place; point is where the others stand, and moves with it. */
static pl_status add_sample(profiles *f, side *s, pl_fit_thread *thread, double u, double *point) {
    const pl_fit_problem *p = f->p;
    pl_polish polish = {.dimensions = p->parameter_count, .held = s->parameter, .calls = CALLS, .enough = enough,
                        .value = pl_fit_likelihood_on, .context = thread};
    sample found = {.u = u};
    point[s->parameter] = u;
    pl_status status = pl_polish_point(&polish, point, &found.likelihood);
    if (status != PL_OK) return status;
    pl_fit_place(p, point, thread->values);
    found.value = thread->values[p->parameters[s->parameter]];
    if (found.likelihood > s->better_likelihood) {
        s->better_likelihood = found.likelihood;
        memcpy(s->better, point, (size_t)p->parameter_count * sizeof *point);
    }
    int at = s->count++;
    for (; at > 0 && (s->up ? s->samples[at - 1].u > u : s->samples[at - 1].u < u); at--) s->samples[at] = s->samples[at - 1];
    s->samples[at] = found;
    return PL_OK;
}

/* The first sample outwards at which the deviance is past a limit; -1: none. */
static int first_past(const side *s, double limit, double maximum) {
    for (int k = 1; k < s->count; k++)
        if (deviance(&s->samples[k], maximum) >= limit) return k;
    return -1;
}

/* Between two samples the root of the deviance is as good as straight. */
static double share_to(const sample *a, const sample *b, double limit, double maximum) {
    double low = sqrt(deviance(a, maximum)), high = sqrt(deviance(b, maximum));
    double share = high > low ? (sqrt(limit) - low) / (high - low) : 1;
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

static pl_status walk_out(profiles *f, side *s, pl_fit_thread *thread, double *point) {
    double u = s->samples[0].u, step = f->p->steps[s->parameter];
    pl_status status = PL_OK;
    for (int k = 0; status == PL_OK && k < OUTWARD && !s->reached; k++, step *= 1.7) {
        double to = k == OUTWARD - 1 ? (s->up ? 1 : 0) : s->up ? u + step : u - step;
        s->reached = to <= edge || to >= 1 - edge;
        u = to <= edge ? edge : to >= 1 - edge ? 1 - edge : to;
        status = add_sample(f, s, thread, u, point);
        if (status == PL_OK && deviance(&s->samples[s->count - 1], f->maximum) >= limits[1]) break;
    }
    return status;
}

static pl_status refine(profiles *f, side *s, pl_fit_thread *thread, double *point) {
    pl_status status = PL_OK;
    for (int round = 0; round < 2; round++)
        for (int l = 1; status == PL_OK && l >= 0; l--) {
            int past = first_past(s, limits[l], f->maximum);
            if (past < 0) continue;
            const sample *a = &s->samples[past - 1], *b = &s->samples[past];
            double share = share_to(a, b, limits[l], f->maximum);
            if (share < 0.02 || share > 0.98) continue;
            status = add_sample(f, s, thread, a->u + share * (b->u - a->u), point);
        }
    return status;
}

static pl_status walk_side(void *context, long item, int number) {
    profiles *f = context;
    side *s = &f->sides[item];
    pl_fit_thread *thread = &f->threads[number];
    size_t d = (size_t)f->p->parameter_count;
    double point[d];
    memcpy(point, f->p->best, d * sizeof *point);
    pl_fit_place(f->p, point, thread->values);
    s->samples[0] = (sample){point[s->parameter], thread->values[f->p->parameters[s->parameter]], f->maximum};
    s->count = 1, s->reached = false, s->better_likelihood = f->maximum;
    memcpy(s->better, point, d * sizeof *point);
    pl_status status = walk_out(f, s, thread, point);
    return status == PL_OK ? refine(f, s, thread, point) : status;
}

/* ---- intervals ------------------------------------------------------------------------------------------ */

/* Where the interval ends; false: it goes on to the end of the range. */
static bool find_end(const side *s, double limit, double maximum, const double range[2], double *end) {
    int past = first_past(s, limit, maximum);
    *end = range[s->up];
    if (past < 0) return false;
    const sample *a = &s->samples[past - 1], *b = &s->samples[past];
    *end = a->value + share_to(a, b, limit, maximum) * (b->value - a->value);
    return true;
}

static void set_intervals(const profiles *f, pl_fit_parameter *parameters) {
    for (int i = 0; i < f->p->parameter_count; i++) {
        pl_fit_parameter *q = &parameters[i];
        bool ends[2];
        for (int k = 0; k < 2; k++) {
            const side *s = &f->sides[2 * i + k];
            find_end(s, limits[0], f->maximum, q->range, &q->profile90[k]);
            ends[k] = find_end(s, limits[1], f->maximum, q->range, &q->profile95[k]);
        }
        q->identification = ends[0] ? (ends[1] ? PL_IDENTIFIED_BOTH : PL_IDENTIFIED_BELOW)
                                    : ends[1] ? PL_IDENTIFIED_ABOVE : PL_IDENTIFIED_NONE;
    }
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

/* Takes the best point that any profile met; whether it is much better. */
static bool take_better(profiles *f) {
    double before = f->maximum;
    for (int i = 0; i < 2 * f->p->parameter_count; i++) {
        if (!(f->sides[i].better_likelihood > f->maximum)) continue;
        f->maximum = f->sides[i].better_likelihood;
        memcpy(f->p->best, f->sides[i].better, (size_t)f->p->parameter_count * sizeof(double));
    }
    return f->maximum > before + 0.05;
}

static pl_status make_room(profiles *f, double **room) {
    const pl_fit_problem *p = f->p;
    int threads = pl_candidates_threads(p->candidates);
    size_t d = (size_t)p->parameter_count, rows = 2 * d + 1, points = (size_t)pl_candidates_points(p->candidates);
    size_t each = rows * ((size_t)p->s->uncertainty_count + points);
    f->sides = pl_allocate((2 * d + 1) * sizeof *f->sides);
    f->threads = pl_allocate((size_t)threads * sizeof *f->threads);
    *room = pl_allocate((2 * d * d + (size_t)threads * each + 1) * sizeof **room);
    if (!f->sides || !f->threads || !*room) return PL_MEMORY;
    for (size_t i = 0; i < 2 * d; i++)
        f->sides[i] = (side){.parameter = (int)(i / 2), .up = i % 2, .better = *room + i * d};
    for (int t = 0; t < threads; t++) {
        double *own = *room + 2 * d * d + (size_t)t * each;
        f->threads[t] = (pl_fit_thread){p, t, own, own + rows * (size_t)p->s->uncertainty_count};
    }
    return PL_OK;
}

pl_status pl_profiles_find(pl_fit_problem *p, pl_fit_parameter *parameters, double *value) {
    profiles f = {.p = p, .maximum = *value};
    double *room = NULL;
    pl_status status = make_room(&f, &room);
    bool again = true;
    for (int pass = 0; status == PL_OK && again && pass < PASSES; pass++) {
        status = pl_parallel_for(2L * p->parameter_count, pl_candidates_threads(p->candidates), walk_side, &f);
        if (status == PL_OK) again = take_better(&f);
    }
    if (status == PL_OK) set_intervals(&f, parameters);
    *value = f.maximum;
    pl_release(f.sides), pl_release(f.threads), pl_release(room);
    return status;
}
