/* Every builtin, one row each.  From these rows come: the parser's names and arities, the compiler's operations,
 * the kernels, `parley functions`, docs/functions.md and a test of the example.
 *
 *   FN(id, "Vensim", "XMILE", arity, value over A B C D, "what it is", "example = value")
 *       an element-wise function of its arguments; the value is C, evaluated per lane, with the mathematics of
 *       program/math.h.
 *   FT(...)  the same, and the value may also use T (the time of the step, the same in all Runge-Kutta stages: test
 *       inputs change at steps only) and DT (TIME STEP).
 *   PRELUDE(id, "Vensim", "XMILE", least, most arguments, "what it is", "example = value")
 *       defined as model text in prelude.c under the same id.
 *   FORM(id, "Vensim", "XMILE", least, most arguments, "what it is", "example = value")
 *       the compiler gives it its meaning (it has state, an array, a lookup or a draw).
 *
 * A name is "" where a dialect lacks it; several spellings are separated by |.  An example may be followed by
 * " at t = T" (a run from 0 by steps of 1 is made up to T), may name what docs/functions.md shows at its head, and
 * gives the value of the first element where it has [place]. */
#ifndef PL_FUNCTIONS_H
#define PL_FUNCTIONS_H

#define PL_FUNCTIONS(FN, FT, PRELUDE, FORM)                                                                            \
    /* operators: the parser makes these from symbols */                                                               \
    FN(ADD, "+", "+", 2, A + B, "sum", "2 + 3 = 5")                                                                    \
    FN(SUBTRACT, "-", "-", 2, A - B, "difference", "2 - 3 = -1")                                                       \
    FN(MULTIPLY, "*", "*", 2, A * B, "product", "2 * 3 = 6")                                                           \
    FN(DIVIDE, "/", "/", 2, A / B, "quotient", "6 / 3 = 2")                                                            \
    FN(NEGATE, "unary -", "unary -", 1, -A, "the negative", "-(3) = -3")                                               \
    FN(RAISE, "^", "^", 2, pl_pow(A, B), "power", "2 ^ 3 = 8")                                                         \
    FN(SQUARE, "", "", 1, A * A, "x^2, chosen where the exponent is the number 2 in the text", "3 ^ 2 = 9")            \
    FN(EQUAL, "=|==", "=", 2, A == B ? 1.0 : 0.0, "1 where equal", "IF THEN ELSE(2 = 2, 1, 0) = 1")                    \
    FN(UNEQUAL, "<>", "<>", 2, A != B ? 1.0 : 0.0, "1 where not equal", "IF THEN ELSE(2 <> 2, 1, 0) = 0")              \
    FN(LESS, "<", "<", 2, A < B ? 1.0 : 0.0, "1 where less", "IF THEN ELSE(2 < 3, 1, 0) = 1")                          \
    FN(LESS_EQUAL, "<=", "<=", 2, A <= B ? 1.0 : 0.0, "1 where less or equal", "IF THEN ELSE(3 <= 3, 1, 0) = 1")       \
    FN(GREATER, ">", ">", 2, A > B ? 1.0 : 0.0, "1 where greater", "IF THEN ELSE(2 > 3, 1, 0) = 0")                    \
    FN(GREATER_EQUAL, ">=", ">=", 2, A >= B ? 1.0 : 0.0, "1 where greater or equal", "IF THEN ELSE(3 >= 3, 1, 0) = 1") \
    FN(AND, ":AND:", "AND", 2, ((A != 0.0) & (B != 0.0)) ? 1.0 : 0.0, "1 where both hold",                             \
       "IF THEN ELSE(1 :AND: 0, 1, 0) = 0")                                                                            \
    FN(OR, ":OR:", "OR", 2, ((A != 0.0) | (B != 0.0)) ? 1.0 : 0.0, "1 where one holds",                                \
       "IF THEN ELSE(1 :OR: 0, 1, 0) = 1")                                                                             \
    FN(NOT, ":NOT:", "NOT", 1, A == 0.0 ? 1.0 : 0.0, "1 where it does not hold", "IF THEN ELSE(:NOT: 0, 1, 0) = 1")    \
    FN(IF_THEN_ELSE, "IF THEN ELSE", "IF THEN ELSE", 3, A != 0.0 ? B : C,                                              \
       "the second where the first holds, else the third",                                                             \
       "IF THEN ELSE(3 > 2, 10, 20) = 10")                                                                             \
    /* mathematics */                                                                                                  \
    FN(ABS, "ABS", "ABS", 1, pl_fabs(A), "absolute value", "ABS(-3) = 3")                                              \
    FN(MAX, "MAX", "MAX", 2, A > B ? A : B, "the larger of A and B", "MAX(2, 3) = 3")                                  \
    FN(MIN, "MIN", "MIN", 2, A < B ? A : B, "the smaller of A and B", "MIN(2, 3) = 2")                                 \
    FN(SQRT, "SQRT", "SQRT", 1, pl_sqrt(A), "square root", "SQRT(9) = 3")                                              \
    FN(EXP, "EXP", "EXP", 1, pl_exp(A), "e to the power A", "EXP(0) = 1")                                              \
    FN(LN, "LN", "LN", 1, pl_log(A), "natural logarithm", "LN(1) = 0")                                                 \
    FN(LOG, "LOG", "", 2, pl_log(A) / pl_log(B), "logarithm of A to the base B", "LOG(8, 2) = 3")                      \
    FN(POWER, "POWER", "", 2, pl_pow(A, B), "A to the power B", "POWER(2, 3) = 8")                                     \
    FN(SIN, "SIN", "SIN", 1, pl_sin(A), "sine of radians", "SIN(0) = 0")                                               \
    FN(COS, "COS", "COS", 1, pl_cos(A), "cosine of radians", "COS(0) = 1")                                             \
    FN(TAN, "TAN", "TAN", 1, pl_tan(A), "tangent of radians", "TAN(0) = 0")                                            \
    FN(ARCSIN, "ARCSIN", "ARCSIN", 1, pl_asin(A), "inverse sine", "ARCSIN(0) = 0")                                     \
    FN(ARCCOS, "ARCCOS", "ARCCOS", 1, pl_acos(A), "inverse cosine", "ARCCOS(1) = 0")                                   \
    FN(ARCTAN, "ARCTAN", "ARCTAN", 1, pl_atan(A), "inverse tangent", "ARCTAN(0) = 0")                                  \
    FN(SINH, "SINH", "", 1, pl_sinh(A), "hyperbolic sine", "SINH(0) = 0")                                              \
    FN(COSH, "COSH", "", 1, pl_cosh(A), "hyperbolic cosine", "COSH(0) = 1")                                            \
    FN(TANH, "TANH", "", 1, pl_tanh(A), "hyperbolic tangent", "TANH(0) = 0")                                           \
    FN(INTEGER, "INTEGER", "", 1, pl_trunc(A), "the whole part, towards 0", "INTEGER(-2.7) = -2")                      \
    FN(INT, "", "INT", 1, pl_floor(A), "the largest whole number not above A", "INT(2.7) = 2")                         \
    FN(MODULO, "MODULO", "", 2, A - B * pl_trunc(A / B), "remainder with the sign of A", "MODULO(7, 3) = 1")           \
    FN(MOD, "", "MOD", 2, A - B * pl_floor(A / B), "remainder with the sign of B", "MOD(-7, 3) = 2")                   \
    FN(ROUND, "", "ROUND", 1, pl_floor(A + 0.5), "the nearest whole number", "ROUND(2.7) = 3")                         \
    FN(LOG10, "", "LOG10", 1, pl_log(A) / pl_log(10.0), "logarithm to the base 10", "LOG10(1) = 0")                    \
    FN(SAFEDIV, "", "SAFEDIV", 3, B == 0.0 ? C : A / B, "A / B, or C (0 where left out) where B is 0",                 \
       "SAFEDIV(1, 0, 5) = 5")                                                                                         \
    FN(QUANTUM, "QUANTUM", "", 2, B > 0.0 ? B * pl_trunc(A / B) : A, "A in whole multiples of B", "QUANTUM(7, 3) = 6") \
    FN(ZIDZ, "ZIDZ", "", 2, pl_fabs(B) < 1e-6 ? 0.0 : A / B, "A / B, or 0 where B is 0", "ZIDZ(1, 0) = 0")             \
    FN(GAMMA_LN, "GAMMA LN", "", 1, pl_gamma_ln(A), "natural logarithm of the gamma function, for A above 0",          \
       "GAMMA LN(4) = 1.791759469228055")                                                                              \
    FN(XIDZ, "XIDZ", "", 3, pl_fabs(B) < 1e-6 ? C : A / B, "A / B, or C where B is 0", "XIDZ(1, 0, 5) = 5")            \
    /* time */                                                                                                         \
    FT(STEP, "STEP", "STEP", 2, T + DT / 2.0 > B ? A : 0.0, "A from time B on", "STEP(3, 2) = 3 at t = 2")             \
    FT(PULSE, "PULSE", "", 2, ((T + DT / 2.0 > A) & (T + DT / 2.0 < A + (B > DT ? B : DT))) ? 1.0 : 0.0,               \
       "1 from time A for the time B", "PULSE(2, 1) = 1 at t = 2")                                                     \
    FT(PULSE_VOLUME, "", "PULSE", 3,                                                                                   \
       T + DT / 2.0 >= B && (T + DT / 2.0 - B) - (C > 0.0 ? C * pl_floor((T + DT / 2.0 - B) / C) : 0.0) < DT           \
           ? A / DT                                                                                                    \
           : 0.0,                                                                                                      \
       "the volume A at time B, once, or (C > 0) every C", "PULSE(3, 2, 0) = 3 at t = 2")                              \
    FT(RAMP, "RAMP", "RAMP", 3, T > B ? A * ((T < C ? T : C) - B) : 0.0,                                               \
       "a line of slope A from time B to time C, then level",                                                          \
       "RAMP(2, 1, 3) = 4 at t = 4")                                                                                   \
    FT(PULSE_TRAIN, "PULSE TRAIN", "", 4,                                                                              \
       (T + DT / 2.0 > A) & (T - DT / 2.0 < D) &                                                                       \
       ((C < B) | (T + DT / 2.0 - A - C * pl_floor((T + DT / 2.0 - A) / C) < (B > DT ? B : DT))) ? 1.0 : 0.0,          \
       "pulses of the length B from time A to time D, one every C; without a gap where C < B",                         \
       "PULSE TRAIN(1, 1, 3, 9) = 1 at t = 4")                                                                         \
    /* model text: prelude.c */                                                                                        \
    PRELUDE(TIME_BASE, "TIME BASE", "", 2, 2, "A + B x the time", "TIME BASE(10, 2) = 16 at t = 3")                    \
    PRELUDE(SMOOTH, "SMOOTH", "SMTH1", 2, 2, "A smoothed exponentially over the time B", "SMOOTH(5, 2) = 5 at t = 3")  \
    PRELUDE(SMOOTHI, "SMOOTHI", "SMTH1", 3, 3, "the same from the value C", "SMOOTHI(8, 2, 0) = 6 at t = 2")           \
    PRELUDE(SMOOTH3, "SMOOTH3", "SMTH3", 2, 2, "A smoothed three times over the time B / 3",                           \
            "SMOOTH3(5, 3) = 5 at t = 3")                                                                              \
    PRELUDE(SMOOTH3I, "SMOOTH3I", "SMTH3", 3, 3, "the same from the value C", "SMOOTH3I(8, 6, 0) = 1 at t = 3")        \
    PRELUDE(SMOOTH_N, "SMOOTH N", "SMTHN", 4, 4, "A smoothed D times over the time B / D, from the value C",           \
            "SMOOTH N(8, 4, 0, 2) = 2 at t = 2")                                                                       \
    PRELUDE(DELAY1, "DELAY1", "DELAY1", 2, 2, "A delayed exponentially by the time B", "DELAY1(5, 2) = 5 at t = 3")    \
    PRELUDE(DELAY1I, "DELAY1I", "DELAY1", 3, 3, "the same from the value C", "DELAY1I(8, 2, 0) = 6 at t = 2")          \
    PRELUDE(DELAY3, "DELAY3", "DELAY3", 2, 2, "A delayed three times by the time B / 3", "DELAY3(5, 3) = 5 at t = 3")  \
    PRELUDE(DELAY3I, "DELAY3I", "DELAY3", 3, 3, "the same from the value C", "DELAY3I(8, 6, 0) = 1 at t = 3")          \
    PRELUDE(DELAY_N, "DELAY N", "DELAYN", 4, 4, "A delayed D times by the time B / D, from the value C",               \
            "DELAY N(8, 4, 0, 2) = 2 at t = 2")                                                                        \
    PRELUDE(TREND, "TREND", "TREND", 3, 3, "the fractional rate of change of A, averaged over the time B, at first C", \
            "TREND(100, 2, 0.25) = 0.25 at t = 0")                                                                     \
    PRELUDE(FORECAST, "FORECAST", "FORCST", 3, 3, "A carried on for the time C by its trend over the time B",          \
            "FORECAST(100, 2, 5) = 100 at t = 3")                                                                      \
    PRELUDE(NPV, "NPV", "", 4, 4, "the present value of the stream A at the rate B, from C, times D",                  \
            "NPV(1, 1, 0, 1) = 1.75 at t = 2")                                                                         \
    PRELUDE(NPVE, "NPVE", "", 4, 4, "the same, the stream's values taken at the end of each step",                     \
            "NPVE(1, 1, 0, 1) = 0.875 at t = 2")                                                                       \
    /* state, arrays, lookups: the compiler's own */                                                                   \
    FORM(INTEG, "INTEG", "", 2, 2, "a stock: the integral of A from the value B", "INTEG(2, 1) = 7 at t = 3")          \
    FORM(INITIAL, "INITIAL|REINITIAL", "INIT", 1, 1, "the value at the start of the run", "INITIAL(5) = 5")            \
    FORM(ACTIVE_INITIAL, "ACTIVE INITIAL", "", 2, 2, "A, but B while initial values are computed",                     \
         "ACTIVE INITIAL(4, 5) = 4")                                                                                   \
    FORM(SUM, "SUM", "SUM", 1, 1, "the sum over the subscripts marked with !", "SUM(amount[place!]) = 16")             \
    FORM(PROD, "PROD", "PROD", 1, 1, "the product over the subscripts marked with !", "PROD(amount[place!]) = 120")    \
    FORM(VMIN, "VMIN", "MIN", 1, 1, "the smallest over the subscripts marked with !", "VMIN(amount[place!]) = 3")      \
    FORM(VMAX, "VMAX", "MAX", 1, 1, "the largest over the subscripts marked with !", "VMAX(amount[place!]) = 8")       \
    FORM(VECTOR_SELECT, "VECTOR SELECT", "", 5, 5,                                                                     \
         "over the subscripts marked with !, where A is not 0: sum (D = 0), product (1), least (2), largest (3), "     \
         "mean (4) of A x B; product of B ^ A (5); sum (6), product (7), least (8), largest (9), mean (10) of B; C "   \
         "where A is 0 everywhere; E (what counts as an error) is not used",                                           \
         "VECTOR SELECT(IF THEN ELSE(amount[place!] > 4, 1, 0), amount[place!], 0, 0, 0) = 13")                        \
    FORM(VECTOR_ELM_MAP, "VECTOR ELM MAP", "", 2, 2,                                                                   \
         "the element that stands B places behind A in the whole array; :NA: outside it",                              \
         "VECTOR ELM MAP(amount[p1], 2) = 8")                                                                          \
    FORM(VECTOR_SORT_ORDER, "VECTOR SORT ORDER", "", 2, 2,                                                             \
         "places (from 0) of A's elements in rising order over the last subscript where B > 0, else in falling",       \
         "VECTOR SORT ORDER(amount[place], 1) = 1")                                                                    \
    FORM(VECTOR_RANK, "VECTOR RANK", "", 2, 2,                                                                         \
         "ranks (from 1) of A's elements over the last subscript, the smallest first where B > 0, else the largest",   \
         "VECTOR RANK(amount[place], 1) = 2")                                                                          \
    FORM(VECTOR_REORDER, "VECTOR REORDER", "", 2, 2,                                                                   \
         "the elements of A over its last subscript, taken from the places (from 0) that B gives",                     \
         "VECTOR REORDER(amount[place], 2 - amount[place] / 4) = 5")                                                   \
    FORM(INVERT_MATRIX, "INVERT MATRIX", "", 2, 2,                                                                     \
         "the inverse of the matrix A over its last two subscripts, of B rows; :NA: where there is none",              \
         "INVERT MATRIX(matrix[place, other], 3) = 0.5")                                                               \
    FORM(ALLOCATE_AVAILABLE, "ALLOCATE AVAILABLE", "", 3, 3,                                                           \
         "what the requests A get of the supply C by the curves B (ptype, ppriority, pwidth, pextra)",                 \
         "ALLOCATE AVAILABLE(amount[place], priority[place, ptype], 8) = 5")                                           \
    FORM(ALLOCATE_BY_PRIORITY, "ALLOCATE BY PRIORITY", "", 5, 5,                                                       \
         "what the requests A get of the supply E by their priorities B; C is how many they are, D the width of the "  \
         "curves",                                                                                                     \
         "ALLOCATE BY PRIORITY(amount[place], amount[place], 3, 6, 5.3) = 0.5")                                        \
    FORM(DEMAND_AT_PRICE, "DEMAND AT PRICE", "", 3, 3, "what is asked for of A at the price C by the curves B",        \
         "DEMAND AT PRICE(amount[place], priority[place, ptype], 3) = 2.5")                                            \
    FORM(SUPPLY_AT_PRICE, "SUPPLY AT PRICE", "", 3, 3, "what is supplied of A at the price C by the curves B",         \
         "SUPPLY AT PRICE(amount[place], priority[place, ptype], 2.5) = 1.25")                                         \
    FORM(FIND_MARKET_PRICE, "FIND MARKET PRICE", "", 4, 4,                                                             \
         "the price at which the demand A by the curves B equals the supply C by the curves D, each given by its "     \
         "first element",                                                                                              \
         "FIND MARKET PRICE(amount[p3], priority[p3, ptype], amount[p3], priority[p3, ptype]) = 1")                    \
    FORM(LOOKUP, "", "", 2, 2, "the value of lookup A at B: linear between its points, flat outside",                  \
         "curve(1.5) = 1.5")                                                                                           \
    FORM(LOOKUP_EXTRAPOLATE, "LOOKUP EXTRAPOLATE", "", 2, 2, "the same, but outside the points it goes on as the "     \
         "first and the last line", "LOOKUP EXTRAPOLATE(curve, 2.5) = 2.5")                                            \
    FORM(LOOKUP_FORWARD, "LOOKUP FORWARD", "", 2, 2, "the value of lookup A at the next point at or above B",          \
         "LOOKUP FORWARD(curve, 1.5) = 2")                                                                             \
    FORM(LOOKUP_BACKWARD, "LOOKUP BACKWARD", "", 2, 2, "the value of lookup A at the last point at or below B",        \
         "LOOKUP BACKWARD(curve, 1.5) = 1")                                                                            \
    FORM(LOOKUP_INVERT, "LOOKUP INVERT", "", 2, 2,                                                                     \
         "the first x at which lookup A takes the value B; where it never does, the x at which it comes nearest",      \
         "LOOKUP INVERT(curve, 1.25) = 1.25")                                                                          \
    FORM(LOOKUP_SLOPE, "LOOKUP SLOPE", "", 3, 3,                                                                       \
         "the slope of lookup A at B, at an inner point the mean of both sides; outside the points 0 (C = 0), that "   \
         "of the nearest line (1) or :NA: (-1)", "LOOKUP SLOPE(curve, 1, 0) = 0.5")                                    \
    FORM(LOOKUP_AREA, "LOOKUP AREA", "", 3, 3, "the area under lookup A from B to C, negative where C is below B",     \
         "LOOKUP AREA(curve, 0.5, 2.5) = 3")                                                                           \
    FORM(GET_DATA_AT_TIME, "GET DATA AT TIME", "", 2, 2, "data A at the time B, :NA: where no point is there",         \
         "GET DATA AT TIME(measured, 2) = 7")                                                                          \
    FORM(GET_DATA_BETWEEN_TIMES, "GET DATA BETWEEN TIMES", "", 3, 3,                                                   \
         "data A at the time B: between points linear (C = 0), or, B cut to a whole number, the next point (C = 1) "   \
         "or the last one before (C = -1); :NA: outside the data", "GET DATA BETWEEN TIMES(measured, 3, 0) = 6")       \
    FORM(GET_DATA_FIRST_TIME, "GET DATA FIRST TIME", "", 1, 1, "the time of the first point of data A",                \
         "GET DATA FIRST TIME(measured) = 0")                                                                          \
    FORM(GET_DATA_LAST_TIME, "GET DATA LAST TIME", "", 1, 1, "the time of the last point of data A",                   \
         "GET DATA LAST TIME(measured) = 4")                                                                           \
    FORM(GET_DATA_MEAN, "GET DATA MEAN", "", 3, 3, "the mean of the points of data A from the time B to the time C, "  \
         ":NA: where there are none", "GET DATA MEAN(measured, 0, 4) = 5")                                             \
    FORM(GET_DATA_MEDIAN, "GET DATA MEDIAN", "", 3, 3, "their median", "GET DATA MEDIAN(measured, 0, 4) = 5")          \
    FORM(GET_DATA_MIN, "GET DATA MIN", "", 3, 3, "the smallest of them", "GET DATA MIN(measured, 0, 4) = 3")           \
    FORM(GET_DATA_MAX, "GET DATA MAX", "", 3, 3, "the largest of them", "GET DATA MAX(measured, 1, 4) = 7")            \
    FORM(GET_DATA_TOTAL_POINTS, "GET DATA TOTAL POINTS", "", 3, 3, "how many points there are, 0 where none",          \
         "GET DATA TOTAL POINTS(measured, 1, 9) = 2")                                                                  \
    FORM(GET_TIME_VALUE, "GET TIME VALUE", "", 3, 3, "the time (A = 0) or INITIAL TIME (A = 1) plus B, in the "        \
         "model's units (C = 0): the reader puts the sum in its place", "GET TIME VALUE(0, 2, 0) = 5 at t = 3")        \
    FORM(GAME, "GAME", "", 1, 1, "its argument (no one plays along): the reader puts that in its place",               \
         "GAME(5) = 5")                                                                                                \
    FORM(ELMCOUNT, "ELMCOUNT", "", 1, 1, "how many elements a dimension has: the reader puts the number in its place", \
         "ELMCOUNT(place) = 3")                                                                                        \
    FORM(SAMPLE_IF_TRUE, "SAMPLE IF TRUE", "", 3, 3, "B while A holds, else the last such value, at first C",          \
         "SAMPLE IF TRUE(Time <= 2, Time, 0) = 2 at t = 5")                                                            \
    FORM(PREVIOUS, "", "PREVIOUS", 2, 2, "A as it was the step before, at first B", "PREVIOUS(TIME, 7) = 4 at t = 5")  \
    FORM(CONVEYOR, "", "", 10, -1, "what a conveyor gives: the reader makes the call", "")                             \
    FORM(QUEUE, "", "", 7, -1, "what a queue gives: the reader makes the call", "")                                    \
    FORM(DELAY_INFORMATION, "DELAY INFORMATION", "", 3, 3,                                                             \
         "A delayed by the time B as it is when A comes in, at first C: what is newer takes the place of what is "     \
         "older, and the last value is held where nothing is due",                                                     \
         "DELAY INFORMATION(Time, IF THEN ELSE(Time < 2, 3, 1), 7) = 3 at t = 4")                                      \
    FORM(DELAY_MATERIAL, "DELAY MATERIAL", "", 4, 4,                                                                   \
         "A delayed by the time B as it is when A comes in, at first C: what is due at the same time adds up, and D "  \
         "stands where nothing is due",                                                                                \
         "DELAY MATERIAL(Time, IF THEN ELSE(Time < 2, 3, 1), 7, 0) = 4 at t = 4")                                      \
    FORM(DELAY_FIXED, "DELAY FIXED", "DELAY", 3, 3, "A as it was the time B before, at first C",                       \
         "DELAY FIXED(Time, 2, 7) = 3 at t = 5")                                                                       \
    /* draws at every step (program/draws.h): drawn again until within A and B; the last argument, the seed, is not    \
     * used */                                                                                                         \
    FORM(RANDOM_0_1, "RANDOM 0 1", "", 0, 0, "a draw between 0 and 1 at every step", "INTEGER(RANDOM 0 1()) = 0")      \
    FORM(RANDOM_UNIFORM, "RANDOM UNIFORM", "RANDOM", 3, 3,                                                             \
         "a draw between A and B at every step; C (the seed) is not used", "RANDOM UNIFORM(3, 3, 1) = 3")              \
    FORM(RANDOM_NORMAL, "RANDOM NORMAL", "NORMAL", 5, 5,                                                               \
         "a draw at every step, normal with mean C and sd D, drawn again until within A and B; E (the seed) is not "   \
         "used", "RANDOM NORMAL(0, 9, 5, 0, 1) = 5")                                                                   \
    FORM(RANDOM_EXPONENTIAL, "RANDOM EXPONENTIAL", "EXPRND", 5, 5,                                                     \
         "a draw at every step, C + D x a standard exponential, drawn again until within A and B",                     \
         "RANDOM EXPONENTIAL(0, 9, 5, 0, 1) = 5")                                                                      \
    FORM(RANDOM_BETA, "RANDOM BETA", "BETA", 7, 7, "a draw within A and B: E + F x a beta variate of shapes C and D",  \
         "RANDOM BETA(0, 9, 1, 2, 5, 0, 1) = 5")                                                                       \
    FORM(RANDOM_BINOMIAL, "RANDOM BINOMIAL", "BINOMIAL", 7, 7,                                                         \
         "a draw within A and B: E + F x the successes in D trials of probability C",                                  \
         "RANDOM BINOMIAL(0, 9, 1, 4, 0, 1, 1) = 4")                                                                   \
    FORM(RANDOM_GAMMA, "RANDOM GAMMA", "", 6, 6, "a draw within A and B: D + E x a gamma variate of order C (at "      \
         "least 1)", "RANDOM GAMMA(0, 9, 2, 5, 0, 1) = 5")                                                             \
    FORM(RANDOM_LOOKUP, "RANDOM LOOKUP", "", 6, 6, "a draw within B and C: D + E x a variate with the density A, a "   \
         "lookup", "RANDOM LOOKUP(curve, 0, 9, 5, 0, 1) = 5")                                                          \
    FORM(RANDOM_NEGATIVE_BINOMIAL, "RANDOM NEGATIVE BINOMIAL", "NEGBINOMIAL", 7, 7,                                    \
         "a draw within A and B: E + F x the trials of probability C until D of them succeed",                         \
         "RANDOM NEGATIVE BINOMIAL(0, 9, 1, 4, 0, 1, 1) = 4")                                                          \
    FORM(RANDOM_POISSON, "RANDOM POISSON", "POISSON", 6, 6,                                                            \
         "a draw within A and B: D + E x a Poisson variate of mean C", "RANDOM POISSON(0, 9, 0, 0, 1, 1) = 0")         \
    FORM(RANDOM_TRIANGULAR, "RANDOM TRIANGULAR", "TRIANGULAR", 6, 6,                                                   \
         "a draw within A and B, triangular from C to E with its peak at D",                                           \
         "RANDOM TRIANGULAR(0, 9, 4, 4, 4, 1) = 4")                                                                    \
    FORM(RANDOM_WEIBULL, "RANDOM WEIBULL", "", 6, 6, "a draw within A and B: D + E x a Weibull variate of shape C "    \
         "and mean 1", "RANDOM WEIBULL(0, 9, 2, 5, 0, 1) = 5")                                                         \
    PRELUDE(RANDOM_PINK_NOISE, "RANDOM PINK NOISE", "NORMALPINK", 4, 4,                                                \
            "normal noise of mean A and sd B whose values are correlated over the time C",                             \
            "RANDOM PINK NOISE(5, 0, 2, 1) = 5 at t = 3")                                                              \
    FORM(DRAW_BERNOULLI, "", "MONTECARLO", 4, 4, "a draw: 1 with the probability of C percent, else 0",                \
         "MONTECARLO(0) = 0")                                                                                          \
    FORM(DRAW_GAMMA, "", "GAMMA", 6, 6, "a draw within A and B: D + E x a gamma variate of shape C",                   \
         "GAMMA(2, 0) = 0")                                                                                            \
    FORM(DRAW_GEOMETRIC, "", "GEOMETRIC", 4, 4,                                                                        \
         "a draw within A and B: the trials of probability C until one succeeds", "GEOMETRIC(1) = 1")                  \
    FORM(DRAW_LOGISTIC, "", "LOGISTIC", 5, 5, "a draw within A and B, logistic with mean C and scale D",               \
         "LOGISTIC(5, 0) = 5")                                                                                         \
    FORM(DRAW_LOGNORMAL, "", "LOGNORMAL", 5, 5,                                                                        \
         "a draw within A and B whose logarithm is normal with mean C and sd D", "LOGNORMAL(0, 0) = 1")                \
    FORM(DRAW_PARETO, "", "PARETO", 6, 6, "a draw within A and B: D + E x a Pareto variate of shape C from 1",         \
         "PARETO(2, 0) = 0")                                                                                           \
    FORM(DRAW_WEIBULL, "", "WEIBULL", 6, 6, "a draw within A and B: D + E x a Weibull variate of shape C",             \
         "WEIBULL(2, 0) = 0")

/* Functions of Vensim that the reader knows and refuses by name.  X("NAME", "why, or what to use") */
#define PL_REFUSED_FUNCTIONS(X)                                                                                        \
    X("A FUNCTION OF", "the equation is not finished: Vensim writes this for one that has only arrows")                \
    X("ALLOC P", "use ALLOCATE AVAILABLE")                                                                             \
    X("CUMULATE", "it works on data only")                                                                             \
    X("CUMULATEF", "it works on data only")                                                                            \
    X("DELAY BATCH", "discrete batches are not supported")                                                             \
    X("DELAY CONVEYOR", "conveyors are not supported in Vensim models")                                                \
    X("DELAY PROFILE", "delays by a profile are not supported")                                                        \
    X("DELAYP", "delays by a profile are not supported")                                                               \
    X("DEPRECIATE BY SCHEDULE", "fiscal functions are not supported")                                                  \
    X("DEPRECIATE STRAIGHTLINE", "fiscal functions are not supported")                                                 \
    X("FIND ZERO", "equations that are solved by iteration are not supported")                                         \
    X("GET 123 CONSTANTS", "the format of Lotus 1-2-3 is not read: use GET DIRECT CONSTANTS with a CSV file")          \
    X("GET 123 DATA", "the format of Lotus 1-2-3 is not read: use GET DIRECT DATA with a CSV file")                    \
    X("GET 123 LOOKUPS", "the format of Lotus 1-2-3 is not read: use GET DIRECT LOOKUPS with a CSV file")              \
    X("GET DATA STDV", "whether it divides by n or n - 1 is not documented")                                           \
    X("GET DATA VALUE", "use GET DATA AT TIME or GET DATA BETWEEN TIMES")                                              \
    X("GET DATE", "dates of the calendar are not supported")                                                           \
    X("GET DATE DAY", "dates of the calendar are not supported")                                                       \
    X("GET DATE DAY OF WEEK", "dates of the calendar are not supported")                                               \
    X("GET DATE HOUR", "dates of the calendar are not supported")                                                      \
    X("GET DATE MINUTE", "dates of the calendar are not supported")                                                    \
    X("GET DATE MONTH", "dates of the calendar are not supported")                                                     \
    X("GET DATE SECOND", "dates of the calendar are not supported")                                                    \
    X("GET DATE YEAR", "dates of the calendar are not supported")                                                      \
    X("GET DIRECT CONSTANTS", "it must stand alone behind '=' or ':='")                                                \
    X("GET DIRECT DATA", "it must stand alone behind '=' or ':='")                                                     \
    X("GET DIRECT LOOKUPS", "it must stand alone behind '=' or ':='")                                                  \
    X("GET DIRECT SUBSCRIPT", "it can only list the elements of a dimension")                                          \
    X("GET ODBC CONSTANTS", "databases are not read")                                                                  \
    X("GET ODBC DATA", "databases are not read")                                                                       \
    X("GET ODBC LOOKUPS", "databases are not read")                                                                    \
    X("GET VDF CONSTANTS", "Vensim's own result files are not read")                                                   \
    X("GET VDF DATA", "Vensim's own result files are not read")                                                        \
    X("GET VDF LOOKUPS", "Vensim's own result files are not read")                                                     \
    X("GET XLS CONSTANTS", "it must stand alone behind '=' or ':='")                                                   \
    X("GET XLS DATA", "it must stand alone behind '=' or ':='")                                                        \
    X("GET XLS LOOKUPS", "it must stand alone behind '=' or ':='")                                                     \
    X("GET XLS SUBSCRIPT", "it can only list the elements of a dimension")                                             \
    X("INTERNAL RATE OF RETURN", "fiscal functions are not supported")                                                 \
    X("MARKETP", "use FIND MARKET PRICE")                                                                              \
    X("MESSAGE", "a run shows no messages")                                                                            \
    X("QUEUE AGE AVERAGE", "queues are not supported in Vensim models")                                                \
    X("QUEUE AGE IN RANGE", "queues are not supported in Vensim models")                                               \
    X("QUEUE AGE OLDEST", "queues are not supported in Vensim models")                                                 \
    X("QUEUE ATTRIB AVERAGE", "queues are not supported in Vensim models")                                             \
    X("QUEUE ATTRIB IN RANGE", "queues are not supported in Vensim models")                                            \
    X("QUEUE ATTRIB MAX", "queues are not supported in Vensim models")                                                 \
    X("QUEUE ATTRIB MIN", "queues are not supported in Vensim models")                                                 \
    X("QUEUE FIFO", "queues are not supported in Vensim models")                                                       \
    X("QUEUE FIFO ATTRIB", "queues are not supported in Vensim models")                                                \
    X("RC COMPARE", "it belongs to reality checks only")                                                               \
    X("RC COMPARE CHECK", "it belongs to reality checks only")                                                         \
    X("RC DECAY", "it belongs to reality checks only")                                                                 \
    X("RC DECAY CHECK", "it belongs to reality checks only")                                                           \
    X("RC GROW", "it belongs to reality checks only")                                                                  \
    X("RC GROW CHECK", "it belongs to reality checks only")                                                            \
    X("RC RAMP", "it belongs to reality checks only")                                                                  \
    X("RC RAMP CHECK", "it belongs to reality checks only")                                                            \
    X("RC STEP", "it belongs to reality checks only")                                                                  \
    X("RC STEP CHECK", "it belongs to reality checks only")                                                            \
    X("SAMPLE UNTIL", "use SAMPLE IF TRUE")                                                                            \
    X("SHIFT IF TRUE", "stocks that move along a subscript are not supported")                                         \
    X("SIMULTANEOUS", "equations that are solved by iteration are not supported")                                      \
    X("TABBED ARRAY", "it must stand alone behind '='")                                                                \
    X("TIME SHIFT", "it works on data only")                                                                           \
    X("VECTOR LOOKUP", "lookups that change over time are not supported")                                              \

/* Flags of CONVEYOR (1 << (PL_BELT_INTEGERS + k): leakage k gives whole units) and of each outflow of a QUEUE. */
enum { PL_BELT_EXPONENTIAL = 1, PL_BELT_DISCRETE = 2, PL_BELT_INTEGERS = 8 };
enum { PL_QUEUE_OVERFLOW = 1, PL_QUEUE_ONE = 2, PL_QUEUE_WHOLE = 4 };

/* One function as the tables give it. */
typedef enum pl_function_kind { PL_FUNCTION_ELEMENTWISE, PL_FUNCTION_PRELUDE, PL_FUNCTION_FORM } pl_function_kind;

typedef enum pl_function_id {
#define FN(id, vensim, xmile, arity, value, text, example) PL_FN_##id,
#define OTHER(id, vensim, xmile, least, most, text, example) PL_FN_##id,
    PL_FUNCTIONS(FN, FN, OTHER, OTHER)
#undef FN
#undef OTHER
        PL_FN_COUNT
} pl_function_id;

typedef struct pl_function {
    pl_function_id id;
    pl_function_kind kind;
    const char *name;         /* the id as text */
    const char *vensim, *xmile; /* spellings separated by |, "" where none */
    int least, most;          /* arguments; most < 0: any number */
    const char *text, *example;
    int takes_time;           /* an FT row: its value needs the time and the time step as well */
} pl_function;

/* A row of PL_REFUSED_FUNCTIONS; [PL_REFUSED_COUNT], in the order of the rows. */
typedef struct pl_refused_function {
    const char *name, *why;
} pl_refused_function;

enum {
#define X(name, why) +1
    PL_REFUSED_COUNT = 0 PL_REFUSED_FUNCTIONS(X)
#undef X
};
extern const pl_refused_function pl_refused_functions[];
/* [PL_FN_COUNT], in the order of the rows (functions.c). */
extern const pl_function pl_functions[];

/* Whether its value is a draw: the rows from RANDOM_0_1 to DRAW_WEIBULL. */
int pl_function_draws(const pl_function *function);
#endif
