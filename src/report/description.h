/* What `parley describe` says, gathered: shared by its text and its JSON. */
#ifndef PL_DESCRIPTION_H
#define PL_DESCRIPTION_H
#include "report/text.h"
#include "study/loops.h"

enum { PL_SHOWN_LOOPS = 20, PL_SHOWN_ELEMENTS = 12 };

typedef struct pl_description {
    const pl_model *model;
    const pl_variable *variable; /* NULL: the whole model */
    int element;                 /* asked for; -1: all */
    pl_structure *structure;
    pl_loops loops;
    pl_loop_count loop_count; /* through the variable, or of all */
    pl_loop shortest[PL_SHOWN_LOOPS];
    int shown_loops;
    bool compiled; /* else the three below are not known */
    double start, final, step, save;
    double *initial; /* [variable->size] at INITIAL TIME; NaN where it has none */
} pl_description;

const char *pl_kind_name(pl_variable_kind kind);
const char *pl_method_name(pl_method method);
const char *pl_sign_text(pl_sign sign); /* "+", "-", "?" */
/* The right side of an equation as a text without line breaks; also of what the reader of XMILE has put together. */
void pl_equation_print(pl_text *out, const pl_model *model, const pl_equation *equation);
/* Whether an equation's text is only the initial value of a stock: XMILE names its flows apart. */
bool pl_equation_is_initial(const pl_model *model, const pl_equation *equation);
/* The rate of such a stock: "births - deaths". */
void pl_rate_print(pl_text *out, const pl_expr *rate);
/* "[region,a1]" as the left side has it; "" where there is none. */
void pl_left_print(pl_text *out, const pl_equation *equation);

void pl_description_text(const pl_description *d, pl_text *out);
pl_status pl_description_json(const pl_description *d, char **text, size_t *length);
#endif
