/* What drives it: the strongest feedback loops as a causal-loop diagram, and their shares over time.  It is simulated for
 * this, so a report of a results file alone lacks it. */
#include <math.h>
#include <stdio.h>

#include "report/diagram.h"
#include "report/section.h"

enum { FUTURES = 100, DRAWN_SERIES = 6 };

static const pl_loop_result *result_at(const pl_loop_scores *l, int rank) {
    return &l->results[l->partitions[0].first + rank];
}

/* The longest chain that is shown in the table. */
static void put_chain(pl_report *r, const pl_loop_scores *l, const pl_scored_loop *loop) {
    pl_text chains[PL_LANGUAGES] = {{0}};
    int first = 0;
    for (int i = loop->length; i-- > 0;)
        if (l->graph->nodes[loop->nodes[i]].variable->kind == PL_STOCK) first = i;
    for (int language = 0; language < PL_LANGUAGES; language++)
        for (int i = 0; i <= loop->length; i++) {
            char name[PL_NAME_ROOM];
            pl_diagram_label(l, loop->nodes[(first + i) % loop->length], (pl_language)language, name);
            pl_text_format(&chains[language], "%s%s", i ? " \u2192 " : "", name);
        }
    r->out.failed |= chains[PL_EN].failed || chains[PL_ES].failed;
    if (!r->out.failed) pl_html_title(&r->out, (pl_title){{chains[PL_EN].data, chains[PL_ES].data}}, "");
    for (int language = 0; language < PL_LANGUAGES; language++) pl_release(chains[language].data);
}

static pl_word polarity_word(pl_loop_polarity polarity) {
    switch (polarity) {
    case PL_LOOP_REINFORCING:
    case PL_LOOP_MOSTLY_REINFORCING: return PL_WORD_LOOP_REINFORCING;
    case PL_LOOP_BALANCING:
    case PL_LOOP_MOSTLY_BALANCING: return PL_WORD_LOOP_BALANCING;
    default: return PL_WORD_LOOP_CHANGING;
    }
}

static void put_percents(pl_report *r, double estimate, double low, double high) {
    char number[PL_ROUNDED_ROOM];
    if (isnan(estimate)) {
        pl_text_put(&r->out, "<td>-</td>");
        return;
    }
    pl_text_format(&r->out, "<td>%s (", pl_html_rounded(100 * estimate, 1, number));
    pl_report_pair(r, PL_WORD_RANGE, 100 * low, 100 * high, 1);
    pl_text_put(&r->out, ")</td>");
}

static void put_loop(pl_report *r, const pl_loop_scores *l, int rank) {
    const pl_loop_result *result = result_at(l, rank);
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "<tr><th scope=\"row\">%s</th><td>", result->name);
    pl_html_word(&r->out, polarity_word(result->polarity), NULL);
    pl_text_format(&r->out, "</td><td>%s</td>", isnan(result->share) ? "-" : pl_html_rounded(100 * result->share, 1, number));
    if (l->futures > 0) {
        put_percents(r, result->futures.share.median.estimate, result->futures.share.low, result->futures.share.high);
        put_percents(r, result->futures.leads.estimate, result->futures.leads.low, result->futures.leads.high);
    } else {
        pl_text_put(&r->out, "<td>-</td><td>-</td>");
    }
    pl_text_put(&r->out, "<td>");
    put_chain(r, l, &l->set.loops[result->loop]);
    pl_text_put(&r->out, "</td></tr>\n");
}

static void put_table(pl_report *r, const pl_loop_scores *l, const pl_diagram *d) {
    static const pl_word heads[] = {PL_WORD_LOOP,          PL_WORD_LOOP_POLARITY, PL_WORD_LOOP_SHARE,
                                    PL_WORD_LOOP_FUTURES, PL_WORD_LOOP_LEADS,    PL_WORD_LOOP_CHAIN};
    pl_phrase caption;
    pl_section_table(r, pl_phrase_start(&caption, PL_WORD_LOOPS_TABLE), heads, sizeof heads / sizeof *heads);
    for (int i = 0; i < d->loop_count; i++) put_loop(r, l, d->ranks[i]);
    pl_section_table_end(r);
}

/* ---- the data --------------------------------------------------------------------------------------------- */

static json_t *series_json(const pl_loop_scores *l, const double *row, bool size) {
    json_t *values = json_array();
    for (int point = l->first; row && point <= l->last; point++)
        pl_json_append(&values, pl_json_rounded(size ? fabs(row[point]) : row[point], 3));
    return values;
}

static json_t *loop_json(const pl_loop_scores *l, int rank, bool series) {
    const pl_loop_result *r = result_at(l, rank);
    json_t *object = json_object();
    const char *sign = polarity_word(r->polarity) == PL_WORD_LOOP_REINFORCING ? "+"
                       : polarity_word(r->polarity) == PL_WORD_LOOP_BALANCING ? "-" : "?";
    pl_json_set(&object, "id", pl_json_text(r->name));
    pl_json_set(&object, "sign", pl_json_text(sign));
    pl_json_set(&object, "share", pl_json_rounded(isnan(r->share) ? r->weight : r->share, 3));
    if (series && r->futures.median) {
        pl_json_set(&object, "low", series_json(l, r->futures.low, false));
        pl_json_set(&object, "median", series_json(l, r->futures.median, false));
        pl_json_set(&object, "high", series_json(l, r->futures.high, false));
    } else if (series) {
        pl_json_set(&object, "median", series_json(l, l->shares + (size_t)r->loop * (size_t)l->points, true));
    }
    return object;
}

/* {"diagram": diagram.h's, "times", "loops": [{"id", "sign", "share", "low", "median", "high"}]}: the drawn loops in the
 * order of the diagram's; the first ones have shares over time, of the futures or (without low and high) of the run. */
static json_t *driving_json(const pl_loop_scores *l, const pl_diagram *d) {
    json_t *object = json_object(), *loops = json_array(), *times = json_array();
    for (int point = l->first; point <= l->last; point++) pl_json_append(&times, pl_json_rounded(l->times[point], 9));
    for (int i = 0; i < d->loop_count; i++) pl_json_append(&loops, loop_json(l, d->ranks[i], i < DRAWN_SERIES));
    pl_json_set(&object, "diagram", pl_diagram_json(l, d));
    pl_json_set(&object, "times", times);
    pl_json_set(&object, "loops", loops);
    return object;
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static double drawn_share(const pl_loop_scores *l, const pl_diagram *d) {
    double share = 0;
    for (int i = 0; i < d->loop_count; i++) {
        double own = result_at(l, d->ranks[i])->share;
        share += isnan(own) ? 0 : own;
    }
    return share;
}

static void put_caption(pl_report *r, const pl_loop_scores *l, const pl_diagram *d) {
    const pl_loop_partition *p = &l->partitions[0];
    pl_phrase phrase;
    bool still = isnan(p->reinforcing[0]);
    pl_phrase_start(&phrase, still ? PL_WORD_LOOPS_LEAD_STILL : p->whole ? PL_WORD_LOOPS_LEAD_ALL : PL_WORD_LOOPS_LEAD);
    pl_phrase_number(&phrase, p->variables, 0);
    pl_phrase_number(&phrase, p->loops, 0);
    pl_phrase_number(&phrase, d->loop_count, 0);
    if (!still) pl_phrase_number(&phrase, 100 * drawn_share(l, d), 0);
    if (!still) pl_phrase_number(&phrase, 100 * p->reinforcing[0], 0);
    pl_section_caption(r, &phrase);
}

static void write_part(pl_report *r, const pl_loop_scores *l, const pl_diagram *d) {
    pl_phrase phrase;
    pl_section_open(r);
    put_caption(r, l, d);
    pl_section_figure(r, "loops");
    pl_phrase_number(pl_phrase_start(&phrase, l->futures > 0 ? PL_WORD_LOOPS_TIME : PL_WORD_LOOPS_TIME_ONE), (double)l->futures, 0);
    pl_section_caption(r, &phrase);
    pl_section_figure(r, "shares");
    put_table(r, l, d);
    pl_section_data(r, driving_json(l, d));
    pl_section_close(r, "loops");
}

/* A situation without loops, or whose drawing does not come about, has no such part. */
static pl_status leave_out(pl_status status) { return status == PL_MEMORY || status == PL_INTERRUPTED ? status : PL_OK; }

pl_status pl_part_driving(pl_report *r, pl_error *error) {
    pl_loop_scores *l;
    pl_diagram *d = NULL;
    long futures = r->ensemble->futures < FUTURES ? r->ensemble->futures : FUTURES;
    if (!r->options.situation_path) return PL_OK;
    pl_loops_options options = {.futures = r->situation->given ? 0 : futures, .threads = r->options.threads,
                                .progress = r->options.progress, .context = r->options.context};
    pl_status status = pl_situation_score_loops(r->situation, &options, &l, error);
    if (status != PL_OK) return leave_out(status);
    if (l->partition_count > 0) status = pl_diagram_make(l, &l->partitions[0], &d, error);
    if (d) write_part(r, l, d);
    pl_diagram_free(d);
    pl_loop_scores_free(l);
    return leave_out(status);
}
