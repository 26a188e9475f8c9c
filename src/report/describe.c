/* What `parley describe` prints for people, within 80 columns where names allow. */
#include <math.h>
#include <string.h>

#include "report/description.h"

enum { WIDTH = 78, LABEL = 12 };

/* ---- lines ---------------------------------------------------------------------------------------------- */

/* The bytes of the next word; it takes the blanks before it along. */
static size_t word_length(const char *text) {
    size_t blanks = strspn(text, " \t\r\n");
    return blanks + strcspn(text + blanks, " \t\r\n");
}

/* Words from a column on, wrapped to an indent; ends the line. */
static void put_wrapped(pl_text *out, const char *text, int column, int indent) {
    bool first = true;
    text += strspn(text, " \t\r\n");
    while (*text) {
        size_t length = word_length(text), blanks = strspn(text, " \t\r\n");
        pl_text word = {0};
        pl_text_put_bytes(&word, text + blanks, length - blanks);
        int width = word.data ? pl_text_width(word.data) : 0;
        if (!first && column + 1 + width > WIDTH) {
            pl_text_put(out, "\n");
            pl_text_repeat(out, ' ', indent);
            column = indent;
        } else if (!first && width > 0) {
            pl_text_put(out, " ");
            column++;
        }
        if (word.data) pl_text_put(out, word.data);
        out->failed |= word.failed;
        pl_text_free(word.data);
        column += width, text += length, first = false;
    }
    pl_text_put(out, "\n");
}

static void put_label(pl_text *out, const char *label) {
    pl_text_put(out, "  ");
    pl_text_left(out, label, LABEL);
}

static void put_fact(pl_text *out, const char *label, const char *text) {
    if (!*text) return;
    put_label(out, label);
    put_wrapped(out, text, LABEL + 2, LABEL + 2);
}

/* A fact of which the text was built; frees it. */
static void put_built(pl_text *out, const char *label, pl_text *built) {
    if (built->data) put_fact(out, label, built->data);
    out->failed |= built->failed;
    pl_text_free(built->data);
}

static void put_heading(pl_text *out, const char *heading) { pl_text_format(out, "\n%s\n", heading); }

/* ---- one variable --------------------------------------------------------------------------------------- */

static void put_equations(pl_text *out, const pl_description *d) {
    enum { SHOWN = 30 };
    const pl_variable *v = d->variable;
    for (int i = 0; i < v->equation_count && i < SHOWN; i++) {
        const pl_equation *equation = v->equations[i];
        pl_text line = {0};
        pl_text_put(&line, v->name);
        pl_left_print(&line, equation);
        pl_text_put(&line, v->kind == PL_LOOKUP ? ": " : pl_equation_is_initial(d->model, equation) ? " at first = " : " = ");
        pl_equation_print(&line, d->model, equation);
        pl_text_put(out, "  ");
        if (line.data) put_wrapped(out, line.data, 2, 6);
        out->failed |= line.failed;
        pl_text_free(line.data);
        if (!pl_equation_is_initial(d->model, equation)) continue;
        pl_text_put(out, "  its rate = ");
        pl_rate_print(out, equation->expr);
        pl_text_put(out, "\n");
    }
    if (v->equation_count > SHOWN) pl_text_format(out, "  ... and %d more equations\n", v->equation_count - SHOWN);
}

static void put_range(pl_text *out, const pl_variable *v) {
    pl_text text = {0};
    if (isnan(v->low) && isnan(v->high)) return;
    if (isnan(v->low)) pl_text_put(&text, "up to ");
    else pl_text_number(&text, v->low);
    if (isnan(v->high)) pl_text_put(&text, " or more");
    else {
        if (!isnan(v->low)) pl_text_put(&text, " to ");
        pl_text_number(&text, v->high);
    }
    put_built(out, "range", &text);
}

static void put_axes(pl_text *out, const pl_variable *v) {
    for (int i = 0; i < v->rank; i++) {
        const pl_axis *axis = v->axes[i];
        pl_text text = {0};
        if (axis->dimension) pl_text_format(&text, "%s: ", axis->dimension->name);
        for (int k = 0; k < axis->count && k < PL_SHOWN_ELEMENTS; k++)
            pl_text_format(&text, "%s%s", k ? ", " : "", axis->names[k]);
        if (axis->count > PL_SHOWN_ELEMENTS) pl_text_format(&text, ", ... (%d)", axis->count);
        put_built(out, i ? "" : "over", &text);
    }
    if (v->rank > 1) {
        pl_text text = {0};
        pl_text_format(&text, "%d in all", v->size);
        put_built(out, "elements", &text);
    }
}

static void put_value(pl_text *out, double value) {
    if (isnan(value)) pl_text_put(out, "not a number");
    else pl_text_number(out, value);
}

static void put_initial(pl_text *out, const pl_description *d) {
    const pl_variable *v = d->variable;
    if (!d->compiled || v->kind == PL_LOOKUP || v->defined) return;
    pl_text text = {0};
    if (v->rank == 0 || d->element >= 0) {
        put_value(&text, d->initial[d->element >= 0 ? d->element : 0]);
        put_built(out, "at start", &text);
        return;
    }
    for (int i = 0; i < v->size && i < PL_SHOWN_ELEMENTS; i++) {
        char name[600];
        pl_variable_element_name(v, i, name, sizeof name);
        put_label(out, i ? "" : "at start");
        pl_text_format(out, "%s = ", name + strlen(v->name));
        put_value(out, d->initial[i]);
        pl_text_put(out, "\n");
    }
    if (v->size <= PL_SHOWN_ELEMENTS) return;
    put_label(out, "");
    pl_text_format(out, "... and %d more\n", v->size - PL_SHOWN_ELEMENTS);
}

static void put_links(pl_text *out, const pl_description *d, const char *heading, const pl_link *links, int count) {
    put_heading(out, heading);
    if (count == 0) pl_text_put(out, "  nothing\n");
    for (int i = 0; i < count; i++) {
        const pl_variable *v = d->model->variables[links[i].variable];
        int name = pl_text_width(v->name) > 40 ? 58 : 40;
        pl_text_format(out, "  %s ", links[i].initial ? "0" : pl_sign_text(links[i].sign));
        pl_text_left(out, v->name, name);
        pl_text_format(out, *v->units ? " %-9s  %s\n" : " %s%s\n", pl_kind_name(v->kind), v->units);
    }
}

static void put_loops(pl_text *out, const pl_description *d) {
    pl_text_format(out, "\nFeedback loops through it: %s%ld\n", d->loop_count.more ? "more than " : "", d->loop_count.count);
    for (int i = 0; i < d->shown_loops; i++) {
        const pl_loop *loop = &d->shortest[i];
        pl_text line = {0};
        for (int k = 0; k <= loop->length; k++)
            pl_text_format(&line, "%s%s", k ? " -> " : "", d->model->variables[loop->variables[k % loop->length]]->name);
        pl_text_format(out, "  %s ", pl_sign_text(loop->sign));
        if (line.data) put_wrapped(out, line.data, 4, 6);
        out->failed |= line.failed;
        pl_text_free(line.data);
    }
    if (d->loop_count.count > d->shown_loops)
        pl_text_format(out, "  ... these are the %d shortest\n", d->shown_loops);
    if (d->shown_loops > 0)
        pl_text_put(out, "  (+ reinforcing, - balancing, ? the text does not tell)\n");
}

static void put_variable(pl_text *out, const pl_description *d) {
    const pl_variable *v = d->variable;
    const pl_structure *s = d->structure;
    int i = v->index, causes = s->first_cause[i + 1] - s->first_cause[i], uses = s->first_use[i + 1] - s->first_use[i];
    pl_text where = {0};
    pl_text_format(out, "%s: %s%s%s\n", v->name, pl_kind_name(v->kind), *v->units ? ", " : "", v->units);
    put_equations(out, d);
    put_fact(out, "comment", v->comment);
    put_fact(out, "group", v->group);
    if (v->at.line > 0) pl_text_format(&where, "%s:%d", d->model->file, v->at.line);
    put_built(out, "where", &where);
    put_range(out, v);
    put_axes(out, v);
    if (v->non_negative) put_fact(out, "limit", "held at 0 or above");
    put_initial(out, d);
    put_links(out, d, "Needs", s->causes + s->first_cause[i], causes);
    if (s->uses_time[i]) pl_text_put(out, "  ? Time\n");
    put_links(out, d, "Used by", s->uses + s->first_use[i], uses);
    if (causes + uses > 0)
        pl_text_put(out, "  (+ rises with it, - falls, ? the text does not tell, 0 only at the start)\n");
    put_loops(out, d);
}

/* ---- the whole model ------------------------------------------------------------------------------------ */

static void put_counts(pl_text *out, const pl_model *model) {
    static const char *const plurals[] = {[PL_CONSTANT] = "constants", [PL_AUXILIARY] = "auxiliaries",
                                          [PL_STOCK] = "stocks",       [PL_LOOKUP] = "lookups", [PL_DATA] = "data"};
    int counts[PL_DATA + 1] = {0};
    long elements = 0;
    pl_text text = {0};
    for (int i = 0; i < model->variable_count; i++) {
        const pl_variable *v = model->variables[i];
        if (v->hidden) continue;
        counts[v->kind]++;
        elements += v->size;
    }
    for (int kind = PL_STOCK, n = 0; n <= PL_DATA; n++, kind = (kind + 1) % (PL_DATA + 1))
        if (counts[kind])
            pl_text_format(&text, "%s%d %s", text.length ? ", " : "", counts[kind],
                           counts[kind] == 1 ? pl_kind_name((pl_variable_kind)kind) : plurals[kind]);
    put_built(out, "variables", &text);
    pl_text all = {0};
    pl_text_format(&all, "%ld in all", elements);
    put_built(out, "elements", &all);
}

static void put_time(pl_text *out, const pl_description *d) {
    const char *units = d->model->time_step->units;
    pl_text text = {0};
    if (d->compiled) {
        pl_text_number(&text, d->start);
        pl_text_put(&text, " to ");
        pl_text_number(&text, d->final);
        pl_text_put(&text, " by steps of ");
        pl_text_number(&text, d->step);
        if (d->save != d->step) pl_text_put(&text, ", saved every "), pl_text_number(&text, d->save);
        if (*units) pl_text_format(&text, " (%s)", units);
    } else {
        pl_text_put(&text, "not known: the model cannot be run (see `parley check`)");
    }
    put_built(out, "time", &text);
    put_fact(out, "method", pl_method_name(d->model->method));
}

static void put_dimensions(pl_text *out, const pl_model *model) {
    if (model->dimension_count) put_heading(out, "Dimensions");
    for (int i = 0; i < model->dimension_count; i++) {
        const pl_dimension *dimension = model->dimensions[i];
        pl_text text = {0};
        pl_text_format(&text, "%s (%d): ", dimension->name, dimension->count);
        for (int k = 0; k < dimension->count && k < PL_SHOWN_ELEMENTS; k++)
            pl_text_format(&text, "%s%s", k ? ", " : "", dimension->element_names[k]);
        if (dimension->count > PL_SHOWN_ELEMENTS) pl_text_put(&text, ", ...");
        pl_text_put(out, "  ");
        if (text.data) put_wrapped(out, text.data, 2, 6);
        out->failed |= text.failed;
        pl_text_free(text.data);
    }
}

static void put_stocks(pl_text *out, const pl_description *d) {
    enum { SHOWN = 50 };
    int count = 0;
    for (int i = 0; i < d->model->variable_count; i++) {
        const pl_variable *v = d->model->variables[i];
        if (v->hidden || v->kind != PL_STOCK) continue;
        if (count++ == 0) put_heading(out, "Stocks");
        if (count > SHOWN) continue;
        pl_text_put(out, "  ");
        pl_text_left(out, v->name, *v->units ? 44 : 0);
        pl_text_format(out, "%s%s\n", *v->units ? " " : "", v->units);
    }
    if (count > SHOWN) pl_text_format(out, "  ... and %d more\n", count - SHOWN);
}

/* Groups in the order of the file, each with its variables, as long as they stand together. */
static void put_groups(pl_text *out, const pl_model *model) {
    const char *last = "";
    int count = 0;
    bool any = false;
    for (int i = 0; i <= model->variable_count; i++) {
        const pl_variable *v = i < model->variable_count ? model->variables[i] : NULL;
        if (v && (v->hidden || v->group == last)) {
            count += !v->hidden;
            continue;
        }
        if (*last && count) {
            if (!any) put_heading(out, "Groups");
            any = true;
            pl_text_format(out, "  %s (%d)\n", last, count);
        }
        last = v ? v->group : "", count = 1;
    }
}

static void put_model(pl_text *out, const pl_description *d) {
    pl_text_format(out, "%s: %s model\n", d->model->name, d->model->dialect == PL_XMILE ? "an XMILE" : "a Vensim");
    put_counts(out, d->model);
    put_time(out, d);
    pl_text loops = {0};
    pl_text_format(&loops, "%s%ld", d->loop_count.more ? "more than " : "", d->loop_count.count);
    put_built(out, "loops", &loops);
    put_dimensions(out, d->model);
    put_stocks(out, d);
    put_groups(out, d->model);
}

void pl_description_text(const pl_description *d, pl_text *out) {
    if (d->variable) put_variable(out, d);
    else put_model(out, d);
}
