/* What the sources recommend, ranked by what it brings each actor: to read, as JSON, as CSV. */
#include <math.h>
#include <stdio.h>

#include "report/json.h"
#include "report/measures.h"
#include "study/recommendation.h"

enum { DIGITS = 3, NAME_WIDTH = 56 };

/* ---- to read ---------------------------------------------------------------------------------------------- */

static const char *spread_text(pl_interval v, int decimals, char out[160]) {
    char number[3][PL_ROUNDED_ROOM];
    pl_rounded(v.estimate, decimals, number[0]);
    if (isnan(v.low)) snprintf(out, 160, "%s", number[0]);
    else
        snprintf(out, 160, "%s (%s to %s)", number[0], pl_rounded(v.low, decimals, number[1]),
                 pl_rounded(v.high, decimals, number[2]));
    return out;
}

static int decimals_of(const pl_recommendations *r, int actor) {
    double largest = 0;
    for (int i = 0; i < r->count; i++)
        if (r->items[i].variation >= 0)
            largest = fmax(largest, fabs(r->items[i].actors[actor].difference.median.estimate));
    return pl_rounding(largest, DIGITS);
}

static void put_actor(pl_text *out, const pl_recommendations *r, int actor) {
    char text[160], share[160];
    int decimals = decimals_of(r, actor);
    pl_text_format(out, "\n%s: the payoff against the base in the same futures\n",
                   pl_actor_title(&r->situation->actors[actor], PL_EN));
    pl_text_format(out, "   rank  %-5s %-*s  %-24s  %s\n", "id", NAME_WIDTH, "recommendation",
                   "median difference (95 %)", "futures with more");
    for (int rank = 1; rank <= r->done_count; rank++)
        for (int i = 0; i < r->count; i++) {
            const pl_recommendation *item = &r->items[i];
            if (item->variation < 0 || item->actors[actor].rank != rank) continue;
            const pl_recommended *own = &item->actors[actor];
            pl_interval wins = {100 * own->wins.estimate, 100 * own->wins.low, 100 * own->wins.high};
            pl_text_format(out, "   %4d  %-5s ", rank, item->claim->id);
            pl_text_cut_left(out, item->claim->text.in[PL_EN], NAME_WIDTH);
            pl_text_format(out, "  %-24s  %s %%\n", spread_text(own->difference.median, decimals, text),
                           spread_text(wins, 0, share));
        }
}

static void put_measure(pl_text *out, const pl_recommendations *r, int k) {
    char text[160];
    double largest = 0;
    const pl_measure *m = &r->situation->measures[r->measures[k]];
    for (int i = 0; i < r->count; i++)
        if (r->items[i].variation >= 0) largest = fmax(largest, fabs(r->items[i].measures[k].estimate));
    pl_text_format(out, "   %s: median difference from the base\n", pl_measure_title(m, PL_EN));
    for (int i = 0; i < r->count; i++)
        if (r->items[i].variation >= 0)
            pl_text_format(out, "      %-5s %s\n", r->items[i].claim->id,
                           spread_text(r->items[i].measures[k], pl_rounding(largest, DIGITS), text));
}

static void put_risk(pl_text *out, const pl_recommendations *r, int k) {
    char text[160];
    const pl_risk *risk = &r->situation->risks[r->risks[k]];
    pl_text_format(out, "   %s: the share of futures in which it happens", risk->title.in[PL_EN]);
    pl_text_format(out, "; under the base %.0f %%\n", 100 * r->base_risks[k].estimate);
    for (int i = 0; i < r->count; i++) {
        if (r->items[i].variation < 0) continue;
        pl_interval share = r->items[i].risks[k];
        pl_interval percent = {100 * share.estimate, 100 * share.low, 100 * share.high};
        pl_text_format(out, "      %-5s %s %%\n", r->items[i].claim->id, spread_text(percent, 0, text));
    }
}

static void put_yardsticks(pl_text *out, const pl_recommendations *r) {
    if (!r->measure_count && !r->risk_count) return;
    pl_text_put(out, "\nBy what the sources themselves would judge them by");
    for (int i = 0; i < r->count; i++)
        if (r->items[i].variation < 0)
            pl_text_format(out, "; %s: %s", r->items[i].claim->id, r->items[i].claim->text.in[PL_EN]);
    pl_text_put(out, "\n");
    for (int k = 0; k < r->measure_count; k++) put_measure(out, r, k);
    for (int k = 0; k < r->risk_count; k++) put_risk(out, r, k);
}

static pl_status print_text(const pl_recommendations *r, char **text, size_t *length) {
    pl_text out = {0};
    pl_text_format(&out, "%d recommendation%s, %d of them something to do, each followed from the base over %ld futures\n", r->count,
                   pl_plural(r->count), r->done_count, r->futures);
    for (int a = 0; a < r->situation->actor_count; a++) put_actor(&out, r, a);
    put_yardsticks(&out, r);
    pl_text_put(&out, "\nA course is taken by its actor, a lever goes to the value farthest from the model's own that a course gives\n"
                      "it, an uncertainty to its 95 % quantile; all else is the base, and nobody answers. A richer package does\n"
                      "more: a single lever and a course of many are not of one size.\n");
    return pl_text_finish(&out, text, length);
}

/* ---- JSON and CSV ------------------------------------------------------------------------------------------- */

static json_t *item_object(const pl_recommendations *r, const pl_recommendation *item) {
    const pl_situation *s = r->situation;
    json_t *object = json_object(), *places = json_array(), *actors = json_object(), *measures = json_object();
    json_t *risks = json_object();
    pl_json_set(&object, "id", pl_json_text(item->claim->id));
    pl_json_set(&object, "text", pl_json_text(item->claim->text.in[PL_EN]));
    for (int i = 0; i < item->claim->place_count; i++)
        pl_json_append(&places, pl_json_text(item->claim->places[i].text));
    pl_json_set(&object, "places", places);
    pl_json_set(&object, "done", json_boolean(item->variation >= 0));
    for (int a = 0; a < s->actor_count && item->variation >= 0; a++) {
        const pl_recommended *own = &item->actors[a];
        json_t *one = json_object();
        pl_json_set(&one, "rank", json_integer(own->rank));
        pl_json_set(&one, "difference", pl_json_interval(own->difference.median));
        pl_json_set(&one, "range", json_pack("[o,o]", pl_json_number(own->difference.low),
                                             pl_json_number(own->difference.high)));
        pl_json_set(&one, "wins", pl_json_interval(own->wins));
        pl_json_set(&one, "loses", pl_json_interval(own->loses));
        pl_json_set(&actors, s->actors[a].name, one);
    }
    for (int k = 0; k < r->measure_count && item->variation >= 0; k++)
        pl_json_set(&measures, s->measures[r->measures[k]].name, pl_json_interval(item->measures[k]));
    for (int k = 0; k < r->risk_count && item->variation >= 0; k++)
        pl_json_set(&risks, s->risks[r->risks[k]].name, pl_json_interval(item->risks[k]));
    pl_json_set(&object, "actors", actors);
    pl_json_set(&object, "measures", measures);
    pl_json_set(&object, "risks", risks);
    return object;
}

static pl_status print_json(const pl_recommendations *r, char **text, size_t *length) {
    json_t *tree = json_object(), *items = json_array();
    pl_json_set(&tree, "futures", json_integer(r->futures));
    pl_json_set(&tree, "seed", json_integer((json_int_t)r->situation->seed));
    for (int i = 0; i < r->count; i++) pl_json_append(&items, item_object(r, &r->items[i]));
    pl_json_set(&tree, "recommendations", items);
    return pl_json_finish(tree, text, length);
}

static pl_status print_csv(const pl_recommendations *r, char **text, size_t *length) {
    pl_text out = {0};
    pl_text_put(&out, "id,actor,rank,difference,difference_low,difference_high,wins,wins_low,wins_high\n");
    for (int i = 0; i < r->count; i++)
        for (int a = 0; a < r->situation->actor_count && r->items[i].variation >= 0; a++) {
            const pl_recommended *own = &r->items[i].actors[a];
            const double numbers[] = {own->difference.median.estimate, own->difference.median.low,
                                      own->difference.median.high,
                                      own->wins.estimate, own->wins.low, own->wins.high};
            pl_text_csv(&out, r->items[i].claim->id);
            pl_text_put(&out, ",");
            pl_text_csv(&out, r->situation->actors[a].name);
            pl_text_format(&out, ",%d", own->rank);
            for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
                pl_text_put(&out, ",");
                if (isfinite(numbers[k])) pl_text_number(&out, numbers[k]);
            }
            pl_text_put(&out, "\n");
        }
    return pl_text_finish(&out, text, length);
}

pl_status pl_recommendations_print(const pl_recommendations *r, pl_format format, char **text, size_t *length) {
    switch (format) {
    case PL_FORMAT_TEXT: return print_text(r, text, length);
    case PL_FORMAT_CSV: return print_csv(r, text, length);
    case PL_FORMAT_JSON: return print_json(r, text, length);
    }
    return PL_UNSUPPORTED;
}
