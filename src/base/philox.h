/* Philox4x32-10 (Salmon et al. 2011) and FNV-1a: how every random number of parley is addressed rather than drawn.
 * No state: a stream is a key, a number in it is a counter. No libc beyond memory. */
#ifndef PL_PHILOX_H
#define PL_PHILOX_H
#include <stddef.h>
#include <stdint.h>

/* The four 32-bit words of (key, counter); counter word 0 is the low half of `low`. Agrees with Random123. */
void pl_philox(uint64_t key, uint64_t low, uint64_t high, uint32_t out[4]);
/* A key for the stream of `name_hash` under a seed: words 0 and 1 of Philox(key = seed, counter = (name_hash, 0)). */
uint64_t pl_stream_key(uint64_t seed, uint64_t name_hash);
/* 53 random bits as a number in (0, 1): (k + 0.5) / 2^53 from words 0 and 1 of (key, counter). */
double pl_uniform_at(uint64_t key, uint64_t low, uint64_t high);
/* FNV-1a, 64 bits. */
uint64_t pl_fnv1a(const char *text, size_t length);
/* A keyed permutation of 0..count-1 (cycle-walking Feistel): where index goes. For Latin hypercubes. */
uint64_t pl_permute(uint64_t key, uint64_t index, uint64_t count);
#endif
