/* How courses hold up, who gains and who loses, and what cannot be had together: three parts of the report over one
 * weighing of the courses (study/weigh.h). */
#include "report/robust.h"

#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "report/section.h"

pl_status pl_report_weigh(pl_report *r, const pl_weighing **weighing, pl_error *error) {
    pl_status status = PL_OK;
    if (!r->weighing && r->play) status = pl_ensemble_weigh(r->ensemble, NULL, &r->weighing, error);
    *weighing = r->weighing;
    return status;
}

static const pl_actor *actor_of(const pl_report *r, const pl_weighed *a) { return &r->situation->actors[a->actor]; }

static const pl_course *course_of(const pl_report *r, const pl_weighed *a, int course) {
    return &actor_of(r, a)->courses[course];
}

static json_t *word_title(pl_word word) {
    return pl_report_title_json((pl_title){{pl_word_text(word, PL_EN), pl_word_text(word, PL_ES)}}, "");
}

static json_t *row_title(const pl_report *r, int row) {
    char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
    pl_comparison_row_name(r->comparison, row, PL_EN, en);
    pl_comparison_row_name(r->comparison, row, PL_ES, es);
    return pl_report_title_json((pl_title){{en, es}}, "");
}

/* ---- courses by criteria -------------------------------------------------------------------------------- */

static const pl_word criterion_words[PL_CRITERION_COUNT] = {
    [PL_CRITERION_EXPECTED] = PL_WORD_CRITERION_EXPECTED,
    [PL_CRITERION_LAPLACE] = PL_WORD_CRITERION_LAPLACE,
    [PL_CRITERION_MAXIMIN] = PL_WORD_CRITERION_MAXIMIN,
    [PL_CRITERION_MAXIMAX] = PL_WORD_CRITERION_MAXIMAX,
    [PL_CRITERION_HURWICZ] = PL_WORD_CRITERION_HURWICZ,
    [PL_CRITERION_REGRET] = PL_WORD_CRITERION_REGRET,
    [PL_CRITERION_REGRET_90] = PL_WORD_CRITERION_REGRET_90,
    [PL_CRITERION_SATISFICING] = PL_WORD_CRITERION_SATISFICING,
    [PL_CRITERION_MEAN_VARIANCE] = PL_WORD_CRITERION_MEAN_VARIANCE,
    [PL_CRITERION_SIGNAL_TO_NOISE] = PL_WORD_CRITERION_SIGNAL_TO_NOISE,
    [PL_CRITERION_DEVIATIONS] = PL_WORD_CRITERION_DEVIATIONS,
    [PL_CRITERION_SKEWNESS] = PL_WORD_CRITERION_SKEWNESS,
    [PL_CRITERION_PEAKEDNESS] = PL_WORD_CRITERION_PEAKEDNESS,
};

/* Those that the drawing shows: Laplace's is the expected value of futures that are draws, and the last four say how
 * payoffs are spread rather than how good they are. */
static const int drawn[] = {PL_CRITERION_EXPECTED, PL_CRITERION_MAXIMIN,   PL_CRITERION_MAXIMAX,   PL_CRITERION_HURWICZ,
                            PL_CRITERION_REGRET,   PL_CRITERION_REGRET_90, PL_CRITERION_SATISFICING};
enum { DRAWN = sizeof drawn / sizeof *drawn };

/* How far a course is from the best by a criterion: 0 the best, 1 the worst; 0 where all are alike. */
static double distance(const pl_weighed *a, int criterion, int course) {
    double own = pl_score_of(&a->scores, &a->outcomes, criterion, course)->behind.estimate, most = 0;
    for (int k = 0; k < a->outcomes.options; k++)
        most = fmax(most, pl_score_of(&a->scores, &a->outcomes, criterion, k)->behind.estimate);
    return most > 0 ? own / most : own;
}

static json_t *course_titles(const pl_report *r, const pl_weighed *a) {
    json_t *rows = json_array();
    for (int k = 0; k < a->outcomes.options; k++)
        pl_json_append(&rows, pl_report_title_json(course_of(r, a, k)->title, course_of(r, a, k)->name));
    return rows;
}

/* Whether all courses are alike by a criterion. */
static bool is_tied(const pl_weighed *a, int criterion) {
    for (int k = 0; k < a->outcomes.options; k++)
        if (pl_score_of(&a->scores, &a->outcomes, criterion, k)->behind.estimate > 0) return false;
    return true;
}

static json_t *criteria_heat(const pl_report *r, const pl_weighed *a) {
    json_t *object = json_object(), *columns = json_array(), *values = json_array(), *tied = json_array();
    for (int i = 0; i < DRAWN; i++) pl_json_append(&columns, word_title(criterion_words[drawn[i]]));
    for (int k = 0; k < a->outcomes.options; k++) {
        json_t *row = json_array(), *alike = json_array();
        for (int i = 0; i < DRAWN; i++) {
            pl_json_append(&row, pl_json_rounded(distance(a, drawn[i], k), 3));
            pl_json_append(&alike, json_boolean(is_tied(a, drawn[i])));
        }
        pl_json_append(&values, row);
        pl_json_append(&tied, alike);
    }
    pl_json_set(&object, "tied", tied);
    pl_json_set(&object, "columns", columns);
    pl_json_set(&object, "rows", course_titles(r, a));
    pl_json_set(&object, "values", values);
    pl_json_set(&object, "scale", json_string("sequential"));
    pl_json_set(&object, "format", json_string("percent"));
    return object;
}

/* A column for each row of the comparison in which the others do something that no earlier one has. */
static bool is_new(const pl_report *r, const pl_game *game, int actor, int row) {
    long own = pl_game_deviate(game, r->comparison->profile[row], actor, 0);
    for (int k = 0; k < row; k++)
        if (pl_game_deviate(game, r->comparison->profile[k], actor, 0) == own) return false;
    return true;
}

static json_t *regret_heat(const pl_report *r, const pl_weighing *w, const pl_weighed *a) {
    json_t *object = json_object(), *columns = json_array(), *values = json_array();
    const pl_game *game = w->play->game;
    for (int row = 0; row < r->comparison->rows; row++)
        if (is_new(r, game, a->actor, row)) pl_json_append(&columns, row_title(r, row));
    for (int k = 0; k < a->outcomes.options; k++) {
        json_t *line = json_array();
        for (int row = 0; row < r->comparison->rows; row++)
            if (is_new(r, game, a->actor, row))
                pl_json_append(&line, pl_json_rounded(
                    a->regret[pl_game_deviate(game, r->comparison->profile[row], a->actor, k)], 3));
        pl_json_append(&values, line);
    }
    pl_json_set(&object, "columns", columns);
    pl_json_set(&object, "rows", course_titles(r, a));
    pl_json_set(&object, "values", values);
    pl_json_set(&object, "scale", json_string("sequential"));
    pl_json_set(&object, "format", json_string("number"));
    return object;
}

static int criterion_decimals(const pl_weighed *a, int criterion) {
    double largest = 0;
    for (int k = 0; k < a->outcomes.options; k++)
        largest = fmax(largest, fabs(pl_score_of(&a->scores, &a->outcomes, criterion, k)->value.estimate));
    return pl_rounding(largest, PL_DIFFERENCE_DIGITS);
}

static void put_score(pl_report *r, const pl_weighed *a, int criterion, int course) {
    const pl_interval *value = &pl_score_of(&a->scores, &a->outcomes, criterion, course)->value;
    bool share = pl_criteria[criterion].basis == PL_BY_SHARE;
    double times = share ? 100 : 1;
    int decimals = share ? 0 : criterion_decimals(a, criterion);
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "<td><b>%s</b>", pl_html_rounded(times * value->estimate, decimals, number));
    if (!isnan(value->low)) {
        pl_text_put(&r->out, " (");
        pl_report_pair(r, PL_WORD_RANGE, times * value->low, times * value->high, decimals);
        pl_text_put(&r->out, ")");
    }
    pl_text_put(&r->out, share ? " %</td>" : "</td>");
}

static void put_criteria_table(pl_report *r, const pl_weighed *a) {
    pl_phrase caption;
    pl_word heads[PL_CRITERION_COUNT + 1] = {PL_WORD_COURSE};
    for (int c = 0; c < PL_CRITERION_COUNT; c++) heads[c + 1] = criterion_words[c];
    pl_phrase_title(pl_phrase_start(&caption, PL_WORD_CRITERIA_TABLE), actor_of(r, a)->title, actor_of(r, a)->name);
    pl_section_table(r, &caption, heads, PL_CRITERION_COUNT + 1);
    for (int k = 0; k < a->outcomes.options; k++) {
        pl_text_put(&r->out, "<tr><th scope=\"row\">");
        pl_html_title(&r->out, course_of(r, a, k)->title, course_of(r, a, k)->name);
        pl_text_put(&r->out, "</th>");
        for (int c = 0; c < PL_CRITERION_COUNT; c++) put_score(r, a, c, k);
        pl_text_put(&r->out, "</tr>\n");
    }
    pl_section_table_end(r);
}

static void phrase_course(pl_phrase *phrase, const pl_report *r, const pl_weighed *a, int course) {
    pl_phrase_title(phrase, course_of(r, a, course)->title, course_of(r, a, course)->name);
}

/* Which course is the best, how surely, and which leaves the least to regret. */
static void say_best(pl_report *r, const pl_weighed *a) {
    pl_phrase phrase;
    int best = a->scores.best[PL_CRITERION_EXPECTED], calm = a->scores.best[PL_CRITERION_REGRET];
    const pl_score *score = pl_score_of(&a->scores, &a->outcomes, PL_CRITERION_EXPECTED, best);
    pl_phrase_start(&phrase, a->ranking.draws ? PL_WORD_ROBUST_ACTOR : PL_WORD_ROBUST_ACTOR_FIXED);
    phrase_course(&phrase, r, a, best);
    pl_phrase_number(&phrase, 100 * score->first, 0);
    if (a->ranking.draws) pl_phrase_number(&phrase, 100 * a->ranking.first[best].estimate, 0);
    phrase_course(&phrase, r, a, calm);
    pl_section_say(r, &phrase);
}

static void put_actor(pl_report *r, const pl_weighed *a, int index) {
    char pick[48];
    pl_phrase caption;
    const pl_actor *actor = actor_of(r, a);
    pl_text_put(&r->out, "<h3>");
    pl_html_title(&r->out, actor->title, actor->name);
    pl_text_put(&r->out, "</h3>\n");
    say_best(r, a);
    snprintf(pick, sizeof pick, "data-pick=\"actors.%d.criteria\"", index);
    pl_phrase_title(pl_phrase_start(&caption, PL_WORD_CRITERIA_FIGURE), actor->title, actor->name);
    pl_section_figure_of(r, "heat", pick, &caption);
    snprintf(pick, sizeof pick, "data-pick=\"actors.%d.regret\"", index);
    pl_phrase_title(pl_phrase_start(&caption, PL_WORD_REGRET_FIGURE), actor->title, actor->name);
    pl_section_figure_of(r, "heat", pick, &caption);
    put_criteria_table(r, a);
}

pl_status pl_part_robust(pl_report *r, pl_error *error) {
    const pl_weighing *w;
    pl_phrase phrase;
    pl_status status = pl_report_weigh(r, &w, error);
    if (status != PL_OK || !w) return status;
    json_t *object = json_object(), *actors = json_array();
    pl_section_open(r);
    bool alone = r->situation->actor_count < 2;
    pl_section_caption(r, pl_phrase_start(&phrase, alone ? PL_WORD_ROBUST_LEAD_ALONE : PL_WORD_ROBUST_LEAD));
    for (int i = 0; i < w->actor_count; i++) {
        const pl_weighed *a = &w->actors[i];
        json_t *one = json_object();
        put_actor(r, a, i);
        pl_json_set(&one, "criteria", criteria_heat(r, a));
        pl_json_set(&one, "regret", regret_heat(r, w, a));
        pl_json_append(&actors, one);
    }
    pl_phrase_number(pl_phrase_start(&phrase, PL_WORD_CRITERIA_NOTE), 100 * pl_extreme_share(w->play->futures), 2);
    pl_section_say(r, &phrase);
    pl_json_set(&object, "actors", actors);
    pl_section_data(r, object);
    pl_section_close(r, "weigh");
    return PL_OK;
}

/* ---- gains ------------------------------------------------------------------------------------------------ */

static json_t *gains_object(const pl_report *r, const pl_weighing *w) {
    json_t *object = json_object(), *rows = json_array(), *series = json_array(), *domain = json_array();
    for (int row = 0; row < r->comparison->rows; row++)
        for (int i = 0; i < w->actor_count && row != r->comparison->base_row; i++) {
            const pl_interval *wins = &w->actors[i].gains[row].wins;
            json_t *one = json_object();
            pl_json_set(&one, "name", row_title(r, row));
            pl_json_set(&one, "value", pl_json_rounded(wins->estimate, 3));
            pl_json_set(&one, "low", pl_json_rounded(wins->low, 3));
            pl_json_set(&one, "high", pl_json_rounded(wins->high, 3));
            pl_json_set(&one, "series", json_integer(i));
            pl_json_append(&rows, one);
        }
    for (int i = 0; i < w->actor_count; i++) {
        const pl_actor *actor = actor_of(r, &w->actors[i]);
        pl_json_append(&series, pl_report_title_json(actor->title, actor->name));
    }
    pl_json_append(&domain, json_integer(0));
    pl_json_append(&domain, json_integer(1));
    pl_json_set(&object, "rows", rows);
    pl_json_set(&object, "series", series);
    pl_json_set(&object, "format", json_string("percent"));
    pl_json_set(&object, "axis", word_title(PL_WORD_GAINS_AXIS));
    pl_json_set(&object, "domain", domain);
    pl_json_set(&object, "reference", json_real(0.5));
    return object;
}

static void put_gain(pl_report *r, const pl_weighed *a, int row) {
    const pl_gain *gain = &a->gains[row];
    char numbers[5][PL_ROUNDED_ROOM];
    const pl_interval *median = &gain->difference.median;
    double largest = 0;
    for (int k = 0; k < r->comparison->rows; k++) largest = fmax(largest, fabs(a->gains[k].difference.median.estimate));
    int decimals = pl_rounding(largest, PL_DIFFERENCE_DIGITS);
    pl_text_put(&r->out, "<td>");
    pl_html_word(&r->out, PL_WORD_GAINS_CELL, pl_html_signed(median->estimate, decimals, numbers[0]),
                 pl_html_rounded(median->low, decimals, numbers[1]),
                 pl_html_rounded(median->high, decimals, numbers[2]),
                 pl_html_rounded(100 * gain->wins.estimate, 0, numbers[3]),
                 pl_html_rounded(100 * gain->loses.estimate, 0, numbers[4]), NULL);
    pl_text_put(&r->out, "</td>");
}

/* A table with the profiles in rows (but for the base) and the actors in columns. */
static void put_by_actor(pl_report *r, const pl_weighing *w, pl_word caption, bool base,
                         void (*put)(pl_report *, const pl_weighed *, int row)) {
    pl_phrase phrase;
    pl_section_table(r, pl_phrase_start(&phrase, caption), NULL, 0);
    pl_text_put(&r->out, "<thead><tr><td></td>");
    for (int i = 0; i < w->actor_count; i++) {
        pl_text_put(&r->out, "<th scope=\"col\">");
        pl_html_title(&r->out, actor_of(r, &w->actors[i])->title, actor_of(r, &w->actors[i])->name);
        pl_text_put(&r->out, "</th>");
    }
    pl_text_put(&r->out, "</tr></thead>\n<tbody>\n");
    for (int row = 0; row < r->comparison->rows; row++) {
        if (row == r->comparison->base_row && !base) continue;
        pl_text_put(&r->out, "<tr><th scope=\"row\">");
        pl_report_row_name(r, row);
        pl_text_put(&r->out, "</th>");
        for (int i = 0; i < w->actor_count; i++) put(r, &w->actors[i], row);
        pl_text_put(&r->out, "</tr>\n");
    }
    pl_section_table_end(r);
}

static int count_all_gain(const pl_report *r, const pl_weighing *w) {
    int count = 0;
    for (int row = 0; row < r->comparison->rows; row++) {
        bool all = row != r->comparison->base_row;
        for (int i = 0; i < w->actor_count; i++) all = all && w->actors[i].gains[row].wins.estimate > 0.5;
        count += all;
    }
    return count;
}

pl_status pl_part_gains(pl_report *r, pl_error *error) {
    const pl_weighing *w;
    pl_phrase phrase;
    pl_status status = pl_report_weigh(r, &w, error);
    int others = r->comparison->rows - (r->comparison->base_row >= 0);
    if (status != PL_OK || !w || others < 1) return status;
    pl_section_open(r);
    pl_phrase_start(&phrase, PL_WORD_GAINS_LEAD);
    pl_phrase_number(&phrase, count_all_gain(r, w), 0);
    pl_phrase_number(&phrase, others, 0);
    pl_section_caption(r, &phrase);
    pl_section_figure(r, "dots");
    put_by_actor(r, w, PL_WORD_GAINS_TABLE, false, put_gain);
    pl_section_data(r, gains_object(r, w));
    pl_section_close(r, "weigh");
    return PL_OK;
}

/* ---- the front ---------------------------------------------------------------------------------------------- */

/* The mean of a want's measure under a profile; the front keeps those of the wants whose weight is not 0. */
typedef struct axis {
    int goal, measure, sign;
} axis;

static axis axis_of(const pl_actor *actor, int goal) {
    axis found = {goal, -1, 0};
    for (int i = 0, g = 0; i < actor->want_count; i++) {
        if (actor->wants[i].weight.value == 0) continue;
        if (g++ == goal) found = (axis){goal, actor->wants[i].measure, actor->wants[i].weight.value > 0 ? 1 : -1};
    }
    return found;
}

/* How far a goal moves an actor's payoff over the profiles. */
static double weight_of(const pl_report *r, const pl_weighed *a, int goal) {
    const pl_actor *actor = actor_of(r, a);
    double low = INFINITY, high = -INFINITY;
    for (long p = 0; p < a->profiles.options; p++) {
        double mean = a->profiles.means[goal * a->profiles.options + p];
        low = fmin(low, mean), high = fmax(high, mean);
    }
    for (int i = 0; i < actor->want_count; i++)
        if (actor->wants[i].measure == axis_of(actor, goal).measure && high > low)
            return fabs(actor->wants[i].weight.value / actor->wants[i].per) * (high - low);
    return 0;
}

static void find_axes(const pl_report *r, const pl_weighed *a, axis axes[2]) {
    int first = 0, second = -1;
    for (int g = 1; g < a->profiles.goals; g++)
        if (weight_of(r, a, g) > weight_of(r, a, first)) first = g;
    for (int g = 0; g < a->profiles.goals; g++)
        if (g != first && (second < 0 || weight_of(r, a, g) > weight_of(r, a, second))) second = g;
    axes[0] = axis_of(actor_of(r, a), first);
    axes[1] = axis_of(actor_of(r, a), second);
}

static bool is_on_front_of_two(const pl_weighed *a, const axis axes[2], long profile) {
    long n = a->profiles.options;
    for (long p = 0; p < n; p++) {
        const double *first = a->profiles.means + axes[0].goal * n, *second = a->profiles.means + axes[1].goal * n;
        double x = axes[0].sign * (first[p] - first[profile]), y = axes[1].sign * (second[p] - second[profile]);
        if (x >= 0 && y >= 0 && (x > 0 || y > 0)) return false;
    }
    return true;
}

enum { MOST_POINTS = 2000 };

static bool is_drawn(const pl_weighed *a) { return a->profiles.goals > 1 && a->profiles.options <= MOST_POINTS; }

static json_t *axis_object(const pl_report *r, const axis *from) {
    const pl_measure *m = &r->situation->measures[from->measure];
    json_t *object = json_object();
    pl_json_set(&object, "title", pl_report_title_json(m->title, m->name));
    pl_json_set(&object, "units", pl_report_title_json(m->units_title, ""));
    pl_json_set(&object, "format", json_string("number"));
    pl_json_set(&object, "better", json_integer(from->sign));
    return object;
}

static double mean_of(const pl_weighed *a, const axis *of, long profile) {
    return a->profiles.means[of->goal * a->profiles.options + profile];
}

/* The profiles on the front of two measures, by the first of these, in list [options]; gives how many. A point's number
 * is its place in the list, from 1. */
static int list_front(const pl_weighed *a, const axis axes[2], long *list) {
    int count = 0;
    for (long p = 0; p < a->profiles.options; p++) {
        if (!is_on_front_of_two(a, axes, p)) continue;
        int at = count++;
        for (; at > 0 && mean_of(a, &axes[0], list[at - 1]) > mean_of(a, &axes[0], p); at--) list[at] = list[at - 1];
        list[at] = p;
    }
    return count;
}

/* number 0: off the front. */
static json_t *point_object(const pl_report *r, const pl_weighed *a, const axis axes[2], long profile, int number) {
    json_t *point = json_object();
    char en[PL_NAME_ROOM], es[PL_NAME_ROOM], label[16];
    pl_json_set(&point, "x", pl_json_rounded(mean_of(a, &axes[0], profile), 4));
    pl_json_set(&point, "y", pl_json_rounded(mean_of(a, &axes[1], profile), 4));
    pl_json_set(&point, "group", json_integer(!number));
    if (number) {
        snprintf(label, sizeof label, "%d", number);
        pl_ensemble_profile_name(r->ensemble, profile, PL_EN, en, sizeof en);
        pl_ensemble_profile_name(r->ensemble, profile, PL_ES, es, sizeof es);
        pl_json_set(&point, "label", pl_json_text(label));
        pl_json_set(&point, "note", pl_report_title_json((pl_title){{en, es}}, ""));
    }
    return point;
}

/* NULL where memory ran out. */
static json_t *front_points(const pl_report *r, const pl_weighed *a, const axis axes[2]) {
    long *front = pl_allocate((size_t)a->profiles.options * sizeof *front);
    if (!front) return NULL;
    json_t *points = json_array();
    int count = list_front(a, axes, front);
    for (int i = 0; i < count; i++) pl_json_append(&points, point_object(r, a, axes, front[i], i + 1));
    for (long p = 0; p < a->profiles.options; p++)
        if (!is_on_front_of_two(a, axes, p)) pl_json_append(&points, point_object(r, a, axes, p, 0));
    pl_release(front);
    return points;
}

static json_t *front_object(const pl_report *r, const pl_weighed *a) {
    json_t *object = json_object(), *groups = json_array();
    axis axes[2];
    find_axes(r, a, axes);
    pl_json_append(&groups, word_title(PL_WORD_FRONT_ON));
    pl_json_append(&groups, word_title(PL_WORD_FRONT_OFF));
    pl_json_set(&object, "x", axis_object(r, &axes[0]));
    pl_json_set(&object, "y", axis_object(r, &axes[1]));
    pl_json_set(&object, "points", front_points(r, a, axes));
    pl_json_set(&object, "groups", groups);
    pl_json_set(&object, "quiet", json_true());
    return object;
}

/* "U.S. overdose deaths per year: 69,850 people/year" */
static void put_mean(pl_report *r, const pl_weighed *a, const axis *of, long profile) {
    const pl_measure *m = &r->situation->measures[of->measure];
    double mean = mean_of(a, of, profile);
    char number[PL_ROUNDED_ROOM];
    pl_text_put(&r->out, "<td>");
    pl_html_title(&r->out, m->title, m->name);
    pl_text_format(&r->out, ": <b>%s</b>", pl_html_rounded(mean, pl_rounding(fabs(mean), PL_REPORT_DIGITS), number));
    pl_report_put_units(r, m->units_title);
    pl_text_put(&r->out, "</td>");
}

static void put_numbered(pl_report *r, const pl_weighed *a) {
    long *front = pl_allocate((size_t)a->profiles.options * sizeof *front);
    axis axes[2];
    r->out.failed |= !front;
    if (!front) return;
    find_axes(r, a, axes);
    int count = list_front(a, axes, front);
    for (int i = 0; i < count; i++) {
        char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
        pl_ensemble_profile_name(r->ensemble, front[i], PL_EN, en, sizeof en);
        pl_ensemble_profile_name(r->ensemble, front[i], PL_ES, es, sizeof es);
        pl_text_put(&r->out, "<tr><td>");
        pl_html_title(&r->out, actor_of(r, a)->title, actor_of(r, a)->name);
        pl_text_format(&r->out, "</td><td>%d</td><th scope=\"row\">", i + 1);
        pl_html_title(&r->out, (pl_title){{en, es}}, "");
        pl_text_put(&r->out, "</th>");
        for (int k = 0; k < 2; k++) put_mean(r, a, &axes[k], front[i]);
        pl_text_put(&r->out, "</tr>\n");
    }
    pl_release(front);
}

/* Which profiles the numbers in the drawings are. */
static void put_key(pl_report *r, const pl_weighing *w) {
    static const pl_word heads[] = {PL_WORD_ACTOR, PL_WORD_CLAIM_ID, PL_WORD_PROFILE, PL_WORD_FRONT_ACROSS,
                                    PL_WORD_FRONT_UP};
    pl_phrase caption;
    pl_section_table(r, pl_phrase_start(&caption, PL_WORD_FRONT_KEY), heads, sizeof heads / sizeof *heads);
    for (int i = 0; i < w->actor_count; i++)
        if (is_drawn(&w->actors[i])) put_numbered(r, &w->actors[i]);
    pl_section_table_end(r);
}

static void put_front(pl_report *r, const pl_weighed *a, int row) {
    double share = a->profiles.share[r->comparison->profile[row]];
    char number[PL_ROUNDED_ROOM];
    if (isnan(share)) pl_text_put(&r->out, "<td>-</td>");
    else pl_text_format(&r->out, "<td>%s %%</td>", pl_html_rounded(100 * share, 0, number));
}

static void put_front_figure(pl_report *r, const pl_weighed *a, int index) {
    pl_phrase caption;
    char pick[48];
    snprintf(pick, sizeof pick, "data-pick=\"actors.%d\"", index);
    pl_phrase_title(pl_phrase_start(&caption, PL_WORD_FRONT_ACTOR), actor_of(r, a)->title, actor_of(r, a)->name);
    pl_phrase_number(&caption, (double)a->profiles.count, 0);
    pl_phrase_number(&caption, (double)a->profiles.options, 0);
    pl_phrase_number(&caption, a->profiles.goals, 0);
    pl_section_figure_of(r, "scatter", pick, &caption);
}

pl_status pl_part_front(pl_report *r, pl_error *error) {
    const pl_weighing *w;
    pl_phrase phrase;
    pl_status status = pl_report_weigh(r, &w, error);
    bool some = false, drawing = false;
    for (int i = 0; status == PL_OK && w && i < w->actor_count; i++) {
        some = some || w->actors[i].profiles.goals > 1;
        drawing = drawing || is_drawn(&w->actors[i]);
    }
    if (status != PL_OK || !some || r->ensemble->profiles < 2) return status;
    json_t *object = json_object(), *actors = json_array();
    pl_section_open(r);
    pl_section_caption(r, pl_phrase_start(&phrase, PL_WORD_FRONT_LEAD));
    if (drawing) pl_section_say(r, pl_phrase_start(&phrase, PL_WORD_FRONT_DRAWN));
    for (int i = 0; i < w->actor_count; i++) {
        const pl_weighed *a = &w->actors[i];
        bool shown = is_drawn(a);
        if (shown) put_front_figure(r, a, i);
        pl_json_append(&actors, shown ? front_object(r, a) : json_null());
    }
    if (drawing) put_key(r, w);
    put_by_actor(r, w, PL_WORD_FRONT_TABLE, true, put_front);
    pl_json_set(&object, "actors", actors);
    pl_section_data(r, object);
    pl_section_close(r, "weigh");
    return PL_OK;
}
