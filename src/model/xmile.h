/* What the files of the XMILE reader share; private to src/model.
 *
 * xmile_xml.c makes a small tree of the file's elements, each text with the places of its bytes; xmile.c walks it and
 * fills the pl_reader with raw variables, as mdl.c does for .mdl files (with xmile_settings.c, xmile_graphs.c,
 * xmile_macros.c and xmile_flows.c); xmile_expression.c reads equations and xmile_functions.c settles what XMILE calls
 * otherwise than Vensim.  resolve.c does the rest for both. */
#ifndef PL_XMILE_H
#define PL_XMILE_H
#include "model/reader.h"

enum { PL_DEEPEST_XML = 100, PL_DEEPEST_MODULE = 40, PL_MOST_MODULES = 100000 };

/* An element of the file. Its text is what stands directly inside it, entities replaced; offsets[i] is where byte i of
 * the text stands in the file. */
typedef struct pl_xml {
    const char *name;        /* without the prefix of the XMILE name space */
    const char **attributes; /* name, value, ..., NULL */
    char *text;
    int *offsets, length, text_room, offset_room;
    int from; /* byte of the file where it begins */
    struct pl_xml *parent, *first, *last, *next;
} pl_xml;

typedef struct pl_xmile {
    pl_reader *reader;
    const int *lines; /* [line_count] byte where each line begins */
    int line_count;
    pl_xml *root;
    pl_name_table graphs;    /* key of a variable -> the hidden variable with its graphical function */
    pl_name_table shapes;    /* key of a variable -> pl_xmile_shape */
    pl_name_table drains;    /* key of a flow -> struct drain of xmile_flows.c: the stock that it leaves */
    struct drain *first_drain, *last_drain;
    pl_name_table items;     /* key -> pl_xmile_item */
    pl_name_table roles, belts; /* xmile_conveyors.c: key of a flow, of a stock -> its own structures */
    int belt_count;
    pl_name_table defaults; /* key of a macro -> for each argument what stands for it where it is left out, or NULL */
    bool flows_positive, stocks_positive; /* what <behavior> says of all of them */
    int modules;
} pl_xmile;

/* The dimensions of a variable, before its equations are read. */
typedef struct pl_xmile_shape {
    const pl_subscript_name *names;
    int count;
    bool broken; /* one of them could not be read */
} pl_xmile_shape;

/* Where an equation stands: names inside a module mean the module's own variables. */
typedef struct pl_xmile_place {
    const char *prefix;      /* folded, "a.b." or "" */
    const char *self;        /* key of the variable that the equation defines */
    const pl_subscript_name *names; /* its subscripts in this equation */
    int name_count;
} pl_xmile_place;

/* A variable as declared. */
typedef struct pl_xmile_item {
    pl_xml *element;
    pl_variable *variable;
    const char *prefix, *source; /* source: key of what a module's input is connected to; NULL: none */
    struct pl_xmile_item *next;
} pl_xmile_item;

typedef struct pl_xmile_connection {
    const char *from, *prefix; /* key of the source; prefix of the model in which the connection stands */
} pl_xmile_connection;

typedef struct pl_xmile_walk {
    pl_xmile *x;
    pl_xmile_item *first, *last;
    pl_name_table connections; /* key of a module's input -> pl_xmile_connection */
    pl_name_table models;      /* key -> the <model> of that name */
} pl_xmile_walk;

/* ---- xmile_xml.c ---- */
/* Reads the whole text into a tree; false: an error was recorded. */
bool pl_xmile_tree(pl_xmile *x);
/* A copy in which "--" inside comments, which XML forbids and people write, is blanks. NULL: the arena ran dry. */
char *pl_xml_clean_text(pl_arena *arena, const char *text, size_t length);
pl_position pl_xmile_position(const pl_xmile *x, int offset);
pl_position pl_xml_position(const pl_xmile *x, const pl_xml *element);
/* The first child of a name, or NULL; the value of an attribute, or NULL. */
pl_xml *pl_xml_child(const pl_xml *element, const char *name);
const char *pl_xml_attribute(const pl_xml *element, const char *name);
/* The text without blanks around it; "" where there is none. */
const char *pl_xml_text(const pl_xmile *x, const pl_xml *element);

bool pl_xml_is(const pl_xml *element, const char *name);
/* Whether a name is one of a list with blanks between. */
bool pl_xmile_is_one_of(const char *name, const char *list);
void pl_xmile_unsupported(pl_xmile *x, const pl_xml *element);
/* Refuses children that are not in a list of names. */
void pl_xmile_check_children(pl_xmile *x, const pl_xml *element, const char *allowed);
const char *pl_xmile_key_of(pl_xmile *x, const char *name);
/* The name attribute for showing, "" where it is missing. */
const char *pl_xmile_name_of(pl_xmile *x, const pl_xml *element);
/* The number that a text is, NaN where it is none. */
double pl_xmile_number_of(const char *text);

/* ---- xmile_settings.c ---- */
void pl_xmile_settings(pl_xmile_walk *w, const pl_xml *root);
void pl_xmile_behavior(pl_xmile *x, const pl_xml *element);
void pl_xmile_dimensions(pl_xmile *x, const pl_xml *root);
/* The dimensions that a variable names; NULL: an error was recorded. */
pl_xmile_shape *pl_xmile_shape_of(pl_xmile *x, const pl_xml *element);
/* The number (from 1) of an element by its key; 0: there is none. */
int pl_xmile_find_element(pl_xmile *x, pl_raw_dimension *raw, const char *key);

/* ---- xmile_graphs.c ---- */
/* A hidden lookup with the points of a <gf>. */
pl_variable *pl_xmile_graph(pl_xmile *x, const pl_xml *gf);
/* An equation of a hidden lookup, which is made where there is none yet, with the points of a <gf>. */
pl_equation *pl_xmile_graph_equation(pl_xmile *x, const pl_xml *gf, pl_variable **graph);

/* ---- xmile_macros.c ---- */
void pl_xmile_declare_macro(pl_xmile *x, const pl_xml *element);
/* The body: the macro's own equation, and variables that only it sees. */
void pl_xmile_define_macro(pl_xmile *x, pl_xml *element);

/* ---- xmile.c ---- */
void pl_xmile_declare(pl_xmile_walk *w, const pl_xml *model, const char *prefix, const char *shown_prefix, int depth);
void pl_xmile_equations(pl_xmile *x, const pl_xmile_item *i);
/* The equations of a variable, given to another one (hidden, and of the same dimensions). */
void pl_xmile_define_aside(pl_xmile *x, const pl_xmile_item *i, pl_variable *made);

/* ---- xmile_expression.c ---- */
/* The expression in an element's text. NULL where there is none but comments. Leaves for reader->next_equation on an
 * error. */
pl_expr *pl_xmile_expression(pl_xmile *x, const pl_xml *element, const pl_xmile_place *place);
pl_expr *pl_xmile_call(pl_xmile *x, pl_function_id id, const char *name, pl_expr **args, int count, pl_position at);
pl_expr *pl_xmile_number(pl_xmile *x, double number, pl_position at);
/* A reference to a variable without subscripts. */
pl_expr *pl_xmile_reference(pl_xmile *x, pl_variable *variable, pl_position at);
pl_expr *pl_xmile_name(pl_xmile *x, const char *key, const pl_subscript_name *names, int count, pl_position at);
/* A module's prefix and a name. */
const char *pl_xmile_joined(pl_xmile *x, const char *prefix, const char *key);
/* The key in the whole model of a name as it stands in a module: its own variables, those of modules inside it, and
 * ".name" of the outermost model. What is no variable (dimensions, functions, the time) keeps its key. */
const char *pl_xmile_key(pl_xmile *x, const char *prefix, const char *key);
/* A name as the model spells it, without quotes, \n as a blank. */
const char *pl_xmile_display(pl_xmile *x, const char *text, size_t length);
/* Records an error and leaves for the next equation. */
void pl_xmile_fail(pl_xmile *x, pl_status status, pl_position at, const char *format, ...) PL_FORMAT(4, 5)
    __attribute__((noreturn));

/* ---- xmile_units.c ---- */
/* Puts the units that the file defines on the model. */
void pl_xmile_units(pl_xmile *x);

/* ---- xmile_functions.c ---- */
/* What a call means: an expression of the functions that the reader knows; NULL where it is not special in XMILE. */
pl_expr *pl_xmile_builtin(pl_xmile *x, const char *key, const char *name, pl_expr **args, int count, pl_position at);
/* A constant of the language (PI, INF, DT, STARTTIME, STOPTIME), or NULL. */
pl_expr *pl_xmile_constant(pl_xmile *x, const char *key, pl_position at);
/* Whether the arguments of a function are not those of the table's row of that XMILE name. */
bool pl_xmile_rearranges(const char *key);
/* Whether a function takes whole arrays: SUM, MEAN, ..., and MIN or MAX of one argument. */
bool pl_xmile_is_reduction(const char *key);

/* ---- xmile_draws.c ---- */
/* A random builtin; NULL where the name is none. */
pl_expr *pl_xmile_draw(pl_xmile *x, const char *key, const char *name, pl_expr **args, int count, pl_position at);
/* The expressions of a list with commas between; returns how many. */
int pl_xmile_list(pl_xmile *x, const pl_xml *element, const pl_xmile_place *place, pl_expr ***list);

/* ---- xmile_conveyors.c ---- */
bool pl_xmile_is_belt(const pl_xml *stock);
/* Before any equation is read: which stocks are conveyors or queues, and which flows they drive. */
void pl_xmile_note_belts(pl_xmile_walk *w);
/* Whether the flow of a key is driven by the conveyor or queue that it leaves, and its equation then. */
bool pl_xmile_is_driven(const pl_xmile *x, const char *key);
void pl_xmile_define_driven(pl_xmile *x, const pl_xmile_item *flow);
/* A flow's expression, held to what the conveyor that it enters has room for. */
pl_expr *pl_xmile_admit(pl_xmile *x, const char *flow_key, pl_expr *expr, const pl_xmile_place *place);
/* A conveyor's initial content where the file lists it; NULL: it does not. */
pl_expr *pl_xmile_initial_list(pl_xmile *x, const char *stock_key, const pl_xmile_place *place);

/* ---- xmile_flows.c ---- */
/* The key of the flow that an <inflow> or <outflow> names. */
const char *pl_xmile_flow_key(pl_xmile *x, const pl_xml *flow, const char *prefix);
/* Another variable in an equation, its subscripts those of the equation over the same dimensions. */
pl_expr *pl_xmile_whole(pl_xmile *x, const char *key, const pl_xmile_place *place, pl_position at);
/* What an <inflow> brings: the flow, times its unit conversion multiplier where it has one. */
pl_expr *pl_xmile_flow_in(pl_xmile *x, const pl_xml *flow, const char *prefix, const pl_xmile_place *place,
                          pl_position at);
/* A flow's multiplier, NULL where it has none. */
pl_expr *pl_xmile_multiplier(pl_xmile *x, const pl_xml *element, const pl_xmile_place *place);
/* Whether a stock or a flow is non-negative, by its own element or by <behavior>. */
bool pl_xmile_is_positive(const pl_xmile *x, const pl_xml *element);
/* Notes which flows leave a stock. */
void pl_xmile_note_drains(pl_xmile *x, const pl_xml *stock, const char *prefix, const char *stock_key);
/* The net rate of a stock, from its flows. */
pl_expr *pl_xmile_rate(pl_xmile *x, const pl_xml *stock, const pl_xmile_place *place);
/* After all equations: holds each flow that leaves a non-negative stock to what that stock has. */
void pl_xmile_limit_flows(pl_xmile *x);
#endif
