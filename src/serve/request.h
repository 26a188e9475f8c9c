/* What a reader asks a server to run: so many futures of one course for each actor, with levers and uncertainties at
 * numbers of the reader's.  As JSON, by the situation's names:
 *
 *     {"futures": 5000, "courses": {"ACTOR": "COURSE"}, "set": {"LEVER": 1.5}, "fixed": {"UNCERTAINTY": 0.2}}
 *
 * Only "futures" is needed: an actor without a course plays the base's. */
#ifndef PL_REQUEST_H
#define PL_REQUEST_H
#include "ensemble/situation.h"

typedef struct pl_request {
    long futures;
    int *courses;  /* [actor] */
    double *set;   /* [input of the situation] NaN: as the courses say; else a lever of the courses, from run.from on in
                    * the place of all that they say of it */
    double *fixed; /* [uncertainty] NaN: as drawn */
    bool same;     /* as the base: nothing differs */
    bool fixes;    /* some uncertainty */
} pl_request;

/* Reads a request; `most` futures are allowed. PL_INVALID: it is no JSON, has another form or asks for what there is
 * not, with the nearest names; PL_MEMORY. On an error nothing needs to be freed. */
pl_status pl_request_read(const pl_situation *s, const char *text, size_t length, long most, pl_request *request,
                          pl_error *error);
void pl_request_free(pl_request *request);
#endif
