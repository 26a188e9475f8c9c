/* The report's section on the game: equilibria in words, payoffs and regrets. */
#include <math.h>
#include <stdio.h>

#include "report/play.h"
#include "report/payoffs.h"
#include "report/section.h"

/* An equilibrium, or (equilibrium -1) the profile that comes nearest to one. */
typedef struct shown {
    int equilibrium;
    long profile;
} shown;

static double probability(const pl_report *r, shown what, int actor, int course) {
    if (what.equilibrium >= 0) return r->play->solution->equilibria[what.equilibrium].mixture[actor][course];
    return pl_game_strategy(r->play->game, what.profile, actor) == course;
}

/* "75 % this + 25 % that" */
static const char *put_course_titles(const pl_report *r, shown what, int actor, pl_language language, pl_text *out) {
    const pl_actor *a = &r->situation->actors[actor];
    out->length = 0;
    for (int k = 0; k < a->course_count; k++) {
        double p = probability(r, what, actor, k);
        if (p <= 0) continue;
        if (out->length) pl_text_put(out, " + ");
        if (p < 1) pl_text_format(out, "%.0f %% ", 100 * p);
        pl_text_put(out, pl_course_title(&a->courses[k], language));
    }
    pl_text_put_bytes(out, "", 1);
    return out->failed ? "" : out->data;
}

static void put_choices(pl_report *r, shown what) {
    pl_text *out = &r->out, courses = {0};
    pl_text_put(out, "<p>");
    for (int a = 0; a < r->situation->actor_count; a++) {
        pl_phrase phrase;
        char en[PL_VALUE_ROOM], es[PL_VALUE_ROOM];
        const pl_actor *actor = &r->situation->actors[a];
        snprintf(en, sizeof en, "%s", put_course_titles(r, what, a, PL_EN, &courses));
        snprintf(es, sizeof es, "%s", put_course_titles(r, what, a, PL_ES, &courses));
        pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_PLAYS), actor->title, actor->name);
        pl_phrase_title(&phrase, (pl_title){{en, es}}, "");
        pl_html_phrase(out, &phrase);
        pl_text_put(out, a + 1 < r->situation->actor_count ? "; " : ".");
    }
    pl_text_put(out, "</p>\n");
    out->failed = out->failed || courses.failed;
    pl_text_free(courses.data);
}

static void put_payoff(pl_report *r, pl_interval payoff, int decimals) {
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "<td><b>%s</b> ",
                   pl_html_rounded(payoff.estimate, decimals, number));
    pl_report_pair(r, PL_WORD_RANGE, payoff.low, payoff.high, decimals);
    pl_text_put(&r->out, "</td>");
}

static void put_actor(pl_report *r, int a, shown what) {
    char number[PL_ROUNDED_ROOM];
    pl_interval base = pl_play_payoff_in(r->play, a, r->ensemble->base);
    pl_interval payoff = what.equilibrium >= 0 ? pl_play_expected_in(r->play, what.equilibrium, a)
                                               : pl_play_payoff_in(r->play, a, what.profile);
    double largest = fmax(fmax(fabs(payoff.low), fabs(payoff.high)), fmax(fabs(base.low), fabs(base.high)));
    largest = fmax(largest, fmax(fabs(payoff.estimate), fabs(base.estimate))); /* without intervals these are left */
    int decimals = pl_rounding(largest, PL_REPORT_DIGITS);
    pl_text_put(&r->out, "<tr><th scope=\"row\">");
    pl_html_title(&r->out, r->situation->actors[a].title, r->situation->actors[a].name);
    pl_text_put(&r->out, "</th>");
    put_payoff(r, payoff, decimals);
    put_payoff(r, base, decimals);
    double regret = what.equilibrium >= 0 ? r->play->solution->equilibria[what.equilibrium].regrets[a]
                                          : pl_game_regret(r->play->game, what.profile, a);
    pl_text_format(&r->out, "<td>%s</td></tr>\n", pl_html_rounded(regret, decimals, number));
}

static void put_payoffs(pl_report *r, shown what) {
    static const pl_word heads[] = {PL_WORD_ACTOR, PL_WORD_PAYOFF, PL_WORD_PAYOFF_BASE, PL_WORD_REGRET};
    pl_phrase phrase;
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_GAME_CAPTION), heads, sizeof heads / sizeof *heads);
    for (int a = 0; a < r->situation->actor_count; a++) put_actor(r, a, what);
    pl_section_table_end(r);
}

static void put_equilibrium(pl_report *r, int index) {
    char number[PL_ROUNDED_ROOM], share[PL_ROUNDED_ROOM], replicates[PL_ROUNDED_ROOM];
    shown what = {index, -1};
    pl_text *out = &r->out;
    pl_text_put(out, "<div class=\"equilibrium\"><h3>");
    pl_html_word(out, PL_WORD_EQUILIBRIUM, pl_html_rounded(index + 1, 0, number), NULL);
    pl_text_put(out, "</h3>\n");
    put_choices(r, what);
    pl_text_put(out, "<p class=\"note\">");
    if (r->play->replicates && !isnan(r->play->share[index]))
        pl_html_word(out, PL_WORD_STAYS, pl_html_rounded(100 * r->play->share[index], 0, share),
                     pl_html_rounded(r->play->replicates, 0, replicates), NULL);
    else if (!r->play->replicates)
        pl_html_word(out, PL_WORD_ONE_FUTURE, NULL);
    pl_text_put(out, "</p>\n");
    put_payoffs(r, what);
    pl_text_put(out, "</div>\n");
}

pl_status pl_part_game(pl_report *r, pl_error *error) {
    (void)error;
    if (!r->play) return PL_OK;
    pl_phrase phrase;
    const pl_solution *solution = r->play->solution;
    pl_section_open(r);
    pl_phrase_number(pl_phrase_start(&phrase, PL_WORD_GAME_LEAD), (double)r->play->futures, 0);
    pl_section_caption(r, &phrase);
    for (int i = 0; i < solution->count; i++) put_equilibrium(r, i);
    if (solution->count == 0) {
        pl_html_element(&r->out, "p", PL_WORD_NO_EQUILIBRIUM);
        pl_text_put(&r->out, "<div class=\"equilibrium\">\n");
        put_choices(r, (shown){-1, r->play->nearest_miss});
        put_payoffs(r, (shown){-1, r->play->nearest_miss});
        pl_text_put(&r->out, "</div>\n");
    }
    pl_report_game_figures(r);
    if (!solution->complete) pl_section_say(r, pl_phrase_start(&phrase, PL_WORD_ONLY_PURE));
    pl_section_close(r, "play");
    return PL_OK;
}
