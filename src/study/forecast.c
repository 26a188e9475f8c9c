/* How forecasts do on values that were kept out of a fit, the simple ones too.  See fit.h. */
#include <math.h>

#include "study/fit.h"

const char *const pl_forecast_names[] = {
#define X(id, name, text) name,
    PL_FORECASTS(X)
#undef X
};

typedef struct line {
    double mean, slope, middle; /* value = mean + slope x (time - middle) */
} line;

/* By least squares; NaN under two values. */
static line fit_line(const pl_observed_series *data) {
    line l = {0};
    double squares = 0, products = 0, n = data->fitted;
    for (int k = 0; k < data->fitted; k++) l.middle += data->data[k].time / n, l.mean += data->data[k].value / n;
    for (int k = 0; k < data->fitted; k++) {
        double t = data->data[k].time - l.middle;
        squares += t * t, products += t * data->data[k].value;
    }
    l.slope = data->fitted > 1 ? products / squares : (double)NAN;
    return l;
}

static double forecast(const pl_fit_series *s, pl_forecast kind, const line *trend, int k) {
    const pl_observed_series *data = s->data;
    switch (kind) {
    case PL_FORECAST_FITTED: return s->points[k].forecast;
    case PL_FORECAST_MODEL: return s->points[k].posterior[1];
    case PL_FORECAST_UNFITTED: return s->points[k].own;
    case PL_FORECAST_PRIOR: return s->points[k].prior;
    case PL_FORECAST_LAST: return data->fitted ? data->data[data->fitted - 1].value : (double)NAN;
    default: return trend->mean + trend->slope * (data->data[k].time - trend->middle);
    }
}

static double root_mean_square(const pl_fit_series *s, pl_forecast kind, int from, int to, double *absolute) {
    line trend = fit_line(s->data);
    double squares = 0, sizes = 0, n = to - from;
    for (int k = from; k < to; k++) {
        double e = forecast(s, kind, &trend, k) - s->data->data[k].value;
        squares += e * e, sizes += fabs(e);
    }
    if (absolute) *absolute = n > 0 ? sizes / n : (double)NAN;
    return n > 0 ? sqrt(squares / n) : (double)NAN;
}

/* Of the errors that are left, from one fitted value to the next. */
static double autocorrelation(const pl_fit_series *s) {
    int n = s->data->fitted;
    double mean = 0, squares = 0, products = 0, before = 0;
    for (int k = 0; k < n; k++) mean += (s->points[k].posterior[1] - s->data->data[k].value) / n;
    for (int k = 0; k < n; k++) {
        double e = s->points[k].posterior[1] - s->data->data[k].value - mean;
        squares += e * e;
        if (k) products += e * before;
        before = e;
    }
    return n >= 4 && squares > 0 ? products / squares : (double)NAN;
}

void pl_fit_judge(pl_fit_series *s) {
    const pl_observed_series *data = s->data;
    s->fitted_error[0] = root_mean_square(s, PL_FORECAST_UNFITTED, 0, data->fitted, NULL);
    s->fitted_error[1] = root_mean_square(s, PL_FORECAST_MODEL, 0, data->fitted, NULL);
    s->autocorrelation = autocorrelation(s);
    s->held_out = data->count - data->fitted;
    for (int k = data->fitted; k < data->count; k++)
        s->covered += data->data[k].value >= s->points[k].predicted[0] && data->data[k].value <= s->points[k].predicted[1];
    for (int f = 0; f < PL_FORECAST_COUNT; f++)
        s->error[f] = root_mean_square(s, (pl_forecast)f, data->fitted, data->count, &s->absolute[f]);
}
