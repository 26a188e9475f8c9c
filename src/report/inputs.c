/* The report's sections on what goes in: actors with their courses and wants, and the uncertainties. */
#include <math.h>

#include "report/section.h"
#include "study/statistics.h"

/* ---- actors ------------------------------------------------------------------------------------------- */

static void put_want(pl_report *r, const pl_want *want) {
    char weight[PL_ROUNDED_ROOM], per[PL_ROUNDED_ROOM];
    const pl_measure *measure = &r->situation->measures[want->measure];
    pl_text_format(&r->out, "<li>%s", pl_html_plain(want->weight.value, weight));
    if (want->weight.distribution) {
        char low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
        pl_text_format(&r->out, " (5–95 %%: %s … %s)",
                       pl_html_plain(pl_distribution_quantile(want->weight.distribution, 0.05), low),
                       pl_html_plain(pl_distribution_quantile(want->weight.distribution, 0.95), high));
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

/* ---- uncertainties ------------------------------------------------------------------------------------ */

static const pl_word distribution_words[PL_DIST_COUNT] = {
#define X(id, name, count, text) [PL_DIST_##id] = PL_WORD_##id,
    PL_DISTRIBUTIONS(X)
#undef X
};

static void put_distribution(pl_report *r, const pl_distribution *d) {
    char numbers[3][PL_ROUNDED_ROOM] = {"", "", ""};
    if (d->kind == PL_DIST_DISCRETE) {
        pl_html_rounded(d->count, 0, numbers[0]);
    } else {
        for (int i = 0; i < d->count && i < 3; i++) pl_html_plain(d->number[i], numbers[i]);
    }
    pl_html_word(&r->out, distribution_words[d->kind], numbers[0], numbers[1], numbers[2], NULL);
}

static void put_drawn_range(pl_report *r, int uncertainty, double *work) {
    long futures = r->ensemble->futures;
    const double *draws = r->ensemble->draws + (size_t)uncertainty * (size_t)futures;
    for (long f = 0; f < futures; f++) work[f] = draws[f];
    pl_sort(work, futures);
    double low = pl_quantile(work, futures, 0.05), high = pl_quantile(work, futures, 0.95);
    pl_report_pair(r, PL_WORD_RANGE, low, high, pl_rounding(fmax(fabs(low), fabs(high)), PL_DIFFERENCE_DIGITS));
}

static void put_uncertainty(pl_report *r, int index, double *work) {
    pl_text *out = &r->out;
    const pl_uncertainty *u = &r->situation->uncertainties[index];
    pl_text_put(out, "<tr><th scope=\"row\">");
    pl_html_title(out, u->title, u->name);
    if (u->contested) {
        pl_text_put(out, " <span class=\"mark\">");
        pl_html_word(out, PL_WORD_CONTESTED, NULL);
        pl_text_put(out, "</span>");
    }
    pl_text_put(out, "</th><td>");
    put_distribution(r, &u->distribution);
    pl_text_put(out, "</td><td>");
    put_drawn_range(r, index, work);
    pl_text_put(out, "</td><td>");
    if (u->source && *u->source) pl_html_escape(out, u->source);
    else if (!u->of_course) pl_html_word(out, PL_WORD_NO_SOURCE, NULL);
    pl_text_put(out, "</td></tr>\n");
}

pl_status pl_part_uncertain(pl_report *r, pl_error *error) {
    if (r->situation->uncertainty_count == 0) return PL_OK;
    static const pl_word heads[] = {PL_WORD_UNCERTAINTY, PL_WORD_DISTRIBUTION, PL_WORD_DRAWN_RANGE, PL_WORD_SOURCE};
    pl_phrase phrase;
    double *work = pl_allocate((size_t)r->ensemble->futures * sizeof *work);
    if (!work) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_section_open(r);
    pl_section_caption(r, pl_phrase_start(&phrase, PL_WORD_UNCERTAIN_LEAD));
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_UNCERTAIN_TABLE), heads, sizeof heads / sizeof *heads);
    for (int u = 0; u < r->situation->uncertainty_count; u++) put_uncertainty(r, u, work);
    pl_section_table_end(r);
    pl_section_close(r, "");
    pl_release(work);
    return PL_OK;
}
