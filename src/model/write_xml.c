/* An XMILE file written anew from its own text: every element, attribute, text and comment is kept, the elements of
 * other makers and the drawings too.  The outermost ones come in the order of the standard, what it demands and the
 * file lacks is added, and prefixes that were not declared are.  The reader has bounded the depth. */
#include <expat.h>
#include <string.h>

#include "model/write.h"
#include "model/xmile.h"

typedef enum node_kind { ELEMENT, TEXT, COMMENT } node_kind;

typedef struct node {
    node_kind kind;
    const char *name; /* of an element; of others the text */
    size_t length;
    const char **attributes; /* name, value, ..., NULL */
    struct node *parent, *first, *last, *next;
    bool mixed; /* holds text that is more than blanks */
} node;

typedef struct tree {
    pl_arena *arena;
    node *root, *at;
    const char *prefixes[32]; /* that the outermost element must declare */
    int prefix_count;
    bool out_of_memory;
} tree;

/* ---- reading -------------------------------------------------------------------------------------------- */

static node *add(tree *t, node_kind kind, const char *text, size_t length) {
    node *n = PL_NEW(t->arena, node);
    const char *copy = n ? pl_arena_text(t->arena, text, length) : NULL;
    if (!copy) {
        t->out_of_memory = true;
        return NULL;
    }
    *n = (node){.kind = kind, .name = copy, .length = length, .parent = t->at};
    if (!t->at) t->root = n;
    else if (t->at->last) t->at->last->next = n;
    else t->at->first = n;
    if (t->at) t->at->last = n;
    return n;
}

static bool is_declared(const node *n, const char *prefix, size_t length) {
    for (; n; n = n->parent)
        for (const char **a = n->attributes; a && *a; a += 2) {
            const char *name = strncmp(*a, "xmlns:", 6) == 0 ? *a + 6 : "";
            if (strlen(name) == length && memcmp(name, prefix, length) == 0) return true;
        }
    return (length == 3 && memcmp(prefix, "xml", 3) == 0) || (length == 5 && memcmp(prefix, "xmlns", 5) == 0);
}

static void note_prefix(tree *t, const node *n, const char *name) {
    const char *colon = strchr(name, ':');
    size_t length = colon ? (size_t)(colon - name) : 0;
    if (length == 0 || is_declared(n, name, length)) return;
    for (int i = 0; i < t->prefix_count; i++)
        if (strlen(t->prefixes[i]) == length && memcmp(t->prefixes[i], name, length) == 0) return;
    if (t->prefix_count == sizeof t->prefixes / sizeof *t->prefixes) return;
    t->prefixes[t->prefix_count] = pl_arena_text(t->arena, name, length);
    if (t->prefixes[t->prefix_count]) t->prefix_count++;
    else t->out_of_memory = true;
}

static bool copy_attributes(tree *t, node *n, const char **attributes) {
    int count = 0;
    while (attributes[count]) count++;
    n->attributes = PL_ARRAY(t->arena, count + 1, const char *);
    for (int i = 0; n->attributes && i < count; i++) {
        n->attributes[i] = pl_arena_text(t->arena, attributes[i], strlen(attributes[i]));
        if (!n->attributes[i]) return false;
    }
    return n->attributes != NULL;
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes) {
    tree *t = context;
    node *n = t->out_of_memory ? NULL : add(t, ELEMENT, name, strlen(name));
    if (!n) return;
    if (!copy_attributes(t, n, attributes)) t->out_of_memory = true;
    t->at = n;
    note_prefix(t, n, name);
    for (int i = 0; attributes[i]; i += 2) note_prefix(t, n, attributes[i]);
}

static void XMLCALL on_end(void *context, const char *name) {
    tree *t = context;
    (void)name;
    if (!t->out_of_memory && t->at->parent) t->at = t->at->parent;
}

static void XMLCALL on_text(void *context, const char *text, int length) {
    tree *t = context;
    if (t->out_of_memory || !t->at) return;
    for (int i = 0; i < length; i++)
        if (!strchr(" \t\r\n", text[i])) t->at->mixed = true;
    add(t, TEXT, text, (size_t)length);
}

static void XMLCALL on_comment(void *context, const char *text) {
    tree *t = context;
    if (!t->out_of_memory && t->at) add(t, COMMENT, text, strlen(text));
}

/* The reader has read the same text, so only memory can fail. */
static void parse(tree *t, const pl_model *model) {
    static const XML_Memory_Handling_Suite memory = {pl_allocate, pl_reallocate, pl_release};
    const char *text = pl_xml_clean_text(t->arena, model->text, model->length);
    XML_Parser parser = text ? XML_ParserCreate_MM("UTF-8", &memory, NULL) : NULL;
    t->out_of_memory = !parser;
    if (!parser) return;
    XML_SetUserData(parser, t);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetCommentHandler(parser, on_comment);
    if (XML_Parse(parser, text, (int)model->length, XML_TRUE) != XML_STATUS_OK) t->out_of_memory = true;
    XML_ParserFree(parser);
}

/* ---- writing -------------------------------------------------------------------------------------------- */

void pl_writer_escaped(pl_writer *w, const char *text, size_t length, bool attribute) {
    char one[2] = {0};
    for (size_t i = 0; i < length; i++) {
        one[0] = text[i];
        if (text[i] == '&') pl_writer_put(w, "&amp;");
        else if (text[i] == '<') pl_writer_put(w, "&lt;");
        else if (text[i] == '>') pl_writer_put(w, "&gt;");
        else if (text[i] == '"' && attribute) pl_writer_put(w, "&quot;");
        else if (text[i] == '\n' && attribute) pl_writer_put(w, "&#10;");
        else if (text[i] == '\t' && attribute) pl_writer_put(w, "&#9;");
        else if (text[i] == '\r') pl_writer_put(w, "&#13;");
        else if ((unsigned char)text[i] >= 0x20 || text[i] == '\n' || text[i] == '\t') pl_writer_put(w, one);
    }
}

static void put_attribute(pl_writer *w, const char *name, const char *value) {
    pl_writer_format(w, " %s=\"", name);
    pl_writer_escaped(w, value, strlen(value), true);
    pl_writer_put(w, "\"");
}

static void put_node(pl_writer *w, const node *n, int indent, bool inside_text);

static void put_children(pl_writer *w, const node *n, int indent, bool inside_text) {
    for (const node *child = n->first; child; child = child->next) put_node(w, child, indent, inside_text);
}

static bool has_elements(const node *n) {
    for (const node *child = n->first; child; child = child->next)
        if (child->kind != TEXT) return true;
    return false;
}

/* Text and what stands in it is kept to the byte; other elements get a line each. */
static void put_element(pl_writer *w, const node *n, int indent, bool inside_text) {
    bool text = inside_text || n->mixed || !has_elements(n);
    if (!inside_text) pl_writer_format(w, "%*s", indent, "");
    pl_writer_format(w, "<%.1000s", n->name);
    for (const char **a = n->attributes; *a; a += 2) put_attribute(w, a[0], a[1]);
    if (!n->first) {
        pl_writer_put(w, inside_text ? "/>" : "/>\n");
        return;
    }
    pl_writer_put(w, text ? ">" : ">\n");
    put_children(w, n, indent + 4, text);
    if (!text) pl_writer_format(w, "%*s", indent, "");
    pl_writer_format(w, "</%.1000s>%s", n->name, inside_text ? "" : "\n");
}

static void put_node(pl_writer *w, const node *n, int indent, bool inside_text) {
    if (n->kind == ELEMENT) {
        put_element(w, n, indent, inside_text);
    } else if (n->kind == TEXT) {
        if (inside_text) pl_writer_escaped(w, n->name, n->length, false);
    } else {
        if (!inside_text) pl_writer_format(w, "%*s", indent, "");
        pl_writer_put(w, "<!--");
        pl_writer_put(w, n->name);
        pl_writer_put(w, inside_text ? "-->" : "-->\n");
    }
}

/* ---- the outermost element ------------------------------------------------------------------------------ */

enum { MODEL = 7, LAST = 8 };

/* The place of an element in the order of the standard, -1 where it has none. */
static int place_of(const node *n) {
    static const char *const order[] = {"header",   "sim_specs", "model_units", "dimensions", "behavior",
                                        "style",    "data",      "model",       "macro"};
    const char *colon = n->kind == ELEMENT ? strchr(n->name, ':') : NULL, *name = colon ? colon + 1 : n->name;
    for (int i = 0; n->kind == ELEMENT && i <= LAST; i++)
        if (strcmp(order[i], name) == 0) return i;
    return -1;
}

static const char *attribute_of(const node *n, const char *name) {
    for (const char **a = n->attributes; *a; a += 2)
        if (strcmp(*a, name) == 0) return a[1];
    return NULL;
}

static void put_root_attributes(pl_writer *w, const tree *t) {
    const node *root = t->root;
    if (!attribute_of(root, "version")) put_attribute(w, "version", "1.0");
    if (!strchr(root->name, ':') && !attribute_of(root, "xmlns"))
        put_attribute(w, "xmlns", "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0");
    for (const char **a = root->attributes; *a; a += 2) put_attribute(w, a[0], a[1]);
    for (int i = 0; i < t->prefix_count; i++) {
        bool isee = strcmp(t->prefixes[i], "isee") == 0;
        pl_writer_format(w, " xmlns:%.200s=\"", t->prefixes[i]);
        if (isee) pl_writer_put(w, "http://iseesystems.com/XMILE\"");
        else pl_writer_format(w, "urn:%.200s\"", t->prefixes[i]);
    }
}

/* What has no place of its own stays behind what it stood behind. */
static void put_in_order(pl_writer *w, const node *root) {
    bool header = false;
    for (const node *n = root->first; n; n = n->next) header |= place_of(n) == 0;
    if (!header)
        pl_writer_put(w, "    <header>\n        <vendor>parley</vendor>\n        <product version=\"" PL_VERSION
                         "\" lang=\"en\">parley</product>\n    </header>\n");
    for (int place = 0; place <= LAST; place++) {
        int at = 0;
        for (const node *n = root->first; n; n = n->next) {
            if (place_of(n) >= 0) at = place_of(n);
            if (at == place) put_node(w, n, 4, false);
        }
    }
}

void pl_writer_xml(pl_writer *w) {
    tree t = {.arena = &w->arena};
    void (*out_of_memory)(void *) = w->arena.out_of_memory;
    w->arena.out_of_memory = NULL;
    parse(&t, w->model);
    w->arena.out_of_memory = out_of_memory;
    if (t.out_of_memory) longjmp(w->reader.out_of_memory, 1);
    pl_writer_put(w, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    pl_writer_format(w, "<%.1000s", t.root->name);
    put_root_attributes(w, &t);
    pl_writer_put(w, ">\n");
    put_in_order(w, t.root);
    pl_writer_format(w, "</%.1000s>\n", t.root->name);
}
