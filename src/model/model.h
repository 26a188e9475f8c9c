/* The model as a tree: what the readers produce, what the compiler and the writers take.
 *
 * A reader (mdl.c, later xmile.c) parses text into variables, equations and expressions with PL_EXPR_NAME leaves;
 * resolve.c then binds every name, works out shapes, expands macros and the prelude (SMOOTH, DELAY3, ... become
 * hidden variables with ordinary stocks) and settles what differs between the dialects.  What leaves
 * pl_model_read without an error is fully resolved, and the compiler needs no name look-up and no dialect.
 * Everything lives in the model's arena. */
#ifndef PL_MODEL_H
#define PL_MODEL_H
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/functions.h"
#include "parley.h"

/* Powers of 2 by which limits are smaller in builds for fuzzing: under sanitizers a model an eighth as large takes as
 * long. */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
enum { PL_SMALLER = 3 };
#else
enum { PL_SMALLER = 0 };
#endif

typedef struct pl_variable pl_variable;
typedef struct pl_equation pl_equation;
typedef struct pl_expr pl_expr;
typedef struct pl_dimension pl_dimension;

typedef struct pl_position { /* from 1; 0: made by the reader itself */
    int line, column;
} pl_position;

/* A table from folded names to things (name.c). */
typedef struct pl_name_table {
    const char **keys;
    void **values;
    int count, room;
} pl_name_table;

/* ---- subscripts ----------------------------------------------------------------------------------------- */

/* A mapping "D: ... -> target" or "-> (target: item, ...)": where an equation iterates over target, D on the right side
 * stands for the matching element. */
typedef struct pl_mapping {
    pl_dimension *target;
    int *from; /* [target->count] position in D of the element that stands for each of target's; -1: none */
    struct pl_mapping *next;
} pl_mapping;

/* A subscript family or a subrange of one. A family is its own family and position[i] == i. */
struct pl_dimension {
    const char *name, *key;
    int count;
    const char **element_names, **element_keys;
    pl_dimension *family; /* itself, or the family that a subrange cuts from */
    int *position;        /* [count] index of each element in the family */
    pl_mapping *mappings;
    pl_name_table elements; /* key -> index + 1, as a pointer */
    pl_position at;
};

/* One axis of a variable's shape or of an equation's iteration: an ordered list of elements of a dimension.
 * For a variable: its whole extent. For an equation: the part that the left side covers. */
typedef struct pl_axis {
    int count;
    const char **names; /* [count] as the model spells them */
    pl_dimension *dimension; /* NULL for an anonymous list */
    const pl_name_table *elements; /* key -> position + 1, as a pointer; NULL for an equation's axes that need none */
} pl_axis;

/* How one subscript of a reference finds the element of the referenced variable's axis.
 * axis < 0: always `element`.  Otherwise: map[i] where i is the position on iteration axis `axis`
 * (0.. = the equation's own axes, then the axes of the enclosing reductions, outermost first). */
typedef struct pl_subscript {
    int axis, element;
    const int *map; /* [count of that axis] */
} pl_subscript;

/* ---- expressions ---------------------------------------------------------------------------------------- */

typedef enum pl_expr_kind {
    PL_EXPR_NUMBER,    /* number */
    PL_EXPR_NAME,      /* before resolving only: name, names of subscripts */
    PL_EXPR_REFERENCE, /* variable, subscripts[variable->rank] */
    PL_EXPR_TIME,      /* the variable Time */
    PL_EXPR_ELEMENT,   /* an iteration axis's element as a value: subscripts[0].map has its index (from 1) */
    PL_EXPR_CALL       /* function, args; operators are functions too */
} pl_expr_kind;

/* One name as it stands in the text between brackets: "DimA", "A1", "DimA!", "*". Before resolving only. */
typedef struct pl_subscript_name {
    const char *name, *key;
    bool reduced; /* followed by ! */
    pl_position at;
    int axis;     /* from 1: whatever is its name, it goes along with this axis of the equation; 0: by its name */
} pl_subscript_name;

/* What a macro's call gives beside its value: "NAME(a, b : x, y)" makes variables of the model x and y. */
typedef struct pl_macro_call {
    int count;
    pl_equation **equations; /* [count] of the variables that it makes */
    pl_variable **results;   /* [count] hidden variables of the call; NULL until it is bound */
} pl_macro_call;

struct pl_expr {
    pl_expr_kind kind;
    pl_position at, end; /* of the first character, and one past the last */
    double number;
    const char *name, *key;          /* NAME: as spelled, folded */
    pl_subscript_name *names;        /* NAME: [name_count] */
    int name_count;
    pl_variable *variable;           /* REFERENCE */
    pl_subscript *subscripts;        /* REFERENCE: [variable->rank]; ELEMENT: [1] */
    const pl_function *function;     /* CALL */
    pl_expr **args;                  /* CALL; also NAME before resolving, where it is called: name(args) */
    int arg_count;
    pl_macro_call *outputs;          /* NAME before resolving: of a call that names outputs, and of each output's equation */
    int output;                      /* there: which one it is, from 1; 0: the call itself */
    int call;                        /* CALL of a draw: its number among those of the equation, from 0: part of its address */
    const pl_expr *origin;           /* REFERENCE to the result of a macro or of a function of the prelude: the call as
                                      * bound, with its arguments; its function is NULL for a macro of the model */
    const struct pl_macro *macro;    /* CALL that is an origin: the macro */
    pl_axis **reduced;               /* CALL of a reduction (SUM ...): the axes it adds, [reduced_count] */
    int reduced_count;
    int height;                      /* 1 for a leaf; at most PL_DEEPEST_EXPRESSION, so recursion over it is safe */
    double size;                     /* before resolving, of XMILE, whose functions may use an argument twice: the leaves and
                                      * calls of the tree as it is walked; at most PL_MOST_NODES */
};

/* ---- variables ------------------------------------------------------------------------------------------ */

typedef struct pl_table { /* a lookup: points in order of x, x strictly increasing */
    int count;
    const double *x, *y;
    double low_x, high_x, low_y, high_y; /* the range given with it, for drawing; NaN where none */
    bool extrapolate; /* outside its points it goes on as the first and the last line, else it is flat */
} pl_table;

/* How data over time are read at a time that is none of their points. X(id, keyword) */
#define PL_DATA_MODES(X)              \
    X(INTERPOLATE, ":INTERPOLATE:")   \
    X(FORWARD, ":LOOK FORWARD:")      \
    X(BACKWARD, ":HOLD BACKWARD:")    \
    X(RAW, ":RAW:")

typedef enum pl_data_mode {
#define X(id, keyword) PL_DATA_##id,
    PL_DATA_MODES(X)
#undef X
        PL_DATA_MODE_COUNT
} pl_data_mode;

/* What a model asks for with GET DIRECT ... or GET XLS ...: its literals as written. X(id, last word, literals) */
#define PL_IMPORTS(X)           \
    X(CONSTANTS, "constants", 3) \
    X(DATA, "data", 4)           \
    X(LOOKUPS, "lookups", 4)     \
    X(SUBSCRIPT, "subscript", 5)

typedef enum pl_import_kind {
#define X(id, word, literals) PL_IMPORT_##id,
    PL_IMPORTS(X)
#undef X
        PL_IMPORT_COUNT
} pl_import_kind;

enum { PL_MOST_LITERALS = 5 };
typedef struct pl_import {
    pl_import_kind kind;
    const char *function; /* as spelled */
    const char *literals[PL_MOST_LITERALS]; /* file, tab, ...; never NULL */
    pl_position at, places[PL_MOST_LITERALS];
} pl_import;

typedef enum pl_variable_kind {
    PL_CONSTANT,  /* every equation is a number: may be a lever, an uncertainty, or set by --set */
    PL_AUXILIARY,
    PL_STOCK,     /* equations have a rate and an initial value; those without one are auxiliaries */
    PL_LOOKUP,    /* tables; no value of its own */
    PL_DATA       /* every equation is data over time */
} pl_variable_kind;

/* One equation covers the product of its axes. cells[i], i row-major over the axes (last fastest), is the flat
 * element of the variable that iteration i defines, or -1 where :EXCEPT: leaves it out. cell_count is the product
 * of the axes' counts (1 where there are none). */
struct pl_equation {
    pl_variable *variable;
    pl_axis **axes;
    int axis_count;
    int *cells;
    int cell_count;
    pl_expr *expr;    /* AUXILIARY: the value. CONSTANT: a NUMBER or, for a list, NULL with numbers[cell_count] */
    double *numbers;  /* CONSTANT: [cell_count], always filled */
    pl_expr *initial; /* STOCK: expr is the rate, this the value at the start; NULL: expr is the value */
    pl_table *table;  /* LOOKUP: the same for all cells of this equation, else in tables */
    pl_table **tables; /* LOOKUP and data that were imported: [cell_count] */
    bool data;         /* no expression: the variable's tables hold points over time, read by mode */
    bool assigned;     /* ":= expression": where it names other data, it has their points */
    pl_data_mode mode;
    const pl_import *import; /* where numbers or tables come from; NULL: from the text, or (data) from other files */
    int number_count; /* numbers as read, before the shape is known */
    pl_subscript_name *names; /* the left side's subscripts as spelled, for messages and writing back */
    int name_count;
    pl_subscript_name *excepts; /* :EXCEPT: [a,b],[c,d]: name_count names for each bracket */
    int except_count;           /* brackets */
    const pl_expr *raw, *raw_initial; /* both as parsed, for writing back; NULL where no name needed binding */
    pl_position at;
    int text_from, text_to; /* byte range of the equation's right side in the source, for describe */
};

struct pl_variable {
    const char *name, *key; /* as spelled (quotes off, \" kept); folded: lower case, runs of blank and _ to one space,
                             * \" to " */
    pl_variable_kind kind;
    int rank;
    pl_axis **axes; /* [rank] */
    int size;       /* elements, row-major, last axis fastest; 1 where rank is 0 */
    const bool *defined; /* [size], or NULL where every element has an equation; one without is never referenced, and
                          * never printed */
    pl_equation **equations;
    int equation_count, equation_room;
    pl_table **tables; /* LOOKUP and elements with data: [size], NULL where there is none */
    const char *units, *comment, *group; /* "" where none */
    double low, high;  /* the range given with the units; NaN where none */
    bool hidden;       /* made by the reader (a macro's or the prelude's inner variable): never printed */
    bool supplementary;
    bool non_negative; /* STOCK: held at 0 */
    bool used;         /* some equation names it */
    bool settled;      /* the order of a DELAY N or SMOOTH N was read from it: it may not vary */
    bool broken;       /* had an error: never set in a model that was read without one */
    pl_position at;
    int index; /* in model->variables */
};

/* Names of the same unit (a line "22:Person,People" of the settings): the first stands for all. */
typedef struct pl_synonyms {
    const char **names, **keys; /* [count] as spelled, folded */
    int count;
    const char *equation; /* XMILE: the units that they stand for, "kg*m/s^2"; NULL where none */
} pl_synonyms;

/* A reality check or a test input as listed (reality.c). condition and consequence only where it is tried. */
typedef struct pl_reality {
    const char *name, *key;
    pl_position at;
    bool is_input; /* :TEST INPUT: */
    const struct pl_subscript_name *names;
    int name_count;
    pl_expr *condition, *consequence;
} pl_reality;

typedef enum pl_dialect { PL_VENSIM, PL_XMILE } pl_dialect;
typedef enum pl_method { PL_EULER, PL_RK2, PL_RK4 } pl_method;

struct pl_model {
    pl_arena arena;
    pl_dialect dialect;
    const char *file, *text;
    size_t length;
    const char *whole; /* the text with the files behind it, from which the same model is read again (attach.c) */
    size_t whole_length;
    pl_file *files; /* other files that it was made from, in the order of reading */
    int file_count, file_room;
    const char *name;
    pl_variable **variables; /* in the order of the source, hidden ones behind those that need them */
    int variable_count, variable_room;
    pl_name_table names; /* key -> variable; without the hidden ones */
    pl_dimension **dimensions;
    int dimension_count, dimension_room;
    pl_synonyms *synonyms; /* of units, in the order of the file */
    int synonym_count, synonym_room;
    pl_reality *realities;
    int reality_count, reality_room;
    pl_method method;
    pl_variable *initial_time, *final_time, *time_step, *saveper; /* never NULL in a resolved model */
    struct pl_macro **macros; /* as parsed */
    int macro_count, macro_room;
    size_t rest_from; /* Vensim: the byte where the equations end, and the sketch and the settings begin */
};

/* The variable of a name as a user writes it (any case, blanks or _; quotes optional), or NULL. */
pl_variable *pl_model_find(const pl_model *model, const char *name);
/* Splits "name[element,element]" and finds variable and flat element; element = -1 for the whole variable. Returns
 * PL_OK, or PL_INVALID with a message that lists the nearest names. */
pl_status pl_model_find_element(const pl_model *model, const char *text, pl_variable **variable, int *element,
                                pl_error *error);
/* "name[element,element]" as run prints it; the name alone where element < 0. Returns the length that it needs, like
 * snprintf. */
int pl_variable_element_name(const pl_variable *variable, int element, char *out, size_t room);

/* Whether an equation gives the element: an array may lack some. */
bool pl_variable_has_element(const pl_variable *variable, int element);

/* Parses a text as an expression into names, numbers and calls, without resolving (conditions, checks, --where).
 * Memory comes from the arena, whose out_of_memory must be set or NULL checked. NULL and error on failure. */
pl_expr *pl_expr_parse(pl_arena *arena, const char *text, const char *file, int line, int column, pl_error *error);

/* Reads a model once more, changed so that its reality check of an index is tried: a variable of the check's name is 1
 * in every saved step in which it holds. What cannot be tried is an error. */
pl_status pl_model_trial(const pl_model *model, int check, pl_model **changed, pl_error *error);

/* The thing of a folded key, NULL where there is none. */
void *pl_name_table_get(const pl_name_table *table, const char *key);
void pl_name_table_set(pl_arena *arena, pl_name_table *table, const char *key, void *value);

/* Folds a name to its key into out (at least length + 1 bytes): lower case (UTF-8 aware for Latin letters), quotes
 * off, runs of blanks, tabs and _ to one blank. Returns the key's length. */
size_t pl_name_fold(const char *name, size_t length, char *out);
#endif
