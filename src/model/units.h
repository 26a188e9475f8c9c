/* Units of measure: products of rational powers of base units, in the order of the bases' keys, so that equal units are
 * equal lists.  A system knows what each name stands for: a base, the base of its synonym, or a product that the model
 * defines.  Names fold case and plural: "Person", "persons" and (a built-in synonym) "People" are one base. */
#ifndef PL_UNITS_H
#define PL_UNITS_H
#include "model/model.h"

typedef struct pl_unit_base {
    const char *name, *key; /* as first spelled in a variable's units; folded, without the ending of a plural */
} pl_unit_base;

typedef struct pl_units {
    int count;
    const pl_unit_base **bases; /* [count], keys rising */
    double *powers;             /* [count], none is 0 */
} pl_units;

typedef struct pl_unit_system {
    pl_arena *arena; /* must leave by out_of_memory where it runs dry */
    pl_dialect dialect;
    pl_name_table names;         /* key -> pl_units */
    const pl_name_table *locals; /* key -> pl_units that come before names: the arguments of a macro; may be NULL */
} pl_unit_system;

/* A system with the built-in synonyms and those of a model (NULL: none). */
void pl_unit_system_start(pl_unit_system *system, pl_arena *arena, const pl_model *model);
/* The key of a unit's name, folded and without the ending of a plural. */
const char *pl_unit_key(pl_arena *arena, const char *name, size_t length);
/* Reads "people/(year*km^2)", "1/Month", "Dmnl", "m^(1/2)"; in XMILE also "people per year" and "a-b" for a*b. NULL
 * where the text is no unit, or empty. */
const pl_units *pl_units_read(pl_unit_system *system, const char *text);
/* a^p * b^q; NULL where that has too many bases or too large a power. */
const pl_units *pl_units_combine(pl_arena *arena, const pl_units *a, double p, const pl_units *b, double q);
bool pl_units_equal(const pl_units *a, const pl_units *b);
/* "people/(year*km^2)", "Dmnl"; reads back as the same units. Cut off where there is no room. */
const char *pl_units_text(const pl_units *units, char *out, size_t room);
extern const pl_units pl_dimensionless;
/* Whether a text is one of the names that mean no dimension ("Dmnl", "1", ...), in any case. */
bool pl_units_mean_none(const char *text);
#endif
