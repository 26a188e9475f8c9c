/* The first screen: the findings that hold up, what breaks each, and what is not known; each one sentence made from the
 * results, and the picture that shows it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "report/section.h"
#include "study/finding.h"
#include "study/statistics.h"

enum { SHOWN = 3, DOTS = 100 };

static const pl_course *course_of(const pl_report *r, int actor, int course) {
    return &r->situation->actors[actor].courses[course];
}

static bool is_index(const pl_report *r, int measure) {
    return strcmp(pl_report_units(r, measure).in[PL_EN], pl_word_text(PL_WORD_UNITS_INDEX, PL_EN)) == 0;
}

/* The size of a difference, rounded by itself, in the measure's units. */
static void add_size(pl_phrase *phrase, const pl_report *r, const pl_finding *f) {
    pl_title units = pl_report_units(r, f->measure);
    pl_phrase size;
    pl_phrase_start(&size, !*units.in[PL_EN]         ? PL_WORD_PLAIN
                           : is_index(r, f->measure) ? PL_WORD_IN_UNITS
                                                     : PL_WORD_AMOUNT);
    pl_phrase_number(&size, fabs(f->median), pl_rounding(fabs(f->median), PL_DIFFERENCE_DIGITS));
    pl_phrase_title(&size, units, "");
    pl_phrase_phrase(phrase, &size);
}

/* What the margin of a finding is counted in. */
static pl_title units_of(const pl_report *r, const pl_finding *f) {
    if (f->kind == PL_FINDING_COURSE || f->kind == PL_FINDING_PROFILE) return pl_report_units(r, f->measure);
    return (pl_title){{pl_word_text(PL_WORD_UNITS_PAYOFF, PL_EN), pl_word_text(PL_WORD_UNITS_PAYOFF, PL_ES)}};
}

/* ---- sentences ------------------------------------------------------------------------------------------ */

static void state_course(pl_phrase *p, const pl_report *r, const pl_finding *f) {
    const pl_actor *actor = &r->situation->actors[f->actor];
    const pl_course *own = course_of(r, f->actor, f->course);
    const pl_course *base = course_of(r, f->actor, pl_situation_course(r->situation, r->ensemble->base, f->actor));
    const pl_measure *measure = &r->situation->measures[f->measure];
    pl_phrase_title(pl_phrase_start(p, f->lower ? PL_WORD_FINDING_COURSE_LESS : PL_WORD_FINDING_COURSE_MORE), actor->title,
                    actor->name);
    pl_phrase_title(p, own->title, own->name);
    pl_phrase_title(p, measure->title, measure->name);
    pl_phrase_title(p, base->title, base->name);
    add_size(p, r, f);
}

static void state_profile(pl_phrase *p, const pl_report *r, const pl_finding *f) {
    const pl_measure *measure = &r->situation->measures[f->measure];
    pl_phrase_row(pl_phrase_start(p, f->lower ? PL_WORD_FINDING_PROFILE_LESS : PL_WORD_FINDING_PROFILE_MORE), r,
                  (int)f->profile);
    pl_phrase_title(p, measure->title, measure->name);
    add_size(p, r, f);
}

enum { NAMED = 3 };

/* The courses that are beaten: at most three by name, and how many more. */
static void add_beaten(pl_phrase *p, const pl_report *r, const pl_finding *f) {
    const pl_actor *actor = &r->situation->actors[f->actor];
    char texts[PL_LANGUAGES][PL_VALUE_ROOM] = {{0}};
    for (int language = 0; language < PL_LANGUAGES; language++) {
        int named = 0;
        for (int k = 0; k < actor->course_count; k++) {
            if (!f->beats[k] || named == NAMED) continue;
            size_t used = strlen(texts[language]);
            snprintf(texts[language] + used, PL_VALUE_ROOM - used, "%s\u201c%s\u201d", named++ ? ", " : "",
                     pl_course_title(&actor->courses[k], (pl_language)language));
        }
    }
    pl_phrase_title(p, (pl_title){{texts[PL_EN], texts[PL_ES]}}, "");
    if (f->beaten > NAMED) pl_phrase_number(p, f->beaten - NAMED, 0);
}

static void state_dominant(pl_phrase *p, const pl_report *r, const pl_finding *f) {
    const pl_actor *actor = &r->situation->actors[f->actor];
    const pl_course *course = course_of(r, f->actor, f->course);
    pl_phrase_start(p, f->beaten > NAMED ? PL_WORD_FINDING_DOMINANT_MORE : PL_WORD_FINDING_DOMINANT);
    pl_phrase_title(p, actor->title, actor->name);
    pl_phrase_title(p, course->title, course->name);
    add_beaten(p, r, f);
}

static void state_risks(pl_phrase *p, const pl_report *r, const pl_finding *f) {
    pl_phrase_row(pl_phrase_start(p, PL_WORD_FINDING_RISKS), r, (int)f->profile);
    pl_phrase_number(p, f->sure, 0);
    pl_phrase_number(p, r->situation->risk_count, 0);
    pl_phrase_row(p, r, f->second);
    pl_phrase_number(p, f->second_sure, 0);
    pl_phrase_number(p, f->second_rare, 0);
}

static void state(pl_phrase *p, const pl_report *r, const pl_finding *f) {
    switch (f->kind) {
    case PL_FINDING_EQUILIBRIUM: pl_phrase_profile(pl_phrase_start(p, PL_WORD_FINDING_EQUILIBRIUM), r, f->profile); break;
    case PL_FINDING_COURSE: state_course(p, r, f); break;
    case PL_FINDING_PROFILE: state_profile(p, r, f); break;
    case PL_FINDING_DOMINANT: state_dominant(p, r, f); break;
    case PL_FINDING_RISKS: state_risks(p, r, f); break;
    case PL_FINDING_COUNT: break;
    }
}

/* The share of futures with a margin above 0: an equilibrium's own share is of resamples. */
static double holds_in(const pl_report *r, const pl_finding *f) {
    double holds = 0, count = 0;
    for (long k = 0; k < r->ensemble->futures; k++) {
        if (isnan(f->margin[k])) continue;
        holds += f->margin[k] > 0;
        count++;
    }
    return count > 0 ? holds / count : NAN;
}

static void state_share(pl_phrase *p, const pl_report *r, const pl_finding *f) {
    if (f->kind == PL_FINDING_RISKS) {
        pl_phrase_number(pl_phrase_start(p, PL_WORD_OF_RISKS), f->sure, 0);
        pl_phrase_number(p, f->second_sure, 0);
        pl_phrase_number(p, r->situation->risk_count, 0);
        return;
    }
    if (f->kind == PL_FINDING_EQUILIBRIUM) {
        pl_phrase_number(pl_phrase_start(p, PL_WORD_OF_RESAMPLES), 100 * f->share.estimate, 0);
        pl_phrase_number(p, 100 * holds_in(r, f), 0);
        return;
    }
    pl_phrase interval;
    pl_phrase_number(pl_phrase_start(p, PL_WORD_OF_FUTURES), 100 * f->share.estimate, 0);
    pl_phrase_number(pl_phrase_start(&interval, PL_WORD_INTERVAL_95), 100 * f->share.low, 0);
    pl_phrase_number(&interval, 100 * f->share.high, 0);
    pl_phrase_phrase(p, &interval);
}

static void state_break(pl_phrase *p, const pl_report *r, const pl_finding *f) {
    if (f->turns < 0) {
        pl_phrase_start(p, PL_WORD_BREAKS_RISKS);
    } else if (f->kind == PL_FINDING_EQUILIBRIUM) {
        pl_phrase_number(pl_phrase_start(p, f->turns_high ? PL_WORD_BREAKS_SINGLE_HIGH : PL_WORD_BREAKS_SINGLE_LOW),
                         100 * holds_in(r, f), 0);
        pl_phrase_input(p, r, f->turns);
        pl_phrase_number(p, 100 * f->there, 0);
    } else if (f->there < f->share.estimate) {
        pl_phrase_input(pl_phrase_start(p, f->turns_high ? PL_WORD_BREAKS_HIGH : PL_WORD_BREAKS_LOW), r, f->turns);
        pl_phrase_number(p, 100 * f->there, 0);
    } else {
        pl_phrase_input(pl_phrase_start(p, PL_WORD_BREAKS_NEVER), r, f->turns);
        pl_phrase_word(p, f->turns_high ? PL_WORD_END_HIGH : PL_WORD_END_LOW);
    }
}

/* ---- the cards ------------------------------------------------------------------------------------------ */

static void put_sentence(pl_report *r, const char *style, const pl_phrase *phrase) {
    pl_text_format(&r->out, "<p class=\"%s\">", style);
    pl_html_phrase(&r->out, phrase);
    pl_text_put(&r->out, "</p>\n");
}

static void put_card(pl_report *r, const pl_finding *f, int index) {
    static const pl_word questions[PL_FINDING_COUNT] = {
        [PL_FINDING_EQUILIBRIUM] = PL_WORD_QUESTION_DO, [PL_FINDING_COURSE] = PL_WORD_QUESTION_COMES,
        [PL_FINDING_PROFILE] = PL_WORD_QUESTION_COMES,  [PL_FINDING_DOMINANT] = PL_WORD_QUESTION_HOLDS,
        [PL_FINDING_RISKS] = PL_WORD_QUESTION_HOLDS};
    pl_phrase phrase;
    char attributes[48];
    pl_text_put(&r->out, "<li class=\"card\">\n<h3>");
    pl_html_word(&r->out, questions[f->kind], NULL);
    pl_text_put(&r->out, "</h3>\n");
    state_share(&phrase, r, f);
    put_sentence(r, "share", &phrase);
    state(&phrase, r, f);
    put_sentence(r, "caption", &phrase);
    snprintf(attributes, sizeof attributes, "data-pick=\"list.%d\"", index);
    pl_section_figure_with(r, f->margin ? "swarm" : "bars", attributes);
    pl_text_put(&r->out, "<p class=\"breaks\"><b>");
    pl_html_word(&r->out, PL_WORD_BREAKS, NULL);
    pl_text_put(&r->out, "</b> ");
    state_break(&phrase, r, f);
    pl_html_phrase(&r->out, &phrase);
    pl_text_put(&r->out, "</p>\n</li>\n");
}

static int contested_count(const pl_situation *s) {
    int count = 0;
    for (int i = 0; i < s->uncertainty_count; i++) count += s->uncertainties[i].contested;
    return count;
}

static void put_unknown(pl_report *r, const pl_open_question *open) {
    const pl_situation *s = r->situation;
    pl_phrase phrase;
    if (open->row < 0 && s->uncertainty_count == 0) return;
    pl_text_put(&r->out, "<div class=\"card unknown\">\n<h3>");
    pl_html_word(&r->out, PL_WORD_UNKNOWN, NULL);
    pl_text_put(&r->out, "</h3>\n");
    if (open->row >= 0 && open->turns >= 0) {
        const pl_measure *measure = &s->measures[open->measure];
        pl_phrase_row(pl_phrase_start(&phrase, PL_WORD_UNKNOWN_OPEN), r, open->row);
        pl_phrase_title(&phrase, measure->title, measure->name);
        pl_phrase_number(&phrase, 100 * open->share, 0);
        pl_phrase_input(&phrase, r, open->turns);
        put_sentence(r, "caption", &phrase);
    }
    pl_phrase_number(pl_phrase_start(&phrase, PL_WORD_UNKNOWN_COUNT), open->pairs, 0);
    pl_phrase_number(&phrase, open->undecided, 0);
    pl_phrase_number(&phrase, s->uncertainty_count, 0);
    pl_phrase_number(&phrase, contested_count(s), 0);
    put_sentence(r, "breaks", &phrase);
    pl_text_put(&r->out, "</div>\n");
}

/* ---- the table ------------------------------------------------------------------------------------------ */

static void put_row(pl_report *r, const pl_finding *f) {
    pl_phrase phrase;
    char number[PL_ROUNDED_ROOM];
    pl_text *out = &r->out;
    pl_text_put(out, "<tr><th scope=\"row\">");
    state(&phrase, r, f);
    pl_html_phrase(out, &phrase);
    pl_text_put(out, "</th><td>");
    if (!isnan(f->share.estimate))
        pl_text_format(out, "%s %%", pl_html_rounded(100 * f->share.estimate, 1, number));
    if (!isnan(f->share.low)) {
        pl_text_put(out, " (");
        pl_report_pair(r, PL_WORD_RANGE, 100 * f->share.low, 100 * f->share.high, 1);
        pl_text_put(out, ")");
    }
    pl_text_format(out, "</td><td>%s",
                   pl_html_rounded(f->median, pl_rounding(fabs(f->median), PL_DIFFERENCE_DIGITS), number));
    if (f->margin) pl_report_put_units(r, units_of(r, f));
    pl_text_put(out, "</td><td>");
    if (f->turns >= 0) {
        pl_phrase_start(&phrase, PL_WORD_PLAIN);
        pl_phrase_input(&phrase, r, f->turns);
        pl_html_phrase(out, &phrase);
        pl_text_format(out, " (%s)", pl_html_signed(f->correlation, 2, number));
    }
    pl_text_put(out, "</td></tr>\n");
}

static void put_table(pl_report *r, const pl_conclusions *c) {
    static const pl_word heads[] = {PL_WORD_FINDING, PL_WORD_HOLDS_IN, PL_WORD_MARGIN, PL_WORD_TURNS_ON};
    pl_phrase caption;
    if (c->count == 0) return;
    pl_section_table(r, pl_phrase_start(&caption, PL_WORD_FINDINGS_TABLE), heads, sizeof heads / sizeof *heads);
    for (int i = 0; i < c->count; i++) put_row(r, &c->list[i]);
    pl_section_table_end(r);
}

/* ---- the data ------------------------------------------------------------------------------------------- */

static json_t *word_pair(pl_word word) {
    return pl_report_title_json((pl_title){{pl_word_text(word, PL_EN), pl_word_text(word, PL_ES)}}, "");
}

/* The change of a measure, or the payoff, in 100 futures that stand for all: the quantiles in the middle of each. */
static json_t *dots_of(const pl_report *r, const pl_finding *f) {
    double dots[DOTS], *sorted = pl_allocate((size_t)(r->ensemble->futures + 1) * sizeof *sorted);
    long count = 0;
    if (!sorted) return NULL;
    for (long k = 0; k < r->ensemble->futures; k++)
        if (!isnan(f->margin[k])) sorted[count++] = f->lower ? -f->margin[k] : f->margin[k];
    pl_sort(sorted, count);
    int shown = count < DOTS ? (int)count : DOTS;
    for (int i = 0; i < shown; i++) dots[i] = sorted[(long)((i + 0.5) * (double)count / shown)];
    pl_release(sorted);
    json_t *array = json_array();
    for (int i = 0; i < shown; i++) pl_json_append(&array, pl_json_rounded(dots[i], 4));
    return array;
}

static pl_word axis_of(pl_finding_kind kind) {
    return kind == PL_FINDING_EQUILIBRIUM ? PL_WORD_AXIS_COST
           : kind == PL_FINDING_DOMINANT  ? PL_WORD_AXIS_GAIN
           : kind == PL_FINDING_COURSE    ? PL_WORD_AXIS_CHANGE
                                          : PL_WORD_AXIS_DIFFERENCE;
}

/* "difference from the base (people/year)" */
static json_t *axis_title(const pl_report *r, const pl_finding *f) {
    pl_phrase phrase;
    pl_word word = axis_of(f->kind);
    pl_title what = {{pl_word_text(word, PL_EN), pl_word_text(word, PL_ES)}};
    pl_phrase_in_units(pl_phrase_start(&phrase, PL_WORD_PLAIN), what, units_of(r, f));
    return pl_report_title_json((pl_title){{phrase.values[0][PL_EN], phrase.values[0][PL_ES]}}, "");
}

/* {"dots": [value], "lower": whether it holds below 0, "axis"} */
static json_t *swarm_object(const pl_report *r, const pl_finding *f) {
    json_t *object = json_object();
    pl_json_set(&object, "dots", dots_of(r, f));
    pl_json_set(&object, "lower", json_boolean(f->lower));
    pl_json_set(&object, "axis", axis_title(r, f));
    return object;
}

static void append_bars(const pl_report *r, json_t **rows, int row, int series, int count) {
    json_t *object = json_object();
    char en[PL_NAME_ROOM], es[PL_NAME_ROOM];
    pl_comparison_row_name(r->comparison, row, PL_EN, en);
    pl_comparison_row_name(r->comparison, row, PL_ES, es);
    pl_json_set(&object, "name", pl_report_title_json((pl_title){{en, es}}, ""));
    pl_json_set(&object, "value", json_integer(count));
    pl_json_set(&object, "series", json_integer(series));
    pl_json_append(rows, object);
}

static int risks_within(const pl_report *r, int row, double low, double high) {
    int count = 0;
    for (int i = 0; i < r->situation->risk_count; i++) {
        double share = r->risks[i * r->comparison->rows + row].share.estimate;
        count += share >= low && share <= high;
    }
    return count;
}

/* How many risks nearly always, and hardly ever, happen in the two profiles. */
static json_t *risks_object(const pl_report *r, const pl_finding *f) {
    json_t *object = json_object(), *rows = json_array(), *series = json_array();
    const int shown[] = {(int)f->profile, f->second};
    for (int k = 0; k < (f->second == f->profile ? 1 : 2); k++) {
        append_bars(r, &rows, shown[k], 0, risks_within(r, shown[k], PL_FINDING_SHARE, 1));
        append_bars(r, &rows, shown[k], 1, risks_within(r, shown[k], 0, 1 - PL_FINDING_SHARE));
    }
    pl_json_append(&series, word_pair(PL_WORD_RISKS_SURE));
    pl_json_append(&series, word_pair(PL_WORD_RISKS_RARE));
    pl_json_set(&object, "rows", rows);
    pl_json_set(&object, "series", series);
    return object;
}

static json_t *list_object(const pl_report *r, const pl_conclusions *c) {
    json_t *object = json_object(), *list = json_array();
    for (int i = 0; i < c->count && i < SHOWN; i++)
        pl_json_append(&list, c->list[i].margin ? swarm_object(r, &c->list[i]) : risks_object(r, &c->list[i]));
    pl_json_set(&object, "list", list);
    return object;
}

/* ---- the part ------------------------------------------------------------------------------------------- */

static void put_findings(pl_report *r, const pl_conclusions *c) {
    pl_phrase phrase;
    pl_section_open(r);
    pl_phrase_number(pl_phrase_start(&phrase, c->count ? PL_WORD_FINDINGS_LEAD : PL_WORD_FINDINGS_NONE),
                     (double)c->tested, 0);
    pl_phrase_number(&phrase, (double)r->ensemble->futures, 0);
    pl_phrase_number(&phrase, (double)c->held, 0);
    pl_section_say(r, &phrase);
    if (c->count) pl_text_put(&r->out, "<ol class=\"cards\">\n");
    for (int i = 0; i < c->count && i < SHOWN; i++) put_card(r, &c->list[i], i);
    if (c->count) pl_text_put(&r->out, "</ol>\n");
    put_unknown(r, &c->open);
    put_table(r, c);
    pl_section_data(r, list_object(r, c));
    pl_section_close(r, NULL);
}

pl_status pl_part_findings(pl_report *r, pl_error *error) {
    pl_conclusions *conclusions;
    pl_status status = pl_conclude(r->comparison, r->play, r->risks, &conclusions, error);
    if (status != PL_OK) return status;
    if (conclusions->tested) put_findings(r, conclusions);
    pl_conclusions_free(conclusions);
    return PL_OK;
}
