/* PAWN from given data: how far the distribution of an output within a slide of the input is from its whole distribution, by
 * Kolmogorov and Smirnov's statistic, over ten slides of equal frequency (Pianosi and Wagener, Environmental Modelling &
 * Software 67:1, 2015, and 108:197, 2018).  Slides are SALib's: from a quantile up to below the next, so that the largest
 * input is in none.  See sense.h. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "study/sense.h"
#include "study/statistics.h"

enum { SLIDES = 10 };

typedef struct work {
    const pl_given_data *data;
    long count;        /* rows that are present */
    int *present;      /* [count] by rising output */
    int *tie;          /* [count] the first of those with the same output */
    double *drawn;     /* [count] how often each counts */
    double *counts;    /* [row] the same by row; 0 where missing */
    double *below;     /* [count] of a tie's first: how many lie below it; and behind its last */
    signed char *slide; /* [row] or -1 */
    double total;
    double *found;     /* [column][resample] medians */
} work;

/* ---- slides ---------------------------------------------------------------------------------------------- */

/* The value at a place from 0 among the drawn rows, by rising input, going on from where the last one was found. */
static double value_at(const work *w, const int *order, const double *x, double place, long *at, double *passed) {
    while (*passed + w->counts[order[*at]] <= place) *passed += w->counts[order[(*at)++]];
    return x[order[*at]];
}

static void find_edges(const work *w, int column, double edges[SLIDES + 1]) {
    const int *order = w->data->order + (size_t)column * (size_t)w->data->sample->rows;
    const double *x = w->data->x + (size_t)column * (size_t)w->data->sample->rows;
    double passed = 0;
    long at = 0;
    for (int s = 0; s <= SLIDES; s++) {
        double place = s * 0.1 * (w->total - 1), whole = floor(place), part = place - whole;
        double low = value_at(w, order, x, whole, &at, &passed);
        if (part <= 0) {
            edges[s] = low;
            continue;
        }
        double high_passed = passed;
        long high_at = at;
        double high = value_at(w, order, x, whole + 1, &high_at, &high_passed);
        edges[s] = part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
    }
}

static void set_slides(const work *w, int column) {
    const int *order = w->data->order + (size_t)column * (size_t)w->data->sample->rows;
    const double *x = w->data->x + (size_t)column * (size_t)w->data->sample->rows;
    double edges[SLIDES + 1];
    int slide = -1;
    find_edges(w, column, edges);
    for (long k = 0; k < w->data->sample->rows; k++) {
        int row = order[k];
        while (slide < SLIDES && x[row] >= edges[slide + 1]) slide++;
        w->slide[row] = (signed char)(slide < SLIDES ? slide : -1);
    }
}

/* ---- distances --------------------------------------------------------------------------------------------- */

static void count_below(work *w) {
    double below = 0;
    w->total = 0;
    for (long i = 0; i < w->count; i++) {
        if (w->tie[i] == i) below = w->total;
        w->below[i] = below;
        w->total += w->drawn[i];
    }
    w->below[w->count] = w->total;
}

/* How many lie at or below the tie of a place. */
static double up_to(const work *w, int tie, const int *next) { return w->below[next[tie]]; }

/* The largest distance of each slide's distribution from the whole one: at, and just before, its own steps. */
static void find_distances(const work *w, const int *next, double distance[SLIDES]) {
    double size[SLIDES] = {0}, seen[SLIDES] = {0};
    int open[SLIDES];
    for (int s = 0; s < SLIDES; s++) open[s] = -1, distance[s] = 0;
    for (long i = 0; i < w->count; i++)
        if (w->slide[w->present[i]] >= 0) size[(int)w->slide[w->present[i]]] += w->drawn[i];
    for (long i = 0; i < w->count; i++) {
        int s = w->slide[w->present[i]], tie = w->tie[i];
        if (s < 0 || w->drawn[i] == 0) continue;
        if (tie != open[s]) {
            if (open[s] >= 0) distance[s] = fmax(distance[s], fabs(seen[s] / size[s] - up_to(w, open[s], next) / w->total));
            distance[s] = fmax(distance[s], fabs(seen[s] / size[s] - w->below[tie] / w->total));
            open[s] = tie;
        }
        seen[s] += w->drawn[i];
    }
    for (int s = 0; s < SLIDES; s++) {
        if (size[s] == 0) distance[s] = NAN;
        else distance[s] = fmax(distance[s], fabs(1 - up_to(w, open[s], next) / w->total));
    }
}

static pl_pawn_row no_row(void) { return (pl_pawn_row){{NAN, NAN, NAN}, NAN, NAN, NAN, NAN}; }

/* The statistics of the slides that are not empty; an input that does not vary has none. */
static pl_pawn_row summarise(double distance[SLIDES]) {
    double sum = 0, squares = 0;
    long count = 0;
    for (int s = 0; s < SLIDES; s++)
        if (!isnan(distance[s])) sum += distance[count++] = distance[s];
    if (!count) return no_row();
    pl_sort(distance, count);
    double mean = sum / (double)count;
    for (long i = 0; i < count; i++) squares += (distance[i] - mean) * (distance[i] - mean);
    return (pl_pawn_row){.median = {pl_quantile(distance, count, 0.5), NAN, NAN}, .least = distance[0], .mean = mean,
                         .most = distance[count - 1], .cv = sqrt(squares / (double)count) / mean};
}

static pl_pawn_row study_column(const work *w, const int *next, int column) {
    double distance[SLIDES];
    set_slides(w, column);
    find_distances(w, next, distance);
    return summarise(distance);
}

/* ---- one output ------------------------------------------------------------------------------------------ */

typedef struct place {
    double y;
    int row;
} place;

static int by_output(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->y != y->y) return x->y < y->y ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* next[tie]: the first place behind the tie. */
static pl_status order_outputs(work *w, const pl_sense_output *output, int *next) {
    long rows = w->data->sample->rows;
    place *places = pl_allocate((size_t)(rows + 1) * sizeof *places);
    if (!places) return PL_MEMORY;
    for (long row = 0; row < rows; row++)
        if (isfinite(output->values[row])) places[w->count++] = (place){output->values[row], (int)row};
    qsort(places, (size_t)w->count, sizeof *places, by_output);
    for (long i = 0; i < w->count; i++) {
        w->present[i] = places[i].row;
        w->tie[i] = i && places[i].y == places[i - 1].y ? w->tie[i - 1] : (int)i;
        next[w->tie[i]] = (int)i + 1;
    }
    pl_release(places);
    return PL_OK;
}

static void draw(work *w) {
    memset(w->counts, 0, (size_t)w->data->sample->rows * sizeof *w->counts);
    for (long i = 0; i < w->count; i++) w->counts[w->present[i]] = w->drawn[i];
    count_below(w);
}

static void resample(work *w, const int *next, int resamples, pl_pawn *result) {
    pl_draws draws = pl_draws_of(w->data->sample, w->count);
    pl_pawn_row dummy = {.median = {NAN, NAN, NAN}};
    int inputs = w->data->columns - 1;
    for (long i = 0; i < w->count; i++) w->drawn[i] = 1;
    draw(w);
    for (int c = 0; c <= inputs; c++) *(c < inputs ? &result->rows[c] : &dummy) = study_column(w, next, c);
    for (int r = 0; r < resamples; r++) {
        pl_draws_take(&draws, r, w->drawn);
        draw(w);
        for (int c = 0; c <= inputs; c++) w->found[c * resamples + r] = study_column(w, next, c).median.estimate;
    }
    for (int c = 0; c <= inputs; c++) {
        pl_interval *median = c < inputs ? &result->rows[c].median : &dummy.median;
        *median = pl_sense_interval(median->estimate, w->found + c * resamples, resamples);
    }
    result->noise = dummy.median.high;
}

static void set_missing(int inputs, pl_pawn *result) {
    for (int i = 0; i < inputs; i++) result->rows[i] = no_row();
    result->noise = NAN;
}

pl_status pl_sense_pawn(const pl_given_data *data, const pl_sense_output *output, int resamples, pl_pawn *result) {
    size_t rows = (size_t)data->sample->rows + 1;
    work w = {.data = data};
    double *room = pl_allocate((3 * rows + (size_t)data->columns * (size_t)resamples) * sizeof(double));
    int *places = pl_allocate(3 * rows * sizeof(int));
    w.slide = pl_allocate(rows);
    pl_status status = room && places && w.slide ? PL_OK : PL_MEMORY;
    if (status == PL_OK) {
        w.drawn = room, w.counts = room + rows, w.below = room + 2 * rows, w.found = room + 3 * rows;
        w.present = places, w.tie = places + rows;
        status = order_outputs(&w, output, places + 2 * rows);
    }
    bool varies = status == PL_OK && w.count >= 2 * SLIDES && w.tie[w.count - 1] != 0;
    if (varies) resample(&w, places + 2 * rows, resamples, result);
    else if (status == PL_OK) set_missing(data->columns - 1, result);
    pl_release(room), pl_release(places), pl_release(w.slide);
    return status;
}
