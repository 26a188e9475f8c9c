/* Dimensions, families, mappings; the shape of a variable and the cells that each of its equations defines. */
#include <string.h>

#include "model/reader.h"

/* ---- elements ------------------------------------------------------------------------------------------- */

static int find_index(const pl_name_table *elements, const char *key) {
    return (int)(intptr_t)pl_name_table_get(elements, key) - 1;
}

int pl_dimension_find(const pl_dimension *dimension, const char *key) { return find_index(&dimension->elements, key); }

int pl_axis_find(const pl_axis *axis, const char *key) { return find_index(axis->elements, key); }

pl_axis *pl_dimension_axis(pl_dimension *dimension) { return &((pl_raw_dimension *)dimension)->axis; }

static pl_raw_dimension *find_dimension(const pl_reader *reader, const char *key) {
    return pl_name_table_get(&reader->dimensions, key);
}

void pl_reader_unknown_subscript(pl_reader *reader, pl_subscript_name name) {
    pl_nearest nearest = {.key = name.key};
    char text[300];
    for (int i = 0; i < reader->model->dimension_count; i++) {
        const pl_dimension *dimension = reader->model->dimensions[i];
        pl_nearest_offer(&nearest, dimension->name, dimension->key);
        for (int j = 0; j < dimension->count && dimension->family == dimension && nearest.compared < PL_MOST_COMPARED; j++)
            pl_nearest_offer(&nearest, dimension->element_names[j], dimension->element_keys[j]);
    }
    pl_reader_error(reader, PL_INVALID, name.at, "unknown subscript '%.80s'%s", name.name,
                    pl_nearest_text(&nearest, text, sizeof text));
}

/* ---- dimensions ----------------------------------------------------------------------------------------- */

static bool expand(pl_reader *reader, pl_raw_dimension *raw);

static void add_element(pl_reader *reader, pl_raw_dimension *raw, int *room, const char *name, const char *key,
                        pl_position at) {
    pl_dimension *d = &raw->dimension;
    bool again = pl_dimension_find(d, key) >= 0;
    if (again && !raw->mappings) { /* where it stands for several of another dimension, an element may come again */
        pl_reader_error(reader, PL_INVALID, at, "'%.80s' is listed twice in the dimension '%.80s'", name, d->name);
        return;
    }
    if (d->count == *room) {
        int old = *room;
        d->element_names =
            pl_arena_grow(reader->arena, d->element_names, d->count, room, d->count + 1, sizeof *d->element_names);
        *room = old;
        d->element_keys =
            pl_arena_grow(reader->arena, d->element_keys, d->count, room, d->count + 1, sizeof *d->element_keys);
    }
    d->element_names[d->count] = name, d->element_keys[d->count] = key;
    d->count++;
    if (!again) pl_name_table_set(reader->arena, &d->elements, key, (void *)(intptr_t)d->count);
}

/* Adds a listed name: an element, or all elements of another dimension. */
static void add_listed(pl_reader *reader, pl_raw_dimension *raw, int *room, pl_subscript_name name) {
    pl_raw_dimension *other = find_dimension(reader, name.key);
    if (!other || other == raw) {
        add_element(reader, raw, room, name.name, name.key, name.at);
        return;
    }
    if (!expand(reader, other)) {
        raw->broken = true;
        return;
    }
    reader->subscript_total += other->dimension.count;
    if (reader->subscript_total > PL_MOST_SUBSCRIPTS) {
        pl_reader_error(reader, PL_UNSUPPORTED, name.at, "the dimensions have more than %d elements together",
                        PL_MOST_SUBSCRIPTS);
        raw->broken = true;
        return;
    }
    for (int i = 0; i < other->dimension.count; i++)
        add_element(reader, raw, room, other->dimension.element_names[i], other->dimension.element_keys[i], name.at);
}

/* Lists the elements of a dimension; false where that failed (and was said). */
static bool expand(pl_reader *reader, pl_raw_dimension *raw) {
    pl_dimension *d = &raw->dimension;
    int room = 0;
    if (raw->state == 2) return !raw->broken;
    if (raw->state == 1) {
        pl_reader_error(reader, PL_INVALID, d->at, "the dimension '%.80s' is defined by itself", d->name);
        raw->broken = true;
        return false;
    }
    raw->state = 1;
    if (raw->alias.key && !find_dimension(reader, raw->alias.key)) {
        pl_reader_unknown_subscript(reader, raw->alias);
        raw->broken = true;
    } else if (raw->alias.key) {
        add_listed(reader, raw, &room, raw->alias);
    }
    for (int i = 0; i < raw->name_count; i++) add_listed(reader, raw, &room, raw->names[i]);
    raw->state = 2;
    d->family = d;
    raw->axis = (pl_axis){d->count, d->element_names, d, &d->elements};
    return !raw->broken;
}

static void note_elements(pl_reader *reader, pl_dimension *dimension) {
    for (int i = 0; i < dimension->count; i++) {
        pl_element_use *first = pl_name_table_get(&reader->elements, dimension->element_keys[i]);
        pl_element_use *use = PL_NEW(reader->arena, pl_element_use);
        use->dimension = dimension;
        if (first) first->last->next = use, first->last = use;
        else use->last = use, pl_name_table_set(reader->arena, &reader->elements, dimension->element_keys[i], use);
    }
}

/* What an element costs that is looked up, or that a map holds, in steps: the time that there is bounds memory too. */
enum { ELEMENT_STEPS = 16 };

static bool contains(const pl_dimension *larger, const pl_dimension *smaller) {
    if (smaller->count > larger->count) return false;
    for (int i = 0; i < smaller->count; i++)
        if (pl_dimension_find(larger, smaller->element_keys[i]) < 0) return false;
    return true;
}

/* The family is the largest dimension that has all the elements, the first of the largest in the source. */
static void find_family(pl_reader *reader, pl_dimension *dimension) {
    if (dimension->count == 0) return;
    pl_element_use *use = pl_name_table_get(&reader->elements, dimension->element_keys[0]);
    pl_dimension *family = NULL;
    for (; use && pl_reader_spend(reader, 1, dimension->at); use = use->next)
        if ((!family || use->dimension->count > family->count) &&
            pl_reader_spend(reader, ELEMENT_STEPS * (double)dimension->count, dimension->at) && contains(use->dimension, dimension))
            family = use->dimension;
    if (!family) family = dimension; /* where time has run out */
    dimension->family = family;
    dimension->position = PL_ARRAY(reader->arena, dimension->count, int);
    for (int i = 0; i < dimension->count; i++)
        dimension->position[i] = pl_dimension_find(family, dimension->element_keys[i]);
}

/* ---- mappings ------------------------------------------------------------------------------------------- */

static bool map_item(pl_reader *reader, pl_mapping *mapping, pl_subscript_name item, int element) {
    pl_raw_dimension *part = find_dimension(reader, item.key);
    int position = pl_dimension_find(mapping->target, item.key);
    if (position >= 0) mapping->from[position] = element;
    else if (part && pl_reader_spend(reader, ELEMENT_STEPS * (double)part->dimension.count, item.at) &&
             contains(mapping->target, &part->dimension))
        for (int i = 0; i < part->dimension.count; i++)
            mapping->from[pl_dimension_find(mapping->target, part->dimension.element_keys[i])] = element;
    else {
        pl_reader_error(reader, PL_INVALID, item.at, "'%.80s' is no part of the dimension '%.80s'", item.name,
                        mapping->target->name);
        return false;
    }
    return true;
}

static void resolve_mapping(pl_reader *reader, pl_dimension *dimension, const pl_raw_mapping *raw) {
    pl_raw_dimension *target = find_dimension(reader, raw->target.key);
    if (!target) {
        pl_reader_unknown_subscript(reader, raw->target);
        return;
    }
    if (target->broken || !pl_reader_spend(reader, ELEMENT_STEPS * (double)target->dimension.count, raw->target.at)) return;
    int given = raw->items ? raw->item_count : target->dimension.count;
    if (given != dimension->count) {
        pl_reader_error(reader, PL_INVALID, raw->target.at,
                        "'%.80s' has %d elements, but the mapping to '%.80s' has %d", dimension->name, dimension->count,
                        target->dimension.name, given);
        return;
    }
    pl_mapping *mapping = PL_NEW(reader->arena, pl_mapping);
    mapping->target = &target->dimension;
    mapping->from = PL_ARRAY(reader->arena, target->dimension.count, int);
    for (int i = 0; i < target->dimension.count; i++) mapping->from[i] = raw->items ? -1 : i;
    for (int i = 0; i < raw->item_count; i++)
        if (!map_item(reader, mapping, raw->items[i], i)) return;
    mapping->next = dimension->mappings;
    dimension->mappings = mapping;
}

void pl_reader_dimensions(pl_reader *reader) {
    pl_model *model = reader->model;
    for (int i = 0; i < model->dimension_count; i++) {
        pl_dimension *dimension = model->dimensions[i];
        const pl_variable *variable = pl_name_table_get(&model->names, dimension->key);
        if (variable)
            pl_reader_error(reader, PL_INVALID, dimension->at,
                            "'%.80s' is both a dimension and the variable in line %d", dimension->name,
                            variable->at.line);
        if (expand(reader, (pl_raw_dimension *)dimension)) note_elements(reader, dimension);
    }
    for (int i = 0; i < model->dimension_count; i++)
        if (!((pl_raw_dimension *)model->dimensions[i])->broken) find_family(reader, model->dimensions[i]);
    for (int i = 0; i < model->dimension_count; i++) {
        const pl_raw_dimension *raw = (pl_raw_dimension *)model->dimensions[i];
        for (const pl_raw_mapping *mapping = raw->mappings; mapping && !raw->broken; mapping = mapping->next)
            resolve_mapping(reader, model->dimensions[i], mapping);
    }
}

/* ---- names on the right side that follow an iteration --------------------------------------------------- */

static bool same_elements(const pl_dimension *a, const pl_dimension *b) {
    return a->family == b->family && a->count == b->count &&
           memcmp(a->position, b->position, (size_t)a->count * sizeof *a->position) == 0;
}

/* The mapping of `name` whose target has the elements of `over`. */
static const pl_mapping *mapping_to(const pl_dimension *name, const pl_dimension *over) {
    for (const pl_mapping *m = name->mappings; m; m = m->next)
        if (m->target == over) return m;
    for (const pl_mapping *m = name->mappings; m; m = m->next)
        if (m->target->family == over->family && contains(m->target, over)) return m;
    return NULL;
}

bool pl_dimension_follows(const pl_dimension *name, const pl_dimension *over) {
    return name == over || (name->position && over->position && same_elements(name, over)) || mapping_to(name, over) ||
           mapping_to(over, name);
}

int pl_dimension_follow(const pl_dimension *name, const pl_dimension *over, int position) {
    if (name == over || same_elements(name, over)) return position;
    const pl_mapping *mapping = mapping_to(name, over);
    if (mapping) return mapping->from[pl_dimension_find(mapping->target, over->element_keys[position])];
    mapping = mapping_to(over, name); /* the other way round: the one element that is mapped to this one */
    int found = -1;
    for (int i = 0; i < name->count; i++) {
        if (mapping->from[pl_dimension_find(mapping->target, name->element_keys[i])] != position) continue;
        if (found >= 0) return -1;
        found = i;
    }
    return found;
}

/* ---- maps, which are kept ------------------------------------------------------------------------------- */

typedef enum map_kind { MAP_NONE, MAP_FOLLOW, MAP_NUMBERS, MAP_PLACES, MAP_ORDERED } map_kind;
typedef struct pl_map_entry {
    map_kind kind;
    const pl_dimension *over, *name;
    const pl_axis *axis;
    const int *map; /* NULL: there is none */
    int missing;
} pl_map_entry;
enum { MAP_ENTRIES = 1 << 12 };

/* The entry of a map; *made: it is there. A new one takes the place of what stood there. NULL: time has run out. */
static pl_map_entry *find_map(pl_reader *reader, map_kind kind, const pl_dimension *over, const pl_dimension *name,
                              const pl_axis *axis, bool *made) {
    if (!reader->maps) reader->maps = PL_ARRAY(reader->arena, MAP_ENTRIES, pl_map_entry);
    uintptr_t mixed = (((uintptr_t)over * 31 + (uintptr_t)name) * 31 + (uintptr_t)axis) * 31 + 16 * (uintptr_t)kind;
    pl_map_entry *entry = &reader->maps[(mixed >> 4 ^ mixed >> 16) % MAP_ENTRIES];
    *made = entry->kind == kind && entry->over == over && entry->name == name && entry->axis == axis;
    if (*made) return entry;
    if (!pl_reader_spend(reader, ELEMENT_STEPS * ((double)over->count + name->count), reader->now)) return NULL;
    *entry = (pl_map_entry){kind, over, name, axis, NULL, 0};
    return entry;
}

/* By the mapping of `over`, the other way round: the one element that is mapped to each of its own. */
static void follow_back(const pl_mapping *mapping, const pl_dimension *name, const pl_dimension *over, int *map) {
    enum { NONE = -1, SEVERAL = -2 };
    for (int i = 0; i < over->count; i++) map[i] = NONE;
    for (int i = 0; i < name->count; i++) {
        int position = mapping->from[pl_dimension_find(mapping->target, name->element_keys[i])];
        if (position >= 0) map[position] = map[position] == NONE ? i : SEVERAL;
    }
    for (int i = 0; i < over->count; i++)
        if (map[i] == SEVERAL) map[i] = NONE;
}

const int *pl_reader_follow(pl_reader *reader, const pl_dimension *name, const pl_dimension *over) {
    bool made = false;
    pl_map_entry *entry = find_map(reader, MAP_FOLLOW, over, name, NULL, &made);
    if (!entry || made) return entry ? entry->map : NULL;
    bool same = name == over || (name->position && over->position && same_elements(name, over));
    const pl_mapping *mapping = same ? NULL : mapping_to(name, over), *back = same || mapping ? NULL : mapping_to(over, name);
    if (!same && !mapping && !back) return NULL;
    int *map = PL_ARRAY(reader->arena, over->count, int);
    for (int i = 0; i < over->count && !back; i++)
        map[i] = same ? i : mapping->from[pl_dimension_find(mapping->target, over->element_keys[i])];
    if (back) follow_back(back, name, over, map);
    return entry->map = map;
}

const int *pl_reader_numbers(pl_reader *reader, const pl_dimension *name, const pl_dimension *over) {
    bool made = false;
    const int *follow = pl_reader_follow(reader, name, over);
    pl_map_entry *entry = follow ? find_map(reader, MAP_NUMBERS, over, name, NULL, &made) : NULL;
    if (!entry || made) return entry ? entry->map : NULL;
    int *map = PL_ARRAY(reader->arena, over->count, int);
    for (int i = 0; i < over->count; i++) map[i] = follow[i] < 0 ? 0 : name->position[follow[i]] + 1;
    return entry->map = map;
}

/* Fills an entry by the element of `name` at each position, -1 where there is none; in order where that has no place. */
static const int *fill_map(pl_reader *reader, pl_map_entry *entry, const int *elements, bool ordered) {
    const pl_dimension *over = entry->over, *name = entry->name;
    int *map = PL_ARRAY(reader->arena, over->count, int);
    for (int i = 0; i < over->count; i++) {
        int element = elements ? elements[i] : i < name->count ? i : -1;
        map[i] = element < 0 ? -1 : pl_axis_find(entry->axis, name->element_keys[element]);
        if (map[i] < 0 && ordered && i < entry->axis->count) map[i] = i;
        entry->missing = i;
        if (map[i] < 0) return NULL;
    }
    return entry->map = map;
}

const int *pl_reader_map(pl_reader *reader, const pl_dimension *over, const pl_dimension *name, const pl_axis *axis,
                         int *missing) {
    bool made = false;
    *missing = 0;
    const int *follow = pl_reader_follow(reader, name, over);
    pl_map_entry *entry = follow ? find_map(reader, MAP_PLACES, over, name, axis, &made) : NULL;
    if (!entry) return NULL;
    const int *map = made ? entry->map : fill_map(reader, entry, follow, false);
    *missing = entry->missing;
    return map;
}

const int *pl_reader_ordered(pl_reader *reader, const pl_dimension *over, const pl_dimension *name, const pl_axis *axis,
                             int *missing) {
    bool made = false;
    *missing = 0;
    pl_map_entry *entry = find_map(reader, MAP_ORDERED, over, name, axis, &made);
    if (!entry) return NULL;
    const int *map = made ? entry->map : fill_map(reader, entry, NULL, name == over);
    *missing = entry->missing;
    return map;
}

/* ---- the shape of a variable ---------------------------------------------------------------------------- */

/* All equations have as many subscripts, each of them known, none marked. */
static bool check_names(pl_reader *reader, pl_variable *variable) {
    variable->rank = variable->equations[0]->name_count;
    for (int i = 0; i < variable->equation_count; i++) {
        const pl_equation *equation = variable->equations[i];
        if (equation->name_count != variable->rank) {
            pl_reader_error(reader, PL_INVALID, equation->at, "'%.80s' has %d subscripts here, but %d in line %d",
                            variable->name, equation->name_count, variable->rank, variable->equations[0]->at.line);
            return false;
        }
        for (int j = 0; j < equation->name_count; j++) {
            pl_subscript_name name = equation->names[j];
            const pl_raw_dimension *raw = find_dimension(reader, name.key);
            if (raw && raw->broken) return false;
            if (raw && !name.reduced) continue;
            if (name.reduced || !pl_name_table_get(&reader->elements, name.key)) {
                if (name.reduced) pl_reader_error(reader, PL_INVALID, name.at, "'!' cannot stand on the left side");
                else pl_reader_unknown_subscript(reader, name);
                return false;
            }
        }
    }
    return true;
}

/* Whether a dimension has everything that stands at a place of the left sides. */
static bool covers(pl_reader *reader, const pl_dimension *dimension, const pl_variable *variable, int place) {
    const pl_dimension *before = NULL;
    for (int i = 0; i < variable->equation_count; i++) {
        const char *key = variable->equations[i]->names[place].key;
        const pl_raw_dimension *raw = find_dimension(reader, key);
        if (raw && &raw->dimension == before) continue;
        if (raw ? !contains(dimension, &raw->dimension) : pl_dimension_find(dimension, key) < 0) return false;
        if (raw) before = &raw->dimension;
    }
    return true;
}

/* The dimension of an axis: one that stands there and has all the others, else the first that has them all. */
static pl_dimension *axis_dimension(pl_reader *reader, const pl_variable *variable, int place) {
    pl_dimension *largest = NULL;
    for (int i = 0; i < variable->equation_count; i++) {
        pl_raw_dimension *raw = find_dimension(reader, variable->equations[i]->names[place].key);
        if (raw && (!largest || raw->dimension.count > largest->count)) largest = &raw->dimension;
    }
    if (largest && covers(reader, largest, variable, place)) return largest;
    const char *key = largest ? largest->element_keys[0] : variable->equations[0]->names[place].key;
    for (pl_element_use *use = pl_name_table_get(&reader->elements, key); use; use = use->next)
        if (covers(reader, use->dimension, variable, place)) return use->dimension;
    return NULL;
}

/* The axis at a place: the whole dimension, or a list of those of its elements that any equation defines. */
static pl_axis *make_axis(pl_reader *reader, pl_variable *variable, int place) {
    pl_dimension *dimension = axis_dimension(reader, variable, place);
    if (!dimension) {
        pl_reader_error(reader, PL_INVALID, variable->equations[0]->names[place].at,
                        "the subscripts at place %d of '%.80s' are from different dimensions", place + 1,
                        variable->name);
        return NULL;
    }
    if (!pl_reader_spend(reader, 4.0 * dimension->count, variable->at)) return NULL;
    bool *taken = reader->taken = pl_arena_grow(reader->arena, reader->taken, 0, &reader->taken_room,
                                                 dimension->count + 1, 1);
    int count = 0, low = dimension->count, high = 0; /* taken are some from low up to below high */
    memset(taken, 0, (size_t)dimension->count);
    for (int i = 0; i < variable->equation_count && count < dimension->count; i++) {
        const char *key = variable->equations[i]->names[place].key;
        const pl_raw_dimension *raw = find_dimension(reader, key);
        for (int j = 0; j < (raw ? raw->dimension.count : 1); j++) {
            int position = pl_dimension_find(dimension, raw ? raw->dimension.element_keys[j] : key);
            count += !taken[position], taken[position] = true;
            low = position < low ? position : low, high = position < high ? high : position + 1;
        }
    }
    if (count == dimension->count) return pl_dimension_axis(dimension);
    pl_axis *axis = PL_NEW(reader->arena, pl_axis);
    pl_name_table *elements = PL_NEW(reader->arena, pl_name_table);
    axis->names = PL_ARRAY(reader->arena, count, const char *);
    for (int i = low; i < high; i++) {
        if (!taken[i]) continue;
        axis->names[axis->count++] = dimension->element_names[i];
        pl_name_table_set(reader->arena, elements, dimension->element_keys[i], (void *)(intptr_t)axis->count);
    }
    axis->elements = elements;
    return axis;
}

static bool make_axes(pl_reader *reader, pl_variable *variable) {
    double size = 1.0;
    variable->axes = PL_ARRAY(reader->arena, variable->rank, pl_axis *);
    for (int i = 0; i < variable->rank; i++) {
        variable->axes[i] = make_axis(reader, variable, i);
        if (!variable->axes[i]) return false;
        size *= variable->axes[i]->count;
        if (size == 0.0 || size > PL_MOST_ELEMENTS - reader->element_total) {
            pl_reader_error(reader, PL_UNSUPPORTED, variable->at,
                            size == 0.0 ? "'%.80s' has no elements" : "'%.80s': the model has more than %d elements",
                            variable->name, PL_MOST_ELEMENTS);
            return false;
        }
    }
    variable->size = (int)size;
    reader->element_total += variable->size;
    return true;
}

/* ---- the cells of an equation --------------------------------------------------------------------------- */

/* What one place of the left side walks over. */
typedef struct place {
    int count;
    int *offsets;   /* [count] into the flat variable */
    bool *excepted; /* [count] under the bracket of :EXCEPT: in work */
    const char **keys;
    const char *one;
} place;

static bool make_places(pl_reader *reader, pl_equation *equation, place *places) {
    pl_variable *variable = equation->variable;
    int stride = variable->size;
    equation->axes = PL_ARRAY(reader->arena, equation->name_count, pl_axis *);
    for (int i = 0; i < equation->name_count; i++) {
        pl_raw_dimension *raw = find_dimension(reader, equation->names[i].key);
        place *p = &places[i];
        stride /= variable->axes[i]->count;
        p->one = equation->names[i].key;
        p->keys = raw ? raw->dimension.element_keys : &p->one;
        p->count = raw ? raw->dimension.count : 1;
        p->offsets = PL_ARRAY(reader->arena, p->count, int);
        p->excepted = PL_ARRAY(reader->arena, p->count, bool);
        for (int j = 0; j < p->count; j++) p->offsets[j] = stride * pl_axis_find(variable->axes[i], p->keys[j]);
        if (!raw) continue;
        for (int j = 0; j < equation->axis_count; j++) {
            if (equation->axes[j]->dimension != &raw->dimension || reader->model->dialect == PL_XMILE) continue;
            pl_reader_error(reader, PL_UNSUPPORTED, equation->names[i].at, "'%.80s' stands twice on the left side",
                            equation->names[i].name);
            return false;
        }
        equation->axes[equation->axis_count++] = &raw->axis;
    }
    return true;
}

/* Steps the odometer over all places, the last fastest. */
static void step(const place *places, int *at, int count) {
    for (int i = count - 1; i >= 0; i--) {
        if (++at[i] < places[i].count) return;
        at[i] = 0;
    }
}

static void fill_cells(pl_equation *equation, const place *places, int *at) {
    memset(at, 0, (size_t)(equation->name_count + 1) * sizeof *at);
    for (int cell = 0; cell < equation->cell_count; cell++) {
        int flat = 0;
        for (int i = 0; i < equation->name_count; i++) flat += places[i].offsets[at[i]];
        equation->cells[cell] = flat;
        step(places, at, equation->name_count);
    }
}

/* Marks what one bracket of :EXCEPT: leaves out. */
static bool mark_excepted(pl_reader *reader, pl_equation *equation, place *places, int bracket, int *at) {
    if (!pl_reader_spend(reader, 4.0 * equation->cell_count * (equation->name_count + 1), equation->at)) return false;
    for (int i = 0; i < equation->name_count; i++) {
        pl_subscript_name name = equation->excepts[bracket * equation->name_count + i];
        const pl_raw_dimension *raw = find_dimension(reader, name.key);
        if (!raw && !pl_name_table_get(&reader->elements, name.key)) {
            pl_reader_unknown_subscript(reader, name);
            return false;
        }
        for (int j = 0; j < places[i].count; j++)
            places[i].excepted[j] = raw ? pl_dimension_find(&raw->dimension, places[i].keys[j]) >= 0
                                        : strcmp(name.key, places[i].keys[j]) == 0;
    }
    memset(at, 0, (size_t)(equation->name_count + 1) * sizeof *at);
    for (int cell = 0; cell < equation->cell_count; cell++) {
        bool all = true;
        for (int i = 0; i < equation->name_count && all; i++) all = places[i].excepted[at[i]];
        if (all) equation->cells[cell] = -1;
        step(places, at, equation->name_count);
    }
    return true;
}

static bool make_cells(pl_reader *reader, pl_equation *equation) {
    place *places = PL_ARRAY(reader->arena, equation->name_count, place);
    int *at = PL_ARRAY(reader->arena, equation->name_count + 1, int);
    if (!make_places(reader, equation, places)) return false;
    double count = 1.0;
    for (int i = 0; i < equation->axis_count; i++) count *= equation->axes[i]->count;
    if (count > PL_MOST_ELEMENTS - reader->element_total) {
        pl_reader_error(reader, PL_UNSUPPORTED, equation->at, "the model has more than %d elements", PL_MOST_ELEMENTS);
        return false;
    }
    equation->cell_count = (int)count;
    reader->element_total += equation->cell_count;
    equation->cells = PL_ARRAY(reader->arena, equation->cell_count, int);
    fill_cells(equation, places, at);
    for (int i = 0; i < equation->except_count; i++)
        if (!mark_excepted(reader, equation, places, i, at)) return false;
    return true;
}

/* Every element is defined at most once. */
static bool check_overlap(pl_reader *reader, pl_variable *variable) {
    int *owner = PL_ARRAY(reader->arena, variable->size, int);
    int covered = 0;
    for (int i = 0; i < variable->equation_count; i++) {
        const pl_equation *equation = variable->equations[i];
        for (int j = 0; j < equation->cell_count; j++) {
            int cell = equation->cells[j];
            if (cell < 0) continue;
            if (owner[cell] > 0) {
                char name[120];
                pl_variable_element_name(variable, cell, name, sizeof name);
                pl_reader_error(reader, PL_INVALID, equation->at, "'%s' is defined twice; first in line %d", name,
                                variable->equations[owner[cell] - 1]->at.line);
                return false;
            }
            owner[cell] = i + 1;
            covered++;
        }
    }
    if (covered == variable->size) return true;
    bool *defined = PL_ARRAY(reader->arena, variable->size, bool);
    for (int i = 0; i < variable->size; i++) defined[i] = owner[i] > 0;
    variable->defined = defined;
    return true;
}

void pl_reader_shape(pl_reader *reader, pl_variable *variable) {
    if (variable->broken) return;
    variable->broken = true;
    if (!check_names(reader, variable) || !make_axes(reader, variable)) return;
    for (int i = 0; i < variable->equation_count; i++)
        if (!make_cells(reader, variable->equations[i])) return;
    variable->broken = !check_overlap(reader, variable);
}
