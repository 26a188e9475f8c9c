/* What `parley loops` prints: the loops of each cycle partition by their shares, when which of them leads, and how the
 * shares lie over the futures. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "study/loopscores.h"

enum { SHOWN = 12, SHOWN_PARTITIONS = 4, SHOWN_PHASES = 12, WITH_SERIES = 24, ALL_SERIES = 60, WIDTH = 110 };

static const char *const polarities[] = {
    [PL_LOOP_REINFORCING] = "reinforcing",
    [PL_LOOP_BALANCING] = "balancing",
    [PL_LOOP_MOSTLY_REINFORCING] = "mostly reinforcing",
    [PL_LOOP_MOSTLY_BALANCING] = "mostly balancing",
    [PL_LOOP_CHANGING] = "changing",
    [PL_LOOP_IDLE] = "idle",
};

static const pl_scored_loop *loop_of(const pl_loop_scores *l, const pl_loop_result *r) { return &l->set.loops[r->loop]; }

static void node_name(const pl_loop_scores *l, int node, char *out, size_t room) {
    const pl_score_node *n = &l->graph->nodes[node];
    pl_variable_element_name(n->variable, n->variable->size > 1 ? n->element : -1, out, room);
}

/* The place in a loop at which its names begin: what was asked for, or else its first stock. */
static int first_of(const pl_loop_scores *l, const pl_scored_loop *loop) {
    int first = 0;
    for (int i = loop->length; i-- > 0;) {
        const pl_score_node *n = &l->graph->nodes[loop->nodes[i]];
        for (int k = 0; k < l->entry_count; k++)
            if (l->entries[k] == loop->nodes[i]) return i;
        if (n->variable->kind == PL_STOCK) first = i;
    }
    return first;
}

/* ---- text ------------------------------------------------------------------------------------------------- */

static void put_percent(pl_text *out, double share, int width) {
    char number[32];
    if (isnan(share)) snprintf(number, sizeof number, "-");
    else snprintf(number, sizeof number, share > 0 && share < 0.0005 ? "<0.1" : "%.1f", 100 * share);
    pl_text_right(out, number, width);
}

static void put_chain(pl_text *out, const pl_loop_scores *l, const pl_loop_result *r, int indent) {
    const pl_scored_loop *loop = loop_of(l, r);
    int first = first_of(l, loop), column = indent;
    for (int i = 0; i <= loop->length; i++) {
        char name[300];
        node_name(l, loop->nodes[(first + i) % loop->length], name, sizeof name);
        int width = pl_text_width(name) + (i ? 4 : 0);
        if (i && column + width > WIDTH) {
            pl_text_put(out, "\n");
            pl_text_repeat(out, ' ', indent);
            column = indent;
        }
        pl_text_format(out, "%s%s", i ? " -> " : "", name);
        column += width;
    }
    pl_text_put(out, "\n");
}

static void put_interval(pl_text *out, pl_interval value) {
    put_percent(out, value.estimate, 6);
    pl_text_put(out, " [");
    put_percent(out, value.low, 4);
    pl_text_put(out, ",");
    put_percent(out, value.high, 5);
    pl_text_put(out, "]");
}

static void put_head(pl_text *out, const pl_loop_scores *l) {
    pl_text_put(out, "  loop    share ");
    for (int i = 0; i < PL_LOOP_PERIODS; i++) {
        char label[40];
        snprintf(label, sizeof label, "to %.5g", l->period_ends[i]);
        pl_text_right(out, label, i ? 11 : 10);
    }
    if (l->futures > 0) pl_text_put(out, "   over futures: median [95 %]  5-95 %       leads [95 %]");
    pl_text_put(out, "\n");
}

static void put_result(pl_text *out, const pl_loop_scores *l, const pl_loop_result *r) {
    pl_text_put(out, "  ");
    pl_text_left(out, r->name, 6);
    put_percent(out, r->share, 7);
    for (int i = 0; i < PL_LOOP_PERIODS; i++) put_percent(out, r->periods[i], 11);
    if (l->futures > 0) {
        pl_text_put(out, "   ");
        put_interval(out, r->futures.share.median);
        put_percent(out, r->futures.share.low, 7);
        pl_text_put(out, "-");
        put_percent(out, r->futures.share.high, 4);
        pl_text_put(out, "  ");
        put_interval(out, r->futures.leads);
    }
    pl_text_put(out, "\n");
}

/* Phases of at least a fiftieth of the window; shorter ones are counted. */
static void put_phases(pl_text *out, const pl_loop_scores *l, const pl_loop_partition *p) {
    int shown = 0, short_ones = 0;
    for (int i = 0; i < p->phase_count; i++) {
        const pl_loop_phase *phase = &p->phases[i];
        double until = i + 1 < p->phase_count ? p->phases[i + 1].from : phase->to;
        if (p->phase_count > SHOWN_PHASES && until - phase->from < (l->to - l->from) / 50) {
            short_ones++;
            continue;
        }
        if (shown++ == SHOWN_PHASES) break;
        pl_text_put(out, shown == 1 ? "  which leads: " : shown % 6 == 1 ? ",\n               " : ", ");
        pl_text_format(out, "%s from %.6g (%.0f %%)", l->results[phase->result].name, phase->from, 100 * phase->share);
    }
    if (shown && short_ones) pl_text_format(out, "; %d short spells of others", short_ones);
    if (shown) pl_text_put(out, "\n");
}

static void put_partition(pl_text *out, const pl_loop_scores *l, const pl_loop_partition *p) {
    int shown = p->count < SHOWN ? p->count : SHOWN;
    pl_text_format(out, "\n%d variable%s, %d loop%s (%s)\n", p->variables, pl_plural(p->variables), p->loops,
                   pl_plural(p->loops), p->whole ? "all of them" : "found by the strongest paths; there are more");
    pl_text_put(out, "  % of what moves them: mean size of the relative loop score\n");
    put_head(out, l);
    for (int i = 0; i < shown; i++) put_result(out, l, &l->results[p->first + i]);
    if (p->count > shown) pl_text_format(out, "  ... and %d more\n", p->count - shown);
    pl_text_put(out, "  all R ");
    put_percent(out, p->reinforcing[0], 9);
    for (int i = 0; i < PL_LOOP_PERIODS; i++) put_percent(out, p->reinforcing[i + 1], 11);
    pl_text_put(out, "\n");
    if (isnan(p->reinforcing[0]))
        pl_text_put(out, "  -: nothing here changes in the run with the model's own constants, "
                         "so no loop has a share\n");
    put_phases(out, l, p);
    for (int i = 0; i < shown; i++) {
        const pl_loop_result *r = &l->results[p->first + i];
        pl_text_put(out, "  ");
        pl_text_left(out, r->name, 6);
        put_chain(out, l, r, 8);
    }
}

static void put_notes(pl_text *out, const pl_loop_scores *l) {
    const pl_partials *p = l->graph->partials;
    for (int i = 0; i < p->unscored_count && i < SHOWN; i++)
        pl_text_format(out, "%sloops through %s are not scored (it holds a conveyor, a queue, or state inside a sum)\n",
                       i ? "" : "\n", p->unscored[i]->name);
    if (l->graph->cut_off)
        pl_text_put(out, "\nsome ways through delays or macros are left out, because there are too many\n");
    if (l->set.full) pl_text_format(out, "\nthe search ended at %d loops\n", PL_MOST_FOUND);
}

static void put_title(pl_text *out, const pl_loop_scores *l) {
    if (!l->target) pl_text_put(out, "Loops");
    else if (l->through) pl_text_format(out, "Loops through %s", l->variable->name);
    else pl_text_format(out, "Loops through what acts on %s", l->variable->name);
    if (l->measure >= 0) pl_text_format(out, ", for the measure %s", l->target);
    pl_text_format(out, ", %.6g to %.6g\n", l->from, l->to);
    if (!l->target || l->through) return;
    pl_text_put(out, "it lies on no loop itself; on loops and acting on it:");
    for (int i = 0; i < l->entry_count && i < SHOWN; i++) {
        char name[300];
        node_name(l, l->entries[i], name, sizeof name);
        pl_text_format(out, "%s %s", i ? "," : "", name);
    }
    pl_text_put(out, l->entry_count > SHOWN ? ", ...\n" : "\n");
}

static pl_status print_text(const pl_loop_scores *l, char **text, size_t *length) {
    pl_text out = {0};
    put_title(&out, l);
    pl_text_format(&out, "shares are of one run with the model's own constants%s", l->futures ? "" : "\n");
    if (l->futures) pl_text_format(&out, ", and of %ld futures\n", l->futures);
    for (int i = 0; i < l->partition_count && i < SHOWN_PARTITIONS; i++) put_partition(&out, l, &l->partitions[i]);
    if (l->partition_count > SHOWN_PARTITIONS)
        pl_text_format(&out, "\n... and %d smaller groups of variables\n", l->partition_count - SHOWN_PARTITIONS);
    put_notes(&out, l);
    return pl_text_finish(&out, text, length);
}

/* ---- CSV -------------------------------------------------------------------------------------------------- */

static pl_status print_csv(const pl_loop_scores *l, char **text, size_t *length) {
    pl_text out = {0};
    pl_text_put(&out, "time,loop,polarity,partition,score,share\n");
    for (int i = 0; i < l->result_count; i++) {
        const pl_loop_result *r = &l->results[i];
        for (int point = 1; point < l->points; point++) {
            size_t at = (size_t)r->loop * (size_t)l->points + (size_t)point;
            pl_text_number(&out, l->times[point]);
            pl_text_format(&out, ",%s,%s,%d,", r->name, polarities[r->polarity], loop_of(l, r)->partition);
            pl_text_number(&out, l->scores[at]);
            pl_text_put(&out, ",");
            pl_text_number(&out, l->shares[at]);
            pl_text_put(&out, "\n");
        }
    }
    return pl_text_finish(&out, text, length);
}

/* ---- JSON ------------------------------------------------------------------------------------------------- */

static json_t *numbers_json(const double *values, int count) {
    json_t *array = json_array();
    for (int i = 0; i < count; i++) pl_json_append(&array, pl_json_number(values[i]));
    return array;
}

static json_t *futures_json(const pl_loop_scores *l, const pl_loop_futures *f) {
    json_t *object = json_object();
    pl_json_set(&object, "count", json_integer(f->share.count));
    pl_json_set(&object, "median", pl_json_interval(f->share.median));
    pl_json_set(&object, "low", pl_json_number(f->share.low));
    pl_json_set(&object, "high", pl_json_number(f->share.high));
    pl_json_set(&object, "leads", pl_json_interval(f->leads));
    if (!f->median) return object;
    const double *rows[3] = {f->low, f->median, f->high};
    json_t *series = json_object();
    static const char *const names[3] = {"low", "median", "high"};
    for (int i = 0; i < 3; i++) pl_json_set(&series, names[i], numbers_json(rows[i] + 1, l->points - 1));
    pl_json_set(&object, "series", series);
    return object;
}

static json_t *result_json(const pl_loop_scores *l, const pl_loop_result *r, int partition, bool series) {
    const pl_scored_loop *loop = loop_of(l, r);
    json_t *object = json_object(), *variables = json_array();
    int first = first_of(l, loop);
    for (int i = 0; i < loop->length; i++) {
        char name[600];
        node_name(l, loop->nodes[(first + i) % loop->length], name, sizeof name);
        pl_json_append(&variables, pl_json_text(name));
    }
    pl_json_set(&object, "id", pl_json_text(r->name));
    pl_json_set(&object, "polarity", pl_json_text(polarities[r->polarity]));
    pl_json_set(&object, "partition", json_integer(partition));
    pl_json_set(&object, "variables", variables);
    pl_json_set(&object, "share", pl_json_number(r->share));
    pl_json_set(&object, "largest", pl_json_number(r->largest));
    pl_json_set(&object, "periods", numbers_json(r->periods, PL_LOOP_PERIODS));
    if (l->futures > 0) pl_json_set(&object, "futures", futures_json(l, &r->futures));
    if (!series) return object;
    size_t at = (size_t)r->loop * (size_t)l->points + 1;
    pl_json_set(&object, "scores", numbers_json(l->scores + at, l->points - 1));
    pl_json_set(&object, "shares", numbers_json(l->shares + at, l->points - 1));
    return object;
}

static json_t *phases_json(const pl_loop_scores *l, const pl_loop_partition *p) {
    json_t *array = json_array();
    for (int i = 0; i < p->phase_count; i++) {
        json_t *phase = json_object();
        pl_json_set(&phase, "from", pl_json_number(p->phases[i].from));
        pl_json_set(&phase, "to", pl_json_number(p->phases[i].to));
        pl_json_set(&phase, "loop", pl_json_text(l->results[p->phases[i].result].name));
        pl_json_set(&phase, "share", pl_json_number(p->phases[i].share));
        pl_json_append(&array, phase);
    }
    return array;
}

static json_t *partition_json(const pl_loop_scores *l, const pl_loop_partition *p) {
    json_t *object = json_object();
    pl_json_set(&object, "variables", json_integer(p->variables));
    pl_json_set(&object, "loops", json_integer(p->loops));
    pl_json_set(&object, "all", json_boolean(p->whole));
    pl_json_set(&object, "reinforcing", pl_json_number(p->reinforcing[0]));
    pl_json_set(&object, "periods", numbers_json(p->reinforcing + 1, PL_LOOP_PERIODS));
    pl_json_set(&object, "phases", phases_json(l, p));
    return object;
}

static json_t *notes_json(const pl_loop_scores *l) {
    json_t *object = json_object(), *names = json_array();
    const pl_partials *p = l->graph->partials;
    for (int i = 0; i < p->unscored_count; i++) pl_json_append(&names, pl_json_text(p->unscored[i]->name));
    pl_json_set(&object, "not_scored", names);
    pl_json_set(&object, "ways_left_out", json_boolean(l->graph->cut_off));
    pl_json_set(&object, "search_ended", json_boolean(l->set.full));
    return object;
}

static json_t *entries_json(const pl_loop_scores *l) {
    json_t *array = json_array();
    for (int i = 0; i < l->entry_count; i++) {
        char name[600];
        node_name(l, l->entries[i], name, sizeof name);
        pl_json_append(&array, pl_json_text(name));
    }
    return array;
}

static pl_status print_json(const pl_loop_scores *l, char **text, size_t *length) {
    json_t *object = json_object(), *partitions = json_array(), *loops = json_array();
    const double window[2] = {l->from, l->to};
    pl_json_set(&object, "of", l->target ? pl_json_text(l->target) : json_null());
    pl_json_set(&object, "through", entries_json(l));
    pl_json_set(&object, "window", numbers_json(window, 2));
    pl_json_set(&object, "period_ends", numbers_json(l->period_ends, PL_LOOP_PERIODS));
    pl_json_set(&object, "futures", json_integer(l->futures));
    pl_json_set(&object, "times", numbers_json(l->times + 1, l->points - 1));
    for (int k = 0; k < l->partition_count; k++) {
        const pl_loop_partition *p = &l->partitions[k];
        pl_json_append(&partitions, partition_json(l, p));
        for (int i = 0; i < p->count; i++)
            pl_json_append(&loops, result_json(l, &l->results[p->first + i], k,
                                               i < WITH_SERIES || l->result_count <= ALL_SERIES));
    }
    pl_json_set(&object, "partitions", partitions);
    pl_json_set(&object, "loops", loops);
    pl_json_set(&object, "notes", notes_json(l));
    return pl_json_finish(object, text, length);
}

pl_status pl_loop_scores_print(const pl_loop_scores *scores, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) return print_json(scores, text, length);
    return format == PL_FORMAT_CSV ? print_csv(scores, text, length) : print_text(scores, text, length);
}
