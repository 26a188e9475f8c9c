/* The report's sections on what comes out: a table for each measure, fan charts, risks. */
#include <math.h>
#include <stdio.h>

#include "report/figure.h"
#include "report/report.h"

enum { OPEN_TABLES = 6, OPEN_FANS = 2 }; /* shown at once; the others open at a click, and in print */

/* ---- tables ------------------------------------------------------------------------------------------- */

typedef struct look { /* of one measure's table */
    int values, differences; /* decimals */
    double low, high;        /* the strip's scale */
} look;

static look look_of(const pl_comparison *c, int column) {
    double value = 0, difference = 0, low = 0, high = 0;
    for (int row = 0; row < c->rows; row++) {
        const pl_cell *cell = pl_comparison_cell(c, row, column);
        value = fmax(value, fabs(cell->value.median.estimate)); /* fmax passes NaN over */
        if (row == c->base_row) continue;
        difference = fmax(difference, fabs(cell->difference.median.estimate));
        low = fmin(low, cell->difference.low);
        high = fmax(high, cell->difference.high);
    }
    int values = pl_rounding(value, PL_REPORT_DIGITS), differences = pl_rounding(difference, PL_DIFFERENCE_DIGITS);
    return (look){values, differences, low, high};
}

/* A cell: its heading, which narrow screens show in it, and a number or a range. */
static void open_cell(pl_text *out, const char *style, pl_word word) {
    pl_text_format(out, "<td class=\"%s\"><span class=\"tag\">", style);
    pl_html_word(out, word, NULL);
    pl_text_put(out, "</span>");
}

static void put_range_cell(pl_report *r, pl_word word, double low, double high, int decimals) {
    open_cell(&r->out, "more", word);
    if (!isnan(low)) pl_report_pair(r, PL_WORD_RANGE, low, high, decimals);
    pl_text_put(&r->out, "</td>");
}

static void put_value(pl_report *r, const pl_cell *cell, int decimals) {
    char number[PL_ROUNDED_ROOM];
    pl_text *out = &r->out;
    open_cell(out, "main", PL_WORD_MEDIAN_HEAD);
    if (cell->value.count) pl_text_put(out, pl_html_rounded(cell->value.median.estimate, decimals, number));
    else pl_html_word(out, PL_WORD_NO_VALUE, NULL);
    if (cell->missing) {
        pl_text_put(out, " <span class=\"note\">");
        pl_html_word(out, PL_WORD_MISSING, pl_html_rounded((double)cell->missing, 0, number), NULL);
        pl_text_put(out, "</span>");
    }
    pl_text_put(out, "</td>");
    put_range_cell(r, PL_WORD_FUTURES, cell->value.low, cell->value.high, decimals);
}

static void put_difference(pl_report *r, const pl_spread *d, int decimals) {
    char number[PL_ROUNDED_ROOM];
    pl_text *out = &r->out;
    open_cell(out, "main", PL_WORD_DIFFERENCE);
    pl_text_put(out, d->count ? pl_html_signed(d->median.estimate, decimals, number) : "-");
    pl_text_put(out, "</td>");
    put_range_cell(r, PL_WORD_INTERVAL, d->median.low, d->median.high, decimals);
    put_range_cell(r, PL_WORD_DIFFERENCES, d->low, d->high, decimals);
}

static void put_table_row(pl_report *r, int row, int column, const look *shown) {
    pl_text *out = &r->out;
    const pl_cell *cell = pl_comparison_cell(r->comparison, row, column);
    bool base = row == r->comparison->base_row;
    pl_text_put(out, base ? "<tr class=\"is-base\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
    pl_report_row_name(r, row);
    pl_text_put(out, "</th>");
    put_value(r, cell, shown->values);
    if (base) {
        pl_text_put(out, "<td class=\"note\" colspan=\"4\">");
        pl_html_word(out, PL_WORD_IS_BASE, NULL);
    } else {
        put_difference(r, &cell->difference, shown->differences);
        pl_text_put(out, "<td class=\"drawn\">");
        pl_figure_strip(out, &cell->difference, shown->low, shown->high);
    }
    pl_text_put(out, "</td></tr>\n");
}

static void put_description(pl_report *r, const pl_measure *m) {
    static const char *const codes[PL_LANGUAGES] = {"en", "es"};
    for (int language = 0; language < PL_LANGUAGES; language++) {
        pl_text text = {0};
        pl_measure_describe(&text, m, (pl_language)language);
        const char *units = *m->units_title.in[language] ? m->units_title.in[language] : m->units;
        if (units && *units) pl_text_format(&text, " [%s]", units);
        pl_text_format(&r->out, "<span lang=\"%s\">", codes[language]);
        pl_html_escape(&r->out, text.data ? text.data : "");
        pl_text_put(&r->out, "</span>");
        r->out.failed |= text.failed;
        pl_release(text.data);
    }
}

static void put_table(pl_report *r, int column) {
    static const pl_word heads[] = {PL_WORD_PROFILE,    PL_WORD_MEDIAN_HEAD, PL_WORD_FUTURES, PL_WORD_DIFFERENCE,
                                    PL_WORD_INTERVAL,   PL_WORD_DIFFERENCES, PL_WORD_DRAWING};
    const pl_measure *m = &r->situation->measures[column];
    look shown = look_of(r->comparison, column);
    pl_text *out = &r->out;
    pl_text_put(out, column < OPEN_TABLES ? "<details open><summary><h3>" : "<details><summary><h3>");
    pl_html_title(out, m->title, m->name);
    pl_text_put(out, "</h3></summary>\n<table class=\"outcomes\">\n<caption>");
    put_description(r, m);
    pl_text_put(out, "</caption>\n<thead><tr>");
    pl_html_heads(out, heads, sizeof heads / sizeof *heads);
    pl_text_put(out, "</tr></thead>\n<tbody>\n");
    for (int row = 0; row < r->comparison->rows; row++) put_table_row(r, row, column, &shown);
    pl_text_put(out, "</tbody></table></details>\n");
}

void pl_report_outcomes(pl_report *report) {
    pl_html_section(&report->out, "outcomes", PL_WORD_OUTCOMES);
    pl_html_element(&report->out, "p", PL_WORD_OUTCOMES_LEAD);
    for (int column = 0; column < report->comparison->columns; column++) put_table(report, column);
    pl_text_put(&report->out, "</section>\n");
}

/* ---- fans --------------------------------------------------------------------------------------------- */

/* The values at the end in words, for those who do not see the drawing, and for all others. */
static void put_fan_words(pl_report *r, int variable, int row, int decimals) {
    const int levels[] = {PL_FAN_MEDIAN, 0, PL_FAN_QUANTILES - 1};
    char numbers[6][PL_ROUNDED_ROOM];
    int base = r->comparison->base_row, points = r->fans->point_count;
    const double *own = pl_fan_of(r->fans, variable, row)->quantiles;
    const double *others = pl_fan_of(r->fans, variable, base < 0 ? row : base)->quantiles;
    for (int i = 0; i < 3; i++) {
        int end = (levels[i] + 1) * points - 1;
        pl_html_rounded(own[end], decimals, numbers[i]);
        pl_html_rounded(others[end], decimals, numbers[3 + i]);
    }
    if (base < 0 || row == base)
        pl_html_word(&r->out, PL_WORD_END_BASE, numbers[0], numbers[1], numbers[2], NULL);
    else
        pl_html_word(&r->out, PL_WORD_END_VALUE, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5],
                     NULL);
}

static void put_variable(pl_report *r, int variable) {
    pl_text *out = &r->out;
    char name[256], label[48];
    const pl_output *output = &r->fans->variables[variable];
    pl_scale scale = pl_fan_scale(r->fans, variable);
    int decimals = pl_rounding(fmax(fabs(scale.low), fabs(scale.high)), PL_REPORT_DIGITS);
    pl_variable_element_name(output->variable, output->element, name, sizeof name);
    pl_text_put(out, variable < OPEN_FANS ? "<details open><summary><h3>" : "<details><summary><h3>");
    pl_html_escape(out, name);
    pl_text_put(out, "</h3>");
    if (output->variable->units && *output->variable->units) {
        pl_text_put(out, "<span class=\"units\">[");
        pl_html_escape(out, output->variable->units);
        pl_text_put(out, "]</span>");
    }
    pl_text_put(out, "</summary>\n<div class=\"fans\">\n");
    for (int row = 0; row < r->fans->profile_count; row++) {
        snprintf(label, sizeof label, "fan-%d-%d", variable, row);
        pl_text_format(out, "<figure><figcaption id=\"%s\"><b>", label);
        pl_report_row_name(r, row);
        pl_text_put(out, "</b> ");
        put_fan_words(r, variable, row, decimals);
        pl_text_put(out, "</figcaption>\n");
        pl_figure_fan(out, r->fans, variable, row, r->comparison->base_row, scale, label);
        pl_text_put(out, "</figure>\n");
    }
    pl_text_put(out, "</div></details>\n");
}

void pl_report_fans(pl_report *report) {
    if (report->fans->variable_count == 0) return;
    char futures[PL_ROUNDED_ROOM];
    pl_html_section(&report->out, "time", PL_WORD_TIME);
    pl_text_put(&report->out, "<p>");
    pl_html_word(&report->out, PL_WORD_TIME_LEAD, pl_html_rounded(report->fans->futures, 0, futures), NULL);
    pl_text_put(&report->out, "</p>\n");
    pl_figure_fan_key(&report->out);
    for (int v = 0; v < report->fans->variable_count; v++) put_variable(report, v);
    pl_text_put(&report->out, "</section>\n");
}

/* ---- risks -------------------------------------------------------------------------------------------- */

static void put_share(pl_report *r, const pl_risk_share *share, bool base) {
    pl_text *out = &r->out;
    char number[PL_ROUNDED_ROOM], points[PL_ROUNDED_ROOM];
    if (share->futures == 0) {
        pl_text_put(out, "-");
        return;
    }
    pl_text_format(out, "<span class=\"main\">%s %%</span><span class=\"more\">",
                   pl_html_rounded(100 * share->share.estimate, 1, number));
    pl_report_pair(r, PL_WORD_RANGE, 100 * share->share.low, 100 * share->share.high, 1);
    pl_text_put(out, " %</span>");
    if (base) return;
    pl_text_put(out, "<span class=\"more\">");
    pl_html_word(out, PL_WORD_POINTS, pl_html_signed(100 * share->difference.estimate, 1, points), NULL);
    pl_text_put(out, " (");
    pl_report_pair(r, PL_WORD_RANGE, 100 * share->difference.low, 100 * share->difference.high, 1);
    pl_text_put(out, ")</span>");
}

static void put_risk(pl_report *r, int risk) {
    const pl_risk *row = &r->situation->risks[risk];
    pl_text *out = &r->out;
    pl_text_put(out, "<tr><th scope=\"row\">");
    pl_html_title(out, row->title, row->name);
    pl_text_put(out, "<br><span class=\"note\">");
    pl_html_escape(out, row->condition);
    pl_text_put(out, "</span></th>");
    for (int k = 0; k < r->comparison->rows; k++) {
        pl_text_put(out, "<td>");
        put_share(r, &r->risks[risk * r->comparison->rows + k], k == r->comparison->base_row);
        pl_text_put(out, "</td>");
    }
    pl_text_put(out, "</tr>\n");
}

void pl_report_risks(pl_report *report) {
    if (report->situation->risk_count == 0) return;
    pl_text *out = &report->out;
    pl_html_section(out, "risks", PL_WORD_RISKS);
    pl_html_element(out, "p", PL_WORD_RISKS_LEAD);
    pl_html_scroll(out, "risks");
    pl_text_put(out, "<table>\n"
                     "<thead><tr><th scope=\"col\">");
    pl_html_word(out, PL_WORD_RISK, NULL);
    pl_text_put(out, "</th>");
    for (int k = 0; k < report->comparison->rows; k++) {
        pl_text_put(out, "<th scope=\"col\">");
        pl_report_row_name(report, k);
        pl_text_put(out, "</th>");
    }
    pl_text_put(out, "</tr></thead>\n<tbody>\n");
    for (int i = 0; i < report->situation->risk_count; i++) put_risk(report, i);
    pl_text_put(out, "</tbody></table></div>\n</section>\n");
}
