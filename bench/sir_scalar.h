/* The model of sir.mdl, written by hand (sir_scalar.c). */
#ifndef BENCH_SIR_SCALAR_H
#define BENCH_SIR_SCALAR_H
enum { SIR_STEPS = 3200 };
void sir_scalar(double contact_rate, double infectivity, double duration, double *most_infectious, double *all_recovered);
#endif
