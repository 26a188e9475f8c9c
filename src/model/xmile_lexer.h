/* What the files share that read equations of XMILE: xmile_lexer.c (tokens), xmile_subscripts.c, xmile_expression.c. */
#ifndef PL_XMILE_LEXER_H
#define PL_XMILE_LEXER_H
#include "model/xmile.h"

typedef struct pl_xmile_token {
    pl_token_kind kind;
    int from, to;
    const char *name, *key; /* NAME */
    double number;
    const char *symbol;     /* SYMBOL, KEYWORD: one of the texts below */
} pl_xmile_token;

typedef struct pl_xmile_lexer {
    pl_xmile *x;
    const char *text;
    const int *offsets;
    int at, length, depth;
    const pl_xmile_place *place;
    bool reducing; /* inside SUM(...) and its kind: * and a bare name mean all elements */
    const pl_raw_dimension *part; /* the last whole dimension or part of one in the reduction */
    pl_xmile_token token;
    int last_to; /* end of the token before */
} pl_xmile_lexer;

/* ---- xmile_lexer.c ---- */
void pl_xmile_next(pl_xmile_lexer *l);
bool pl_xmile_at(const pl_xmile_lexer *l, const char *symbol);
bool pl_xmile_accept(pl_xmile_lexer *l, const char *symbol);
/* The place in the file of a byte of the text. */
pl_position pl_xmile_place_at(const pl_xmile_lexer *l, int at);
/* Records what was expected in the place of the current token, and leaves. */
void pl_xmile_expected(pl_xmile_lexer *l, const char *what) __attribute__((noreturn));

/* ---- xmile_expression.c ---- */
pl_expr *pl_xmile_any_expression(pl_xmile_lexer *l);
pl_expr *pl_xmile_new(pl_xmile *x, pl_expr_kind kind, pl_position at);
/* Whether a key of the whole model is a variable or a graphical function. */
bool pl_xmile_is_known(const pl_xmile *x, const char *key);

/* ---- xmile_subscripts.c ---- */
/* The subscripts of a name without any: those of the equation over the same dimensions, all of them where the name
 * stands in a reduction. */
void pl_xmile_fill_names(pl_xmile_lexer *l, pl_expr *expr, const pl_xmile_shape *shape);
/* Reads "[...]" behind a name; shape is the variable's, NULL where it is not known. Returns what the whole means: the
 * name itself, or a pick by what has to be computed. */
pl_expr *pl_xmile_subscripts(pl_xmile_lexer *l, pl_expr *expr, const pl_xmile_shape *shape);
/* Behind a name: turns its subscripts round where a "'" follows. */
void pl_xmile_transpose(pl_xmile_lexer *l, pl_expr *expr, const pl_xmile_shape *shape);
#endif
