/* The report's reading help, and what it is and is not. */
#include <stdio.h>
#include <string.h>

#include "ensemble/design.h"
#include "report/section.h"

static void put_item(pl_report *r, const pl_phrase *phrase) {
    pl_text_put(&r->out, "<li>");
    pl_html_phrase(&r->out, phrase);
    pl_text_put(&r->out, "</li>\n");
}

static pl_title base_title(const pl_report *r, char names[PL_LANGUAGES][PL_NAME_ROOM]) {
    pl_title title;
    for (int i = 0; i < PL_LANGUAGES; i++) {
        pl_ensemble_profile_name(r->ensemble, r->ensemble->base, (pl_language)i, names[i], PL_NAME_ROOM);
        title.in[i] = names[i];
    }
    return title;
}

pl_status pl_part_reading(pl_report *r, pl_error *error) {
    char names[PL_LANGUAGES][PL_NAME_ROOM];
    pl_phrase phrase;
    (void)error;
    pl_section_open(r);
    pl_text_put(&r->out, "<ul>\n");
    put_item(r, pl_phrase_start(&phrase, PL_WORD_READING_FUTURE));
    put_item(r, pl_phrase_start(&phrase, PL_WORD_READING_RANGE));
    if (r->ensemble->profiles > 1) {
        pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_READING_BASE), base_title(r, names), "");
        put_item(r, &phrase);
    }
    if (r->situation->actor_count) put_item(r, pl_phrase_start(&phrase, PL_WORD_READING_PAYOFF));
    pl_text_put(&r->out, "</ul>\n</section>\n");
    return PL_OK;
}

static const char *file_name(const char *path) {
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path ? path : "";
}

static void put_repeat(pl_report *r) {
    static const pl_word designs[PL_DESIGN_COUNT] = {[PL_DESIGN_RANDOM] = PL_WORD_RANDOM,
                                                     [PL_DESIGN_LATIN] = PL_WORD_LATIN,
                                                     [PL_DESIGN_HALTON] = PL_WORD_HALTON};
    char seed[32];
    pl_phrase phrase;
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->ensemble->seed);
    pl_phrase_text(pl_phrase_start(&phrase, PL_WORD_ABOUT_REPEAT), file_name(r->situation->model->file));
    pl_phrase_number(&phrase, (double)r->ensemble->futures, 0);
    pl_phrase_word(&phrase, designs[pl_design_of(r->situation).kind]);
    pl_phrase_text(&phrase, seed);
    pl_section_say(r, &phrase);
}

pl_status pl_part_about(pl_report *r, pl_error *error) {
    (void)error;
    pl_section_open(r);
    pl_html_element(&r->out, "p", PL_WORD_ABOUT_MODEL);
    if (r->situation->actor_count) pl_html_element(&r->out, "p", PL_WORD_ABOUT_WANTS);
    pl_html_element(&r->out, "p", PL_WORD_ABOUT_SOURCES);
    put_repeat(r);
    pl_text_put(&r->out, "</section>\n");
    return PL_OK;
}
