/* Every kernel of every table that this processor can run: the bits of the row's own C expression evaluated one by one,
 * whatever the width, the steps of the operands and the tail. NaNs are equal to each other here: which NaN is not told
 * apart anywhere. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "model/functions.h"
#include "program/kernels.h"
#include "program/math.h"
#include "program/program.h"

#ifdef __clang__
#pragma clang diagnostic ignored "-Wbitwise-conditional-parentheses"
#endif

enum { MOST_LANES = 75, LONGEST = 40 };

static const char *const names[] = {"sse2", "avx2", "avx512", "plain", "soft"};
enum { NAMES = sizeof names / sizeof names[0] };

/* ---- operands: ordinary numbers with special ones among them ----------------------------------------------- */

static double random_operand(uint64_t key, uint64_t i) {
    static const double special[] = {0.0, -0.0, 1.0,   -1.0,   2.0,       3.0, INFINITY, -INFINITY,
                                     NAN, 1e-7, 1e300, -1e300, 0x1p-1060, 0.5, -0.5,     1e8};
    uint32_t words[4];
    pl_philox(key, i, 0, words);
    if (words[0] % 8 == 0) return special[words[1] % (sizeof special / sizeof special[0])];
    double scale = words[0] % 8 == 1 ? 1e6 : words[0] % 8 < 4 ? 1.0 : 30.0;
    return scale * ((double)words[2] * 0x1p-31 - 1.0);
}

typedef struct pl_operands {
    double cells[PL_MOST_OPERANDS][MOST_LANES + PL_CELL];
    pl_operand operands[PL_MOST_OPERANDS];
} pl_operands;

/* Bit k of `uniform` makes operand k a repeated cell. */
static void fill(pl_operands *o, uint64_t key, unsigned uniform) {
    for (int k = 0; k < PL_MOST_OPERANDS; k++) {
        for (int i = 0; i < MOST_LANES + PL_CELL; i++)
            o->cells[k][i] = random_operand(key, (uint64_t)k << 32 | (uint64_t)(uniform >> k & 1 ? 0 : i));
        o->operands[k] = (pl_operand){o->cells[k], uniform >> k & 1 ? 0 : PL_CELL};
    }
}

static int same(double a, double b) { return pl_bits(a) == pl_bits(b) || (a != a && b != b); }

/* ---- the values expected, by plain C ------------------------------------------------------------------------ */

typedef double expected_value(const double x[PL_MOST_OPERANDS]);

#define A x[0]
#define B x[1]
#define C x[2]
#define D x[3]
#define NONE(id, vensim, xmile, least, most, text, example)
#define FN(id, vensim, xmile, arity, value, text, example) \
    static double expected_##id(const double x[PL_MOST_OPERANDS]) { return value; }
#define FT(id, vensim, xmile, arity, value, text, example)                \
    static double expected_##id(const double x[PL_MOST_OPERANDS]) {       \
        const double T = x[arity], DT = x[arity + 1];                     \
        (void)T, (void)DT;                                                \
        return value;                                                     \
    }
PL_FUNCTIONS(FN, FT, NONE, NONE)
#undef FN
#undef FT

static const struct pl_row {
    const char *name;
    int id;
    expected_value *value;
} rows[] = {
#define ROW(id, vensim, xmile, arity, value, text, example) {#id, PL_FN_##id, expected_##id},
    PL_FUNCTIONS(ROW, ROW, NONE, NONE)
};

static double chain_value(int code, int length, const double *x) {
    double r = x[0];
    for (int i = 0; i < length; i++) {
        int op = code >> 2 * i & 3;
        r = op == PL_CHAIN_ADD ? r + x[i + 1] : op == PL_CHAIN_SUBTRACT ? r - x[i + 1]
          : op == PL_CHAIN_REVERSED ? x[i + 1] - r : r * x[i + 1];
    }
    return r;
}

/* the formula of kernels.h, by a search from the left */
static double lookup_value(double x, const double *table, int count) {
    const double *xs = table, *ys = xs + count, *slopes = ys + count;
    if (x != x) return NAN;
    if (x < xs[0]) return ys[0];
    if (x >= xs[count - 1]) return ys[count - 1];
    int i = 0;
    while (!(x < xs[i + 1])) i++;
    return ys[i] + (x - xs[i]) * slopes[i];
}

/* ---- the tests ---------------------------------------------------------------------------------------------- */

/* The table with division by reciprocals, its fused operations made by the C library: for processors without them. */
extern const pl_kernels pl_kernels_soft;

static const pl_kernels *table_or_skip(int name) {
    const pl_kernels *table = strcmp(names[name], "soft") ? pl_kernels_named(names[name]) : &pl_kernels_soft;
    if (!table) print_message("    %s: this processor or build lacks it, not tested\n", names[name]);
    return table;
}

static void check_kernel(const char *table, const char *what, pl_kernel *kernel, const pl_operands *o, size_t n,
                         double (*value)(int code, int length, const double *), int code, int length,
                         expected_value *row) {
    double out[MOST_LANES + 1];
    out[n] = -77;
    kernel(out, o->operands, n);
    assert_true(out[n] == -77);
    for (size_t i = 0; i < n; i++) {
        double x[PL_MOST_OPERANDS];
        for (int k = 0; k < PL_MOST_OPERANDS; k++) x[k] = o->operands[k].step ? o->cells[k][i] : o->cells[k][0];
        double expected = row ? row(x) : value(code, length, x);
        if (!same(out[i], expected))
            fail_msg("%s %s %d: lane %zu of %zu, of %a %a %a is %a, expected %a", table, what, code, i, n, x[0], x[1],
                     x[2], out[i], expected);
    }
}

static void rows_give_their_values(void **state) {
    (void)state;
    static pl_operands o;
    for (int t = 0; t < NAMES; t++) {
        const pl_kernels *table = table_or_skip(t);
        for (size_t r = 0; table && r < sizeof rows / sizeof rows[0]; r++) {
            assert_non_null(table->function[rows[r].id]);
            for (unsigned round = 0; round < 64; round++) {
                fill(&o, round * 1000 + r, round & 15);
                size_t n = round < 48 ? round : MOST_LANES;
                check_kernel(table->name, rows[r].name, table->function[rows[r].id], &o, n, NULL, 0, 0, rows[r].value);
            }
        }
    }
}

static void chains_give_their_values(void **state) {
    (void)state;
    static pl_operands o;
    for (int t = 0; t < NAMES; t++) {
        const pl_kernels *table = table_or_skip(t);
        for (int length = 2; table && length <= 4; length++)
            for (int code = 0; code < 1 << 2 * length; code++)
                for (unsigned round = 0; round < 6; round++) {
                    fill(&o, round * 1000 + (unsigned)code, round * 7);
                    pl_kernel *const *kernels = length == 2   ? table->chain2
                                                : length == 3 ? table->chain3
                                                              : table->chain4;
                    check_kernel(table->name, "chain", kernels[code], &o, 3 * round + 16, chain_value, code, length,
                                 NULL);
                }
    }
}

/* x with steps of its own size, some of no size (two points at one x), y anything */
static void make_lookup(double *table, int count, uint64_t key) {
    double x = -40;
    for (int i = 0; i < count; i++) {
        table[i] = x;
        x += i % 5 == 3 && i < count - 2 ? 0 : pl_uniform_at(key, (uint64_t)i, 1) * 160 / count;
        table[count + i] = 10 * pl_uniform_at(key, (uint64_t)i, 2) - 5;
    }
    for (int i = 0; i < count; i++)
        table[2 * count + i] = i + 1 < count ? (table[count + i + 1] - table[count + i]) / (table[i + 1] - table[i])
                                             : 0;
}

static void lookups_give_their_values(void **state) {
    (void)state;
    static pl_operands o;
    for (int t = 0; t < NAMES; t++) {
        const pl_kernels *kernels = table_or_skip(t);
        for (int count = 1; kernels && count <= LONGEST; count++)
            for (unsigned round = 0; round < 20; round++) {
                double table[3 * LONGEST], out[MOST_LANES];
                make_lookup(table, count, round);
                fill(&o, round, round & 1);
                size_t n = 8 * (round % 3) + 3 * round % 8;
                for (int i = 0; i < count && i < MOST_LANES / 2; i++) /* the points themselves are arguments too */
                    if (round % 4 == 2) o.cells[0][2 * i] = table[i];
                kernels->lookup(out, o.operands[0], table, count, n);
                for (size_t i = 0; i < n; i++) {
                    double x = o.operands[0].step ? o.cells[0][i] : o.cells[0][0];
                    if (!same(out[i], lookup_value(x, table, count)))
                        fail_msg("%s: lookup of %d points at %a is %a, expected %a", kernels->name, count, x, out[i],
                                 lookup_value(x, table, count));
                }
            }
    }
}

/* Sums of products one after the other, going on from a sum and from none, whatever is left of n. */
static void sums_of_products_are_in_order(void **state) {
    (void)state;
    enum { PRODUCTS = 5, MOST = 80 };
    static double numbers[2 * PRODUCTS][MOST];
    for (int t = 0; t < NAMES; t++) {
        const pl_kernels *kernels = table_or_skip(t);
        for (unsigned round = 0; kernels && round < 64; round++) {
            pl_operand factors[2 * PRODUCTS];
            double out[MOST];
            size_t n = round + 1;
            int more = round & 1, products = 1 + (int)(round % PRODUCTS);
            for (int k = 0; k < 2 * PRODUCTS; k++) {
                factors[k] = (pl_operand){numbers[k], (round + (unsigned)k) % 3 ? PL_CELL : 0};
                for (int i = 0; i < MOST; i++) {
                    uint64_t at = factors[k].step ? (uint64_t)i : 0;
                    numbers[k][i] = 20 * pl_uniform_at(round, at, (uint64_t)k) - 10;
                }
            }
            for (int i = 0; i < MOST; i++) out[i] = i / 3.0;
            kernels->dot(out, factors, products, more, n);
            for (size_t i = 0; i < MOST; i++) {
                double sum = (double)i / 3.0;
                for (int k = 0; i < n && k < products; k++) {
                    double product = numbers[2 * k][i] * numbers[2 * k + 1][i];
                    sum = k || more ? sum + product : product;
                }
                if (!same(out[i], sum)) fail_msg("%s: %d products, lane %zu of %zu", kernels->name, products, i, n);
            }
        }
    }
}

/* a / c for divisors of every size and quotients near halves of the last place, where a wrong rounding would show. */
static void check_division(const pl_kernels *kernels, uint64_t key, int exponents) {
    enum { LANES = 64 };
    double a[LANES], c[LANES], y[LANES], out[LANES];
    for (int i = 0; i < LANES; i++) {
        uint32_t w[4];
        pl_philox(key, (uint64_t)i, 3, w);
        double x = 1 + (double)w[0] * 0x1p-32, z = 1 + (double)w[1] * 0x1p-32 + (double)w[2] * 0x1p-53;
        c[i] = ldexp(w[3] & 1 ? z : -z, (int)(w[3] >> 8) % exponents - exponents / 2);
        a[i] = ldexp(x, (int)(w[3] >> 16) % exponents - exponents / 2);
        if (w[3] % 4 == 2) a[i] = c[i] * x;                              /* near a short quotient */
        if (w[3] % 16 == 6) a[i] = random_operand(key, (uint64_t)i);     /* zeros, infinities, NaN */
        if (w[3] % 64 == 14) c[i] = 0x1.fffffffffffffp0;
    }
    pl_operand operands[3] = {{a, PL_CELL}, {c, PL_CELL}, {y, PL_CELL}};
    kernels->invert(y, &operands[1], LANES);
    kernels->divide_by(out, operands, LANES - key % 8);
    for (size_t i = 0; i < LANES - key % 8; i++)
        if (!same(out[i], a[i] / c[i])) fail_msg("%a / %a is %a, expected %a", a[i], c[i], out[i], a[i] / c[i]);
}

static void inverses_divide_exactly(void **state) {
    (void)state;
    for (int t = 0; t < NAMES; t++) {
        const pl_kernels *kernels = table_or_skip(t);
        if (!kernels || !kernels->divide_by) continue;
        for (uint64_t key = 0; key < 4000; key++)
            check_division(kernels, key, key % 5 == 4 ? 2000 : key % 5 ? 20 : 780);
    }
}

/* The formulas of kernels.h. */
static void stages_give_their_values(void **state) {
    (void)state;
    static pl_operands o;
    for (int t = 0; t < NAMES; t++) {
        const pl_kernels *kernels = table_or_skip(t);
        for (size_t n = 0; kernels && n <= MOST_LANES; n++) {
            const double *rate = o.cells[3], *s = o.cells[4], *b = o.cells[5], dt = 0.3;
            fill(&o, n, 0);
            memcpy(o.cells[0], s, n * sizeof *s);
            kernels->open(o.cells[0], o.cells[1], o.cells[2], rate, dt, n);
            for (size_t i = 0; i < n; i++) {
                assert_true(same(o.cells[0][i], s[i] + dt * rate[i]));
                assert_true(same(o.cells[1][i], s[i]) && same(o.cells[2][i], rate[i]));
            }
            memcpy(o.cells[1], b, n * sizeof *b);
            memcpy(o.cells[2], s, n * sizeof *s);
            kernels->middle(o.cells[0], o.cells[1], o.cells[2], rate, dt, n);
            for (size_t i = 0; i < n; i++) {
                assert_true(same(o.cells[0][i], b[i] + dt * rate[i]));
                assert_true(same(o.cells[2][i], s[i] + 2 * rate[i]));
            }
            memcpy(o.cells[2], s, n * sizeof *s);
            kernels->close(o.cells[0], o.cells[1], o.cells[2], rate, dt, n);
            for (size_t i = 0; i < n; i++) assert_true(same(o.cells[0][i], b[i] + dt * (s[i] + rate[i])));
        }
    }
}

static double gauge_value(pl_gauge_kind kind, double value, double x) {
#define X(id, new_value) if (kind == PL_GAUGE_##id) return new_value;
    PL_GAUGES(X)
#undef X
    return 0;
}

static void gauges_give_their_values(void **state) {
    (void)state;
    static pl_operands o;
    static double registers[3 * MOST_LANES];
    for (int t = 0; t < NAMES; t++) {
        const pl_kernels *kernels = table_or_skip(t);
        for (size_t n = 0; kernels && n <= MOST_LANES; n += 5)
            for (pl_gauge_kind kind = 0; kind < PL_GAUGE_KINDS; kind++) {
                fill(&o, n, 0);
                if (n) o.cells[1][n / 2] = -0x1p109; /* :NA: */
                for (int k = 0; k < 3; k++) memcpy(registers + (size_t)k * n, o.cells[2 + k], n * sizeof(double));
                kernels->gauge[kind](registers, o.cells[1], n);
                for (size_t i = 0; i < n; i++) {
                    double x = o.cells[1][i];
                    assert_true(same(registers[i], gauge_value(kind, o.cells[2][i], x)));
                    assert_true(same(registers[n + i], isfinite(x) ? o.cells[3][i] + 0.0 : NAN));
                    assert_true(same(registers[2 * n + i], x == -0x1p109 ? 1.0 : o.cells[4][i]));
                }
            }
    }
}

/* The kernel of powers looks for special values only where a tile has some: here most have none, or one. */
static void ordinary_powers_keep_their_bits(void **state) {
    (void)state;
    static pl_operands o;
    static double out[MOST_LANES];
    for (int t = 0; t < NAMES; t++) {
        const pl_kernels *kernels = table_or_skip(t);
        for (unsigned round = 0; kernels && round < 300; round++) {
            fill(&o, round, round % 4);
            for (int i = 0; i < MOST_LANES + PL_CELL; i++) {
                uint64_t at = round % 4 & 1 ? 0 : (uint64_t)i;
                o.cells[0][i] = 40.0 * pl_uniform_at(round, 1, at);
                o.cells[1][i] = 40.0 * pl_uniform_at(round, 2, round % 4 & 2 ? 0 : (uint64_t)i) - 20.0;
            }
            if (round % 3 == 0 && !(round % 4 & 1)) o.cells[0][round % MOST_LANES] = random_operand(round, 0);
            if (round % 5 == 0 && !(round % 4 & 2)) o.cells[1][round % MOST_LANES] = random_operand(round, 1) * 1e3;
            kernels->function[PL_FN_RAISE](out, o.operands, MOST_LANES);
            for (int i = 0; i < MOST_LANES; i++)
                assert_true(same(out[i], pl_pow(o.operands[0].p[o.operands[0].step ? i : 0],
                                                o.operands[1].p[o.operands[1].step ? i : 0])));
        }
    }
}

/* A determinism test: this hash is our own output, not a source of truth. It says that gcc and clang, every processor
 * and every later version give the same bits for the mathematics. */
static void mathematics_keep_their_bits(void **state) {
    (void)state;
    static const int ids[] = {PL_FN_EXP,  PL_FN_LN,     PL_FN_POWER,  PL_FN_SIN,    PL_FN_COS,
                              PL_FN_TAN,  PL_FN_ARCSIN, PL_FN_ARCCOS, PL_FN_ARCTAN, PL_FN_SINH,
                              PL_FN_COSH, PL_FN_TANH,   PL_FN_SQRT,   PL_FN_MODULO};
    static pl_operands o;
    static double out[sizeof ids / sizeof ids[0]][50][MOST_LANES];
    for (size_t f = 0; f < sizeof ids / sizeof ids[0]; f++)
        for (unsigned round = 0; round < 50; round++) {
            fill(&o, round, 0);
            pl_kernels_choose()->function[ids[f]](out[f][round], o.operands, MOST_LANES);
            for (int i = 0; i < MOST_LANES; i++)
                if (out[f][round][i] != out[f][round][i]) out[f][round][i] = pl_of_bits(0x7ff8000000000000);
        }
    uint64_t hash = pl_fnv1a((const char *)out, sizeof out);
    if (hash != 0x8536c2abcc6d1620) fail_msg("the bits are 0x%llx", (unsigned long long)hash);
}

/* ---- sweeps ---- */

/* Which of r, x and y are the operands of the function that an operation stands for. */
static const struct {
    const char *name;
    int code, function;
    const char *operands;
} sweep_codes[] = {
#define CODE(code, function, operands) {#code, PL_SWEEP_##code, PL_FN_##function, operands}
    CODE(ADD, ADD, "rx"), CODE(SUBTRACT, SUBTRACT, "rx"), CODE(SUBTRACT_FROM, SUBTRACT, "xr"),
    CODE(MULTIPLY, MULTIPLY, "rx"),
    CODE(DIVIDE, DIVIDE, "rx"), CODE(DIVIDE_INTO, DIVIDE, "xr"), CODE(MAX, MAX, "rx"), CODE(MAX_SWAPPED, MAX, "xr"),
    CODE(MIN, MIN, "rx"), CODE(MIN_SWAPPED, MIN, "xr"), CODE(EQUAL, EQUAL, "rx"), CODE(UNEQUAL, UNEQUAL, "rx"),
    CODE(LESS, LESS, "rx"), CODE(LESS_EQUAL, LESS_EQUAL, "rx"), CODE(GREATER, GREATER, "rx"),
    CODE(GREATER_EQUAL, GREATER_EQUAL, "rx"), CODE(AND, AND, "rx"), CODE(OR, OR, "rx"), CODE(NEGATE, NEGATE, "r"),
    CODE(SQUARE, SQUARE, "r"), CODE(ABS, ABS, "r"), CODE(NOT, NOT, "r"), CODE(IF_THEN_ELSE, IF_THEN_ELSE, "rxy"),
    CODE(THEN_ELSE_IF, IF_THEN_ELSE, "xry"), CODE(ELSE_IF_THEN, IF_THEN_ELSE, "xyr"), CODE(SUM, ADD, "xy"),
    CODE(DIFFERENCE, SUBTRACT, "xy"), CODE(PRODUCT, MULTIPLY, "xy"), CODE(QUOTIENT, DIVIDE, "xy"),
#undef CODE
};

enum { SWEEP_LANES = 208 }; /* strips of 16, 32 and 64 lanes, and what is left */
static _Alignas(64) double sweep_memory[4][SWEEP_LANES];
enum { R_AT = 0, X_AT = SWEEP_LANES, Y_AT = 2 * SWEEP_LANES, OUT_AT = 3 * SWEEP_LANES };

/* uniform: bit 0 for x, bit 1 for y, which then are what they are in lane 5 */
static void check_sweep(const pl_kernels *kernels, size_t row, unsigned uniform, size_t lanes) {
    uint32_t x_at = X_AT + (uniform & 1 ? 5 : 0), y_at = Y_AT + (uniform & 2 ? 5 : 0);
    pl_sweep_op ops[] = {{PL_SWEEP_TAKE, R_AT, 0, 0}, {(uint32_t)sweep_codes[row].code + uniform, x_at, y_at, OUT_AT},
                         {PL_SWEEP_END, 0, 0, 0}};
    kernels->sweep(ops, sweep_memory[0], lanes);
    for (size_t i = 0; i < lanes; i++) {
        double r = sweep_memory[0][i], x = sweep_memory[1][uniform & 1 ? 5 : i],
               y = sweep_memory[2][uniform & 2 ? 5 : i];
        double in[PL_MOST_OPERANDS] = {0}, expected = 0;
        for (int k = 0; sweep_codes[row].operands[k]; k++) {
            char which = sweep_codes[row].operands[k];
            in[k] = which == 'r' ? r : which == 'x' ? x : y;
        }
        for (size_t f = 0; f < sizeof rows / sizeof rows[0]; f++)
            if (rows[f].id == sweep_codes[row].function) expected = rows[f].value(in);
        if (!same(sweep_memory[3][i], expected))
            fail_msg("%s: sweep %s %u: lane %zu of %a %a %a is %a, expected %a", kernels->name, sweep_codes[row].name,
                     uniform, i, r, x, y, sweep_memory[3][i], expected);
    }
}

static unsigned sweep_variants(int code) {
    return code >= PL_SWEEP_IF_THEN_ELSE ? 4 : code >= PL_SWEEP_NEGATE ? 1 : 2;
}

static void sweeps_give_the_bits_of_rows(void **state) {
    (void)state;
    for (int name = 0; name < NAMES; name++) {
        const pl_kernels *kernels = table_or_skip(name);
        for (uint64_t round = 0; kernels && round < 40; round++) {
            for (uint64_t i = 0; i < 3 * SWEEP_LANES; i++)
                sweep_memory[i / SWEEP_LANES][i % SWEEP_LANES] = random_operand(7 + round, i);
            for (size_t row = 0; row < sizeof sweep_codes / sizeof sweep_codes[0]; row++)
                for (unsigned uniform = 0; uniform < sweep_variants(sweep_codes[row].code); uniform++)
                    check_sweep(kernels, row, uniform, 16 * (1 + round % 13));
        }
    }
}

static void tables_are_named(void **state) {
    (void)state;
    assert_null(pl_kernels_named("none"));
    const char *wanted = getenv("PARLEY_SIMD");
    if (wanted && pl_kernels_named(wanted)) assert_string_equal(pl_simd_name(), wanted);
    for (int t = 0; t < NAMES; t++)
        if (pl_kernels_named(names[t])) assert_string_equal(pl_kernels_named(names[t])->name, names[t]);
    assert_ptr_equal(pl_kernels_named(pl_simd_name()), pl_kernels_choose());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_give_their_values),    cmocka_unit_test(chains_give_their_values),
        cmocka_unit_test(lookups_give_their_values), cmocka_unit_test(sums_of_products_are_in_order),
        cmocka_unit_test(stages_give_their_values),
        cmocka_unit_test(gauges_give_their_values), cmocka_unit_test(inverses_divide_exactly),
        cmocka_unit_test(sweeps_give_the_bits_of_rows),
        cmocka_unit_test(ordinary_powers_keep_their_bits),
        cmocka_unit_test(mathematics_keep_their_bits), cmocka_unit_test(tables_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
