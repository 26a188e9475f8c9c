/* The tree of staged play: what is played at each time and what it comes to, of the nodes that are reached.  Every sequence
 * is simulated for this, so the part appears where it was asked for. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "report/layout.h"
#include "report/section.h"
#include "report/solution.h"
#include "study/staged.h"

enum { MOST_NODES = 80, LINE = 44, LINE_HEIGHT = 14, LINE_ROOM = 200 };
static const double letter = 6.0; /* width of a letter in points */

typedef struct tree_node {
    int level, parent; /* parent -1: the root */
    long node;
    double probability; /* with which its parent leads here */
} tree_node;

typedef struct drawing {
    const pl_staged *g;
    pl_arena arena;
    tree_node *nodes;
    int count;
    bool more; /* than can be drawn */
    pl_layout layout;
    jmp_buf escape;
} drawing;

static const pl_staged_rule *played(const pl_staged *g) { return &g->rules[g->selected]; }
static const pl_actor *actor_of(const pl_staged *g, int actor) { return &g->situation->actors[actor]; }

/* Breadth first, so that what is left out lies at the end. */
static void find_nodes(drawing *w) {
    const pl_staged *g = w->g;
    w->nodes = PL_ARRAY(&w->arena, MOST_NODES, tree_node);
    w->nodes[w->count++] = (tree_node){.parent = -1, .probability = 1};
    for (int i = 0; i < w->count; i++) {
        tree_node at = w->nodes[i];
        for (long p = 0; at.level < g->stages.count && p < g->stages.profiles; p++) {
            double probability = played(g)->joint[at.level][(size_t)at.node * (size_t)g->stages.profiles + (size_t)p];
            if (probability <= 0) continue;
            if (w->count == MOST_NODES) w->more = true;
            else w->nodes[w->count++] = (tree_node){at.level + 1, i, at.node * g->stages.profiles + p, probability};
        }
    }
}

/* ---- lines of a node -------------------------------------------------------------------------------------- */

static int decimals_for(const pl_staged *g, int actor) {
    double largest = 0;
    for (int r = 0; r < g->rule_count; r++) largest = fmax(largest, fabs(g->rules[r].root[actor].estimate));
    return pl_rounding(largest, PL_REPORT_DIGITS);
}

/* What an actor does there: "tariffs", or "0.4 tariffs + 0.6 none". */
static void put_mixture(pl_text *out, const pl_staged *g, const tree_node *at, int actor, pl_language language) {
    const double *mixture = played(g)->mixture[at->level] + (size_t)at->node * (size_t)g->strategies + g->place[actor];
    bool first = true;
    for (int k = 0; k < g->courses[actor].count; k++) {
        const pl_course *course = &actor_of(g, actor)->courses[g->courses[actor].courses[k]];
        if (mixture[k] <= 0) continue;
        if (!first) pl_text_put(out, " + ");
        first = false;
        if (mixture[k] < 1) pl_text_format(out, "%.2g ", mixture[k]);
        pl_text_put(out, pl_course_title(course, language));
    }
}

/* Line 0 of a choice is its time, then one for each actor; of an end there are the payoffs alone. */
static int line_count(const pl_staged *g, const tree_node *at) {
    return g->situation->actor_count + (at->level < g->stages.count);
}

static void write_line(const pl_staged *g, const tree_node *at, int line, pl_language language, char out[LINE_ROOM]) {
    bool choice = at->level < g->stages.count;
    int actor = line - choice;
    pl_text text = {0};
    if (choice && line == 0) {
        pl_text_format(&text, "%g", g->stages.at[at->level]);
    } else {
        pl_text_format(&text, "%s: ", pl_actor_title(actor_of(g, actor), language));
        if (choice) {
            put_mixture(&text, g, at, actor, language);
        } else {
            char number[PL_ROUNDED_ROOM];
            double value = played(g)->value[at->level][(size_t)at->node * (size_t)g->situation->actor_count + (size_t)actor];
            pl_text_put(&text, pl_html_rounded(value, decimals_for(g, actor), number));
        }
    }
    snprintf(out, LINE_ROOM, "%s", text.data ? text.data : "");
    pl_release(text.data);
}

/* The first letters of a line, with an ellipsis where it is longer. */
static void cut(char *line) {
    int letters = 0;
    for (char *at = line; *at; at++) {
        letters += ((unsigned char)*at & 0xC0) != 0x80;
        if (letters == LINE && strlen(at) > 5) {
            memcpy(at, "\u2026", sizeof "\u2026");
            return;
        }
    }
}

static void lay_out_nodes(drawing *w) {
    w->layout.nodes = PL_ARRAY(&w->arena, w->count, pl_layout_node);
    w->layout.edges = PL_ARRAY(&w->arena, w->count, pl_layout_edge);
    for (int i = 0; i < w->count; i++) {
        int widest = 8, lines = line_count(w->g, &w->nodes[i]);
        for (int line = 0; line < lines; line++)
            for (int language = 0; language < PL_LANGUAGES; language++) {
                char text[LINE_ROOM];
                write_line(w->g, &w->nodes[i], line, (pl_language)language, text);
                cut(text);
                int width = pl_text_width(text);
                if (width > widest) widest = width;
            }
        w->layout.nodes[i] = (pl_layout_node){.width = letter * widest + 14, .height = LINE_HEIGHT * lines + 10};
        if (w->nodes[i].parent >= 0)
            w->layout.edges[w->layout.edge_count++] = (pl_layout_edge){.from = w->nodes[i].parent, .to = i, .weight = 1};
    }
    w->layout.node_count = w->count;
}

/* ---- the data --------------------------------------------------------------------------------------------- */

static json_t *node_json(const drawing *w, int i) {
    const pl_layout_node *at = &w->layout.nodes[i];
    json_t *node = json_object(), *lines = json_array();
    for (int language = 0; language < PL_LANGUAGES; language++) {
        json_t *own = json_array();
        for (int line = 0; line < line_count(w->g, &w->nodes[i]); line++) {
            char text[LINE_ROOM];
            write_line(w->g, &w->nodes[i], line, (pl_language)language, text);
            cut(text);
            pl_json_append(&own, pl_json_text(text));
        }
        pl_json_append(&lines, own);
    }
    pl_json_set(&node, "x", pl_json_rounded(at->x, 5)), pl_json_set(&node, "y", pl_json_rounded(at->y, 5));
    pl_json_set(&node, "w", pl_json_rounded(at->width, 5)), pl_json_set(&node, "h", pl_json_rounded(at->height, 5));
    pl_json_set(&node, "lines", lines);
    pl_json_set(&node, "end", json_boolean(w->nodes[i].level == w->g->stages.count));
    return node;
}

static json_t *edge_json(const drawing *w, int edge) {
    const pl_layout_edge *at = &w->layout.edges[edge];
    json_t *json = json_object(), *points = json_array();
    for (int i = 0; i < 2 * at->count; i++) pl_json_append(&points, pl_json_rounded(at->points[i], 5));
    for (int i = 0; i < 2; i++) pl_json_append(&points, pl_json_rounded(at->tip[i], 5));
    pl_json_set(&json, "points", points);
    pl_json_set(&json, "probability", pl_json_rounded(w->nodes[at->to].probability, 3));
    return json;
}

/* {"width", "height", "nodes": [{"x", "y", "w", "h", "lines": [[English], [Spanish]], "end"}], "edges": [{"points" (the
 * last is the tip), "probability"}]} */
static json_t *tree_json(const drawing *w) {
    json_t *object = json_object(), *nodes = json_array(), *edges = json_array();
    for (int i = 0; i < w->count; i++) pl_json_append(&nodes, node_json(w, i));
    for (int i = 0; i < w->layout.edge_count; i++) pl_json_append(&edges, edge_json(w, i));
    pl_json_set(&object, "width", pl_json_rounded(w->layout.width, 5));
    pl_json_set(&object, "height", pl_json_rounded(w->layout.height, 5));
    pl_json_set(&object, "nodes", nodes);
    pl_json_set(&object, "edges", edges);
    return object;
}

/* ---- the section ------------------------------------------------------------------------------------------ */

static void put_value(pl_report *r, const pl_staged *g, int actor) {
    pl_interval value = played(g)->root[actor];
    char number[PL_ROUNDED_ROOM];
    int decimals = decimals_for(g, actor);
    pl_text_put(&r->out, "<tr><th scope=\"row\">");
    pl_html_title(&r->out, actor_of(g, actor)->title, actor_of(g, actor)->name);
    pl_text_format(&r->out, "</th><td>%s</td><td>", pl_html_rounded(value.estimate, decimals, number));
    if (isnan(value.low)) pl_text_put(&r->out, "-");
    else pl_report_pair(r, PL_WORD_RANGE, value.low, value.high, decimals);
    pl_text_put(&r->out, "</td></tr>\n");
}

/* The choices of a box, which its drawing cuts. */
static void put_choices(pl_report *r, const drawing *w, int i) {
    const tree_node *at = &w->nodes[i];
    for (int line = 1; line < line_count(w->g, at); line++) {
        char texts[PL_LANGUAGES][LINE_ROOM];
        for (int language = 0; language < PL_LANGUAGES; language++)
            write_line(w->g, at, line, (pl_language)language, texts[language]);
        pl_text_format(&r->out, "<tr><th scope=\"row\">%g</th><td>", w->g->stages.at[at->level]);
        pl_html_title(&r->out, (pl_title){{texts[PL_EN], texts[PL_ES]}}, "");
        pl_text_put(&r->out, "</td></tr>\n");
    }
}

static void put_played(pl_report *r, const drawing *w) {
    static const pl_word heads[] = {PL_WORD_STAGES_TIME, PL_WORD_STAGES_CHOICE};
    pl_phrase phrase;
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_STAGES_PLAYED), heads, sizeof heads / sizeof *heads);
    for (int i = 0; i < w->count; i++)
        if (w->nodes[i].level < w->g->stages.count) put_choices(r, w, i);
    pl_section_table_end(r);
}

static void write_part(pl_report *r, const drawing *w) {
    static const pl_word heads[] = {PL_WORD_ACTOR, PL_WORD_STAGES_VALUE, PL_WORD_STAGES_INTERVAL};
    const pl_staged *g = w->g;
    pl_phrase phrase;
    pl_section_open(r);
    pl_phrase_start(&phrase, w->more ? PL_WORD_STAGES_LEAD_MORE : PL_WORD_STAGES_LEAD);
    pl_phrase_number(&phrase, g->stages.count, 0);
    pl_phrase_number(&phrase, (double)g->stages.leaves, 0);
    pl_phrase_number(&phrase, (double)g->futures, 0);
    pl_section_caption(r, &phrase);
    pl_section_figure(r, "tree");
    put_played(r, w);
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_STAGES_TABLE), heads, sizeof heads / sizeof *heads);
    for (int a = 0; a < g->situation->actor_count; a++) put_value(r, g, a);
    pl_section_table_end(r);
    pl_section_data(r, tree_json(w));
    pl_section_close(r, "play --staged");
}

static void leave(void *context) { longjmp(((drawing *)context)->escape, 1); }

static pl_status lay_out(drawing *w, pl_error *error) {
    w->arena.out_of_memory = leave, w->arena.context = w;
    if (setjmp(w->escape)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    find_nodes(w);
    lay_out_nodes(w);
    w->arena.out_of_memory = NULL; /* Graphviz is not left by a jump */
    return pl_layout_find(&w->arena, &w->layout, error);
}

pl_status pl_part_stages(pl_report *r, pl_error *error) {
    pl_staged *g;
    if (!r->options.staged || !r->options.situation_path) return PL_OK;
    pl_explore_options explore = {.threads = r->options.threads, .progress = r->options.progress, .context = r->options.context};
    pl_status status = pl_situation_play_staged(r->situation, &explore, NULL, &g, error);
    if (status != PL_OK) return status;
    drawing w = {.g = g};
    status = lay_out(&w, error);
    if (status == PL_OK) write_part(r, &w);
    pl_arena_free(&w.arena);
    pl_staged_free(g);
    return status == PL_UNSUPPORTED ? PL_OK : status;
}
