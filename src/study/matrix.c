/* Small dense linear systems by Gaussian elimination (Golub and Van Loan, Matrix Computations, ch. 3). */
#include "study/matrix.h"

#include <math.h>
#include <string.h>

static int largest_below(const double *a, int n, int column) {
    int best = column;
    for (int r = column + 1; r < n; r++)
        if (fabs(a[r * n + column]) > fabs(a[best * n + column])) best = r;
    return best;
}

static void swap_rows(double *a, int n, int r, int s) {
    for (int c = 0; c < n && r != s; c++) {
        double kept = a[r * n + c];
        a[r * n + c] = a[s * n + c];
        a[s * n + c] = kept;
    }
}

int pl_matrix_factor(double *a, int *pivot, int n) {
    int sign = 1;
    double largest = 0;
    for (int k = 0; k < n * n; k++) largest = fmax(largest, fabs(a[k]));
    for (int c = 0; c < n; c++) {
        int r = pivot[c] = largest_below(a, n, c);
        swap_rows(a, n, r, c);
        double head = a[c * n + c];
        if (!(fabs(head) > 1e-300 + 1e-17 * largest)) return 0;
        sign = (head < 0) != (r != c) ? -sign : sign;
        for (r = c + 1; r < n; r++) {
            double times = a[r * n + c] /= head;
            for (int k = c + 1; k < n && times != 0; k++) a[r * n + k] -= times * a[c * n + k];
        }
    }
    return sign;
}

void pl_matrix_solve(const double *a, const int *pivot, int n, double *b) {
    for (int r = 0; r < n; r++) {
        double kept = b[pivot[r]];
        b[pivot[r]] = b[r];
        b[r] = kept;
    }
    for (int r = 0; r < n; r++)
        for (int c = 0; c < r; c++) b[r] -= a[r * n + c] * b[c];
    for (int r = n - 1; r >= 0; r--) {
        for (int c = r + 1; c < n; c++) b[r] -= a[r * n + c] * b[c];
        b[r] /= a[r * n + r];
    }
}

bool pl_matrix_invert(double *a, int *pivot, int n, double *out) {
    if (!pl_matrix_factor(a, pivot, n)) return false;
    for (int c = 0; c < n; c++) {
        double column[n];
        memset(column, 0, sizeof column);
        column[c] = 1;
        pl_matrix_solve(a, pivot, n, column);
        for (int r = 0; r < n; r++) out[r * n + c] = column[r];
    }
    return true;
}

/* Moves the largest number at or after (step, step) there; returns its size. */
static double pivot_fully(double *a, int rows, int columns, int step) {
    int row = step, column = step;
    for (int r = step; r < rows; r++)
        for (int c = step; c < columns; c++)
            if (fabs(a[r * columns + c]) > fabs(a[row * columns + column])) {
                row = r;
                column = c;
            }
    swap_rows(a, columns, step, row);
    for (int r = 0; r < rows && column != step; r++) {
        double kept = a[r * columns + step];
        a[r * columns + step] = a[r * columns + column];
        a[r * columns + column] = kept;
    }
    return fabs(a[step * columns + step]);
}

int pl_matrix_rank(double *a, int rows, int columns, double tolerance) {
    double first = 0;
    int step = 0;
    for (; step < rows && step < columns; step++) {
        double size = pivot_fully(a, rows, columns, step);
        if (step == 0) first = size;
        if (!(size > tolerance * first)) break;
        for (int r = step + 1; r < rows; r++) {
            double times = a[r * columns + step] / a[step * columns + step];
            for (int c = step; c < columns; c++) a[r * columns + c] -= times * a[step * columns + c];
        }
    }
    return step;
}
