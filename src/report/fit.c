/* A fit: as tables to read, as JSON, and its futures as CSV. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/explore.h"
#include "report/json.h"
#include "study/fit.h"

static const char *name_of(const pl_fit *f, const pl_fit_parameter *p) {
    return f->situation->uncertainties[p->uncertainty].name;
}

/* ---- to read ---------------------------------------------------------------------------------------------- */

/* "value (low to high)", or "low to high" without a value. */
static void put_range(pl_text *out, const double *value, double low, double high, int digits, int width) {
    char a[PL_ROUNDED_ROOM], b[PL_ROUNDED_ROOM], c[PL_ROUNDED_ROOM], text[3 * PL_ROUNDED_ROOM + 16];
    int decimals = pl_rounding(fmax(fabs(low), fabs(high)), digits);
    if (value)
        snprintf(text, sizeof text, "%s (%s to %s)", pl_rounded(*value, decimals, a), pl_rounded(low, decimals, b),
                 pl_rounded(high, decimals, c));
    else
        snprintf(text, sizeof text, "%s to %s", pl_rounded(low, decimals, b), pl_rounded(high, decimals, c));
    pl_text_put(out, "  ");
    pl_text_right(out, isnan(low) ? "-" : text, width);
}

static void put_number(pl_text *out, double value, int digits, int width) {
    char text[PL_ROUNDED_ROOM];
    pl_text_put(out, "  ");
    pl_text_right(out, pl_rounded(value, pl_rounding(fabs(value), digits), text), width);
}

static int widest_name(const pl_fit *f) {
    int width = 9;
    for (int i = 0; i < f->parameter_count; i++) {
        int own = pl_text_width(name_of(f, &f->parameters[i]));
        if (own > width) width = own;
    }
    for (int i = 0; i < f->observations.count; i++) {
        int own = pl_text_width(f->series[i].data->of->name);
        if (own > width) width = own;
    }
    return width > 40 ? 40 : width;
}

static void put_head(pl_text *out, const pl_fit *f) {
    int fitted = 0, held = 0, with = 0;
    for (int i = 0; i < f->observations.count; i++) {
        fitted += f->series[i].data->fitted, held += f->series[i].held_out;
        with += f->series[i].data->fitted > 0;
    }
    pl_text_format(out, "%d value%s of %d series fitted by %d parameter%s; %d kept out", fitted, pl_plural(fitted), with,
                   f->parameter_count, pl_plural(f->parameter_count), held);
    if (!isnan(f->situation->fit.holdout)) pl_text_format(out, " from %g on", f->situation->fit.holdout);
    pl_text_format(out, "\nlog-likelihood %.2f; with the model's own constants %.2f\n\n", f->log_likelihood,
                   f->own_log_likelihood);
}

static void put_parameters(pl_text *out, const pl_fit *f, int width) {
    pl_text_left(out, "parameter", width);
    pl_text_format(out, "  %9s  %9s  %24s  %24s  %-14s\n", "own", "likeliest", "posterior (5 to 95 %)", "profile, 95 %",
                   "data");
    for (int i = 0; i < f->parameter_count; i++) {
        const pl_fit_parameter *p = &f->parameters[i];
        pl_text_left(out, name_of(f, p), width);
        put_number(out, p->own, 3, 9), put_number(out, p->best, 3, 9);
        put_range(out, &p->posterior[1], p->posterior[0], p->posterior[2], 3, 24);
        put_range(out, NULL, p->profile95[0], p->profile95[1], 3, 24);
        pl_text_format(out, "  %s\n",
                       p->identification < PL_IDENTIFIED_COUNT ? pl_identification_names[p->identification] : "-");
    }
    pl_text_put(out, "\n");
}

static void put_scatter(pl_text *out, const pl_fit_series *s, int which, double fixed, int width) {
    const double *x = s->scatter[which];
    if (s->estimated[which]) put_range(out, &x[1], x[0], x[2], which ? 2 : 3, width);
    else if (s->data->fitted && fixed > 0) put_number(out, fixed, 3, width);
    else pl_text_format(out, "  %*s", width, "-");
}

static void put_series(pl_text *out, const pl_fit *f, int width) {
    pl_text_left(out, "series", width);
    pl_text_format(out, "  %6s  %-17s  %24s  %20s  %9s  %9s  %6s\n", "values", "error", "scale (5 to 95 %)",
                   "correlation", "unfitted", "fitted", "lag 1");
    for (int i = 0; i < f->observations.count; i++) {
        const pl_fit_series *s = &f->series[i];
        pl_text_left(out, s->data->of->name, width);
        pl_text_format(out, "  %6d  %-17s", s->data->fitted, pl_error_model_names[s->data->of->error]);
        put_scatter(out, s, 0, s->best.scale, 24);
        put_scatter(out, s, 1, s->best.correlation, 20);
        put_number(out, s->fitted_error[0], 3, 9), put_number(out, s->fitted_error[1], 3, 9);
        put_number(out, s->autocorrelation, 2, 6);
        pl_text_put(out, "\n");
    }
    pl_text_put(out, "Correlation: of errors one unit of time apart. Unfitted, fitted: root mean square error over the fitted "
                     "values.\nLag 1: the correlation of errors from one value to the next.\n\n");
}

static bool is_lowest(const pl_fit_series *s, int forecast) {
    for (int k = 0; k < PL_FORECAST_COUNT; k++)
        if (s->error[k] < s->error[forecast]) return false;
    return !isnan(s->error[forecast]);
}

static void put_holdout(pl_text *out, const pl_fit *f, int width) {
    int held = 0, better = 0, compared = 0;
    for (int i = 0; i < f->observations.count; i++) held += f->series[i].held_out;
    if (!held) return;
    pl_text_left(out, "kept out", width);
    pl_text_format(out, "  %6s", "values");
    for (int k = 0; k < PL_FORECAST_COUNT; k++) pl_text_format(out, "  %11s", pl_forecast_names[k]);
    pl_text_format(out, "  %9s\n", "within");
    for (int i = 0; i < f->observations.count; i++) {
        const pl_fit_series *s = &f->series[i];
        if (!s->held_out) continue;
        pl_text_left(out, s->data->of->name, width);
        pl_text_format(out, "  %6d", s->held_out);
        for (int k = 0; k < PL_FORECAST_COUNT; k++) {
            char text[PL_ROUNDED_ROOM], marked[PL_ROUNDED_ROOM + 2];
            snprintf(marked, sizeof marked, "%s%s", pl_rounded(s->error[k], pl_rounding(fabs(s->error[k]), 3), text),
                     is_lowest(s, k) ? "*" : " ");
            pl_text_put(out, "  ");
            pl_text_right(out, marked, 11);
        }
        pl_text_format(out, "  %4d of %d\n", s->covered, s->held_out);
        compared++, better += s->error[PL_FORECAST_FITTED] < s->error[PL_FORECAST_UNFITTED];
    }
    pl_text_put(out, "Root mean square errors, * the lowest; within: values in the 90 % interval of what was to be observed.\n");
    pl_text_format(out, "The fitted model is nearer than the unfitted one on %d of %d series.\n\n", better, compared);
}

/* Of whole futures, which vary in all that is uncertain, beside single forecasts. */
static void put_scores(pl_text *out, const pl_fit *f, int width) {
    int better = 0, compared = 0;
    for (int i = 0; i < f->observations.count; i++) compared += f->series[i].held_out > 0;
    if (!compared) return;
    pl_text_left(out, "futures", width);
    pl_text_format(out, "  %6s  %11s  %11s  %11s  %11s  %11s\n", "values", "fitted", "prior", "unfitted", "last value", "trend");
    for (int i = 0; i < f->observations.count; i++) {
        const pl_fit_series *s = &f->series[i];
        if (!s->held_out) continue;
        pl_text_left(out, s->data->of->name, width);
        pl_text_format(out, "  %6d", s->held_out);
        put_number(out, s->score[1], 3, 11), put_number(out, s->score[0], 3, 11);
        put_number(out, s->absolute[PL_FORECAST_UNFITTED], 3, 11), put_number(out, s->absolute[PL_FORECAST_LAST], 3, 11);
        put_number(out, s->absolute[PL_FORECAST_TREND], 3, 11);
        pl_text_put(out, "\n");
        better += s->score[1] < s->score[0];
    }
    pl_text_format(out, "Continuous ranked probability scores of the futures with and without the fit, each with all that is "
                        "uncertain; of a\nsingle forecast its mean absolute error. Fitted futures do better than those of the "
                        "priors on %d of %d series.\n\n", better, compared);
}

static void put_names(pl_text *out, const char *before, const char *const *names, int count) {
    if (!count) return;
    pl_text_put(out, before);
    int at = pl_text_width(before);
    for (int i = 0; i < count; i++) {
        int width = pl_text_width(names[i]) + 2;
        if (at + width > 110) pl_text_put(out, "\n  "), at = 2;
        pl_text_format(out, "%s%s", names[i], i + 1 < count ? ", " : "\n");
        at += width;
    }
}

static void put_open(pl_text *out, const pl_fit *f) {
    const char *names[4096];
    int count = 0;
    for (int i = 0; i < f->parameter_count && count < 4096; i++)
        if (f->parameters[i].identification == PL_IDENTIFIED_NONE) names[count++] = name_of(f, &f->parameters[i]);
    put_names(out, "The data do not identify: ", names, count);
    count = 0;
    for (int i = 0; i < f->reached_count && count < 4096; i++) names[count++] = f->situation->uncertainties[f->reached[i]].name;
    put_names(out, "The data reach, but the fit leaves alone: ", names, count);
}

typedef struct worst {
    double rhat, size;
    const char *name;
} worst;

static worst find_worst(const pl_fit *f) {
    worst w = {0, INFINITY, ""};
    for (int i = 0; i < f->parameter_count; i++) {
        const pl_convergence *c = &f->parameters[i].convergence;
        if (c->rhat > w.rhat) w.rhat = c->rhat, w.name = name_of(f, &f->parameters[i]);
        w.size = fmin(w.size, fmin(c->bulk, c->tail));
    }
    return w;
}

static void put_tail(pl_text *out, const pl_fit *f, const char *file) {
    worst w = find_worst(f);
    pl_text_format(out, "%s: %d chains of %ld steps, R-hat at most %.3f (%s), effective sample size at least %.0f, %.0f %% of "
                        "steps taken; %ld runs\n",
                   f->sampled.converged ? "converged" : "NOT CONVERGED", f->sampled.chains, f->sampled.steps, w.rhat, w.name,
                   w.size, 100 * f->sampled.acceptance, f->runs);
    if (file) pl_text_format(out, "%ld fitted futures in %s\n", f->futures, file);
}

static pl_status print_text(const pl_fit *f, const char *file, char **text, size_t *length) {
    pl_text out = {0};
    int width = widest_name(f);
    put_head(&out, f);
    put_parameters(&out, f, width);
    put_series(&out, f, width);
    put_holdout(&out, f, width);
    put_scores(&out, f, width);
    put_open(&out, f);
    put_tail(&out, f, file);
    return pl_text_finish(&out, text, length);
}

/* ---- JSON ------------------------------------------------------------------------------------------------- */

static json_t *numbers(const double *x, int count) {
    json_t *list = json_array();
    for (int i = 0; i < count; i++) pl_json_append(&list, pl_json_number(x[i]));
    return list;
}

static void set_convergence(json_t **object, const pl_convergence *c) {
    pl_json_set(object, "rhat", pl_json_number(c->rhat));
    pl_json_set(object, "ess_bulk", pl_json_number(c->bulk));
    pl_json_set(object, "ess_tail", pl_json_number(c->tail));
}

static json_t *parameter_json(const pl_fit *f, const pl_fit_parameter *p) {
    json_t *o = json_object();
    pl_json_set(&o, "name", pl_json_text(name_of(f, p)));
    pl_json_set(&o, "range", numbers(p->range, 2));
    pl_json_set(&o, "prior", numbers(p->prior, 3));
    pl_json_set(&o, "own", pl_json_number(p->own));
    pl_json_set(&o, "likeliest", pl_json_number(p->best));
    pl_json_set(&o, "posterior", numbers(p->posterior, 3));
    pl_json_set(&o, "profile_90", numbers(p->profile90, 2));
    pl_json_set(&o, "profile_95", numbers(p->profile95, 2));
    pl_json_set(&o, "identification",
                p->identification < PL_IDENTIFIED_COUNT ? pl_json_text(pl_identification_names[p->identification]) : json_null());
    set_convergence(&o, &p->convergence);
    return o;
}

static json_t *points_json(const pl_fit_series *s) {
    json_t *list = json_array();
    for (int k = 0; k < s->data->count; k++) {
        const pl_fit_point *p = &s->points[k];
        json_t *o = json_object();
        pl_json_set(&o, "time", pl_json_number(s->data->data[k].time));
        pl_json_set(&o, "observed", pl_json_number(s->data->data[k].value));
        pl_json_set(&o, "held_out", json_boolean(s->data->data[k].held_out));
        pl_json_set(&o, "unfitted", pl_json_number(p->own));
        pl_json_set(&o, "likeliest", pl_json_number(p->best));
        pl_json_set(&o, "prior", pl_json_number(p->prior));
        pl_json_set(&o, "posterior", numbers(p->posterior, 3));
        pl_json_set(&o, "forecast", pl_json_number(p->forecast));
        pl_json_set(&o, "predicted", numbers(p->predicted, 2));
        pl_json_append(&list, o);
    }
    return list;
}

static json_t *errors_json(const double errors[PL_FORECAST_COUNT]) {
    static const char *const keys[] = {"fitted", "model", "unfitted", "prior", "last_value", "trend"};
    json_t *o = json_object();
    for (int k = 0; k < PL_FORECAST_COUNT; k++) pl_json_set(&o, keys[k], pl_json_number(errors[k]));
    return o;
}

/* {"likeliest", "posterior"} of what is estimated; the number of what is fixed. */
static json_t *scatter_json(const pl_fit_series *s, int which, double likeliest) {
    if (!s->estimated[which]) return pl_json_number(likeliest);
    json_t *o = json_object();
    pl_json_set(&o, "likeliest", pl_json_number(likeliest));
    pl_json_set(&o, "posterior", numbers(s->scatter[which], 3));
    return o;
}

static json_t *series_json(const pl_fit_series *s) {
    json_t *o = json_object();
    pl_json_set(&o, "variable", pl_json_text(s->data->of->name));
    pl_json_set(&o, "error", pl_json_text(pl_error_model_names[s->data->of->error]));
    pl_json_set(&o, "weight", pl_json_number(s->data->of->weight));
    pl_json_set(&o, "values", json_integer(s->data->fitted));
    pl_json_set(&o, "scale", scatter_json(s, 0, s->best.scale));
    pl_json_set(&o, "correlation", scatter_json(s, 1, s->best.correlation));
    pl_json_set(&o, "unfitted_rmse", pl_json_number(s->fitted_error[0]));
    pl_json_set(&o, "fitted_rmse", pl_json_number(s->fitted_error[1]));
    pl_json_set(&o, "autocorrelation", pl_json_number(s->autocorrelation));
    if (s->held_out) {
        json_t *held = json_object();
        pl_json_set(&held, "values", json_integer(s->held_out));
        pl_json_set(&held, "within", json_integer(s->covered));
        pl_json_set(&held, "rmse", errors_json(s->error));
        pl_json_set(&held, "mae", errors_json(s->absolute));
        json_t *scores = json_object();
        pl_json_set(&scores, "fitted", pl_json_number(s->score[1]));
        pl_json_set(&scores, "prior", pl_json_number(s->score[0]));
        pl_json_set(&held, "crps", scores);
        pl_json_set(&o, "holdout", held);
    }
    pl_json_set(&o, "points", points_json(s));
    return o;
}

static json_t *sample_json(const pl_fit *f) {
    json_t *o = json_object();
    worst w = find_worst(f);
    pl_json_set(&o, "converged", json_boolean(f->sampled.converged));
    pl_json_set(&o, "chains", json_integer(f->sampled.chains));
    pl_json_set(&o, "steps", json_integer(f->sampled.steps));
    pl_json_set(&o, "acceptance", pl_json_number(f->sampled.acceptance));
    pl_json_set(&o, "rhat", pl_json_number(w.rhat));
    pl_json_set(&o, "ess", pl_json_number(w.size));
    return o;
}

static pl_status print_json(const pl_fit *f, const char *file, char **text, size_t *length) {
    json_t *o = json_object(), *parameters = json_array(), *series = json_array(), *reached = json_array();
    for (int i = 0; i < f->parameter_count; i++) pl_json_append(&parameters, parameter_json(f, &f->parameters[i]));
    for (int i = 0; i < f->observations.count; i++) pl_json_append(&series, series_json(&f->series[i]));
    for (int i = 0; i < f->reached_count; i++)
        pl_json_append(&reached, pl_json_text(f->situation->uncertainties[f->reached[i]].name));
    pl_json_set(&o, "parameters", parameters);
    pl_json_set(&o, "series", series);
    pl_json_set(&o, "log_likelihood", pl_json_number(f->log_likelihood));
    pl_json_set(&o, "unfitted_log_likelihood", pl_json_number(f->own_log_likelihood));
    pl_json_set(&o, "holdout", pl_json_number(f->situation->fit.holdout));
    pl_json_set(&o, "sample", sample_json(f));
    pl_json_set(&o, "not_fitted", reached);
    pl_json_set(&o, "runs", json_integer(f->runs));
    pl_json_set(&o, "futures", json_integer(f->futures));
    pl_json_set(&o, "file", file ? pl_json_text(file) : json_null());
    return pl_json_finish(o, text, length);
}

pl_status pl_fit_print(const pl_fit *fit, const char *file, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) return print_json(fit, file, text, length);
    return format == PL_FORMAT_TEXT ? print_text(fit, file, text, length) : PL_UNSUPPORTED;
}

/* ---- futures ---------------------------------------------------------------------------------------------- */

/* What is fitted, for whoever reads the file; readers of futures skip it. */
static void put_comment(pl_text *out, const pl_fit *f) {
    pl_text_put(out, "# fitted:");
    for (int i = 0; i < f->parameter_count; i++) pl_text_format(out, "%s %s", i ? ";" : "", name_of(f, &f->parameters[i]));
    char source[65];
    pl_situation_source(f->situation, source);
    pl_text_format(out, "\n# seed %llu, %s\n%s%s\n", (unsigned long long)f->seed,
                   f->sampled.converged ? "converged" : "not converged", PL_GIVEN_SOURCE, source);
}

pl_status pl_fit_print_futures(const pl_fit *f, char **text, size_t *length) {
    const pl_situation *s = f->situation;
    pl_text out = {0};
    pl_design design = pl_fit_design(f);
    double values[s->uncertainty_count + 1];
    put_comment(&out, f);
    for (int u = 0; u < s->uncertainty_count + s->weight_count; u++) {
        if (u) pl_text_put(&out, ",");
        pl_text_csv(&out, u < s->uncertainty_count ? s->uncertainties[u].name : s->weights[u - s->uncertainty_count].name);
    }
    pl_text_put(&out, "\n");
    for (long n = 0; n < f->futures; n++) {
        pl_fit_future(f, &design, n, true, values);
        for (int u = 0; u < s->uncertainty_count; u++) {
            if (u) pl_text_put(&out, ",");
            pl_text_number(&out, values[u]);
        }
        for (int k = 0; k < s->weight_count; k++) {
            const pl_drawn_weight *weight = &s->weights[k];
            pl_text_put(&out, ",");
            pl_text_number(&out, pl_design_weight(&design, &s->actors[weight->actor].wants[weight->want], n));
        }
        pl_text_put(&out, "\n");
    }
    return pl_text_finish(&out, text, length);
}
