/* See answer.h. */
#include "serve/answer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/pool.h"
#include "ensemble/explore.h"
#include "report/json.h"
#include "report/playing.h"
#include "study/statistics.h"

enum { CHUNK = 512, MOST_ENDS = 200, BASE = 0, YOURS = 1 };

/* ---- two rows of the same futures ------------------------------------------------------------------------- */

typedef struct paired {
    double base, yours;           /* medians */
    double difference, low, high; /* its median, its 5 % and 95 % quantiles */
    long higher, lower, known;    /* futures in which yours is above the base, below it, and both are known */
} paired;

static double median(const double *values, long futures, double *work) {
    return pl_quantile(work, pl_sort_known(values, futures, 1, work), 0.5);
}

static paired compare(const double *base, const double *yours, long futures, double *work) {
    paired p = {.base = median(base, futures, work), .yours = median(yours, futures, work)};
    for (long f = 0; f < futures; f++) {
        double difference = yours[f] - base[f];
        if (!isfinite(difference)) continue;
        work[p.known++] = difference;
        p.higher += difference > 0, p.lower += difference < 0;
    }
    pl_sort(work, p.known);
    p.difference = pl_quantile(work, p.known, 0.5);
    p.low = pl_quantile(work, p.known, 0.05), p.high = pl_quantile(work, p.known, 0.95);
    return p;
}

static void set_counts(json_t **object, const paired *p) {
    pl_json_set(object, "higher", json_integer(p->higher));
    pl_json_set(object, "lower", json_integer(p->lower));
    pl_json_set(object, "known", json_integer(p->known));
}

static json_t *paired_object(const char *name, const paired *p) {
    json_t *object = json_object(), *difference = json_array();
    pl_json_append(&difference, pl_json_number(p->difference));
    pl_json_append(&difference, pl_json_number(p->low));
    pl_json_append(&difference, pl_json_number(p->high));
    pl_json_set(&object, "name", pl_json_text(name));
    pl_json_set(&object, "base", pl_json_number(p->base));
    pl_json_set(&object, "yours", pl_json_number(p->yours));
    pl_json_set(&object, "difference", difference);
    set_counts(&object, p);
    return object;
}

/* ---- over time -------------------------------------------------------------------------------------------- */

static json_t *numbers(const double *values, long count) {
    json_t *list = json_array();
    for (long i = 0; i < count; i++) pl_json_append(&list, pl_json_number(values[i]));
    return list;
}

static json_t *rows(const double *values, int count, int points) {
    json_t *list = json_array();
    for (int k = 0; k < count; k++) pl_json_append(&list, numbers(values + (size_t)k * (size_t)points, points));
    return list;
}

/* The last values; where they are many, quantiles of them, as many dots as can be told apart. */
static json_t *ends(const pl_answer *a, const double *values, double *work) {
    double dots[MOST_ENDS];
    if (a->futures <= MOST_ENDS) return numbers(values, a->futures);
    long count = pl_sort_known(values, a->futures, 1, work);
    for (int k = 0; k < MOST_ENDS; k++) dots[k] = pl_quantile(work, count, (k + 0.5) / MOST_ENDS);
    return numbers(dots, MOST_ENDS);
}

static json_t *fan(const pl_answer *a, int state, int output, double *work) {
    const pl_answer_state *s = &a->states[state];
    size_t points = (size_t)a->points, at = (size_t)output;
    json_t *object = json_object();
    pl_json_set(&object, "quantiles",
                rows(s->quantiles + at * PL_ANSWER_QUANTILES * points, PL_ANSWER_QUANTILES, a->points));
    pl_json_set(&object, "paths", rows(s->paths + at * (size_t)a->paths * points, a->paths, a->points));
    pl_json_set(&object, "ends", ends(a, s->ends + at * (size_t)a->futures, work));
    return object;
}

static json_t *output_object(const pl_answer *a, int output, double *work) {
    char name[256];
    size_t at = (size_t)output * (size_t)a->futures;
    const pl_output *of = &a->outputs[output];
    paired p = compare(a->states[BASE].ends + at, a->states[YOURS].ends + at, a->futures, work);
    json_t *object = json_object();
    pl_variable_element_name(of->variable, of->element, name, sizeof name);
    pl_json_set(&object, "name", pl_json_text(name));
    pl_json_set(&object, "units", pl_json_text(of->variable->units));
    pl_json_set(&object, "base", fan(a, BASE, output, work));
    pl_json_set(&object, "yours", fan(a, YOURS, output, work));
    set_counts(&object, &p);
    return object;
}

/* ---- what was asked --------------------------------------------------------------------------------------- */

static json_t *request_object(const pl_answer *a) {
    const pl_request *q = a->request;
    const pl_situation *s = &a->s;
    json_t *object = json_object(), *courses = json_object(), *set = json_object(), *fixed = json_object();
    for (int i = 0; i < s->actor_count; i++)
        pl_json_set(&courses, s->actors[i].name, pl_json_text(s->actors[i].courses[q->courses[i]].name));
    for (int i = 0; i < s->input_count; i++) {
        char room[256];
        if (!isnan(q->set[i]))
            pl_json_set(&set, pl_playing_lever_name(s, i, room, sizeof room), pl_json_number(q->set[i]));
    }
    for (int u = 0; u < s->uncertainty_count; u++)
        if (!isnan(q->fixed[u])) pl_json_set(&fixed, s->uncertainties[u].name, pl_json_number(q->fixed[u]));
    pl_json_set(&object, "futures", json_integer(q->futures));
    pl_json_set(&object, "courses", courses);
    pl_json_set(&object, "set", set);
    pl_json_set(&object, "fixed", fixed);
    return object;
}

/* As text: a number of 64 bits is more than many readers of JSON hold. */
static json_t *seed(const pl_situation *s) {
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)s->seed);
    return json_string(text);
}

static long count_failed(const pl_answer *a, int state) {
    long count = 0;
    for (long f = 0; f < a->futures; f++) count += a->states[state].failed[f];
    return count;
}

static void set_origin(json_t **tree, const pl_answer *a) {
    char hash[65];
    json_t *failed = json_object();
    pl_situation_hash(&a->s, PL_VERSION, hash);
    pl_json_set(tree, "parley", json_string(PL_VERSION));
    pl_json_set(tree, "inputs_sha256", json_string(hash));
    pl_json_set(tree, "seed", seed(&a->s));
    pl_json_set(tree, "design", pl_json_text(a->s.design));
    pl_json_set(tree, "request", request_object(a));
    pl_json_set(tree, "futures", json_integer(a->futures));
    pl_json_set(&failed, "base", json_integer(count_failed(a, BASE)));
    pl_json_set(&failed, "yours", json_integer(count_failed(a, YOURS)));
    pl_json_set(tree, "failed", failed);
}

pl_status pl_answer_print(const pl_answer *a, char **text, size_t *length) {
    double *work = pl_allocate((size_t)a->futures * sizeof *work);
    json_t *tree = json_object(), *outputs = json_array(), *measures = json_array(), *payoffs = json_array();
    for (int i = 0; i < a->output_count && work; i++) pl_json_append(&outputs, output_object(a, i, work));
    for (int m = 0; m < a->s.measure_count && work; m++) {
        size_t at = (size_t)m * (size_t)a->futures;
        paired p = compare(a->states[BASE].measures + at, a->states[YOURS].measures + at, a->futures, work);
        pl_json_append(&measures, paired_object(a->s.measures[m].name, &p));
    }
    for (int i = 0; i < a->s.actor_count && work; i++) {
        size_t at = (size_t)i * (size_t)a->futures;
        paired p = compare(a->states[BASE].payoffs + at, a->states[YOURS].payoffs + at, a->futures, work);
        pl_json_append(&payoffs, paired_object(a->s.actors[i].name, &p));
    }
    set_origin(&tree, a);
    pl_json_set(&tree, "times", pl_playing_times(a->program));
    pl_json_set(&tree, "outputs", outputs);
    pl_json_set(&tree, "measures", measures);
    pl_json_set(&tree, "payoffs", payoffs);
    if (!work) {
        json_decref(tree);
        return PL_MEMORY;
    }
    pl_release(work);
    return pl_json_finish(tree, text, length);
}

/* ---- a row for each future -------------------------------------------------------------------------------- */

static void put_name(pl_text *out, const char *before, const char *name, const char *after) {
    pl_text column = {0};
    pl_text_format(&column, "%s%s%s", before, name, after);
    pl_text_put(out, ",");
    if (column.data) pl_text_csv(out, column.data);
    out->failed |= column.failed;
    pl_release(column.data);
}

static void put_head(const pl_answer *a, pl_text *out) {
    const pl_situation *s = &a->s;
    pl_text_put(out, "future");
    for (int u = 0; u < s->uncertainty_count; u++) put_name(out, "", s->uncertainties[u].name, "");
    for (int i = 0; i < s->weight_count; i++) put_name(out, "weight of ", s->weights[i].name, "");
    for (int m = 0; m < s->measure_count; m++) put_name(out, "", s->measures[m].name, "");
    for (int i = 0; i < s->actor_count; i++) put_name(out, "payoff(", s->actors[i].name, ")");
    for (int m = 0; m < s->measure_count; m++) put_name(out, "base(", s->measures[m].name, ")");
    for (int i = 0; i < s->actor_count; i++) put_name(out, "base(payoff(", s->actors[i].name, "))");
    pl_text_put(out, "\n");
}

/* An empty field where it is missing. */
static void put_number(pl_text *out, double value) {
    pl_text_put(out, ",");
    if (isfinite(value)) pl_text_number(out, value);
}

static void put_columns(const double *columns, int count, long futures, long future, pl_text *out) {
    for (int i = 0; i < count; i++) put_number(out, columns[(size_t)i * (size_t)futures + (size_t)future]);
}

/* What the future draws, or what the reader fixed. */
static void put_drawn(const pl_answer *a, const pl_design *design, const double *draws, long future, pl_text *out) {
    const pl_situation *s = &a->s;
    for (int u = 0; u < s->uncertainty_count; u++) {
        double fixed = a->request->fixed[u];
        const double *drawn = draws + (size_t)s->uncertainties[u].input * CHUNK;
        put_number(out, isnan(fixed) ? drawn[future % CHUNK] : fixed);
    }
    for (int i = 0; i < s->weight_count; i++) {
        const pl_drawn_weight *weight = &s->weights[i];
        put_number(out, pl_design_weight(design, &s->actors[weight->actor].wants[weight->want], future));
    }
}

static void put_future(const pl_answer *a, const pl_design *design, const double *draws, long future, pl_text *out) {
    static const int order[PL_ANSWER_STATES] = {YOURS, BASE};
    pl_text_format(out, "%ld", future);
    put_drawn(a, design, draws, future, out);
    for (int i = 0; i < PL_ANSWER_STATES; i++) {
        const pl_answer_state *state = &a->states[order[i]];
        put_columns(state->measures, a->s.measure_count, a->futures, future, out);
        put_columns(state->payoffs, a->s.actor_count, a->futures, future, out);
    }
    pl_text_put(out, "\n");
}

/* Rows are printed in chunks, each by one thread into a text of its own. */
typedef struct printing {
    const pl_answer *answer;
    pl_design design;
    pl_text *chunks;
    pl_run_control *control;
} printing;

static pl_status print_chunk(void *context, long chunk, int thread) {
    const printing *p = context;
    const pl_answer *a = p->answer;
    long first = chunk * CHUNK, left = a->futures - first;
    int count = left < CHUNK ? (int)left : CHUNK;
    (void)thread;
    if (atomic_load(&p->control->stop)) return PL_INTERRUPTED;
    double *draws = pl_allocate((size_t)(a->s.input_count + 1) * CHUNK * sizeof *draws);
    if (!draws) return PL_MEMORY;
    pl_futures_draw(&a->s, &p->design, first, count, draws, CHUNK);
    for (int k = 0; k < count; k++) put_future(a, &p->design, draws, first + k, &p->chunks[chunk]);
    pl_release(draws);
    atomic_fetch_add(&p->control->done, count);
    return PL_OK;
}

pl_status pl_answer_print_futures(const pl_answer *a, pl_run_control *control, char **text, size_t *length) {
    pl_text out = {0};
    long count = (a->futures + CHUNK - 1) / CHUNK;
    printing p = {.answer = a, .design = pl_design_of(&a->s), .control = control,
                  .chunks = pl_allocate((size_t)count * sizeof *p.chunks)};
    if (!p.chunks) return PL_MEMORY;
    pl_status status = pl_parallel_for(count, a->threads, print_chunk, &p);
    if (status == PL_OK) put_head(a, &out);
    for (long i = 0; i < count; i++) {
        if (status == PL_OK) pl_text_put_bytes(&out, p.chunks[i].data, p.chunks[i].length);
        out.failed |= p.chunks[i].failed;
        pl_release(p.chunks[i].data);
    }
    pl_release(p.chunks);
    if (status == PL_OK) return pl_text_finish(&out, text, length);
    pl_release(out.data);
    return status;
}
