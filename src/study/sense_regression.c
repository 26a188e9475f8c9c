/* Regressions of an output on all inputs at once, on values and on ranks: standardised coefficients (SRC, SRRC) and partial
 * correlations (PCC, PRCC), which follow from them as t / sqrt(t^2 + degrees of freedom); R^2 says how much of the output
 * such a line explains (Saltelli, Chan and Scott, Sensitivity Analysis, 2000, ch. 6; Helton and Davis, SAND2001-0417).
 *
 * Where there are at least four rows for each input, intervals are those of a bootstrap of rows; with fewer they are Student's
 * for standardised coefficients and Fisher's for partial correlations.  See sense.h. */
#include <string.h>

#include "base/arena.h"
#include "base/pool.h"
#include "study/least_squares.h"
#include "study/probability.h"
#include "study/sense.h"
#include "study/statistics.h"

enum { ROWS_PER_INPUT = 4 };

typedef struct work {
    pl_sense_part *part;
    pl_sense_groups groups; /* of outputs that are studied together */
    int inputs;
} work;

/* One fit of a group: on values, then on ranks. */
typedef struct fit {
    double *x, *y;           /* [2][input][row], [2][output of the group][row] */
    double *used_x, *used_y; /* what a resample overwrites */
    double *coefficient, *scale, *residual;
    double *standard, *partial, *squared; /* [output][input] twice, and [output] */
    double *spread;          /* [input] */
    long *row;               /* [row] drawn */
    long rows;
    int inputs, outputs;
} fit;

/* ---- resamples ------------------------------------------------------------------------------------------- */

static bool is_resampled(const work *w, const pl_sense_group *g) { return g->rows >= ROWS_PER_INPUT * (w->inputs + 1); }

/* As many resamples as some five seconds of one processor allow, from 20 up. */
static int resamples_of(const work *w, const pl_sense_group *g) {
    double seconds = 2e-9 * (double)g->rows * w->inputs * (w->inputs + g->count), most = 5 / seconds;
    return most >= w->part->resamples ? w->part->resamples : most > 20 ? (int)most : 20;
}

/* ---- a fit ----------------------------------------------------------------------------------------------- */

static bool make_fit(fit *f) {
    size_t rows = (size_t)f->rows, d = (size_t)f->inputs, outputs = (size_t)f->outputs;
    double *room = pl_allocate((3 * (d + outputs) * rows + 4 * outputs * (d + 1) + 4 * d + 1) * sizeof(double));
    f->row = pl_allocate((rows + 1) * sizeof(long));
    if (!room || !f->row) {
        pl_release(room), pl_release(f->row);
        return false;
    }
    f->x = room, f->y = f->x + 2 * d * rows, f->used_x = f->y + 2 * outputs * rows, f->used_y = f->used_x + d * rows;
    f->coefficient = f->used_y + outputs * rows, f->scale = f->coefficient + outputs * d, f->residual = f->scale + d;
    f->standard = f->residual + outputs, f->partial = f->standard + outputs * d, f->squared = f->partial + outputs * d;
    f->spread = f->squared + outputs;
    return true;
}

static void free_fit(fit *f) { pl_release(f->x), pl_release(f->row); }

/* The rows that are present, of values and of ranks. */
static void fill(fit *f, const pl_sense_sample *s, const int *outputs) {
    size_t rows = (size_t)f->rows;
    for (int c = 0; c < f->inputs + f->outputs; c++) {
        const double *from = c < f->inputs ? s->x[c] : s->outputs[outputs[c - f->inputs]].values;
        double *to = c < f->inputs ? f->x + (size_t)c * rows : f->y + (size_t)(c - f->inputs) * rows;
        double *ranks = to + (size_t)(c < f->inputs ? f->inputs : f->outputs) * rows;
        long used = 0;
        for (long row = 0; row < s->rows; row++)
            if (isfinite(s->outputs[outputs[0]].values[row])) to[used++] = from[row];
        pl_ranks(to, f->rows, ranks, f->used_x);
    }
}

/* Standardised coefficients, partial correlations and R^2 of the drawn rows. */
static pl_status solve(fit *f, bool ranks) {
    size_t rows = (size_t)f->rows, d = (size_t)f->inputs;
    const double *x = f->x + (ranks ? d * rows : 0), *y = f->y + (ranks ? (size_t)f->outputs * rows : 0);
    for (int c = 0; c < f->inputs; c++) {
        double *to = f->used_x + (size_t)c * rows;
        for (long i = 0; i < f->rows; i++) to[i] = x[(size_t)c * rows + (size_t)f->row[i]];
        f->spread[c] = pl_centre(to, f->rows);
    }
    for (int o = 0; o < f->outputs; o++) {
        double *to = f->used_y + (size_t)o * rows;
        for (long i = 0; i < f->rows; i++) to[i] = y[(size_t)o * rows + (size_t)f->row[i]];
        f->squared[o] = pl_centre(to, f->rows);
    }
    pl_least_squares found = {.columns = f->inputs, .responses = f->outputs, .coefficient = f->coefficient, .scale = f->scale,
                              .residual = f->residual};
    pl_status status = pl_least_squares_fit(f->used_x, f->used_y, f->rows, &found);
    if (status != PL_OK) return status;
    double freedom = (double)(f->rows - 1 - found.rank);
    for (int o = 0; o < f->outputs; o++) {
        double error = sqrt(f->residual[o] / freedom), squares = f->squared[o];
        for (int c = 0; c < f->inputs; c++) {
            size_t place = (size_t)o * d + (size_t)c;
            double t = f->coefficient[place] / (f->scale[c] * error);
            f->standard[place] = squares > 0 ? f->coefficient[place] * sqrt(f->spread[c] / squares) : NAN;
            f->partial[place] = isinf(t) ? (t > 0 ? 1 : -1) : squares > 0 ? t / sqrt(t * t + freedom) : NAN;
        }
        f->squared[o] = squares > 0 ? 1 - f->residual[o] / squares : NAN;
    }
    return PL_OK;
}

/* ---- intervals ------------------------------------------------------------------------------------------- */

/* quantile: Student's, of 0.975. */
static pl_interval students(double estimate, double r_squared, double partial, double freedom, double quantile) {
    double t = fabs(partial) < 1 ? partial * sqrt(freedom / (1 - partial * partial)) : INFINITY;
    double half = t != 0 && r_squared < 1 ? quantile * fabs(estimate / t) : 0;
    return (pl_interval){estimate, estimate - half, estimate + half};
}

static pl_interval fishers(double partial, double freedom) {
    if (!(freedom > 2)) return (pl_interval){partial, NAN, NAN};
    double z = atanh(partial), half = pl_normal_quantile(0.975) * sqrt((1 + 0.5 * partial * partial) / (freedom - 1));
    return (pl_interval){partial, tanh(z - half), tanh(z + half)};
}

typedef struct results {
    pl_interval *standard, *partial, *r_squared;
    double *adjusted;
} results;

static results results_of(pl_regression *r, bool ranks) {
    return ranks ? (results){r->srrc, r->prcc, &r->rank_r_squared, &r->rank_adjusted}
                 : (results){r->src, r->pcc, &r->r_squared, &r->adjusted};
}

static void set_estimates(const fit *f, pl_regression *result, int place, bool ranks) {
    results to = results_of(result, ranks);
    double freedom = (double)(f->rows - 1 - f->inputs), squared = f->squared[place], t = pl_t_quantile(0.975, freedom);
    for (int c = 0; c < f->inputs; c++) {
        double standard = f->standard[place * f->inputs + c], partial = f->partial[place * f->inputs + c];
        to.standard[c] = students(standard, squared, partial, freedom, t);
        to.partial[c] = fishers(partial, freedom);
    }
    *to.r_squared = (pl_interval){squared, NAN, NAN};
    *to.adjusted = 1 - (1 - squared) * (double)(f->rows - 1) / freedom;
}

/* found[output][2 x inputs + 1][resample] */
static void keep(const fit *f, double *found, int resample, int resamples) {
    for (int o = 0; o < f->outputs; o++) {
        double *to = found + (size_t)o * (size_t)(2 * f->inputs + 1) * (size_t)resamples + resample;
        for (int c = 0; c < f->inputs; c++) {
            to[c * resamples] = f->standard[o * f->inputs + c];
            to[(f->inputs + c) * resamples] = f->partial[o * f->inputs + c];
        }
        to[2 * f->inputs * resamples] = f->squared[o];
    }
}

static void set_intervals(const fit *f, pl_regression *result, const double *found, int resamples, bool ranks) {
    results to = results_of(result, ranks);
    for (int c = 0; c < f->inputs; c++) {
        to.standard[c] = pl_sense_interval(to.standard[c].estimate, found + c * resamples, resamples);
        to.partial[c] = pl_sense_interval(to.partial[c].estimate, found + (f->inputs + c) * resamples, resamples);
    }
    *to.r_squared = pl_sense_interval(to.r_squared->estimate, found + 2 * f->inputs * resamples, resamples);
}

static pl_status resample(const work *w, fit *f, const pl_sense_group *g, bool ranks, double *found) {
    pl_draws draws = pl_draws_of(&w->part->sample, f->rows);
    int resamples = resamples_of(w, g);
    double *counts = pl_allocate((size_t)(f->rows + 1) * sizeof *counts);
    pl_status status = counts ? PL_OK : PL_MEMORY;
    for (int r = 0; status == PL_OK && r < resamples; r++) {
        long used = 0;
        pl_draws_take(&draws, r, counts);
        for (long i = 0; i < f->rows; i++)
            for (double k = counts[i]; k > 0; k--) f->row[used++] = i;
        status = solve(f, ranks);
        if (status == PL_OK) keep(f, found, r, resamples);
    }
    for (int o = 0; status == PL_OK && o < f->outputs; o++)
        set_intervals(f, &w->part->regression[w->groups.order[g->first + o]],
                      found + (size_t)o * (size_t)(2 * f->inputs + 1) * (size_t)resamples, resamples, ranks);
    pl_release(counts);
    return status;
}

/* ---- all ------------------------------------------------------------------------------------------------- */

static pl_status study(const work *w, const pl_sense_group *g, bool ranks) {
    const pl_sense_sample *s = &w->part->sample;
    fit f = {.rows = g->rows, .inputs = w->inputs, .outputs = g->count};
    size_t cells = (size_t)g->count * (size_t)(2 * w->inputs + 1) * (size_t)resamples_of(w, g);
    if (!make_fit(&f)) return PL_MEMORY;
    fill(&f, s, w->groups.order + g->first);
    for (long i = 0; i < f.rows; i++) f.row[i] = i;
    pl_status status = solve(&f, ranks);
    for (int o = 0; status == PL_OK && o < g->count; o++)
        set_estimates(&f, &w->part->regression[w->groups.order[g->first + o]], o, ranks);
    if (status == PL_OK && is_resampled(w, g)) {
        double *found = pl_allocate((cells + 1) * sizeof *found);
        status = found ? resample(w, &f, g, ranks, found) : PL_MEMORY;
        pl_release(found);
    }
    free_fit(&f);
    return status;
}

static void set_missing(const work *w, const pl_sense_group *g) {
    const pl_interval none = {NAN, NAN, NAN};
    for (int o = g->first; o < g->first + g->count; o++) {
        pl_regression *r = &w->part->regression[w->groups.order[o]];
        for (int i = 0; i < w->inputs; i++) r->src[i] = r->pcc[i] = r->srrc[i] = r->prcc[i] = none;
        r->r_squared = r->rank_r_squared = none, r->adjusted = r->rank_adjusted = NAN;
    }
}

/* Two items for each group: on values and on ranks. */
static pl_status study_item(void *context, long item, int thread) {
    const work *w = context;
    const pl_sense_group *g = &w->groups.groups[item / 2];
    (void)thread;
    if (g->rows > w->inputs + 2) return study(w, g, item % 2);
    if (item % 2 == 0) set_missing(w, g);
    return PL_OK;
}

pl_status pl_sense_regress(pl_sense_part *part, int threads) {
    const pl_sense_sample *s = &part->sample;
    work w = {.part = part, .inputs = s->input_count};
    if (s->rows <= s->input_count + 2) {
        part->no_regression = "as many inputs as rows, or more: a regression explains everything";
        return PL_OK;
    }
    part->regression = PL_ARRAY(s->arena, s->output_count, pl_regression);
    for (int o = 0; o < s->output_count; o++) {
        pl_regression *r = &part->regression[o];
        r->src = PL_ARRAY(s->arena, s->input_count, pl_interval), r->pcc = PL_ARRAY(s->arena, s->input_count, pl_interval);
        r->srrc = PL_ARRAY(s->arena, s->input_count, pl_interval), r->prcc = PL_ARRAY(s->arena, s->input_count, pl_interval);
    }
    w.groups = pl_sense_groups_of(s);
    for (int k = 0; k < w.groups.count; k++) {
        const pl_sense_group *g = &w.groups.groups[k];
        for (int o = g->first; o < g->first + g->count; o++)
            part->regression[w.groups.order[o]].resampled = is_resampled(&w, g);
    }
    return pl_parallel_for(2L * w.groups.count, threads, study_item, &w);
}
