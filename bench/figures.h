/* Figures of earlier benchmarks: figures.csv has them, one line each: row, processor, instruction set, us per run,
 * when. */
#ifndef FIGURES_H
#define FIGURES_H
/* Says how a row compares with its last figure on this processor (else on any). With PARLEY_FIGURES set, also prints
 * the line to add to the file. */
void compare_figure(const char *root, const char *row, const char *simd, double seconds);
#endif
