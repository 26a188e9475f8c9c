/* See diagram.h. */
#include "report/diagram.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>


enum { MOST_NODES = 26, MOST_LOOPS = 9, MOST_SHORT = 5, SHORT = 2, LINE = 17, LINES = 3, LINE_HEIGHT = 14 };
static const double letter = 6.4; /* width of a letter in points */

typedef struct drawing {
    pl_diagram *d;
    const pl_loop_scores *l;
    const pl_loop_partition *p;
    pl_arena *arena;
    double *weight; /* [link] the shares of all loops through it */
    bool *used;     /* [link] by a loop that is drawn */
    int *in, *out;  /* [node] links that are drawn */
    int *place;     /* [node] in the layout, -1: left out of it */
    jmp_buf escape;
} drawing;

static const pl_scored_loop *loop_at(const drawing *w, int rank) {
    return &w->l->set.loops[w->l->results[w->p->first + rank].loop];
}

static void weigh_links(drawing *w) {
    const pl_loop_scores *l = w->l;
    w->weight = PL_ARRAY(w->arena, l->graph->link_count + 1, double);
    for (int i = 0; i < w->p->count; i++) {
        double share = l->results[w->p->first + i].weight;
        for (int k = 0; k < loop_at(w, i)->length; k++) w->weight[loop_at(w, i)->links[k]] += fmax(share, 0);
    }
}

static bool is_stock(const drawing *w, int node) { return w->l->graph->nodes[node].variable->kind == PL_STOCK; }

static const pl_scored_loop *drawn(const drawing *w, int i) { return loop_at(w, w->d->ranks[i]); }

/* Places the nodes of the loops that are drawn; returns how many there are. */
static int place_nodes(drawing *w) {
    int loops = w->d->loop_count;
    const pl_link_graph *g = w->l->graph;
    int count = 0;
    memset(w->used, 0, (size_t)g->link_count * sizeof *w->used);
    memset(w->in, 0, (size_t)g->node_count * sizeof *w->in), memset(w->out, 0, (size_t)g->node_count * sizeof *w->out);
    for (int i = 0; i < loops; i++)
        for (int k = 0; k < drawn(w, i)->length; k++) w->used[drawn(w, i)->links[k]] = true;
    for (int i = 0; i < g->link_count; i++)
        if (w->used[i]) w->out[g->links[i].from]++, w->in[g->links[i].to]++;
    for (int n = 0; n < g->node_count; n++) {
        bool parts = w->in[n] > 1 || w->out[n] > 1;
        w->place[n] = w->out[n] && (is_stock(w, n) || parts) ? count++ : -1;
    }
    for (int i = 0; i < loops; i++) { /* a loop without either keeps one variable */
        const pl_scored_loop *loop = drawn(w, i);
        bool kept = false;
        for (int k = 0; k < loop->length; k++) kept = kept || w->place[loop->nodes[k]] >= 0;
        if (!kept) w->place[loop->nodes[0]] = count++;
    }
    return count;
}

/* Draws one loop more, unless it makes too many nodes (more than `most`). */
static bool add_loop(drawing *w, int rank, int most) {
    w->d->ranks[w->d->loop_count++] = rank;
    if (place_nodes(w) <= most || w->d->loop_count == 1) return true;
    w->d->loop_count--;
    return false;
}

static void sort_ranks(pl_diagram *d) {
    for (int i = 1; i < d->loop_count; i++)
        for (int k = i; k > 0 && d->ranks[k] < d->ranks[k - 1]; k--) {
            int rank = d->ranks[k];
            d->ranks[k] = d->ranks[k - 1], d->ranks[k - 1] = rank;
        }
}

static void choose_loops(drawing *w) {
    const pl_link_graph *g = w->l->graph;
    pl_diagram *d = w->d;
    d->ranks = PL_ARRAY(w->arena, MOST_LOOPS + MOST_SHORT + 1, int);
    w->used = PL_ARRAY(w->arena, g->link_count + 1, bool);
    w->in = PL_ARRAY(w->arena, g->node_count + 1, int), w->out = PL_ARRAY(w->arena, g->node_count + 1, int);
    w->place = PL_ARRAY(w->arena, g->node_count + 1, int);
    for (int i = 0; i < w->p->count && d->loop_count < MOST_LOOPS; i++)
        if (loop_at(w, i)->length > SHORT && !add_loop(w, i, MOST_NODES)) break;
    int longer = d->loop_count, nodes = place_nodes(w);
    for (int i = 0; i < w->p->count && d->loop_count < longer + MOST_SHORT; i++)
        if (loop_at(w, i)->length <= SHORT) add_loop(w, i, longer ? nodes : MOST_NODES);
    sort_ranks(d);
    d->layout.node_count = place_nodes(w);
}

/* The edge that begins with a link from a node that is placed, made where it is not there yet. */
static int edge_of(drawing *w, int *made, const pl_scored_loop *loop, int from) {
    const pl_link_graph *g = w->l->graph;
    pl_layout *layout = &w->d->layout;
    int first = loop->links[from], sign = 1, to = from;
    double weight = INFINITY;
    if (made[first]) return made[first] - 1;
    do {
        int link = loop->links[to];
        sign *= w->l->link_signs[link], weight = fmin(weight, w->weight[link]);
        to = (to + 1) % loop->length;
    } while (w->place[loop->nodes[to]] < 0);
    int edge = layout->edge_count++;
    layout->edges[edge] = (pl_layout_edge){.from = w->place[g->links[first].from], .to = w->place[loop->nodes[to]], .weight = 1};
    w->d->edges[edge] = (pl_diagram_edge){sign, weight};
    made[first] = edge + 1;
    return edge;
}

static void make_edges(drawing *w) {
    pl_diagram *d = w->d;
    int *made = PL_ARRAY(w->arena, w->l->graph->link_count + 1, int);
    d->layout.edges = PL_ARRAY(w->arena, w->l->graph->link_count + 1, pl_layout_edge);
    d->edges = PL_ARRAY(w->arena, w->l->graph->link_count + 1, pl_diagram_edge);
    d->loop_edges = PL_ARRAY(w->arena, d->loop_count + 1, int *), d->loop_lengths = PL_ARRAY(w->arena, d->loop_count + 1, int);
    for (int i = 0; i < d->loop_count; i++) {
        const pl_scored_loop *loop = drawn(w, i);
        d->loop_edges[i] = PL_ARRAY(w->arena, loop->length, int);
        for (int k = 0; k < loop->length; k++)
            if (w->place[loop->nodes[k]] >= 0) d->loop_edges[i][d->loop_lengths[i]++] = edge_of(w, made, loop, k);
    }
}

/* ---- labels ----------------------------------------------------------------------------------------------- */

/* What `variables` of the situation says, else the title of a measure of the variable, up to a comma (behind which it says
 * when, or in what), else its name. */
void pl_diagram_label(const pl_loop_scores *l, int node, pl_language language, char out[PL_NAME_ROOM]) {
    const pl_score_node *n = &l->graph->nodes[node];
    const pl_situation *s = l->situation;
    pl_variable_element_name(n->variable, n->variable->size > 1 ? n->element : -1, out, PL_NAME_ROOM);
    const char *given = s ? pl_situation_variable_title(s, out).in[language] : out;
    if (given != out) snprintf(out, PL_NAME_ROOM, "%s", given);
    for (int i = 0; s && given == out && i < s->measure_count; i++) {
        const pl_measure *m = &s->measures[i];
        bool same = m->spec.variable == n->variable && (n->variable->size == 1 || m->spec.element == n->element);
        if (!same || !*m->title.in[language]) continue;
        snprintf(out, PL_NAME_ROOM, "%.*s", (int)strcspn(m->title.in[language], ","), m->title.in[language]);
        return;
    }
}

/* Bytes of the next line: whole words of at most LINE letters, or one that is longer. */
static size_t line_length(const char *text) {
    size_t length = 0, letters = 0, fits = 0;
    for (; text[length]; length++) {
        if (text[length] == ' ' && letters <= LINE) fits = length;
        letters += ((unsigned char)text[length] & 0xC0) != 0x80;
        if (letters > LINE && fits) return fits;
    }
    return length;
}

static int count_lines(const char *text, int *widest) {
    int lines = 0;
    while (*text && lines < LINES) {
        char line[PL_NAME_ROOM];
        size_t length = line_length(text);
        memcpy(line, text, length);
        line[length] = 0;
        int width = pl_text_width(line);
        if (width > *widest) *widest = width;
        text += length + (text[length] == ' ');
        lines++;
    }
    return lines;
}

static void size_nodes(drawing *w) {
    pl_diagram *d = w->d;
    d->node = PL_ARRAY(w->arena, d->layout.node_count + 1, int);
    d->layout.nodes = PL_ARRAY(w->arena, d->layout.node_count + 1, pl_layout_node);
    for (int n = 0; n < w->l->graph->node_count; n++) {
        char name[PL_NAME_ROOM];
        int widest = 6, lines = 1;
        if (w->place[n] < 0) continue;
        for (int language = 0; language < PL_LANGUAGES; language++) {
            pl_diagram_label(w->l, n, (pl_language)language, name);
            int count = count_lines(name, &widest);
            if (count > lines) lines = count;
        }
        if (widest > 2 * LINE) widest = 2 * LINE;
        d->node[w->place[n]] = n;
        d->layout.nodes[w->place[n]] = (pl_layout_node){.width = letter * widest + 14, .height = LINE_HEIGHT * lines + 10};
    }
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static void leave(void *context) { longjmp(((drawing *)context)->escape, 1); }

static pl_status guard(drawing *w, pl_error *error) {
    if (setjmp(w->escape)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    weigh_links(w);
    choose_loops(w);
    make_edges(w);
    size_nodes(w);
    w->arena->out_of_memory = NULL; /* Graphviz is not left by a jump */
    return pl_layout_find(w->arena, &w->d->layout, error);
}

pl_status pl_diagram_make(const pl_loop_scores *scores, const pl_loop_partition *partition, pl_diagram **diagram,
                          pl_error *error) {
    pl_diagram *d = pl_allocate(sizeof *d);
    *diagram = NULL;
    if (!d) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    drawing w = {.d = d, .l = scores, .p = partition, .arena = &d->arena};
    d->arena.out_of_memory = leave, d->arena.context = &w;
    pl_status status = guard(&w, error);
    d->arena.out_of_memory = NULL, d->arena.context = NULL;
    if (status == PL_OK) *diagram = d;
    else pl_diagram_free(d);
    return status;
}

void pl_diagram_free(pl_diagram *diagram) {
    if (!diagram) return;
    pl_arena_free(&diagram->arena);
    pl_release(diagram);
}

static void cut_short(char *line, size_t length) {
    size_t at = length > 3 ? length - 3 : 0;
    while (at > 0 && ((unsigned char)line[at] & 0xC0) == 0x80) at--;
    memcpy(line + at, "...", 4);
}

static json_t *lines_json(const char *text) {
    json_t *lines = json_array();
    for (int i = 0; *text && i < LINES; i++) {
        char line[PL_NAME_ROOM];
        size_t length = line_length(text);
        memcpy(line, text, length);
        line[length] = 0;
        text += length + (text[length] == ' ');
        if (i == LINES - 1 && *text) cut_short(line, length);
        pl_json_append(&lines, pl_json_text(line));
    }
    return lines;
}

static json_t *node_json(const pl_loop_scores *l, const pl_diagram *d, int place) {
    const pl_layout_node *at = &d->layout.nodes[place];
    const pl_variable *v = l->graph->nodes[d->node[place]].variable;
    json_t *node = json_object(), *lines = json_array(), *names = json_array();
    for (int language = 0; language < PL_LANGUAGES; language++) {
        char name[PL_NAME_ROOM];
        pl_diagram_label(l, d->node[place], (pl_language)language, name);
        pl_json_append(&lines, lines_json(name));
        pl_json_append(&names, pl_json_text(name));
    }
    pl_json_set(&node, "name", names);
    pl_json_set(&node, "x", pl_json_rounded(at->x, 5)), pl_json_set(&node, "y", pl_json_rounded(at->y, 5));
    pl_json_set(&node, "w", pl_json_rounded(at->width, 5)), pl_json_set(&node, "h", pl_json_rounded(at->height, 5));
    pl_json_set(&node, "lines", lines);
    pl_json_set(&node, "stock", json_boolean(v->kind == PL_STOCK));
    return node;
}

static json_t *edge_json(const pl_diagram *d, int edge) {
    const pl_layout_edge *at = &d->layout.edges[edge];
    json_t *json = json_object(), *points = json_array(), *tip = json_array();
    for (int i = 0; i < 2 * at->count; i++) pl_json_append(&points, pl_json_rounded(at->points[i], 5));
    for (int i = 0; i < 2; i++) pl_json_append(&tip, pl_json_rounded(at->tip[i], 5));
    pl_json_set(&json, "points", points);
    pl_json_set(&json, "tip", tip);
    pl_json_set(&json, "sign", json_integer(d->edges[edge].sign));
    pl_json_set(&json, "weight", pl_json_rounded(d->edges[edge].weight, 3));
    return json;
}

json_t *pl_diagram_json(const pl_loop_scores *l, const pl_diagram *d) {
    json_t *object = json_object(), *nodes = json_array(), *edges = json_array(), *loops = json_array();
    for (int i = 0; i < d->layout.node_count; i++) pl_json_append(&nodes, node_json(l, d, i));
    for (int i = 0; i < d->layout.edge_count; i++) pl_json_append(&edges, edge_json(d, i));
    for (int i = 0; i < d->loop_count; i++) {
        json_t *loop = json_array();
        for (int k = 0; k < d->loop_lengths[i]; k++) pl_json_append(&loop, json_integer(d->loop_edges[i][k]));
        pl_json_append(&loops, loop);
    }
    pl_json_set(&object, "width", pl_json_rounded(d->layout.width, 5));
    pl_json_set(&object, "height", pl_json_rounded(d->layout.height, 5));
    pl_json_set(&object, "nodes", nodes);
    pl_json_set(&object, "edges", edges);
    pl_json_set(&object, "loops", loops);
    return object;
}
