/* Philox against Random123's own implementation, FNV-1a against its published vectors, the permutation by counting. */
#include <Random123/philox.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"

static void agrees_with_random123(void **state) {
    (void)state;
    uint64_t x = 1;
    for (int i = 0; i < 10000; i++) {
        uint64_t v[3];
        for (int k = 0; k < 3; k++) v[k] = x = x * 6364136223846793005u + 1442695040888963407u;
        if (i == 0) v[0] = v[1] = v[2] = 0;
        if (i == 1) v[0] = v[1] = v[2] = UINT64_MAX;
        philox4x32_ctr_t counter = {{(uint32_t)v[1], (uint32_t)(v[1] >> 32), (uint32_t)v[2], (uint32_t)(v[2] >> 32)}};
        philox4x32_key_t key = {{(uint32_t)v[0], (uint32_t)(v[0] >> 32)}};
        philox4x32_ctr_t expected = philox4x32(counter, key);
        uint32_t out[4];
        pl_philox(v[0], v[1], v[2], out);
        assert_memory_equal(out, expected.v, sizeof out);
    }
}

/* Two of the known answers that come with Random123 (kat_vectors): all bits zero, all bits one. */
static void known_answers(void **state) {
    (void)state;
    static const uint32_t zeros[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    static const uint32_t ones[4] = {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
    uint32_t out[4];
    pl_philox(0, 0, 0, out);
    assert_memory_equal(out, zeros, sizeof out);
    assert_true(pl_stream_key(0, 0) == 0xe169c58d6627e8d5u);
    pl_philox(UINT64_MAX, UINT64_MAX, UINT64_MAX, out);
    assert_memory_equal(out, ones, sizeof out);
}

/* http://www.isthe.com/chongo/tech/comp/fnv: the test vectors of the algorithm's authors */
static void fnv_vectors(void **state) {
    (void)state;
    assert_true(pl_fnv1a("", 0) == 0xcbf29ce484222325u);
    assert_true(pl_fnv1a("a", 1) == 0xaf63dc4c8601ec8cu);
    assert_true(pl_fnv1a("foobar", 6) == 0x85944171f73967e8u);
}

static void uniform_is_open(void **state) {
    (void)state;
    double sum = 0, least = 1, most = 0;
    enum { COUNT = 200000 };
    for (uint64_t i = 0; i < COUNT; i++) {
        double u = pl_uniform_at(42, i, 7);
        assert_true(u > 0.0 && u < 1.0);
        uint32_t words[4];
        pl_philox(42, i, 7, words);
        uint64_t k = ((uint64_t)words[1] << 32 | words[0]) >> 11;
        assert_true(u >= (double)k * 0x1p-53 && u <= (double)(k + 1) * 0x1p-53);
        sum += u;
        least = u < least ? u : least;
        most = u > most ? u : most;
    }
    assert_true(sum / COUNT > 0.5 - 0.0033 && sum / COUNT < 0.5 + 0.0033); /* 5 standard errors */
    assert_true(least < 1e-4 && most > 1 - 1e-4);
}

static void permutes(uint64_t key, uint64_t count, long *fixed) {
    unsigned char *seen = calloc(count, 1);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t to = pl_permute(key, i, count);
        assert_true(to < count);
        assert_false(seen[to]);
        seen[to] = 1;
        *fixed += to == i;
    }
    free(seen);
}

static void permutation_is_a_bijection(void **state) {
    (void)state;
    static const uint64_t counts[] = {1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 1024, 4097, 100003};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        for (uint64_t key = 0; key < 5; key++) {
            long fixed = 0;
            permutes(key * 0x9e3779b97f4a7c15u, counts[i], &fixed);
            if (counts[i] > 60) assert_true(fixed < 12); /* the mean is 1 */
        }
}

/* Every place is as likely for index 0: chi-square over keys, 20 places, 19 degrees of freedom, 99.99 % below 50.8. */
static void permutation_is_even(void **state) {
    (void)state;
    long hits[20] = {0};
    for (uint64_t key = 0; key < 20000; key++) hits[pl_permute(pl_stream_key(9, key), 0, 20)]++;
    double chi2 = 0;
    for (int i = 0; i < 20; i++) chi2 += ((double)hits[i] - 1000) * ((double)hits[i] - 1000) / 1000;
    assert_true(chi2 < 50.8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_random123), cmocka_unit_test(known_answers),
        cmocka_unit_test(fnv_vectors),           cmocka_unit_test(uniform_is_open),
        cmocka_unit_test(permutation_is_a_bijection), cmocka_unit_test(permutation_is_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
