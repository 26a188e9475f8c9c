/* PAWN from given data: how far the distribution of an output within a slide of the input is from its whole
 * distribution, by Kolmogorov and Smirnov's statistic, over ten slides of equal frequency (Pianosi and Wagener,
 * Environmental Modelling & Software 67:1, 2015, and 108:197, 2018).  Slides are SALib's: from a quantile up to below
 * the next, so that the largest input is in none.
 *
 * Threads over resamples: the slides of a resample are made once for all outputs, and each output's rows that were
 * drawn once for all inputs.  Distances are counted in whole numbers, so they are exact but for the last division.
 * See sense.h. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/pool.h"
#include "study/sense.h"
#include "study/statistics.h"

enum { SLIDES = 10, NONE = SLIDES };

/* The rows of an output that are present, by rising output, and of each the places of the first one with its output
 * and of the one behind the last. */
typedef struct ranking {
    int *row, *first, *behind;
    bool varies;
} ranking;

typedef struct work {
    const pl_given_data *data;
    const pl_sense_groups *groups;
    const pl_sense_group *group;
    ranking *rankings; /* [output of the group] */
    int resamples;
    double *found;     /* [output of the group][column][resample] medians */
    pl_pawn_row *dummies; /* [output of the group] of the last column */
    pl_pawn *results;
} work;

/* A row of an output that was drawn: how often, times the size of the resample; how many lie below it, and up to it. */
typedef struct step {
    double weight, below, above;
    int row;
} step;

/* A resample. */
typedef struct resample {
    double *counts;       /* [row] how often each was drawn; 0 where missing */
    double total;
    unsigned char *slide; /* [column][row] */
    double *sizes;        /* [column][SLIDES + 1] how many in each slide; the last: in none */
    step *steps;          /* of one output */
    double *below;        /* [place] how many lie before it */
} resample;

/* ---- slides ---------------------------------------------------------------------------------------------- */

/* The value at a place from 0 among the drawn rows, by rising input, going on from where the last one was found. */
static double value_at(const double *counts, const int *order, const double *x, double place, long *at,
                       double *passed) {
    while (*passed + counts[order[*at]] <= place) *passed += counts[order[(*at)++]];
    return x[order[*at]];
}

static void find_edges(const resample *r, const int *order, const double *x, double edges[SLIDES + 1]) {
    double passed = 0;
    long at = 0;
    for (int s = 0; s <= SLIDES; s++) {
        double place = s * 0.1 * (r->total - 1), whole = floor(place), part = place - whole;
        double low = value_at(r->counts, order, x, whole, &at, &passed);
        if (part <= 0) {
            edges[s] = low;
            continue;
        }
        double high_passed = passed;
        long high_at = at;
        double high = value_at(r->counts, order, x, whole + 1, &high_at, &high_passed);
        edges[s] = part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
    }
}

static void set_slides(const work *w, const resample *r, int column) {
    long rows = w->data->sample->rows;
    const int *order = w->data->order + (size_t)column * (size_t)rows;
    const double *x = w->data->x + (size_t)column * (size_t)rows;
    unsigned char *slide = r->slide + (size_t)column * (size_t)rows;
    double edges[SLIDES + 1], *sizes = r->sizes + (size_t)column * (SLIDES + 1);
    int at = -1;
    find_edges(r, order, x, edges);
    for (int s = 0; s <= SLIDES; s++) sizes[s] = 0;
    for (long k = 0; k < rows; k++) {
        int row = order[k];
        while (at < SLIDES && x[row] >= edges[at + 1]) at++;
        slide[row] = (unsigned char)(at < 0 ? NONE : at);
        sizes[slide[row]] += r->counts[row];
    }
}

/* ---- distances --------------------------------------------------------------------------------------------- */

/* The rows of an output that were drawn. */
static long take_steps(const work *w, resample *r, const ranking *of) {
    double before = 0;
    long used = 0;
    for (long i = 0; i < w->group->rows; i++) r->below[i] = before, before += r->counts[of->row[i]];
    r->below[w->group->rows] = before;
    for (long i = 0; i < w->group->rows; i++) {
        double count = r->counts[of->row[i]];
        r->steps[used] = (step){count * r->total, r->below[of->first[i]], r->below[of->behind[i]], of->row[i]};
        used += count > 0;
    }
    return used;
}

/* The largest distance of each slide's distribution from the whole one. Between two of a slide's own steps only the
 * whole one rises, so the slide's is highest above it at its own steps and lowest below it just before them; among
 * steps of one output the first counts before and the last at them, as the others lie nearer. */
static void find_distances(const resample *r, long used, int column, long rows, double distance[SLIDES]) {
    struct {
        double seen, size, low, high; /* times total x size */
    } of[SLIDES + 1];
    const unsigned char *slide = r->slide + (size_t)column * (size_t)rows;
    const double *sizes = r->sizes + (size_t)column * (SLIDES + 1);
    for (int s = 0; s <= SLIDES; s++) of[s].seen = of[s].low = of[s].high = 0, of[s].size = sizes[s];
    for (long i = 0; i < used; i++) {
        const step *at = &r->steps[i];
        int s = slide[at->row];
        double before = of[s].seen - at->below * of[s].size, seen = of[s].seen + at->weight;
        double after = seen - at->above * of[s].size;
        of[s].low = before < of[s].low ? before : of[s].low;
        of[s].high = after > of[s].high ? after : of[s].high;
        of[s].seen = seen;
    }
    for (int s = 0; s < SLIDES; s++)
        distance[s] = of[s].size > 0 ? fmax(of[s].high, -of[s].low) / (of[s].size * r->total) : (double)NAN;
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

/* ---- one resample ---------------------------------------------------------------------------------------- */

/* Of item 0 the sample itself. An output of the group says which rows are there. */
static pl_status draw(const work *w, long item, resample *r) {
    const double *y = w->data->sample->outputs[w->groups->order[w->group->first]].values;
    pl_draws draws = pl_draws_of(w->data->sample, w->group->rows);
    long used = 0;
    if (item) pl_draws_take(&draws, item - 1, r->below);
    for (long row = 0; row < w->data->sample->rows; row++)
        r->counts[row] = !isfinite(y[row]) ? 0 : item ? r->below[used++] : 1;
    r->total = (double)w->group->rows;
    return PL_OK;
}

static void study_output(const work *w, resample *r, int o, long item) {
    int columns = w->data->columns;
    double distance[SLIDES];
    long used = take_steps(w, r, &w->rankings[o]);
    for (int c = 0; c < columns; c++) {
        find_distances(r, used, c, w->data->sample->rows, distance);
        pl_pawn_row row = summarise(distance);
        double *found = w->found + ((size_t)o * (size_t)columns + (size_t)c) * (size_t)w->resamples;
        if (item) found[item - 1] = row.median.estimate;
        else if (c < columns - 1) w->results[w->groups->order[w->group->first + o]].rows[c] = row;
        else w->dummies[o] = row;
    }
}

static pl_status study_resample(void *context, long item, int thread) {
    const work *w = context;
    size_t rows = (size_t)w->data->sample->rows + 1, columns = (size_t)w->data->columns;
    resample r = {0};
    double *room = pl_allocate((2 * rows + columns * (SLIDES + 1)) * sizeof *room);
    (void)thread;
    r.counts = room, r.below = room + rows, r.sizes = room + 2 * rows;
    r.slide = pl_allocate(rows * columns);
    r.steps = pl_allocate(rows * sizeof(step));
    pl_status status = room && r.slide && r.steps ? draw(w, item, &r) : PL_MEMORY;
    for (int c = 0; c < w->data->columns && status == PL_OK; c++) set_slides(w, &r, c);
    for (int o = 0; o < w->group->count && status == PL_OK; o++)
        if (w->rankings[o].varies) study_output(w, &r, o, item);
    pl_release(room), pl_release(r.slide), pl_release(r.steps);
    return status;
}

/* ---- a group of outputs ------------------------------------------------------------------------------------ */

typedef struct place {
    double y;
    int row;
} place;

static int by_output(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->y != y->y) return x->y < y->y ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static pl_status rank_output(void *context, long item, int thread) {
    const work *w = context;
    const double *values = w->data->sample->outputs[w->groups->order[w->group->first + item]].values;
    long rows = w->data->sample->rows, count = w->group->rows, used = 0;
    ranking *to = &w->rankings[item];
    place *places = pl_allocate((size_t)(rows + 1) * sizeof *places);
    (void)thread;
    if (!places) return PL_MEMORY;
    for (long row = 0; row < rows; row++)
        if (isfinite(values[row])) places[used++] = (place){values[row], (int)row};
    qsort(places, (size_t)count, sizeof *places, by_output);
    for (long i = 0; i < count; i++) {
        to->row[i] = places[i].row;
        to->first[i] = i && places[i].y == places[i - 1].y ? to->first[i - 1] : (int)i;
    }
    for (long i = count; i-- > 0;) {
        bool tied = i + 1 < count && to->first[i + 1] == to->first[i];
        to->behind[i] = tied ? to->behind[i + 1] : (int)i + 1;
    }
    to->varies = count >= 2 * SLIDES && to->first[count - 1] != 0;
    pl_release(places);
    return PL_OK;
}

static void set_missing(int inputs, pl_pawn *result) {
    for (int i = 0; i < inputs; i++) result->rows[i] = no_row();
    result->noise = NAN;
}

static void set_intervals(const work *w, int o) {
    pl_pawn *result = &w->results[w->groups->order[w->group->first + o]];
    int columns = w->data->columns;
    for (int c = 0; c < columns; c++) {
        pl_interval *median = c < columns - 1 ? &result->rows[c].median : &w->dummies[o].median;
        const double *found = w->found + ((size_t)o * (size_t)columns + (size_t)c) * (size_t)w->resamples;
        *median = pl_sense_interval(median->estimate, found, w->resamples);
    }
    result->noise = w->dummies[o].median.high;
}

static pl_status study_group(work *w, int threads) {
    size_t outputs = (size_t)w->group->count, count = (size_t)w->group->rows + 1;
    w->rankings = pl_allocate(outputs * sizeof(ranking));
    w->dummies = pl_allocate(outputs * sizeof(pl_pawn_row));
    w->found = pl_allocate((outputs * (size_t)w->data->columns * (size_t)w->resamples + 1) * sizeof(double));
    int *places = pl_allocate(3 * outputs * count * sizeof *places);
    pl_status status = w->rankings && w->dummies && w->found && places ? PL_OK : PL_MEMORY;
    for (size_t o = 0; o < outputs && status == PL_OK; o++)
        w->rankings[o].row = places + 3 * o * count, w->rankings[o].first = places + (3 * o + 1) * count,
        w->rankings[o].behind = places + (3 * o + 2) * count;
    if (status == PL_OK) status = pl_parallel_for(w->group->count, threads, rank_output, w);
    bool any = false;
    for (size_t o = 0; o < outputs && status == PL_OK; o++) any = any || w->rankings[o].varies;
    if (any) status = pl_parallel_for(w->resamples + 1L, threads, study_resample, w); /* else there may be no row at all */
    for (int o = 0; o < w->group->count && status == PL_OK; o++) {
        if (w->rankings[o].varies) set_intervals(w, o);
        else set_missing(w->data->columns - 1, &w->results[w->groups->order[w->group->first + o]]);
    }
    pl_release(w->rankings), pl_release(w->dummies), pl_release(w->found), pl_release(places);
    return status;
}

pl_status pl_sense_pawn(const pl_given_data *data, const pl_sense_groups *groups, int resamples, int threads,
                        pl_pawn *results) {
    work w = {.data = data, .groups = groups, .resamples = resamples, .results = results};
    pl_status status = PL_OK;
    for (int g = 0; g < groups->count && status == PL_OK; g++) {
        w.group = &groups->groups[g];
        status = study_group(&w, threads);
    }
    return status;
}
