/* The table of builtins, from the rows of functions.h, and finding one by its name. */
#include "model/functions.h"

#include <string.h>

#include "model/reader.h"

#define ELEMENTWISE(id, vensim, xmile, arity, value, text, example)                                                    \
    {PL_FN_##id, PL_FUNCTION_ELEMENTWISE, #id, vensim, xmile, arity, arity, text, example, 0},
#define TIMED(id, vensim, xmile, arity, value, text, example)                                                          \
    {PL_FN_##id, PL_FUNCTION_ELEMENTWISE, #id, vensim, xmile, arity, arity, text, example, 1},
#define PRELUDE(id, vensim, xmile, least, most, text, example)                                                         \
    {PL_FN_##id, PL_FUNCTION_PRELUDE, #id, vensim, xmile, least, most, text, example, 0},
#define FORM(id, vensim, xmile, least, most, text, example)                                                            \
    {PL_FN_##id, PL_FUNCTION_FORM, #id, vensim, xmile, least, most, text, example, 0},

const pl_function pl_functions[] = {PL_FUNCTIONS(ELEMENTWISE, TIMED, PRELUDE, FORM)};

const pl_refused_function pl_refused_functions[] = {
#define X(name, why) {name, why},
    PL_REFUSED_FUNCTIONS(X)
#undef X
};

const pl_refused_function *pl_refused_find(const char *key) {
    for (int i = 0; i < PL_REFUSED_COUNT; i++) {
        char folded[64];
        pl_name_fold(pl_refused_functions[i].name, strlen(pl_refused_functions[i].name), folded);
        if (strcmp(folded, key) == 0) return &pl_refused_functions[i];
    }
    return NULL;
}

int pl_function_draws(const pl_function *function) {
    return function->id >= PL_FN_RANDOM_0_1 && function->id <= PL_FN_DRAW_WEIBULL;
}

/* The next of the spellings separated by |, folded into out; NULL behind the last. */
static const char *next_spelling(const char *spellings, char *out, size_t room) {
    size_t length = strcspn(spellings, "|");
    if (length == 0) return NULL;
    if (length < room) pl_name_fold(spellings, length, out);
    else out[0] = 0;
    return spellings[length] == '|' ? spellings + length + 1 : spellings + length;
}

/* Operators come first in the table; no name in a text means them. */
static bool is_operator(const pl_function *function) { return function->id <= PL_FN_NOT; }

static const char *spellings_of(const pl_function *function, pl_dialect dialect) {
    return dialect == PL_VENSIM ? function->vensim : function->xmile;
}

const pl_function *pl_function_find(const char *key, pl_dialect dialect) {
    for (int i = 0; i < PL_FN_COUNT; i++) {
        const char *spellings = is_operator(&pl_functions[i]) ? "" : spellings_of(&pl_functions[i], dialect);
        char spelling[64];
        while ((spellings = next_spelling(spellings, spelling, sizeof spelling)))
            if (strcmp(spelling, key) == 0) return &pl_functions[i];
    }
    return NULL;
}

void pl_function_names(pl_arena *arena, pl_name_table *names, pl_dialect dialect) {
    for (int i = 0; i < PL_FN_COUNT; i++) {
        const char *spellings = is_operator(&pl_functions[i]) ? "" : spellings_of(&pl_functions[i], dialect);
        char spelling[64];
        while ((spellings = next_spelling(spellings, spelling, sizeof spelling)))
            pl_name_table_set(arena, names, pl_arena_text(arena, spelling, strlen(spelling)), (void *)&pl_functions[i]);
    }
}

void pl_function_offer(pl_nearest *nearest, pl_dialect dialect) {
    for (int i = 0; i < PL_FN_COUNT; i++) {
        const char *spellings = is_operator(&pl_functions[i]) ? "" : spellings_of(&pl_functions[i], dialect);
        char spelling[64];
        if (next_spelling(spellings, spelling, sizeof spelling) && !strchr(spellings, '|'))
            pl_nearest_offer(nearest, spellings, spelling);
    }
}

int pl_function_count(void) { return PL_FN_COUNT; }

pl_function_row pl_function_get(int index) {
    const pl_function *function = &pl_functions[index];
    return (pl_function_row){function->name, function->vensim, function->xmile,  function->least,
                             function->most, function->text,   function->example};
}
