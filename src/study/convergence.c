/* See convergence.h. */
#include "study/convergence.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ensemble/situation.h"
#include "study/statistics.h"

typedef struct ranked {
    double value;
    long place;
} ranked;

/* Chains cut in halves: the middle draw of an odd number is left out. */
typedef struct halves {
    double *z, *x;     /* [chains][count] what is judged, and the draws themselves */
    ranked *order;
    int chains, count;
} halves;

static int by_value(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return x->value < y->value ? -1 : x->value > y->value ? 1 : x->place < y->place ? -1 : x->place > y->place;
}

/* Normal scores of mean ranks: (rank - 3/8) / (S + 1/4), Blom 1958. */
static void normalise(halves *h, const double *values) {
    long total = (long)h->chains * h->count;
    for (long i = 0; i < total; i++) h->order[i] = (ranked){values[i], i};
    qsort(h->order, (size_t)total, sizeof *h->order, by_value);
    for (long i = 0, k; i < total; i = k) {
        for (k = i; k < total && h->order[k].value == h->order[i].value; k++) {}
        double rank = (double)(i + 1 + k) / 2, score = pl_normal_quantile((rank - 0.375) / ((double)total + 0.25));
        for (long j = i; j < k; j++) h->z[h->order[j].place] = score;
    }
}

typedef struct moments {
    double within, plus; /* mean variance within chains, and the marginal variance that it and the means give */
} moments;

static double mean_of(const double *x, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += x[i];
    return sum / count;
}

static moments moments_of(const halves *h) {
    double n = h->count, all = 0, within = 0, between = 0;
    for (int c = 0; c < h->chains; c++) all += mean_of(h->z + (size_t)c * (size_t)h->count, h->count);
    all /= h->chains;
    for (int c = 0; c < h->chains; c++) {
        const double *z = h->z + (size_t)c * (size_t)h->count;
        double mean = mean_of(z, h->count), squares = 0;
        for (int i = 0; i < h->count; i++) squares += (z[i] - mean) * (z[i] - mean);
        within += squares / (n - 1) / h->chains;
        between += (mean - all) * (mean - all) / (h->chains - 1);
    }
    return (moments){within, within * (n - 1) / n + between};
}

static double rhat_of(const halves *h) {
    moments m = moments_of(h);
    return m.within > 0 ? sqrt(m.plus / m.within) : NAN;
}

/* The mean over chains of the autocovariance at a lag, with n as its divisor. */
static double autocovariance(const halves *h, int lag) {
    double all = 0;
    for (int c = 0; c < h->chains; c++) {
        const double *z = h->z + (size_t)c * (size_t)h->count;
        double mean = mean_of(z, h->count), sum = 0;
        for (int i = lag; i < h->count; i++) sum += (z[i] - mean) * (z[i - lag] - mean);
        all += sum / h->count;
    }
    return all / h->chains;
}

/* Geyer's initial monotone sequence of sums of pairs of autocorrelations. */
static double sample_size(const halves *h) {
    moments m = moments_of(h);
    double total = (double)h->chains * h->count, tau = -1, before = INFINITY;
    if (!(m.within > 0)) return NAN;
    for (int lag = 0; lag + 1 < h->count; lag += 2) {
        double even = lag ? 1 - (m.within - autocovariance(h, lag)) / m.plus : 1;
        double odd = 1 - (m.within - autocovariance(h, lag + 1)) / m.plus, pair = even + odd;
        if (pair < 0) {
            tau += even > 0 ? even : 0;
            break;
        }
        if (pair > before) pair = before;
        before = pair;
        tau += 2 * pair;
    }
    double least = 1 / log10(total);
    return total / (tau > least ? tau : least);
}

static double tail_size(halves *h, const double *sorted, double p) {
    long total = (long)h->chains * h->count;
    double quantile = pl_quantile(sorted, total, p);
    for (long i = 0; i < total; i++) h->z[i] = h->x[i] <= quantile;
    return sample_size(h);
}

static void judge(halves *h, double *sorted, pl_convergence *out) {
    long total = (long)h->chains * h->count;
    normalise(h, h->x);
    double plain = rhat_of(h);
    out->bulk = sample_size(h);
    memcpy(sorted, h->x, (size_t)total * sizeof *sorted);
    pl_sort(sorted, total);
    out->tail = fmin(tail_size(h, sorted, 0.05), tail_size(h, sorted, 0.95));
    double median = pl_quantile(sorted, total, 0.5);
    for (long i = 0; i < total; i++) sorted[i] = fabs(h->x[i] - median);
    normalise(h, sorted);
    out->rhat = fmax(plain, rhat_of(h));
}

pl_status pl_convergence_of(const double *draws, int chains, int count, pl_convergence *out) {
    halves h = {.chains = 2 * chains, .count = count / 2};
    size_t total = (size_t)h.chains * (size_t)h.count;
    double *room = pl_allocate((3 * total + 1) * sizeof *room);
    h.order = pl_allocate((total + 1) * sizeof *h.order);
    pl_status status = room && h.order ? PL_OK : PL_MEMORY;
    if (status == PL_OK) {
        h.z = room, h.x = room + total;
        for (int c = 0; c < h.chains; c++)
            memcpy(h.x + (size_t)c * (size_t)h.count,
                   draws + (size_t)(c / 2) * (size_t)count + (size_t)(c % 2 ? count - h.count : 0),
                   (size_t)h.count * sizeof *draws);
        judge(&h, room + 2 * total, out);
    }
    pl_release(room), pl_release(h.order);
    return status;
}
