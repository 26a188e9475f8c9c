/* What each course takes (who acts, cost, lead time, authority, whether it can be undone), and who bears what. */
#include <math.h>

#include "report/robust.h"
#include "report/section.h"

/* ---- what courses take -------------------------------------------------------------------------------- */

static const pl_word fact_words[PL_FACT_COUNT] = {
    [PL_FACT_WHO] = PL_WORD_FACT_WHO,
    [PL_FACT_COST] = PL_WORD_FACT_COST,
    [PL_FACT_LEAD] = PL_WORD_FACT_LEAD,
    [PL_FACT_AUTHORITY] = PL_WORD_FACT_AUTHORITY,
    [PL_FACT_REVERSIBLE] = PL_WORD_FACT_REVERSIBLE,
};

static bool has_facts(const pl_course *course) {
    for (int i = 0; i < PL_FACT_COUNT; i++)
        if (*course->facts[i].in[PL_EN]) return true;
    return false;
}

static bool any_facts(const pl_actor *actor) {
    for (int k = 0; k < actor->course_count; k++)
        if (has_facts(&actor->courses[k])) return true;
    return false;
}

static void put_course(pl_report *r, const pl_course *course) {
    pl_text_put(&r->out, "<tr><th scope=\"row\">");
    pl_html_title(&r->out, course->title, course->name);
    pl_text_put(&r->out, "</th>");
    for (int i = 0; i < PL_FACT_COUNT; i++) {
        pl_text_put(&r->out, "<td>");
        pl_html_title(&r->out, course->facts[i], "-");
        pl_text_put(&r->out, "</td>");
    }
    pl_text_put(&r->out, "<td>");
    if (*course->source) pl_report_source(r, course->source);
    else pl_html_word(&r->out, PL_WORD_NO_SOURCE, NULL);
    pl_text_put(&r->out, "</td></tr>\n");
}

pl_status pl_part_takes(pl_report *r, pl_error *error) {
    (void)error;
    bool some = false;
    pl_phrase phrase;
    pl_word heads[PL_FACT_COUNT + 2] = {PL_WORD_COURSE};
    for (int a = 0; a < r->situation->actor_count; a++) some = some || any_facts(&r->situation->actors[a]);
    if (!some) return PL_OK;
    for (int i = 0; i < PL_FACT_COUNT; i++) heads[i + 1] = fact_words[i];
    heads[PL_FACT_COUNT + 1] = PL_WORD_SOURCE;
    pl_section_open(r);
    pl_section_caption(r, pl_phrase_start(&phrase, PL_WORD_TAKES_LEAD));
    for (int a = 0; a < r->situation->actor_count; a++) {
        const pl_actor *actor = &r->situation->actors[a];
        if (!any_facts(actor)) continue;
        pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_PLAIN), actor->title, actor->name);
        pl_section_table(r, &phrase, heads, PL_FACT_COUNT + 2);
        for (int k = 0; k < actor->course_count; k++) put_course(r, &actor->courses[k]);
        pl_section_table_end(r);
    }
    pl_section_close(r, "");
    return PL_OK;
}

/* ---- who bears what -------------------------------------------------------------------------------------- */

/* "Mexican civilians: killings per year" in a language. */
static void name_burden(const pl_report *r, const pl_burden *b, pl_language language, char out[PL_NAME_ROOM]) {
    const pl_group *group = &r->situation->groups[b->group];
    const char *title = group->title.in[language];
    snprintf(out, PL_NAME_ROOM, "%s: %s", *title ? title : group->name,
             pl_measure_title(&r->situation->measures[b->measure], language));
}

static json_t *burdens_object(const pl_report *r, const pl_burdens *burdens) {
    json_t *object = json_object(), *columns = json_array(), *rows = json_array(), *values = json_array(),
           *tied = json_array();
    char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
    for (int row = 0; row < r->comparison->rows; row++) {
        if (row == r->comparison->base_row) continue;
        pl_comparison_row_name(r->comparison, row, PL_EN, en);
        pl_comparison_row_name(r->comparison, row, PL_ES, es);
        pl_json_append(&columns, pl_report_title_json((pl_title){{en, es}}, ""));
    }
    for (int i = 0; i < burdens->count; i++) {
        const pl_burden *b = &burdens->items[i];
        json_t *line = json_array(), *alike = json_array();
        name_burden(r, b, PL_EN, en);
        name_burden(r, b, PL_ES, es);
        pl_json_append(&rows, pl_report_title_json((pl_title){{en, es}}, ""));
        for (int row = 0; row < r->comparison->rows; row++) {
            if (row == r->comparison->base_row) continue;
            double better = b->better[row].estimate, worse = b->worse[row].estimate;
            pl_json_append(&line, pl_json_rounded(better - worse, 3));
            pl_json_append(&alike, json_boolean(better == 0 && worse == 0));
        }
        pl_json_append(&values, line);
        pl_json_append(&tied, alike);
    }
    pl_json_set(&object, "columns", columns);
    pl_json_set(&object, "rows", rows);
    pl_json_set(&object, "values", values);
    pl_json_set(&object, "tied", tied);
    pl_json_set(&object, "scale", json_string("diverging"));
    pl_json_set(&object, "format", json_string("percent"));
    return object;
}

static void put_burden_cell(pl_report *r, const pl_burden *b, int row) {
    const pl_spread *difference = &pl_comparison_cell(r->comparison, row, b->measure)->difference;
    char numbers[5][PL_ROUNDED_ROOM];
    double largest = 0;
    for (int k = 0; k < r->comparison->rows; k++)
        largest = fmax(largest, fabs(pl_comparison_cell(r->comparison, k, b->measure)->difference.median.estimate));
    pl_text_put(&r->out, "<td>");
    pl_html_word(&r->out, PL_WORD_BURDENS_CELL,
                 pl_html_signed(difference->median.estimate, pl_rounding(largest, PL_DIFFERENCE_DIGITS), numbers[0]),
                 pl_html_rounded(100 * b->worse[row].estimate, 0, numbers[1]),
                 pl_html_rounded(100 * b->worse[row].low, 0, numbers[2]),
                 pl_html_rounded(100 * b->worse[row].high, 0, numbers[3]),
                 pl_html_rounded(100 * b->better[row].estimate, 0, numbers[4]), NULL);
    pl_text_put(&r->out, "</td>");
}

static void put_burden(pl_report *r, const pl_burden *b) {
    char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
    name_burden(r, b, PL_EN, en);
    name_burden(r, b, PL_ES, es);
    pl_text_put(&r->out, "<tr><th scope=\"row\">");
    pl_html_title(&r->out, (pl_title){{en, es}}, "");
    pl_text_put(&r->out, "</th>");
    for (int row = 0; row < r->comparison->rows; row++) {
        if (row != r->comparison->base_row) {
            put_burden_cell(r, b, row);
            continue;
        }
        pl_text_put(&r->out, "<td>");
        pl_html_word(&r->out, PL_WORD_IS_BASE, NULL);
        pl_text_put(&r->out, "</td>");
    }
    pl_text_put(&r->out, "</tr>\n");
}

/* Whether a group is worse (or better) off by some measure in nearly all futures. */
static bool is_sure(const pl_burdens *burdens, int row, bool worse) {
    for (int i = 0; i < burdens->count; i++)
        if ((worse ? burdens->items[i].worse : burdens->items[i].better)[row].estimate >= 0.9) return true;
    return false;
}

pl_status pl_part_burdens(pl_report *r, pl_error *error) {
    const pl_weighing *w;
    pl_phrase phrase;
    pl_status status = pl_report_weigh(r, &w, error);
    int others = r->comparison->rows - (r->comparison->base_row >= 0), worse = 0, both = 0;
    if (status != PL_OK || !w || !w->burdens.count || others < 1) return status;
    for (int row = 0; row < r->comparison->rows; row++) {
        bool is_worse = row != r->comparison->base_row && is_sure(&w->burdens, row, true);
        worse += is_worse;
        both += is_worse && is_sure(&w->burdens, row, false);
    }
    pl_section_open(r);
    pl_phrase_start(&phrase, PL_WORD_BURDENS_LEAD);
    pl_phrase_number(&phrase, worse, 0);
    pl_phrase_number(&phrase, others, 0);
    pl_phrase_number(&phrase, both, 0);
    pl_section_caption(r, &phrase);
    pl_section_figure(r, "heat");
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_BURDENS_TABLE), NULL, 0);
    pl_section_profile_heads(r);
    for (int i = 0; i < w->burdens.count; i++) put_burden(r, &w->burdens.items[i]);
    pl_section_table_end(r);
    pl_section_data(r, burdens_object(r, &w->burdens));
    pl_section_close(r, "weigh");
    return PL_OK;
}
