/* JSON trees by jansson, printed with the shortest decimals.  A tree that lacks
 * a part for want of memory is never printed: pl_json_finish gives PL_MEMORY. */
#ifndef PL_JSON_H
#define PL_JSON_H
#include <jansson.h>

#include "report/text.h"

json_t *pl_json_text(const char *string);  /* bytes that are no UTF-8 become U+FFFD */
json_t *pl_json_number(double value);      /* null where not finite */
json_t *pl_json_rounded(double value, int digits); /* to significant digits; null where not finite */
/* Many numbers in few bytes: {"low", "step", "packed"}, where packed is base64 of little-endian 16-bit integers i, each
 * for low + i x step, or 65535 for a number that is missing. Exact to half a step: 1/131068 of the numbers' range. */
json_t *pl_json_packed(const double *values, size_t count);
json_t *pl_json_bytes(const void *bytes, size_t count); /* base64 */
json_t *pl_json_interval(pl_interval interval); /* [estimate, low, high] */
/* Adds a value to an object or an array, taking it over. Where memory ran out (a NULL value, too) the tree is freed and
 * *tree becomes NULL, which every later call and pl_json_finish understand. */
void pl_json_set(json_t **tree, const char *key, json_t *value);
void pl_json_append(json_t **tree, json_t *value);
/* Prints the tree on one line, safe within a <script> of HTML. NULL, where memory ran out, makes `out` fail. */
void pl_json_put_script(pl_text *out, const json_t *tree);
/* Prints the tree, frees it, hands the text over. */
pl_status pl_json_finish(json_t *tree, char **out, size_t *length);
#endif
