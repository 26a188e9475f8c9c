/* SHA-256 of a text, for results files: what a result was made from. Native only. */
#ifndef PL_SHA256_H
#define PL_SHA256_H
#include <stddef.h>

/* The hash as 64 hexadecimal digits and a NUL. */
void pl_sha256(const void *bytes, size_t length, char out[65]);
#endif
