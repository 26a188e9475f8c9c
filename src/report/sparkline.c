/* See sparkline.h. */
#include "report/sparkline.h"

#include <math.h>

#include "program/tape.h"

enum { WIDEST = 64, BLOCKS = 8 };

/* U+2581 to U+2588: blocks of one to eight eighths. */
static void put_block(pl_text *out, int eighths) {
    char block[] = {(char)0xE2, (char)0x96, (char)(0x80 + eighths), 0};
    pl_text_put(out, eighths ? block : " ");
}

/* The mean of the values that are known; NaN where none is. */
static double known_mean(const double *values, int from, int to) {
    double sum = 0;
    int known = 0;
    for (int i = from; i < to; i++) {
        if (!isfinite(values[i]) || values[i] == PL_NOT_AVAILABLE) continue;
        sum += values[i];
        known++;
    }
    return known ? sum / known : NAN;
}

void pl_spark_series(pl_text *out, const double *values, int count, int width) {
    double means[WIDEST], low = INFINITY, high = -INFINITY;
    if (width > WIDEST) width = WIDEST;
    int drawn = count < width ? count : width;
    for (int i = 0; i < drawn; i++) {
        means[i] = known_mean(values, (int)((long)count * i / drawn), (int)((long)count * (i + 1) / drawn));
        if (isnan(means[i])) continue;
        low = fmin(low, means[i]), high = fmax(high, means[i]);
    }
    for (int i = 0; i < drawn; i++) {
        double place = high > low ? (means[i] / 2 - low / 2) / (high / 2 - low / 2) : 0; /* halves: no overflow */
        put_block(out, isnan(means[i]) ? 0 : 1 + (int)fmin(floor(place * BLOCKS), BLOCKS - 1));
    }
    pl_text_repeat(out, ' ', width - drawn);
}

void pl_spark_histogram(pl_text *out, const double *values, long count, double low, double high, int width) {
    long bins[WIDEST] = {0}, most = 0;
    if (width > WIDEST) width = WIDEST;
    for (long i = 0; i < count; i++) {
        if (!(values[i] >= low && values[i] <= high)) continue;
        double place = high > low ? (values[i] / 2 - low / 2) / (high / 2 - low / 2) : 0;
        int bin = (int)fmin(floor(place * width), width - 1);
        if (++bins[bin] > most) most = bins[bin];
    }
    for (int i = 0; i < width; i++)
        put_block(out, bins[i] ? 1 + (int)((bins[i] * (BLOCKS - 1) + most / 2) / most) : 0);
}
