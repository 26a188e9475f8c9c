/* What the part "playing" of the page and a server that runs more futures of the same share: the program, the names. */
#ifndef PL_PLAYING_H
#define PL_PLAYING_H
#include <jansson.h>

#include "ensemble/explore.h"

/* The first variables that fans may show are in the page. */
enum { PL_PLAYING_OUTPUTS = 24 };

/* The situation with its measures and these variables over time, at few enough times to be drawn. */
pl_status pl_playing_compile(const pl_situation *s, const pl_output *variables, int count, pl_program **program,
                             pl_error *error);
/* The name of an input, of an element with its subscripts: it may stand in the room. */
const char *pl_playing_lever_name(const pl_situation *s, int input, char *room, size_t size);
/* The ends of a slider: what the courses of an actor set a lever to, with the model's own value; of what they draw all that
 * may come, or 99 % of it where that has no end. False: none of them sets it. */
bool pl_playing_lever_range(const pl_situation *s, const pl_program *program, int actor, int input, double *low,
                            double *high);
/* The same of an uncertainty's distribution. */
void pl_playing_uncertainty_range(const pl_situation *s, int uncertainty, double *low, double *high);
/* The times at which the program saves, as an array. */
json_t *pl_playing_times(const pl_program *program);
#endif
