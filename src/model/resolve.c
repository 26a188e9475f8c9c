/* From raw equations to a model that the compiler can take: dimensions, shapes, kinds and numbers, bound expressions,
 * the hidden variables behind the others, the time settings; then what looks doubtful. */
#include <math.h>
#include <string.h>

#include "model/import.h"

/* ---- kinds and numbers ---------------------------------------------------------------------------------- */

static bool is_number(const pl_equation *equation) {
    return equation->number_count > 0 ||
           (equation->expr && equation->expr->kind == PL_EXPR_NUMBER && !equation->initial);
}

static bool all_numbers(const pl_variable *variable) {
    for (int i = 0; i < variable->equation_count; i++)
        if (!is_number(variable->equations[i])) return false;
    return variable->kind == PL_AUXILIARY;
}

/* Spreads one number over the cells, or checks that a list has one for each. */
static bool fill_numbers(pl_reader *reader, pl_equation *equation) {
    if (equation->number_count > 0 && equation->number_count != equation->cell_count) {
        pl_reader_error(reader, PL_INVALID, equation->at, "'%.80s' has %d element%s here, but %d numbers",
                        equation->variable->name, equation->cell_count, equation->cell_count == 1 ? "" : "s",
                        equation->number_count);
        return false;
    }
    if (equation->number_count > 0) return true;
    equation->numbers = PL_ARRAY(reader->arena, equation->cell_count, double);
    for (int i = 0; i < equation->cell_count; i++) equation->numbers[i] = equation->expr->number;
    return true;
}

static pl_expr *number(pl_reader *reader, double value, pl_position at) {
    pl_expr *expr = PL_NEW(reader->arena, pl_expr);
    *expr = (pl_expr){.kind = PL_EXPR_NUMBER, .number = value, .height = 1, .at = at, .end = at};
    return expr;
}

/* A list of numbers in a variable that has other equations too becomes one equation for each element. */
static bool split_list(pl_reader *reader, pl_variable *variable, pl_equation *list) {
    if (!fill_numbers(reader, list)) return false;
    for (int i = list->cell_count - 1; i >= 0; i--) {
        if (list->cells[i] < 0) continue;
        pl_equation *one = i == 0 ? list : pl_reader_equation(reader, variable, list->at);
        int *cell = PL_NEW(reader->arena, int);
        double value = list->numbers[i];
        *cell = list->cells[i];
        if (i > 0) one->names = list->names, one->name_count = list->name_count;
        one->cells = cell, one->cell_count = 1, one->axis_count = 0;
        one->numbers = NULL, one->number_count = 0;
        one->expr = number(reader, value, list->at);
    }
    return true;
}

static void fill_tables(pl_reader *reader, pl_variable *variable) {
    variable->tables = PL_ARRAY(reader->arena, variable->size, pl_table *);
    for (int i = 0; i < variable->equation_count; i++) {
        const pl_equation *equation = variable->equations[i];
        for (int j = 0; j < equation->cell_count; j++)
            if (equation->cells[j] >= 0)
                variable->tables[equation->cells[j]] = equation->tables ? equation->tables[j] : equation->table;
    }
}

/* Data in some equations of a variable, or in all. */
static void settle_data(pl_reader *reader, pl_variable *variable) {
    int count = 0;
    for (int i = 0; i < variable->equation_count; i++) count += variable->equations[i]->data;
    if (count == 0) return;
    fill_tables(reader, variable);
    if (count == variable->equation_count) variable->kind = PL_DATA;
}

static void settle_kind(pl_reader *reader, pl_variable *variable) {
    if (!variable->broken) pl_import_fill(reader, variable);
    if (variable->broken) return;
    bool constant = all_numbers(variable);
    if (constant) variable->kind = PL_CONSTANT;
    if (variable->kind == PL_LOOKUP) fill_tables(reader, variable);
    else settle_data(reader, variable);
    int count = variable->equation_count; /* splitting adds more */
    for (int i = 0; i < count && !variable->broken; i++) {
        pl_equation *equation = variable->equations[i];
        if (constant) variable->broken = !fill_numbers(reader, equation);
        else if (equation->number_count > 0) variable->broken = !split_list(reader, variable, equation);
    }
}

/* ---- the time settings ---------------------------------------------------------------------------------- */

static pl_variable *control(pl_reader *reader, const char *key, const char *name) {
    pl_variable *variable = pl_name_table_get(&reader->model->names, key);
    if (!variable) return NULL;
    variable->used = true;
    if (!variable->broken && (variable->rank > 0 || variable->kind == PL_STOCK || variable->kind == PL_LOOKUP ||
                              variable->kind == PL_DATA))
        pl_reader_error(reader, PL_INVALID, variable->at, "'%s' must be a constant or an auxiliary without subscripts",
                        name);
    return variable;
}

/* Says in one message which time settings are missing. After an error in the text that would be no news. */
static void check_controls(pl_reader *reader, bool text_was_right) {
    const pl_model *model = reader->model;
    const pl_variable *const controls[] = {model->initial_time, model->final_time, model->time_step};
    static const char *const names[] = {"INITIAL TIME", "FINAL TIME", "TIME STEP"};
    char lacking[60] = "";
    for (int i = 0; i < 3; i++) {
        if (controls[i]) continue;
        if (*lacking) strcat(lacking, ", ");
        strcat(lacking, names[i]);
    }
    if (*lacking && text_was_right)
        pl_reader_error(reader, PL_INVALID, (pl_position){0, 0}, "the model lacks %s: is this a Vensim model?",
                        lacking);
}

/* A model without SAVEPER saves every step. */
static pl_variable *default_saveper(pl_reader *reader) {
    pl_variable *variable = pl_reader_hidden(reader, "SAVEPER", (pl_position){0, 0});
    pl_expr *expr = number(reader, 0.0, variable->at);
    pl_equation *equation = pl_reader_equation(reader, variable, variable->at);
    pl_reader_shape(reader, variable);
    expr->kind = PL_EXPR_REFERENCE, expr->variable = reader->model->time_step;
    equation->expr = expr;
    return variable;
}

static void find_controls(pl_reader *reader, bool text_was_right) {
    pl_model *model = reader->model;
    if (model->dialect == PL_VENSIM) { /* the reader of XMILE has set them */
        model->initial_time = control(reader, "initial time", "INITIAL TIME");
        model->final_time = control(reader, "final time", "FINAL TIME");
        model->time_step = control(reader, "time step", "TIME STEP");
    }
    if (model->saveper) model->saveper->used = true;
    else if (pl_name_table_get(&model->names, "saveper")) model->saveper = control(reader, "saveper", "SAVEPER");
    else if (model->time_step) model->saveper = default_saveper(reader);
    check_controls(reader, text_was_right);
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static void shape_all(pl_reader *reader) {
    pl_model *model = reader->model;
    for (int i = 0; i < model->variable_count; i++) {
        if (model->variables[i]->equation_count == 0) model->variables[i]->broken = true;
        pl_reader_shape(reader, model->variables[i]);
        settle_kind(reader, model->variables[i]);
    }
    for (int i = 0; i < reader->hidden_count; i++) { /* the lookups of WITH LOOKUP */
        pl_reader_shape(reader, reader->hidden[i]);
        settle_kind(reader, reader->hidden[i]);
    }
}

static void bind_hidden(pl_reader *reader) {
    int count = reader->hidden_count; /* binding adds others, which it binds itself */
    for (int i = 0; i < count; i++) {
        pl_variable *variable = reader->hidden[i];
        for (int j = 0; j < variable->equation_count && !variable->broken && variable->kind == PL_AUXILIARY; j++)
            pl_binder_equation(reader, variable->equations[j], NULL, variable->at);
    }
}

/* Whether an equation is what another one's call of a macro gives beside its value. */
static bool is_output(const pl_equation *equation) {
    return equation->expr && equation->expr->kind == PL_EXPR_NAME && equation->expr->output > 0;
}

static void bind_equations(pl_reader *reader, bool outputs) {
    pl_model *model = reader->model;
    for (int i = 0; i < model->variable_count && reader->error_count < PL_MOST_FINDINGS; i++) {
        pl_variable *variable = model->variables[i];
        for (int j = 0; j < variable->equation_count && !variable->broken && variable->kind != PL_CONSTANT; j++)
            if (is_output(variable->equations[j]) == outputs)
                pl_binder_equation(reader, variable->equations[j], NULL, variable->at);
    }
}

/* A call of a macro is bound before its outputs. */
static void bind_all(pl_reader *reader) {
    bind_hidden(reader);
    bind_equations(reader, false);
    bind_equations(reader, true);
}

static void note_unused(pl_reader *reader) {
    for (int i = 0; i < reader->model->variable_count; i++) {
        const pl_variable *variable = reader->model->variables[i];
        bool input = variable->kind == PL_CONSTANT || variable->kind == PL_LOOKUP;
        if (input && !variable->hidden && !variable->used && !variable->supplementary)
            pl_reader_note(reader, PL_NOTE, variable->at, "'%.80s' is not used by any equation", variable->name);
    }
}

void pl_reader_resolve(pl_reader *reader) {
    bool text_was_right = reader->error_count == 0;
    pl_function_names(reader->arena, &reader->functions, reader->model->dialect);
    pl_reader_dimensions(reader);
    shape_all(reader);
    pl_reader_changes(reader);
    pl_reader_data(reader);
    find_controls(reader, text_was_right);
    bind_all(reader);
    pl_reader_alias_data(reader);
    for (int i = 0; i < reader->hidden_count; i++)
        if (reader->hidden[i]->kind == PL_LOOKUP && !reader->hidden[i]->tables && !reader->hidden[i]->broken)
            fill_tables(reader, reader->hidden[i]);
    pl_reader_hidden_to_model(reader);
    if (reader->error_count == 0) pl_reader_check_data(reader);
    if (reader->error_count > 0) return;
    note_unused(reader);
}
