/* Instructions that go lane by lane: what each lane does depends on its values.  See run.c. */
#include "program/math.h"
#include "program/tape.h"

enum { MOST = 4096 }; /* elements of a run that is sorted or inverted */

const pl_group_row pl_group_rows[] = {
#define X(id, operands, most, text) {operands, most},
    PL_GROUP_FORMS(X)
#undef X
};

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

/* ---- orders ---- */

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

static void run_sort(const pl_frame *f, const pl_instruction *in, int from, int lane) {
    const int32_t *ints = f->program->ints + in->detail;
    int run = ints[1], places[MOST];
    double values[MOST];
    for (int k = 0; k < run; k++) values[k] = pl_lane_value(f, in->in[0], from + k, lane);
    sort_places(values, run, !(pl_lane_value(f, in->in[1], from, lane) > 0.0), places);
    for (int k = 0; k < run; k++)
        if (ints[0] == PL_GROUP_RANK)
            pl_register_out(f, in, from + places[k])[lane] = (double)(k + 1);
        else
            pl_register_out(f, in, from + k)[lane] = (double)places[k];
}

static void run_reorder(const pl_frame *f, const pl_instruction *in, int from, int lane) {
    int run = f->program->ints[in->detail + 1];
    for (int k = 0; k < run; k++) {
        double place = pl_trunc(pl_lane_value(f, in->in[1], from + k, lane));
        bool inside = place >= 0.0 && place < (double)run;
        pl_register_out(f, in, from + k)[lane] =
            inside ? pl_lane_value(f, in->in[0], from + (int)place, lane) : PL_NOT_AVAILABLE;
    }
}

/* ---- matrices ---- */

static void swap(double *a, double *b) {
    double was = *a;
    *a = *b;
    *b = was;
}

/* Gauss-Jordan elimination in place with the largest pivot of each column (Press et al., Numerical Recipes, 2.1):
 * false where there is none but 0. */
static bool invert_matrix(double *m, int n, int *pivots) {
    for (int k = 0; k < n; k++) {
        int pivot = k;
        for (int i = k + 1; i < n; i++)
            if (pl_fabs(m[i * n + k]) > pl_fabs(m[pivot * n + k])) pivot = i;
        pivots[k] = pivot;
        double head = m[pivot * n + k];
        if (head == 0.0 || head != head) return false;
        for (int j = 0; j < n; j++) swap(&m[k * n + j], &m[pivot * n + j]);
        m[k * n + k] = 1.0;
        for (int j = 0; j < n; j++) m[k * n + j] /= head;
        for (int i = 0; i < n; i++) {
            double factor = m[i * n + k];
            if (i == k) continue;
            m[i * n + k] = 0.0;
            for (int j = 0; j < n; j++) m[i * n + j] -= factor * m[k * n + j];
        }
    }
    for (int k = n; k-- > 0;) /* rows that changed places are columns of the inverse */
        for (int i = 0; i < n; i++) swap(&m[i * n + k], &m[i * n + pivots[k]]);
    return true;
}

static void run_invert(const pl_frame *f, const pl_instruction *in, int from, int lane) {
    int run = f->program->ints[in->detail + 1], n = 0, pivots[64];
    double m[MOST];
    while (n * n < run) n++;
    for (int k = 0; k < run; k++) m[k] = pl_lane_value(f, in->in[0], from + k, lane);
    bool good = pl_lane_value(f, in->in[1], from, lane) == (double)n && invert_matrix(m, n, pivots);
    for (int k = 0; k < run; k++) pl_register_out(f, in, from + k)[lane] = good ? m[k] : PL_NOT_AVAILABLE;
}

/* ---- groups ---- */

void pl_run_group(const pl_frame *f, const pl_instruction *in) {
    const int32_t *ints = f->program->ints + in->detail;
    for (int from = 0; from + ints[1] <= in->count; from += ints[1])
        for (int lane = 0; lane < f->lanes; lane++) switch ((pl_group_form)ints[0]) {
            case PL_GROUP_ORDER:
            case PL_GROUP_RANK: run_sort(f, in, from, lane); break;
            case PL_GROUP_REORDER: run_reorder(f, in, from, lane); break;
            case PL_GROUP_INVERT: run_invert(f, in, from, lane); break;
            default: pl_run_allocate(f, in, from, lane);
            }
}
