/* The prelude: functions that are model text.  A call becomes hidden stocks and auxiliaries, so the engine needs no
 * notion of a delay.  The formulas are those of Vensim's reference manual, function by function. */
#include <stdio.h>
#include <string.h>

#include "model/reader.h"

#define MACRO(head, body) ":MACRO: " head " " body ":END OF MACRO:"

static const struct {
    pl_function_id id;
    const char *text;
} texts[] = {
    {PL_FN_TIME_BASE, MACRO("TIME BASE(start, slope)", "TIME BASE = start + slope * Time$ |")},
    {PL_FN_SMOOTH, MACRO("SMOOTH(input, time)", "SMOOTH = INTEG((input - SMOOTH) / time, input) |")},
    {PL_FN_SMOOTHI, MACRO("SMOOTHI(input, time, start)", "SMOOTHI = INTEG((input - SMOOTHI) / time, start) |")},
    {PL_FN_SMOOTH3, MACRO("SMOOTH3(input, time)",
                          "first = INTEG((input - first) / (time / 3), input) |"
                          "second = INTEG((first - second) / (time / 3), input) |"
                          "SMOOTH3 = INTEG((second - SMOOTH3) / (time / 3), input) |")},
    {PL_FN_SMOOTH3I, MACRO("SMOOTH3I(input, time, start)",
                           "first = INTEG((input - first) / (time / 3), start) |"
                           "second = INTEG((first - second) / (time / 3), start) |"
                           "SMOOTH3I = INTEG((second - SMOOTH3I) / (time / 3), start) |")},
    {PL_FN_DELAY1, MACRO("DELAY1(input, time)",
                         "level = INTEG(input - DELAY1, input * time) |"
                         "DELAY1 = level / time |")},
    {PL_FN_DELAY1I, MACRO("DELAY1I(input, time, start)",
                          "level = INTEG(input - DELAY1I, start * time) |"
                          "DELAY1I = level / time |")},
    {PL_FN_DELAY3, MACRO("DELAY3(input, time)",
                         "stage = time / 3 |"
                         "level 1 = INTEG(input - out 1, input * stage) | out 1 = level 1 / stage |"
                         "level 2 = INTEG(out 1 - out 2, input * stage) | out 2 = level 2 / stage |"
                         "level 3 = INTEG(out 2 - DELAY3, input * stage) | DELAY3 = level 3 / stage |")},
    {PL_FN_DELAY3I, MACRO("DELAY3I(input, time, start)",
                          "stage = time / 3 |"
                          "level 1 = INTEG(input - out 1, start * stage) | out 1 = level 1 / stage |"
                          "level 2 = INTEG(out 1 - out 2, start * stage) | out 2 = level 2 / stage |"
                          "level 3 = INTEG(out 2 - DELAY3I, start * stage) | DELAY3I = level 3 / stage |")},
    {PL_FN_TREND, MACRO("TREND(input, time, start)",
                        "average = INTEG((input - average) / time, input / (1 + start * time)) |"
                        "TREND = ZIDZ(input - average, time * ABS(average)) |")},
    {PL_FN_FORECAST, MACRO("FORECAST(input, time, horizon)",
                           "average = INTEG((input - average) / time, input) |"
                           "FORECAST = input * (1 + ZIDZ(input - average, time * average) * horizon) |")},
    {PL_FN_NPV, MACRO("NPV(stream, rate, start, factor)",
                      "discount = INTEG(-discount * rate / (1 + rate * TIME STEP$), 1) |"
                      "sum = INTEG(stream * discount, start) |"
                      "NPV = (sum + stream * TIME STEP$ * discount) * factor |")},
    /* first-order smoothing of white noise whose spread makes up for what smoothing by steps takes (Anderson) */
    {PL_FN_RANDOM_PINK_NOISE,
     MACRO("RANDOM PINK NOISE(mean, deviation, time, seed)",
           "white = mean + deviation * RANDOM NORMAL(-6, 6, 0, 1, seed) * SQRT((2 - TIME STEP$ / time) / (TIME STEP$ / time)) |"
           "RANDOM PINK NOISE = INTEG((white - RANDOM PINK NOISE) / time,"
           " mean + deviation * RANDOM NORMAL(-6, 6, 0, 1, seed)) |")},
    {PL_FN_NPVE, MACRO("NPVE(stream, rate, start, factor)",
                       "discount = INTEG(-discount * rate / (1 + rate * TIME STEP$), 1 / (1 + rate * TIME STEP$)) |"
                       "sum = INTEG(stream * discount, start) |"
                       "NPVE = (sum + stream * TIME STEP$ * discount) * factor |")},
};

/* DELAY N and SMOOTH N: as many levels as the order says. The outflow of DELAY N goes by the delay time of the step
 * before, the flows inside by the present one. */
static const char *chain_text(pl_reader *reader, bool delay, int order) {
    enum { LINE = 160 };
    size_t room = (size_t)(order + 4) * LINE, used = 0;
    char *text = pl_arena_array(reader->arena, room, 1);
    const char *name = delay ? "DELAY N" : "SMOOTH N";
    used += (size_t)snprintf(text, room, ":MACRO: %s(input, time, start) stage = time / %d | out 0 = input |", name,
                             order);
    if (delay) used += (size_t)snprintf(text + used, room - used, "before = DELAY FIXED(stage, TIME STEP$, stage) |");
    for (int i = 1; i <= order; i++) {
        const char *format = delay ? "level %d = INTEG(out %d - out %d, start * stage) | out %d = level %d / %s |"
                                   : "out %d = INTEG((out %d - out %d) / stage, start) |";
        used += (size_t)snprintf(text + used, room - used, format, i, i - 1, i, i, i, i < order ? "stage" : "before");
    }
    snprintf(text + used, room - used, "%s = out %d | :END OF MACRO:", name, order);
    return text;
}

static pl_macro *chain(pl_reader *reader, bool delay, int order) {
    char key[40];
    int length = snprintf(key, sizeof key, "%s of order %d", delay ? "delay n" : "smooth n", order);
    pl_macro *macro = pl_name_table_get(&reader->prelude, key);
    if (macro) return macro;
    macro = pl_reader_macro_text(reader, chain_text(reader, delay, order));
    macro->function = &pl_functions[delay ? PL_FN_DELAY_N : PL_FN_SMOOTH_N];
    pl_name_table_set(reader->arena, &reader->prelude, pl_arena_text(reader->arena, key, (size_t)length), macro);
    return macro;
}

pl_macro *pl_prelude_macro(pl_reader *reader, const pl_function *function, int order) {
    if (order > 0) return chain(reader, function->id == PL_FN_DELAY_N, order);
    pl_macro *macro = pl_name_table_get(&reader->prelude, function->name);
    for (size_t i = 0; !macro && i < sizeof texts / sizeof *texts; i++)
        if (texts[i].id == function->id) {
            macro = pl_reader_macro_text(reader, texts[i].text);
            macro->function = function;
            pl_name_table_set(reader->arena, &reader->prelude, function->name, macro);
        }
    return macro;
}
