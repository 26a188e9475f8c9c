/* See likelihood.h.  Runs first, then the densities of errors. */
#include "study/likelihood.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/pool.h"
#include "ensemble/explore.h"
#include "program/draws.h"
#include "program/math.h"

enum { LANES_STEP = 16, MOST_LANES = 64 };

typedef struct worker {
    pl_block *block;
    double *draws, *taken; /* [input][lane], [point][lane] */
} worker;

struct pl_candidates {
    pl_situation s; /* a copy whose measures are the observed values */
    pl_measure *measures;
    pl_program *program;
    pl_track *track;
    uint64_t futures[MOST_LANES]; /* zero: the noise of one future for all */
    int points, threads, lanes, fitted_steps, whole_steps;
    worker *workers;
};

/* ---- what is measured ----------------------------------------------------------------------------------- */

static double time_step(const pl_model *m) {
    const pl_variable *v = m->time_step;
    bool plain = v && v->kind == PL_CONSTANT && v->size == 1 && v->equation_count && v->equations[0]->numbers;
    return plain ? v->equations[0]->numbers[0] : 0;
}

/* A mean over a span takes the steps in it, without the one that begins the next span. */
static void find_window(const pl_observed *o, double time, double dt, double *from, double *to) {
    *from = o->take == PL_OBSERVED_MEAN ? time - o->over / 2 : time;
    *to = o->take == PL_OBSERVED_AT ? time : *from + o->over - dt;
    if (*to < *from) *to = *from;
}

/* The model's first and last time, from a program with nothing to measure. */
static pl_status find_times(const pl_candidates *c, double *first, double *last, pl_error *error) {
    pl_situation bare = c->s;
    pl_program *p;
    bare.measure_count = 0;
    pl_status status = pl_situation_compile(&bare, true, NULL, 0, &p, error);
    if (status != PL_OK) return status;
    *first = pl_program_initial_time(p), *last = pl_program_final_time(p);
    pl_program_free(p);
    return PL_OK;
}

static pl_status drop_outside(const pl_candidates *c, pl_observations *data, pl_findings *findings, pl_error *error) {
    double first, last, dt = time_step(c->s.model);
    pl_status status = find_times(c, &first, &last, error);
    for (int i = 0; status == PL_OK && i < data->count; i++) {
        pl_observed_series *series = &data->series[i];
        int before = series->count, kept = 0;
        series->fitted = 0;
        for (int k = 0; k < before; k++) {
            double from, to;
            find_window(series->of, series->data[k].time, dt, &from, &to);
            if (from < first - dt / 2 || to > last + dt / 2) continue;
            series->fitted += !series->data[k].held_out;
            series->data[kept++] = series->data[k];
        }
        series->count = kept;
        if (kept == before) continue;
        pl_error found;
        pl_error_set(&found, PL_OK, series->path, 0, 0, "%d of %d values of '%.80s' lie outside of the model's time, %g to %g",
                     before - kept, before, series->of->name, first, last);
        if (!pl_findings_add(findings, PL_WARNING, &found)) status = PL_MEMORY;
    }
    return status;
}

static pl_status add_measures(pl_candidates *c, const pl_observations *data) {
    int fitted = 0;
    double dt = time_step(c->s.model);
    for (int i = 0; i < data->count; i++) c->points += data->series[i].count, fitted += data->series[i].fitted;
    if (!fitted) return PL_INVALID;
    if (!(c->measures = pl_allocate((size_t)(c->points + 1) * sizeof *c->measures))) return PL_MEMORY;
    pl_measure *m = c->measures;
    for (int i = 0; i < data->count; i++)
        for (int k = 0; k < data->series[i].count; k++, m++) {
            const pl_observed *o = data->series[i].of;
            m->name = o->name;
            m->spec = (pl_measure_spec){.variable = o->variable, .element = o->element,
                                        .take = o->take == PL_OBSERVED_AT ? PL_TAKE_AT : PL_TAKE_MEAN};
            find_window(o, data->series[i].data[k].time, dt, &m->spec.from, &m->spec.to);
        }
    c->s.measures = c->measures, c->s.measure_count = c->points;
    return PL_OK;
}

/* How many steps until the last value that is fitted to, and until the last one, are complete. */
static void find_ends(pl_candidates *c, const pl_observations *data) {
    const pl_measure *m = c->measures;
    int last = pl_program_steps(c->program);
    for (int i = 0; i < data->count; i++)
        for (int k = 0; k < data->series[i].count; k++, m++) {
            int end = pl_program_step_of(c->program, m->spec.to) + 2;
            if (end > last) end = last;
            if (end > c->whole_steps) c->whole_steps = end;
            if (!data->series[i].data[k].held_out && end > c->fitted_steps) c->fitted_steps = end;
        }
}

/* ---- making --------------------------------------------------------------------------------------------- */

static pl_status make_worker(const pl_candidates *c, worker *w) {
    size_t lanes = (size_t)c->lanes;
    pl_status status = pl_block_new(c->program, c->lanes, &w->block);
    if (status != PL_OK) return status;
    w->draws = pl_allocate(((size_t)c->s.input_count + 1) * lanes * sizeof(double));
    w->taken = pl_allocate(((size_t)c->points + 1) * lanes * sizeof(double));
    return w->draws && w->taken ? PL_OK : PL_MEMORY;
}

static pl_status compile(pl_candidates *c, const pl_observations *data, pl_error *error) {
    const pl_situation *s = &c->s;
    const int *course = s->fit.profile >= 0 ? s->profiles[s->fit.profile].course : s->base_course;
    pl_status status = pl_situation_compile(s, true, NULL, 0, &c->program, error);
    if (status == PL_OK)
        status = pl_profile_track(s, c->program, NULL, pl_situation_combination(s, course), &c->track);
    if (status != PL_OK) return status;
    find_ends(c, data);
    c->lanes = (pl_program_best_lanes(c->program) + LANES_STEP - 1) / LANES_STEP * LANES_STEP;
    if (c->lanes > MOST_LANES) c->lanes = MOST_LANES;
    if (!(c->workers = pl_allocate((size_t)c->threads * sizeof *c->workers))) return PL_MEMORY;
    for (int i = 0; status == PL_OK && i < c->threads; i++) status = make_worker(c, &c->workers[i]);
    return status;
}

pl_status pl_candidates_new(const pl_situation *situation, pl_observations *data, int threads, pl_candidates **candidates,
                            pl_findings *findings, pl_error *error) {
    pl_candidates *c = pl_allocate(sizeof *c);
    *candidates = NULL;
    if (!c) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    c->s = *situation;
    c->threads = threads > 0 ? threads : pl_processor_count();
    pl_status status = drop_outside(c, data, findings, error);
    if (status == PL_OK && (status = add_measures(c, data)) == PL_INVALID)
        pl_error_set(error, PL_INVALID, situation->file, situation->fit.at.line, situation->fit.at.column,
                     "there is nothing to fit to: no value lies before the holdout and within the model's time");
    if (status == PL_OK) status = compile(c, data, error);
    if (status == PL_MEMORY) pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (status == PL_OK) *candidates = c;
    else pl_candidates_free(c);
    return status;
}

void pl_candidates_free(pl_candidates *c) {
    if (!c) return;
    for (int i = 0; c->workers && i < c->threads; i++) {
        pl_block_free(c->workers[i].block);
        pl_release(c->workers[i].draws), pl_release(c->workers[i].taken);
    }
    pl_release(c->workers);
    pl_track_free(c->track);
    pl_program_free(c->program);
    pl_release(c->measures);
    pl_release(c);
}

int pl_candidates_threads(const pl_candidates *c) { return c->threads; }
int pl_candidates_points(const pl_candidates *c) { return c->points; }

double pl_candidates_own(const pl_candidates *c, int u) {
    const pl_uncertainty *uncertainty = &c->s.uncertainties[u];
    return uncertainty->of_course ? pl_distribution_mean(&uncertainty->distribution)
                                  : pl_program_input_value(c->program, uncertainty->input);
}

/* ---- running -------------------------------------------------------------------------------------------- */

typedef struct batch {
    pl_candidates *c;
    const double *values;
    long count;
    bool whole;
    double *predicted;
} batch;

static void run_block(const batch *b, int thread, long first) {
    pl_candidates *c = b->c;
    const worker *w = &c->workers[thread];
    size_t lanes = (size_t)c->lanes, inputs = (size_t)c->s.uncertainty_count, points = (size_t)c->points;
    int used = b->count - first < c->lanes ? (int)(b->count - first) : c->lanes;
    for (size_t u = 0; u < inputs; u++)
        for (int k = 0; k < used; k++)
            w->draws[(size_t)c->s.uncertainties[u].input * lanes + (size_t)k] = b->values[(size_t)(first + k) * inputs + u];
    pl_block_start(w->block, c->track, w->draws, lanes, c->futures, c->s.seed, used);
    pl_block_run(w->block, c->track, b->whole ? c->whole_steps : c->fitted_steps, NULL, NULL);
    pl_block_measure(w->block, w->taken, lanes, NULL);
    for (int k = 0; k < used; k++)
        for (size_t i = 0; i < points; i++) b->predicted[(size_t)(first + k) * points + i] = w->taken[i * lanes + (size_t)k];
}

static pl_status run_item(void *context, long item, int thread) {
    const batch *b = context;
    run_block(b, thread, item * b->c->lanes);
    return PL_OK;
}

pl_status pl_candidates_run(pl_candidates *c, const double *values, long count, bool whole, double *predicted) {
    batch b = {c, values, count, whole, predicted};
    return pl_parallel_for((count + c->lanes - 1) / c->lanes, c->threads, run_item, &b);
}

void pl_candidates_run_on(pl_candidates *c, int thread, const double *values, long count, bool whole,
                          double *predicted) {
    batch b = {c, values, count, whole, predicted};
    for (long first = 0; first < count; first += c->lanes) run_block(&b, thread, first);
}

/* ---- errors --------------------------------------------------------------------------------------------- */

static const double log_root_two_pi = 0.91893853320467274178;

static double normal_log_density(double z, double sd) { return -0.5 * z * z - pl_log(sd) - log_root_two_pi; }

static double log_gamma(double x) { return x < 1 ? pl_log_gamma(x + 1) - pl_log(x) : pl_log_gamma(x); }

static double poisson_log(double y, double m) {
    if (m == 0) return y == 0 ? 0 : -INFINITY;
    return y * pl_log(m) - m - log_gamma(y + 1);
}

/* Mean m, variance m + dispersion m^2; k = 1 / dispersion failures. */
static double negative_binomial_log(double y, double m, double dispersion) {
    double k = 1 / dispersion, whole = pl_log(k + m);
    double hits = m == 0 ? (y == 0 ? 0 : -INFINITY) : y * (pl_log(m) - whole);
    return log_gamma(y + k) - log_gamma(k) - log_gamma(y + 1) + k * (pl_log(k) - whole) + hits;
}

double pl_error_log_density(pl_error_model error, double y, double m, double scale) {
    if (!isfinite(m)) return -INFINITY;
    bool positive = m > 0;
    switch (error) {
    case PL_ERRORS_NORMAL: return normal_log_density((y - m) / scale, scale);
    case PL_ERRORS_RELATIVE: return positive ? normal_log_density((y - m) / (scale * m), scale * m) : -INFINITY;
    case PL_ERRORS_LOGNORMAL:
        return positive ? normal_log_density((pl_log(y) - pl_log(m)) / scale, scale) - pl_log(y) : -INFINITY;
    case PL_ERRORS_POISSON: return m >= 0 ? poisson_log(y, m) : -INFINITY;
    case PL_ERRORS_NEGATIVE_BINOMIAL: return m >= 0 ? negative_binomial_log(y, m, scale) : -INFINITY;
    default: return -INFINITY;
    }
}

/* The first count whose cumulative probability reaches u: between a count that does and one that does not, halved, by
 * sums of probabilities; from where they are negligible on. */
static double count_quantile(pl_error_model error, double m, double scale, double u) {
    double sd = sqrt(error == PL_ERRORS_POISSON ? m : m + scale * m * m), sum = 0;
    double from = floor(m - 12 * sd), step = sd > 1e4 ? floor(sd / 1e3) : 1, to = m + 40 * sd + 40;
    for (double y = from > 0 ? from : 0; y < to; y += step) {
        sum += step * pl_exp(pl_error_log_density(error, y, m, scale));
        if (sum >= u) return y;
    }
    return to;
}

double pl_error_quantile(pl_error_model error, double m, double scale, double u) {
    double z = pl_normal_quantile(u);
    switch (error) {
    case PL_ERRORS_NORMAL: return m + scale * z;
    case PL_ERRORS_RELATIVE: return m + scale * m * z;
    case PL_ERRORS_LOGNORMAL: return m * pl_exp(scale * z);
    default: return m >= 0 && isfinite(m) ? count_quantile(error, m, scale, u) : (double)NAN;
    }
}

double pl_series_log_likelihood(const pl_observed_series *series, const double *predicted, double scale) {
    double sum = 0;
    for (int k = 0; k < series->fitted; k++)
        sum += pl_error_log_density(series->of->error, series->data[k].value, predicted[k], scale);
    return isnan(sum) ? -INFINITY : series->of->weight * sum;
}

/* Golden section over the log of the scale, to 1e-6 of it. */
static double search_scale(const pl_observed_series *series, const double *predicted) {
    const double ratio = 0.61803398874989484820;
    double low = pl_log(series->scale[0]), high = pl_log(series->scale[1]), x[2], f[2];
    for (int k = 0; k < 2; k++) {
        x[k] = k ? low + ratio * (high - low) : high - ratio * (high - low);
        f[k] = pl_series_log_likelihood(series, predicted, pl_exp(x[k]));
    }
    while (high - low > 1e-6) {
        bool right = f[1] > f[0];
        if (right) low = x[0], x[0] = x[1], f[0] = f[1], x[1] = low + ratio * (high - low);
        else high = x[1], x[1] = x[0], f[1] = f[0], x[0] = high - ratio * (high - low);
        f[right] = pl_series_log_likelihood(series, predicted, pl_exp(x[right]));
    }
    return pl_exp((low + high) / 2);
}

/* The error in units of the scale, where the best scale is the root of its mean square. */
static double unit_error(pl_error_model error, double y, double m) {
    if (error == PL_ERRORS_NORMAL) return y - m;
    if (!(m > 0)) return NAN;
    return error == PL_ERRORS_RELATIVE ? (y - m) / m : pl_log(y) - pl_log(m);
}

double pl_series_best_scale(const pl_observed_series *series, const double *predicted) {
    double sum = 0, low = series->scale[0], high = series->scale[1];
    if (low == high || !series->fitted) return low;
    if (series->of->error == PL_ERRORS_NEGATIVE_BINOMIAL) return search_scale(series, predicted);
    for (int k = 0; k < series->fitted; k++) {
        double e = unit_error(series->of->error, series->data[k].value, predicted[k]);
        sum += e * e;
    }
    double best = pl_sqrt(sum / series->fitted);
    return best > low ? (best < high ? best : high) : low;
}
