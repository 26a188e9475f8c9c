/* Macros of XMILE: their arguments, their own equation and the variables that only they see. */
#include <string.h>

#include "model/xmile.h"

/* What stands for an argument that a call leaves out; NULL: it must be there. */
static pl_expr *default_of(pl_xmile *x, const pl_xml *parm) {
    const char *text = pl_xml_attribute(parm, "default");
    if (!text || !*text) return NULL;
    int length = (int)strlen(text);
    pl_xml element = {.text = (char *)(uintptr_t)text, .length = length, .from = parm->from};
    element.offsets = PL_ARRAY(x->reader->arena, length + 1, int);
    for (int i = 0; i <= length; i++) element.offsets[i] = parm->from;
    pl_xmile_place place = {"", "", NULL, 0};
    return pl_xmile_expression(x, &element, &place);
}

static void declare_macro(pl_xmile *x, const pl_xml *element) {
    pl_reader *reader = x->reader;
    pl_macro *macro = PL_NEW(reader->arena, pl_macro);
    int room = 0, default_room = 0;
    pl_expr **defaults = NULL;
    macro->name = pl_xmile_name_of(x, element), macro->key = pl_xmile_key_of(x, macro->name),
    macro->at = pl_xml_position(x, element);
    if (!*macro->key) pl_xmile_fail(x, PL_INVALID, macro->at, "this macro has no name");
    if (pl_name_table_get(&reader->macros, macro->key))
        pl_xmile_fail(x, PL_INVALID, macro->at, "the macro '%.80s' is defined twice", macro->name);
    pl_xmile_check_children(x, element, "parm eqn variables doc documentation format views");
    for (const pl_xml *child = element->first; child; child = child->next) {
        if (!pl_xml_is(child, "parm")) continue;
        defaults = pl_arena_grow(reader->arena, defaults, macro->input_count, &default_room, macro->input_count + 1,
                                 sizeof *defaults);
        defaults[macro->input_count] = default_of(x, child);
        macro->inputs = pl_arena_grow(reader->arena, macro->inputs, macro->input_count, &room, macro->input_count + 1,
                                      sizeof *macro->inputs);
        macro->inputs[macro->input_count++] = pl_xmile_key_of(x, pl_xml_text(x, child));
    }
    if (defaults) pl_name_table_set(reader->arena, &x->defaults, macro->key, defaults);
    pl_reader_macro(reader, macro);
}

void pl_xmile_declare_macro(pl_xmile *x, const pl_xml *element) {
    if (setjmp(x->reader->next_equation) == 0) declare_macro(x, element);
}

/* The body: the macro's own equation, and variables that only it sees. */
void pl_xmile_define_macro(pl_xmile *x, pl_xml *element) {
    pl_reader *reader = x->reader;
    pl_macro *macro = pl_name_table_get(&reader->macros, pl_xmile_key_of(x, pl_xmile_name_of(x, element)));
    pl_xmile_walk inner = {.x = x};
    pl_name_table graphs = x->graphs;
    if (!macro) return;
    reader->macro = macro;
    x->graphs = (pl_name_table){0};
    pl_xmile_declare(&inner, element, "", "", 0);
    if (pl_xml_child(element, "eqn") && !pl_name_table_get(&macro->names, macro->key)) {
        pl_variable *result = pl_reader_variable(reader, macro->name, macro->key, macro->at);
        pl_xmile_item own = {element, result, "", NULL, NULL};
        pl_xmile_equations(x, &own);
    }
    for (const pl_xmile_item *i = inner.first; i; i = i->next) {
        if (pl_xml_child(i->element, "dimensions") ||
            (pl_xml_is(i->element, "stock") && pl_xmile_is_positive(x, i->element)))
            pl_reader_error(reader, PL_UNSUPPORTED, i->variable->at,
                            "arrays and non-negative stocks inside a macro are not supported");
        pl_xmile_equations(x, i);
    }
    x->graphs = graphs;
    reader->macro = NULL;
}

