/* Measures on the fly (measure.c); registers are PL_GAUGE_REGISTERS x lanes doubles of the slab, zero at the start. */
#ifndef PL_MEASURE_H
#define PL_MEASURE_H
#include "program/tape.h"

/* Whether a measure takes anything at a step. */
bool pl_gauge_active(const pl_gauge *gauge, int step);
/* Takes the values of its variable at an active step. */
void pl_gauge_take(const pl_kernels *kernels, const pl_gauge *gauge, const double *x, double *registers, int lanes, int step,
                   double time);
/* The measure of each lane, canonical NaN where missing; sets failed where the variable was not finite. */
void pl_gauge_read(const pl_gauge *gauge, const double *registers, int lanes, double dt, double *out,
                   unsigned char *failed);
#endif
