/* Where the time goes, as a table and as JSON. */
#include "report/timing.h"

#include "report/text.h"

enum { VARIABLE_WIDTH = 44, KERNEL_WIDTH = 16 };

json_t *pl_timing_json(const pl_timing *t) {
    json_t *tree = json_object(), *rows = json_array();
    pl_json_set(&tree, "lanes", json_integer(pl_timing_lanes(t)));
    pl_json_set(&tree, "seconds", pl_json_number(pl_timing_seconds(t)));
    for (int i = 0; i < pl_timing_count(t); i++) {
        pl_timing_row row = pl_timing_get(t, i);
        json_t *object = json_object();
        pl_json_set(&object, "variable", pl_json_text(row.variable));
        pl_json_set(&object, "kernel", pl_json_text(row.kernel));
        pl_json_set(&object, "instructions", json_integer(row.instructions));
        pl_json_set(&object, "seconds", pl_json_number(row.seconds));
        pl_json_set(&object, "share", pl_json_number(row.share));
        pl_json_append(&rows, object);
    }
    pl_json_set(&tree, "rows", rows);
    return tree;
}

static void put_row(pl_text *out, const pl_timing_row *row) {
    pl_text_left(out, *row->variable ? row->variable : "-", VARIABLE_WIDTH);
    pl_text_left(out, row->kernel, KERNEL_WIDTH);
    pl_text_format(out, "%6.1f %%%12.3f\n", 100.0 * row->share, 1e6 * row->seconds);
}

pl_status pl_timing_print(const pl_timing *t, int most, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) return pl_json_finish(pl_timing_json(t), text, length);
    pl_text out = {0};
    int count = pl_timing_count(t), shown = most < count ? most : count;
    double rest = 0.0;
    pl_text_format(&out, "Where the time of a run goes (%.3f us, %d at a time):\n", 1e6 * pl_timing_seconds(t),
                   pl_timing_lanes(t));
    pl_text_left(&out, "variable", VARIABLE_WIDTH);
    pl_text_left(&out, "kernel", KERNEL_WIDTH);
    pl_text_put(&out, "   share  us per run\n");
    for (int i = 0; i < shown; i++) {
        pl_timing_row row = pl_timing_get(t, i);
        put_row(&out, &row);
    }
    for (int i = shown; i < count; i++) rest += pl_timing_get(t, i).share;
    if (count > shown) pl_text_format(&out, "%d more: %.1f %%\n", count - shown, 100.0 * rest);
    return pl_text_finish(&out, text, length);
}
