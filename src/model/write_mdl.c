/* A model as a Vensim .mdl file: macros, dimensions, equations by group, then the sketch and the settings.  A model
 * that was a .mdl keeps the text of its sketch and settings; one that was XMILE gets an empty view and the method. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/write.h"

/* ---- the tail of an equation ---------------------------------------------------------------------------- */

/* Text that may hold neither ~ nor |, which end it; each line is indented, so that none looks like the sketch. */
static void write_text(pl_writer *w, const char *text) {
    for (; *text; text++) {
        char one[2] = {*text == '~' ? '-' : *text == '|' ? '/' : *text, 0};
        if (*text == '\n') pl_writer_put(w, "\n\t\t");
        else if (*text != '\r') pl_writer_put(w, one);
        if (*text == '\n') text += strspn(text + 1, " \t"); /* its own indentation */
    }
}

static void write_range_end(pl_writer *w, double value) {
    if (isnan(value)) pl_writer_put(w, "?");
    else pl_writer_number(w, value, (pl_position){0, 0});
}

static void write_tail(pl_writer *w, const char *units, double low, double high, const char *comment, bool unused) {
    pl_writer_put(w, "\n\t~\t");
    write_text(w, units);
    if (!isnan(low) || !isnan(high)) {
        pl_writer_put(w, *units ? " [" : "[");
        write_range_end(w, low);
        pl_writer_put(w, ",");
        write_range_end(w, high);
        pl_writer_put(w, "]");
    }
    pl_writer_put(w, "\n\t~\t");
    write_text(w, comment);
    pl_writer_put(w, unused ? "\n\t~\t:SUPPLEMENTARY\n\t|\n\n" : "\n\t|\n\n");
}

/* ---- equations ------------------------------------------------------------------------------------------ */

/* Breaks what was written since `from` at blanks outside quotes, so that lines stay short. */
static void break_lines(pl_writer *w, int from) {
    enum { WIDTH = 90 };
    int count = w->length - from, line = 0, start = 0, blank = 0;
    bool quoted = false;
    if (count <= WIDTH) return;
    char *copy = pl_arena_text(&w->arena, w->text + from, (size_t)count);
    w->length = from;
    for (int i = 0; i < count; i++) {
        if (copy[i] == '\\' && quoted) i++;
        else if (copy[i] == '"') quoted = !quoted;
        else if (copy[i] == '\n') line = i + 1;
        else if (copy[i] == ' ' && !quoted) blank = i;
        if (i - line < WIDTH || blank <= start || blank <= line) continue;
        copy[blank] = 0;
        pl_writer_put(w, copy + start);
        pl_writer_put(w, " \\\n\t\t");
        start = line = blank + 1;
    }
    pl_writer_put(w, copy + start);
}

/* A list of numbers for a left side over dimensions, row by row. */
static void write_numbers(pl_writer *w, const pl_equation *e) {
    const pl_variable *v = e->variable;
    int row = v->rank > 0 && e->axis_count > 0 ? e->axes[e->axis_count - 1]->count : e->number_count;
    for (int i = 0; i < e->number_count; i++) {
        bool last = (i + 1) % row == 0;
        pl_writer_number(w, e->numbers[i], e->at);
        if (e->axis_count > 1) pl_writer_put(w, last ? ";" : ",");
        else if (i + 1 < e->number_count) pl_writer_put(w, ",");
        if (last && i + 1 < e->number_count) pl_writer_put(w, "\n\t\t");
        else if (i % 16 == 15) pl_writer_put(w, "\n\t\t");
    }
}

/* The subscripts of a flat element. */
static void write_element(pl_writer *w, const pl_variable *v, int element) {
    int size = v->size;
    for (int i = 0; i < v->rank; i++) {
        size /= v->axes[i]->count;
        pl_writer_put(w, i ? "," : "[");
        pl_writer_name(w, v->axes[i]->names[element / size]);
        element %= size;
    }
    if (v->rank > 0) pl_writer_put(w, "]");
}

/* One of the elements into which the reader has taken a list of numbers apart. */
static bool is_split(const pl_writer *w, const pl_equation *e) {
    for (int i = 0; i < e->name_count; i++)
        if (pl_name_table_get(&w->dimensions, e->names[i].key)) return e->axis_count == 0;
    return false;
}

static void write_left(pl_writer *w, const pl_equation *e) {
    pl_writer_name(w, e->variable->name);
    if (is_split(w, e)) write_element(w, e->variable, e->cells[0]);
    else pl_writer_subscripts(w, e->names, e->name_count);
    for (int i = 0; i < e->except_count && !is_split(w, e); i++) {
        pl_writer_put(w, i ? "," : " :EXCEPT: ");
        pl_writer_subscripts(w, e->excepts + i * e->name_count, e->name_count);
    }
}

/* The element of the cell in work. */
static void write_own_element(pl_writer *w, const pl_equation *e) {
    int cell = 0;
    for (int i = 0; i < e->axis_count; i++) cell = cell * e->axes[i]->count + w->fixed[i].position;
    write_element(w, e->variable, e->cells[cell]);
}

/* A stock of XMILE that is held at 0: by Euler it loses no more than it has. */
static void write_rate(pl_writer *w, const pl_equation *e) {
    const pl_variable *v = e->variable;
    const pl_expr *rate = pl_equation_parsed(e);
    bool held = v->non_negative && w->model->method == PL_EULER;
    if (held) pl_writer_put(w, "MAX(");
    pl_writer_expression(w, rate, 0);
    if (!held) return;
    pl_writer_put(w, ", -");
    pl_writer_name(w, v->name);
    if (w->fixed_count > 0) write_own_element(w, e);
    else pl_writer_subscripts(w, e->names, e->name_count);
    pl_writer_put(w, " / TIME STEP)");
}

static void write_right(pl_writer *w, const pl_equation *e) {
    const pl_expr *expr = pl_equation_parsed(e), *initial = pl_equation_parsed_initial(e);
    if (e->table) {
        pl_writer_put(w, "(\n\t\t");
        pl_writer_points(w, e->table);
        pl_writer_put(w, ")");
        return;
    }
    pl_writer_put(w, "=\n\t\t");
    if (initial) {
        while (initial->kind == PL_EXPR_CALL && initial->function->id == PL_FN_INITIAL) initial = initial->args[0];
        pl_writer_put(w, "INTEG (");
        write_rate(w, e);
        pl_writer_put(w, ",\n\t\t\t");
        pl_writer_expression(w, initial, 0);
        pl_writer_put(w, ")");
    } else if (expr) {
        w->whole = expr;
        pl_writer_expression(w, expr, 0);
    } else if (e->number_count > 0) {
        write_numbers(w, e);
    } else {
        pl_writer_refuse(w, e->at, "this equation has no counterpart");
    }
}

/* ---- what keeps its own text ---------------------------------------------------------------------------- */

/* Goes on from where it was last, for equations come in the order of the text but for groups. */
static const char *text_at(pl_writer *w, pl_position at) {
    if (!w->line_text || w->line > at.line) w->line_text = w->model->text, w->line = 1;
    while (w->line < at.line) {
        const char *end = strchr(w->line_text, '\n');
        if (!end) return "";
        w->line_text = end + 1, w->line++;
    }
    return w->line_text + at.column - 1;
}

/* The end of a text before ~ or | outside quotes; in brackets single quotes count too. */
static const char *text_end(const char *at, bool whole) {
    bool quoted = false, literal = false;
    int open = 0;
    for (; *at; at++) {
        if (*at == '"' && !literal) quoted = !quoted;
        if (*at == '\'' && open > 0 && !quoted) literal = !literal;
        if (quoted || literal) continue;
        open += (*at == '(') - (*at == ')');
        if (*at == '|' || (*at == '~' && !whole)) break;
    }
    return at;
}

static void write_source(pl_writer *w, pl_position at, bool whole) {
    const char *from = text_at(w, at), *to = text_end(from, whole);
    while (to > from && strchr(" \t\r\n", to[-1])) to--;
    const char *copy = pl_arena_text(&w->arena, from, (size_t)(to - from));
    pl_writer_put(w, copy);
}

/* Data over time and what comes from files. */
static bool is_imported(const pl_equation *e) { return e->data || e->assigned || e->import; }

/* What a macro's call gives beside its value stands in that call alone. */
static bool is_output(const pl_equation *e) {
    const pl_expr *expr = pl_equation_parsed(e);
    return expr && expr->kind == PL_EXPR_NAME && expr->output > 0;
}

static bool has_axes(const pl_expr *expr) {
    for (int i = 0; expr && i < expr->name_count; i++)
        if (expr->names[i].axis > 0) return true;
    for (int i = 0; expr && i < expr->arg_count; i++)
        if (has_axes(expr->args[i])) return true;
    return false;
}

/* What XMILE says by the number of an axis, and a dimension twice on the left side, are written element by element. */
static bool by_element(const pl_writer *w, const pl_equation *e) {
    if (w->model->dialect == PL_VENSIM || e->axis_count == 0) return false;
    for (int i = 0; i < e->axis_count; i++)
        for (int j = 0; j < i; j++)
            if (e->axes[i]->dimension == e->axes[j]->dimension) return true;
    return has_axes(pl_equation_parsed(e)) || has_axes(pl_equation_parsed_initial(e));
}

static void write_cell(pl_writer *w, const pl_equation *e, int cell) {
    int rest = cell;
    for (int i = e->axis_count - 1; i >= 0; i--) {
        w->fixed[i] = (pl_fixed){e->axes[i]->dimension, rest % e->axes[i]->count, false};
        rest /= e->axes[i]->count;
    }
    w->fixed_count = e->axis_count;
    pl_writer_name(w, e->variable->name);
    write_element(w, e->variable, e->cells[cell]);
    if (pl_equation_parsed(e)) {
        write_right(w, e);
    } else {
        pl_writer_put(w, "=\n\t\t");
        pl_writer_number(w, e->numbers[cell], e->at);
    }
    w->fixed_count = 0;
}

static void write_equation(pl_writer *w, const pl_equation *e) {
    w->equation = e, w->variable = e->variable, w->equation_from = w->length;
    if (is_imported(e)) {
        if (w->model->dialect == PL_VENSIM) write_source(w, e->at, false);
        else
            pl_writer_refuse(w, e->at, "'%.80s' takes its data from elsewhere, which has no counterpart",
                             e->variable->name);
        w->equation = NULL, w->equation_from = -1;
        return;
    }
    bool elements = by_element(w, e);
    if (elements && e->axis_count > PL_MOST_AXES) {
        pl_writer_refuse(w, e->at, "an equation over more than %d dimensions has no counterpart", PL_MOST_AXES);
        return;
    }
    for (int i = 0; elements && i < e->cell_count; i++) {
        w->equation_from = w->length;
        write_cell(w, e, i);
        break_lines(w, w->equation_from);
        if (i + 1 < e->cell_count) pl_writer_put(w, "\n\t~~|\n");
    }
    if (!elements) {
        write_left(w, e);
        write_right(w, e);
        break_lines(w, w->equation_from);
    }
    w->equation = NULL, w->equation_from = -1;
}

/* What had to leave an equation; writing it may add more. */
static void write_asides(pl_writer *w) {
    for (const pl_aside *a; (a = w->first_aside);) {
        w->first_aside = a->next;
        if (!a->next) w->last_aside = NULL;
        w->equation = a->equation, w->whole = a->expr, w->equation_from = w->length;
        pl_writer_name(w, a->name);
        pl_writer_subscripts(w, a->equation->names, a->equation->name_count);
        pl_writer_put(w, "=\n\t\t");
        pl_writer_expression(w, a->expr, 0);
        break_lines(w, w->equation_from);
        write_tail(w, "", NAN, NAN, "", false);
        w->equation_from = -1;
    }
    w->equation = NULL;
}

static void write_variable(pl_writer *w, const pl_variable *v) {
    if (v->equation_count == 0) {
        pl_writer_refuse(w, v->at, "'%.80s' has no equation, which has no counterpart", v->name);
        return;
    }
    if (is_output(v->equations[0])) return;
    for (int i = 0; i < v->equation_count; i++) {
        write_equation(w, v->equations[i]);
        if (i + 1 < v->equation_count) pl_writer_put(w, "\n\t~~|\n");
    }
    bool unused = v->supplementary && w->model->dialect == PL_VENSIM;
    write_tail(w, v->units, v->low, v->high, v->comment, unused);
    write_asides(w);
}

/* ---- lookups of XMILE ----------------------------------------------------------------------------------- */

/* How often each lookup that nobody sees is asked; one that is asked once, and extends nowhere, is written in place. */
static void count_lookups(const pl_writer *w, const pl_expr *expr, int *uses) {
    const pl_expr *argument;
    const pl_variable *lookup = pl_writer_lookup_call(w, expr, &argument);
    const pl_expr *first = expr->arg_count > 0 && expr->kind == PL_EXPR_CALL ? expr->args[0] : NULL;
    if (lookup && lookup->hidden) uses[lookup->index]++;
    else if (first && first->kind == PL_EXPR_REFERENCE && first->variable->kind == PL_LOOKUP && first->variable->hidden)
        uses[first->variable->index] += 2; /* by its name: LOOKUP INVERT and its kind */
    for (int i = 0; i < expr->arg_count; i++) count_lookups(w, expr->args[i], uses);
}

static void name_lookups(pl_writer *w) {
    const pl_model *model = w->model;
    int *uses = PL_ARRAY(&w->arena, model->variable_count + 1, int);
    for (int i = 0; i < model->variable_count; i++) {
        const pl_variable *v = model->variables[i];
        for (int j = 0; j < v->equation_count && !v->hidden; j++) {
            const pl_equation *e = v->equations[j];
            const pl_expr *expr = pl_equation_parsed(e), *initial = pl_equation_parsed_initial(e);
            if (expr) count_lookups(w, expr, uses);
            if (initial) count_lookups(w, initial, uses);
        }
    }
    for (int i = 0; i < model->variable_count; i++) {
        const pl_variable *v = model->variables[i];
        if (!v->hidden || v->kind != PL_LOOKUP || v->equation_count == 0 || !v->equations[0]->table) continue;
        bool own = v->key != v->name && !pl_name_table_get(&model->names, v->key); /* a function by itself */
        if (!own && uses[i] == 0) continue;
        if (!own && uses[i] < 2 && v->rank == 0 && !v->equations[0]->table->extrapolate) continue;
        char base[PL_LONGEST_NAME + 20];
        snprintf(base, sizeof base, own ? "%.1900s" : "%.1900s lookup", v->name);
        w->lookup_names[i] = pl_writer_new_name(w, base);
    }
}

static void write_lookups(pl_writer *w) {
    for (int i = 0; i < w->model->variable_count; i++) {
        const pl_variable *v = w->model->variables[i];
        if (!w->lookup_names[i]) continue;
        for (int j = 0; j < v->equation_count; j++) {
            int from = w->length;
            if (j > 0) pl_writer_put(w, "\n\t~~|\n");
            pl_writer_name(w, w->lookup_names[i]);
            pl_writer_subscripts(w, v->equations[j]->names, v->equations[j]->name_count);
            write_right(w, v->equations[j]);
            break_lines(w, from);
        }
        write_tail(w, v->units, NAN, NAN, v->comment, false);
    }
}

/* ---- macros and dimensions ------------------------------------------------------------------------------ */

static void write_keys(pl_writer *w, const char **keys, int count) {
    for (int i = 0; i < count; i++) {
        if (i > 0) pl_writer_put(w, ", ");
        pl_writer_name(w, keys[i]);
    }
}

static void write_macro(pl_writer *w, const pl_macro *macro) {
    if (pl_writer_helper(w, macro->key)) return;
    w->macro = macro;
    pl_writer_put(w, ":MACRO: ");
    pl_writer_name(w, macro->name);
    pl_writer_put(w, "(");
    write_keys(w, macro->inputs, macro->input_count);
    if (macro->output_count > 0) pl_writer_put(w, " : ");
    write_keys(w, macro->outputs, macro->output_count);
    pl_writer_put(w, ")\n");
    for (int i = 0; i < macro->variable_count; i++) write_variable(w, macro->variables[i]);
    pl_writer_put(w, ":END OF MACRO:\n\n");
    w->macro = NULL;
}

static void write_names(pl_writer *w, const pl_subscript_name *names, int count) {
    for (int i = 0; i < count; i++) {
        if (i > 0) pl_writer_put(w, i % 10 ? ", " : ",\n\t\t");
        pl_writer_name(w, names[i].name);
    }
}

/* The reader keeps the last mapping first. */
static void write_mappings(pl_writer *w, const pl_raw_mapping *mapping, bool last) {
    if (mapping->next) write_mappings(w, mapping->next, false);
    if (mapping->items) pl_writer_put(w, "(");
    pl_writer_name(w, mapping->target.name);
    if (mapping->items) pl_writer_put(w, ": ");
    write_names(w, mapping->items, mapping->item_count);
    if (mapping->items) pl_writer_put(w, ")");
    if (!last) pl_writer_put(w, ", ");
}

static void write_dimension(pl_writer *w, const pl_dimension *dimension) {
    const pl_raw_dimension *raw = (const pl_raw_dimension *)dimension;
    pl_writer_name(w, dimension->name);
    if (raw->alias.key) {
        pl_writer_put(w, " <-> ");
        pl_writer_name(w, raw->alias.name);
    } else {
        pl_writer_put(w, ":\n\t\t");
        write_names(w, raw->names, raw->name_count);
        if (raw->mappings) pl_writer_put(w, " -> ");
        if (raw->mappings) write_mappings(w, raw->mappings, true);
    }
    write_tail(w, "", NAN, NAN, "", false);
}

/* ---- the file ------------------------------------------------------------------------------------------- */

static void write_group(pl_writer *w, const char *group) {
    static const char line[] = "********************************************************";
    pl_writer_format(w, "%s\n\t.%.500s\n%s~\n\t\t~\n\t|\n\n", line, group, line);
    for (int i = 0; i < w->model->variable_count; i++) {
        const pl_variable *v = w->model->variables[i];
        if (!v->hidden && strcmp(v->group, group) == 0) write_variable(w, v);
    }
}

/* Variables without a group first, for behind a group's head all belong to it. */
static void write_variables(pl_writer *w) {
    pl_name_table groups = {0};
    for (int i = 0; i < w->model->variable_count; i++) {
        const pl_variable *v = w->model->variables[i];
        if (!v->hidden && !*v->group) write_variable(w, v);
    }
    write_lookups(w);
    for (int i = 0; i < w->model->variable_count; i++) {
        const pl_variable *v = w->model->variables[i];
        if (v->hidden || !*v->group || pl_name_table_get(&groups, v->group)) continue;
        pl_name_table_set(&w->arena, &groups, v->group, w);
        write_group(w, v->group);
    }
}

static void write_settings(pl_writer *w) {
    static const int codes[] = {[PL_EULER] = 0, [PL_RK2] = 4, [PL_RK4] = 5};
    pl_writer_put(w,
                  "\\\\\\---/// Sketch information - do not modify anything except names\n"
                  "V300  Do not put anything below this section - it will be ignored\n"
                  "*View 1\n"
                  "$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0\n"
                  "///---\\\\\\\n:L\x7f<%^E!@\n");
    pl_writer_format(w, "15:0,0,0,%d,0,0\n", codes[w->model->method]);
    for (int i = 0; i < w->model->synonym_count; i++) {
        const pl_synonyms *s = &w->model->synonyms[i];
        for (int j = 0; j < s->count; j++) pl_writer_format(w, "%s%s", j ? "," : "22:", s->names[j]);
        pl_writer_put(w, "\n");
    }
}

static void check_controls(pl_writer *w) {
    const pl_model *m = w->model;
    const pl_variable *const controls[] = {m->initial_time, m->final_time, m->time_step, m->saveper};
    for (int i = 0; i < 4 && m->dialect == PL_XMILE; i++)
        if (controls[i]->hidden)
            pl_writer_refuse(w, controls[i]->at,
                             "<sim_specs> differs from the model's own '%.40s': Vensim has one of them",
                             controls[i]->name);
}

/* Reality checks as they stand in the source. */
static void write_realities(pl_writer *w) {
    for (int i = 0; i < w->model->reality_count; i++) {
        write_source(w, w->model->realities[i].at, true);
        pl_writer_put(w, "\n\t|\n\n");
    }
}

void pl_writer_mdl(pl_writer *w) {
    const pl_model *model = w->model;
    bool same = model->dialect == PL_VENSIM;
    check_controls(w);
    if (!same) name_lookups(w);
    pl_writer_put(w, "{UTF-8}\n");
    for (int i = 0; i < model->macro_count; i++) write_macro(w, model->macros[i]);
    for (int i = 0; i < model->dimension_count; i++) write_dimension(w, model->dimensions[i]);
    write_variables(w);
    write_realities(w);
    if (!same) write_settings(w);
    else pl_writer_put(w, model->text + model->rest_from);
}
