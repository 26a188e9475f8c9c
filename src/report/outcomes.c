/* What comes of it: the matrix of profiles by measures.  A cell holds the median over the futures, the range of the middle
 * 90 % of them, the median of the paired difference from the base, and in what share of the futures the profile lies
 * above the base.  Which direction is the better one is for the actors' wants to say. */
#include <math.h>

#include "report/section.h"
#include "study/statistics.h"

typedef struct look { /* of one measure */
    int values, differences; /* decimals */
} look;

static look look_of(const pl_comparison *c, int column) {
    double value = 0, difference = 0;
    for (int row = 0; row < c->rows; row++) {
        const pl_cell *cell = pl_comparison_cell(c, row, column);
        value = fmax(value, fabs(cell->value.median.estimate)); /* fmax passes NaN over */
        if (row != c->base_row) difference = fmax(difference, fabs(cell->difference.median.estimate));
    }
    return (look){pl_rounding(value, PL_REPORT_DIGITS), pl_rounding(difference, PL_DIFFERENCE_DIGITS)};
}

typedef struct standing { /* beside the base, in the futures in which both have a value */
    double above;         /* the share in which the measure is larger, of equal ones half; NaN where there is none */
    bool tied;            /* equal in every one */
} standing;

static standing standing_of(const pl_report *r, int column, int row) {
    const double *own = pl_ensemble_measure(r->ensemble, column, r->comparison->profile[row]);
    const double *base = pl_ensemble_measure(r->ensemble, column, r->ensemble->base);
    double above = 0, count = 0, equal = 0;
    for (long f = 0; f < r->ensemble->futures; f++) {
        if (isnan(own[f]) || isnan(base[f])) continue;
        above += own[f] > base[f];
        equal += own[f] == base[f];
        count++;
    }
    return (standing){count > 0 ? (above + 0.5 * equal) / count : NAN, count > 0 && equal == count};
}

/* ---- the tables ---------------------------------------------------------------------------------------- */

static void put_measure(pl_report *r, int column) {
    const pl_measure *m = &r->situation->measures[column];
    pl_text_put(&r->out, "<tr><th scope=\"row\">");
    pl_html_title(&r->out, m->title, m->name);
    pl_report_put_units(r, m->units_title);
    pl_text_put(&r->out, "</th>");
}

static void put_value(pl_report *r, int column, int row, look shown) {
    const pl_cell *cell = pl_comparison_cell(r->comparison, row, column);
    int decimals = shown.values;
    char number[PL_ROUNDED_ROOM];
    pl_text *out = &r->out;
    pl_text_put(out, "<td>");
    if (cell->value.count) {
        pl_text_format(out, "<b>%s</b>", pl_html_rounded(cell->value.median.estimate, decimals, number));
        pl_report_range(r, cell->value.low, cell->value.high, decimals);
    } else {
        pl_html_word(out, PL_WORD_NO_VALUE, NULL);
    }
    if (cell->missing) {
        pl_text_put(out, " ");
        pl_html_word(out, PL_WORD_MISSING, pl_html_rounded((double)cell->missing, 0, number), NULL);
    }
    pl_text_put(out, "</td>");
}

static void put_difference(pl_report *r, int column, int row, look shown) {
    const pl_spread *d = &pl_comparison_cell(r->comparison, row, column)->difference;
    int decimals = shown.differences;
    char number[PL_ROUNDED_ROOM];
    pl_text *out = &r->out;
    pl_text_put(out, "<td>");
    if (row == r->comparison->base_row) pl_html_word(out, PL_WORD_IS_BASE, NULL);
    else if (d->count == 0) pl_text_put(out, "-");
    else {
        pl_text_format(out, "<b>%s</b>", pl_html_signed(d->median.estimate, decimals, number));
        pl_report_range(r, d->median.low, d->median.high, decimals);
        pl_text_format(out, "; %s", pl_html_rounded(100 * standing_of(r, column, row).above, 0, number));
    }
    pl_text_put(out, "</td>");
}

/* A row for each measure, a column for each profile. */
static void put_table(pl_report *r, pl_word caption, void (*put)(pl_report *r, int column, int row, look shown)) {
    pl_phrase phrase;
    pl_section_table(r, pl_phrase_start(&phrase, caption), NULL, 0);
    pl_section_profile_heads(r);
    for (int column = 0; column < r->comparison->columns; column++) {
        look shown = look_of(r->comparison, column);
        put_measure(r, column);
        for (int row = 0; row < r->comparison->rows; row++) put(r, column, row, shown);
        pl_text_put(&r->out, "</tr>\n");
    }
    pl_section_table_end(r);
}

/* ---- the data ------------------------------------------------------------------------------------------ */

enum { DATA_DIGITS = 4 };

/* [median, low, high, difference, low, high, share above the base]: low and high are the 5 and 95 % quantiles. */
static json_t *cell_array(const pl_report *r, int column, int row, const standing *beside) {
    const pl_cell *cell = pl_comparison_cell(r->comparison, row, column);
    const double numbers[] = {cell->value.median.estimate, cell->value.low, cell->value.high,
                              cell->difference.median.estimate, cell->difference.low, cell->difference.high};
    json_t *array = json_array();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        pl_json_append(&array, pl_json_rounded(numbers[i], DATA_DIGITS));
    pl_json_append(&array, pl_json_rounded(beside->above, 3));
    return array;
}

static bool is_wanted(const pl_situation *s, int measure) {
    for (int a = 0; a < s->actor_count; a++)
        for (int k = 0; k < s->actors[a].want_count; k++)
            if (s->actors[a].wants[k].measure == measure) return true;
    return false;
}

/* {"cells", "tied": [measure][profile], "wanted": [measure]}: tied where a profile is the base's equal in every future;
 * wanted are the measures that an actor's wants name. */
static json_t *matrix(const pl_report *r) {
    json_t *object = json_object(), *cells = json_array(), *tied = json_array(), *wanted = json_array();
    for (int column = 0; column < r->comparison->columns; column++) {
        json_t *row = json_array(), *alike = json_array();
        for (int k = 0; k < r->comparison->rows; k++) {
            standing beside = standing_of(r, column, k);
            pl_json_append(&row, cell_array(r, column, k, &beside));
            pl_json_append(&alike, json_boolean(beside.tied && k != r->comparison->base_row));
        }
        pl_json_append(&cells, row);
        pl_json_append(&tied, alike);
        pl_json_append(&wanted, json_boolean(is_wanted(r->situation, column)));
    }
    pl_json_set(&object, "cells", cells);
    pl_json_set(&object, "tied", tied);
    pl_json_set(&object, "wanted", wanted);
    return object;
}

pl_status pl_part_outcomes(pl_report *r, pl_error *error) {
    (void)error;
    if (r->comparison->columns == 0) return PL_OK;
    pl_phrase caption;
    pl_section_open(r);
    pl_section_caption(r, pl_phrase_start(&caption, PL_WORD_OUTCOMES_LEAD));
    if (r->comparison->base_row >= 0 && r->comparison->rows > 1) pl_section_figure(r, "matrix");
    put_table(r, PL_WORD_OUTCOMES_VALUES, put_value);
    if (r->comparison->rows > 1) put_table(r, PL_WORD_OUTCOMES_DIFFERENCES, put_difference);
    pl_section_data(r, matrix(r));
    pl_section_close(r, "table");
    return PL_OK;
}
