/* The mathematics of models: exp, log, pow, sin, ... of our own, so that a result has the same bits on every
 * instruction set, compiler and libm.  Always true here:
 *   - only +, -, *, /, sqrt, comparisons, selects and bit operations, each rounded once (no FMA: -ffp-contract=off);
 *   - no branch that depends on a value, no 64-bit comparison, no table but that of pow (whose kernel reads it between
 *     two loops): a loop over lanes becomes vector code even under SSE2;
 *   - a NaN gives NaN unless a comment says otherwise; which NaN is not told apart.
 * Polynomials are interpolations at Chebyshev nodes in 60 digits, rounded to doubles (tools/fit-math prints them).
 * Errors in ulp, measured against MPFR by tests/test_math.c: exp, log, sin and cos 0.8, pow 0.75, the gamma
 * function 8, others 2. */
#ifndef PL_MATH_H
#define PL_MATH_H
#include <stdint.h>
#include <string.h>

#include "program/log_table.h"

/* always inlined: a call in a loop over lanes would keep it from becoming vector code */
#define PL_MATH static inline __attribute__((always_inline))
#define PL_INFINITY __builtin_inf()
#define PL_NAN __builtin_nan("")
#define PL_SIGN 0x8000000000000000u
/* Adding this rounds to a whole number (halves to even), which then stands in the lowest bits: |x| < 2^51. */
#define PL_ROUNDER 0x1.8p52

PL_MATH uint64_t pl_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

PL_MATH double pl_of_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

PL_MATH double pl_sqrt(double x) { return __builtin_sqrt(x); }
PL_MATH double pl_fabs(double x) { return pl_of_bits(pl_bits(x) & ~PL_SIGN); }
PL_MATH double pl_copy_sign(double x, double from) {
    return pl_of_bits((pl_bits(x) & ~PL_SIGN) | (pl_bits(from) & PL_SIGN));
}

/* The whole part, towards 0; keeps the sign of a zero. */
PL_MATH double pl_trunc(double x) {
    double a = pl_fabs(x), t = (a + 0x1p52) - 0x1p52;
    t = t > a ? t - 1.0 : t;
    return pl_copy_sign(a < 0x1p52 ? t : a, x);
}

/* The largest whole number not above x; keeps the sign of a zero. */
PL_MATH double pl_floor(double x) {
    double t = pl_trunc(x);
    return t > x ? t - 1.0 : t;
}

/* ---- exp -------------------------------------------------------------------------------------------------- */

typedef struct pl_power_of_2 {
    double y, n; /* y x 2^n */
} pl_power_of_2;

/* exp(hi + lo) for |hi| <= 746, |lo| < 1e-10. x = n ln 2 + r, |r| <= ln 2 / 2. */
PL_MATH pl_power_of_2 pl_exp_reduced(double hi, double lo) {
    double n = (hi * 0x1.71547652b82fep+0 + PL_ROUNDER) - PL_ROUNDER;
    double a = hi - n * 0x1.62e42fefa4p-1; /* exact: 40 bits of ln 2, n has 11 */
    double b = n * -0x1.8432a1b0e2634p-43 - lo;
    double r = a - b, rest = (a - r) - b, z = r * r, w = z * z;
    double p = ((0x1.5555555555556p-3 + r * 0x1.5555555555555p-5)
              + z * (0x1.11111111109b5p-7 + r * 0x1.6c16c16c167e2p-10))
             + w * (((0x1.a01a01a7c2efep-13 + r * 0x1.a01a01a47a591p-16)
              + z * (0x1.71de0db2f6aedp-19 + r * 0x1.27e4e1f7222b1p-22))
             + w * (0x1.af389ecfcb5d9p-26 + r * 0x1.1f66d948a8484p-29));
    double s = 1.0 + r;
    return (pl_power_of_2){s + (((1.0 - s) + r) + (z * (0.5 + r * p) + rest)), n};
}

/* exp(hi + lo) x 2^shift, shift 0 or -1: 2^n in two halves, so that neither overflows and a subnormal result is rounded
 * once. */
PL_MATH double pl_exp_parts(double hi, double lo, double shift) {
    pl_power_of_2 e = pl_exp_reduced(hi, lo);
    double n = e.n + shift, half = n * 0.5 + PL_ROUNDER, other = n - (half - PL_ROUNDER) + PL_ROUNDER;
    return e.y * pl_of_bits((pl_bits(half) + 1023) << 52) * pl_of_bits((pl_bits(other) + 1023) << 52);
}

/* The same for |hi| <= 700, shift 0, where one factor does. */
PL_MATH double pl_exp_normal(double hi, double lo) {
    pl_power_of_2 e = pl_exp_reduced(hi, lo);
    return e.y * pl_of_bits((pl_bits(e.n + PL_ROUNDER) + 1023) << 52);
}

/* x held in [-746, 746], beyond which exp is 0 or infinite. */
PL_MATH double pl_exp_range(double x) {
    x = x > 746.0 ? 746.0 : x;
    return x < -746.0 ? -746.0 : x;
}

PL_MATH double pl_exp(double x) { return pl_exp_parts(pl_exp_range(x), 0.0, 0.0); }

/* ---- log -------------------------------------------------------------------------------------------------- */

typedef struct pl_scaled {
    double m, k; /* x = m x 2^k with m in [sqrt(1/2), sqrt(2)) */
} pl_scaled;

/* For x > 0 and finite; any other x gives numbers of no meaning. */
PL_MATH pl_scaled pl_scale(double x) {
    double normal = x < 0x1p-1022 ? x * 0x1p54 : x, shift = x < 0x1p-1022 ? 1078.0 : 1024.0;
    uint64_t bits = pl_bits(normal), v = bits - 0x3fe6a09e667f3bcd + ((uint64_t)1024 << 52); /* sqrt(1/2) */
    return (pl_scaled){.m = pl_of_bits(bits - (v & 0xfff0000000000000) + ((uint64_t)1024 << 52)),
                       .k = (pl_of_bits(v >> 52 | 0x4330000000000000) - 0x1p52) - shift};
}

/* log 0 = -inf, log of a negative number NaN. With f = m - 1 and s = f / (2 + f): log m = 2 atanh s. */
PL_MATH double pl_log(double x) {
    pl_scaled c = pl_scale(x);
    double f = c.m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z, half = 0.5 * f * f;
    double r = z * ((0x1.5555555555558p-1 + z * 0x1.99999999952e2p-2)
             + w * ((0x1.2492492df148dp-2 + z * 0x1.c71c62e5800a1p-3)
             + w * ((0x1.7462b4ab2ef6bp-3 + z * 0x1.39fe606542ddep-3) + w * 0x1.2b584aae78a57p-3)));
    double y = c.k * 0x1.62e42fefa4p-1 - ((half - (s * (half + r) + c.k * -0x1.8432a1b0e2634p-43)) - f);
    y = x > 0.0 ? y : x == 0.0 ? -PL_INFINITY : PL_NAN;
    return x < PL_INFINITY ? y : x; /* infinite or NaN */
}

/* ---- pow -------------------------------------------------------------------------------------------------- */

typedef struct pl_pair {
    double hi, lo; /* hi + lo, |lo| <= ulp(hi) / 2 or near it */
} pl_pair;

/* a b as a sum, nearly exact: a and b are cut into halves of 26 and 27 bits. */
PL_MATH pl_pair pl_product(double a, double b) {
    double ah = pl_of_bits(pl_bits(a) & 0xfffffffff8000000), al = a - ah;
    double bh = pl_of_bits(pl_bits(b) & 0xfffffffff8000000), bl = b - bh;
    double hi = a * b;
    return (pl_pair){hi, ((ah * bh - hi) + ah * bl + al * bh) + al * bl};
}

/* A number above 0 as m x 2^k, and the row of pl_log_table for m. */
typedef struct pl_cut {
    double m, k;
    uint64_t row;
} pl_cut;

/* For x > 0 and finite; any other x gives numbers of no meaning and a row. */
PL_MATH pl_cut pl_cut_of(double x) {
    double normal = x < 0x1p-1022 ? x * 0x1p54 : x, shift = x < 0x1p-1022 ? 1078.0 : 1024.0;
    uint64_t bits = pl_bits(normal), v = bits - PL_LOG_FIRST;
    return (pl_cut){.m = pl_of_bits(bits - (v & 0xfff0000000000000)),
                    .k = (pl_of_bits((v + ((uint64_t)1024 << 52)) >> 52 | 0x4330000000000000) - 0x1p52) - shift,
                    .row = v >> 45 & 127};
}

/* log(m 2^k) to about 2^-64 of itself, by the row {c, -log c in two parts}: f = m c - 1 is exact, |f| < 2^-7 (Tang, ACM
 * TOMS 16 (1990)); f^2/2 in two parts, the rest by a polynomial. */
PL_MATH pl_pair pl_log_pair(double m, double k, double c, double part, double part_lo) {
    double mh = pl_of_bits(pl_bits(m) & 0xffffffff00000000), f = (mh * c - 1.0) + (m - mh) * c, z = f * f;
    double base = k * 0x1.62e42fefa4p-1 + part, sum = base + f, sum_lo = (base - sum) + f; /* base is exact, and 0 or larger */
    double fh = pl_of_bits(pl_bits(f) & 0xfffffffff8000000), square = -0.5 * fh * fh, hi = sum + square;
    double square_lo = ((sum - hi) + square) - 0.5 * (f + fh) * (f - fh);
    double p = f * z * ((0x1.5555555555558p-2 + f * -0x1.0000000000002p-2)
             + z * ((0x1.99999997184c4p-3 + f * -0x1.5555555314293p-3)
             + z * (0x1.2495452c0db51p-3 + f * -0x1.0002afa06fb70p-3)));
    double lo = ((k * -0x1.8432a1b0e2634p-43 + part_lo) + sum_lo) + (square_lo + p), y = hi + lo;
    return (pl_pair){y, (hi - y) + lo};
}

/* y l for the pair l */
PL_MATH pl_pair pl_power_log(double y, pl_pair l) {
    pl_pair p = pl_product(y, l.hi);
    return (pl_pair){p.hi, p.lo + y * l.lo};
}

/* x^y where l is log |x|. The special values of C99's pow: x^0 = 1^y = 1 (NaN or not); a negative finite base with an
 * exponent that is not whole gives NaN; 0^y and inf^y are 0 or infinite, negative where the base is (-0 is) and y is
 * odd. */
PL_MATH double pl_power_of_log(double x, double y, pl_pair l) {
    double a = pl_fabs(x), bound = y > 0x1p65 ? 0x1p65 : y;
    bound = bound < -0x1p65 ? -0x1p65 : bound; /* beyond, y log x overflows already for the x next to 1 */
    pl_pair p = pl_power_log(bound, l);
    double r = pl_exp_parts(pl_exp_range(p.hi), pl_fabs(p.hi) < 746.0 ? p.lo : 0.0, 0.0);
    r = a == 0.0 ? (y < 0.0 ? PL_INFINITY : 0.0) : r;
    r = a == PL_INFINITY ? (y < 0.0 ? 0.0 : PL_INFINITY) : r;
    double half = y * 0.5;
    int whole = pl_floor(y) == y, odd = whole & (pl_floor(half) != half);
    r *= odd ? pl_copy_sign(1.0, x) : 1.0;
    r = ((x < 0.0) & (a < PL_INFINITY) & !whole) ? PL_NAN : r;
    r = ((x != x) | (y != y)) ? x + y : r;
    return ((y == 0.0) | (x == 1.0)) ? 1.0 : r;
}

PL_MATH double pl_pow(double x, double y) {
    pl_cut cut = pl_cut_of(pl_fabs(x));
    const double *row = pl_log_table[cut.row];
    return pl_power_of_log(x, y, pl_log_pair(cut.m, cut.k, row[0], row[1], row[2]));
}

/* ---- sin, cos, tan: |x| <= 1e8; beyond it NaN, for the phase of such a number means nothing in a model ------- */

typedef struct pl_angle {
    double hi, lo; /* x - n pi/2, in [-pi/4, pi/4] */
    uint64_t n;    /* its lowest bits */
} pl_angle;

/* pi/2 in four parts: the products with n < 2^26 of the first three are exact, and so are the first two differences. */
PL_MATH pl_angle pl_reduce(double x) {
    x = pl_fabs(x) <= 1e8 ? x : PL_NAN;
    double shifted = x * 0x1.45f306dc9c883p-1 + PL_ROUNDER, n = shifted - PL_ROUNDER;
    double a = (x - n * 0x1.921fb54p+0) - n * 0x1.10b462p-30, w = n * -0x1.cb3b398p-55;
    double b = a - w, c = b - a, error = (a - (b - c)) - (w + c);
    double rest = error - n * -0x1.d747f23e32ed7p-83, hi = b + rest;
    return (pl_angle){hi, (b - hi) + rest, pl_bits(shifted)};
}

PL_MATH double pl_sin_near(double x, double lo) {
    double z = x * x, w = z * z;
    double p = (-0x1.5555555555555p-3 + z * 0x1.1111111110bb2p-7)
             + w * ((-0x1.a01a019e83aa8p-13 + z * 0x1.71de3796898c8p-19)
             + w * (-0x1.ae600b022d198p-26 + z * 0x1.5e0b19c752b8ep-33));
    return x + (x * z * p + lo * (1.0 - 0.5 * z));
}

PL_MATH double pl_cos_near(double x, double lo) {
    double z = x * x, w = z * z, half = 0.5 * z, c = 1.0 - half;
    double p = (0x1.5555555555555p-5 + z * -0x1.6c16c16c16967p-10)
             + w * ((0x1.a01a019f4eafdp-16 + z * -0x1.27e4fa17d9c81p-22)
             + w * (0x1.1eeb68e8f6cdfp-29 + z * -0x1.907da33638fbcp-37));
    return c + (((1.0 - c) - half) + (w * p - x * lo));
}

/* if_odd where the lowest bit of n is 1, else if_even */
PL_MATH double pl_by_parity(uint64_t n, double if_even, double if_odd) {
    uint64_t mask = 0 - (n & 1);
    return pl_of_bits((pl_bits(if_odd) & mask) | (pl_bits(if_even) & ~mask));
}

PL_MATH double pl_sin(double x) {
    pl_angle a = pl_reduce(x);
    double y = pl_by_parity(a.n, pl_sin_near(a.hi, a.lo), pl_cos_near(a.hi, a.lo));
    return x == 0.0 ? x : pl_of_bits(pl_bits(y) ^ (a.n & 2) << 62);
}

PL_MATH double pl_cos(double x) {
    pl_angle a = pl_reduce(x);
    double y = pl_by_parity(a.n, pl_cos_near(a.hi, a.lo), pl_sin_near(a.hi, a.lo));
    return pl_of_bits(pl_bits(y) ^ ((a.n + 1) & 2) << 62);
}

PL_MATH double pl_tan(double x) {
    pl_angle a = pl_reduce(x);
    double s = pl_sin_near(a.hi, a.lo), c = pl_cos_near(a.hi, a.lo);
    double y = pl_by_parity(a.n, s, c) / pl_by_parity(a.n, c, -s);
    return x == 0.0 ? x : y;
}

/* ---- inverse circular functions -------------------------------------------------------------------------------- */

/* asin x for 0 <= x <= 1/2, z = x^2 */
PL_MATH double pl_asin_near(double x, double z) {
    double w = z * z;
    double p = (0x1.5555555555556p-3 + z * 0x1.3333333332ecap-4)
             + w * ((0x1.6db6db6e31f13p-5 + z * 0x1.f1c71c1db0623p-6)
             + w * ((0x1.6e8bb1c8209a2p-6 + z * 0x1.1c4d35cf95421p-6)
             + w * ((0x1.c9cf07674736ap-7 + z * 0x1.782651caa6547p-7)
             + w * ((0x1.52420b04b37bep-7 + z * 0x1.65a9c4dfcf8b2p-8)
             + w * ((0x1.1d189408314eep-6 + z * -0x1.e6aaa8a0a04ccp-7) + w * 0x1.d72b2bc8155f8p-6)))));
    return x + x * (z * p);
}

/* Above 1/2, asin x = pi/2 - 2 asin sqrt((1 - x) / 2). NaN outside [-1, 1]. */
PL_MATH double pl_asin(double x) {
    double a = pl_fabs(x), z = a > 0.5 ? (1.0 - a) * 0.5 : a * a;
    double p = pl_asin_near(a > 0.5 ? pl_sqrt(z) : a, z);
    return pl_copy_sign(a > 0.5 ? (0x1.921fb54442d18p+0 - 2.0 * p) + 0x1.1a62633145c07p-54 : p, x);
}

PL_MATH double pl_acos(double x) {
    double a = pl_fabs(x), z = a > 0.5 ? (1.0 - a) * 0.5 : a * a;
    double p = pl_asin_near(a > 0.5 ? pl_sqrt(z) : a, z);
    double outer = x > 0.0 ? 2.0 * p : (0x1.921fb54442d18p+1 - 2.0 * p) + 0x1.1a62633145c07p-53;
    double inner = 0x1.921fb54442d18p+0 - (pl_copy_sign(p, x) - 0x1.1a62633145c07p-54);
    return a > 0.5 ? outer : inner;
}

/* atan a = base + atan t with t = a, (a - 1) / (a + 1) or -1 / a, so that |t| <= sqrt(2) - 1 */
PL_MATH double pl_atan(double x) {
    double a = pl_fabs(x);
    int mid = a > 0x1.a827999fcef32p-2, far = a > 0x1.3504f333f9de6p+1; /* tan(pi/8), tan(3 pi/8) */
    double t = (far ? -1.0 : mid ? a - 1.0 : a) / (far ? a : mid ? a + 1.0 : 1.0);
    double base = far ? 0x1.921fb54442d18p+0 : mid ? 0x1.921fb54442d18p-1 : 0.0;
    double base_lo = far ? 0x1.1a62633145c07p-54 : mid ? 0x1.1a62633145c07p-55 : 0.0;
    double z = t * t, w = z * z;
    double p = (-0x1.5555555555555p-2 + z * 0x1.999999999934cp-3)
             + w * ((-0x1.2492492436201p-3 + z * 0x1.c71c71853d7fap-4)
             + w * ((-0x1.745d0b28a7e37p-4 + z * 0x1.3b1263064f6b9p-4)
             + w * ((-0x1.10fa77b1a6d57p-4 + z * 0x1.dfe6497e96323p-5)
             + w * ((-0x1.a0999c632b6edp-5 + z * 0x1.4162c02b1dda3p-5) + w * -0x1.3a31b1c0fd3b7p-6))));
    return pl_copy_sign(base + (t + (t * (z * p) + base_lo)), x);
}

/* ---- hyperbolic functions ---------------------------------------------------------------------------------- */

PL_MATH double pl_sinh(double x) {
    double a = pl_fabs(x), z = a * a, w = z * z;
    double p = (0x1.5555555555555p-3 + z * 0x1.11111111110fdp-7)
             + w * ((0x1.a01a01a01ee7p-13 + z * 0x1.71de3a4e14f4p-19)
             + w * ((0x1.ae6460fae3728p-26 + z * 0x1.611cb330c1fe8p-33) + w * 0x1.b41232cf9950fp-41));
    double e = pl_exp_parts(pl_exp_range(a), 0.0, -1.0);
    return pl_copy_sign(a < 1.0 ? a + a * (z * p) : e - 0.25 / e, x);
}

PL_MATH double pl_cosh(double x) {
    double e = pl_exp_parts(pl_exp_range(pl_fabs(x)), 0.0, -1.0);
    return e + 0.25 / e;
}

PL_MATH double pl_tanh(double x) {
    double a = pl_fabs(x), z = a * a, w = z * z;
    double p = (-0x1.5555555555555p-2 + z * 0x1.1111111110b9fp-3)
             + w * ((-0x1.ba1ba1b938326p-5 + z * 0x1.664f48104c0c9p-6)
             + w * ((-0x1.226e1871fc56dp-7 + z * 0x1.d6cb933d4b73bp-9)
             + w * ((-0x1.7cf1caf964f45p-10 + z * 0x1.2c872c4b78687p-11) + w * -0x1.7925184d2d3bbp-13)));
    double e = pl_exp_parts(pl_exp_range(2.0 * a), 0.0, 0.0);
    return pl_copy_sign(a < 0.4 ? a + a * (z * p) : 1.0 - 2.0 / (e + 1.0), x);
}

/* ---- the gamma function ------------------------------------------------------------------------------------- */

/* ln gamma(2 + z) for |z| <= 1/2; its zero at z = 0 is exact. */
PL_MATH double pl_gamma_ln_near(double z) {
    double w = z * z, v = w * w;
    double low = (0x1.b0ee6072093cep-2 + z * 0x1.4a34cc4a60fa6p-2) + w * (-0x1.13e001a557555p-4 + z * 0x1.51322ac7d8333p-6)
               + v * ((-0x1.e404fc21d8fe7p-8 + z * 0x1.7add6eadfcc7bp-9) + w * (-0x1.38ac5bfce42c1p-10 + z * 0x1.0b36af5972ed1p-11));
    double high = (-0x1.d3fd6a9087d23p-13 + z * 0x1.a127cd91ac95bp-14) + w * (-0x1.78d8f868f383fp-15 + z * 0x1.5808af19fa483p-16)
                + v * ((-0x1.3d4ce65b1d70bp-17 + z * 0x1.2620de1c78d97p-18) + w * (-0x1.08fccc794a9c7p-19 + z * 0x1.f038cb2f6a913p-21)
                + v * (-0x1.37fd97eeee99dp-21 + z * 0x1.2703c6effc4ebp-22));
    return z * (low + v * v * high);
}

/* Stirling's series for x >= 8. */
PL_MATH double pl_gamma_ln_far(double x) {
    double r = 1.0 / x, w = r * r;
    double p = 0x1.5555555555555p-4 + w * (-0x1.6c16c16c16c17p-9 + w * (0x1.a01a01a01a01ap-11 + w * (-0x1.3813813813814p-11
             + w * (0x1.b951e2b18ff23p-11 + w * (-0x1.f6ab0d9993c7dp-10 + w * (0x1.a41a41a41a41ap-8 + w * -0x1.e4286cb0f5398p-6))))));
    return (x - 0.5) * (pl_log(x) - 1.0) + (0x1.acfe390c97d69p-2 + r * p);
}

/* The natural logarithm of gamma(x) for x > 0; NaN below 0, infinite at 0. Below 8, x is moved by whole numbers to
 * 2 + z with |z| <= 1/2: gamma(x + 1) = x gamma(x). */
PL_MATH double pl_gamma_ln(double x) {
    double z = x < 0.5 ? x : x - 1.0, product = x < 0.5 ? x * (x + 1.0) : x;
    z = x < 1.5 ? z : x - 2.0, product = x < 1.5 ? product : 1.0;
    for (int k = 1; k <= 6; k++) {
        double factor = x - (double)k;
        product = factor >= 1.5 ? product * factor : product;
        z = factor >= 1.5 ? factor - 2.0 : z;
    }
    double moved = pl_log(product), near = pl_gamma_ln_near(x < 8.0 ? z : 0.0) + (x < 1.5 ? -moved : moved);
    double y = x < 8.0 ? near : pl_gamma_ln_far(x);
    y = x > 0.0 ? y : x == 0.0 ? PL_INFINITY : PL_NAN;
    return x < PL_INFINITY ? y : x;
}
#endif
