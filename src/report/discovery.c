/* The part "discover": for each risk the profile in which it is most in doubt, when it happens there in words, the
 * trade-off between coverage and density, and the limits.  Its data hold the boxes for the page's sliders. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "report/boxes.h"
#include "report/section.h"
#include "study/statistics.h"

static const double least_share = 0.02, most_share = 0.98;

/* The row of a named profile under which a risk's share is nearest to one half; -1: none between the bounds. */
static int row_in_doubt(const pl_report *r, int risk) {
    int best = -1;
    double nearest = INFINITY;
    for (int k = 0; k < r->comparison->rows; k++) {
        double share = r->risks[risk * r->comparison->rows + k].share.estimate;
        if (!r->comparison->named[k] || !(share >= least_share && share <= most_share)) continue;
        if (fabs(share - 0.5) < nearest) nearest = fabs(share - 0.5), best = k;
    }
    return best;
}

/* ---- what is said ----------------------------------------------------------------------------------------- */

/* With the typographic minus where a number is below 0. */
static void put_escaped(pl_text *out, const char *text) {
    pl_text set = {0};
    const char *from = text;
    for (const char *at = text; (at = strchr(at, '-')); at++) {
        if ((at > text && at[-1] != ' ' && at[-1] != '(') || at[1] < '0' || at[1] > '9') continue;
        pl_text_put_bytes(&set, from, (size_t)(at - from));
        pl_text_put(&set, "\u2212");
        from = at + 1;
    }
    pl_text_put(&set, from);
    pl_html_escape(out, set.data ? set.data : "");
    out->failed |= set.failed;
    pl_release(set.data);
}

static void put_words(pl_report *r, const pl_discovery *d) {
    static const char *const codes[PL_LANGUAGES] = {"en", "es"};
    pl_text_put(&r->out, "<p class=\"caption\">");
    for (int language = 0; language < PL_LANGUAGES; language++) {
        pl_text words = {0};
        pl_prim_words(&words, d, &d->found[0].kept, d->found[0].kept_coverage.estimate, d->found[0].kept_density.estimate,
                      (pl_language)language);
        pl_text_format(&r->out, "<span lang=\"%s\">", codes[language]);
        put_escaped(&r->out, words.data ? words.data : "");
        pl_text_put(&r->out, "</span>");
        r->out.failed |= words.failed;
        pl_release(words.data);
    }
    pl_text_put(&r->out, "</p>\n");
}

static void say_outside(pl_report *r, const pl_discovery *d) {
    const pl_interval *o = d->found[0].outside;
    pl_phrase phrase;
    if (isnan(o[PL_DENSITY].estimate)) return;
    pl_phrase_start(&phrase, PL_WORD_DISCOVER_OUTSIDE);
    for (int what = 0; what < 2; what++) {
        pl_phrase_number(&phrase, 100 * o[what].estimate, 0);
        pl_phrase_number(&phrase, 100 * o[what].low, 0);
        pl_phrase_number(&phrase, 100 * o[what].high, 0);
    }
    pl_phrase_number(&phrase, d->resamples, 0);
    pl_section_say(r, &phrase);
}

/* ---- tables ----------------------------------------------------------------------------------------------- */

static void put_cell(pl_report *r, double value, int decimals, const char *unit) {
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "<td>%s%s", isnan(value) ? "-" : pl_html_rounded(value, decimals, number), isnan(value) ? "" : unit);
}

static void put_limit(pl_report *r, const pl_discovery *d, int factor) {
    const pl_found *found = &d->found[0];
    const pl_prim_box *box = &found->trajectory.boxes[found->chosen];
    const pl_factor *f = &d->cases.factors[factor];
    const double *p = &found->quasi_p[found->chosen][2 * factor];
    int decimals = pl_rounding(fmax(fabs(f->low), fabs(f->high)), PL_REPORT_DIGITS);
    pl_text_put(&r->out, "<tr><th scope=\"row\">");
    if (f->uncertainty) pl_html_title(&r->out, f->uncertainty->title, f->name);
    else pl_html_escape(&r->out, f->name);
    pl_text_put(&r->out, "</th>");
    put_cell(r, isnan(p[0]) ? (double)NAN : box->low[factor], decimals, "</td>");
    put_cell(r, isnan(p[1]) ? (double)NAN : box->high[factor], decimals, "</td>");
    double quasi_p = isnan(p[0]) ? p[1] : isnan(p[1]) ? p[0] : fmax(p[0], p[1]);
    put_cell(r, quasi_p, pl_rounding(quasi_p, 2), "</td>");
    put_cell(r, 100 * found->reproduced[factor].coverage, 0, " %; ");
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "%s %%</td></tr>\n", pl_html_rounded(100 * found->reproduced[factor].density, 0, number));
}

static void put_limits(pl_report *r, const pl_risk *what, const pl_discovery *d) {
    static const pl_word heads[] = {PL_WORD_DISCOVER_INPUT, PL_WORD_DISCOVER_LOW, PL_WORD_DISCOVER_HIGH,
                                    PL_WORD_DISCOVER_QUASI_P, PL_WORD_DISCOVER_AGAIN};
    pl_phrase phrase;
    int *list = pl_allocate(((size_t)d->cases.factor_count + 1) * sizeof *list);
    int count = list ? pl_prim_limited(d, &d->found[0].trajectory.boxes[d->found[0].chosen], list) : 0;
    if (!list) r->out.failed = true;
    pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_DISCOVER_LIMITS_TABLE), what->title, what->name);
    pl_phrase_number(&phrase, d->found[0].chosen, 0);
    pl_section_table(r, &phrase, heads, sizeof heads / sizeof *heads);
    for (int i = 0; i < count; i++) put_limit(r, d, list[i]);
    pl_section_table_end(r);
    pl_release(list);
}

static void put_share(pl_report *r, pl_interval share) {
    char number[PL_ROUNDED_ROOM];
    pl_text_format(&r->out, "<td>%s %%", pl_html_rounded(100 * share.estimate, 1, number));
    pl_report_range(r, 100 * share.low, 100 * share.high, 1);
    pl_text_put(&r->out, "</td>");
}

static void put_boxes(pl_report *r, const pl_risk *what, const pl_discovery *d) {
    static const pl_word heads[] = {PL_WORD_DISCOVER_BOX, PL_WORD_DISCOVER_COVERAGE, PL_WORD_DISCOVER_DENSITY,
                                    PL_WORD_DISCOVER_MASS, PL_WORD_DISCOVER_INPUTS};
    const pl_found *found = &d->found[0];
    pl_phrase phrase;
    pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_DISCOVER_BOXES_TABLE), what->title, what->name);
    pl_section_table(r, &phrase, heads, sizeof heads / sizeof *heads);
    for (int b = 0; b < found->trajectory.count; b++) {
        const pl_prim_box *box = &found->trajectory.boxes[b];
        pl_text_format(&r->out, "<tr><th scope=\"row\">%d</th>", b);
        put_share(r, found->coverage[b]);
        put_share(r, found->density[b]);
        put_cell(r, 100 * (double)box->count / (double)d->cases.count, 1, " %</td>");
        pl_text_format(&r->out, "<td>%d</td></tr>\n", box->restricted);
    }
    pl_section_table_end(r);
}

/* ---- data ------------------------------------------------------------------------------------------------- */

static json_t *word_json(pl_word word) {
    return json_pack("[s,s]", pl_word_text(word, PL_EN), pl_word_text(word, PL_ES));
}

/* A phrase as [en, es]; of plain texts, which the page escapes. */
static json_t *phrase_json(pl_word word, const char *const en[PL_WORD_VALUES], const char *const es[PL_WORD_VALUES]) {
    json_t *list = json_array();
    for (int language = 0; language < PL_LANGUAGES; language++) {
        pl_text text = {0};
        pl_word_in(&text, (pl_language)language, word, language == PL_EN ? en : es);
        pl_json_append(&list, text.failed ? NULL : pl_json_text(text.data));
        pl_release(text.data);
    }
    return list;
}

static json_t *point_json(pl_interval coverage, pl_interval density, int restricted, int group) {
    char inputs[16];
    snprintf(inputs, sizeof inputs, "%d", restricted);
    const char *const values[PL_WORD_VALUES] = {inputs};
    json_t *point = json_object();
    pl_json_set(&point, "x", pl_json_rounded(coverage.estimate, 4));
    pl_json_set(&point, "y", pl_json_rounded(density.estimate, 4));
    pl_json_set(&point, "note", phrase_json(PL_WORD_DISCOVER_NOTE, values, values));
    pl_json_set(&point, "group", json_integer(group));
    return point;
}

/* The box that is in words. */
static json_t *kept_point_json(const pl_found *f) {
    json_t *point = point_json(f->kept_coverage, f->kept_density, f->kept.restricted, 1);
    pl_json_set(&point, "chosen", json_true());
    pl_json_set(&point, "xLow", pl_json_rounded(f->kept_coverage.low, 4));
    pl_json_set(&point, "xHigh", pl_json_rounded(f->kept_coverage.high, 4));
    pl_json_set(&point, "yLow", pl_json_rounded(f->kept_density.low, 4));
    pl_json_set(&point, "yHigh", pl_json_rounded(f->kept_density.high, 4));
    return point;
}

/* The figure "scatter" of web/figures. */
static json_t *tradeoff_json(const pl_found *found) {
    json_t *object = json_object(), *points = json_array();
    for (int b = 0; b < found->trajectory.count; b++)
        pl_json_append(&points, point_json(found->coverage[b], found->density[b], found->trajectory.boxes[b].restricted, 0));
    pl_json_append(&points, kept_point_json(found));
    pl_json_set(&object, "groups", json_pack("[o,o]", word_json(PL_WORD_DISCOVER_SEARCHED), word_json(PL_WORD_DISCOVER_KEPT)));
    pl_json_set(&object, "x", json_pack("{s:o,s:s,s:i}", "title", word_json(PL_WORD_DISCOVER_COVERAGE), "format", "percent", "better", 1));
    pl_json_set(&object, "y", json_pack("{s:o,s:s,s:i}", "title", word_json(PL_WORD_DISCOVER_DENSITY), "format", "percent", "better", 1));
    pl_json_set(&object, "line", json_true());
    pl_json_set(&object, "domain", json_pack("{s:[i,i],s:[i,i]}", "x", 0, 1, "y", 0, 1));
    pl_json_set(&object, "points", points);
    return object;
}

/* {"title", "limits": [{"name", "low", "high"}], "courses": [actor]}: what the page sets its sliders to. */
static json_t *box_json(const pl_report *r, const pl_discovery *d, int risk, int row) {
    const pl_prim_box *box = &d->found[0].kept;
    const pl_profile *profile = r->comparison->named[row];
    json_t *object = json_object(), *limits = json_array(), *courses = json_array();
    const char *values[PL_LANGUAGES][PL_WORD_VALUES] = {{NULL}};
    for (int language = 0; language < PL_LANGUAGES; language++) {
        const char *title = r->situation->risks[risk].title.in[language], *under = profile->title.in[language];
        values[language][0] = *title ? title : r->situation->risks[risk].name;
        values[language][1] = *under ? under : profile->name;
    }
    for (int f = 0; f < d->cases.factor_count; f++) {
        if (!pl_prim_restricts(&d->prim, box, f) || !d->cases.factors[f].uncertainty) continue;
        json_t *limit = json_object();
        pl_json_set(&limit, "name", pl_json_text(d->cases.factors[f].name));
        pl_json_set(&limit, "low", pl_json_number(box->low[f]));
        pl_json_set(&limit, "high", pl_json_number(box->high[f]));
        pl_json_append(&limits, limit);
    }
    for (int a = 0; a < r->situation->actor_count; a++) pl_json_append(&courses, json_integer(profile->course[a]));
    pl_json_set(&object, "title", phrase_json(PL_WORD_DISCOVER_RISK, values[PL_EN], values[PL_ES]));
    pl_json_set(&object, "limits", limits);
    pl_json_set(&object, "courses", courses);
    return object;
}

/* ---- the part --------------------------------------------------------------------------------------------- */

static void put_heading(pl_report *r, int risk, int row) {
    const pl_risk *what = &r->situation->risks[risk];
    pl_phrase phrase;
    pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_DISCOVER_RISK), what->title, what->name);
    pl_phrase_row(&phrase, r, row);
    pl_text_put(&r->out, "<h3>");
    pl_html_phrase(&r->out, &phrase);
    pl_text_put(&r->out, "</h3>\n");
}

enum { SHOWN = 4 }; /* at once; the others at a click */

/* A risk's box, and how much it says: coverage times the gain in density, as they come in the other halves. */
typedef struct found_risk {
    pl_discovery *d;
    int risk, row;
    double says;
} found_risk;

typedef struct part_data {
    json_t *boxes, *tradeoffs;
    int count;
} part_data;

static void put_risk(pl_report *r, const found_risk *f, part_data *data) {
    char attributes[80];
    const pl_risk *risk = &r->situation->risks[f->risk];
    put_heading(r, f->risk, f->row);
    put_words(r, f->d);
    snprintf(attributes, sizeof attributes, "data-pick=\"tradeoffs.%d\" data-download=\"tradeoff-%d\"", data->count, data->count + 1);
    pl_section_figure_with(r, "scatter", attributes);
    say_outside(r, f->d);
    put_limits(r, risk, f->d);
    put_boxes(r, risk, f->d);
    pl_json_append(&data->boxes, box_json(r, f->d, f->risk, f->row));
    pl_json_append(&data->tradeoffs, tradeoff_json(&f->d->found[0]));
    data->count++;
}

/* Those whose boxes do badly in the other halves, by name. */
static void say_doubtful(pl_report *r, const found_risk *list, int count) {
    char texts[PL_LANGUAGES][PL_VALUE_ROOM] = {{0}};
    pl_phrase phrase;
    int doubtful = 0;
    for (int i = 0; i < count; i++) {
        const pl_risk *risk = &r->situation->risks[list[i].risk];
        if (!list[i].d->found[0].doubtful) continue;
        for (int language = 0; language < PL_LANGUAGES; language++) {
            size_t used = strlen(texts[language]);
            const char *title = *risk->title.in[language] ? risk->title.in[language] : risk->name;
            snprintf(texts[language] + used, PL_VALUE_ROOM - used, "%s%s", doubtful ? "; " : "", title);
        }
        doubtful++;
    }
    if (!doubtful) return;
    pl_phrase_number(pl_phrase_start(&phrase, PL_WORD_DISCOVER_DOUBTFUL), doubtful, 0);
    pl_phrase_title(&phrase, (pl_title){{texts[PL_EN], texts[PL_ES]}}, "");
    pl_section_say(r, &phrase);
}

static void open_more(pl_report *r, int left) {
    char number[PL_ROUNDED_ROOM];
    pl_text_put(&r->out, "<details class=\"more\"><summary>");
    pl_html_word(&r->out, PL_WORD_DISCOVER_MORE, pl_html_rounded(left, 0, number), NULL);
    pl_text_put(&r->out, "</summary>\n");
}

static void put_section(pl_report *r, const found_risk *list, int count) {
    part_data data = {json_array(), json_array(), 0};
    json_t *object = json_object();
    pl_phrase phrase;
    int sound = 0;
    for (int i = 0; i < count; i++) sound += !list[i].d->found[0].doubtful;
    pl_section_open(r);
    pl_section_say(r, pl_phrase_start(&phrase, PL_WORD_DISCOVER_LEAD));
    for (int i = 0; i < count; i++) {
        if (list[i].d->found[0].doubtful) continue;
        if (data.count == SHOWN) open_more(r, sound - SHOWN);
        put_risk(r, &list[i], &data);
    }
    if (sound > SHOWN) pl_text_put(&r->out, "</details>\n");
    say_doubtful(r, list, count);
    pl_json_set(&object, "boxes", data.boxes);
    pl_json_set(&object, "tradeoffs", data.tradeoffs);
    pl_section_data(r, object);
    pl_section_close(r, "discover");
}

/* Those that say most first; of equal ones as the situation lists them. */
static void place(found_risk *list, int count, found_risk found) {
    const pl_found *f = &found.d->found[0];
    double gain = f->outside[PL_DENSITY].estimate - found.d->share.estimate, says = f->outside[PL_COVERAGE].estimate * gain;
    found.says = isnan(says) ? -INFINITY : says;
    for (; count > 0 && list[count - 1].says < found.says; count--) list[count] = list[count - 1];
    list[count] = found;
}

static pl_status find_risk(pl_report *r, int risk, found_risk *list, int *count, pl_error *error) {
    int row = row_in_doubt(r, risk);
    if (row < 0) return PL_OK;
    pl_discovery *d;
    pl_discover_options options = {.where = r->situation->risks[risk].name, .profile = r->comparison->named[row]->name};
    pl_status status = pl_ensemble_discover(r->ensemble, &options, &d, error);
    if (status == PL_OK && d->found[0].kept.restricted) {
        place(list, *count, (found_risk){d, risk, row, 0});
        ++*count;
    } else {
        pl_discovery_free(d);
    }
    return status == PL_INVALID ? PL_OK : status; /* nothing to search in */
}

pl_status pl_part_discover(pl_report *r, pl_error *error) {
    int count = 0;
    found_risk *list = pl_allocate(((size_t)r->situation->risk_count + 1) * sizeof *list);
    if (!list) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_status status = pl_ensemble_require_sample(r->ensemble, NULL) == PL_OK ? PL_OK : PL_UNSUPPORTED;
    for (int i = 0; status == PL_OK && i < r->situation->risk_count; i++) status = find_risk(r, i, list, &count, error);
    if (status == PL_UNSUPPORTED) status = PL_OK; /* no sample of what may come */
    if (status == PL_OK && count) put_section(r, list, count);
    for (int i = 0; i < count; i++) pl_discovery_free(list[i].d);
    pl_release(list);
    return status;
}
