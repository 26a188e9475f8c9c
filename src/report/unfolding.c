/* How it unfolds: variables over time under each profile, as quantile bands and sample paths, and where each future ends. */
#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "report/section.h"
#include "study/statistics.h"

enum { SAMPLE_PATHS = 20 };

static const pl_output *output_of(const pl_report *r, int variable) { return &r->fans->variables[variable]; }

static pl_title units_of(const pl_report *r, const pl_output *output) {
    return pl_situation_units_title(r->situation, output->variable->units);
}

enum { NAME_ROOM = 256 };

/* name keeps the title where there is none but the model's. */
static pl_title title_of(const pl_report *r, const pl_output *output, char name[NAME_ROOM]) {
    pl_variable_element_name(output->variable, output->element, name, NAME_ROOM);
    return pl_situation_variable_title(r->situation, name);
}

static const double *last_values(const pl_report *r, int variable, int row) {
    return pl_fan_of(r->fans, variable, row)->paths + (size_t)(r->fans->point_count - 1) * (size_t)r->fans->futures;
}

/* The share of futures that end higher than under the base. */
static double share_above(const pl_report *r, int variable, int row) {
    const double *own = last_values(r, variable, row), *base = last_values(r, variable, r->comparison->base_row);
    double above = 0, count = 0;
    for (int f = 0; f < r->fans->futures; f++) {
        if (isnan(own[f]) || isnan(base[f])) continue;
        above += own[f] > base[f];
        count++;
    }
    return count > 0 ? above / count : NAN;
}

static bool same_as_base(const pl_report *r, int variable, int row) {
    const double *own = last_values(r, variable, row), *base = last_values(r, variable, r->comparison->base_row);
    for (int f = 0; f < r->fans->futures; f++)
        if (!isnan(own[f]) && !isnan(base[f]) && own[f] != base[f]) return false;
    return true;
}

/* ---- the table ----------------------------------------------------------------------------------------- */

static void put_row(pl_report *r, int variable, int row, int decimals) {
    char number[PL_ROUNDED_ROOM], name[NAME_ROOM];
    pl_text *out = &r->out;
    const double *quantiles = pl_fan_of(r->fans, variable, row)->quantiles;
    int points = r->fans->point_count, base = r->comparison->base_row;
    pl_text_put(out, "<tr><th scope=\"row\">");
    pl_html_title(out, title_of(r, output_of(r, variable), name), "");
    pl_text_put(out, "</th><td>");
    pl_report_row_name(r, row);
    pl_text_format(out, "</td><td>%s</td><td>",
                   pl_html_rounded(quantiles[(PL_FAN_MEDIAN + 1) * points - 1], decimals, number));
    pl_report_pair(r, PL_WORD_RANGE, quantiles[points - 1], quantiles[PL_FAN_QUANTILES * points - 1], decimals);
    pl_text_put(out, "</td><td>");
    if (base >= 0 && row != base)
        pl_text_put(out, pl_html_rounded(100 * share_above(r, variable, row), 0, number));
    pl_text_put(out, "</td></tr>\n");
}

static int decimals_of(const pl_report *r, int variable) {
    double largest = 0;
    for (int row = 0; row < r->fans->profile_count; row++) {
        const double *quantiles = pl_fan_of(r->fans, variable, row)->quantiles;
        for (int i = 0; i < PL_FAN_QUANTILES; i++)
            largest = fmax(largest, fabs(quantiles[(i + 1) * r->fans->point_count - 1]));
    }
    return pl_rounding(largest, PL_REPORT_DIGITS);
}

static void put_ends(pl_report *r) {
    static const pl_word heads[] = {PL_WORD_VARIABLE, PL_WORD_PROFILE, PL_WORD_MEDIAN_HEAD, PL_WORD_FUTURES,
                                    PL_WORD_ABOVE_BASE};
    pl_phrase caption;
    char time[32];
    snprintf(time, sizeof time, "%.6g", r->fans->times[r->fans->point_count - 1]); /* a year has no commas */
    pl_phrase_text(pl_phrase_start(&caption, PL_WORD_ENDS), time);
    pl_section_table(r, &caption, heads, sizeof heads / sizeof *heads);
    for (int variable = 0; variable < r->fans->variable_count; variable++) {
        int decimals = decimals_of(r, variable);
        for (int row = 0; row < r->fans->profile_count; row++) put_row(r, variable, row, decimals);
    }
    pl_section_table_end(r);
}

/* ---- the data ------------------------------------------------------------------------------------------ */

/* The first point that a profile's own fan needs: until courses begin, all profiles are one run, told by the base's. */
static int first_point(const pl_report *r, int row) {
    int point = 0;
    if (r->comparison->base_row < 0 || row == r->comparison->base_row) return 0;
    while (point + 1 < r->fans->point_count && r->fans->times[point + 1] <= r->fans->act_from) point++;
    return point;
}

/* [row][point] from the first point on, packed: of `count` rows, whose value k at a point is values[k x across + point x
 * down]. */
static json_t *packed_rows(const pl_report *r, const double *values, int count, int first, size_t across, size_t down) {
    int points = r->fans->point_count - first;
    double *rows = pl_allocate((size_t)(count * points + 1) * sizeof *rows);
    if (!rows) return NULL;
    for (int k = 0; k < count; k++)
        for (int point = 0; point < points; point++)
            rows[k * points + point] = values[(size_t)k * across + (size_t)(first + point) * down];
    json_t *packed = pl_json_packed(rows, (size_t)(count * points));
    pl_release(rows);
    return packed;
}

static json_t *fan_object(const pl_report *r, int variable, int row) {
    const pl_fan *fan = pl_fan_of(r->fans, variable, row);
    int first = first_point(r, row), futures = r->fans->futures;
    json_t *object = json_object();
    pl_json_set(&object, "quantiles",
                packed_rows(r, fan->quantiles, PL_FAN_QUANTILES, first, (size_t)r->fans->point_count, 1));
    pl_json_set(&object, "paths", packed_rows(r, fan->paths, futures < SAMPLE_PATHS ? futures : SAMPLE_PATHS, first, 1,
                                              (size_t)futures));
    pl_json_set(&object, "ends", pl_json_packed(last_values(r, variable, row), (size_t)r->fans->futures));
    return object;
}

static json_t *variable_object(const pl_report *r, int variable) {
    char name[NAME_ROOM];
    json_t *object = json_object();
    const pl_output *output = output_of(r, variable);
    pl_json_set(&object, "title", pl_report_title_json(title_of(r, output, name), ""));
    pl_json_set(&object, "units", pl_report_title_json(units_of(r, output), ""));
    return object;
}

/* {"times", "act": when courses begin, "base", "variables": [{"title", "units"}], "fans": [variable][profile] {"quantiles":
 * [level][time], "paths": [path][time], "ends": [future]}}; the arrays of a fan are packed, and but for the base they begin
 * with the last time at which no course has acted. */
static json_t *fans_object(const pl_report *r) {
    json_t *object = json_object(), *times = json_array(), *variables = json_array(), *fans = json_array();
    for (int point = 0; point < r->fans->point_count; point++)
        pl_json_append(&times, pl_json_number(r->fans->times[point]));
    for (int v = 0; v < r->fans->variable_count; v++) {
        json_t *rows = json_array();
        for (int row = 0; row < r->fans->profile_count; row++) pl_json_append(&rows, fan_object(r, v, row));
        pl_json_append(&variables, variable_object(r, v));
        pl_json_append(&fans, rows);
    }
    pl_json_set(&object, "times", times);
    pl_json_set(&object, "act", pl_json_number(r->fans->act_from));
    pl_json_set(&object, "base", r->comparison->base_row < 0 ? json_null() : json_integer(r->comparison->base_row));
    pl_json_set(&object, "variables", variables);
    pl_json_set(&object, "fans", fans);
    return object;
}

/* ---- the drawings -------------------------------------------------------------------------------------- */

enum { OPEN_VARIABLES = 1 }; /* shown at once; the others open at a click */

/* "In 83 of 100 futures it ends higher than under the base", or that none differs, or, of the base, the middle 90 %. */
static void put_fan(pl_report *r, int variable, int row, int decimals) {
    char attributes[64];
    pl_phrase phrase;
    int base = r->comparison->base_row, points = r->fans->point_count;
    const double *quantiles = pl_fan_of(r->fans, variable, row)->quantiles;
    bool compared = base >= 0 && row != base && !isnan(share_above(r, variable, row));
    bool same = compared && same_as_base(r, variable, row);
    pl_phrase_row(pl_phrase_start(&phrase, same ? PL_WORD_FAN_SAME : compared ? PL_WORD_FAN_ABOVE : PL_WORD_FAN_RANGE), r, row);
    if (compared) {
        pl_phrase_number(&phrase, 100 * share_above(r, variable, row), 0);
    } else {
        pl_phrase_number(&phrase, quantiles[points - 1], decimals);
        pl_phrase_number(&phrase, quantiles[PL_FAN_QUANTILES * points - 1], decimals);
    }
    snprintf(attributes, sizeof attributes, "data-variable=\"%d\" data-profile=\"%d\"", variable, row);
    pl_section_figure_of(r, "fan", attributes, &phrase);
}

static void put_fans(pl_report *r, int variable) {
    char name[NAME_ROOM];
    const pl_output *output = output_of(r, variable);
    int decimals = decimals_of(r, variable);
    pl_text_format(&r->out, "<details class=\"fans\"%s><summary>", variable < OPEN_VARIABLES ? " open" : "");
    pl_html_title(&r->out, title_of(r, output, name), "");
    if (*units_of(r, output).in[PL_EN]) {
        pl_text_put(&r->out, " [");
        pl_html_title(&r->out, units_of(r, output), "");
        pl_text_put(&r->out, "]");
    }
    pl_text_put(&r->out, "</summary>\n<div class=\"small\">\n");
    for (int row = 0; row < r->fans->profile_count; row++) put_fan(r, variable, row, decimals);
    pl_text_put(&r->out, "</div></details>\n");
}

pl_status pl_part_time(pl_report *r, pl_error *error) {
    (void)error;
    if (r->fans->variable_count == 0) return PL_OK;
    pl_phrase caption;
    pl_section_open(r);
    pl_phrase_number(pl_phrase_start(&caption, PL_WORD_TIME_LEAD), r->fans->futures, 0);
    pl_section_caption(r, &caption);
    for (int v = 0; v < r->fans->variable_count; v++) put_fans(r, v);
    put_ends(r);
    pl_section_data(r, fans_object(r));
    pl_section_close(r, NULL);
    return PL_OK;
}
