/* The table of profiles x measures: to read at 100 columns, as CSV (one row per profile and measure), and as JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "report/measures.h"
#include "report/sparkline.h"
#include "study/statistics.h"
#include "study/table.h"

static const pl_measure *measure_of(const pl_comparison *c, int column) {
    return &c->ensemble->situation->measures[column];
}

/* ---- to read ------------------------------------------------------------------------------------------ */

enum { LINE_WIDTH = 100, WIDEST_NAME = 30, NARROWEST_NAME = 14, VALUES_DIGITS = 4, DIFFERENCE_DIGITS = 3 };

static double larger(double a, double b) { return fabs(b) > a ? fabs(b) : a; }

static double largest_bound(const pl_spread *s) { return larger(larger(0, s->low), s->high); }

/* Decimals for the values and the differences of a measure, from the largest median; where all of them are 0, from the
 * largest bound of a range. */
static void find_decimals(const pl_comparison *c, int column, int *values, int *differences) {
    double value = 0, difference = 0, value_bound = 0, difference_bound = 0;
    for (int row = 0; row < c->rows; row++) {
        const pl_cell *cell = pl_comparison_cell(c, row, column);
        value = larger(value, cell->value.median.estimate);
        difference = larger(difference, cell->difference.median.estimate);
        value_bound = larger(value_bound, largest_bound(&cell->value));
        difference_bound = larger(difference_bound, largest_bound(&cell->difference));
    }
    *values = pl_rounding(value > 0 ? value : value_bound, VALUES_DIGITS);
    *differences = pl_rounding(difference > 0 ? difference : difference_bound, DIFFERENCE_DIGITS);
}

static void put_range(pl_text *out, double low, double high, int decimals) {
    char number[PL_ROUNDED_ROOM];
    pl_text_put(out, pl_rounded(low, decimals, number));
    pl_text_put(out, " to ");
    pl_text_put(out, pl_rounded(high, decimals, number));
}

/* The four columns behind a profile's name, each as its own text. */
enum { MEDIAN, RANGE, DIFFERENCE, DIFFERENCE_RANGE, FIELDS };

static void put_field(pl_text *out, const pl_comparison *c, int row, int column, int field, const int decimals[2]) {
    const pl_cell *cell = pl_comparison_cell(c, row, column);
    char number[PL_ROUNDED_ROOM];
    if (field == MEDIAN) {
        pl_text_put(out, pl_rounded(cell->value.median.estimate, decimals[0], number));
    } else if (field == RANGE) {
        put_range(out, cell->value.low, cell->value.high, decimals[0]);
    } else if (row == c->base_row) {
        pl_text_put(out, field == DIFFERENCE ? "(the base)" : "");
    } else if (field == DIFFERENCE) {
        pl_text_put(out, pl_rounded(cell->difference.median.estimate, decimals[1], number));
        pl_text_put(out, " (");
        if (isnan(cell->difference.median.low)) pl_text_put(out, "n/a");
        else put_range(out, cell->difference.median.low, cell->difference.median.high, decimals[1]);
        pl_text_put(out, ")");
    } else {
        put_range(out, cell->difference.low, cell->difference.high, decimals[1]);
    }
}

static const char *const field_heads[FIELDS] = {"median", "5-95 % of futures", "difference (95 % interval)",
                                                "5-95 % of futures"};

/* One field as a string in a buffer, for measuring and for printing. */
static const char *field_text(const pl_comparison *c, int row, int column, int field, const int decimals[2],
                              char out[PL_NAME_ROOM]) {
    pl_text text = {0};
    put_field(&text, c, row, column, field, decimals);
    snprintf(out, PL_NAME_ROOM, "%s", text.data ? text.data : "");
    pl_release(text.data);
    return out;
}

/* What the line leaves for names. */
static int name_width(const int widths[FIELDS]) {
    int left = LINE_WIDTH - 2;
    for (int field = 0; field < FIELDS; field++) left -= widths[field] + 2;
    return left > WIDEST_NAME ? WIDEST_NAME : left < NARROWEST_NAME ? NARROWEST_NAME : left;
}

/* From the lowest 5 % to the highest 95 % quantile of all rows: all of a measure are drawn on one scale. */
static void find_scale(const pl_comparison *c, int column, double scale[2]) {
    scale[0] = INFINITY, scale[1] = -INFINITY;
    for (int row = 0; row < c->rows; row++) {
        const pl_spread *value = &pl_comparison_cell(c, row, column)->value;
        scale[0] = fmin(scale[0], value->low), scale[1] = fmax(scale[1], value->high);
    }
}

/* scale NULL: nothing is drawn. */
static void put_line(pl_text *out, const pl_comparison *c, int row, int column, const int widths[FIELDS],
                     const int decimals[2], const double *scale) {
    char text[PL_NAME_ROOM];
    pl_text_put(out, "  ");
    pl_text_cut_left(out, pl_comparison_row_name(c, row, PL_EN, text), name_width(widths));
    for (int field = 0; field < FIELDS; field++) {
        pl_text_put(out, "  ");
        pl_text_right(out, field_text(c, row, column, field, decimals, text), widths[field]);
        if (field != MEDIAN || !scale) continue;
        pl_text_put(out, "  ");
        pl_spark_histogram(out, pl_ensemble_measure(c->ensemble, column, c->profile[row]), c->ensemble->futures, scale[0],
                           scale[1], PL_SPARK_BINS);
    }
    long missing = pl_comparison_cell(c, row, column)->missing;
    if (missing) pl_text_format(out, "  %ld missing", missing);
    while (out->length && out->data[out->length - 1] == ' ') out->length--;
    pl_text_put(out, "\n");
}

static void put_block(pl_text *out, const pl_comparison *c, int column, bool drawn) {
    const pl_measure *m = measure_of(c, column);
    int decimals[2], widths[FIELDS];
    double scale[2];
    char text[PL_NAME_ROOM];
    find_decimals(c, column, &decimals[0], &decimals[1]);
    find_scale(c, column, scale);
    for (int field = 0; field < FIELDS; field++) {
        widths[field] = pl_text_width(field_heads[field]);
        for (int row = 0; row < c->rows; row++) {
            int width = pl_text_width(field_text(c, row, column, field, decimals, text));
            if (width > widths[field]) widths[field] = width;
        }
    }
    pl_text_format(out, "\n%s\n  ", pl_measure_title(m, PL_EN));
    pl_measure_describe(out, m, PL_EN);
    const char *units = m->units_title.in[PL_EN] ? m->units_title.in[PL_EN] : m->units;
    if (units && *units) pl_text_format(out, " [%s]", units);
    pl_text_format(out, "\n  %-*s", name_width(widths), "profile");
    for (int field = 0; field < FIELDS; field++) {
        pl_text_format(out, "  %*s", widths[field], field_heads[field]);
        if (field == MEDIAN && drawn) pl_text_format(out, "  %-*s", PL_SPARK_BINS, "the futures");
    }
    pl_text_put(out, "\n");
    for (int row = 0; row < c->rows; row++) put_line(out, c, row, column, widths, decimals, drawn ? scale : NULL);
}

static const char footnote[] =
    "\nEach profile meets the same futures; a range holds the middle 90 % of them. A difference is taken\n"
    "from the base in the same future: its median, the 95 % confidence interval of that median, and its\n"
    "range. Rounded here; --output and --json give all digits.\n";
static const char drawing[] =
    "The futures are drawn by how many lie where, from the lowest 5 % to the highest 95 % quantile of all profiles.\n";
static const char too_few[] = "n/a: under six futures, or under ten of a Latin hypercube, have no such interval.\n";

pl_status pl_comparison_show(const pl_comparison *c, int drawn, char **text, size_t *length) {
    const pl_ensemble *e = c->ensemble;
    char base[PL_NAME_ROOM], futures[PL_ROUNDED_ROOM];
    pl_text out = {0};
    pl_ensemble_profile_name(e, e->base, PL_EN, base, sizeof base);
    if (*e->situation->title.in[PL_EN]) pl_text_format(&out, "%s\n", e->situation->title.in[PL_EN]);
    pl_text_format(&out, "%d of %ld profile%s, %s future%s each, seed %llu; base: %s\n", c->rows, e->profiles,
                   pl_plural(e->profiles), pl_rounded((double)e->futures, 0, futures), pl_plural(e->futures),
                   (unsigned long long)e->seed, base);
    for (int column = 0; column < c->columns; column++) put_block(&out, c, column, drawn);
    pl_text_put(&out, footnote);
    if (drawn) pl_text_put(&out, drawing);
    if (e->futures < (pl_ensemble_is_random(e) ? 6 : PL_REPLICATES)) pl_text_put(&out, too_few);
    return pl_text_finish(&out, text, length);
}

/* ---- CSV and JSON ------------------------------------------------------------------------------------- */

static void put_spread(pl_text *out, pl_spread s) {
    const double numbers[] = {s.median.estimate, s.median.low, s.median.high, s.low, s.high};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        pl_text_put(out, ",");
        if (!isnan(numbers[i])) pl_text_number(out, numbers[i]);
    }
}

static pl_status print_csv(const pl_comparison *c, char **text, size_t *length) {
    char name[PL_NAME_ROOM];
    pl_text out = {0};
    pl_text_put(&out, "profile,measure,futures,missing,median,median_low,median_high,q05,q95,difference,"
                      "difference_low,difference_high,difference_q05,difference_q95\n");
    for (int row = 0; row < c->rows; row++) {
        for (int column = 0; column < c->columns; column++) {
            const pl_cell *cell = pl_comparison_cell(c, row, column);
            pl_text_csv(&out, pl_comparison_row_key(c, row, name));
            pl_text_put(&out, ",");
            pl_text_csv(&out, measure_of(c, column)->name);
            pl_text_format(&out, ",%ld,%ld", c->ensemble->futures, cell->missing);
            put_spread(&out, cell->value);
            put_spread(&out, cell->difference);
            pl_text_put(&out, "\n");
        }
    }
    return pl_text_finish(&out, text, length);
}

static json_t *spread_object(pl_spread s) {
    json_t *object = json_object();
    pl_json_set(&object, "futures", json_integer(s.count));
    pl_json_set(&object, "median", pl_json_interval(s.median));
    pl_json_set(&object, "range", json_pack("[o,o]", pl_json_number(s.low), pl_json_number(s.high)));
    return object;
}

static json_t *row_object(const pl_comparison *c, int row) {
    const pl_situation *s = c->ensemble->situation;
    char name[PL_NAME_ROOM];
    json_t *object = json_object(), *courses = json_object(), *measures = json_object();
    pl_json_set(&object, "name", pl_json_text(pl_comparison_row_key(c, row, name)));
    for (int a = 0; a < s->actor_count; a++) {
        int course = pl_situation_course(s, c->profile[row], a);
        pl_json_set(&courses, s->actors[a].name, pl_json_text(s->actors[a].courses[course].name));
    }
    pl_json_set(&object, "courses", courses);
    for (int column = 0; column < c->columns; column++) {
        const pl_cell *cell = pl_comparison_cell(c, row, column);
        json_t *measure = json_object();
        pl_json_set(&measure, "missing", json_integer(cell->missing));
        pl_json_set(&measure, "value", spread_object(cell->value));
        pl_json_set(&measure, "difference", spread_object(cell->difference));
        pl_json_set(&measures, measure_of(c, column)->name, measure);
    }
    pl_json_set(&object, "measures", measures);
    return object;
}

static pl_status print_json(const pl_comparison *c, char **text, size_t *length) {
    const pl_ensemble *e = c->ensemble;
    char base[PL_NAME_ROOM];
    json_t *tree = json_object(), *rows = json_array();
    pl_json_set(&tree, "futures", json_integer(e->futures));
    pl_json_set(&tree, "seed", json_integer((json_int_t)e->seed));
    pl_json_set(&tree, "base", pl_json_text(pl_comparison_row_key(c, c->base_row, base)));
    for (int row = 0; row < c->rows; row++) pl_json_append(&rows, row_object(c, row));
    pl_json_set(&tree, "profiles", rows);
    return pl_json_finish(tree, text, length);
}

pl_status pl_comparison_print(const pl_comparison *comparison, pl_format format, char **text, size_t *length) {
    switch (format) {
    case PL_FORMAT_TEXT: return pl_comparison_show(comparison, 0, text, length);
    case PL_FORMAT_CSV: return print_csv(comparison, text, length);
    case PL_FORMAT_JSON: return print_json(comparison, text, length);
    }
    return PL_UNSUPPORTED;
}
