/* What the first measures and the payoffs hinge on, under the base: partial rank correlations of the results, as bars with
 * their intervals.  Nothing is written where the futures are too few for as many uncertainties, or are no sample. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/section.h"
#include "study/sense.h"
#include "study/statistics.h"

enum { MOST_MEASURES = 5, MOST_OUTCOMES = 8, MOST_BARS = 8, RESAMPLES = 50 };

typedef struct outcome {
    const pl_measure *measure; /* or */
    const pl_actor *actor;
    char name[320];
} outcome;

typedef struct bar {
    double size;
    int input;
} bar;

static int choose(const pl_situation *s, outcome *outcomes) {
    int count = 0;
    for (int m = 0; m < s->measure_count && m < MOST_MEASURES; m++) {
        outcomes[count] = (outcome){.measure = &s->measures[m]};
        snprintf(outcomes[count++].name, sizeof outcomes->name, "%s", s->measures[m].name);
    }
    for (int a = 0; a < s->actor_count && count < MOST_OUTCOMES; a++) {
        if (!s->actors[a].want_count) continue;
        outcomes[count] = (outcome){.actor = &s->actors[a]};
        snprintf(outcomes[count++].name, sizeof outcomes->name, "payoff(%.280s)", s->actors[a].name);
    }
    return count;
}

static int larger(const void *a, const void *b) {
    const bar *x = a, *y = b;
    if (x->size != y->size) return x->size < y->size ? 1 : -1;
    return (x->input > y->input) - (x->input < y->input);
}

/* Inputs whose interval is clear of 0, the strongest first: how many are shown. */
static int sort_bars(const pl_sense_part *part, int output, bar *bars) {
    const pl_interval *prcc = part->regression[output].prcc;
    int count = 0;
    for (int i = 0; i < part->sample.input_count; i++)
        if (prcc[i].low > 0 || prcc[i].high < 0) bars[count++] = (bar){fabs(prcc[i].estimate), i};
    qsort(bars, (size_t)count, sizeof *bars, larger);
    return count < MOST_BARS ? count : MOST_BARS;
}

/* The sample's inputs are the situation's draws, in their order. */
static json_t *input_titles(const pl_report *r, int input) {
    pl_phrase name;
    pl_phrase_input(pl_phrase_start(&name, PL_WORD_PLAIN), r, input);
    return pl_report_title_json((pl_title){{name.values[0][PL_EN], name.values[0][PL_ES]}}, "");
}

static json_t *bars_object(const pl_report *r, const pl_sense_part *part, int output, const bar *bars, int count) {
    json_t *object = json_object(), *rows = json_array();
    for (int b = 0; b < count; b++) {
        const pl_interval *prcc = &part->regression[output].prcc[bars[b].input];
        json_t *row = json_object();
        pl_json_set(&row, "name", input_titles(r, bars[b].input));
        pl_json_set(&row, "value", pl_json_rounded(prcc->estimate, 3));
        pl_json_set(&row, "low", pl_json_rounded(prcc->low, 3));
        pl_json_set(&row, "high", pl_json_rounded(prcc->high, 3));
        pl_json_append(&rows, row);
    }
    pl_json_set(&object, "rows", rows);
    pl_json_set(&object, "format", json_string("signed"));
    pl_json_set(&object, "domain", json_pack("[i,i]", -1, 1));
    return object;
}

static void start_title(pl_phrase *phrase, const outcome *o) {
    if (o->measure) return;
    pl_phrase_title(pl_phrase_start(phrase, PL_WORD_HINGES_PAYOFF), o->actor->title, o->actor->name);
}

static void put_figure(pl_report *r, const pl_sense_part *part, const outcome *o, int output, const bar *bars, int place) {
    pl_phrase caption, payoff;
    char pick[48];
    double explained = 100 * part->regression[output].rank_r_squared.estimate;
    snprintf(pick, sizeof pick, "data-pick=\"outcomes.%d\"", place);
    pl_phrase_start(&caption, PL_WORD_HINGES_FIGURE);
    start_title(&payoff, o);
    if (o->measure) pl_phrase_title(&caption, o->measure->title, o->measure->name);
    else pl_phrase_phrase(&caption, &payoff);
    pl_phrase_input(&caption, r, bars[0].input);
    pl_phrase_number(&caption, explained, 0);
    pl_section_figure_of(r, "bars", pick, &caption);
}

static void put_interval(pl_report *r, pl_interval interval) {
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "<td><b>%s</b>", pl_html_rounded(interval.estimate, 2, number));
    pl_report_range(r, interval.low, interval.high, 2);
    pl_text_put(&r->out, "</td>");
}

static void put_rows(pl_report *r, const pl_sense_part *part, const outcome *o, int output, const bar *bars, int count) {
    pl_phrase payoff, name;
    start_title(&payoff, o);
    for (int b = 0; b < count; b++) {
        int input = bars[b].input;
        pl_text_put(&r->out, "<tr><th scope=\"row\">");
        if (o->measure) pl_html_title(&r->out, o->measure->title, o->measure->name);
        else pl_html_phrase(&r->out, &payoff);
        pl_text_put(&r->out, "</th><td>");
        pl_phrase_input(pl_phrase_start(&name, PL_WORD_PLAIN), r, input);
        pl_html_phrase(&r->out, &name);
        pl_text_put(&r->out, "</td>");
        put_interval(r, part->regression[output].prcc[input]);
        put_interval(r, part->delta[output].delta[input]);
        pl_text_put(&r->out, "</tr>\n");
    }
}

static const outcome *outcome_of(const outcome *outcomes, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (strcmp(outcomes[i].name, name) == 0) return &outcomes[i];
    return NULL;
}

static void write_section(pl_report *r, const pl_sense_part *part, const outcome *outcomes, int count, bar *bars) {
    static const pl_word heads[] = {PL_WORD_HINGES_OUTCOME, PL_WORD_HINGES_INPUT, PL_WORD_HINGES_PRCC, PL_WORD_HINGES_DELTA};
    json_t *object = json_object(), *list = json_array();
    pl_phrase phrase;
    int place = 0;
    pl_section_open(r);
    pl_phrase_start(&phrase, PL_WORD_HINGES_LEAD);
    char base[2][PL_NAME_ROOM];
    for (int l = 0; l < PL_LANGUAGES; l++)
        pl_ensemble_profile_name(r->ensemble, r->ensemble->base, (pl_language)l, base[l], sizeof base[l]);
    pl_phrase_title(&phrase, (pl_title){{base[PL_EN], base[PL_ES]}}, base[PL_EN]);
    pl_section_caption(r, &phrase);
    for (int output = 0; output < part->sample.output_count; output++) {
        int shown = sort_bars(part, output, bars);
        const outcome *o = outcome_of(outcomes, count, part->sample.outputs[output].name);
        if (!shown || !o) continue;
        pl_json_append(&list, bars_object(r, part, output, bars, shown));
        put_figure(r, part, o, output, bars, place++);
    }
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_HINGES_TABLE), heads, sizeof heads / sizeof *heads);
    for (int output = 0; output < part->sample.output_count; output++) {
        const outcome *o = outcome_of(outcomes, count, part->sample.outputs[output].name);
        int shown = sort_bars(part, output, bars);
        if (o) put_rows(r, part, o, output, bars, shown);
    }
    pl_section_table_end(r);
    pl_json_set(&object, "outcomes", list);
    pl_section_data(r, object);
    pl_section_close(r, "sense");
}

static bool any_bar(const pl_sense_part *part, bar *bars) {
    for (int output = 0; part->regression && output < part->sample.output_count; output++)
        if (sort_bars(part, output, bars)) return true;
    return false;
}

pl_status pl_part_hinges(pl_report *r, pl_error *error) {
    outcome outcomes[MOST_OUTCOMES];
    const char *of[MOST_OUTCOMES];
    int count = choose(r->situation, outcomes);
    if (!count || !r->situation->uncertainty_count || pl_ensemble_require_sample(r->ensemble, NULL) != PL_OK) return PL_OK;
    for (int i = 0; i < count; i++) of[i] = outcomes[i].name;
    pl_sense_options options = {.of = of, .of_count = count, .resamples = RESAMPLES};
    pl_sense *sense;
    pl_status status = pl_ensemble_sense(r->ensemble, &options, &sense, error);
    if (status != PL_OK) return status;
    bar *bars = pl_allocate(((size_t)sense->parts[0]->sample.input_count + 1) * sizeof *bars);
    if (bars && any_bar(sense->parts[0], bars)) write_section(r, sense->parts[0], outcomes, count, bars);
    status = bars ? PL_OK : pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_release(bars);
    pl_sense_free(sense);
    return status;
}
