/* Risks by profile: in what share of the futures each happens, with its interval, and the difference from the base. */
#include <math.h>
#include <string.h>

#include "report/section.h"

static const pl_risk_share *share_of(const pl_report *r, int risk, int row) {
    return &r->risks[risk * r->comparison->rows + row];
}

static void put_share(pl_report *r, const pl_risk_share *share, bool base) {
    pl_text *out = &r->out;
    char number[PL_ROUNDED_ROOM], points[PL_ROUNDED_ROOM];
    if (share->futures == 0) {
        pl_text_put(out, "-");
        return;
    }
    pl_text_format(out, "<b>%s %%</b>", pl_html_rounded(100 * share->share.estimate, 1, number));
    pl_report_range(r, 100 * share->share.low, 100 * share->share.high, 1);
    if (base) return;
    pl_text_format(out, "; %s", pl_html_signed(100 * share->difference.estimate, 1, points));
    pl_report_range(r, 100 * share->difference.low, 100 * share->difference.high, 1);
}

static void put_risk(pl_report *r, int risk) {
    const pl_risk *row = &r->situation->risks[risk];
    pl_text *out = &r->out;
    pl_text_put(out, "<tr><th scope=\"row\">");
    pl_html_title(out, row->title, row->name);
    pl_text_put(out, "<br><span class=\"note\">");
    pl_html_quoted(out, row->condition, strlen(row->condition));
    pl_text_put(out, "</span></th>");
    for (int k = 0; k < r->comparison->rows; k++) {
        pl_text_put(out, "<td>");
        put_share(r, share_of(r, risk, k), k == r->comparison->base_row);
        pl_text_put(out, "</td>");
    }
    pl_text_put(out, "</tr>\n");
}

typedef enum bound { ESTIMATE, LOW, HIGH } bound;

static json_t *bounds_array(const pl_report *r, bound which) {
    json_t *rows = json_array();
    for (int i = 0; i < r->situation->risk_count; i++) {
        json_t *row = json_array();
        for (int k = 0; k < r->comparison->rows; k++) {
            const pl_interval *share = &share_of(r, i, k)->share;
            double value = which == ESTIMATE ? share->estimate : which == LOW ? share->low : share->high;
            pl_json_append(&row, pl_json_rounded(value, 4));
        }
        pl_json_append(&rows, row);
    }
    return rows;
}

/* A heat map: {"rows": [risk], "columns": [profile], "values", "low", "high": [risk][profile]}. */
static json_t *risks_object(pl_report *r) {
    json_t *object = json_object(), *rows = json_array();
    for (int i = 0; i < r->situation->risk_count; i++)
        pl_json_append(&rows, pl_report_title_json(r->situation->risks[i].title, r->situation->risks[i].name));
    pl_json_set(&object, "rows", rows);
    pl_json_set(&object, "columns", pl_report_row_titles(r));
    pl_json_set(&object, "values", bounds_array(r, ESTIMATE));
    pl_json_set(&object, "low", bounds_array(r, LOW));
    pl_json_set(&object, "high", bounds_array(r, HIGH));
    pl_json_set(&object, "format", json_string("percent"));
    return object;
}

pl_status pl_part_risks(pl_report *r, pl_error *error) {
    (void)error;
    if (r->situation->risk_count == 0) return PL_OK;
    pl_phrase phrase;
    pl_section_open(r);
    pl_section_caption(r, pl_phrase_start(&phrase, PL_WORD_RISKS_LEAD));
    pl_section_figure(r, "heat");
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_RISKS_TABLE), NULL, 0);
    pl_section_profile_heads(r);
    for (int i = 0; i < r->situation->risk_count; i++) put_risk(r, i);
    pl_section_table_end(r);
    pl_section_data(r, risks_object(r));
    pl_section_close(r, "weigh");
    return PL_OK;
}
