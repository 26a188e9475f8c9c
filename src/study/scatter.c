/* How observed values scatter about the model's: densities of errors, their most likely scale and correlation, and what is
 * left of a likelihood once both are integrated out.  See likelihood.h. */
#include <math.h>

#include "program/draws.h"
#include "program/math.h"
#include "study/likelihood.h"

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

/* An error in units in which its standard deviation is the scale; NaN where it cannot be. */
static double unit_error(pl_error_model error, double y, double m) {
    if (error == PL_ERRORS_NORMAL) return y - m;
    if (!(m > 0)) return NAN;
    return error == PL_ERRORS_RELATIVE ? (y - m) / m : pl_log(y) - pl_log(m);
}

/* The log of how those units stretch at a value. */
static double log_unit(pl_error_model error, double y, double m) {
    return error == PL_ERRORS_NORMAL ? 0 : error == PL_ERRORS_RELATIVE ? pl_log(m) : pl_log(y);
}

/* correlation^t */
static double correlation_over(double correlation, double t) {
    return correlation > 0 ? pl_exp(t * pl_log(correlation)) : 0;
}

/* The part of a fitted value's error that those before do not foretell, and its variance in units of the scale's. */
static double innovation(const pl_observed_series *series, const double *predicted, double correlation, int k,
                         double *variance) {
    pl_error_model error = series->of->error;
    double own = unit_error(error, series->data[k].value, predicted[k]);
    *variance = 1;
    if (!k || !(correlation > 0)) return own;
    double phi = correlation_over(correlation, series->data[k].time - series->data[k - 1].time);
    *variance = 1 - phi * phi;
    return own - phi * unit_error(error, series->data[k - 1].value, predicted[k - 1]);
}

static bool is_count(pl_error_model error) {
    return error == PL_ERRORS_POISSON || error == PL_ERRORS_NEGATIVE_BINOMIAL;
}

double pl_series_log_likelihood(const pl_observed_series *series, const double *predicted, pl_scatter scatter) {
    pl_error_model error = series->of->error;
    double sum = 0, variance;
    for (int k = 0; k < series->fitted; k++) {
        double y = series->data[k].value;
        if (is_count(error)) {
            sum += pl_error_log_density(error, y, predicted[k], scatter.scale);
            continue;
        }
        double e = innovation(series, predicted, scatter.correlation, k, &variance), sd = scatter.scale * pl_sqrt(variance);
        sum += isfinite(e) ? normal_log_density(e / sd, sd) - log_unit(error, y, predicted[k]) : -INFINITY;
    }
    return isnan(sum) ? -INFINITY : series->of->weight * sum;
}

/* ---- the best scatter ----------------------------------------------------------------------------------- */

typedef struct scatter_search {
    const pl_observed_series *series;
    const double *predicted;
    bool of_scale; /* what is searched: the log of the scale; else the correlation, each with its best scale */
} scatter_search;

/* The root of the mean square is the most likely scale. */
static double best_scale(const pl_observed_series *series, const double *predicted, double correlation) {
    double sum = 0, low = series->scale[0], high = series->scale[1], variance;
    for (int k = 0; k < series->fitted; k++) {
        double e = innovation(series, predicted, correlation, k, &variance);
        sum += e * e / variance;
    }
    double best = pl_sqrt(sum / series->fitted);
    return best > low ? (best < high ? best : high) : low;
}

static pl_scatter scatter_at(const scatter_search *search, double x) {
    if (search->of_scale) return (pl_scatter){pl_exp(x), 0};
    return (pl_scatter){best_scale(search->series, search->predicted, x), x};
}

static double value_at(const scatter_search *search, double x) {
    return pl_series_log_likelihood(search->series, search->predicted, scatter_at(search, x));
}

/* By golden section. */
static pl_scatter search_scatter(const scatter_search *search, double low, double high, double enough) {
    const double ratio = 0.61803398874989484820;
    double x[2] = {high - ratio * (high - low), low + ratio * (high - low)};
    double f[2] = {value_at(search, x[0]), value_at(search, x[1])};
    while (high - low > enough) {
        bool right = f[1] > f[0];
        if (right) low = x[0], x[0] = x[1], f[0] = f[1], x[1] = low + ratio * (high - low);
        else high = x[1], x[1] = x[0], f[1] = f[0], x[0] = high - ratio * (high - low);
        f[right] = value_at(search, x[right]);
    }
    return scatter_at(search, (low + high) / 2);
}

pl_scatter pl_series_best_scatter(const pl_observed_series *series, const double *predicted) {
    const double *rho = series->of->correlation;
    pl_scatter fixed = {series->scale[0], rho[0]};
    if (!series->fitted || series->of->error == PL_ERRORS_POISSON) return fixed;
    scatter_search search = {series, predicted, series->of->error == PL_ERRORS_NEGATIVE_BINOMIAL};
    if (search.of_scale)
        return series->scale[0] < series->scale[1]
                   ? search_scatter(&search, pl_log(series->scale[0]), pl_log(series->scale[1]), 1e-6) : fixed;
    if (rho[0] < rho[1]) return search_scatter(&search, rho[0], rho[1], 1e-5);
    return (pl_scatter){best_scale(series, predicted, rho[0]), rho[0]};
}

double pl_series_forecast(const pl_observed_series *series, const double *predicted, pl_scatter scatter, int k,
                          double *sd) {
    pl_error_model error = series->of->error;
    int last = series->fitted - 1;
    *sd = 1;
    if (last < 0 || is_count(error) || !(scatter.correlation > 0)) return predicted[k];
    double phi = correlation_over(scatter.correlation, series->data[k].time - series->data[last].time);
    double rest = phi * unit_error(error, series->data[last].value, predicted[last]);
    *sd = pl_sqrt(1 - phi * phi);
    if (!isfinite(rest)) return predicted[k];
    return error == PL_ERRORS_NORMAL     ? predicted[k] + rest
           : error == PL_ERRORS_RELATIVE ? predicted[k] * (1 + rest) : predicted[k] * pl_exp(rest);
}

/* ---- without the scatter -------------------------------------------------------------------------------- */

/* A grid over what is estimated of the scatter, fine enough for the number of values: cells of the scale's logarithm, which
 * is uniform, about where it is likely, by cells of the correlation. */
enum { MOST_CELLS = 96 };

typedef struct grid {
    int scales, correlations;
    double log_scale[MOST_CELLS], scale_width[MOST_CELLS]; /* [correlation] where the cells begin, and how wide one is */
    double log_weight[MOST_CELLS][MOST_CELLS]; /* [correlation][scale] log of likelihood x prior of a cell */
    double highest;
} grid;

static double correlation_cell(const double rho[2], int cell, int cells, double at) {
    return rho[0] + (rho[1] - rho[0]) * ((double)cell + at) / cells;
}

/* The cells of the scale where it is likely: six standard deviations, 1 / sqrt(2 n), about the best one. */
static void place_scales(const pl_observed_series *series, double best, grid *g, int c) {
    double low = pl_log(series->scale[0]), high = pl_log(series->scale[1]), reach = 6 / sqrt(2.0 * series->fitted);
    double from = fmax(low, pl_log(best) - reach), to = fmin(high, pl_log(best) + reach);
    bool wide = is_count(series->of->error) || series->fitted < 4;
    g->log_scale[c] = wide ? low : from, g->scale_width[c] = ((wide ? high : to) - g->log_scale[c]) / g->scales;
}

/* Of independent or correlated errors the likelihood at a correlation hangs on the scale by their sum of squares only. */
static void fill_row(const pl_observed_series *series, const double *predicted, double correlation, grid *g, int c) {
    double squares = 0, logs = 0, variance, n = series->fitted, range = pl_log(series->scale[1] / series->scale[0]);
    bool count = is_count(series->of->error), fixed = g->scales == 1;
    for (int k = 0; k < series->fitted && !count; k++) {
        double e = innovation(series, predicted, correlation, k, &variance);
        squares += e * e / variance;
        logs += 0.5 * pl_log(variance) + log_unit(series->of->error, series->data[k].value, predicted[k]) + log_root_two_pi;
    }
    double best = fmin(fmax(pl_sqrt(squares / n), series->scale[0]), series->scale[1]), weight = series->of->weight;
    if (fixed) g->log_scale[c] = pl_log(series->scale[0]), g->scale_width[c] = 0;
    else place_scales(series, count ? series->scale[0] : best, g, c);
    for (int k = 0; k < g->scales; k++) {
        double log_scale = g->log_scale[c] + (k + 0.5) * g->scale_width[c], scale = pl_exp(log_scale);
        double value = count ? pl_series_log_likelihood(series, predicted, (pl_scatter){scale, 0})
                             : weight * (-0.5 * squares / (scale * scale) - n * log_scale - logs);
        value += (fixed ? 0 : pl_log(g->scale_width[c] / range)) - pl_log(g->correlations);
        g->log_weight[c][k] = isfinite(value) ? value : -INFINITY;
        if (g->log_weight[c][k] > g->highest) g->highest = g->log_weight[c][k];
    }
}

static int cells_for(bool estimated, int values) {
    double cells = 10 + 1.5 * sqrt(values);
    return !estimated ? 1 : cells < MOST_CELLS ? (int)cells : MOST_CELLS;
}

static void fill_grid(const pl_observed_series *series, const double *predicted, grid *g) {
    const double *rho = series->of->correlation;
    g->scales = cells_for(series->scale[0] < series->scale[1], series->fitted);
    g->correlations = cells_for(rho[0] < rho[1], series->fitted);
    g->highest = -INFINITY;
    for (int c = 0; c < g->correlations; c++)
        fill_row(series, predicted, correlation_cell(rho, c, g->correlations, 0.5), g, c);
}

static double sum_grid(const grid *g) {
    double sum = 0;
    for (int c = 0; c < g->correlations; c++)
        for (int k = 0; k < g->scales; k++) sum += pl_exp(g->log_weight[c][k] - g->highest);
    return sum;
}

double pl_series_marginal(const pl_observed_series *series, const double *predicted) {
    grid g;
    const double *rho = series->of->correlation;
    if (!series->fitted || series->of->weight == 0) return 0;
    if (series->scale[0] == series->scale[1] && rho[0] == rho[1])
        return pl_series_log_likelihood(series, predicted, (pl_scatter){series->scale[0], rho[0]});
    fill_grid(series, predicted, &g);
    return isfinite(g.highest) ? g.highest + pl_log(sum_grid(&g)) : -INFINITY;
}

pl_scatter pl_series_draw_scatter(const pl_observed_series *series, const double *predicted, const double u[3]) {
    grid g;
    const double *rho = series->of->correlation;
    if (!series->fitted || series->of->weight == 0 || (series->scale[0] == series->scale[1] && rho[0] == rho[1]))
        return (pl_scatter){series->scale[0], rho[0]};
    fill_grid(series, predicted, &g);
    double target = u[0] * sum_grid(&g), sum = 0;
    int c = 0, k = 0;
    for (int cell = 0; cell < g.correlations * g.scales && (cell == 0 || sum < target); cell++) {
        c = cell / g.scales, k = cell % g.scales;
        sum += pl_exp(g.log_weight[c][k] - g.highest);
    }
    return (pl_scatter){pl_exp(g.log_scale[c] + (k + u[1]) * g.scale_width[c]),
                        correlation_cell(rho, c, g.correlations, u[2])};
}
