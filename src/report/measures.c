/* See measures.h. */
#include "report/measures.h"

#include <math.h>

static const char *or_name(const char *title, const char *name) { return *title ? title : name; }

const char *pl_measure_title(const pl_measure *measure, pl_language language) {
    return or_name(measure->title.in[language], measure->name);
}

const char *pl_actor_title(const pl_actor *actor, pl_language language) {
    return or_name(actor->title.in[language], actor->name);
}

const char *pl_course_title(const pl_course *course, pl_language language) {
    return or_name(course->title.in[language], course->name);
}

/* Each take in words; %s is the variable. */
static const char *const takes[PL_TAKE_COUNT][PL_LANGUAGES] = {
    [PL_TAKE_FINAL] = {"final value of %s", "valor final de %s"},
    [PL_TAKE_INITIAL] = {"first value of %s", "primer valor de %s"},
    [PL_TAKE_AT] = {"value of %s", "valor de %s"},
    [PL_TAKE_MEAN] = {"mean of %s", "media de %s"},
    [PL_TAKE_SUM] = {"sum of %s", "suma de %s"},
    [PL_TAKE_INTEGRAL] = {"%s accumulated", "%s acumulado"},
    [PL_TAKE_MIN] = {"smallest value of %s", "valor mínimo de %s"},
    [PL_TAKE_MAX] = {"largest value of %s", "valor máximo de %s"},
    [PL_TAKE_CHANGE] = {"change of %s", "cambio de %s"},
    [PL_TAKE_FIRST_ABOVE] = {"first time at which %s is above ", "primer momento en que %s supera "},
    [PL_TAKE_FIRST_BELOW] = {"first time at which %s is below ", "primer momento en que %s baja de "},
};

static void put_window(pl_text *out, double from, double to, pl_take take, bool spanish) {
    if (take == PL_TAKE_AT) {
        pl_text_put(out, spanish ? " en " : " at ");
        pl_text_number(out, from);
        return;
    }
    if (!isnan(from)) {
        pl_text_put(out, isnan(to) ? (spanish ? ", desde " : ", from ") : ", ");
        pl_text_number(out, from);
    }
    if (!isnan(to)) {
        pl_text_put(out, isnan(from) ? (spanish ? ", hasta " : ", up to ") : (spanish ? " a " : " to "));
        pl_text_number(out, to);
    }
}

void pl_measure_describe(pl_text *out, const pl_measure *measure, pl_language language) {
    const pl_measure_spec *spec = &measure->spec;
    char variable[256];
    pl_variable_element_name(spec->variable, spec->element, variable, sizeof variable);
    const char *words = takes[spec->take][language];
    for (const char *s = words; *s; s++) {
        if (s[0] == '%') {
            pl_text_put(out, variable);
            s++;
        } else {
            pl_text_put_bytes(out, s, 1);
        }
    }
    if (spec->take == PL_TAKE_FIRST_ABOVE || spec->take == PL_TAKE_FIRST_BELOW) pl_text_number(out, spec->threshold);
    put_window(out, spec->from, spec->to, spec->take, language == PL_ES);
}
