/* The units that an XMILE file defines: <unit name="kph"> with an <eqn> "km/hour" and other names as <alias>. */
#include <string.h>

#include "model/xmile.h"

static void add_name(pl_xmile *x, pl_synonyms *group, const char *name) {
    pl_arena *arena = x->reader->arena;
    if (!*name) return;
    const char *display = pl_xmile_display(x, name, strlen(name));
    group->names[group->count] = display;
    group->keys[group->count++] = pl_name_key(arena, display, strlen(display));
}

static void add_unit(pl_xmile *x, const pl_xml *unit) {
    pl_model *model = x->reader->model;
    const char *name = pl_xml_attribute(unit, "name"), *off = pl_xml_attribute(unit, "disabled");
    const pl_xml *equation = pl_xml_child(unit, "eqn");
    int count = 1;
    if (!name || (off && strcmp(off, "true") == 0)) return;
    for (const pl_xml *child = unit->first; child; child = child->next) count++;
    pl_synonyms group = {.names = PL_ARRAY(x->reader->arena, count, const char *),
                         .keys = PL_ARRAY(x->reader->arena, count, const char *)};
    add_name(x, &group, name);
    for (const pl_xml *child = unit->first; child; child = child->next)
        if (strcmp(child->name, "alias") == 0) add_name(x, &group, pl_xml_text(x, child));
    if (equation && *pl_xml_text(x, equation)) group.equation = pl_xml_text(x, equation);
    model->synonyms = pl_arena_grow(x->reader->arena, model->synonyms, model->synonym_count, &model->synonym_room,
                                    model->synonym_count + 1, sizeof group);
    model->synonyms[model->synonym_count++] = group;
}

void pl_xmile_units(pl_xmile *x) {
    const pl_xml *units = pl_xml_child(x->root, "model_units");
    for (const pl_xml *unit = units ? units->first : NULL; unit; unit = unit->next)
        if (strcmp(unit->name, "unit") == 0) add_unit(x, unit);
}
