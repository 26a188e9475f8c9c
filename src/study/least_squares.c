/* See least_squares.h. Columns are stored one after the other, so that every inner loop runs through memory in
 * order. */
#include "study/least_squares.h"

#include <math.h>

#include "base/arena.h"

/* Four sums keep the order fixed and the processor busy. */
double pl_dot(const double *a, const double *b, long count) {
    double sum[4] = {0};
    long i = 0;
    for (; i + 4 <= count; i += 4)
        for (int k = 0; k < 4; k++) sum[k] += a[i + k] * b[i + k];
    for (; i < count; i++) sum[0] += a[i] * b[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* b -= 2 v (v'b) / v'v */
static void reflect(const double *v, double squares, double *b, long count) {
    double factor = 2 * pl_dot(v, b, count) / squares;
    for (long i = 0; i < count; i++) b[i] -= factor * v[i];
}

double pl_centre(double *values, long count) {
    double mean = 0;
    for (long i = 0; i < count; i++) mean += values[i];
    mean /= (double)count;
    for (long i = 0; i < count; i++) values[i] -= mean;
    return pl_dot(values, values, count);
}

typedef struct factor {
    double *x, *y;
    long rows;
    const pl_least_squares *fit;
    int *place;   /* [column] its row in R, or -1 where it is left out */
    int *used;    /* [rank] the column of a row of R */
    double *r;    /* [column used][rank] of R, whose diagonal is apart from the reflections that x keeps */
    int rank;
} factor;

static void take_column(factor *f, int column, double length) {
    double *v = f->x + (size_t)column * (size_t)f->rows + f->rank;
    long left = f->rows - f->rank;
    double norm = left > 0 ? sqrt(pl_dot(v, v, left)) : 0;
    f->place[column] = -1;
    if (!(norm > 1e-9 * length)) return;
    double diagonal = v[0] > 0 ? -norm : norm;
    double *r = f->r + (size_t)f->rank * (size_t)f->fit->columns;
    for (int k = 0; k < f->rank; k++) r[k] = v[k - f->rank];
    r[f->rank] = diagonal;
    v[0] -= diagonal;
    double squares = pl_dot(v, v, left);
    for (int other = column + 1; other < f->fit->columns; other++)
        reflect(v, squares, f->x + (size_t)other * (size_t)f->rows + f->rank, left);
    for (int side = 0; side < f->fit->responses; side++)
        reflect(v, squares, f->y + (size_t)side * (size_t)f->rows + f->rank, left);
    f->place[column] = f->rank;
    f->used[f->rank++] = column;
}

static void decompose(factor *f, double *lengths) {
    for (int c = 0; c < f->fit->columns; c++) {
        const double *x = f->x + (size_t)c * (size_t)f->rows;
        lengths[c] = sqrt(pl_dot(x, x, f->rows));
    }
    for (int c = 0; c < f->fit->columns; c++) take_column(f, c, lengths[c]);
}

/* R z = b from the last row up, in b. */
static void solve_upper(const factor *f, double *b) {
    for (int k = f->rank - 1; k >= 0; k--) {
        const double *r = f->r + (size_t)k * (size_t)f->fit->columns;
        b[k] /= r[k];
        for (int i = 0; i < k; i++) b[i] -= r[i] * b[k];
    }
}

static void set_coefficients(const factor *f, int side) {
    double *y = f->y + (size_t)side * (size_t)f->rows, *to = f->fit->coefficient + (size_t)side * (size_t)f->fit->columns;
    f->fit->residual[side] = pl_dot(y + f->rank, y + f->rank, f->rows - f->rank);
    solve_upper(f, y);
    for (int c = 0; c < f->fit->columns; c++) to[c] = f->place[c] < 0 ? NAN : y[f->place[c]];
}

/* Rows of R's inverse, column by column: its k-th column solves R z = e_k. */
static void set_scales(const factor *f, double *work) {
    for (int c = 0; c < f->fit->columns; c++) f->fit->scale[c] = f->place[c] < 0 ? NAN : 0;
    for (int k = 0; k < f->rank; k++) {
        for (int i = 0; i < f->rank; i++) work[i] = i == k;
        solve_upper(f, work);
        for (int i = 0; i <= k; i++) f->fit->scale[f->used[i]] += work[i] * work[i];
    }
    for (int k = 0; k < f->rank; k++) f->fit->scale[f->used[k]] = sqrt(f->fit->scale[f->used[k]]);
}

pl_status pl_least_squares_fit(double *x, double *y, long rows, pl_least_squares *fit) {
    size_t columns = (size_t)fit->columns + 1;
    factor f = {.x = x, .y = y, .rows = rows, .fit = fit};
    f.place = pl_allocate(columns * sizeof(int));
    f.used = pl_allocate(columns * sizeof(int));
    f.r = pl_allocate(columns * columns * sizeof(double));
    double *work = pl_allocate(columns * sizeof(double));
    pl_status status = f.place && f.used && f.r && work ? PL_OK : PL_MEMORY;
    if (status == PL_OK) {
        decompose(&f, work);
        for (int side = 0; side < fit->responses; side++) set_coefficients(&f, side);
        if (fit->scale) set_scales(&f, work);
        fit->rank = f.rank;
    }
    pl_release(f.place), pl_release(f.used), pl_release(f.r), pl_release(work);
    return status;
}
