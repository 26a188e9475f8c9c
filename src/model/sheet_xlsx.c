/* Workbooks of the newer kind (.xlsx): a zip archive (libzip) of XML parts (expat).  See sheet.h.
 *
 * Parts are read in this order: the workbook (sheets and named ranges), its relations (which part is which), shared
 * texts, each sheet.  A document type, and with it every entity of the file's own, is refused; the size of a part is
 * bounded.  Memory that runs out is a flag: nothing jumps through the libraries. */
#include <expat.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "model/sheet.h"

enum { LARGEST_PART = 1 << 28, LONGEST_TEXT = 1 << 20, MOST_SHEETS = 1000, MOST_RANGES = 100000, DEEPEST = 100 };

typedef struct relation {
    const char *id, *target;
} relation;

typedef struct shared_text {
    const char *text;
    size_t length;
} shared_text;

typedef struct workbook {
    pl_book *book;
    zip_t *zip;
    const char **sheet_ids; /* [book->sheet_count] the relation of each sheet */
    int id_room;
    relation *relations;
    int relation_count, relation_room;
    shared_text *shared;
    int shared_count, shared_room;
    bool out_of_memory;
    /* the part in work */
    XML_Parser parser;
    int depth;
    char *text; /* what stands in the elements of interest so far */
    int length, room;
    bool taking; /* inside such an element */
    bool phonetic; /* inside <rPh>: readings of the text, not the text */
    pl_sheet *sheet;
    int row, column; /* of the cell in work */
    char type[12];   /* of that cell */
    char name[256];  /* of the range in work */
    int scope;
} workbook;

static const char *local(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const char **attributes, const char *name) {
    for (int i = 0; attributes[i]; i += 2)
        if (strcmp(local(attributes[i]), name) == 0) return attributes[i + 1];
    return NULL;
}

/* A whole number from 0 up; -1: none. */
static int whole(const char *text) {
    long number = text ? strtol(text, NULL, 10) : -1;
    return number < 0 || number > INT32_MAX / 2 ? -1 : (int)number;
}

static void run_out(workbook *w) {
    w->out_of_memory = true;
    XML_StopParser(w->parser, XML_FALSE);
}

static void refuse(workbook *w, const char *why) {
    w->book->why = why;
    XML_StopParser(w->parser, XML_FALSE);
}

static char *keep(workbook *w, const char *text) {
    char *copy = pl_arena_text(w->book->arena, text, strlen(text));
    if (!copy) run_out(w);
    return copy;
}

static void begin_text(workbook *w) { w->length = 0, w->taking = true; }

/* ---- what each part's elements mean --------------------------------------------------------------------- */

static void add_sheet(workbook *w, const char **attributes) {
    const char *name = attribute(attributes, "name"), *id = NULL;
    for (int i = 0; attributes[i]; i += 2) /* r:id, not sheetId */
        if (strcmp(local(attributes[i]), "id") == 0) id = attributes[i + 1];
    if (!name || !id || w->book->sheet_count >= MOST_SHEETS) return;
    const char **ids = pl_arena_grow(w->book->arena, w->sheet_ids, w->book->sheet_count, &w->id_room,
                                     w->book->sheet_count + 1, sizeof *ids);
    char *copy = keep(w, id);
    if (!ids || !copy || !pl_book_add(w->book, name)) {
        run_out(w);
        return;
    }
    w->sheet_ids = ids;
    ids[w->book->sheet_count - 1] = copy;
}

static void workbook_start(workbook *w, const char *name, const char **attributes) {
    if (strcmp(name, "sheet") == 0) add_sheet(w, attributes);
    if (strcmp(name, "definedName") != 0) return;
    const char *range = attribute(attributes, "name"), *scope = attribute(attributes, "localSheetId");
    snprintf(w->name, sizeof w->name, "%s", range ? range : "");
    w->scope = scope ? whole(scope) : -1;
    if (scope && w->scope < 0) *w->name = 0;
    begin_text(w);
}

/* "Sheet!$B$3:$C$9", "'A sheet'!$B$3"; anything else (formulas, whole columns) names no cells. */
static void add_range(workbook *w, char *text) {
    char *mark = strrchr(text, '!');
    if (!mark || !*w->name || w->scope >= w->book->sheet_count || w->book->range_count >= MOST_RANGES) return;
    *mark = 0;
    if (*text == '\'' && mark > text + 1 && mark[-1] == '\'') text++, mark[-1] = 0;
    pl_sheet_range range = {.scope = w->scope, .sheet = pl_book_sheet(w->book, text)};
    size_t used = pl_sheet_address(mark + 1, &range.row, &range.column);
    const char *rest = mark + 1 + used;
    range.last_row = range.row, range.last_column = range.column;
    if (used && *rest == ':') {
        used = pl_sheet_address(rest + 1, &range.last_row, &range.last_column);
        rest += 1 + used;
    }
    if (!used || *rest || !range.sheet || range.row < 0 || range.column < 0 || range.last_row < range.row ||
        range.last_column < range.column)
        return;
    pl_sheet_range *ranges = pl_arena_grow(w->book->arena, w->book->ranges, w->book->range_count, &w->book->range_room,
                                           w->book->range_count + 1, sizeof range);
    range.name = keep(w, w->name);
    if (!ranges || !range.name) {
        run_out(w);
        return;
    }
    w->book->ranges = ranges;
    ranges[w->book->range_count++] = range;
}

static void workbook_end(workbook *w, const char *name) {
    if (strcmp(name, "definedName") == 0 && w->text && w->length) add_range(w, w->text);
}

static void relations_start(workbook *w, const char *name, const char **attributes) {
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || !id || !target) return;
    w->relations = pl_arena_grow(w->book->arena, w->relations, w->relation_count, &w->relation_room,
                                 w->relation_count + 1, sizeof *w->relations);
    relation one = {keep(w, id), keep(w, target)};
    if (!w->relations || !one.id || !one.target) run_out(w);
    else w->relations[w->relation_count++] = one;
}

static void relations_end(workbook *w, const char *name) { (void)w, (void)name; }

static void shared_start(workbook *w, const char *name, const char **attributes) {
    (void)attributes;
    if (strcmp(name, "si") == 0) w->length = 0;
    if (strcmp(name, "rPh") == 0) w->phonetic = true;
    if (strcmp(name, "t") == 0 && !w->phonetic) w->taking = true;
}

static void shared_end(workbook *w, const char *name) {
    if (strcmp(name, "rPh") == 0) w->phonetic = false;
    if (strcmp(name, "si") != 0) return;
    w->shared = pl_arena_grow(w->book->arena, w->shared, w->shared_count, &w->shared_room, w->shared_count + 1,
                              sizeof *w->shared);
    char *copy = w->shared ? pl_arena_text(w->book->arena, w->text ? w->text : "", (size_t)w->length) : NULL;
    if (!copy) run_out(w);
    else w->shared[w->shared_count++] = (shared_text){copy, (size_t)w->length};
}

/* A row or a cell may leave out where it is: it follows the one before. */
static void sheet_start(workbook *w, const char *name, const char **attributes) {
    const char *place = attribute(attributes, "r");
    int row, column;
    if (strcmp(name, "row") == 0) {
        w->row = whole(place) > 0 ? whole(place) - 1 : w->row < INT32_MAX / 2 ? w->row + 1 : w->row;
        w->column = -1;
    } else if (strcmp(name, "c") == 0) {
        const char *type = attribute(attributes, "t");
        w->column += w->column < INT32_MAX / 2;
        if (place && pl_sheet_address(place, &row, &column) && row >= 0 && column >= 0)
            w->row = row, w->column = column;
        snprintf(w->type, sizeof w->type, "%s", type ? type : "n");
        w->length = 0;
    } else if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && !w->phonetic)) {
        w->taking = true;
    } else if (strcmp(name, "rPh") == 0) {
        w->phonetic = true;
    }
}

static void sheet_end(workbook *w, const char *name) {
    if (strcmp(name, "rPh") == 0) w->phonetic = false;
    if (strcmp(name, "c") != 0 || w->length == 0) return;
    const char *text = w->text;
    size_t length = (size_t)w->length;
    double number = 0.0;
    if (strcmp(w->type, "s") == 0) {
        int index = whole(text);
        if (index < 0 || index >= w->shared_count) return;
        text = w->shared[index].text, length = w->shared[index].length;
    } else if (strcmp(w->type, "n") == 0 && pl_number_whole(text, length, &number)) {
        text = NULL;
    }
    if (!pl_sheet_add(w->book, w->sheet, w->row, w->column, number, text, length)) run_out(w);
    else if (w->book->why) XML_StopParser(w->parser, XML_FALSE);
}

/* ---- reading a part ------------------------------------------------------------------------------------- */

/* X(kind): the parts, by the functions that take their elements. */
#define PARTS(X) X(workbook) X(relations) X(shared) X(sheet)
typedef enum part {
#define X(kind) PART_##kind,
    PARTS(X)
#undef X
} part;

static void XMLCALL on_text(void *context, const char *text, int length) {
    workbook *w = context;
    if (!w->taking || w->out_of_memory || w->book->why) return;
    if (w->length + length > LONGEST_TEXT) {
        refuse(w, "one of its texts is too long");
        return;
    }
    char *grown = pl_arena_grow(w->book->arena, w->text, w->length, &w->room, w->length + length + 1, 1);
    if (!grown) {
        run_out(w);
        return;
    }
    w->text = grown;
    memcpy(grown + w->length, text, (size_t)length);
    w->length += length;
    grown[w->length] = 0;
}

static void XMLCALL on_doctype(void *context, const char *name, const char *system, const char *public, int internal) {
    (void)name, (void)system, (void)public, (void)internal;
    refuse(context, "a document type (<!DOCTYPE>) is not allowed in it");
}

#define X(kind)                                                                               \
    static void XMLCALL kind##_on_start(void *context, const char *name, const char **attributes) { \
        workbook *w = context;                                                                \
        if (w->out_of_memory || w->book->why) return;                                         \
        if (++w->depth > DEEPEST) refuse(w, "its elements are nested too deeply");            \
        else kind##_start(w, local(name), attributes);                                        \
    }                                                                                         \
    static void XMLCALL kind##_on_end(void *context, const char *name) {                      \
        workbook *w = context;                                                                \
        w->depth--, w->taking = false;                                                        \
        if (!w->out_of_memory && !w->book->why) kind##_end(w, local(name));                   \
    }
PARTS(X)
#undef X

static const struct {
    XML_StartElementHandler start;
    XML_EndElementHandler end;
} handlers[] = {
#define X(kind) {kind##_on_start, kind##_on_end},
    PARTS(X)
#undef X
};

static void parse_part(workbook *w, part kind, const char *bytes, size_t size) {
    static const XML_Memory_Handling_Suite memory = {pl_allocate, pl_reallocate, pl_release};
    w->parser = XML_ParserCreate_MM(NULL, &memory, NULL);
    if (!w->parser) {
        w->out_of_memory = true;
        return;
    }
    w->depth = w->length = 0, w->taking = w->phonetic = false;
    XML_SetUserData(w->parser, w);
    XML_SetElementHandler(w->parser, handlers[kind].start, handlers[kind].end);
    XML_SetCharacterDataHandler(w->parser, on_text);
    XML_SetStartDoctypeDeclHandler(w->parser, on_doctype);
    if (XML_Parse(w->parser, bytes, (int)size, XML_TRUE) != XML_STATUS_OK && !w->book->why) {
        w->out_of_memory |= XML_GetErrorCode(w->parser) == XML_ERROR_NO_MEMORY;
        w->book->why = "one of its parts is no well-formed XML";
    }
    XML_ParserFree(w->parser);
}

/* Whether the archive has the part; it is read then, and may leave why. */
static bool read_part(workbook *w, part kind, const char *name) {
    zip_stat_t about;
    if (zip_stat(w->zip, name, 0, &about) != 0 || !(about.valid & ZIP_STAT_SIZE)) return false;
    if (about.size > LARGEST_PART) {
        w->book->why = "one of its parts is too large";
        return true;
    }
    char *bytes = pl_allocate((size_t)about.size + 1);
    zip_file_t *file = bytes ? zip_fopen(w->zip, name, 0) : NULL;
    if (!bytes) w->out_of_memory = true;
    else if (!file || zip_fread(file, bytes, about.size) != (zip_int64_t)about.size)
        w->book->why = "one of its parts cannot be unpacked";
    else parse_part(w, kind, bytes, (size_t)about.size);
    if (file) zip_fclose(file);
    pl_release(bytes);
    return true;
}

/* A relation's target stands from the folder xl, or from the root. */
static void read_sheet(workbook *w, int index) {
    char path[512] = "";
    for (int i = 0; i < w->relation_count; i++) {
        const char *target = w->relations[i].target;
        if (strcmp(w->relations[i].id, w->sheet_ids[index]) != 0) continue;
        if (*target == '/') snprintf(path, sizeof path, "%s", target + 1);
        else snprintf(path, sizeof path, "xl/%s", target);
    }
    w->sheet = &w->book->sheets[index];
    w->row = -1, w->column = -1;
    if (*path && read_part(w, PART_sheet, path)) pl_sheet_close(w->sheet);
}

static void read_all(workbook *w) {
    if (!read_part(w, PART_workbook, "xl/workbook.xml") || w->book->why || w->out_of_memory) {
        if (!w->book->why) w->book->why = "it holds no workbook";
        return;
    }
    read_part(w, PART_relations, "xl/_rels/workbook.xml.rels");
    if (!w->book->why && !w->out_of_memory) read_part(w, PART_shared, "xl/sharedStrings.xml");
    for (int i = 0; i < w->book->sheet_count && !w->book->why && !w->out_of_memory; i++) read_sheet(w, i);
}

bool pl_book_parse_xlsx(pl_book *book, const char *bytes, size_t size) {
    workbook w = {.book = book};
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &error);
    w.zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (source && !w.zip) zip_source_free(source);
    if (w.zip) {
        read_all(&w);
        zip_discard(w.zip);
    } else {
        book->why = "it is no archive that can be unpacked";
    }
    zip_error_fini(&error);
    return !w.out_of_memory;
}
