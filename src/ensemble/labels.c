/* `variables` and `units`: how readers see the names of the model. */
#include <string.h>

#include "ensemble/reading.h"

enum { MOST_LABELS = 65536 };

static pl_label *read_labels(pl_reading *r, const pl_yaml *node, const char *what, int *count) {
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, what)) return NULL;
    if (node->count > MOST_LABELS) {
        pl_reading_error(r, node, "a situation has at most %d of them", MOST_LABELS);
        return NULL;
    }
    pl_label *labels = PL_ARRAY(&r->s->arena, node->count + 1, pl_label);
    for (int i = 0; i < node->count; i++) {
        labels[i].name = node->keys[i]->text;
        pl_reading_title(r, node->items[i], &labels[i].title);
    }
    *count = node->count;
    return labels;
}

/* Names are the model's own spelling afterwards, with their element. */
void pl_reading_variables(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_situation *s = situation;
    s->variable_labels = read_labels(r, node, "'variables'", &s->variable_label_count);
    for (int i = 0; i < s->variable_label_count; i++) {
        pl_variable *variable;
        int element;
        if (pl_reading_variable(r, node->keys[i], s->variable_labels[i].name, &variable, &element))
            s->variable_labels[i].name = pl_reading_full_name(r, variable, element);
    }
}

void pl_reading_units(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_situation *s = situation;
    s->unit_labels = read_labels(r, node, "'units'", &s->unit_label_count);
}

static pl_title title_in(const pl_label *labels, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (pl_names_equal(labels[i].name, name)) return labels[i].title;
    return (pl_title){{name, name}};
}

pl_title pl_situation_variable_title(const pl_situation *s, const char *name) {
    return title_in(s->variable_labels, s->variable_label_count, name);
}

pl_title pl_situation_units_title(const pl_situation *s, const char *units) {
    return title_in(s->unit_labels, s->unit_label_count, units ? units : "");
}
