/* A run at a glance, to read in a terminal: each variable that changes, its first and last, lowest and highest value, and a
 * sparkline where the terminal can draw one.  All values are in the CSV. */
#include <math.h>
#include <stdio.h>

#include "program/tape.h"
#include "report/sparkline.h"
#include "parley.h"

enum { WIDEST_NAME = 28, DIGITS = 4, FIELDS = 4 };

typedef struct glance {
    double value[FIELDS]; /* first, last, lowest, highest */
    bool changes;
} glance;

static bool is_known(double value) { return isfinite(value) && value != PL_NOT_AVAILABLE; }

static glance look(const double *values, int rows) {
    glance g = {{NAN, NAN, NAN, NAN}, false};
    for (int i = 0; i < rows; i++) {
        g.changes = g.changes || (values[i] != values[0] && !(isnan(values[i]) && isnan(values[0])));
        if (!is_known(values[i])) continue;
        if (isnan(g.value[0])) g.value[0] = g.value[2] = g.value[3] = values[i];
        g.value[1] = values[i];
        g.value[2] = fmin(g.value[2], values[i]), g.value[3] = fmax(g.value[3], values[i]);
    }
    return g;
}

static void put_line(pl_text *out, const pl_series *series, int column, const glance *g, bool drawn) {
    char number[PL_ROUNDED_ROOM];
    double largest = isnan(g->value[2]) ? 0 : fmax(fabs(g->value[2]), fabs(g->value[3]));
    int decimals = pl_rounding(largest, DIGITS);
    pl_text_cut_left(out, pl_series_name(series, column), WIDEST_NAME);
    for (int field = 0; field < FIELDS; field++) {
        pl_text_put(out, " ");
        pl_text_right(out, pl_rounded(g->value[field], decimals, number), 11);
        if (field || !drawn) continue;
        pl_text_put(out, "  ");
        pl_spark_series(out, pl_series_values(series, column), pl_series_rows(series), PL_SPARK_SERIES);
    }
    pl_text_put(out, "\n");
}

pl_status pl_series_show(const pl_series *series, int drawn, char **text, size_t *length) {
    int rows = pl_series_rows(series), steady = 0;
    const double *times = pl_series_times(series);
    pl_text out = {0};
    if (rows) pl_text_format(&out, "%d saved times from %.10g to %.10g\n\n", rows, times[0], times[rows - 1]);
    pl_text_format(&out, "%-*s %11s", WIDEST_NAME, "variable", "first");
    if (drawn) pl_text_format(&out, "  %-*s", PL_SPARK_SERIES, "over time");
    pl_text_format(&out, " %11s %11s %11s\n", "last", "lowest", "highest");
    for (int column = 0; column < pl_series_columns(series); column++) {
        glance g = look(pl_series_values(series, column), rows);
        if (g.changes) put_line(&out, series, column, &g, drawn);
        else steady++;
    }
    if (steady) pl_text_format(&out, "\n%d more %s not change.", steady, steady == 1 ? "does" : "do");
    pl_text_put(&out, "\nRounded here; --output - prints all values as CSV.\n");
    return pl_text_finish(&out, text, length);
}
