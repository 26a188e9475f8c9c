/* Who can do what: the actors with their courses, and what they want. */
#include <stdio.h>
#include <stdlib.h>

#include "report/section.h"

/* ---- actors ------------------------------------------------------------------------------------------- */

/* As the file gives it, but for what halving and doubling leave behind. */
static const char *put_weight(double value, char out[PL_ROUNDED_ROOM]) {
    char text[32];
    snprintf(text, sizeof text, "%.6g", value);
    return pl_html_plain(strtod(text, NULL), out);
}

static void put_want(pl_report *r, const pl_want *want) {
    char weight[PL_ROUNDED_ROOM], per[PL_ROUNDED_ROOM];
    const pl_measure *measure = &r->situation->measures[want->measure];
    pl_text_format(&r->out, "<li>%s", put_weight(want->weight.value, weight));
    if (want->weight.distribution) {
        char low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
        pl_text_format(&r->out, " (5–95 %%: %s … %s)",
                       put_weight(pl_distribution_quantile(want->weight.distribution, 0.05), low),
                       put_weight(pl_distribution_quantile(want->weight.distribution, 0.95), high));
    }
    pl_text_put(&r->out, " × ");
    pl_html_title(&r->out, measure->title, measure->name);
    if (want->per != 1) pl_text_format(&r->out, " ÷ %s", pl_html_plain(want->per, per));
    pl_text_put(&r->out, "</li>\n");
}

static void put_actor(pl_report *r, const pl_actor *actor) {
    pl_text *out = &r->out;
    pl_text_put(out, "<div><h3>");
    pl_html_title(out, actor->title, actor->name);
    pl_text_put(out, "</h3>\n<p class=\"note\">");
    pl_html_word(out, PL_WORD_COURSES, NULL);
    pl_text_put(out, "</p>\n<ul>\n");
    for (int k = 0; k < actor->course_count; k++) {
        pl_text_put(out, "<li>");
        pl_html_title(out, actor->courses[k].title, actor->courses[k].name);
        if (*actor->courses[k].text.in[PL_EN]) {
            pl_text_put(out, "<br><span class=\"note\">");
            pl_html_title(out, actor->courses[k].text, "");
            pl_text_put(out, "</span>");
        }
        pl_text_put(out, "</li>\n");
    }
    pl_text_put(out, "</ul>\n");
    if (actor->want_count) {
        pl_text_put(out, "<p class=\"note\">");
        pl_html_word(out, PL_WORD_WANTS, NULL);
        pl_text_put(out, "</p>\n<ul>\n");
        for (int k = 0; k < actor->want_count; k++) put_want(r, &actor->wants[k]);
        pl_text_put(out, "</ul>\n");
    }
    pl_text_put(out, "</div>\n");
}

pl_status pl_part_actors(pl_report *r, pl_error *error) {
    (void)error;
    if (r->situation->actor_count == 0) return PL_OK;
    pl_section_open(r);
    pl_text_put(&r->out, "<div class=\"actors\">\n");
    for (int a = 0; a < r->situation->actor_count; a++) put_actor(r, &r->situation->actors[a]);
    pl_text_put(&r->out, "</div>\n");
    pl_section_close(r, "");
    return PL_OK;
}
