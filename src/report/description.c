/* Gathering what `parley describe` says: links, loops, values at the start; and the texts of equations. */
#include "report/description.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "program/program.h"

/* ---- words ---------------------------------------------------------------------------------------------- */

const char *pl_kind_name(pl_variable_kind kind) {
    static const char *const names[] = {[PL_CONSTANT] = "constant", [PL_AUXILIARY] = "auxiliary", [PL_STOCK] = "stock",
                                        [PL_LOOKUP] = "lookup",     [PL_DATA] = "data"};
    return names[kind];
}

const char *pl_method_name(pl_method method) {
    static const char *const names[] = {[PL_EULER] = "Euler", [PL_RK2] = "Runge-Kutta of order 2",
                                        [PL_RK4] = "Runge-Kutta of order 4"};
    return names[method];
}

const char *pl_sign_text(pl_sign sign) {
    return sign == PL_SIGN_POSITIVE ? "+" : sign == PL_SIGN_NEGATIVE ? "-" : "?";
}

/* ---- equations ------------------------------------------------------------------------------------------ */

static const char *entity(const char *at, const char *end, char *c) {
    static const struct { const char *name; char c; } entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        size_t length = strlen(entities[i].name);
        if ((size_t)(end - at) < length || memcmp(at, entities[i].name, length) != 0) continue;
        *c = entities[i].c;
        return at + length;
    }
    *c = *at;
    return at + 1;
}

/* Text of the source: line breaks, and the backslash that continues a line, are blanks; runs of blanks are one. */
static void put_source(pl_text *out, const pl_model *model, int from, int to) {
    const char *at = model->text + from, *end = model->text + to;
    bool blank = false, any = false;
    while (at < end) {
        char c = *at;
        bool continued = c == '\\' && at + 1 < end && (at[1] == '\n' || at[1] == '\r');
        const char *next = model->dialect == PL_XMILE ? entity(at, end, &c) : at + 1;
        at = next;
        if (continued || strchr(" \t\r\n", c)) {
            blank = any;
            continue;
        }
        if (blank) pl_text_put(out, " ");
        pl_text_put_bytes(out, &c, 1);
        blank = false, any = true;
    }
}

static void put_table(pl_text *out, const pl_table *table) {
    enum { SHOWN = 6 };
    for (int i = 0; i < table->count; i++) {
        if (i == SHOWN - 1 && table->count > SHOWN) {
            pl_text_format(out, " ... (%d points)", table->count);
            i = table->count - 1;
        }
        pl_text_put(out, i ? " (" : "(");
        pl_text_number(out, table->x[i]);
        pl_text_put(out, ", ");
        pl_text_number(out, table->y[i]);
        pl_text_put(out, ")");
    }
}

void pl_equation_print(pl_text *out, const pl_model *model, const pl_equation *equation) {
    if (equation->text_to > equation->text_from) put_source(out, model, equation->text_from, equation->text_to);
    else if (equation->table) put_table(out, equation->table);
    else if (equation->numbers && equation->cell_count > 0) pl_text_number(out, equation->numbers[0]);
    else if (equation->expr && equation->expr->kind == PL_EXPR_NUMBER) pl_text_number(out, equation->expr->number);
    else if (equation->expr) pl_rate_print(out, equation->expr);
}

bool pl_equation_is_initial(const pl_model *model, const pl_equation *equation) {
    return model->dialect == PL_XMILE && equation->initial != NULL;
}

void pl_rate_print(pl_text *out, const pl_expr *rate) {
    pl_function_id id = rate->kind == PL_EXPR_CALL ? rate->function->id : PL_FN_COUNT;
    if (rate->kind == PL_EXPR_REFERENCE) pl_text_put(out, rate->variable->name);
    else if (rate->kind == PL_EXPR_NUMBER) pl_text_number(out, rate->number);
    else if (id == PL_FN_ADD || id == PL_FN_SUBTRACT) {
        pl_rate_print(out, rate->args[0]);
        pl_text_put(out, id == PL_FN_ADD ? " + " : " - ");
        pl_rate_print(out, rate->args[1]);
    } else if (id == PL_FN_NEGATE) {
        pl_text_put(out, "-");
        pl_rate_print(out, rate->args[0]);
    } else {
        pl_text_put(out, id == PL_FN_CONVEYOR ? "what its conveyor gives" : id == PL_FN_QUEUE ? "what its queue gives" : "...");
    }
}

void pl_left_print(pl_text *out, const pl_equation *equation) {
    for (int i = 0; i < equation->name_count; i++) {
        pl_text_put(out, i ? "," : "[");
        pl_text_put(out, equation->names[i].name);
    }
    if (equation->name_count) pl_text_put(out, "]");
}

/* ---- values at the start -------------------------------------------------------------------------------- */

static bool has_value(const pl_variable *variable) {
    return variable->kind != PL_LOOKUP && !variable->defined;
}

static void take_row(void *context, int step, double time, const double *row) {
    pl_description *d = context;
    (void)time;
    if (step > 0) return;
    d->save = row[0];
    if (d->variable && has_value(d->variable)) memcpy(d->initial, row + 1, (size_t)d->variable->size * sizeof *row);
}

static pl_status run_start(pl_description *d, const pl_program *program) {
    pl_track *track = NULL;
    pl_block *block = NULL;
    uint64_t future = 0;
    pl_status status = pl_track_new(program, NULL, 0, &track);
    if (status == PL_OK) status = pl_block_new(program, 1, &block);
    if (status == PL_OK) {
        pl_block_start(block, track, NULL, 0, &future, 0, 1);
        pl_block_run(block, track, pl_program_steps(program) > 0 ? 1 : 0, take_row, d);
    }
    pl_block_free(block);
    pl_track_free(track);
    return status;
}

/* What keeps a model from being compiled is no error here: its structure can be told all the same. */
static pl_status find_values(pl_description *d) {
    pl_output outputs[] = {{d->model->saveper, 0}, {(pl_variable *)d->variable, -1}};
    int count = d->variable && has_value(d->variable) ? 2 : 1;
    pl_program_spec spec = {.outputs = outputs, .output_count = count, .final_time = NAN, .act_from = NAN,
                            .one_case = true};
    pl_program *program = NULL;
    pl_error ignored;
    pl_status status = pl_program_compile(d->model, &spec, &program, &ignored);
    if (status == PL_MEMORY) return status;
    if (status != PL_OK) return PL_OK;
    d->compiled = true;
    d->start = pl_program_initial_time(program), d->step = pl_program_time_step(program);
    d->final = pl_program_final_time(program);
    status = run_start(d, program);
    pl_program_free(program);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static void jump_out(void *context) { longjmp(*(jmp_buf *)context, 1); }

/* Leaves by the arena's out_of_memory where that runs dry. */
static void find_loops(pl_description *d) {
    int variable = d->variable ? d->variable->index : -1;
    pl_loops_start(&d->loops, d->structure);
    d->loop_count = pl_loops_count(&d->loops, variable);
    if (variable >= 0 && d->loop_count.count > 0)
        d->shown_loops = pl_loops_shortest(&d->loops, variable, PL_SHOWN_LOOPS, d->shortest);
    if (!d->variable) return;
    d->initial = PL_ARRAY(&d->loops.arena, d->variable->size, double);
    for (int i = 0; i < d->variable->size; i++) d->initial[i] = NAN;
}

static pl_status describe(pl_description *d, pl_format format, char **text, size_t *length) {
    jmp_buf out_of_memory;
    d->loops.arena.out_of_memory = jump_out, d->loops.arena.context = &out_of_memory;
    if (setjmp(out_of_memory)) return PL_MEMORY;
    find_loops(d);
    d->loops.arena.out_of_memory = NULL;
    pl_status status = find_values(d);
    if (status != PL_OK) return status;
    if (format == PL_FORMAT_JSON) return pl_description_json(d, text, length);
    pl_text out = {0};
    pl_description_text(d, &out);
    return pl_text_finish(&out, text, length);
}

pl_status pl_model_describe(const pl_model *model, const char *name, pl_format format, char **text, size_t *length,
                            pl_error *error) {
    pl_description d = {.model = model, .element = -1};
    pl_variable *variable = NULL;
    pl_status status = name ? pl_model_find_element(model, name, &variable, &d.element, error) : PL_OK;
    if (format == PL_FORMAT_CSV) status = pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0, "there is no such form");
    if (status == PL_OK) status = pl_structure_new(model, &d.structure, error);
    if (status != PL_OK) return status;
    d.variable = variable;
    status = describe(&d, format, text, length);
    pl_arena_free(&d.loops.arena);
    pl_structure_free(d.structure);
    return status == PL_OK ? PL_OK : pl_error_set(error, status, model->file, 0, 0, "%s", pl_status_text(status));
}
