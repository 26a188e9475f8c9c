/* Units: a product of powers of base units, in the order of the bases' names, so that equal units are equal lists. */
#ifndef PL_UNITS_H
#define PL_UNITS_H
#include "model/model.h"

typedef struct pl_unit {
    int count;
    const char **bases; /* folded; [count], rising */
    double *powers;     /* [count], none is 0 */
} pl_unit;

/* Reads "people/(year*year)", "1/Month", "Dmnl", "m^2"; aliases maps other names to the name of a base. NULL where the
 * text is no unit. */
pl_unit *pl_unit_parse(pl_arena *arena, const pl_name_table *aliases, const char *text);
bool pl_unit_equal(const pl_unit *a, const pl_unit *b);
#endif
