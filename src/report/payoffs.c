/* The game's figures: the payoff of every actor in every profile with its interval and the best responses, and the map of
 * what is played were each future known. */
#include "report/payoffs.h"

#include <math.h>

#include "report/play.h"

enum { MOST_PROFILES = 2000, DATA_DIGITS = 4 }; /* larger games are told by their equilibria alone */

static bool is_best(const pl_play *play, int actor, long profile) {
    return pl_game_regret(play->game, profile, actor) <= 0;
}

/* ---- payoffs -------------------------------------------------------------------------------------------- */

/* X(key, the value of profile p for actor a) */
#define ARRAYS(X)                                                                       \
    X("estimate", pl_json_rounded(pl_play_payoff_in(play, a, p).estimate, DATA_DIGITS)) \
    X("low", pl_json_rounded(pl_play_payoff_in(play, a, p).low, DATA_DIGITS))           \
    X("high", pl_json_rounded(pl_play_payoff_in(play, a, p).high, DATA_DIGITS))         \
    X("best", json_boolean(is_best(play, a, p)))

/* {"estimate", "low", "high", "best": [actor][profile], "equilibria": [profile], "start": profile}; actors are the page's */
static json_t *payoffs_object(const pl_report *r) {
    const pl_play *play = r->play;
    json_t *object = json_object(), *equilibria = json_array();
#define X(key, value)                                                                             \
    do {                                                                                          \
        json_t *all = json_array();                                                               \
        for (int a = 0; a < play->game->player_count; a++) {                                      \
            json_t *row = json_array();                                                           \
            for (long p = 0; p < play->game->profile_count; p++) pl_json_append(&row, value);     \
            pl_json_append(&all, row);                                                            \
        }                                                                                         \
        pl_json_set(&object, key, all);                                                           \
    } while (0);
    ARRAYS(X)
#undef X
    for (int i = 0; i < play->solution->count; i++)
        if (play->solution->equilibria[i].profile >= 0)
            pl_json_append(&equilibria, json_integer(play->solution->equilibria[i].profile));
    long start = json_array_size(equilibria) ? (long)json_integer_value(json_array_get(equilibria, 0)) : r->ensemble->base;
    pl_json_set(&object, "equilibria", equilibria);
    pl_json_set(&object, "start", json_integer(start));
    return object;
}

static void put_payoff_heads(pl_report *r) {
    const pl_situation *s = r->situation;
    pl_text *out = &r->out;
    pl_text_put(out, "<thead><tr>");
    for (int a = 0; a < s->actor_count; a++) {
        pl_text_put(out, "<th scope=\"col\">");
        pl_html_title(out, s->actors[a].title, s->actors[a].name);
        pl_text_put(out, "</th>");
    }
    for (int a = 0; a < s->actor_count; a++) {
        pl_phrase head;
        pl_phrase_title(pl_phrase_start(&head, PL_WORD_PAYOFF_OF), s->actors[a].title, s->actors[a].name);
        pl_text_put(out, "<th scope=\"col\">");
        pl_html_phrase(out, &head);
        pl_text_put(out, "</th>");
    }
    pl_text_put(out, "</tr></thead>\n<tbody>\n");
}

static int decimals_of(const pl_play *play, int actor) {
    double largest = 0;
    for (long p = 0; p < play->game->profile_count; p++)
        largest = fmax(largest, fabs(pl_play_payoff_in(play, actor, p).estimate));
    return pl_rounding(largest, PL_REPORT_DIGITS);
}

static void put_payoff_row(pl_report *r, long profile) {
    const pl_situation *s = r->situation;
    char number[PL_ROUNDED_ROOM];
    pl_text *out = &r->out;
    pl_text_put(out, "<tr>");
    for (int a = 0; a < s->actor_count; a++) {
        const pl_course *course = &s->actors[a].courses[pl_game_strategy(r->play->game, profile, a)];
        pl_text_put(out, "<td>");
        pl_html_title(out, course->title, course->name);
        pl_text_put(out, "</td>");
    }
    for (int a = 0; a < s->actor_count; a++) {
        pl_interval payoff = pl_play_payoff_in(r->play, a, profile);
        int decimals = decimals_of(r->play, a);
        pl_text_format(out, "<td>%s%s", pl_html_rounded(payoff.estimate, decimals, number),
                       is_best(r->play, a, profile) ? "*" : "");
        pl_report_range(r, payoff.low, payoff.high, decimals);
        pl_text_put(out, "</td>");
    }
    pl_text_put(out, "</tr>\n");
}

static void put_payoffs(pl_report *r, json_t **data) {
    pl_phrase phrase;
    pl_section_caption(r, pl_phrase_start(&phrase, PL_WORD_PAYOFFS_LEAD));
    pl_section_figure_with(r, "payoffs", "data-pick=\"payoffs\" data-download=\"payoffs\"");
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_PAYOFFS_TABLE), NULL, 0);
    put_payoff_heads(r);
    for (long p = 0; p < r->play->game->profile_count; p++) put_payoff_row(r, p);
    pl_section_table_end(r);
    pl_json_set(data, "payoffs", payoffs_object(r));
}

/* ---- the map -------------------------------------------------------------------------------------------- */

static int course_in(const pl_report *r, int actor, long profile) {
    return actor < r->situation->actor_count ? pl_game_strategy(r->play->game, profile, actor) : 0;
}

/* What is played in single futures, by the courses of the first two actors: {"row", "column", "share"}. */
static json_t *map_cells(const pl_report *r, int rows, int columns) {
    json_t *cells = json_array();
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
            double share = 0;
            for (int i = 0; i < r->play->outlook.count; i++) {
                const pl_outlook_row *o = &r->play->outlook.rows[i];
                if (o->profile >= 0 && course_in(r, 0, o->profile) == row && course_in(r, 1, o->profile) == column)
                    share += o->played.estimate;
            }
            if (share <= 0) continue;
            json_t *cell = json_object();
            pl_json_set(&cell, "row", json_integer(row));
            pl_json_set(&cell, "column", json_integer(column));
            pl_json_set(&cell, "share", pl_json_rounded(share, 3));
            pl_json_append(&cells, cell);
        }
    return cells;
}

static json_t *course_titles(const pl_actor *actor) {
    json_t *titles = json_array();
    for (int k = 0; k < actor->course_count; k++)
        pl_json_append(&titles, pl_report_title_json(actor->courses[k].title, actor->courses[k].name));
    return titles;
}

static json_t *map_object(const pl_report *r) {
    const pl_situation *s = r->situation;
    json_t *object = json_object();
    pl_json_set(&object, "rows", course_titles(&s->actors[0]));
    pl_json_set(&object, "columns", course_titles(&s->actors[1]));
    pl_json_set(&object, "rowTitle", pl_report_title_json(s->actors[0].title, s->actors[0].name));
    pl_json_set(&object, "columnTitle", pl_report_title_json(s->actors[1].title, s->actors[1].name));
    pl_json_set(&object, "cells", map_cells(r, s->actors[0].course_count, s->actors[1].course_count));
    return object;
}

/* Courses of all actors; of futures without a pure equilibrium a word says so. */
static void put_courses(pl_report *r, long profile) {
    const pl_situation *s = r->situation;
    pl_text *out = &r->out;
    if (profile < 0) {
        pl_html_word(out, PL_WORD_MAP_NONE, NULL);
        return;
    }
    for (int a = 0; a < s->actor_count; a++) {
        const pl_course *course = &s->actors[a].courses[course_in(r, a, profile)];
        if (a) pl_text_put(out, " / ");
        pl_html_title(out, course->title, course->name);
    }
}

static void put_share(pl_report *r, pl_interval share) {
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "<td>%s %%", pl_html_rounded(100 * share.estimate, 1, number));
    pl_report_range(r, 100 * share.low, 100 * share.high, 1);
    pl_text_put(&r->out, "</td>");
}

static void put_map_table(pl_report *r) {
    static const pl_word heads[] = {PL_WORD_PROFILE, PL_WORD_MAP_PLAYED, PL_WORD_MAP_EQUILIBRIUM};
    pl_phrase phrase;
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_MAP_TABLE), heads, sizeof heads / sizeof *heads);
    for (int i = 0; i < r->play->outlook.count; i++) {
        const pl_outlook_row *o = &r->play->outlook.rows[i];
        pl_text_put(&r->out, "<tr><th scope=\"row\">");
        put_courses(r, o->profile);
        pl_text_put(&r->out, "</th>");
        put_share(r, o->played);
        put_share(r, o->share);
        pl_text_put(&r->out, "</tr>\n");
    }
    pl_section_table_end(r);
}

/* The row that is played most often, or NULL where none has a pure equilibrium. */
static const pl_outlook_row *most_played(const pl_outlook *outlook) {
    for (int i = 0; i < outlook->count; i++)
        if (outlook->rows[i].profile >= 0) return &outlook->rows[i];
    return NULL;
}

static void put_map(pl_report *r, json_t **data) {
    const pl_outlook_row *most = most_played(&r->play->outlook);
    if (!most) return;
    pl_phrase phrase;
    pl_phrase_profile(pl_phrase_start(&phrase, PL_WORD_MAP_LEAD), r, most->profile);
    pl_phrase_number(&phrase, 100 * most->played.estimate, 0);
    pl_section_caption(r, &phrase);
    pl_section_figure_with(r, "map", "data-pick=\"map\" data-download=\"equilibria\"");
    put_map_table(r);
    pl_json_set(data, "map", map_object(r));
}

void pl_report_game_figures(pl_report *r) {
    json_t *data = json_object();
    if (r->play->game->profile_count <= MOST_PROFILES) put_payoffs(r, &data);
    if (r->situation->actor_count >= 2) put_map(r, &data);
    pl_section_data(r, data);
}
