/* What each builtin asks of the units of its arguments, and how its value moves with them: one row each, beside the
 * row of functions.h.  A function without a row takes anything, and nothing is known of its value.
 *
 *   R(id, "units", "signs")
 *
 * units: a word for each argument, "=", and one for the value.  Letters from u on are units (the same letter, the same
 * units), t is the time unit, 1 no dimension, ? anything; products are written u*t, u/v, 1/t.  A word of one letter
 * says what the letter is; in any other all letters must be known from the words before.
 * signs: for each argument whether the value rises (+) or falls (-) with it, or that cannot be told (?); by the sign of
 * another factor (* of the other argument, / of the first, negative); i: it only counts at the start; 0: not at all. */
#ifndef PL_RULES_H
#define PL_RULES_H
#include "model/functions.h"

#define PL_RULES(R)                                   \
    R(ADD, "u u = u", "++")                           \
    R(SUBTRACT, "u u = u", "+-")                      \
    R(MULTIPLY, "u v = u*v", "**")                    \
    R(DIVIDE, "u v = u/v", "*/")                      \
    R(NEGATE, "u = u", "-")                           \
    R(SQUARE, "u = u*u", "?")                         \
    R(EQUAL, "u u = 1", "??")                         \
    R(UNEQUAL, "u u = 1", "??")                       \
    R(LESS, "u u = 1", "-+")                          \
    R(LESS_EQUAL, "u u = 1", "-+")                    \
    R(GREATER, "u u = 1", "+-")                       \
    R(GREATER_EQUAL, "u u = 1", "+-")                 \
    R(AND, "1 1 = 1", "++")                           \
    R(OR, "1 1 = 1", "++")                            \
    R(NOT, "1 = 1", "-")                              \
    R(IF_THEN_ELSE, "1 u u = u", "?++")               \
    R(ABS, "u = u", "?")                              \
    R(MAX, "u u = u", "++")                           \
    R(MIN, "u u = u", "++")                           \
    R(EXP, "1 = 1", "+")                              \
    R(LN, "1 = 1", "+")                               \
    R(LOG, "1 1 = 1", "??")                           \
    R(LOG10, "1 = 1", "+")                            \
    R(GAMMA_LN, "1 = 1", "?")                         \
    R(SQRT, "?", "+")                                 \
    R(RAISE, "?", "??")                               \
    R(POWER, "?", "??")                               \
    R(SIN, "1 = 1", "?")                              \
    R(COS, "1 = 1", "?")                              \
    R(TAN, "1 = 1", "?")                              \
    R(ARCSIN, "1 = 1", "+")                           \
    R(ARCCOS, "1 = 1", "-")                           \
    R(ARCTAN, "1 = 1", "+")                           \
    R(SINH, "1 = 1", "+")                             \
    R(COSH, "1 = 1", "?")                             \
    R(TANH, "1 = 1", "+")                             \
    R(INTEGER, "u = u", "+")                          \
    R(INT, "u = u", "+")                              \
    R(ROUND, "u = u", "+")                            \
    R(MODULO, "u u = u", "??")                        \
    R(MOD, "u u = u", "??")                           \
    R(QUANTUM, "u u = u", "+?")                       \
    R(SAFEDIV, "u v u/v = u/v", "*/?")                \
    R(ZIDZ, "u v = u/v", "*/")                        \
    R(XIDZ, "u v u/v = u/v", "*/?")                   \
    R(STEP, "u t = u", "+?")                          \
    R(PULSE, "t t = 1", "??")                         \
    R(PULSE_VOLUME, "u t t = u/t", "+??")             \
    R(PULSE_TRAIN, "t t t t = 1", "????")             \
    R(RAMP, "u t t = u*t", "+??")                     \
    R(TIME_BASE, "u u/t = u", "++")                    \
    R(SMOOTH, "u t = u", "+?")                        \
    R(SMOOTHI, "u t u = u", "+?i")                    \
    R(SMOOTH3, "u t = u", "+?")                       \
    R(SMOOTH3I, "u t u = u", "+?i")                   \
    R(SMOOTH_N, "u t u 1 = u", "+?i0")                \
    R(DELAY1, "u t = u", "+?")                        \
    R(DELAY1I, "u t u = u", "+?i")                    \
    R(DELAY3, "u t = u", "+?")                        \
    R(DELAY3I, "u t u = u", "+?i")                    \
    R(DELAY_N, "u t u 1 = u", "+?i0")                 \
    R(DELAY_INFORMATION, "u t u = u", "+?i")          \
    R(DELAY_MATERIAL, "u t u u = u", "+?i?")          \
    R(TREND, "u t 1/t = 1/t", "??i")                  \
    R(FORECAST, "u t t = u", "???")                   \
    R(NPV, "u 1/t u*t 1 = u*t", "??i?")               \
    R(NPVE, "u 1/t u*t 1 = u*t", "??i?")              \
    R(INITIAL, "u = u", "i")                          \
    R(ACTIVE_INITIAL, "u u = u", "+i")                \
    R(SUM, "u = u", "+")                              \
    R(PROD, "?", "?")                                 \
    R(VMIN, "u = u", "+")                             \
    R(VMAX, "u = u", "+")                             \
    R(VECTOR_SELECT, "1 u u 1 1 = u", "??0?0")        \
    R(VECTOR_ELM_MAP, "u 1 = u", "+?")                \
    R(VECTOR_SORT_ORDER, "u 1 = 1", "??")             \
    R(VECTOR_RANK, "u 1 = 1", "??")                   \
    R(VECTOR_REORDER, "u 1 = u", "+?")                \
    R(INVERT_MATRIX, "u 1 = 1/u", "?0")               \
    R(ALLOCATE_AVAILABLE, "u ? u = u", "??+")         \
    R(ALLOCATE_BY_PRIORITY, "u v 1 v u = u", "??0?+") \
    R(DEMAND_AT_PRICE, "u ? ? = u", "+??")            \
    R(SUPPLY_AT_PRICE, "u ? ? = u", "+??")            \
    R(FIND_MARKET_PRICE, "u ? u ? = ?", "????")       \
    R(SAMPLE_IF_TRUE, "1 u u = u", "?+i")             \
    R(PREVIOUS, "u u = u", "+i")                      \
    R(LOOKUP, "u ? = u", "??")                        \
    R(LOOKUP_EXTRAPOLATE, "u ? = u", "??")            \
    R(LOOKUP_FORWARD, "u ? = u", "??")                \
    R(LOOKUP_BACKWARD, "u ? = u", "??")               \
    R(LOOKUP_INVERT, "u u = ?", "??")                 \
    R(LOOKUP_SLOPE, "u v 1 = u/v", "??0")             \
    R(LOOKUP_AREA, "u v v = u*v", "???")              \
    R(GAME, "u = u", "+")                             \
    R(GET_DATA_AT_TIME, "u t = u", "??")              \
    R(GET_DATA_BETWEEN_TIMES, "u t 1 = u", "???")     \
    R(GET_DATA_FIRST_TIME, "? = t", "0")              \
    R(GET_DATA_LAST_TIME, "? = t", "0")               \
    R(GET_DATA_MEAN, "u t t = u", "???")              \
    R(GET_DATA_MEDIAN, "u t t = u", "???")            \
    R(GET_DATA_MIN, "u t t = u", "???")               \
    R(GET_DATA_MAX, "u t t = u", "???")               \
    R(GET_DATA_TOTAL_POINTS, "? t t = 1", "0??")      \
    R(GET_TIME_VALUE, "? ? ? = ?", "???")             \
    R(ELMCOUNT, "? = 1", "0")                         \
    R(RANDOM_0_1, "= 1", "")                          \
    R(RANDOM_PINK_NOISE, "u u t ? = u", "+??0")       \
    R(DRAW_LOGNORMAL, "u u ? ? ? = u", "++++0")       \
    R(DELAY_FIXED, "u t u = u", "+?i")                \
    R(RANDOM_UNIFORM, "u u ? = u", "++0")             \
    R(RANDOM_NORMAL, "u u u u ? = u", "+++?0")        \
    R(RANDOM_EXPONENTIAL, "u u u u ? = u", "+++?0")   \
    R(RANDOM_BETA, "u u 1 1 u u ? = u", "++??+?0")    \
    R(RANDOM_BINOMIAL, "u u 1 1 u u ? = u", "++??+?0")\
    R(RANDOM_GAMMA, "u u 1 u u ? = u", "++?+?0")      \
    R(RANDOM_LOOKUP, "? u u u u ? = u", "0+++?0")     \
    R(RANDOM_NEGATIVE_BINOMIAL, "u u 1 1 u u ? = u", "++??+?0")\
    R(RANDOM_POISSON, "u u ? u u ? = u", "++?+?0")    \
    R(RANDOM_TRIANGULAR, "u u u u u ? = u", "+++++0") \
    R(RANDOM_WEIBULL, "u u 1 u u ? = u", "++?+?0")    \
    R(DRAW_BERNOULLI, "? ? ? ? = 1", "+++0")          \
    R(DRAW_GAMMA, "u u 1 u u ? = u", "++++?0")        \
    R(DRAW_GEOMETRIC, "1 1 1 ? = 1", "++-0")          \
    R(DRAW_LOGISTIC, "u u u u ? = u", "+++?0")        \
    R(DRAW_PARETO, "u u 1 u u ? = u", "++-+?0")       \
    R(DRAW_WEIBULL, "u u 1 u u ? = u", "++?+?0")

typedef struct pl_rule {
    const char *units, *signs; /* "" where there is no row */
} pl_rule;
/* Of a function; never NULL. */
const pl_rule *pl_function_rule(const pl_function *function);
#endif
