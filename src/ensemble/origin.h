/* The origin of an exploration as bytes: the texts and settings that a situation's results follow from, so that whoever
 * has a .part file needs nothing else to make a results file from it.
 *
 * Each item is a line "NAME LENGTH", that many bytes, and a newline: version, design, seed, futures, keep_series
 * (one in a line), model_file, situation, model. */
#ifndef PL_ORIGIN_H
#define PL_ORIGIN_H
#include "ensemble/situation.h"

/* pl_release frees the bytes. PL_MEMORY. */
pl_status pl_origin_print(const pl_situation *s, char **bytes, size_t *length);
/* The situation again, as explored; pl_situation_free frees it. path is for messages. inputs: the hash that it must
 * have, or NULL. PL_INVALID, PL_MEMORY, and what reading a situation returns. */
pl_status pl_origin_read(const char *bytes, size_t length, const char *path, const char *inputs, pl_situation **s,
                         pl_error *error);
#endif
