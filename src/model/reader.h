/* What the files of the reader share; private to src/model.
 *
 * mdl.c (with lexer.c and expression.c) fills a pl_reader with raw variables, dimensions and macros; resolve.c (with
 * subscript.c, bind.c, expand.c and prelude.c) turns them into the model.  Errors go to pl_reader_error: recorded, and
 * the reader goes on with the next equation.  Memory is the model's arena, which leaves the reader when it runs dry. */
#ifndef PL_READER_H
#define PL_READER_H
#include <setjmp.h>

#include "model/model.h"

/* ---- limits: what a hostile text could otherwise make endless ------------------------------------------- */
enum {
    PL_LONGEST_NAME = 2000,        /* bytes */
    PL_DEEPEST_EXPRESSION = 1000,  /* levels of a tree: recursion over it is safe */
    PL_DEEPEST_BRACKETS = 250,
    PL_LONGEST_LIST = 4000000,     /* numbers or points in one equation */
    PL_MOST_ELEMENTS = 1 << (24 - PL_SMALLER), /* of all variables and of all left sides of a model, and of one reduction */
    PL_MOST_SUBSCRIPTS = 1 << (20 - PL_SMALLER), /* elements of all dimensions together */
    PL_DEEPEST_MACRO = 40,
    PL_MOST_EXPANSIONS = 200000,   /* of macros inside macros */
    PL_MOST_NODES = 1 << 22,       /* of all expressions once macros are written out, and 8 for each byte of the text */
    PL_MOST_NAMED = 1 << 26,       /* bytes of the names that ranges of subscripts make */
    PL_MOST_FINDINGS = 100,
    PL_MOST_COMPARED = 20000       /* names looked at for the nearest ones to a misspelt one */
};

/* ---- name tables (name.c): folded name -> anything ------------------------------------------------------ */
/* A folded copy of a name. */
const char *pl_name_key(pl_arena *arena, const char *name, size_t length);

/* The nearest of many names to one that is not among them: offer each, then ask for the text ("", or
 * "; did you mean 'a', 'b'?"). */
enum { PL_NEAREST_COUNT = 3 };
typedef struct pl_nearest {
    const char *key;
    const char *names[PL_NEAREST_COUNT];
    int distances[PL_NEAREST_COUNT];
    int compared;
} pl_nearest;
void pl_nearest_offer(pl_nearest *nearest, const char *name, const char *key);
const char *pl_nearest_text(const pl_nearest *nearest, char *out, size_t room);

/* ---- the reader ----------------------------------------------------------------------------------------- */
typedef struct pl_macro {
    const char *name, *key;
    const char **inputs, **outputs; /* folded */
    int input_count, output_count;
    pl_variable **variables; /* raw: never resolved themselves, copied at each call */
    int variable_count, variable_room;
    pl_name_table names;
    bool built_in;
    const pl_function *function; /* that it defines, of the prelude; else NULL */
    pl_position at;
} pl_macro;

typedef struct pl_raw_mapping {
    pl_subscript_name target, *items; /* no items: by position */
    int item_count;
    struct pl_raw_mapping *next;
} pl_raw_mapping;

typedef struct pl_raw_dimension {
    pl_dimension dimension; /* first: the model's list points to it */
    pl_subscript_name *names, alias; /* elements and dimensions as listed; "name <-> alias" */
    int name_count, name_room;
    pl_name_table places; /* of XMILE: key -> number of an element from 1, made at the first search */
    pl_raw_mapping *mappings;
    int state; /* 0: untouched, 1: in work, 2: done */
    bool broken;
    pl_axis axis;
} pl_raw_dimension;

typedef struct pl_reader {
    pl_model *model; /* NULL for a lone expression */
    const char *file, *text;
    size_t length;
    int first_line; /* of the text in its file */
    pl_arena *arena;
    pl_findings *findings;
    pl_error *error; /* the first error; NULL: nobody asks */
    int error_count, finding_count;
    bool flat_comments; /* comments do not nest in this text: lexer.c */
    pl_status status; /* of the first error */
    jmp_buf out_of_memory, next_equation;
    pl_name_table functions; /* of the dialect: key -> pl_function */
    pl_name_table dimensions, elements, macros, prelude; /* elements: key -> pl_element_use */
    struct pl_map_entry *maps;                  /* subscript.c's memory of maps made before */
    pl_macro *macro;     /* the one whose body is being read */
    const char *group;
    pl_variable **hidden; /* put behind the others at the end */
    int hidden_count, hidden_room;
    int element_total;   /* of all variables so far */
    int expansions, subscript_total;
    pl_position now; /* of the expression that is bound */
    double named; /* bytes of the names that ranges of subscripts have made */
    double nodes; /* of expressions so far: of XMILE, and all that are bound */
    bool *taken;  /* subscript.c's room for the elements of one dimension */
    int taken_room;
    int trial;   /* 1 + the reality check that is tried; 0: none */
    double work; /* spent on checks whose time is a product of sizes */
    const char *folder;         /* of the model's file; NULL: the text is from memory, and no file is read */
    const pl_inputs *inputs;    /* files that the caller names; NULL: none */
    pl_arena files;             /* what is read from files; freed when the model is there */
    pl_name_table books, tags;  /* path and delimiter -> pl_book; ?tag -> file */
    bool tags_known;
} pl_reader;

/* Records an error at a place in the model's text. */
void pl_reader_error(pl_reader *reader, pl_status status, pl_position at, const char *format, ...) PL_FORMAT(4, 5);
void pl_reader_note(pl_reader *reader, pl_severity severity, pl_position at, const char *format, ...) PL_FORMAT(4, 5);

/* Whether there is time for a check of `steps` steps; once too much has been spent an error is recorded. */
bool pl_reader_spend(pl_reader *reader, double steps, pl_position at);
bool pl_reader_is_spent(const pl_reader *reader); /* no time is left, and the error is said: what is missing now is no other */
/* Whether there is room for more nodes of expressions; once there is not an error is recorded. */
bool pl_reader_grow(pl_reader *reader, double nodes, pl_position at);

/* Reads a text as if it stood in the folder of a file. */
pl_status pl_model_parse_beside(const char *text, size_t length, const char *file, pl_model **model, pl_error *error);

/* ---- lexer.c -------------------------------------------------------------------------------------------- */
typedef enum pl_token_kind {
    PL_TOKEN_END, PL_TOKEN_NAME, PL_TOKEN_NUMBER, PL_TOKEN_SYMBOL, PL_TOKEN_KEYWORD, PL_TOKEN_OTHER
} pl_token_kind;

typedef struct pl_token {
    pl_token_kind kind;
    pl_position at, end;
    const char *from;       /* first byte in the text */
    size_t length;
    const char *name, *key; /* NAME */
    double number;
    const char *symbol;     /* SYMBOL "<=", KEYWORD ":AND:": one of the texts of lexer.c */
} pl_token;

typedef struct pl_lexer {
    pl_reader *reader;
    pl_arena *arena;
    const char *at, *end, *line_start;
    int line, column_offset; /* column of the first byte of the first line, less 1 */
    pl_token token; /* the current one */
    pl_position last_end; /* of the token before it */
    int depth;
    bool by_line; /* no name goes on in the next line */
} pl_lexer;

void pl_lexer_next(pl_lexer *lexer);
bool pl_lexer_is(const pl_lexer *lexer, const char *symbol);
bool pl_lexer_accept(pl_lexer *lexer, const char *symbol);
void pl_lexer_expect(pl_lexer *lexer, const char *symbol, const char *where);
/* A text between single quotes behind the current token, which moves on to what follows it. */
const char *pl_lexer_literal(pl_lexer *lexer, pl_position *at);
/* The byte behind the comment that begins at lexer->at; NULL where it is not closed. */
const char *pl_lexer_comment_end(pl_lexer *lexer);
pl_position pl_lexer_position(const pl_lexer *lexer, const char *at);
/* The current token for a message: 'x', end of the equation, ... */
const char *pl_token_text(const pl_token *token, char *out, size_t room);
/* Records an error and leaves for the next equation. */
void pl_lexer_fail(pl_lexer *lexer, pl_position at, const char *format, ...) PL_FORMAT(3, 4) __attribute__((noreturn));

/* ---- expression.c --------------------------------------------------------------------------------------- */
/* The operator-precedence (Pratt) parser that both dialects share: a table of operators, and how to look at the tokens
 * of a lexer.  The depth of brackets is bounded: fail_depth records it and leaves for the next equation. */
typedef struct pl_operator {
    const char *symbol;
    pl_function_id function;
    int left, right; /* binding powers; a right one below the left groups to the right */
} pl_operator;

typedef struct pl_grammar {
    const pl_operator *operators;
    int count;
    bool (*is)(const void *lexer, const char *symbol);
    void (*next)(void *lexer);
    pl_expr *(*prefix)(void *lexer);
    pl_expr *(*combine)(void *lexer, pl_function_id function, pl_expr *left, pl_expr *right);
    void (*fail_depth)(void *lexer);
} pl_grammar;

#define PL_TOO_MANY_BRACKETS "brackets are nested more than %d levels deep"

/* An expression whose operators bind at least as strongly as power; *depth counts the brackets around. */
pl_expr *pl_grammar_expression(const pl_grammar *grammar, void *lexer, int *depth, int power);

pl_expr *pl_lexer_expression(pl_lexer *lexer);
/* "[a, b!, c]" at the current token, into names. */
int pl_lexer_subscripts(pl_lexer *lexer, pl_subscript_name **names);
/* The inside of a lookup, from behind its "(" to its ")". */
pl_table *pl_lexer_table(pl_lexer *lexer);
/* A number with an optional sign; false where there is none at the current token. */
bool pl_lexer_signed_number(pl_lexer *lexer, double *number);

/* ---- mdl.c ---------------------------------------------------------------------------------------------- */
/* Reads equations, dimensions, macros and settings of a whole text. */
void pl_reader_mdl(pl_reader *reader);
/* Reads the text of one macro of the prelude, from ":MACRO:" on; its positions are 0. */
pl_macro *pl_reader_macro_text(pl_reader *reader, const char *text);
pl_variable *pl_reader_variable(pl_reader *reader, const char *name, const char *key, pl_position at);
/* A new variable that is never printed; name is for messages and noise. */
pl_variable *pl_reader_hidden(pl_reader *reader, const char *name, pl_position at);
void pl_reader_hidden_to_model(pl_reader *reader);
/* Makes a macro known. */
void pl_reader_macro(pl_reader *reader, pl_macro *macro);
pl_equation *pl_reader_equation(pl_reader *reader, pl_variable *variable, pl_position at);

/* ---- xmile.c -------------------------------------------------------------------------------------------- */
/* Reads a whole XMILE file. */
void pl_reader_xmile(pl_reader *reader);

/* ---- subscript.c ---------------------------------------------------------------------------------------- */
typedef struct pl_element_use { /* the dimensions that an element belongs to, in the order of the source */
    pl_dimension *dimension;
    struct pl_element_use *next, *last;
} pl_element_use;

void pl_reader_dimensions(pl_reader *reader);
pl_axis *pl_dimension_axis(pl_dimension *dimension);
/* The index of an element in a dimension, its position in an axis; -1 where it is not there. */
int pl_dimension_find(const pl_dimension *dimension, const char *key);
int pl_axis_find(const pl_axis *axis, const char *key);
/* Whether `name` on the right side can stand for an element of each one that an iteration over `over` meets. */
bool pl_dimension_follows(const pl_dimension *name, const pl_dimension *over);
/* The index in `name` that it stands for at each position of `over`; -1: none. */
int pl_dimension_follow(const pl_dimension *name, const pl_dimension *over, int position);
/* The index in `name` that it stands for at each position of `over`, -1 where there is none: [over->count]; NULL: it cannot
 * stand there. What is asked for again is not made again, here and below. */
const int *pl_reader_follow(pl_reader *reader, const pl_dimension *name, const pl_dimension *over);
/* The number in its family of the element that `name` stands for at each position of `over`; 0: none. */
const int *pl_reader_numbers(pl_reader *reader, const pl_dimension *name, const pl_dimension *over);
/* Where an iteration over `over` finds `name` in `axis`: [over->count]. NULL and the position of the first element that
 * is not there in *missing. */
const int *pl_reader_map(pl_reader *reader, const pl_dimension *over, const pl_dimension *name, const pl_axis *axis,
                         int *missing);
/* The same where `name` goes along with an axis element by element, in order, whatever it is. */
const int *pl_reader_ordered(pl_reader *reader, const pl_dimension *over, const pl_dimension *name, const pl_axis *axis,
                             int *missing);
/* Works out the shape of a variable and the axes and cells of its equations, or marks it as broken. */
void pl_reader_shape(pl_reader *reader, pl_variable *variable);
/* Records that a name is no dimension and no element. */
void pl_reader_unknown_subscript(pl_reader *reader, pl_subscript_name name);

/* ---- bind.c, expand.c ----------------------------------------------------------------------------------- */

enum { PL_MOST_AXES = 32 };

/* What names mean inside one equation: its iteration axes, then those of the reductions around; inside a macro also
 * the arguments and inner variables of this call. */
typedef struct pl_call_scope {
    const struct pl_call_scope *outer; /* of the call around this one; NULL */
    pl_macro *macro;
    pl_name_table locals; /* key -> bound expression */
    int depth;
} pl_call_scope;

typedef struct pl_binder {
    pl_reader *reader;
    pl_variable *variable;
    pl_equation *equation;
    pl_axis *axes[PL_MOST_AXES];
    bool reduced[PL_MOST_AXES];
    int axis_count;
    pl_call_scope *scope; /* NULL outside macros */
    pl_position call_at;  /* where the outermost macro was called, for what has no place of its own */
    int calls, expansions;
} pl_binder;

void pl_binder_equation(pl_reader *reader, pl_equation *equation, pl_call_scope *scope, pl_position call_at);
/* A bound call of a macro with bound arguments: a reference to the hidden variable that holds its result. */
pl_expr *pl_binder_expand(pl_binder *binder, pl_macro *macro, const pl_expr *call, pl_expr **args, int arg_count);
/* What the named output of a macro's call stands for, once the call is bound; NULL: an error is recorded. */
pl_expr *pl_binder_output(pl_binder *binder, const pl_expr *raw);
/* The value of an expression that numbers, constants and simple arithmetic decide, as at the start; else NaN. */
double pl_reader_evaluate(const pl_reader *reader, const pl_expr *expr);
/* The same for a number that shapes the model: the variables that decide it are marked as settled. */
double pl_reader_settle(const pl_reader *reader, const pl_expr *expr);
/* The order that DELAY N gets: Vensim lowers it until a stage takes a whole step. */
int pl_reader_delay_order(const pl_reader *reader, const pl_expr *time, int order);

/* ---- reality.c ------------------------------------------------------------------------------------------ */
/* Lists a reality check or a test input, at its keyword; in a trial its text is read too. */
void pl_reality_read(pl_lexer *lexer, pl_token name, const pl_subscript_name *names, int name_count);
/* Changes what has been read for the trial. */
void pl_reality_try(pl_reader *reader);

/* ---- resolve.c ------------------------------------------------------------------------------------------ */
void pl_reader_resolve(pl_reader *reader);

/* ---- prelude.c ------------------------------------------------------------------------------------------ */
/* The macro that defines a function of the prelude; order is the order of DELAY N and SMOOTH N. */
pl_macro *pl_prelude_macro(pl_reader *reader, const pl_function *function, int order);

/* ---- functions.c ---------------------------------------------------------------------------------------- */
/* The function of a folded name in a dialect, NULL where there is none; for a few names. */
const pl_function *pl_function_find(const char *key, pl_dialect dialect);
/* Fills a table with the names of a dialect, folded, each to its pl_function. Operators have none. */
void pl_function_names(pl_arena *arena, pl_name_table *names, pl_dialect dialect);
/* The row of a folded name among those that are refused, or NULL. */
const pl_refused_function *pl_refused_find(const char *key);
void pl_function_offer(pl_nearest *nearest, pl_dialect dialect);
#endif
