/* The part "advice": what the sources recommend, each followed from the base on, by what it brings each actor, and by
 * what the sources themselves would judge it by.  It runs them: a report of a results file alone lacks it. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "report/section.h"
#include "study/recommendation.h"

enum { MOST_FUTURES = 200, MOST_NAME = 90 };

/* The recommendations that can be done, those first that the actors rank best together. */
static int sort_items(const pl_recommendations *a, const pl_recommendation **list) {
    int count = 0, actors = a->situation->actor_count;
    for (int i = 0; i < a->count; i++) {
        const pl_recommendation *item = &a->items[i];
        int place = count;
        if (item->variation < 0) continue;
        for (; place > 0; place--) {
            int own = 0, other = 0;
            for (int k = 0; k < actors; k++) own += item->actors[k].rank, other += list[place - 1]->actors[k].rank;
            if (own >= other) break;
            list[place] = list[place - 1];
        }
        list[place] = item;
        count++;
    }
    return count;
}

/* ---- tables ----------------------------------------------------------------------------------------------- */

static void put_names(pl_report *r, const pl_recommendation *item) {
    pl_text_put(&r->out, "<tr><th scope=\"row\">");
    pl_html_escape(&r->out, item->claim->id);
    pl_text_put(&r->out, "</th><td>");
    pl_html_title(&r->out, item->claim->text, item->claim->id);
    pl_text_put(&r->out, "</td>");
}

static void put_payoff(pl_report *r, const pl_recommended *own) {
    char numbers[6][PL_ROUNDED_ROOM];
    pl_interval median = own->difference.median;
    int decimals = pl_rounding(fmax(fabs(median.low), fabs(median.high)), PL_DIFFERENCE_DIGITS);
    pl_text_put(&r->out, "<td>");
    pl_html_word(&r->out, PL_WORD_ADVICE_CELL, pl_html_rounded(own->rank, 0, numbers[0]),
                 pl_html_signed(median.estimate, decimals, numbers[1]), pl_html_rounded(median.low, decimals, numbers[2]),
                 pl_html_rounded(median.high, decimals, numbers[3]), pl_html_rounded(100 * own->wins.estimate, 0, numbers[4]),
                 pl_html_rounded(100 * own->loses.estimate, 0, numbers[5]), NULL);
    pl_text_put(&r->out, "</td>");
}

static void put_head(pl_report *r, pl_title title, const char *name, pl_title units) {
    pl_text_put(&r->out, "<th scope=\"col\">");
    pl_html_title(&r->out, title, name);
    pl_report_put_units(r, units);
    pl_text_put(&r->out, "</th>");
}

static void open_table(pl_report *r, pl_word caption) {
    static const pl_word heads[] = {PL_WORD_CLAIM_ID, PL_WORD_ADVICE_TEXT};
    pl_phrase phrase;
    pl_section_table(r, pl_phrase_start(&phrase, caption), NULL, 0);
    pl_text_put(&r->out, "<thead><tr>");
    pl_html_heads(&r->out, heads, sizeof heads / sizeof *heads);
}

static const pl_title none = {{"", ""}}; /* units */

static void put_payoffs(pl_report *r, const pl_recommendations *a, const pl_recommendation *const *list, int count) {
    open_table(r, PL_WORD_ADVICE_TABLE);
    for (int k = 0; k < a->situation->actor_count; k++)
        put_head(r, a->situation->actors[k].title, a->situation->actors[k].name, none);
    pl_text_put(&r->out, "</tr></thead>\n<tbody>\n");
    for (int i = 0; i < count; i++) {
        put_names(r, list[i]);
        for (int k = 0; k < a->situation->actor_count; k++) put_payoff(r, &list[i]->actors[k]);
        pl_text_put(&r->out, "</tr>\n");
    }
    pl_section_table_end(r);
}

static void put_interval(pl_report *r, pl_interval value, double scale, const char *unit) {
    char number[PL_ROUNDED_ROOM];
    int decimals = *unit ? 0 : pl_rounding(fmax(fabs(value.low), fabs(value.high)), PL_DIFFERENCE_DIGITS);
    pl_text_format(&r->out, "<td>%s%s",
                   *unit ? pl_html_rounded(scale * value.estimate, decimals, number)
                         : pl_html_signed(scale * value.estimate, decimals, number), unit);
    pl_report_range(r, scale * value.low, scale * value.high, decimals);
    pl_text_put(&r->out, "</td>");
}

static void put_yardsticks(pl_report *r, const pl_recommendations *a, const pl_recommendation *const *list, int count) {
    const pl_situation *s = a->situation;
    if (!a->measure_count && !a->risk_count) return;
    open_table(r, PL_WORD_ADVICE_YARDSTICKS);
    for (int k = 0; k < a->measure_count; k++) {
        const pl_measure *m = &s->measures[a->measures[k]];
        put_head(r, m->title, m->name, pl_report_units(r, a->measures[k]));
    }
    for (int k = 0; k < a->risk_count; k++) put_head(r, s->risks[a->risks[k]].title, s->risks[a->risks[k]].name, none);
    pl_text_put(&r->out, "</tr></thead>\n<tbody>\n");
    for (int i = 0; i < count; i++) {
        put_names(r, list[i]);
        for (int k = 0; k < a->measure_count; k++) put_interval(r, list[i]->measures[k], 1, "");
        for (int k = 0; k < a->risk_count; k++) put_interval(r, list[i]->risks[k], 100, " %");
        pl_text_put(&r->out, "</tr>\n");
    }
    pl_section_table_end(r);
}

/* ---- the data --------------------------------------------------------------------------------------------- */

/* The first letters of a text, cut between two words. */
static void cut(const char *text, char out[MOST_NAME + 8]) {
    size_t length = strlen(text), end = length;
    if (length > MOST_NAME)
        for (end = MOST_NAME; end > 0 && text[end] != ' ';) end--;
    snprintf(out, MOST_NAME + 8, "%.*s%s", (int)end, text, end < length ? "\u2026" : "");
}

/* A heat map: {"rows": [recommendation], "columns": [actor], "values": shares of futures that are better}. */
static json_t *advice_json(const pl_recommendations *a, const pl_recommendation *const *list, int count) {
    json_t *object = json_object(), *rows = json_array(), *columns = json_array(), *values = json_array();
    for (int k = 0; k < a->situation->actor_count; k++)
        pl_json_append(&columns, pl_report_title_json(a->situation->actors[k].title, a->situation->actors[k].name));
    for (int i = 0; i < count; i++) {
        char names[PL_LANGUAGES][MOST_NAME + 8];
        json_t *row = json_array();
        for (int language = 0; language < PL_LANGUAGES; language++) cut(list[i]->claim->text.in[language], names[language]);
        pl_json_append(&rows, pl_report_title_json((pl_title){{names[PL_EN], names[PL_ES]}}, list[i]->claim->id));
        for (int k = 0; k < a->situation->actor_count; k++)
            pl_json_append(&row, pl_json_rounded(list[i]->actors[k].wins.estimate, 3));
        pl_json_append(&values, row);
    }
    pl_json_set(&object, "rows", rows);
    pl_json_set(&object, "columns", columns);
    pl_json_set(&object, "values", values);
    pl_json_set(&object, "format", json_string("percent"));
    return object;
}

/* ---- the part --------------------------------------------------------------------------------------------- */

static void put_advice(pl_report *r, const pl_recommendations *a, const pl_recommendation **list) {
    pl_phrase phrase;
    int count = sort_items(a, list);
    pl_section_open(r);
    pl_phrase_number(pl_phrase_start(&phrase, PL_WORD_ADVICE_LEAD), a->count, 0);
    pl_phrase_number(&phrase, count, 0);
    pl_phrase_number(&phrase, (double)a->futures, 0);
    pl_section_caption(r, &phrase);
    pl_section_figure(r, "heat");
    pl_section_say(r, pl_phrase_start(&phrase, PL_WORD_ADVICE_SIZE));
    put_payoffs(r, a, list, count);
    put_yardsticks(r, a, list, count);
    pl_section_data(r, advice_json(a, list, count));
    pl_section_close(r, "weigh --recommended");
}

pl_status pl_part_advice(pl_report *r, pl_error *error) {
    pl_recommendations *advice = NULL;
    if (!r->options.situation_path || !r->situation->claims || !r->situation->actor_count) return PL_OK;
    pl_claims_options options = {.futures = r->ensemble->futures < MOST_FUTURES ? r->ensemble->futures : MOST_FUTURES,
                                 .seed_given = 1,
                                 .seed = r->ensemble->seed,
                                 .threads = r->options.threads,
                                 .progress = r->options.progress,
                                 .context = r->options.context};
    pl_status status = pl_recommendations_weigh(r->options.situation_path, &options, &advice, NULL, error);
    if (status == PL_NO_DATA) return PL_OK;
    if (status != PL_OK) return status;
    const pl_recommendation **list = pl_allocate(((size_t)advice->count + 1) * sizeof *list);
    if (!list) status = pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    else if (advice->done_count) put_advice(r, advice, list);
    pl_release(list);
    pl_recommendations_free(advice);
    return status;
}
