/* The structure of a Vensim .mdl file: equations `left = right ~ units ~ comment |`, dimensions, groups, macros, then
 * the sketch (skipped) and the settings (the integration method).  What is read here is raw: names are bound in
 * resolve.c.  An error skips to the next `|`. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "model/import.h"

/* Vensim writes three backslashes before it; other tools two. */
static const char sketch_marker[] = "---///";

/* ---- raw variables -------------------------------------------------------------------------------------- */

static pl_variable *new_variable(pl_reader *reader, const char *name, const char *key, pl_position at) {
    pl_variable *variable = PL_NEW(reader->arena, pl_variable);
    variable->name = name, variable->key = key, variable->at = at;
    variable->units = variable->comment = "";
    variable->group = reader->group ? reader->group : "";
    variable->low = variable->high = NAN;
    variable->kind = PL_AUXILIARY, variable->size = 1;
    return variable;
}

static void add_to_model(pl_reader *reader, pl_variable *variable) {
    pl_model *model = reader->model;
    model->variables = pl_arena_grow(reader->arena, model->variables, model->variable_count, &model->variable_room,
                                     model->variable_count + 1, sizeof *model->variables);
    variable->index = model->variable_count;
    model->variables[model->variable_count++] = variable;
}

pl_variable *pl_reader_variable(pl_reader *reader, const char *name, const char *key, pl_position at) {
    pl_macro *macro = reader->macro;
    pl_name_table *table = macro ? &macro->names : &reader->model->names;
    pl_variable *variable = pl_name_table_get(table, key);
    if (variable) return variable;
    variable = new_variable(reader, name, key, at);
    pl_name_table_set(reader->arena, table, key, variable);
    if (!macro) {
        add_to_model(reader, variable);
        return variable;
    }
    macro->variables = pl_arena_grow(reader->arena, macro->variables, macro->variable_count, &macro->variable_room,
                                     macro->variable_count + 1, sizeof *macro->variables);
    macro->variables[macro->variable_count++] = variable;
    return variable;
}

pl_variable *pl_reader_hidden(pl_reader *reader, const char *name, pl_position at) {
    pl_variable *variable = new_variable(reader, name, name, at);
    variable->hidden = true;
    reader->hidden = pl_arena_grow(reader->arena, reader->hidden, reader->hidden_count, &reader->hidden_room,
                                   reader->hidden_count + 1, sizeof *reader->hidden);
    reader->hidden[reader->hidden_count++] = variable;
    return variable;
}

void pl_reader_macro(pl_reader *reader, pl_macro *macro) {
    pl_model *model = reader->model;
    pl_name_table_set(reader->arena, &reader->macros, macro->key, macro);
    model->macros = pl_arena_grow(reader->arena, model->macros, model->macro_count, &model->macro_room,
                                  model->macro_count + 1, sizeof *model->macros);
    model->macros[model->macro_count++] = macro;
}

void pl_reader_hidden_to_model(pl_reader *reader) {
    for (int i = 0; i < reader->hidden_count; i++) add_to_model(reader, reader->hidden[i]);
}

pl_equation *pl_reader_equation(pl_reader *reader, pl_variable *variable, pl_position at) {
    pl_equation *equation = PL_NEW(reader->arena, pl_equation);
    equation->variable = variable, equation->at = at;
    variable->equations =
        pl_arena_grow(reader->arena, variable->equations, variable->equation_count, &variable->equation_room,
                      variable->equation_count + 1, sizeof *variable->equations);
    variable->equations[variable->equation_count++] = equation;
    return equation;
}

/* ---- units, comment, flags: what stands behind the first ~ ---------------------------------------------- */

static bool at_sketch(const pl_lexer *lexer) {
    const char *at = lexer->at;
    if (at != lexer->line_start) return false;
    while (at < lexer->end && *at == '\\' && at - lexer->at < 3) at++;
    return at - lexer->at >= 2 && lexer->end - at >= 6 && memcmp(at, sketch_marker, 6) == 0;
}

static void skip_byte(pl_lexer *lexer) {
    if (*lexer->at++ == '\n') lexer->line += lexer->line > 0, lexer->line_start = lexer->at;
}

/* Takes raw text up to the next ~ or |, trimmed, a continued line joined to the next. Returns the byte that ended it.
 */
static char field(pl_lexer *lexer, const char **text, pl_position equation) {
    const char *from = lexer->at;
    while (lexer->at < lexer->end && *lexer->at != '~' && *lexer->at != '|') {
        if (at_sketch(lexer)) break;
        skip_byte(lexer);
    }
    if (lexer->at == lexer->end || at_sketch(lexer)) {
        lexer->token = (pl_token){.kind = PL_TOKEN_END};
        pl_lexer_fail(lexer, equation,
                      "this equation has no closing '|' before the end of the %s: is the file cut off?",
                      lexer->at == lexer->end ? "text" : "equations");
    }
    char *copy = PL_ARRAY(lexer->arena, lexer->at - from + 1, char), *to = copy;
    for (const char *at = from; at < lexer->at; at++) {
        if (*at == '\\' && (at[1] == '\n' || (at[1] == '\r' && at[2] == '\n'))) {
            while (at + 1 < lexer->at && strchr("\r\n\t ", at[1])) at++;
            if (to > copy && to[-1] != ' ') *to++ = ' ';
        } else if (*at != '\r' && (to > copy || !strchr("\n\t ", *at))) {
            *to++ = *at;
        }
    }
    while (to > copy && strchr("\n\t ", to[-1])) to--;
    *to = 0;
    *text = copy;
    return *lexer->at++;
}

/* A number or ? of a range; NaN for ?. */
static double range_number(const char **at) {
    double value = NAN;
    while (**at == ' ') ++*at;
    bool minus = **at == '-';
    *at += minus;
    *at += pl_number_read(*at, strlen(*at), &value);
    while (**at && **at != ',' && **at != ']') ++*at;
    if (**at == ',') ++*at;
    return minus ? -value : value;
}

/* "units [low,high,step]": cuts the range off. */
static void split_range(pl_lexer *lexer, pl_variable *variable, const char *text) {
    const char *open = strrchr(text, '['), *close = strrchr(text, ']');
    size_t length = strlen(text);
    if (open && close && open < close && close[1] == 0) {
        length = (size_t)(open - text);
        open++;
        variable->low = range_number(&open);
        variable->high = range_number(&open);
        while (length > 0 && strchr(" \t\n", text[length - 1])) length--;
    }
    if (length > 0) variable->units = pl_arena_text(lexer->arena, text, length);
}

/* From the ~ or | that ends an equation to behind its |. */
static void tail(pl_lexer *lexer, pl_variable *variable, pl_position at) {
    const char *units = "", *comment = "", *flags = "";
    char found[100];
    if (!pl_lexer_is(lexer, "~") && !pl_lexer_is(lexer, "|"))
        pl_lexer_fail(lexer, lexer->token.at,
                      "expected an operator, or '~' or '|' at the end of the equation; found %s",
                      pl_token_text(&lexer->token, found, sizeof found));
    char ended = *lexer->token.symbol;
    if (ended == '~') ended = field(lexer, &units, at);
    if (ended == '~') ended = field(lexer, &comment, at);
    if (ended == '~') ended = field(lexer, &flags, at);
    if (ended == '~') { /* the next equation went into the comment: better an error than a variable that vanishes */
        lexer->token = (pl_token){.kind = PL_TOKEN_END};
        pl_lexer_fail(lexer, at, "four '~' before the '|': is the '|' at the end of this equation missing?");
    }
    if (!variable) return;
    if (strstr(flags, ":SUPPLEMENTARY")) variable->supplementary = true;
    if (*units && !*variable->units) split_range(lexer, variable, units);
    if (*comment) variable->comment = comment;
}

/* ---- equations ------------------------------------------------------------------------------------------ */

static void excepts(pl_lexer *lexer, pl_equation *equation) {
    int room = 0, count = 0;
    do {
        pl_subscript_name *names;
        if (!pl_lexer_is(lexer, "[")) pl_lexer_expect(lexer, "[", "behind :EXCEPT:");
        pl_position at = lexer->token.at;
        int given = pl_lexer_subscripts(lexer, &names);
        if (given != equation->name_count)
            pl_lexer_fail(lexer, at, "%d subscripts are excepted, but the variable has %d", given,
                          equation->name_count);
        equation->excepts = pl_arena_grow(lexer->arena, equation->excepts, count, &room, count + given, sizeof *names);
        memcpy(equation->excepts + count, names, (size_t)given * sizeof *names);
        count += given;
        equation->except_count++;
    } while (pl_lexer_accept(lexer, ","));
}

/* Numbers separated by , and ; (or, in a tabbed array, by blanks) up to something else. */
static void number_list(pl_lexer *lexer, pl_equation *equation, bool tabbed) {
    int room = 0;
    double value;
    while (pl_lexer_signed_number(lexer, &value)) {
        if (equation->number_count >= PL_LONGEST_LIST)
            pl_lexer_fail(lexer, lexer->token.at, "a list of more than %d numbers", PL_LONGEST_LIST);
        equation->numbers = pl_arena_grow(lexer->arena, equation->numbers, equation->number_count, &room,
                                          equation->number_count + 1, sizeof(double));
        equation->numbers[equation->number_count++] = value;
        bool separated = false;
        while (pl_lexer_is(lexer, ",") || pl_lexer_is(lexer, ";")) pl_lexer_next(lexer), separated = true;
        if (!separated && !tabbed) return;
    }
}

static bool starts_list(pl_lexer *lexer) {
    pl_lexer ahead = *lexer;
    double value;
    return pl_lexer_signed_number(&ahead, &value) && (pl_lexer_is(&ahead, ",") || pl_lexer_is(&ahead, ";"));
}

static void stock(pl_lexer *lexer, pl_equation *equation, pl_expr *integral) {
    if (integral->arg_count != 2)
        pl_lexer_fail(lexer, integral->at, "INTEG takes 2 arguments (rate, initial value), here it has %d",
                      integral->arg_count);
    equation->expr = integral->args[0];
    equation->initial = integral->args[1];
}

static void right_side(pl_lexer *lexer, pl_equation *equation) {
    if (pl_lexer_is(lexer, "~") || pl_lexer_is(lexer, "|"))
        pl_lexer_fail(lexer, lexer->token.at, "nothing stands behind '='");
    if (lexer->token.kind == PL_TOKEN_NAME && strcmp(lexer->token.key, "tabbed array") == 0) {
        pl_lexer_next(lexer);
        pl_lexer_expect(lexer, "(", "behind TABBED ARRAY");
        number_list(lexer, equation, true);
        pl_lexer_expect(lexer, ")", "at the end of TABBED ARRAY");
    } else if (starts_list(lexer)) {
        number_list(lexer, equation, false);
    } else {
        pl_expr *expr = pl_lexer_expression(lexer);
        bool called = expr->kind == PL_EXPR_NAME && expr->args;
        if (called && strncmp(expr->key, "a function of", 13) == 0)
            pl_lexer_fail(lexer, expr->at, "this equation is not written yet: it only says A FUNCTION OF");
        if (called && strcmp(expr->key, "integ") == 0) stock(lexer, equation, expr);
        else equation->expr = expr;
    }
}

static bool at_import(const pl_lexer *lexer) {
    return lexer->token.kind == PL_TOKEN_NAME && pl_import_is(lexer->token.key);
}

static void imported(pl_lexer *lexer, pl_equation *equation) {
    equation->import = pl_lexer_import(lexer);
    equation->data = equation->import->kind == PL_IMPORT_DATA;
    if (equation->import->kind == PL_IMPORT_SUBSCRIPT)
        pl_lexer_fail(lexer, equation->import->at, "%s can only stand behind the ':' of a dimension", equation->import->function);
}

/* The points of a lookup, or where they are. */
static void points(pl_lexer *lexer, pl_equation *equation) {
    if (!at_import(lexer)) {
        equation->table = pl_lexer_table(lexer);
        return;
    }
    imported(lexer, equation);
    if (equation->import->kind != PL_IMPORT_LOOKUPS)
        pl_lexer_fail(lexer, equation->import->at, "%s cannot stand for the points of a lookup", equation->import->function);
    pl_lexer_expect(lexer, ")", "at the end of the lookup");
}

/* A keyword that says how data are read between their points. */
static bool data_mode(pl_lexer *lexer, pl_data_mode *mode) {
#define X(id, keyword) if (pl_lexer_accept(lexer, keyword)) return *mode = PL_DATA_##id, true;
    PL_DATA_MODES(X)
#undef X
    return false;
}

/* Behind the left side: "= right side", ":= right side", "(points)" of a lookup, or nothing: data from elsewhere. */
static void definition(pl_lexer *lexer, pl_equation *equation) {
    char found[100];
    bool mode = data_mode(lexer, &equation->mode), assigned = pl_lexer_is(lexer, ":=");
    if (pl_lexer_accept(lexer, "(")) {
        points(lexer, equation);
    } else if (pl_lexer_is(lexer, "~") || pl_lexer_is(lexer, "|")) {
        equation->data = true;
    } else if (pl_lexer_accept(lexer, "=") || pl_lexer_accept(lexer, "==") || pl_lexer_accept(lexer, ":=")) {
        equation->text_from = (int)(lexer->token.from - lexer->reader->text);
        if (at_import(lexer)) imported(lexer, equation);
        else right_side(lexer, equation);
        equation->text_to = (int)(lexer->token.from - lexer->reader->text);
        equation->assigned = assigned || mode;
    } else {
        pl_lexer_fail(lexer, lexer->token.at, "this is no equation: expected '=' behind '%.60s', found %s",
                      equation->variable->name, pl_token_text(&lexer->token, found, sizeof found));
    }
}

static void equation(pl_lexer *lexer, pl_token name) {
    pl_equation draft = {.at = name.at};
    if (pl_lexer_is(lexer, "[")) draft.name_count = pl_lexer_subscripts(lexer, &draft.names);
    if (pl_lexer_is(lexer, ":THE CONDITION:") || pl_lexer_is(lexer, ":TEST INPUT:")) {
        pl_reality_read(lexer, name, draft.names, draft.name_count);
        longjmp(lexer->reader->next_equation, 1);
    }
    if (pl_lexer_is(lexer, ":IS:"))
        pl_lexer_fail(lexer, name.at,
                      "a variable that is a text (:IS:) is not supported: write the text where it is used");
    pl_variable *variable = draft.variable = pl_reader_variable(lexer->reader, name.name, name.key, name.at);
    bool was_broken = variable->broken;
    variable->broken = true; /* until the whole equation is read */
    if (pl_lexer_accept(lexer, ":EXCEPT:")) excepts(lexer, &draft);
    definition(lexer, &draft);
    bool lookup = draft.table || (draft.import && draft.import->kind == PL_IMPORT_LOOKUPS);
    pl_variable_kind kind = lookup ? PL_LOOKUP : draft.initial ? PL_STOCK : PL_AUXILIARY;
    if (variable->equation_count > 0 && (variable->kind == PL_LOOKUP) != (kind == PL_LOOKUP))
        pl_lexer_fail(lexer, name.at, "some equations of '%.80s' are lookups and others are not", name.name);
    if (variable->kind != PL_STOCK) variable->kind = kind;
    tail(lexer, variable, name.at);
    *pl_reader_equation(lexer->reader, variable, name.at) = draft;
    variable->broken = was_broken;
}

/* ---- dimensions ----------------------------------------------------------------------------------------- */

static pl_subscript_name subscript_name(pl_lexer *lexer, const char *where) {
    pl_token token = lexer->token;
    char found[100];
    if (token.kind != PL_TOKEN_NAME)
        pl_lexer_fail(lexer, token.at, "expected a name %s, found %s", where,
                      pl_token_text(&token, found, sizeof found));
    pl_lexer_next(lexer);
    return (pl_subscript_name){token.name, token.key, false, token.at, 0};
}

static void add_name(pl_lexer *lexer, pl_raw_dimension *dimension, pl_subscript_name name) {
    if (++lexer->reader->subscript_total > PL_MOST_SUBSCRIPTS)
        pl_lexer_fail(lexer, name.at, "the dimensions have more than %d elements together", PL_MOST_SUBSCRIPTS);
    dimension->names = pl_arena_grow(lexer->arena, dimension->names, dimension->name_count, &dimension->name_room,
                                     dimension->name_count + 1, sizeof name);
    dimension->names[dimension->name_count++] = name;
}

/* The number that ends a name, and where it begins; -1 where there is none. */
static long trailing_number(const char *name, size_t *prefix) {
    size_t length = strlen(name);
    *prefix = length;
    while (*prefix > 0 && name[*prefix - 1] >= '0' && name[*prefix - 1] <= '9') --*prefix;
    return *prefix < length && length - *prefix <= 9 ? strtol(name + *prefix, NULL, 10) : -1;
}

/* "(A1-A5)" */
static void numeric_range(pl_lexer *lexer, pl_raw_dimension *dimension) {
    pl_subscript_name first = subscript_name(lexer, "that begins a range of subscripts");
    pl_lexer_expect(lexer, "-", "in a range of subscripts");
    pl_subscript_name last = subscript_name(lexer, "that ends a range of subscripts");
    pl_lexer_expect(lexer, ")", "behind a range of subscripts");
    size_t a, b;
    long from = trailing_number(first.name, &a), to = trailing_number(last.name, &b);
    if (from < 0 || to < from || a != b || strncmp(first.key, last.key, a) != 0 || to - from >= PL_MOST_SUBSCRIPTS)
        pl_lexer_fail(lexer, first.at,
                      "'%.60s' to '%.60s' is no range of subscripts: expected the same name with two rising numbers",
                      first.name, last.name);
    lexer->reader->named += (double)(to - from + 1) * (double)(a + 10);
    if (lexer->reader->named > PL_MOST_NAMED)
        pl_lexer_fail(lexer, first.at, "ranges of subscripts make more than %d bytes of names", PL_MOST_NAMED);
    for (long i = from; i <= to; i++) {
        char name[PL_LONGEST_NAME + 24];
        int length = snprintf(name, sizeof name, "%.*s%ld", (int)a, first.name, i);
        add_name(lexer, dimension,
                 (pl_subscript_name){pl_arena_text(lexer->arena, name, (size_t)length),
                                     pl_name_key(lexer->arena, name, (size_t)length), false, first.at, 0});
    }
}

/* "-> target, (target: item, item)" */
static void mappings(pl_lexer *lexer, pl_raw_dimension *dimension) {
    do {
        pl_raw_mapping *mapping = PL_NEW(lexer->arena, pl_raw_mapping);
        int room = 0;
        bool listed = pl_lexer_accept(lexer, "(");
        mapping->target = subscript_name(lexer, "of the dimension that is mapped to");
        if (listed && pl_lexer_accept(lexer, ":")) {
            do {
                pl_subscript_name item = subscript_name(lexer, "of a subscript in a mapping");
                mapping->items = pl_arena_grow(lexer->arena, mapping->items, mapping->item_count, &room,
                                               mapping->item_count + 1, sizeof item);
                mapping->items[mapping->item_count++] = item;
            } while (pl_lexer_accept(lexer, ","));
        }
        if (listed) pl_lexer_expect(lexer, ")", "at the end of a mapping");
        mapping->next = dimension->mappings;
        dimension->mappings = mapping;
    } while (pl_lexer_accept(lexer, ","));
}

static pl_raw_dimension *new_dimension(pl_lexer *lexer, pl_token name) {
    pl_reader *reader = lexer->reader;
    pl_model *model = reader->model;
    if (reader->macro) pl_lexer_fail(lexer, name.at, "a dimension cannot be defined inside a macro");
    pl_raw_dimension *dimension = pl_name_table_get(&reader->dimensions, name.key);
    if (dimension)
        pl_lexer_fail(lexer, name.at, "the dimension '%.80s' is defined twice; first in line %d", name.name,
                      dimension->dimension.at.line);
    dimension = PL_NEW(lexer->arena, pl_raw_dimension);
    dimension->dimension.name = name.name, dimension->dimension.key = name.key, dimension->dimension.at = name.at;
    dimension->broken = true; /* until it is read whole */
    pl_name_table_set(lexer->arena, &reader->dimensions, name.key, dimension);
    model->dimensions = pl_arena_grow(lexer->arena, model->dimensions, model->dimension_count, &model->dimension_room,
                                      model->dimension_count + 1, sizeof *model->dimensions);
    model->dimensions[model->dimension_count++] = &dimension->dimension;
    return dimension;
}

typedef struct elements {
    pl_lexer *lexer;
    pl_raw_dimension *raw;
} elements;

static void add_element(void *context, const char *name, pl_position at) {
    elements *e = context;
    pl_subscript_name element = {.name = name, .key = pl_name_key(e->lexer->arena, name, strlen(name)), .at = at};
    add_name(e->lexer, e->raw, element);
}

static void imported_elements(pl_lexer *lexer, pl_raw_dimension *raw) {
    const pl_import *import = pl_lexer_import(lexer);
    elements context = {lexer, raw};
    if (import->kind != PL_IMPORT_SUBSCRIPT)
        pl_lexer_fail(lexer, import->at, "%s cannot list the elements of a dimension", import->function);
    int errors = lexer->reader->error_count;
    pl_import_elements(lexer->reader, import, add_element, &context);
    if (lexer->reader->error_count > errors) longjmp(lexer->reader->next_equation, 1);
}

static void dimension(pl_lexer *lexer, pl_token name) {
    pl_raw_dimension *raw = new_dimension(lexer, name);
    pl_lexer_next(lexer);
    if (at_import(lexer)) imported_elements(lexer, raw);
    else do {
        if (pl_lexer_accept(lexer, "(")) numeric_range(lexer, raw);
        else add_name(lexer, raw, subscript_name(lexer, "of a subscript"));
    } while (pl_lexer_accept(lexer, ","));
    if (pl_lexer_accept(lexer, "->")) mappings(lexer, raw);
    tail(lexer, NULL, name.at);
    raw->broken = false;
}

static void alias(pl_lexer *lexer, pl_token name) {
    pl_raw_dimension *raw = new_dimension(lexer, name);
    pl_lexer_next(lexer);
    raw->alias = subscript_name(lexer, "of a dimension behind '<->'");
    tail(lexer, NULL, name.at);
    raw->broken = false;
}

/* ---- groups and macros ---------------------------------------------------------------------------------- */

/* "**** .name **** ~ comment |": later variables belong to the group. */
static void group(pl_lexer *lexer) {
    pl_position at = pl_lexer_position(lexer, lexer->at);
    const char *name;
    while (lexer->at < lexer->end && strchr("* \t\r\n.", *lexer->at)) skip_byte(lexer);
    const char *from = lexer->at;
    while (lexer->at < lexer->end && !strchr("*\r\n~|", *lexer->at)) skip_byte(lexer);
    name = pl_arena_text(lexer->arena, from, (size_t)(lexer->at - from));
    const char *text;
    while (field(lexer, &text, at) == '~') {}
    lexer->reader->group = name;
}

/* A comment in braces; "{**name**}" names a group. false: it is not closed. */
static bool skip_braces(pl_lexer *lexer) {
    const char *from = lexer->at + 1, *end = pl_lexer_comment_end(lexer), *close = end ? end - 1 : NULL;
    if (!close) return false;
    while (lexer->at <= close) skip_byte(lexer);
    if (close - from < 2 || memcmp(from, "**", 2) != 0) return true;
    while (from < close && *from == '*') from++;
    while (close > from && close[-1] == '*') close--;
    lexer->reader->group = pl_arena_text(lexer->arena, from, (size_t)(close - from));
    return true;
}

static int macro_names(pl_lexer *lexer, const char ***names) {
    int count = 0, room = 0;
    do {
        if (pl_lexer_is(lexer, ")") || pl_lexer_is(lexer, ":")) break;
        pl_subscript_name name = subscript_name(lexer, "of an argument");
        *names = pl_arena_grow(lexer->arena, *names, count, &room, count + 1, sizeof **names);
        (*names)[count++] = name.key;
    } while (pl_lexer_accept(lexer, ","));
    return count;
}

/* ":MACRO: NAME(inputs : outputs)"; the equations that follow are its body. */
static void macro_head(pl_lexer *lexer) {
    pl_reader *reader = lexer->reader;
    if (reader->macro)
        pl_lexer_fail(lexer, lexer->token.at, "a macro begins before ':END OF MACRO:' of '%.60s'", reader->macro->name);
    pl_macro *macro = PL_NEW(lexer->arena, pl_macro);
    pl_lexer_next(lexer);
    pl_subscript_name name = subscript_name(lexer, "of a macro");
    macro->name = name.name, macro->key = name.key, macro->at = name.at;
    if (!pl_lexer_is(lexer, "(")) pl_lexer_expect(lexer, "(", "behind the name of a macro");
    pl_lexer_next(lexer);
    macro->input_count = macro_names(lexer, &macro->inputs);
    if (pl_lexer_accept(lexer, ":")) macro->output_count = macro_names(lexer, &macro->outputs);
    if (!pl_lexer_is(lexer, ")")) pl_lexer_expect(lexer, ")", "behind the arguments of a macro");
    reader->macro = macro;
    if (pl_name_table_get(&reader->macros, macro->key))
        pl_reader_error(reader, PL_INVALID, name.at, "the macro '%.80s' is defined twice", macro->name);
    else if (lexer->line > 0) pl_reader_macro(reader, macro);
}

static void macro_end(pl_lexer *lexer) {
    if (!lexer->reader->macro) pl_lexer_fail(lexer, lexer->token.at, "':END OF MACRO:' without ':MACRO:'");
    lexer->reader->macro = NULL;
}

/* ---- the file ------------------------------------------------------------------------------------------- */

/* Reads one thing that ends with | (or the head or end of a macro). The text is not at its end. */
static void section(pl_lexer *lexer) {
    char found[100];
    pl_lexer_next(lexer);
    pl_token name = lexer->token;
    if (name.kind == PL_TOKEN_END) return;
    if (pl_lexer_is(lexer, ":MACRO:")) {
        macro_head(lexer);
        return;
    }
    if (pl_lexer_is(lexer, ":END OF MACRO:")) {
        macro_end(lexer);
        return;
    }
    if (pl_lexer_is(lexer, "|")) return; /* an empty equation */
    if (name.kind != PL_TOKEN_NAME)
        pl_lexer_fail(lexer, name.at, "this is no equation: expected a name, found %s",
                      pl_token_text(&name, found, sizeof found));
    pl_lexer_next(lexer);
    if (pl_lexer_is(lexer, ":")) dimension(lexer, name);
    else if (pl_lexer_is(lexer, "<->")) alias(lexer, name);
    else equation(lexer, name);
}

/* The quote that closes the name begun at a quote, in the same line and within a name's length; NULL: none. */
static const char *closing_quote(const char *at, const char *end) {
    if (end - at > PL_LONGEST_NAME) end = at + PL_LONGEST_NAME;
    for (at++; at < end && *at != '\n'; at++)
        if (*at == '"') return at;
    return NULL;
}

/* After an error: to behind the | that ends the equation. A | in quotes does not count before the first ~. */
static void skip_equation(pl_lexer *lexer) {
    if (pl_lexer_is(lexer, "|")) return;
    bool quotes = !pl_lexer_is(lexer, "~");
    while (lexer->at < lexer->end && !at_sketch(lexer)) {
        char c = *lexer->at;
        const char *close = c == '"' && quotes ? closing_quote(lexer->at, lexer->end) : NULL;
        if (close) lexer->at = close;
        if (c == '~') quotes = false;
        skip_byte(lexer);
        if (c == '|') return;
    }
}

static void skip_blank_and_groups(pl_lexer *lexer) {
    while (lexer->at < lexer->end && !at_sketch(lexer)) {
        if (strchr(" \t\r\n\f", *lexer->at) && *lexer->at) skip_byte(lexer);
        else if (*lexer->at == '*') group(lexer);
        else if (*lexer->at == '{' ? !skip_braces(lexer) : true) return;
    }
}

static void sections(pl_lexer *lexer) {
    pl_reader *reader = lexer->reader;
    while (lexer->at < lexer->end && !at_sketch(lexer) && reader->error_count < PL_MOST_FINDINGS) {
        if (setjmp(reader->next_equation) == 0) {
            skip_blank_and_groups(lexer);
            if (lexer->at < lexer->end && !at_sketch(lexer)) section(lexer);
        } else {
            skip_equation(lexer);
        }
    }
}

/* The settings behind the sketch: a line "15:a,b,c,method,..." names the method of integration. */
static void method(pl_reader *reader, const char *line, const char *end) {
    int code = 0;
    for (int commas = 0; line < end && *line != '\n' && commas < 4; line++) {
        if (*line == ',') commas++;
        else if (commas == 3 && *line >= '0' && *line <= '9' && code < 100) code = code * 10 + (*line - '0');
    }
    if (code == 1 || code == 5) reader->model->method = PL_RK4;
    else if (code == 3 || code == 4) reader->model->method = PL_RK2;
    if (code == 1 || code == 3)
        pl_reader_note(reader, PL_NOTE, (pl_position){0, 0},
                       "the model asks for Runge-Kutta with automatic steps; it is run with fixed steps of TIME STEP");
}

/* The name between two places, without the blanks around it, joins those that mean the same unit. */
static void add_synonym(pl_reader *reader, pl_synonyms *group, int *room, const char *from, const char *to) {
    while (from < to && strchr(" \t\r", *from)) from++;
    while (to > from && strchr(" \t\r", to[-1])) to--;
    const char *key = pl_name_key(reader->arena, from, (size_t)(to - from));
    if (!*key) return;
    int room_of_keys = *room, count = group->count;
    group->keys = pl_arena_grow(reader->arena, group->keys, count, &room_of_keys, count + 1, sizeof *group->keys);
    group->names = pl_arena_grow(reader->arena, group->names, count, room, count + 1, sizeof *group->names);
    group->names[group->count] = pl_arena_text(reader->arena, from, (size_t)(to - from));
    group->keys[group->count++] = key;
}

/* A line "22:$,Dollar,Dollars" of the settings. */
static void equal_units(pl_reader *reader, const char *line, const char *end) {
    pl_model *model = reader->model;
    pl_synonyms group = {0};
    int room = 0;
    while (line < end) {
        const char *comma = memchr(line, ',', (size_t)(end - line)), *stop = comma ? comma : end;
        add_synonym(reader, &group, &room, line, stop);
        line = stop + 1;
    }
    if (group.count == 0) return;
    model->synonyms = pl_arena_grow(reader->arena, model->synonyms, model->synonym_count, &model->synonym_room,
                                    model->synonym_count + 1, sizeof group);
    model->synonyms[model->synonym_count++] = group;
}

static void settings(pl_reader *reader, const char *at, const char *end) {
    bool inside = false;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (!line_end) line_end = end;
        size_t length = (size_t)(line_end - at);
        if (length >= 8 && at[0] == ':' && at[1] == 'L' &&
            (memcmp(at + 2, "<%^E!@", 6) == 0 || (length >= 9 && memcmp(at + 3, "<%^E!@", 6) == 0)))
            inside = true;
        if (inside && length >= 3 && memcmp(at, "15:", 3) == 0) method(reader, at + 3, line_end);
        if (inside && length >= 3 && memcmp(at, "22:", 3) == 0) equal_units(reader, at + 3, line_end);
        at = line_end + (line_end < end);
    }
}

void pl_reader_mdl(pl_reader *reader) {
    pl_lexer lexer = {.reader = reader,
                      .arena = reader->arena,
                      .at = reader->text,
                      .end = reader->text + reader->length,
                      .line_start = reader->text,
                      .line = 1};
    sections(&lexer);
    if (reader->macro) pl_reader_error(reader, PL_INVALID, reader->macro->at, "this macro has no ':END OF MACRO:'");
    reader->macro = NULL;
    reader->model->rest_from = (size_t)(lexer.at - reader->text);
    settings(reader, lexer.at, lexer.end);
}

/* All sections of a text that holds one macro. */
static pl_macro *read_macro(pl_lexer *lexer) {
    pl_macro *macro = NULL;
    while (lexer->at < lexer->end) {
        section(lexer);
        if (lexer->reader->macro) macro = lexer->reader->macro;
    }
    return macro;
}

pl_macro *pl_reader_macro_text(pl_reader *reader, const char *text) {
    pl_lexer lexer = {
        .reader = reader, .arena = reader->arena, .at = text, .end = text + strlen(text), .line_start = text};
    const char *group_before = reader->group;
    if (setjmp(reader->next_equation)) return NULL;
    pl_macro *macro = read_macro(&lexer);
    reader->macro = NULL, reader->group = group_before;
    if (macro) macro->built_in = true;
    return macro;
}
