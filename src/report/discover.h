/* What the text of `parley discover` and the report share with its JSON. */
#ifndef PL_REPORT_DISCOVER_H
#define PL_REPORT_DISCOVER_H
#include <jansson.h>

#include "study/discover.h"

/* Everything that was found; NULL where memory ran out. */
json_t *pl_discovery_json(const pl_discovery *discovery);
#endif
