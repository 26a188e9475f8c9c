/* What the files of the writer share; private to src/model.
 *
 * write.c makes a pl_writer and chooses; write_mdl.c and write_xmile.c write whole files from the expressions as they
 * were parsed (pl_equation.raw), write_expression.c one expression in the dialect that is written, write_forms.c what
 * functions are called there, and write_xml.c an XMILE file anew from its own text.  What has no counterpart is an
 * error with its place; nothing is given then.  Memory is the writer's arena. */
#ifndef PL_WRITE_H
#define PL_WRITE_H
#include "model/reader.h"

enum {
    PL_LONGEST_EQUATION = 1000000,   /* bytes of one written equation */
    PL_LONGEST_MODEL = 1 << 29,      /* bytes */
    PL_MOST_TERMS = 900              /* elements of a sum that is written term by term */
};

/* A dimension that stands for one of its elements while an equation is written element by element. */
typedef struct pl_fixed {
    const pl_dimension *dimension;
    int position;
    bool reduced;
} pl_fixed;

/* A call that must stand alone in Vensim: it becomes a variable of its own, behind the one that it was a part of. */
typedef struct pl_aside {
    const pl_expr *expr;
    const pl_equation *equation;
    const char *name;
    struct pl_aside *next;
} pl_aside;

typedef struct pl_writer {
    const pl_model *model;
    pl_dialect to;
    pl_reader reader; /* errors, the arena, and the names of functions in the dialect that was read */
    pl_arena arena;
    char *text;
    int length, room;
    int equation_from; /* where the equation in work began */
    pl_name_table dimensions, elements; /* key -> pl_dimension; key -> the first one that has the element */
    pl_name_table macros;               /* key -> pl_macro */
    pl_name_table taken;                /* keys that the written model uses */
    pl_name_table flows;                /* XMILE: key -> role (write_xmile.c) */
    const char **lookup_names;          /* by variable: what a lookup that nobody sees is called in the written model */
    struct graph *first_graph, *last_graph; /* XMILE: functions that are written behind the variables (write_xmile.c) */
    pl_name_table graphs;
    const pl_expr *whole; /* Vensim: the whole right side in work */
    pl_aside *first_aside, *last_aside;
    const char *line_text; /* Vensim: where a line of the text that was read begins, and its number */
    int line;
    int reductions;       /* around the expression in work */
    pl_model *again;                    /* the written text, read */
    const pl_macro *macro;              /* whose body is written */
    const pl_variable *variable;
    const pl_equation *equation;
    pl_fixed fixed[PL_MOST_AXES];
    int fixed_count;
    bool bounds;     /* infinity may stand for no bound */
    unsigned used_helpers; /* macros of ours that calls need (write_forms.c) */
    bool saveper_used;
} pl_writer;

/* ---- write.c -------------------------------------------------------------------------------------------- */
void pl_writer_put(pl_writer *w, const char *text);
void pl_writer_format(pl_writer *w, const char *format, ...) PL_FORMAT(2, 3);
void pl_writer_number(pl_writer *w, double number, pl_position at);
/* Refuses something by name. */
void pl_writer_refuse(pl_writer *w, pl_position at, const char *format, ...) PL_FORMAT(3, 4);
/* A name as an equation of the written dialect spells it, in quotes where it must be. */
void pl_writer_name(pl_writer *w, const char *name);
/* A name without any escapes of the dialect that was read. */
const char *pl_writer_plain_name(pl_writer *w, const char *name);
/* A name that nothing has yet: the base, or the base and a number. */
const char *pl_writer_new_name(pl_writer *w, const char *base);
/* The equation's expressions as parsed. */
const pl_expr *pl_equation_parsed(const pl_equation *equation);
const pl_expr *pl_equation_parsed_initial(const pl_equation *equation);
bool pl_writer_is_control(const pl_writer *w, const pl_variable *variable);

/* ---- write_expression.c --------------------------------------------------------------------------------- */
/* Writes an expression; in brackets where it binds less than `power` (0: never). */
void pl_writer_expression(pl_writer *w, const pl_expr *expr, int power);
/* Asks a graphical function of XMILE for its value; `name` holds the subscripts of the lookup. */
void pl_writer_ask(pl_writer *w, const pl_expr *name, const pl_variable *lookup, const pl_expr *argument,
                   bool extrapolate);
/* The subscripts of a left side, or nothing where there are none. */
void pl_writer_subscripts(pl_writer *w, const pl_subscript_name *names, int count);
/* Whether an expression can be written as it is for all elements of the equation's left side at once. */
bool pl_writer_fits_all(pl_writer *w, const pl_expr *expr);
/* The points of a lookup, with the range for drawing, as Vensim has them. */
void pl_writer_points(pl_writer *w, const pl_table *table);
/* The function that a parsed call means; NULL: a macro, a lookup or unknown. */
const pl_function *pl_writer_function(const pl_writer *w, const pl_expr *expr);
/* The lookup that a call asks, and its argument; NULL where it is no such call. */
const pl_variable *pl_writer_lookup_call(const pl_writer *w, const pl_expr *expr, const pl_expr **argument);
/* The dimension or the fixed element that a name stands for; -1 in *position: itself. */
const pl_dimension *pl_writer_dimension(const pl_writer *w, const pl_subscript_name *name, int *position);

/* ---- write_forms.c -------------------------------------------------------------------------------------- */
enum { PL_POWER_ATOM = 100 };
/* How a call of a function is written in a dialect: a text in which %1, %2 ... are arguments, #1, #2 ... arguments in
 * brackets where they are more than a name or a number, $1 in brackets where they are an IF, %T the time, %D its
 * step. */
typedef struct pl_form {
    pl_function_id id;
    int power; /* binding power of the whole */
    bool by_steps; /* written with the time, so by Runge-Kutta it would change inside a step */
    const char *text;
    const char *needs; /* arguments that must be a number: "5061" = the fifth 0, the sixth 1; NULL: none */
} pl_form;
/* NULL: the function has no counterpart, or is written by its name in the table. */
const pl_form *pl_form_find(pl_function_id id, pl_dialect dialect);
/* Writes the call of a builtin. */
void pl_writer_call(pl_writer *w, const pl_function *function, const pl_expr *expr, int power);
/* The macros that calls written before need, as XMILE. */
void pl_writer_helpers(pl_writer *w);
/* The function of Vensim that such a macro stands for, by its key, where XMILE is written as Vensim. */
const pl_function *pl_writer_helper(const pl_writer *w, const char *key);

/* ---- the formats ---------------------------------------------------------------------------------------- */
void pl_writer_mdl(pl_writer *w);
void pl_writer_xmile(pl_writer *w);
/* The name of the graphical function that an element of a lookup is in XMILE; it is written behind the variables. */
const char *pl_writer_graph(pl_writer *w, const pl_variable *lookup, int element, bool extrapolate);
/* An XMILE file written anew with all that it holds. */
void pl_writer_xml(pl_writer *w);
/* Text with the characters of XML replaced; in an attribute also line ends. */
void pl_writer_escaped(pl_writer *w, const char *text, size_t length, bool attribute);
#endif
