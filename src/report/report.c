/* The report: one HTML file that needs nothing else.  This file gathers what the studies found and writes the page's
 * frame; its sections are in inputs.c, outcomes.c and equilibria.c, its texts in words.h, its looks in style.c. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ensemble/design.h"
#include "report/style.h"

void pl_report_row_name(pl_report *report, int row) {
    char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
    pl_comparison_row_name(report->comparison, row, PL_EN, en);
    pl_comparison_row_name(report->comparison, row, PL_ES, es);
    pl_html_title(&report->out, (pl_title){{en, es}}, "");
}

void pl_report_pair(pl_report *report, pl_word word, double low, double high, int decimals) {
    char first[PL_ROUNDED_ROOM], second[PL_ROUNDED_ROOM];
    pl_html_rounded(low, decimals, first);
    pl_html_rounded(high, decimals, second);
    pl_html_word(&report->out, word, first, second, NULL);
}

/* ---- the frame ---------------------------------------------------------------------------------------- */

static void put_all(pl_text *out, const char *const *texts) {
    for (; *texts; texts++) pl_text_put(out, *texts);
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

static void put_head(pl_report *r) {
    pl_text *out = &r->out;
    pl_text_put(out, "<!DOCTYPE html>\n<html lang=\"en\"");
    put_attribute(out, "data-en", title_in(r, PL_EN));
    put_attribute(out, "data-es", title_in(r, PL_ES));
    pl_text_put(out, ">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    pl_html_escape(out, title_in(r, PL_EN));
    pl_text_format(out, "</title>\n<meta name=\"generator\" content=\"parley %s\">\n<style>\n", PL_VERSION);
    put_all(out, pl_report_style);
    pl_text_put(out, "</style>\n</head>\n<body>\n"
                     "<input class=\"switch\" type=\"radio\" name=\"language\" id=\"to-en\" checked>\n"
                     "<input class=\"switch\" type=\"radio\" name=\"language\" id=\"to-es\">\n"
                     "<div class=\"languages\"><label for=\"to-en\" lang=\"en\">English</label>"
                     "<label for=\"to-es\" lang=\"es\">Español</label></div>\n<div class=\"page\">\n");
}

static void put_facts(pl_report *r) {
    char profiles[PL_ROUNDED_ROOM], futures[PL_ROUNDED_ROOM], failed[PL_ROUNDED_ROOM];
    pl_text *out = &r->out;
    pl_text_put(out, "<p class=\"note\">");
    pl_html_word(out, r->ensemble->profiles == 1 ? PL_WORD_FACTS_ONE : PL_WORD_FACTS,
                 pl_html_rounded((double)r->ensemble->profiles, 0, profiles),
                 pl_html_rounded((double)r->ensemble->futures, 0, futures), NULL);
    if (r->ensemble->failed_count) {
        pl_text_put(out, " ");
        pl_html_word(out, PL_WORD_FAILED, pl_html_rounded((double)r->ensemble->failed_count, 0, failed), NULL);
    }
    pl_text_put(out, "</p>\n");
}

/* X(id of the section, its heading, whether it is there) */
#define SECTIONS(X)                                          \
    X("reading", READING, true)                              \
    X("outcomes", OUTCOMES, true)                            \
    X("game", GAME, r->play != NULL)                         \
    X("time", TIME, r->fans->variable_count > 0)             \
    X("risks", RISKS, r->situation->risk_count > 0)          \
    X("actors", ACTORS, r->situation->actor_count > 0)       \
    X("uncertain", UNCERTAIN, r->situation->uncertainty_count > 0) \
    X("about", ABOUT, true)

static void put_contents(pl_report *r) {
    pl_text *out = &r->out;
    pl_text_put(out, "<nav aria-label=\"Contents, contenido\"><ul>\n");
#define X(id, word, there)                                    \
    if (there) {                                              \
        pl_text_put(out, "<li><a href=\"#" id "\">");         \
        pl_html_word(out, PL_WORD_##word, NULL);              \
        pl_text_put(out, "</a></li>\n");                      \
    }
    SECTIONS(X)
#undef X
    pl_text_put(out, "</ul></nav>\n");
}

static void put_opening(pl_report *r) {
    pl_text *out = &r->out;
    pl_text_put(out, "<header>\n<p class=\"kind\">");
    pl_html_word(out, PL_WORD_KIND, NULL);
    pl_text_put(out, "</p>\n<h1>");
    pl_html_title(out, r->situation->title, r->situation->folder);
    pl_text_put(out, "</h1>\n");
    if (*r->situation->text_title.in[PL_EN]) {
        pl_text_put(out, "<p class=\"lede\">");
        pl_html_title(out, r->situation->text_title, "");
        pl_text_put(out, "</p>\n");
    }
    put_facts(r);
    put_contents(r);
    pl_text_put(out, "</header>\n<main>\n");
}

static void put_reading(pl_report *r) {
    static const char *const codes[PL_LANGUAGES] = {"en", "es"};
    pl_text *out = &r->out;
    pl_html_section(out, "reading", PL_WORD_READING);
    pl_text_put(out, "<ul>\n");
    pl_html_element(out, "li", PL_WORD_READING_FUTURE);
    pl_html_element(out, "li", PL_WORD_READING_RANGE);
    if (r->ensemble->profiles > 1) {
        pl_text_put(out, "<li>");
        for (int language = 0; language < PL_LANGUAGES; language++) {
            char base[PL_NAME_ROOM];
            const char *values[PL_WORD_VALUES] = {base};
            pl_ensemble_profile_name(r->ensemble, r->ensemble->base, (pl_language)language, base, sizeof base);
            pl_text_format(out, "<span lang=\"%s\">", codes[language]);
            pl_html_word_in(out, (pl_language)language, PL_WORD_READING_BASE, values);
            pl_text_put(out, "</span>");
        }
        pl_text_put(out, "</li>\n");
    }
    pl_text_put(out, "</ul>\n</section>\n");
}

static const char *file_name(const char *path) {
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path ? path : "";
}

static void put_about(pl_report *r) {
    static const char *const codes[PL_LANGUAGES] = {"en", "es"};
    char futures[PL_ROUNDED_ROOM], seed[32];
    pl_text *out = &r->out;
    pl_html_section(out, "about", PL_WORD_ABOUT);
    pl_html_element(out, "p", PL_WORD_ABOUT_MODEL);
    if (r->situation->actor_count) pl_html_element(out, "p", PL_WORD_ABOUT_WANTS);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->ensemble->seed);
    pl_html_rounded((double)r->ensemble->futures, 0, futures);
    static const pl_word designs[PL_DESIGN_COUNT] = {[PL_DESIGN_RANDOM] = PL_WORD_RANDOM,
                                                     [PL_DESIGN_LATIN] = PL_WORD_LATIN,
                                                     [PL_DESIGN_HALTON] = PL_WORD_HALTON}; /* the samples */
    pl_word design = designs[pl_design_of(r->situation).kind];
    pl_text_put(out, "<p class=\"note\">");
    for (int language = 0; language < PL_LANGUAGES; language++) {
        const char *values[PL_WORD_VALUES] = {file_name(r->situation->model->file), futures,
                                              pl_word_text(design, (pl_language)language), seed};
        pl_text_format(out, "<span lang=\"%s\">", codes[language]);
        pl_html_word_in(out, (pl_language)language, PL_WORD_ABOUT_REPEAT, values);
        pl_text_put(out, "</span>");
    }
    pl_text_put(out, "</p>\n</section>\n</main>\n<footer>");
    pl_html_word(out, PL_WORD_MADE_BY, PL_VERSION, NULL);
    pl_text_put(out, "</footer>\n</div>\n<script>\n");
    put_all(out, pl_report_script);
    pl_text_put(out, "</script>\n</body>\n</html>\n");
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

static void put_page(pl_report *r) {
    put_head(r);
    put_opening(r);
    put_reading(r);
    pl_report_outcomes(r);
    pl_report_game(r);
    pl_report_fans(r);
    pl_report_risks(r);
    pl_report_actors(r);
    pl_report_uncertainties(r);
    put_about(r);
}

pl_status pl_report_print(const pl_ensemble *ensemble, char **text, size_t *length, pl_error *error) {
    pl_report report = {.ensemble = ensemble, .situation = ensemble->situation};
    *text = NULL;
    pl_status status = gather(&report, error);
    if (status == PL_OK) {
        put_page(&report);
        status = pl_text_finish(&report.out, text, length);
        if (status != PL_OK) pl_error_set(error, status, NULL, 0, 0, "out of memory");
    }
    pl_fans_free(report.fans);
    pl_release(report.risks);
    pl_play_free(report.play);
    pl_comparison_free(report.comparison);
    return status;
}
