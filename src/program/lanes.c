/* Instructions that go lane by lane: what each lane does depends on its values.  See run.c. */
#include "program/math.h"
#include "program/tape.h"

double pl_lane_value(const pl_frame *f, pl_register place, int element, int lane) {
    return pl_register_at(f, place, element)[PL_PLACE_BASE(place) <= PL_SCRATCH ? lane : 0];
}

void pl_run_pick(const pl_frame *f, const pl_instruction *in) {
    const int32_t *ints = f->program->ints + in->detail;
    for (int e = 0; e < in->count; e++) {
        double *out = pl_register_out(f, in, e);
        for (int i = 0; i < f->lanes; i++) {
            double at = pl_trunc(pl_lane_value(f, in->in[1], e, i)) + (double)ints[1 + e];
            out[i] = at >= 0.0 && at < (double)ints[0] ? pl_lane_value(f, in->in[0], (int)at, i) : PL_NOT_AVAILABLE;
        }
    }
}

/* Sorts places 0 .. run - 1 by the values of one lane; equal values keep their order. NaN counts as largest. */
static void sort_places(const double *values, int run, bool falling, int *places) {
    for (int k = 0; k < run; k++) {
        int j = k;
        for (; j > 0; j--) {
            double before = values[places[j - 1]], x = values[k];
            if (falling ? !(before < x) : !(before > x)) break;
            places[j] = places[j - 1];
        }
        places[j] = k;
    }
}

void pl_run_sort(const pl_frame *f, const pl_instruction *in) {
    const int32_t *ints = f->program->ints + in->detail;
    int run = ints[1], places[PL_MOST_SORTED];
    double values[PL_MOST_SORTED];
    for (int from = 0; from + run <= in->count; from += run)
        for (int i = 0; i < f->lanes; i++) {
            for (int k = 0; k < run; k++) values[k] = pl_lane_value(f, in->in[0], from + k, i);
            sort_places(values, run, !(pl_lane_value(f, in->in[1], from, i) > 0.0), places);
            for (int k = 0; k < run; k++)
                if (ints[0])
                    pl_register_out(f, in, from + places[k])[i] = (double)(k + 1);
                else
                    pl_register_out(f, in, from + k)[i] = (double)places[k];
        }
}
