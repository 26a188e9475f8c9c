/* What the methods of given data share: inputs in order, one more column of random numbers.
 * See sense.h. */
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "base/pool.h"
#include "study/sense.h"

typedef struct place {
    double x;
    int row;
} place;

static int by_input(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->x != y->x) return x->x < y->x ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static pl_status order_column(void *context, long column, int thread) {
    pl_given_data *data = context;
    size_t rows = (size_t)data->sample->rows;
    double *x = data->x + (size_t)column * rows;
    static const char name[] = "an input that does nothing";
    uint64_t key = pl_stream_key(data->sample->seed, pl_fnv1a(name, sizeof name - 1));
    place *places = pl_allocate((rows + 1) * sizeof *places);
    (void)thread;
    if (!places) return PL_MEMORY;
    for (size_t row = 0; row < rows; row++) {
        x[row] = column < data->columns - 1 ? data->sample->x[column][row] : pl_uniform_at(key, row, 0);
        places[row] = (place){x[row], (int)row};
    }
    qsort(places, rows, sizeof *places, by_input);
    for (size_t k = 0; k < rows; k++) data->order[(size_t)column * rows + k] = places[k].row;
    pl_release(places);
    return PL_OK;
}

/* Delta is the most work: as many resamples, up to 100, as some eight seconds of one processor allow, and 20 in any
 * case. */
static int resamples_of(const pl_sense_sample *s, int resamples) {
    enum { MOST = 100, LEAST = 20 };
    double seconds = 2e-8 * (double)s->rows * s->output_count * (s->input_count + 1), most = 8 / seconds;
    if (resamples > MOST) resamples = MOST;
    return most >= resamples ? resamples : most > LEAST ? (int)most : resamples < LEAST ? resamples : LEAST;
}

pl_status pl_sense_given(pl_sense_part *part, int threads) {
    const pl_sense_sample *s = &part->sample;
    pl_given_data data = {s, s->input_count + 1, NULL, NULL};
    pl_sense_groups groups = pl_sense_groups_of(s);
    size_t cells = (size_t)s->rows * (size_t)data.columns;
    part->delta = PL_ARRAY(s->arena, s->output_count, pl_delta);
    part->pawn = PL_ARRAY(s->arena, s->output_count, pl_pawn);
    part->delta_resamples = resamples_of(s, part->resamples);
    for (int o = 0; o < s->output_count; o++) {
        part->delta[o].delta = PL_ARRAY(s->arena, s->input_count, pl_interval);
        part->delta[o].first = PL_ARRAY(s->arena, s->input_count, pl_interval);
        part->pawn[o].rows = PL_ARRAY(s->arena, s->input_count, pl_pawn_row);
    }
    data.x = pl_allocate((cells + 1) * sizeof(double));
    data.order = pl_allocate((cells + 1) * sizeof(int));
    pl_status status = data.x && data.order ? PL_OK : PL_MEMORY;
    if (status == PL_OK) status = pl_parallel_for(data.columns, threads, order_column, &data);
    if (status == PL_OK) status = pl_sense_delta(&data, &groups, part->delta_resamples, threads, part->delta);
    if (status == PL_OK) status = pl_sense_pawn(&data, &groups, part->resamples, threads, part->pawn);
    pl_release(data.x), pl_release(data.order);
    return status;
}
