/* Philox4x32-10, FNV-1a and a keyed permutation: random numbers that are addressed.  Source of the generator and its
 * constants: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */
#include "base/philox.h"

enum { PHILOX_ROUNDS = 10, FEISTEL_ROUNDS = 6 };

void pl_philox(uint64_t key, uint64_t low, uint64_t high, uint32_t out[4]) {
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    uint32_t c0 = (uint32_t)low, c1 = (uint32_t)(low >> 32), c2 = (uint32_t)high, c3 = (uint32_t)(high >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += 0x9E3779B9u; /* the golden ratio, and sqrt(3) - 1 */
        k1 += 0xBB67AE85u;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

/* words 0 and 1 as one number, word 0 the low half */
static uint64_t bits_at(uint64_t key, uint64_t low, uint64_t high) {
    uint32_t words[4];
    pl_philox(key, low, high, words);
    return (uint64_t)words[1] << 32 | words[0];
}

uint64_t pl_stream_key(uint64_t seed, uint64_t name_hash) { return bits_at(seed, name_hash, 0); }

double pl_uniform_at(uint64_t key, uint64_t low, uint64_t high) {
    uint64_t k = bits_at(key, low, high) >> 11;
    /* k + 0.5 needs 54 bits where k is 2^52 or more and is rounded: for the largest k to 2^53, hence the last line */
    double value = ((double)k + 0.5) * 0x1p-53;
    return value < 1.0 ? value : 0x1.fffffffffffffp-1;
}

uint64_t pl_fnv1a(const char *text, size_t length) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return hash;
}

/* One pass of a balanced Feistel network over 2 x half bits: a bijection whatever the round function is. */
static uint64_t feistel(uint64_t key, uint64_t value, int half) {
    uint64_t mask = ((uint64_t)1 << half) - 1, left = value >> half, right = value & mask;
    for (uint64_t round = 0; round < FEISTEL_ROUNDS; round++) {
        uint64_t next = left ^ (bits_at(key, right, round) & mask);
        left = right;
        right = next;
    }
    return left << half | right;
}

uint64_t pl_permute(uint64_t key, uint64_t index, uint64_t count) {
    int half = 1;
    while (half < 32 && ((uint64_t)1 << 2 * half) < count) half++;
    if (count < 2 || index >= count) return index;
    do /* the network permutes less than 4 x count numbers: walk its cycle back into the range */
        index = feistel(key, index, half);
    while (index >= count);
    return index;
}
