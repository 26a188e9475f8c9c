/* See section.h. */
#include "report/section.h"

#include <string.h>

static const struct {
    const char *id;
    pl_word heading;
} parts[PL_PART_COUNT] = {
#define X(id, heading) {#id, PL_WORD_##heading},
    PL_REPORT_PARTS(X)
#undef X
};

const char *pl_part_name(pl_part_id part) { return parts[part].id; }

pl_word pl_part_heading(pl_part_id part) { return parts[part].heading; }

void pl_section_open(pl_report *r) {
    const char *id = parts[r->part].id;
    r->tables = 0;
    pl_text_format(&r->out, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">", id, id, id);
    pl_html_word(&r->out, parts[r->part].heading, NULL);
    pl_text_put(&r->out, "</h2>\n");
}

static void put_paragraph(pl_report *r, const char *style, const pl_phrase *phrase) {
    pl_text_format(&r->out, "<p class=\"%s\">", style);
    pl_html_phrase(&r->out, phrase);
    pl_text_put(&r->out, "</p>\n");
}

void pl_section_caption(pl_report *r, const pl_phrase *phrase) { put_paragraph(r, "caption", phrase); }

void pl_section_say(pl_report *r, const pl_phrase *phrase) { put_paragraph(r, "text", phrase); }

void pl_section_figure(pl_report *r, const char *figure) {
    const char *id = parts[r->part].id;
    pl_text_format(&r->out, "<figure data-figure=\"%s\" data-part=\"%s\" aria-labelledby=\"%s-title\"></figure>\n", figure,
                   id, id);
}

void pl_section_figure_with(pl_report *r, const char *figure, const char *attributes) {
    pl_text_format(&r->out, "<figure data-figure=\"%s\" data-part=\"%s\" %s></figure>\n", figure, parts[r->part].id,
                   attributes);
}

void pl_section_figure_of(pl_report *r, const char *figure, const char *attributes, const pl_phrase *caption) {
    pl_text_format(&r->out, "<figure data-figure=\"%s\" data-part=\"%s\" %s><figcaption>", figure, parts[r->part].id,
                   attributes);
    pl_html_phrase(&r->out, caption);
    pl_text_put(&r->out, "</figcaption></figure>\n");
}

void pl_section_table(pl_report *r, const pl_phrase *caption, const pl_word *heads, size_t count) {
    const char *id = parts[r->part].id;
    pl_text *out = &r->out;
    int table = ++r->tables;
    r->table = out->length;
    pl_text_put(out, heads ? "<details class=\"table\"><summary>" : "<details class=\"table wide\"><summary>");
    pl_html_word(out, PL_WORD_TABLE, NULL);
    pl_text_put(out, ": ");
    pl_html_phrase(out, caption);
    pl_text_format(out, "</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"%s-table-%d\">"
                   "<table data-part=\"%s\">\n<caption id=\"%s-table-%d\">", id, table, id, id, table);
    pl_html_phrase(out, caption);
    pl_text_put(out, "</caption>\n");
    if (!heads) return;
    pl_text_put(out, "<thead><tr>");
    pl_html_heads(out, heads, count);
    pl_text_put(out, "</tr></thead>\n<tbody>\n");
}

void pl_section_profile_heads(pl_report *r) {
    pl_text *out = &r->out;
    pl_text_put(out, "<thead><tr><td></td>");
    for (int row = 0; row < r->comparison->rows; row++) {
        pl_text_put(out, "<th scope=\"col\">");
        pl_report_row_name(r, row);
        pl_text_put(out, "</th>");
    }
    pl_text_put(out, "</tr></thead>\n<tbody>\n");
}

static int count_rows(const pl_report *r) {
    int rows = 0;
    const char *at = r->out.failed || !r->out.data ? NULL : r->out.data + r->table;
    while (at && (at = strstr(at, "<tr"))) rows++, at++;
    return rows - 1; /* but for the heads */
}

/* Of a long table the first rows are printed, and a line says where the others are. */
void pl_section_table_end(pl_report *r) {
    enum { MOST_PRINTED = 200 }; /* web/page.css has the same number */
    int rows = count_rows(r);
    char printed[PL_ROUNDED_ROOM], all[PL_ROUNDED_ROOM];
    pl_text_put(&r->out, "</tbody></table>");
    if (rows > MOST_PRINTED) {
        pl_text_put(&r->out, "<p class=\"rest\">");
        pl_html_word(&r->out, PL_WORD_TABLE_REST, pl_html_rounded(MOST_PRINTED, 0, printed),
                     pl_html_rounded(rows, 0, all), NULL);
        pl_text_put(&r->out, "</p>");
    }
    pl_text_put(&r->out, "</div></details>\n");
}

void pl_section_close_with(pl_report *r, const pl_phrase *source) {
    put_paragraph(r, "source", source);
    pl_text_put(&r->out, "</section>\n");
}

void pl_section_close(pl_report *r, const char *command) {
    pl_phrase phrase;
    pl_phrase_start(&phrase, !command ? PL_WORD_SOURCE_FUTURES : *command ? PL_WORD_SOURCE_LINE : PL_WORD_SOURCE_SITUATION);
    pl_phrase_number(&phrase, (double)r->ensemble->futures, 0);
    pl_phrase_text(&phrase, command ? command : "");
    pl_section_close_with(r, &phrase);
}

void pl_section_data(pl_report *r, json_t *object) { pl_json_set(&r->data, parts[r->part].id, object); }
