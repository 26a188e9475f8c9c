/* Whether time and memory grow with a model no faster than its text. */
#ifndef GROWTH_H
#define GROWTH_H
/* Prints the time of reading and compiling models of 10^4, 10^5 and, where `most` says so, 10^6 equations; 0:
 * failed. */
int time_growth(int most);
#endif
