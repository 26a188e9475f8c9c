/* The kernels of one instruction set: this file is compiled once for each, with KERNELS_NAME set.  One kernel per
 * element-wise row of model/functions.h, chains of 2 to 4 of + - *, lookups, the
 * stages of Runge-Kutta methods, measures.
 *
 * Every loop is written so that the compiler makes vectors of its 8 values (no call, no branch on a value); what is
 * left over is done one by one by the same C expression.  Since nothing here may be contracted or reassociated, both
 * give the same bits.  By the rows' own expressions: MAX and MIN give B where A or B is NaN and where both are zeros
 * of any sign; a comparison with NaN does not hold, except <>; a NaN condition counts as true (it is not 0).
 *
 * math.h has the mathematics; simd.c chooses between the tables. */
#include "program/kernels.h"

#include "model/functions.h"
#include "program/math.h"

#ifdef __clang__ /* `(A > B) & (C > D) ? x : y` in a row means what it says */
#pragma clang diagnostic ignored "-Wbitwise-conditional-parentheses"
#endif

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
#define NOINLINE __attribute__((noinline))

/* A loop over one cell. It stays a loop until it is made into vectors: unrolled before, gcc finds fewer of them. */
#ifdef __clang__
#define CELL _Pragma("clang loop vectorize(enable) unroll(disable)") for (int j = 0; j < PL_CELL; j++)
#else
#define CELL _Pragma("GCC unroll 1") for (int j = 0; j < PL_CELL; j++)
#endif

/* LIST_k(M) is M(0), M(1), ... M(k - 1); REPEAT_k the same without commas. */
#define LIST_1(M) M(0)
#define LIST_2(M) LIST_1(M), M(1)
#define LIST_3(M) LIST_2(M), M(2)
#define LIST_4(M) LIST_3(M), M(3)
#define LIST_5(M) LIST_4(M), M(4)
#define LIST_6(M) LIST_5(M), M(5)
#define REPEAT_1(M) M(0)
#define REPEAT_2(M) REPEAT_1(M) M(1)
#define REPEAT_3(M) REPEAT_2(M) M(2)
#define REPEAT_4(M) REPEAT_3(M) M(3)
#define REPEAT_5(M) REPEAT_4(M) M(4)
#define REPEAT_6(M) REPEAT_5(M) M(5)
#define OPERAND(k)                       \
    const double *p##k = operands[k].p;  \
    const size_t step##k = operands[k].step;
#define ADVANCE(k) p##k += step##k;
#define SKIP(k) p##k += cells * step##k;
#define PARAMETER(k) double x##k
#define ARGUMENT(k) x##k
#define VALUE_AT_J(k) p##k[j]

/* The kernel `name` of k operands; BODY is that of a function of the doubles x0, x1, ...  What is left of n after the
 * whole cells is done value by value in functions apart, called last, so that the loop over cells needs no stack. */
#define KERNEL(name, k, BODY)                                                                                         \
    PL_MATH double name##_value(LIST_##k(PARAMETER)) { BODY }                                                         \
    static NOINLINE double name##_alone(LIST_##k(PARAMETER)) { return name##_value(LIST_##k(ARGUMENT)); }             \
    static NOINLINE void name##_rest(double *out, const pl_operand *operands, size_t cells, size_t left) {            \
        REPEAT_##k(OPERAND)                                                                                           \
        REPEAT_##k(SKIP)                                                                                              \
        for (size_t j = 0; j < left; j++) out[cells * PL_CELL + j] = name##_alone(LIST_##k(VALUE_AT_J));              \
    }                                                                                                                 \
    static void name(double *restrict out, const pl_operand *operands, size_t n) {                                    \
        REPEAT_##k(OPERAND)                                                                                           \
        double *at = out;                                                                                             \
        for (size_t cells = n / PL_CELL; cells; cells--, at += PL_CELL) {                                             \
            CELL at[j] = name##_value(LIST_##k(VALUE_AT_J));                                                          \
            REPEAT_##k(ADVANCE)                                                                                       \
        }                                                                                                             \
        if (n % PL_CELL) name##_rest(out, operands, n / PL_CELL, n % PL_CELL);                                        \
    }
#define KERNEL_OF(name, k, BODY) KERNEL(name, k, BODY)

/* ---- one kernel per row ------------------------------------------------------------------------------------------ */

/* A row's expression names its operands A B C D, and (FT) T and DT, which follow the others. */
#define A x0
#define B x1
#define C x2
#define D x3
#define TIMED_1 3
#define TIMED_2 4
#define TIMED_3 5
#define TIMED_4 6
#define NEXT_1 x2
#define NEXT_2 x3
#define NEXT_3 x4
#define NEXT_4 x5
#define NONE(id, vensim, xmile, least, most, text, example)

#define FN(id, vensim, xmile, arity, value, text, example) KERNEL(row_##id, arity, return value;)
#define FT(id, vensim, xmile, arity, value, text, example)                                       \
    KERNEL_OF(row_##id, TIMED_##arity, const double T = x##arity; const double DT = NEXT_##arity; \
              (void)T; (void)DT; return value;)
PL_FUNCTIONS(FN, FT, NONE, NONE)
#undef FN
#undef FT

/* ---- powers ------------------------------------------------------------------------------------------------------ */

/* The table of logarithms is read between two loops that are vectors: a gather costs more than both. Where every x of a
 * tile is above 0 and no result is near the ends of the range (`odd` says whether one is), no special value is looked
 * for; the bits are the same. */
enum { TILE = 8 * PL_CELL };

typedef struct tile {
    double m[TILE], k[TILE], c[TILE], part[TILE], part_lo[TILE];
    uint64_t row[TILE];
} tile;

static double cut_bases(tile *restrict t, pl_operand x, size_t cells) {
    double odd[PL_CELL] = {0}, any = 0.0;
    for (size_t i = 0; i < cells; i++, x.p += x.step) {
        double *m = t->m + i * PL_CELL, *k = t->k + i * PL_CELL;
        uint64_t *row = t->row + i * PL_CELL;
        CELL {
            pl_cut cut = pl_cut_of(pl_fabs(x.p[j]));
            m[j] = cut.m, k[j] = cut.k, row[j] = cut.row;
            odd[j] = (x.p[j] > 0.0) & (x.p[j] < PL_INFINITY) ? odd[j] : 1.0;
        }
    }
    for (int j = 0; j < PL_CELL; j++) any += odd[j];
    return any;
}

static void read_rows(tile *restrict t, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double *row = pl_log_table[t->row[i]];
        t->c[i] = row[0], t->part[i] = row[1], t->part_lo[i] = row[2];
    }
}

PL_MATH pl_pair log_in_tile(const tile *t, size_t i) {
    return pl_log_pair(t->m[i], t->k[i], t->c[i], t->part[i], t->part_lo[i]);
}

static double normal_powers(double *restrict out, const tile *restrict t, pl_operand y, size_t cells) {
    double odd[PL_CELL] = {0}, any = 0.0;
    for (size_t i = 0; i < cells * PL_CELL; i += PL_CELL, y.p += y.step) CELL {
        pl_pair p = pl_power_log(y.p[j], log_in_tile(t, i + (size_t)j));
        out[i + (size_t)j] = pl_exp_normal(p.hi, p.lo);
        odd[j] = pl_fabs(p.hi) < 700.0 ? odd[j] : 1.0;
    }
    for (int j = 0; j < PL_CELL; j++) any += odd[j];
    return any;
}

static void special_powers(double *restrict out, const tile *restrict t, pl_operand x, pl_operand y, size_t cells) {
    for (size_t i = 0; i < cells * PL_CELL; i += PL_CELL, x.p += x.step, y.p += y.step)
        CELL out[i + (size_t)j] = pl_power_of_log(x.p[j], y.p[j], log_in_tile(t, i + (size_t)j));
}

static void powers(double *restrict out, const pl_operand *operands, size_t n) {
    pl_operand x = operands[0], y = operands[1];
    tile t;
    for (size_t left = n / PL_CELL; left;) {
        size_t cells = left < TILE / PL_CELL ? left : TILE / PL_CELL;
        double odd = cut_bases(&t, x, cells);
        read_rows(&t, cells * PL_CELL);
        if (odd != 0.0 || normal_powers(out, &t, y, cells) != 0.0) special_powers(out, &t, x, y, cells);
        left -= cells, out += cells * PL_CELL, x.p += cells * x.step, y.p += cells * y.step;
    }
    if (n % PL_CELL) row_RAISE_rest(out - n / PL_CELL * PL_CELL, operands, n / PL_CELL, n % PL_CELL);
}

/* ---- chains ------------------------------------------------------------------------------------------------------ */

#define OP_0(r, x) (r) + (x)
#define OP_1(r, x) (r) - (x)
#define OP_2(r, x) (x) - (r)
#define OP_3(r, x) (r) * (x)

/* CHAINS_k(M) is M(a, b, ...) for every k operations */
#define FIRST_2(M, b) M(0, b) M(1, b) M(2, b) M(3, b)
#define FIRST_3(M, b, c) M(0, b, c) M(1, b, c) M(2, b, c) M(3, b, c)
#define FIRST_4(M, b, c, d) M(0, b, c, d) M(1, b, c, d) M(2, b, c, d) M(3, b, c, d)
#define SECOND_3(M, c) FIRST_3(M, 0, c) FIRST_3(M, 1, c) FIRST_3(M, 2, c) FIRST_3(M, 3, c)
#define SECOND_4(M, c, d) FIRST_4(M, 0, c, d) FIRST_4(M, 1, c, d) FIRST_4(M, 2, c, d) FIRST_4(M, 3, c, d)
#define THIRD_4(M, d) SECOND_4(M, 0, d) SECOND_4(M, 1, d) SECOND_4(M, 2, d) SECOND_4(M, 3, d)
#define CHAINS_2(M) FIRST_2(M, 0) FIRST_2(M, 1) FIRST_2(M, 2) FIRST_2(M, 3)
#define CHAINS_3(M) SECOND_3(M, 0) SECOND_3(M, 1) SECOND_3(M, 2) SECOND_3(M, 3)
#define CHAINS_4(M) THIRD_4(M, 0) THIRD_4(M, 1) THIRD_4(M, 2) THIRD_4(M, 3)

#define CHAIN_2(a, b) KERNEL(chain_##a##b, 3, return OP_##b((OP_##a(x0, x1)), x2);)
#define CHAIN_3(a, b, c) KERNEL(chain_##a##b##c, 4, return OP_##c((OP_##b((OP_##a(x0, x1)), x2)), x3);)
#define CHAIN_4(a, b, c, d) \
    KERNEL(chain_##a##b##c##d, 5, return OP_##d((OP_##c((OP_##b((OP_##a(x0, x1)), x2)), x3)), x4);)
CHAINS_2(CHAIN_2)
CHAINS_3(CHAIN_3)
CHAINS_4(CHAIN_4)

/* ---- lookups ----------------------------------------------------------------------------------------------------- */

/* The value on the piece that begins at (x0, y0), or at an end. */
PL_MATH double on_piece(double x, double x0, double y0, double slope, const double *xs, const double *ys, int count) {
    double y = y0 + (x - x0) * slope, first = ys[0], last = ys[count - 1];
    y = x < xs[0] ? first : y;
    return x >= xs[count - 1] ? last : y;
}

/* By bisection: the last piece, of those but the end, that begins at or below x; the first where there is none. */
static NOINLINE double lookup_alone(double x, const double *table, int count) {
    const double *xs = table, *ys = xs + count, *slopes = ys + count;
    int at = 0;
    for (int left = count - 1; left > 1;) {
        int half = left / 2;
        at = x >= xs[at + half] ? at + half : at;
        left -= half;
    }
    return on_piece(x, xs[at], ys[at], slopes[at], xs, ys, count);
}

/* The same piece found by comparing with each beginning: no loads that depend on x, so it runs in vectors. */
#define LOOKUP(count)                                                                                        \
    static void lookup_##count(double *restrict out, pl_operand x, const double *restrict table, size_t n) { \
        const double *xs = table, *ys = xs + count, *slopes = ys + count;                                    \
        for (size_t cells = n / PL_CELL; cells; cells--, out += PL_CELL, x.p += x.step) {                    \
            CELL {                                                                                           \
                double at = x.p[j], x0 = xs[0], y0 = ys[0], slope = slopes[0];                               \
                _Pragma("GCC unroll 16") for (int k = 1; k < count - 1; k++) {                               \
                    double xk = xs[k], yk = ys[k], sk = slopes[k];                                           \
                    x0 = at >= xk ? xk : x0;                                                                 \
                    y0 = at >= xk ? yk : y0;                                                                 \
                    slope = at >= xk ? sk : slope;                                                           \
                }                                                                                            \
                out[j] = on_piece(at, x0, y0, slope, xs, ys, count);                                         \
            }                                                                                                \
        }                                                                                                    \
        for (size_t j = 0; j < n % PL_CELL; j++) out[j] = lookup_alone(x.p[j], table, count);                \
    }

#define LOOKUPS(M) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14) M(15) M(16)
LOOKUPS(LOOKUP)

static void lookup_any(double *restrict out, pl_operand x, const double *restrict table, int count, size_t n) {
    for (; n >= PL_CELL; n -= PL_CELL, out += PL_CELL, x.p += x.step)
        for (int j = 0; j < PL_CELL; j++) out[j] = lookup_alone(x.p[j], table, count);
    for (size_t j = 0; j < n; j++) out[j] = lookup_alone(x.p[j], table, count);
}

static void lookup(double *restrict out, pl_operand x, const double *table, int count, size_t n) {
    typedef void sized(double *restrict out, pl_operand x, const double *restrict table, size_t n);
#define ENTRY(count) lookup_##count,
    static sized *const by_count[] = {NULL, LOOKUPS(ENTRY)};
#undef ENTRY
    if ((size_t)count < sizeof by_count / sizeof by_count[0])
        by_count[count](out, x, table, n);
    else
        lookup_any(out, x, table, count, n);
}

/* ---- sums of products --------------------------------------------------------------------------------------------- */

/* The sum of one lane, at a place in its cell. */
PL_MATH double dot_alone(double sum, const pl_operand *factors, int products, int more, size_t cell, size_t j) {
    for (int k = 0; k < products; k++) {
        const pl_operand *a = &factors[2 * k], *b = a + 1;
        double product = a->p[cell * a->step + j] * b->p[cell * b->step + j];
        sum = k || more ? sum + product : product;
    }
    return sum;
}

/* Some cells at once, so that additions, each of which waits for the one before, overlap. */
#define DOT(cells)                                                                                                   \
    PL_UNWATCHED static NOINLINE void dot_##cells(double *restrict out, const pl_operand *factors, int products,     \
                                                  int more, size_t first) {                                          \
        double sums[cells][PL_CELL];                                                                                 \
        for (int c = 0; c < cells; c++) CELL sums[c][j] = out[c * PL_CELL + j];                                      \
        for (int k = 0; k < products; k++) {                                                                         \
            const pl_operand *a = &factors[2 * k], *b = a + 1;                                                       \
            const double *p = a->p + first * a->step, *q = b->p + first * b->step;                                   \
            int begins = !more && !k;                                                                                \
            for (int c = 0; c < cells; c++, p += a->step, q += b->step) {                                            \
                if (begins) CELL sums[c][j] = p[j] * q[j];                                                           \
                else CELL sums[c][j] = sums[c][j] + p[j] * q[j];                                                     \
            }                                                                                                        \
        }                                                                                                            \
        for (int c = 0; c < cells; c++) CELL out[c * PL_CELL + j] = sums[c][j];                                      \
    }
DOT(1)
DOT(2)
DOT(4)

static void dot(double *restrict out, const pl_operand *factors, int products, int more, size_t n) {
    size_t cells = n / PL_CELL, c = 0;
    for (; c + 4 <= cells; c += 4) dot_4(out + c * PL_CELL, factors, products, more, c);
    for (; c + 2 <= cells; c += 2) dot_2(out + c * PL_CELL, factors, products, more, c);
    for (; c < cells; c++) dot_1(out + c * PL_CELL, factors, products, more, c);
    for (size_t j = 0; j < n % PL_CELL; j++)
        out[cells * PL_CELL + j] = dot_alone(out[cells * PL_CELL + j], factors, products, more, cells, j);
}

/* ---- division by what stays the same ------------------------------------------------------------------------------ */

#if defined(__FMA__) || defined(KERNELS_FUSED)

#define FAR 0x1p400

/* 1 / x, correctly rounded; NaN where a quotient might leave the range of what follows. */
KERNEL(invert, 1, return ((x0 > 1.0 / FAR) & (x0 < FAR)) | ((x0 < -1.0 / FAR) & (x0 > -FAR)) ? 1.0 / x0 : PL_NAN;)

/* a / c by its reciprocal y. The first correction brings q within one unit of the last place; by the second, whose
 * residual is exact, it is a / c correctly rounded, because y is 1 / c correctly rounded (Markstein 1990, theorem 7.2;
 * Muller et al., Handbook of Floating-Point Arithmetic, 4.7). A quotient that is not in (1 / FAR, FAR) is `odd`, but for
 * a zero, whose sign a y gives. */
PL_MATH double divide_by_inverse(double a, double c, double y, double *odd) {
    double q = a * y, size = pl_fabs(q);
    double r = __builtin_fma(-q, c, a), q1 = __builtin_fma(r, y, q);
    double r1 = __builtin_fma(-q1, c, a), q2 = __builtin_fma(r1, y, q1);
    *odd = ((size > 1.0 / FAR) & (size < FAR)) | ((a == 0.0) & (size == 0.0)) ? *odd : 1.0;
    return a == 0.0 ? q : q2;
}

static NOINLINE void divide_again(double *out, const pl_operand *operands, size_t n) { row_DIVIDE(out, operands, n); }

/* Plain division where any quotient of the run is odd. */
static void divide_by(double *restrict out, const pl_operand *operands, size_t n) {
    REPEAT_3(OPERAND)
    double odd[PL_CELL] = {0}, any = 0.0, *first = out;
    for (size_t cells = n / PL_CELL; cells; cells--, out += PL_CELL) {
        CELL out[j] = divide_by_inverse(p0[j], p1[j], p2[j], &odd[j]);
        REPEAT_3(ADVANCE)
    }
    for (int j = 0; j < PL_CELL; j++) any += odd[j];
    if (any != 0.0 || n % PL_CELL) divide_again(first, operands, n);
}

#define BY_INVERSE .divide_by = divide_by, .invert = invert,
#else
#define BY_INVERSE
#endif

/* ---- stocks and measures ----------------------------------------------------------------------------------------- */

static void open_stage(double *restrict state, double *restrict before, double *restrict total,
                       const double *restrict rate, double factor, size_t n) {
    for (size_t i = 0; i < n; i++) {
        before[i] = state[i];
        total[i] = rate[i];
        state[i] = before[i] + factor * rate[i];
    }
}

static void middle_stage(double *restrict state, double *restrict before, double *restrict total,
                         const double *restrict rate, double factor, size_t n) {
    for (size_t i = 0; i < n; i++) {
        total[i] = total[i] + 2.0 * rate[i];
        state[i] = before[i] + factor * rate[i];
    }
}

static void close_stage(double *restrict state, double *restrict before, double *restrict total,
                        const double *restrict rate, double factor, size_t n) {
    for (size_t i = 0; i < n; i++) state[i] = before[i] + factor * (total[i] + rate[i]);
}

#define NOT_AVAILABLE (-0x1p109) /* :NA: */

PL_MATH void gauge_values(double *restrict values, double *restrict trouble, double *restrict missing,
                          const double *restrict xs, size_t n, pl_gauge_kind kind) {
    for (size_t i = 0; i < n; i++) {
        double x = xs[i], value = values[i];
        trouble[i] = trouble[i] + (x - x);
        missing[i] = x == NOT_AVAILABLE ? 1.0 : missing[i];
#define X(id, new_value) kind == PL_GAUGE_##id ? (new_value) :
        values[i] = PL_GAUGES(X) 0.0;
#undef X
    }
}

#define X(id, value)                                                                                       \
    static void gauge_##id(double *restrict registers, const double *restrict x, size_t n) {               \
        gauge_values(registers, registers + n, registers + 2 * n, x, n, PL_GAUGE_##id);                    \
    }
PL_GAUGES(X)
#undef X

/* ---- the table --------------------------------------------------------------------------------------------------- */

#ifdef __GNUC__ /* the rows of powers have a kernel of their own */
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
extern pl_sweep_kernel PASTE(pl_sweep_, KERNELS_NAME); /* sweeps.c */
extern const pl_kernels PASTE(pl_kernels_, KERNELS_NAME);
const pl_kernels PASTE(pl_kernels_, KERNELS_NAME) = {
    .name = TEXT(KERNELS_NAME),
#define ROW(id, vensim, xmile, arity, value, text, example) [PL_FN_##id] = row_##id,
    .function = {PL_FUNCTIONS(ROW, ROW, NONE, NONE) [PL_FN_RAISE] = powers, [PL_FN_POWER] = powers},
    .lookup = lookup,
    .dot = dot,
#define ENTRY_2(a, b) [a | b << 2] = chain_##a##b,
#define ENTRY_3(a, b, c) [a | b << 2 | c << 4] = chain_##a##b##c,
#define ENTRY_4(a, b, c, d) [a | b << 2 | c << 4 | d << 6] = chain_##a##b##c##d,
    .chain2 = {CHAINS_2(ENTRY_2)},
    .chain3 = {CHAINS_3(ENTRY_3)},
    .chain4 = {CHAINS_4(ENTRY_4)},
    BY_INVERSE
    .open = open_stage,
    .middle = middle_stage,
    .close = close_stage,
#define X(id, value) [PL_GAUGE_##id] = gauge_##id,
    .gauge = {PL_GAUGES(X)},
#undef X
    .sweep = PASTE(pl_sweep_, KERNELS_NAME),
};
