/* How an exploration gains by a second thread. */
#ifndef SCALING_H
#define SCALING_H
/* Of the situation at a path; 0 where it could not be explored. */
int time_scaling(const char *path, long futures);
#endif
