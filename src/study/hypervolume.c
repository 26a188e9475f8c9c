/* See hypervolume.h.  WFG: the volume of a set is the sum of what each point adds to those behind it, which is the
 * point's own box without the volume of the others limited to that box.  Sets are kept in one pool, a level for each
 * depth of the recursion, which the number of objectives bounds. */
#include "study/hypervolume.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"

typedef struct measuring {
    const double *reference;
    int dimensions;    /* of the points as they are kept */
    double **level;    /* [dimensions] room for a set each */
    long long left;    /* points that may still be looked at */
} measuring;

/* In the last objective falling, so that the first of a set limits little of the rest; ties by the others. */
static int compare(const double *a, const double *b, int dimensions) {
    for (int k = dimensions - 1; k >= 0; k--)
        if (a[k] != b[k]) return a[k] > b[k] ? -1 : 1;
    return 0;
}

/* A heap sort: rows of `stride` numbers, by their first `dimensions`. */
static void sift(double *rows, int root, int count, int dimensions, int stride) {
    for (int child; (child = 2 * root + 1) < count; root = child) {
        double *top = rows + (size_t)root * (size_t)stride, *next;
        if (child + 1 < count && compare(rows + (size_t)child * (size_t)stride,
                                         rows + (size_t)(child + 1) * (size_t)stride, dimensions) < 0)
            child++;
        next = rows + (size_t)child * (size_t)stride;
        if (compare(top, next, dimensions) >= 0) return;
        for (int k = 0; k < stride; k++) {
            double held = top[k];
            top[k] = next[k], next[k] = held;
        }
    }
}

static void sort(double *rows, int count, int dimensions, int stride) {
    for (int i = count / 2; i-- > 0;) sift(rows, i, count, dimensions, stride);
    for (int end = count; end-- > 1;) {
        double *last = rows + (size_t)end * (size_t)stride;
        for (int k = 0; k < stride; k++) {
            double held = rows[k];
            rows[k] = last[k], last[k] = held;
        }
        sift(rows, 0, end, dimensions, stride);
    }
}

static bool covers(const double *a, const double *b, int dimensions) {
    for (int k = 0; k < dimensions; k++)
        if (a[k] > b[k]) return false;
    return true;
}

/* Leaves out what another point covers; of equal ones the first stays. */
static int filter(double *rows, int count, int dimensions, int stride) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
        const double *row = rows + (size_t)i * (size_t)stride;
        bool covered = false;
        for (int j = 0; j < kept && !covered; j++) covered = covers(rows + (size_t)j * (size_t)stride, row, dimensions);
        if (covered) continue;
        for (int j = kept; j-- > 0;) { /* it may cover some of those kept */
            if (!covers(row, rows + (size_t)j * (size_t)stride, dimensions)) continue;
            memmove(rows + (size_t)j * (size_t)stride, rows + (size_t)(kept - 1) * (size_t)stride,
                    (size_t)stride * sizeof *rows);
            kept--;
        }
        memmove(rows + (size_t)kept++ * (size_t)stride, row, (size_t)stride * sizeof *rows);
    }
    return kept;
}

/* The area under a staircase; rows fall in the second objective, so that the first rises where none is covered. */
static double sweep(const measuring *m, double *rows, int count) {
    double area = 0, best = m->reference[0], height = m->reference[1];
    sort(rows, count, 2, m->dimensions);
    for (int i = count; i-- > 0;) { /* rising in the second */
        const double *row = rows + (size_t)i * (size_t)m->dimensions;
        double top = i > 0 ? rows[(size_t)(i - 1) * (size_t)m->dimensions + 1] : height;
        if (row[0] < best) best = row[0];
        area += (m->reference[0] - best) * (top - row[1]);
    }
    return area;
}

static double box(const double *row, const double *reference, int dimensions) {
    double volume = 1;
    for (int k = 0; k < dimensions; k++) volume *= reference[k] - row[k];
    return volume;
}

static double measure(measuring *m, double *rows, int count, int dimensions);

/* What a row adds to those behind it. The rows behind stand no higher in the last objective, so that within the row's
 * box they only differ in the others. */
static double adds(measuring *m, const double *rows, int at, int count, int dimensions) {
    const double *row = rows + (size_t)at * (size_t)m->dimensions;
    double *limited = m->level[dimensions - 1];
    int kept = count - at - 1;
    for (int i = 0; i < kept; i++) {
        const double *other = row + (size_t)(i + 1) * (size_t)m->dimensions;
        for (int k = 0; k < dimensions; k++)
            limited[(size_t)i * (size_t)m->dimensions + (size_t)k] = row[k] > other[k] ? row[k] : other[k];
    }
    m->left -= kept;
    kept = filter(limited, kept, dimensions - 1, m->dimensions);
    double last = m->reference[dimensions - 1] - row[dimensions - 1];
    return box(row, m->reference, dimensions) - last * measure(m, limited, kept, dimensions - 1);
}

static double measure(measuring *m, double *rows, int count, int dimensions) {
    double volume = 0;
    if (!count || m->left < 0) return 0;
    m->left -= count;
    if (dimensions == 2) return sweep(m, rows, count);
    sort(rows, count, dimensions, m->dimensions);
    for (int i = 0; i < count && m->left >= 0; i++) volume += adds(m, rows, i, count, dimensions);
    return volume;
}

/* One objective: as far as the best point is below the reference. */
static double measure_line(const double *points, int count, double reference) {
    double best = reference;
    for (int i = 0; i < count; i++)
        if (points[i] < best) best = points[i];
    return reference - best;
}

static double measure_set(measuring *m, const double *points, int count) {
    double *rows = m->level[m->dimensions];
    int used = 0;
    for (int i = 0; i < count; i++) {
        const double *point = points + (size_t)i * (size_t)m->dimensions;
        bool below = true;
        for (int k = 0; k < m->dimensions; k++) below = below && point[k] < m->reference[k];
        if (!below) continue;
        memcpy(rows + (size_t)used++ * (size_t)m->dimensions, point, (size_t)m->dimensions * sizeof *rows);
    }
    used = filter(rows, used, m->dimensions, m->dimensions);
    return measure(m, rows, used, m->dimensions);
}

double pl_hypervolume(const double *points, int count, int dimensions, const double *reference, long long budget) {
    if (dimensions == 1) return measure_line(points, count, reference[0]);
    size_t room = (size_t)count * (size_t)dimensions + 1, levels = (size_t)dimensions + 1;
    measuring m = {.reference = reference, .dimensions = dimensions, .left = budget};
    double *pool = pl_allocate(levels * room * sizeof *pool), volume = NAN;
    m.level = pl_allocate(levels * sizeof *m.level);
    if (pool && m.level) {
        for (size_t k = 0; k < levels; k++) m.level[k] = pool + k * room;
        volume = measure_set(&m, points, count);
        if (m.left < 0) volume = NAN;
    }
    pl_release(pool), pl_release(m.level);
    return volume;
}
