/* Graphical functions of XMILE: each <gf> becomes a lookup that nobody sees. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "model/xmile.h"

/* The numbers of <xpts> or <ypts>. */
static double *points(pl_xmile *x, const pl_xml *element, int *count) {
    const char *text = pl_xml_text(x, element), *separator = element ? pl_xml_attribute(element, "sep") : NULL;
    double *values = NULL;
    int room = 0;
    char stop = separator && *separator ? *separator : ',';
    *count = 0;
    while (*text) {
        double value = NAN;
        text += strspn(text, " \t\r\n");
        bool minus = *text == '-';
        text += minus || *text == '+';
        size_t used = pl_number_read(text, strlen(text), &value);
        text += used;
        text += strspn(text, " \t\r\n");
        if (used == 0 || (*text && *text != stop && stop != ' '))
            pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, element), "<%s> must be numbers with '%c' between them",
                          element->name, stop);
        values = pl_arena_grow(x->reader->arena, values, *count, &room, *count + 1, sizeof *values);
        values[(*count)++] = minus ? -value : value;
        text += *text == stop;
    }
    return values;
}

static double scale(pl_xmile *x, const pl_xml *gf, const char *name, const char *end) {
    const pl_xml *element = pl_xml_child(gf, name);
    const char *text = element ? pl_xml_attribute(element, end) : NULL;
    (void)x;
    return text ? pl_xmile_number_of(text) : NAN;
}

/* A step function as a line: just below each point the value of the one before. */
static void make_discrete(pl_xmile *x, pl_table *table) {
    double *xs = PL_ARRAY(x->reader->arena, 2 * table->count, double),
           *ys = PL_ARRAY(x->reader->arena, 2 * table->count, double);
    int count = 0;
    for (int i = 0; i < table->count; i++) {
        double below = nextafter(table->x[i], -INFINITY);
        if (i > 0 && below > table->x[i - 1]) xs[count] = below, ys[count++] = table->y[i - 1];
        xs[count] = table->x[i], ys[count++] = table->y[i];
    }
    table->x = xs, table->y = ys, table->count = count;
}

static void check_rising(pl_xmile *x, const pl_xml *gf, const pl_table *table) {
    for (int i = 1; i < table->count; i++)
        if (!(table->x[i] > table->x[i - 1]))
            pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, gf),
                          "the points of this graphical function are out of order: x = %g is followed by x = %g",
                          table->x[i - 1], table->x[i]);
}

static pl_table *table_of(pl_xmile *x, const pl_xml *gf) {
    pl_table *table = PL_NEW(x->reader->arena, pl_table);
    const pl_xml *xpts = pl_xml_child(gf, "xpts"), *ypts = pl_xml_child(gf, "ypts");
    const char *type = pl_xml_attribute(gf, "type"), *discrete = pl_xml_attribute(gf, "discrete");
    int count = 0;
    double low = scale(x, gf, "xscale", "min"), high = scale(x, gf, "xscale", "max");
    *table = (pl_table){
        .low_x = low, .high_x = high, .low_y = scale(x, gf, "yscale", "min"), .high_y = scale(x, gf, "yscale", "max")};
    if (!ypts) pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, gf), "this graphical function has no <ypts>");
    table->y = points(x, ypts, &table->count);
    if (table->count == 0)
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, gf), "this graphical function has no points");
    double *xs = xpts ? points(x, xpts, &count) : PL_ARRAY(x->reader->arena, table->count, double);
    if (xpts && count != table->count)
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, gf), "this graphical function has %d x, but %d y", count,
                      table->count);
    if (!xpts && !(low < high))
        pl_xmile_fail(x, PL_INVALID, pl_xml_position(x, gf),
                      "this graphical function has neither <xpts> nor an <xscale> with min below max");
    for (int i = 0; i < table->count && !xpts; i++)
        xs[i] = table->count > 1 ? low + (high - low) * i / (table->count - 1) : low;
    table->x = xs;
    check_rising(x, gf, table);
    if (type && !pl_xmile_is_one_of(type, "continuous extrapolate discrete"))
        pl_xmile_fail(x, PL_UNSUPPORTED, pl_xml_position(x, gf),
                      "the type '%.40s' of a graphical function is not supported", type);
    if ((type && strcmp(type, "discrete") == 0) || (!type && discrete && strcmp(discrete, "true") == 0))
        make_discrete(x, table);
    table->extrapolate = type && strcmp(type, "extrapolate") == 0;
    return table;
}

pl_equation *pl_xmile_graph_equation(pl_xmile *x, const pl_xml *gf, pl_variable **graph) {
    pl_table *table = table_of(x, gf);
    if (!*graph) *graph = pl_reader_hidden(x->reader, "graph", pl_xml_position(x, gf));
    (*graph)->kind = PL_LOOKUP;
    pl_equation *equation = pl_reader_equation(x->reader, *graph, pl_xml_position(x, gf));
    equation->table = table;
    return equation;
}

pl_variable *pl_xmile_graph(pl_xmile *x, const pl_xml *gf) {
    pl_variable *graph = NULL;
    pl_xmile_graph_equation(x, gf, &graph);
    return graph;
}
