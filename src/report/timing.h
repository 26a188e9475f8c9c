/* A timing (parley.h) as part of other JSON. */
#ifndef PL_TIMING_H
#define PL_TIMING_H
#include "report/json.h"

json_t *pl_timing_json(const pl_timing *timing);
#endif
