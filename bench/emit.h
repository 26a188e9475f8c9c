/* A compiled program as scalar C: one function that runs one case, what a translator of models to C would write. */
#ifndef BENCH_EMIT_H
#define BENCH_EMIT_H
#include <stdio.h>

#include "program/tape.h"

/* inputs[input]: the values of the uncertainties; pool and rows: the uniform values as a track holds them; measures[]:
 * what comes out. */
typedef void emitted_case(const double *inputs, const double *pool, const double *rows, double *measures);

/* Writes the function `emitted` with all it needs but program/math.h. False where the program has what this does not
 * translate: draws, sorting and picking, whose code is the library's own. */
int emit_program(const pl_program *p, FILE *out);
#endif
