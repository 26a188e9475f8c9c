/* The part "history": observed series against the model, the errors of simple forecasts beside its own, and the
 * back-tests, those that fail too.  It reads the situation's data: a report of a results file alone lacks it. */
#include "report/history.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "ensemble/explore.h"
#include "report/section.h"
#include "study/backtest.h"

/* Of fitted futures that lie beside the situation; those that the results were made of, their reader has judged. */
static void warn_outdated(const pl_report *r) {
    pl_error warning;
    if (pl_given_is_outdated(r->history->situation, &warning))
        pl_findings_add(r->options.findings, PL_WARNING, &warning);
}

pl_status pl_report_history(pl_report *r, const pl_history **history, pl_error *error) {
    pl_status status = PL_OK;
    const pl_given *given = r->situation->given;
    if (!r->history && !r->no_history && r->options.situation_path) {
        status = pl_history_find(r->options.situation_path, pl_given_is_fitted(given) ? given : NULL, r->options.threads,
                                 &r->history, error);
        if (r->history && !pl_given_is_fitted(given)) warn_outdated(r);
    }
    if (status == PL_NO_DATA || status == PL_FILE) status = PL_OK;
    r->no_history = !r->history;
    *history = r->history;
    return status;
}

/* The forecasts that are shown, in the order of the table's columns. */
static const struct {
    pl_forecast of;
    pl_word name;
} forecasts[] = {{PL_FORECAST_UNFITTED, PL_WORD_HISTORY_FORECAST_UNFITTED},
                 {PL_FORECAST_PRIOR, PL_WORD_HISTORY_FORECAST_PRIOR},
                 {PL_FORECAST_MODEL, PL_WORD_HISTORY_FORECAST_MODEL},
                 {PL_FORECAST_LAST, PL_WORD_HISTORY_FORECAST_LAST},
                 {PL_FORECAST_TREND, PL_WORD_HISTORY_FORECAST_TREND}};
enum { FORECASTS = sizeof forecasts / sizeof *forecasts };

static pl_title title_of(const pl_history *h, const pl_fit_series *s) {
    return pl_situation_variable_title(h->situation, s->data->of->name);
}

static pl_title units_of(const pl_history *h, const pl_fit_series *s) {
    return pl_situation_units_title(h->situation, s->data->of->variable->units);
}

/* The index in `forecasts` of the smallest error; -1 where there is none. */
static int nearest(const pl_fit_series *s) {
    int best = -1;
    for (int i = 0; i < FORECASTS; i++)
        if (!isnan(s->error[forecasts[i].of]) && (best < 0 || s->error[forecasts[i].of] < s->error[forecasts[best].of]))
            best = i;
    return best;
}

static int error_decimals(const pl_fit_series *s) {
    double largest = 0;
    for (int i = 0; i < FORECASTS; i++) largest = fmax(largest, s->error[forecasts[i].of]);
    return pl_rounding(largest, PL_DIFFERENCE_DIGITS);
}

static int value_decimals(const pl_fit_series *s) {
    double largest = 0;
    for (int k = 0; k < s->data->count; k++) largest = fmax(largest, fabs(s->data->data[k].value));
    return pl_rounding(largest, PL_REPORT_DIGITS);
}

/* On how many series, of those that have both, one forecast is nearer than another. */
static int count_nearer(const pl_history *h, pl_forecast one, pl_forecast other, int *both) {
    int nearer = 0;
    *both = 0;
    for (int i = 0; i < h->observations.count; i++) {
        const double *error = h->series[i].judged.error;
        if (isnan(error[one]) || isnan(error[other])) continue;
        nearer += error[one] < error[other];
        ++*both;
    }
    return nearer;
}

/* ---- what is said ----------------------------------------------------------------------------------------- */

static void say_lead(pl_report *r, const pl_history *h) {
    pl_phrase phrase;
    int shown = 0, held = 0, last, trend;
    int over_last = count_nearer(h, PL_FORECAST_UNFITTED, PL_FORECAST_LAST, &last);
    int over_trend = count_nearer(h, PL_FORECAST_UNFITTED, PL_FORECAST_TREND, &trend);
    for (int i = 0; i < h->observations.count; i++)
        shown += h->series[i].judged.data->count > 0, held += h->series[i].judged.held_out;
    pl_phrase_number(pl_phrase_start(&phrase, held ? PL_WORD_HISTORY_LEAD : PL_WORD_HISTORY_LEAD_SEEN), shown, 0);
    if (held) {
        pl_phrase_number(&phrase, over_last, 0), pl_phrase_number(&phrase, last, 0);
        pl_phrase_number(&phrase, over_trend, 0), pl_phrase_number(&phrase, trend, 0);
    }
    pl_section_caption(r, &phrase);
    if (h->fitted) {
        int both, nearer = count_nearer(h, PL_FORECAST_MODEL, PL_FORECAST_UNFITTED, &both);
        pl_phrase_start(&phrase, h->converged ? PL_WORD_HISTORY_FITTED : PL_WORD_HISTORY_FITTED_OPEN);
        pl_phrase_number(&phrase, (double)h->fitted, 0);
        pl_phrase_number(&phrase, nearer, 0), pl_phrase_number(&phrase, both, 0);
    } else {
        pl_phrase_start(&phrase, PL_WORD_HISTORY_UNFITTED);
    }
    pl_section_say(r, &phrase);
    if (held) pl_section_say(r, pl_phrase_start(&phrase, PL_WORD_HISTORY_CAUTION));
}

static void put_figure(pl_report *r, const pl_history *h, int index) {
    const pl_fit_series *s = &h->series[index].judged;
    bool held = s->held_out > 0, alone = isnan(s->error[PL_FORECAST_LAST]);
    int decimals = error_decimals(s);
    char attributes[80];
    pl_phrase phrase;
    pl_phrase_start(&phrase, !held ? PL_WORD_HISTORY_SERIES_SEEN : alone ? PL_WORD_HISTORY_SERIES_ALONE : PL_WORD_HISTORY_SERIES);
    pl_phrase_title(&phrase, title_of(h, s), "");
    pl_phrase_title(&phrase, units_of(h, s), "-");
    if (held) {
        pl_phrase_number(&phrase, s->held_out, 0);
        pl_phrase_number(&phrase, s->error[PL_FORECAST_UNFITTED], decimals);
    }
    if (held && !alone) {
        pl_phrase_number(&phrase, s->error[PL_FORECAST_LAST], decimals);
        pl_phrase_number(&phrase, s->error[PL_FORECAST_TREND], decimals);
        pl_phrase_word(&phrase, forecasts[nearest(s)].name);
    }
    snprintf(attributes, sizeof attributes, "data-pick=\"series.%d\" data-download=\"history-%d\"", index, index + 1);
    pl_section_figure_of(r, "history", attributes, &phrase);
}

/* ---- tables ----------------------------------------------------------------------------------------------- */

static void put_series_name(pl_report *r, const pl_history *h, const pl_fit_series *s) {
    pl_title units = units_of(h, s);
    pl_text_put(&r->out, "<tr><th scope=\"row\">");
    pl_html_title(&r->out, title_of(h, s), "");
    if (*units.in[PL_EN]) {
        pl_text_put(&r->out, " <span class=\"note\">");
        pl_html_title(&r->out, units, "");
        pl_text_put(&r->out, "</span>");
    }
    pl_text_put(&r->out, "</th>");
}

static void put_errors(pl_report *r, const pl_history *h) {
    pl_word heads[FORECASTS + 3] = {PL_WORD_HISTORY_NAME, PL_WORD_HISTORY_VALUES};
    char number[PL_ROUNDED_ROOM];
    pl_phrase phrase;
    for (int i = 0; i < FORECASTS; i++) heads[i + 2] = forecasts[i].name;
    heads[FORECASTS + 2] = PL_WORD_HISTORY_NEAREST;
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_HISTORY_ERRORS_TABLE), heads, FORECASTS + 3);
    for (int k = 0; k < h->observations.count; k++) {
        const pl_fit_series *s = &h->series[k].judged;
        int best = nearest(s);
        if (!s->held_out) continue;
        put_series_name(r, h, s);
        pl_text_format(&r->out, "<td>%d</td>", s->held_out);
        for (int i = 0; i < FORECASTS; i++)
            pl_text_format(&r->out, "<td>%s</td>", pl_html_rounded(s->error[forecasts[i].of], error_decimals(s), number));
        pl_text_put(&r->out, "<td>");
        if (best >= 0) pl_html_word(&r->out, forecasts[best].name, NULL);
        pl_text_put(&r->out, "</td></tr>\n");
    }
    pl_section_table_end(r);
}

static void put_span(pl_report *r, const double quantiles[3], int decimals) {
    pl_text_put(&r->out, "<td>");
    if (isnan(quantiles[0])) pl_text_put(&r->out, "-");
    else pl_report_pair(r, PL_WORD_RANGE, quantiles[0], quantiles[2], decimals);
    pl_text_put(&r->out, "</td>");
}

static void put_value(pl_report *r, const pl_history *h, const pl_history_series *series, int k) {
    const pl_fit_series *s = &series->judged;
    const pl_datum *datum = &s->data->data[k];
    int decimals = value_decimals(s);
    char number[PL_ROUNDED_ROOM];
    put_series_name(r, h, s);
    pl_text_format(&r->out, "<td>%.7g", datum->time); /* a year has no commas */
    if (datum->held_out) {
        pl_text_put(&r->out, " <span class=\"mark\">");
        pl_html_word(&r->out, PL_WORD_HISTORY_KEPT_OUT, NULL);
        pl_text_put(&r->out, "</span>");
    }
    pl_text_format(&r->out, "</td><td>%s</td>", pl_html_rounded(datum->value, decimals, number));
    pl_text_format(&r->out, "<td>%s</td>", pl_html_rounded(s->points[k].own, decimals, number));
    put_span(r, series->prior[k], decimals);
    if (h->fitted) put_span(r, s->points[k].posterior, decimals);
    pl_text_put(&r->out, "<td>");
    pl_html_quoted(&r->out, s->data->source, strlen(s->data->source));
    pl_text_put(&r->out, "</td></tr>\n");
}

static void put_values(pl_report *r, const pl_history *h) {
    pl_word heads[7] = {PL_WORD_HISTORY_NAME, PL_WORD_HISTORY_TIME, PL_WORD_HISTORY_VALUE, PL_WORD_HISTORY_FORECAST_UNFITTED,
                        PL_WORD_HISTORY_RANGE_PRIOR};
    pl_phrase phrase;
    size_t count = 5;
    if (h->fitted) heads[count++] = PL_WORD_HISTORY_RANGE_FITTED;
    heads[count++] = PL_WORD_HISTORY_SOURCE;
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_HISTORY_VALUES_TABLE), heads, count);
    for (int i = 0; i < h->observations.count; i++)
        for (int k = 0; k < h->series[i].judged.data->count; k++) put_value(r, h, &h->series[i], k);
    pl_section_table_end(r);
}

/* ---- back-tests ------------------------------------------------------------------------------------------- */

static const pl_word outcome_words[PL_OUTCOME_COUNT] = {
#define X(id, name, text) [PL_OUTCOME_##id] = PL_WORD_BACKTESTS_##id,
    PL_OUTCOMES(X)
#undef X
};

static void put_backtest(pl_report *r, const pl_situation *s, const pl_backtest *t) {
    char number[PL_ROUNDED_ROOM];
    bool year = t->take == PL_BACKTEST_PEAK; /* has no commas */
    pl_text *out = &r->out;
    pl_text_put(out, "<tr><th scope=\"row\">");
    pl_html_escape(out, t->id);
    pl_text_put(out, "</th><td>");
    pl_html_title(out, t->title, t->id);
    pl_text_put(out, "</td><td>");
    pl_html_title(out, pl_situation_variable_title(s, t->variable), "");
    int decimals = pl_rounding(fmax(fabs(t->target), t->tolerance), PL_DIFFERENCE_DIGITS);
    if (year) pl_text_format(out, "</td><td>%.7g", t->target);
    else pl_text_format(out, "</td><td>%s", pl_html_rounded(t->target, decimals, number));
    pl_text_format(out, " ± %s</td><td>", pl_html_plain(t->tolerance, number));
    if (isnan(t->value)) pl_text_put(out, "-");
    else if (year) pl_text_format(out, "%.7g", t->value);
    else pl_text_put(out, pl_html_rounded(t->value, pl_rounding(fabs(t->value), PL_DIFFERENCE_DIGITS), number));
    pl_text_put(out, "</td><td>");
    pl_html_word(out, outcome_words[t->expected], NULL);
    pl_text_format(out, "</td><td>%s", t->outcome == t->expected ? "" : "<b>");
    pl_html_word(out, outcome_words[t->outcome], NULL);
    pl_text_format(out, "%s</td><td>", t->outcome == t->expected ? "" : "</b>");
    pl_html_quoted(out, t->source, strlen(t->source));
    pl_text_put(out, "</td></tr>\n");
}

static void put_backtests(pl_report *r, const pl_situation *s, const pl_backtests *b) {
    static const pl_word heads[] = {PL_WORD_CLAIM_ID,       PL_WORD_BACKTESTS_WHAT,     PL_WORD_BACKTESTS_OF,
                                    PL_WORD_BACKTESTS_TARGET, PL_WORD_BACKTESTS_MODEL, PL_WORD_BACKTESTS_DECLARED,
                                    PL_WORD_BACKTESTS_FOUND, PL_WORD_HISTORY_SOURCE};
    int counts[PL_OUTCOME_COUNT] = {0};
    pl_phrase phrase;
    for (int i = 0; i < b->count; i++) counts[b->tests[i].outcome]++;
    pl_phrase_number(pl_phrase_start(&phrase, PL_WORD_BACKTESTS_LEAD), b->count, 0);
    pl_phrase_number(&phrase, counts[PL_OUTCOME_PASS], 0);
    pl_phrase_number(&phrase, counts[PL_OUTCOME_FAIL], 0);
    pl_phrase_number(&phrase, counts[PL_OUTCOME_CANNOT], 0);
    pl_phrase_number(&phrase, b->different, 0);
    pl_section_caption(r, &phrase);
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_BACKTESTS_TABLE), heads, sizeof heads / sizeof *heads);
    for (int i = 0; i < b->count; i++) put_backtest(r, s, &b->tests[i]);
    pl_section_table_end(r);
}

/* ---- the data --------------------------------------------------------------------------------------------- */

/* As web/figures/history.js takes it. */
static json_t *series_json(const pl_history_series *series) {
    const pl_fit_series *s = &series->judged;
    json_t *object = json_object(), *points = json_array();
    for (int k = 0; k < s->data->count; k++) {
        const pl_datum *datum = &s->data->data[k];
        const pl_fit_point *point = &s->points[k];
        json_t *one = json_object(), *fitted = json_array(), *prior = json_array();
        for (int q = 0; q < 3; q++) {
            pl_json_append(&fitted, pl_json_rounded(point->posterior[q], 5));
            pl_json_append(&prior, pl_json_rounded(series->prior[k][q], 5));
        }
        pl_json_set(&one, "time", pl_json_rounded(datum->time, 9));
        pl_json_set(&one, "value", pl_json_rounded(datum->value, 6));
        pl_json_set(&one, "held", json_boolean(datum->held_out));
        pl_json_set(&one, "own", pl_json_rounded(point->own, 5));
        pl_json_set(&one, "prior", prior);
        pl_json_set(&one, "fitted", fitted);
        pl_json_append(&points, one);
    }
    pl_json_set(&object, "points", points);
    return object;
}

static json_t *history_json(const pl_history *h) {
    json_t *object = json_object(), *list = json_array();
    for (int i = 0; i < h->observations.count; i++) pl_json_append(&list, series_json(&h->series[i]));
    pl_json_set(&object, "series", list);
    return object;
}

/* ---- the part --------------------------------------------------------------------------------------------- */

static void put_history(pl_report *r, const pl_history *h) {
    say_lead(r, h);
    pl_section_figure_with(r, "history-key", h->fitted ? "data-fitted=\"yes\"" : "data-fitted=\"no\"");
    pl_text_put(&r->out, "<div class=\"small\">\n");
    for (int i = 0; i < h->observations.count; i++)
        if (h->series[i].judged.data->count) put_figure(r, h, i);
    pl_text_put(&r->out, "</div>\n");
    put_errors(r, h);
    put_values(r, h);
    pl_section_data(r, history_json(h));
}

/* Back-tests that come out otherwise than declared are told, not an error here; a file of them that cannot be read is for
 * `parley check` to tell. */
static pl_status run_backtests(pl_report *r, pl_situation **situation, pl_backtests **tests, pl_error *error) {
    *situation = NULL, *tests = NULL;
    pl_status status = pl_situation_read(r->options.situation_path, situation, NULL, error);
    if (status == PL_OK && (*situation)->backtests) status = pl_situation_backtest(*situation, tests, NULL, error);
    return status == PL_MEMORY ? status : PL_OK;
}

pl_status pl_part_history(pl_report *r, pl_error *error) {
    const pl_history *h;
    pl_situation *s;
    pl_backtests *tests;
    if (!r->options.situation_path) return PL_OK;
    pl_status status = pl_report_history(r, &h, error);
    if (status == PL_OK) status = run_backtests(r, &s, &tests, error);
    if (status != PL_OK) return status;
    if (h || (tests && tests->count)) {
        pl_section_open(r);
        if (h) put_history(r, h);
        if (tests && tests->count) put_backtests(r, s, tests);
        pl_phrase phrase;
        pl_section_close_with(r, pl_phrase_start(&phrase, PL_WORD_HISTORY_SOURCE_LINE));
    }
    pl_backtests_free(tests);
    pl_situation_free(s);
    return PL_OK;
}
