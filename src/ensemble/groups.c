/* `groups`, and who of them bears what: the `burdens` and `benefits` of a measure. */
#include <string.h>

#include "ensemble/reading.h"

enum { MOST_GROUPS = 1024 };

static void read_title(pl_reading *r, const pl_yaml *value, void *group) {
    pl_reading_title(r, value, &((pl_group *)group)->title);
}
static void read_text(pl_reading *r, const pl_yaml *value, void *group) {
    pl_reading_title(r, value, &((pl_group *)group)->text);
}
static const pl_key_row group_rows[] = {{"title", false, read_title}, {"text", false, read_text}};

void pl_reading_groups(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_MAPPING, "'groups'")) return;
    if (node->count > MOST_GROUPS) {
        pl_reading_error(r, node, "a situation has at most %d groups", MOST_GROUPS);
        return;
    }
    s->groups = PL_ARRAY(&s->arena, node->count, pl_group);
    for (int i = 0; i < node->count; i++) {
        pl_group *group = &s->groups[i];
        group->name = node->keys[i]->text;
        for (int k = 0; k < i; k++)
            if (pl_names_equal(s->groups[k].name, group->name))
                pl_reading_error(r, node->keys[i], "another group has the name '%.80s'", group->name);
        pl_reading_title(r, node->keys[i], &group->title); /* its name, until a title comes */
        group->text = (pl_title){{"", ""}};
        s->group_count = i + 1;
        pl_reading_mapping(r, node->items[i], PL_ROWS(group_rows), "a group", group, NULL);
    }
}

/* One group of a measure; a group gains or loses by it, not both. */
static void read_bearing(pl_reading *r, const pl_yaml *node, pl_measure *measure, int sign) {
    const char *name;
    if (!pl_reading_text(r, node, "a group", &name)) return;
    int group = pl_reading_group(r, node, name);
    if (group < 0) return;
    for (int i = 0; i < measure->bearing_count; i++)
        if (measure->bearings[i].group == group)
            pl_reading_error(r, node, "'%.80s' stands twice at this measure", name);
    measure->bearings[measure->bearing_count++] = (pl_bearing){group, sign};
}

void pl_reading_bearings(pl_reading *r, const pl_yaml *node, pl_measure *measure, int sign) {
    int count = node->kind == PL_YAML_SEQUENCE ? node->count : 1;
    pl_bearing *all = PL_ARRAY(&r->s->arena, measure->bearing_count + count, pl_bearing);
    if (measure->bearing_count) memcpy(all, measure->bearings, (size_t)measure->bearing_count * sizeof *all);
    measure->bearings = all;
    if (node->kind != PL_YAML_SEQUENCE) read_bearing(r, node, measure, sign);
    else
        for (int i = 0; i < node->count; i++) read_bearing(r, node->items[i], measure, sign);
}
