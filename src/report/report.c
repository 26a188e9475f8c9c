/* The report: one HTML file that needs nothing else.  This file gathers what several parts tell of, lets them write
 * (parts.h), and puts the page's frame around: the head with the styles, the opening, the contents, the data object and
 * the scripts of web/. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "model/units.h"
#include "report/page.h"
#include "report/section.h"

void pl_report_row_name(pl_report *report, int row) {
    char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
    pl_comparison_row_name(report->comparison, row, PL_EN, en);
    pl_comparison_row_name(report->comparison, row, PL_ES, es);
    pl_html_title(&report->out, (pl_title){{en, es}}, "");
}

void pl_phrase_row(pl_phrase *phrase, const pl_report *report, int row) {
    char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
    pl_comparison_row_name(report->comparison, row, PL_EN, en);
    pl_comparison_row_name(report->comparison, row, PL_ES, es);
    pl_phrase_title(phrase, (pl_title){{en, es}}, "");
}

void pl_phrase_input(pl_phrase *phrase, const pl_report *report, int input) {
    const pl_situation *s = report->situation;
    if (input < s->uncertainty_count) {
        pl_phrase_title(phrase, s->uncertainties[input].title, s->uncertainties[input].name);
        return;
    }
    const pl_drawn_weight *weight = &s->weights[input - s->uncertainty_count];
    const pl_actor *actor = &s->actors[weight->actor];
    const pl_measure *measure = &s->measures[actor->wants[weight->want].measure];
    pl_phrase of;
    pl_phrase_title(pl_phrase_start(&of, PL_WORD_WEIGHT_OF), measure->title, measure->name);
    pl_phrase_title(&of, actor->title, actor->name);
    pl_phrase_phrase(phrase, &of);
}

static pl_title word_title(pl_word word) { return (pl_title){{pl_word_text(word, PL_EN), pl_word_text(word, PL_ES)}}; }

/* Units that the measure itself declares are taken as they stand. */
pl_title pl_report_units(const pl_report *report, int measure) {
    const pl_measure *m = &report->situation->measures[measure];
    pl_title own = pl_situation_units_title(report->situation, m->units);
    if (!*m->units && !*m->units_title.in[PL_EN]) return (pl_title){{"", ""}};
    if (strcmp(own.in[PL_EN], m->units_title.in[PL_EN]) == 0) {
        if (pl_units_mean_none(m->units)) return word_title(PL_WORD_UNITS_INDEX);
        if (strcasecmp(m->units, "percent") == 0 || strcmp(m->units, "%") == 0) return word_title(PL_WORD_UNITS_POINTS);
    }
    return m->units_title;
}

void pl_report_put_units(pl_report *report, pl_title units) {
    if (!*units.in[PL_EN]) return;
    pl_text_put(&report->out, " <span class=\"note\">");
    pl_html_title(&report->out, units, "");
    pl_text_put(&report->out, "</span>");
}

void pl_phrase_in_units(pl_phrase *phrase, pl_title what, pl_title units) {
    pl_phrase both;
    pl_phrase_title(pl_phrase_start(&both, *units.in[PL_EN] ? PL_WORD_IN_UNITS : PL_WORD_PLAIN), what, "");
    pl_phrase_title(&both, units, "");
    pl_phrase_phrase(phrase, &both);
}

void pl_report_source(pl_report *report, const char *source) {
    static const char judged[] = "judged";
    for (const char *at = source, *found; *at; at = found + sizeof judged - 1) {
        found = strstr(at, judged);
        pl_html_quoted(&report->out, at, found ? (size_t)(found - at) : strlen(at));
        if (!found) return;
        pl_html_word(&report->out, PL_WORD_JUDGED, NULL);
    }
}

static void append(char out[PL_VALUE_ROOM], const char *more) {
    size_t used = strlen(out);
    snprintf(out + used, PL_VALUE_ROOM - used, "%s", more);
}

void pl_phrase_profile(pl_phrase *phrase, const pl_report *report, long profile) {
    char texts[PL_LANGUAGES][PL_VALUE_ROOM] = {{0}};
    const pl_situation *s = report->situation;
    for (int language = 0; language < PL_LANGUAGES; language++)
        for (int a = 0; a < s->actor_count; a++) {
            const pl_course *course = &s->actors[a].courses[pl_situation_course(s, profile, a)];
            if (a) append(texts[language], "; ");
            append(texts[language], pl_actor_title(&s->actors[a], (pl_language)language));
            append(texts[language], ": ");
            append(texts[language], pl_course_title(course, (pl_language)language));
        }
    pl_phrase_title(phrase, (pl_title){{texts[PL_EN], texts[PL_ES]}}, "");
}

void pl_report_range(pl_report *report, double low, double high, int decimals) {
    char first[PL_ROUNDED_ROOM], second[PL_ROUNDED_ROOM];
    if (isnan(low) || isnan(high)) return;
    pl_text_format(&report->out, " (%s … %s)", pl_html_rounded(low, decimals, first),
                   pl_html_rounded(high, decimals, second));
}

void pl_report_pair(pl_report *report, pl_word word, double low, double high, int decimals) {
    char first[PL_ROUNDED_ROOM], second[PL_ROUNDED_ROOM];
    pl_html_rounded(low, decimals, first);
    pl_html_rounded(high, decimals, second);
    pl_html_word(&report->out, word, first, second, NULL);
}

/* ---- the parts ----------------------------------------------------------------------------------------- */

/* Where a part's section stands in the text of all parts; length 0: it wrote nothing. */
typedef struct extent {
    size_t from, length;
} extent;

static pl_status write_parts(pl_report *r, extent extents[PL_PART_COUNT], pl_error *error) {
    static pl_status (*const write[PL_PART_COUNT])(pl_report *, pl_error *) = {
#define X(id, heading) pl_part_##id,
        PL_REPORT_PARTS(X)
#undef X
    };
    pl_status status = PL_OK;
    for (int part = 0; part < PL_PART_COUNT && status == PL_OK; part++) {
        r->part = (pl_part_id)part;
        extents[part].from = r->out.length;
        status = write[part](r, error);
        extents[part].length = r->out.length - extents[part].from;
    }
    return status;
}

/* ---- the data ------------------------------------------------------------------------------------------ */

json_t *pl_report_title_json(pl_title title, const char *name) {
    json_t *pair = json_array();
    for (int i = 0; i < PL_LANGUAGES; i++) pl_json_append(&pair, pl_json_text(*title.in[i] ? title.in[i] : name));
    return pair;
}

json_t *pl_report_row_titles(const pl_report *r) {
    json_t *rows = json_array();
    for (int row = 0; row < r->comparison->rows; row++) {
        char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
        pl_comparison_row_name(r->comparison, row, PL_EN, en);
        pl_comparison_row_name(r->comparison, row, PL_ES, es);
        pl_json_append(&rows, pl_report_title_json((pl_title){{en, es}}, ""));
    }
    return rows;
}

static json_t *actor_objects(const pl_situation *s) {
    json_t *actors = json_array();
    for (int a = 0; a < s->actor_count; a++) {
        const pl_actor *actor = &s->actors[a];
        json_t *object = json_object(), *courses = json_array();
        for (int k = 0; k < actor->course_count; k++)
            pl_json_append(&courses, pl_report_title_json(actor->courses[k].title, actor->courses[k].name));
        pl_json_set(&object, "title", pl_report_title_json(actor->title, actor->name));
        pl_json_set(&object, "courses", courses);
        pl_json_append(&actors, object);
    }
    return actors;
}

static json_t *measure_objects(const pl_situation *s) {
    json_t *measures = json_array();
    for (int m = 0; m < s->measure_count; m++) {
        const pl_measure *measure = &s->measures[m];
        json_t *object = json_object();
        pl_json_set(&object, "title", pl_report_title_json(measure->title, measure->name));
        pl_json_set(&object, "units", pl_report_title_json(measure->units_title, measure->units ? measure->units : ""));
        pl_json_append(&measures, object);
    }
    return measures;
}

static json_t *page_words(void) {
    json_t *words = json_object();
    for (int i = 0; i < PL_WORD_COUNT; i++)
        if (pl_words[i].of_page)
            pl_json_set(&words, pl_words[i].id, pl_report_title_json((pl_title){{pl_words[i].text[PL_EN],
                                                                                 pl_words[i].text[PL_ES]}}, ""));
    return words;
}

static json_t *page_data(pl_report *r) {
    json_t *data = json_object();
    pl_json_set(&data, "version", json_string(PL_VERSION));
    pl_json_set(&data, "title", pl_report_title_json(r->situation->title, r->situation->folder));
    pl_json_set(&data, "futures", json_integer(r->ensemble->futures));
    pl_json_set(&data, "profiles", pl_report_row_titles(r));
    pl_json_set(&data, "base", json_integer(r->comparison->base_row));
    pl_json_set(&data, "actors", actor_objects(r->situation));
    pl_json_set(&data, "measures", measure_objects(r->situation));
    pl_json_set(&data, "words", page_words());
    if (r->options.served) pl_json_set(&data, "served", json_integer(r->options.served));
    pl_json_set(&data, "parts", r->data);
    r->data = NULL;
    return data;
}

/* ---- the frame ----------------------------------------------------------------------------------------- */

static void put_files(pl_text *out, const char *ending) {
    for (const pl_page_file *file = pl_page_files; file->name; file++) {
        size_t length = strlen(file->name), end = strlen(ending);
        if (length < end || strcmp(file->name + length - end, ending) != 0) continue;
        for (const char *const *text = file->texts; *text; text++) pl_text_put(out, *text);
    }
}

void pl_report_put_script(pl_text *out) {
    pl_text_put(out, "\n");
    put_files(out, ".js");
}

static void put_attribute(pl_text *out, const char *name, const char *value) {
    pl_text_format(out, " %s=\"", name);
    pl_html_escape(out, value);
    pl_text_put(out, "\"");
}

static const char *title_in(const pl_report *r, pl_language language) {
    const char *title = r->situation->title.in[language];
    return *title ? title : r->situation->folder;
}

static void put_head(const pl_report *r, pl_text *out) {
    pl_text_put(out, "<!DOCTYPE html>\n<html lang=\"en\"");
    put_attribute(out, "data-en", title_in(r, PL_EN));
    put_attribute(out, "data-es", title_in(r, PL_ES));
    pl_text_put(out, ">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    pl_html_escape(out, title_in(r, PL_EN));
    pl_text_format(out, "</title>\n<meta name=\"generator\" content=\"parley %s\">\n"
                   "<link rel=\"icon\" href=\"data:,\">\n<style>\n", PL_VERSION);
    put_files(out, ".css");
    pl_text_put(out, "</style>\n</head>\n<body>\n");
}

/* Two radio buttons, which work without a script, too. */
static void put_languages(pl_text *out) {
    pl_text_put(out, "<fieldset class=\"languages\"><legend>");
    pl_html_word(out, PL_WORD_LANGUAGE, NULL);
    pl_text_put(out, "</legend><input type=\"radio\" name=\"language\" id=\"to-en\" checked>"
                     "<label for=\"to-en\" lang=\"en\">English</label>"
                     "<input type=\"radio\" name=\"language\" id=\"to-es\">"
                     "<label for=\"to-es\" lang=\"es\">Español</label></fieldset>\n");
}

/* "United States, Mexico and Cartels" */
static void join_actors(const pl_situation *s, pl_language language, char out[PL_VALUE_ROOM]) {
    size_t used = 0;
    *out = 0;
    for (int a = 0; a < s->actor_count && used < PL_VALUE_ROOM; a++) {
        const char *between = a == 0 ? "" : a + 1 < s->actor_count ? ", " : pl_word_text(PL_WORD_AND, language);
        int written = snprintf(out + used, PL_VALUE_ROOM - used, "%s%s", between,
                               pl_actor_title(&s->actors[a], language));
        used += written > 0 ? (size_t)written : 0;
    }
}

static void put_question(const pl_report *r, pl_text *out) {
    char en[PL_VALUE_ROOM], es[PL_VALUE_ROOM];
    pl_phrase phrase;
    if (r->situation->actor_count == 0) return;
    join_actors(r->situation, PL_EN, en);
    join_actors(r->situation, PL_ES, es);
    pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_QUESTION), (pl_title){{en, es}}, "");
    pl_text_put(out, "<p class=\"question\">");
    pl_html_phrase(out, &phrase);
    pl_text_put(out, "</p>\n");
}

/* "United States 3, Mexico 2": how many courses of each take part. */
static void put_chosen(const pl_report *r, pl_text *out) {
    char texts[PL_LANGUAGES][PL_VALUE_ROOM] = {{0}};
    pl_phrase phrase;
    for (int language = 0; language < PL_LANGUAGES; language++)
        for (int a = 0; a < r->situation->actor_count; a++) {
            size_t used = strlen(texts[language]);
            snprintf(texts[language] + used, PL_VALUE_ROOM - used, "%s%s %d", a ? ", " : "",
                     pl_actor_title(&r->situation->actors[a], (pl_language)language), r->situation->actors[a].course_count);
        }
    pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_FACTS_CHOSEN), (pl_title){{texts[PL_EN], texts[PL_ES]}}, "");
    pl_text_put(out, " ");
    pl_html_phrase(out, &phrase);
}

static void put_facts(const pl_report *r, pl_text *out) {
    char profiles[PL_ROUNDED_ROOM], futures[PL_ROUNDED_ROOM], failed[PL_ROUNDED_ROOM];
    pl_text_put(out, "<p class=\"note\">");
    pl_html_word(out, r->ensemble->profiles == 1 ? PL_WORD_FACTS_ONE : PL_WORD_FACTS,
                 pl_html_rounded((double)r->ensemble->profiles, 0, profiles),
                 pl_html_rounded((double)r->ensemble->futures, 0, futures), NULL);
    if (r->situation->chosen_length) put_chosen(r, out);
    if (r->ensemble->failed_count) {
        pl_text_put(out, " ");
        pl_html_word(out, PL_WORD_FAILED, pl_html_rounded((double)r->ensemble->failed_count, 0, failed), NULL);
    }
    pl_text_put(out, "</p>\n");
}

static void put_opening(const pl_report *r, pl_text *out) {
    pl_text_put(out, "<a class=\"skip\" href=\"#main\">");
    pl_html_word(out, PL_WORD_SKIP, NULL);
    pl_text_put(out, "</a>\n<header>\n");
    put_languages(out);
    pl_text_put(out, "<p class=\"kind\">");
    pl_html_word(out, PL_WORD_KIND, NULL);
    pl_text_put(out, "</p>\n<h1>");
    pl_html_title(out, r->situation->title, r->situation->folder);
    pl_text_put(out, "</h1>\n");
    put_question(r, out);
    if (*r->situation->text_title.in[PL_EN]) {
        pl_text_put(out, "<p class=\"lede\">");
        pl_html_title(out, r->situation->text_title, "");
        pl_text_put(out, "</p>\n");
    }
    put_facts(r, out);
    pl_text_put(out, "</header>\n");
}

static void put_contents(pl_text *out, const extent extents[PL_PART_COUNT]) {
    pl_text_put(out, "<nav aria-labelledby=\"contents-title\"><h2 id=\"contents-title\">");
    pl_html_word(out, PL_WORD_CONTENTS, NULL);
    pl_text_put(out, "</h2>\n<ul>\n");
    for (int part = 0; part < PL_PART_COUNT; part++) {
        if (extents[part].length == 0) continue;
        pl_text_format(out, "<li><a href=\"#%s\">", pl_part_name((pl_part_id)part));
        pl_html_word(out, pl_part_heading((pl_part_id)part), NULL);
        pl_text_put(out, "</a></li>\n");
    }
    pl_text_put(out, "</ul></nav>\n");
}

static void put_end(pl_text *out, const json_t *data) {
    pl_text_put(out, "</main>\n<footer><p>");
    pl_html_word(out, PL_WORD_MADE_BY, PL_VERSION, NULL);
    pl_text_put(out, "</p></footer>\n<script type=\"application/json\" id=\"parley-data\">");
    pl_json_put_script(out, data);
    pl_text_put(out, "</script>\n<script>");
    pl_report_put_script(out);
    pl_text_put(out, "</script>\n</body>\n</html>\n");
}

static void put_page(pl_report *r, const extent extents[PL_PART_COUNT], pl_text *out) {
    json_t *data = page_data(r);
    put_head(r, out);
    put_opening(r, out);
    pl_text_put(out, "<main id=\"main\">\n");
    extent first = extents[PL_PART_findings]; /* the contents stand behind the findings */
    if (r->out.length) pl_text_put_bytes(out, r->out.data, first.length);
    put_contents(out, extents);
    if (r->out.length) pl_text_put_bytes(out, r->out.data + first.length, r->out.length - first.length);
    put_end(out, data);
    out->failed |= r->out.failed;
    json_decref(data);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static pl_status gather(pl_report *r, pl_error *error) {
    pl_status status = pl_ensemble_compare(r->ensemble, 0, &r->comparison, error);
    if (status != PL_OK) return status;
    const pl_comparison *c = r->comparison;
    if (r->situation->actor_count) {
        status = pl_ensemble_play(r->ensemble, NULL, &r->play, error);
        if (status == PL_INVALID) status = PL_OK; /* no future with all payoffs: a report without a game */
        if (status != PL_OK) return status;
    }
    r->risks = pl_allocate((size_t)(r->situation->risk_count * c->rows + 1) * sizeof *r->risks);
    if (!r->risks) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    status = pl_ensemble_risks(r->ensemble, c->profile, c->rows, r->risks, error);
    return status == PL_OK ? pl_fans_make(r->ensemble, c->profile, c->rows, &r->fans, error) : status;
}

static pl_status make_page(pl_report *r, pl_text *page, pl_error *error) {
    extent extents[PL_PART_COUNT];
    pl_status status = gather(r, error);
    if (status == PL_OK) status = write_parts(r, extents, error);
    if (status == PL_OK) put_page(r, extents, page);
    return status;
}

pl_status pl_report_print(const pl_ensemble *ensemble, const pl_report_options *options, char **text, size_t *length,
                          pl_error *error) {
    pl_report report = {.ensemble = ensemble, .situation = ensemble->situation, .data = json_object()};
    pl_text page = {0};
    if (options) report.options = *options;
    *text = NULL;
    pl_status status = make_page(&report, &page, error);
    if (status == PL_OK) {
        status = pl_text_finish(&page, text, length);
        if (status != PL_OK) pl_error_set(error, status, NULL, 0, 0, "out of memory");
    } else {
        pl_release(page.data);
    }
    json_decref(report.data);
    pl_release(report.out.data);
    pl_fans_free(report.fans);
    pl_release(report.risks);
    pl_weighing_free(report.weighing);
    pl_history_free(report.history);
    pl_play_free(report.play);
    pl_comparison_free(report.comparison);
    return status;
}
