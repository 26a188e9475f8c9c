/* The report's section on the game: equilibria in words, payoffs and regrets. */
#include <math.h>

#include "report/play.h"
#include "report/report.h"

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
        const pl_actor *actor = &r->situation->actors[a];
        static const char *const codes[PL_LANGUAGES] = {"en", "es"};
        for (int language = 0; language < PL_LANGUAGES; language++) {
            const char *values[PL_WORD_VALUES] = {pl_actor_title(actor, (pl_language)language),
                                                  put_course_titles(r, what, a, (pl_language)language, &courses)};
            pl_text_format(out, "<span lang=\"%s\">", codes[language]);
            pl_html_word_in(out, (pl_language)language, PL_WORD_PLAYS, values);
            pl_text_put(out, "</span>");
        }
        pl_text_put(out, a + 1 < r->situation->actor_count ? "; " : ".");
    }
    pl_text_put(out, "</p>\n");
    out->failed = out->failed || courses.failed;
    pl_text_free(courses.data);
}

static void put_payoff(pl_report *r, pl_interval payoff, int decimals) {
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "<td><span class=\"main\">%s</span><span class=\"more\">",
                   pl_html_rounded(payoff.estimate, decimals, number));
    pl_report_pair(r, PL_WORD_RANGE, payoff.low, payoff.high, decimals);
    pl_text_put(&r->out, "</span></td>");
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
    pl_text *out = &r->out;
    pl_html_scroll(out, "game");
    pl_text_put(out, "<table>\n<caption>");
    pl_html_word(out, PL_WORD_GAME_CAPTION, NULL);
    pl_text_put(out, "</caption>\n<thead><tr>");
    pl_html_heads(out, heads, sizeof heads / sizeof *heads);
    pl_text_put(out, "</tr></thead>\n<tbody>\n");
    for (int a = 0; a < r->situation->actor_count; a++) put_actor(r, a, what);
    pl_text_put(out, "</tbody></table></div>\n");
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

void pl_report_game(pl_report *report) {
    if (!report->play) return;
    char futures[PL_ROUNDED_ROOM];
    const pl_solution *solution = report->play->solution;
    pl_text *out = &report->out;
    pl_html_section(out, "game", PL_WORD_GAME);
    pl_text_put(out, "<p>");
    pl_html_word(out, PL_WORD_GAME_LEAD, pl_html_rounded((double)report->play->futures, 0, futures), NULL);
    pl_text_put(out, "</p>\n");
    for (int i = 0; i < solution->count; i++) put_equilibrium(report, i);
    if (solution->count == 0) {
        pl_html_element(out, "p", PL_WORD_NO_EQUILIBRIUM);
        pl_text_put(out, "<div class=\"equilibrium\">\n");
        put_choices(report, (shown){-1, report->play->nearest_miss});
        put_payoffs(report, (shown){-1, report->play->nearest_miss});
        pl_text_put(out, "</div>\n");
    }
    if (!solution->complete) {
        pl_text_put(out, "<p class=\"note\">");
        pl_html_word(out, PL_WORD_ONLY_PURE, NULL);
        pl_text_put(out, "</p>\n");
    }
    pl_text_put(out, "</section>\n");
}
