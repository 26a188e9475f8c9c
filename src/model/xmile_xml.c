/* The elements of an XMILE file as a tree, through expat.  A document type and with it every entity of the file's own
 * is refused, depth is bounded, and views, styles and the elements of other makers are not kept.  Prefixes need not be
 * declared: the parser does not know of name spaces.  While expat is at work memory that runs out is a flag, never a
 * jump through its frames. */
#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "model/xmile.h"

typedef struct building {
    pl_xmile *x;
    XML_Parser parser;
    pl_arena *arena;
    pl_xml *root, *at;
    char prefix[40];  /* of the XMILE name space, with its colon; "" where it is the default one */
    int depth, skipped_from; /* depth where an element began that is not kept; 0: none */
    int vendor_at;    /* byte of the first element of another maker; -1: none */
    char vendor[80];
    bool out_of_memory, stopped;
    int stopped_at;
    const char *why;
} building;

/* ---- places -------------------------------------------------------------------------------------------- */

pl_position pl_xmile_position(const pl_xmile *x, int offset) {
    int low = 0, high = x->line_count;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (x->lines[middle] <= offset) low = middle;
        else high = middle;
    }
    return (pl_position){low + 1, offset - x->lines[low] + 1};
}

pl_position pl_xml_position(const pl_xmile *x, const pl_xml *element) { return pl_xmile_position(x, element->from); }

static void find_lines(pl_xmile *x) {
    const pl_reader *reader = x->reader;
    int count = 1;
    for (size_t i = 0; i < reader->length; i++) count += reader->text[i] == '\n';
    int *lines = PL_ARRAY(reader->arena, count, int);
    count = 1;
    for (size_t i = 0; i < reader->length; i++)
        if (reader->text[i] == '\n') lines[count++] = (int)i + 1;
    x->lines = lines, x->line_count = count;
}

/* ---- what expat calls ---------------------------------------------------------------------------------- */

static void stop(building *b, const char *why) {
    if (b->stopped) return;
    b->stopped = true, b->why = why;
    b->stopped_at = (int)XML_GetCurrentByteIndex(b->parser);
    b->out_of_memory |= why == NULL;
    XML_StopParser(b->parser, XML_FALSE);
}

/* Drawings and what only another program understands. */
static bool is_left_out(const char *name) {
    static const char *const names[] = {"views",  "style",        "prefs", "default_format", "equation_prefs",
                                        "mathml", "event_poster", "smile", "display",        "interface",
                                        "ai_information"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

static bool is_vendor(const building *b, const char *name, const char **attributes) {
    if (strchr(name, ':')) return true;
    for (int i = 0; attributes[i] && b->depth > 1; i += 2)
        if (strcmp(attributes[i], "xmlns") == 0) {
            const char *space = attributes[i + 1];
            return !strstr(space, "XMILE") && !strstr(space, "xmile");
        }
    return false;
}

static const char **copy_attributes(building *b, const char **attributes) {
    int count = 0;
    while (attributes[count]) count++;
    const char **copy = PL_ARRAY(b->arena, count + 1, const char *);
    for (int i = 0; copy && i < count; i++) {
        copy[i] = pl_arena_text(b->arena, attributes[i], strlen(attributes[i]));
        if (!copy[i]) return NULL;
    }
    return copy;
}

static void add(building *b, const char *name, const char **attributes) {
    pl_xml *element = PL_NEW(b->arena, pl_xml);
    if (!element) {
        stop(b, NULL);
        return;
    }
    element->name = pl_arena_text(b->arena, name, strlen(name));
    element->attributes = copy_attributes(b, attributes);
    if (!element->name || !element->attributes) {
        stop(b, NULL);
        return;
    }
    element->from = (int)XML_GetCurrentByteIndex(b->parser);
    element->parent = b->at;
    if (!b->at) b->root = element;
    else if (b->at->last) b->at->last->next = element;
    else b->at->first = element;
    if (b->at) b->at->last = element;
    b->at = element;
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes) {
    building *b = context;
    if (b->stopped) return;
    if (++b->depth > PL_DEEPEST_XML) {
        stop(b, "elements are nested too deeply");
        return;
    }
    if (b->skipped_from) return;
    const char *colon = strchr(name, ':');
    if (b->depth == 1 && colon && (size_t)(colon - name) + 2 < sizeof b->prefix)
        snprintf(b->prefix, sizeof b->prefix, "%.*s", (int)(colon - name) + 1, name);
    size_t length = strlen(b->prefix);
    if (length && strncmp(name, b->prefix, length) == 0) name += length;
    if (b->depth == 1) { /* whatever it is: whoever looks at the tree finds one */
        add(b, name, attributes);
        return;
    }
    bool vendor = is_vendor(b, name, attributes);
    if (vendor && b->vendor_at < 0) {
        b->vendor_at = (int)XML_GetCurrentByteIndex(b->parser);
        snprintf(b->vendor, sizeof b->vendor, "%.70s", name);
    }
    if (vendor || is_left_out(name)) b->skipped_from = b->depth;
    else add(b, name, attributes);
}

static void XMLCALL on_end(void *context, const char *name) {
    building *b = context;
    (void)name;
    if (b->stopped) return;
    if (b->skipped_from == b->depth) b->skipped_from = 0;
    else if (!b->skipped_from && b->at) b->at = b->at->parent;
    b->depth--;
}

/* An entity or a line end stands for fewer bytes than the file has: all its bytes are where it begins. */
static void XMLCALL on_text(void *context, const char *text, int length) {
    building *b = context;
    pl_xml *to = b->at;
    if (b->stopped || b->skipped_from || !to) return;
    int from = (int)XML_GetCurrentByteIndex(b->parser), step = XML_GetCurrentByteCount(b->parser) == length;
    while (to->length == 0 && length > 0 && strchr(" \t\r\n", *text)) text++, length--, from += step;
    if (length == 0) return;
    to->text = pl_arena_grow(b->arena, to->text, to->length, &to->text_room, to->length + length + 1, 1);
    if (to->text)
        to->offsets =
            pl_arena_grow(b->arena, to->offsets, to->length, &to->offset_room, to->length + length + 1, sizeof(int));
    if (!to->text || !to->offsets) {
        stop(b, NULL);
        return;
    }
    memcpy(to->text + to->length, text, (size_t)length);
    for (int i = 0; i < length; i++) to->offsets[to->length + i] = from + i * step;
    to->length += length;
    to->text[to->length] = 0, to->offsets[to->length] = from + length * step;
}

static void XMLCALL on_doctype(void *context, const char *name, const char *system, const char *public, int internal) {
    (void)name, (void)system, (void)public, (void)internal;
    stop(context, "a document type (<!DOCTYPE>) is not allowed here");
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

/* "--" inside a comment, which XML forbids and people write: the parser sees blanks in its place. NULL: out of memory.
 */
char *pl_xml_clean_text(pl_arena *arena, const char *from, size_t length) {
    char *text = PL_ARRAY(arena, (int)length + 1, char);
    if (!text) return NULL;
    memcpy(text, from, length);
    for (char *at = text; (at = strstr(at, "<!--"));) {
        char *end = strstr(at += 4, "-->");
        if (!end) break;
        for (; at < end; at++)
            if (at[0] == '-' && (at[1] == '-' || at + 1 == end)) at[0] = ' ';
    }
    return text;
}

static void parse(building *b) {
    static const XML_Memory_Handling_Suite memory = {pl_allocate, pl_reallocate, pl_release};
    const char *text = pl_xml_clean_text(b->arena, b->x->reader->text, b->x->reader->length);
    b->parser = text ? XML_ParserCreate_MM("UTF-8", &memory, NULL) : NULL; /* the text is UTF-8 by now */
    if (!b->parser) {
        b->out_of_memory = true;
        return;
    }
    XML_SetUserData(b->parser, b);
    XML_SetElementHandler(b->parser, on_start, on_end);
    XML_SetCharacterDataHandler(b->parser, on_text);
    XML_SetStartDoctypeDeclHandler(b->parser, on_doctype);
    if (XML_Parse(b->parser, text, (int)b->x->reader->length, XML_TRUE) != XML_STATUS_OK && !b->stopped) {
        enum XML_Error code = XML_GetErrorCode(b->parser);
        b->stopped = true, b->why = XML_ErrorString(code);
        b->stopped_at = (int)XML_GetCurrentByteIndex(b->parser);
        b->out_of_memory |= code == XML_ERROR_NO_MEMORY;
    }
    XML_ParserFree(b->parser);
}

bool pl_xmile_tree(pl_xmile *x) {
    building b = {.x = x, .arena = x->reader->arena, .vendor_at = -1};
    void (*out_of_memory)(void *) = b.arena->out_of_memory;
    find_lines(x);
    b.arena->out_of_memory = NULL;
    parse(&b);
    b.arena->out_of_memory = out_of_memory;
    if (b.out_of_memory) longjmp(x->reader->out_of_memory, 1);
    if (b.stopped) {
        int at = b.stopped_at < 0 ? 0 : b.stopped_at;
        pl_reader_error(x->reader, PL_INVALID, pl_xmile_position(x, at), "this is no well-formed XML: %s", b.why);
        return false;
    }
    if (b.vendor_at >= 0)
        pl_reader_note(x->reader, PL_NOTE, pl_xmile_position(x, b.vendor_at),
                       "elements of other makers, such as <%s>, are not looked at", b.vendor);
    x->root = b.root;
    return true;
}

/* ---- looking at it ------------------------------------------------------------------------------------- */

pl_xml *pl_xml_child(const pl_xml *element, const char *name) {
    for (pl_xml *child = element->first; child; child = child->next)
        if (strcmp(child->name, name) == 0) return child;
    return NULL;
}

const char *pl_xml_attribute(const pl_xml *element, const char *name) {
    for (int i = 0; element->attributes[i]; i += 2)
        if (strcmp(element->attributes[i], name) == 0) return element->attributes[i + 1];
    return NULL;
}

const char *pl_xml_text(const pl_xmile *x, const pl_xml *element) {
    int length = element ? element->length : 0;
    while (length > 0 && strchr(" \t\r\n", element->text[length - 1])) length--;
    return length ? pl_arena_text(x->reader->arena, element->text, (size_t)length) : "";
}

bool pl_xml_is(const pl_xml *element, const char *name) { return strcmp(element->name, name) == 0; }

bool pl_xmile_is_one_of(const char *name, const char *list) {
    size_t length = strlen(name);
    for (const char *found = list; (found = strstr(found, name)); found++)
        if ((found == list || found[-1] == ' ') && (found[length] == ' ' || found[length] == 0)) return true;
    return false;
}

void pl_xmile_unsupported(pl_xmile *x, const pl_xml *element) {
    pl_reader_error(x->reader, PL_UNSUPPORTED, pl_xml_position(x, element), "the element <%.60s> is not supported here",
                    element->name);
}

void pl_xmile_check_children(pl_xmile *x, const pl_xml *element, const char *allowed) {
    for (const pl_xml *child = element->first; child; child = child->next)
        if (!pl_xmile_is_one_of(child->name, allowed)) pl_xmile_unsupported(x, child);
}

const char *pl_xmile_key_of(pl_xmile *x, const char *name) {
    return pl_name_key(x->reader->arena, name, strlen(name));
}

const char *pl_xmile_name_of(pl_xmile *x, const pl_xml *element) {
    const char *name = pl_xml_attribute(element, "name");
    if (name && strlen(name) > PL_LONGEST_NAME) {
        pl_reader_error(x->reader, PL_INVALID, pl_xml_position(x, element), "this name is longer than %d bytes",
                        PL_LONGEST_NAME);
        return "";
    }
    return name ? pl_xmile_display(x, name, strlen(name)) : "";
}

double pl_xmile_number_of(const char *text) {
    double value = NAN;
    bool minus = *text == '-';
    text += minus || *text == '+';
    size_t used = pl_number_read(text, strlen(text), &value);
    if (used == 0 || text[used]) return NAN;
    return minus ? -value : value;
}
