/* See observations.h. */
#include "study/observations.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "model/import.h"

enum { MOST_VALUES = 100000 };

typedef struct columns {
    pl_csv csv;
    int times, values;
} columns;

static pl_status refuse_field(const columns *c, const pl_csv_field *field, const char *what, pl_error *error) {
    return pl_error_at(error, PL_INVALID, pl_csv_place(&c->csv, field), "%s, not '%.40s'", what, field->text);
}

/* ---- columns -------------------------------------------------------------------------------------------- */

static int find_first(const pl_csv *csv, const char *a, const char *b) {
    int column = pl_csv_column(csv, a);
    return column < 0 ? pl_csv_column(csv, b) : column;
}

static pl_status find_columns(columns *c, const pl_observed *of, pl_error *error) {
    const pl_csv *csv = &c->csv;
    pl_place head = pl_csv_place(csv, pl_csv_at(csv, -1, 0));
    c->times = of->times ? pl_csv_column(csv, of->times) : find_first(csv, "time", "year");
    c->values = pl_csv_column(csv, of->column);
    if (c->times < 0 && of->times)
        return pl_error_at(error, PL_INVALID, head, "there is no column '%.60s' for the times", of->times);
    if (c->times < 0) return pl_error_at(error, PL_INVALID, head, "a file of data needs a column 'time' or 'year'");
    if (c->values < 0)
        return pl_error_at(error, PL_INVALID, head, "there is no column '%.60s' for the values of '%.80s'", of->column,
                           of->name);
    return PL_OK;
}

static const char *first_text(const pl_csv *csv, const char *a, const char *b) {
    int column = find_first(csv, a, b);
    for (int row = 0; column >= 0 && row < csv->rows; row++)
        if (*pl_csv_at(csv, row, column)->text) return pl_csv_at(csv, row, column)->text;
    return "";
}

/* ---- values --------------------------------------------------------------------------------------------- */

static pl_status check_value(const columns *c, const pl_csv_field *field, pl_error_model kind, double value,
                             pl_error *error) {
    if ((kind == PL_ERRORS_LOGNORMAL || kind == PL_ERRORS_RELATIVE) && !(value > 0))
        return refuse_field(c, field, "with this error a value is above 0", error);
    bool counts = kind == PL_ERRORS_POISSON || kind == PL_ERRORS_NEGATIVE_BINOMIAL;
    if (counts && !(value >= 0 && value <= 1e15 && value == floor(value)))
        return refuse_field(c, field, "with this error a value is a count: a whole number from 0 up", error);
    return PL_OK;
}

/* An empty value is none. */
static pl_status read_row(const columns *c, int row, const pl_observed *of, double holdout, pl_observed_series *series,
                          pl_error *error) {
    const pl_csv_field *at = pl_csv_at(&c->csv, row, c->times), *field = pl_csv_at(&c->csv, row, c->values);
    pl_datum d = {.line = at->line};
    if (!pl_csv_number(at, &d.time) || !isfinite(d.time)) return refuse_field(c, at, "expected a time as a number", error);
    if (d.time < of->from || d.time > of->to || !*field->text) return PL_OK;
    if (!pl_csv_number(field, &d.value) || !isfinite(d.value)) return refuse_field(c, field, "expected a number", error);
    pl_status status = check_value(c, field, of->error, d.value, error);
    if (status != PL_OK) return status;
    d.held_out = d.time >= (isnan(of->holdout) ? holdout : of->holdout);
    series->data[series->count++] = d;
    return PL_OK;
}

static int by_time(const void *a, const void *b) {
    const pl_datum *x = a, *y = b;
    return x->time < y->time ? -1 : x->time > y->time ? 1 : x->line - y->line;
}

static pl_status sort_values(const columns *c, pl_observed_series *series, pl_error *error) {
    qsort(series->data, (size_t)series->count, sizeof *series->data, by_time);
    for (int i = 0; i < series->count; i++) {
        series->fitted += !series->data[i].held_out;
        if (!i || series->data[i].time != series->data[i - 1].time) continue;
        pl_csv_field field = {"", series->data[i].line, 1};
        return pl_error_at(error, PL_INVALID, pl_csv_place(&c->csv, &field), "a second value of the time %g",
                           series->data[i].time);
    }
    return PL_OK;
}

/* ---- the scale of errors -------------------------------------------------------------------------------- */

/* The spread of the values that are fitted: their standard deviation, or where they do not vary a tenth of their
 * size. */
static double spread_of(const pl_observed_series *series) {
    double sum = 0, squares = 0, n = series->fitted;
    for (int i = 0; i < series->fitted; i++) sum += series->data[i].value;
    double mean = n > 0 ? sum / n : 0;
    for (int i = 0; i < series->fitted; i++) squares += (series->data[i].value - mean) * (series->data[i].value - mean);
    double spread = n > 1 ? sqrt(squares / (n - 1)) : 0;
    return spread > 0 ? spread : mean != 0 ? fabs(mean) / 10 : 1;
}

/* Where no range is given: from a hundredth to twice the spread of the values, or of the value itself. */
static void set_scale(pl_observed_series *series) {
    const pl_observed *of = series->of;
    double unit = of->error == PL_ERRORS_NORMAL ? spread_of(series) : 1;
    series->scale[0] = isnan(of->scale[0]) ? unit / 100 : of->scale[0];
    series->scale[1] = isnan(of->scale[1]) ? unit * 2 : of->scale[1];
    if (of->error == PL_ERRORS_NEGATIVE_BINOMIAL && isnan(of->scale[0])) series->scale[0] = 1e-6, series->scale[1] = 10;
    if (of->error == PL_ERRORS_POISSON) series->scale[0] = series->scale[1] = 0;
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

pl_status pl_observed_series_read(const pl_observed *of, double holdout, const char *text, size_t length,
                                  const char *file, pl_arena *arena, pl_observed_series *series, pl_error *error) {
    columns c;
    *series = (pl_observed_series){.of = of, .path = file, .units = "", .source = ""};
    pl_status status = pl_csv_read(arena, text, length, file, &c.csv, error);
    if (status == PL_OK) status = find_columns(&c, of, error);
    if (status != PL_OK) return status;
    if (c.csv.rows > MOST_VALUES)
        return pl_error_set(error, PL_UNSUPPORTED, file, 0, 0, "a file of data has at most %d rows", MOST_VALUES);
    series->units = first_text(&c.csv, "unit", "units"), series->source = first_text(&c.csv, "source", "source");
    series->data = PL_ARRAY(arena, c.csv.rows + 1, pl_datum);
    for (int row = 0; status == PL_OK && row < c.csv.rows; row++) status = read_row(&c, row, of, holdout, series, error);
    if (status == PL_OK) status = sort_values(&c, series, error);
    if (status == PL_OK && !series->count)
        status = pl_error_at(error, PL_INVALID, pl_csv_place(&c.csv, pl_csv_at(&c.csv, -1, 0)),
                             "no value of '%.80s' lies within 'from' and 'to'", of->name);
    if (status == PL_OK) set_scale(series);
    return status;
}

pl_status pl_observations_read(const pl_situation *s, pl_arena *arena, pl_observations *observations, pl_error *error) {
    *observations = (pl_observations){.series = PL_ARRAY(arena, s->observed_count + 1, pl_observed_series)};
    if (!s->observed_count) return pl_error_set(error, PL_NO_DATA, s->file, 0, 0, "the situation has no 'data' to fit to");
    for (int i = 0; i < s->observed_count; i++) {
        size_t room = strlen(s->folder) + strlen(s->observed[i].file) + 2, length;
        char *path = pl_arena_take(arena, room);
        snprintf(path, room, "%s/%s", s->folder, s->observed[i].file);
        pl_status status = pl_reader_file(path, &observations->text, &length, error);
        if (status != PL_OK) return status;
        const char *kept = pl_arena_text(arena, observations->text, length);
        pl_release(observations->text), observations->text = NULL;
        status = pl_observed_series_read(&s->observed[i], s->fit.holdout, kept, length, path, arena,
                                         &observations->series[observations->count++], error);
        if (status != PL_OK) return status;
    }
    return PL_OK;
}
