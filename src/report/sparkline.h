/* Sparklines: drawings of one line in block characters, for terminals that show UTF-8. */
#ifndef PL_SPARKLINE_H
#define PL_SPARKLINE_H
#include "report/text.h"

enum { PL_SPARK_SERIES = 20, PL_SPARK_BINS = 16 };

/* A series in `width` characters, or one for each value where there are fewer: each shows the mean of its share of the values
 * between the lowest (the lowest block) and the highest of these means (the full block); a blank where none is known. */
void pl_spark_series(pl_text *out, const double *values, int count, int width);
/* How many values lie in each of `width` equal bins from low to high, a character each: a blank where none does, the full
 * block in the fullest bin. What lies outside is not drawn. */
void pl_spark_histogram(pl_text *out, const double *values, long count, double low, double high, int width);
#endif
