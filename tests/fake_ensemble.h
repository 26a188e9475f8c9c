/* A small situation from texts in memory, and an ensemble of it whose numbers a test fills by hand.  Two actors with
 * two courses each: the profiles are (left, up), (left, down), (right, up), (right, down). */
#ifndef FAKE_ENSEMBLE_H
#define FAKE_ENSEMBLE_H
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ensemble/ensemble.h"

static const char fake_model[] =
    "{UTF-8}\n"
    "level = INTEG(growth * level + push + pull, 10)\n\t~ widgets ~ |\n"
    "growth = 0.01\n\t~ 1/year ~ |\n"
    "push = 0\n\t~ widgets/year ~ |\n"
    "pull = 0\n\t~ widgets/year ~ |\n"
    "INITIAL TIME = 2000 ~ year ~ |\nFINAL TIME = 2010 ~ year ~ |\n"
    "TIME STEP = 0.5 ~ year ~ |\nSAVEPER = 0.5 ~ year ~ |\n";

#define FAKE_SITUATION(title)                                                                      \
    "parley: 1\n"                                                                                  \
    "title: {en: \"" title "\", es: \"Prueba: " title "\"}\n"                                      \
    "model: model.mdl\n"                                                                           \
    "run: {from: 2002, futures: 100, seed: 7}\n"                                                   \
    "base: start\n"                                                                                \
    "actors:\n"                                                                                    \
    "  row:\n"                                                                                     \
    "    title: {en: The row, es: La fila}\n"                                                      \
    "    courses: {left: {set: {push: 0}}, right: {set: {push: 1}}}\n"                             \
    "    wants: {height: {weight: 1, per: 2}}\n"                                                   \
    "  column:\n"                                                                                  \
    "    courses: {up: {set: {pull: 0}}, down: {set: {pull: -1}}}\n"                               \
    "    wants: {height: {weight: -1, per: 1}}\n"                                                  \
    "uncertainties:\n"                                                                             \
    "  growth: {uniform: [0, 0.05], source: \"<i>P1</i>\", contested: true}\n"                     \
    "measures:\n"                                                                                  \
    "  height: {title: {en: Height, es: Altura}, of: level, take: final}\n"                        \
    "  \"mean, of all\": {of: level, take: mean}\n"                                                \
    "profiles:\n"                                                                                  \
    "  start: {title: {en: Start, es: Inicio}, row: left, column: up}\n"                           \
    "  push: {title: {en: Push & pull, es: Empuje}, row: right, column: up}\n"                     \
    "risks:\n"                                                                                     \
    "  too high: \"height > 1.2 * base(height)\"\n"

/* All numbers are 0 and the design is random; the arena owns the arrays. */
static pl_ensemble *fake_ensemble(const char *text, long futures) {
    pl_situation *s;
    pl_error error;
    size_t length = strlen(text), model_length = strlen(fake_model);
    if (pl_situation_parse(text, length, "situation.yaml", fake_model, model_length, &s, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    pl_ensemble *e = pl_allocate(sizeof *e);
    assert_non_null(e);
    e->situation = s;
    e->profiles = pl_situation_combinations(s);
    e->futures = futures;
    e->seed = s->seed;
    e->measure_count = s->measure_count;
    e->actor_count = s->actor_count;
    e->uncertainty_count = s->uncertainty_count;
    e->base = pl_situation_combination(s, s->base_course);
    size_t cases = (size_t)e->profiles * (size_t)futures;
    e->measures = PL_ARRAY(&e->arena, cases * (size_t)e->measure_count, double);
    e->payoffs = PL_ARRAY(&e->arena, cases * (size_t)e->actor_count, double);
    e->draws = PL_ARRAY(&e->arena, (size_t)futures * (size_t)e->uncertainty_count, double);
    e->failed = PL_ARRAY(&e->arena, cases, unsigned char);
    return e;
}

static double *fake_measure(pl_ensemble *e, int measure, long profile) {
    return e->measures + (measure * e->profiles + profile) * e->futures;
}

static double *fake_payoff(pl_ensemble *e, int actor, long profile) {
    return e->payoffs + (actor * e->profiles + profile) * e->futures;
}
#endif
