/* Writing a model: the choice of the format, text, names, and what is refused.  A written text is read again before it
 * is given, so that no file is written that parley could not read, or that lacks a variable. */
#include "model/write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "model/xmile.h"

/* ---- text ----------------------------------------------------------------------------------------------- */

static void put_bytes(pl_writer *w, const char *text, size_t length) {
    if (length > (size_t)(PL_LONGEST_MODEL - w->length)) {
        pl_writer_refuse(w, (pl_position){0, 0}, "the written model would be larger than %d bytes", PL_LONGEST_MODEL);
        longjmp(w->reader.next_equation, 1);
    }
    if (w->equation_from >= 0 && w->length - w->equation_from > PL_LONGEST_EQUATION) {
        pl_position at = w->equation ? w->equation->at : (pl_position){0, 0};
        pl_writer_refuse(w, at, "this equation would be longer than %d bytes", PL_LONGEST_EQUATION);
        longjmp(w->reader.next_equation, 1);
    }
    w->text = pl_arena_grow(&w->arena, w->text, w->length, &w->room, w->length + (int)length + 1, 1);
    memcpy(w->text + w->length, text, length);
    w->length += (int)length;
    w->text[w->length] = 0;
}

void pl_writer_put(pl_writer *w, const char *text) { put_bytes(w, text, strlen(text)); }

void pl_writer_format(pl_writer *w, const char *format, ...) {
    char text[2 * PL_LONGEST_NAME + 200];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put_bytes(w, text, length < (int)sizeof text ? (size_t)length : sizeof text - 1);
}

void pl_writer_refuse(pl_writer *w, pl_position at, const char *format, ...) {
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_reader_error(&w->reader, PL_UNSUPPORTED, at, "%s", message);
}

void pl_writer_number(pl_writer *w, double number, pl_position at) {
    char text[32];
    if (w->to == PL_VENSIM && number == -0x1p109) {
        pl_writer_put(w, ":NA:");
        return;
    }
    if (isnan(number)) pl_writer_refuse(w, at, "a number that is none has no counterpart");
    if (!isinf(number)) {
        pl_number_print(number, text);
        pl_writer_put(w, text);
    } else if (w->to == PL_XMILE) {
        pl_writer_put(w, number > 0.0 ? "INF" : "-INF");
    } else if (w->bounds) {
        pl_writer_put(w, number > 0.0 ? "1e36" : "-1e36");
    } else {
        pl_writer_refuse(w, at, "INF has no counterpart in Vensim");
    }
}

/* ---- names ---------------------------------------------------------------------------------------------- */

static bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80; }

static bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }

/* Words that mean something else in an equation of XMILE. */
static bool is_word_of_xmile(const char *key) {
    static const char *const words[] = {"if",  "then", "else", "and", "or",        "not",      "mod",
                                        "inf", "pi",   "dt",   "self", "starttime", "stoptime", "time"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], key) == 0) return true;
    return pl_xmile_rearranges(key);
}

static bool needs_quotes(const pl_writer *w, const char *name, const char *key) {
    size_t length = strlen(name);
    bool vensim = w->to == PL_VENSIM;
    if (!is_letter((unsigned char)*name) || name[length - 1] == ' ') return true;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];
        bool plain = is_letter(c) || is_digit(c) || c == '_' || c == '$' || c == ' ' || (vensim && c == '\'');
        if (!plain || (c == 0xc2 && (unsigned char)name[i + 1] == 0xa0)) return true;
    }
    return (!vensim && is_word_of_xmile(key)) || pl_function_find(key, w->to) != NULL;
}

const char *pl_writer_plain_name(pl_writer *w, const char *name) {
    if (w->model->dialect == PL_XMILE || !strchr(name, '\\')) return name;
    char *plain = pl_arena_text(&w->arena, name, strlen(name)), *to = plain;
    for (const char *at = name; *at; at++)
        if (*at != '\\' || at[1] != '"') *to++ = *at;
    *to = 0;
    return plain;
}

void pl_writer_name(pl_writer *w, const char *name) {
    const char *plain = pl_writer_plain_name(w, name);
    bool quotes = needs_quotes(w, plain, pl_name_key(&w->arena, plain, strlen(plain)));
    if (w->to == PL_XMILE && *plain == '.')
        pl_writer_refuse(w, (pl_position){0, 0}, "the name '%.80s' begins with a dot, which no name in XMILE does",
                         plain);
    if (quotes) pl_writer_put(w, "\"");
    for (const char *at = plain; *at; at++) {
        char c = w->to == PL_XMILE && *at == ' ' ? '_' : *at;
        if (c == '"' || (c == '\\' && w->to == PL_XMILE)) put_bytes(w, "\\", 1);
        put_bytes(w, &c, 1);
    }
    if (quotes) pl_writer_put(w, "\"");
}

const char *pl_writer_new_name(pl_writer *w, const char *base) {
    char name[PL_LONGEST_NAME + 1];
    int length = snprintf(name, sizeof name, "%.1900s", pl_writer_plain_name(w, base));
    for (int n = 2;; n++) {
        const char *key = pl_name_key(&w->arena, name, (size_t)length);
        if (!pl_name_table_get(&w->taken, key)) {
            pl_name_table_set(&w->arena, &w->taken, key, w);
            return pl_arena_text(&w->arena, name, (size_t)length);
        }
        length = snprintf(name, sizeof name, "%.1900s %d", pl_writer_plain_name(w, base), n);
    }
}

/* ---- what a writer looks up ----------------------------------------------------------------------------- */

const pl_expr *pl_equation_parsed(const pl_equation *equation) {
    return equation->raw ? equation->raw : equation->expr;
}

const pl_expr *pl_equation_parsed_initial(const pl_equation *equation) {
    return equation->raw_initial ? equation->raw_initial : equation->initial;
}

bool pl_writer_is_control(const pl_writer *w, const pl_variable *v) {
    const pl_model *m = w->model;
    return v == m->initial_time || v == m->final_time || v == m->time_step || v == m->saveper;
}

static void note_names(pl_writer *w) {
    const pl_model *model = w->model;
    for (int i = 0; i < model->variable_count; i++)
        if (!model->variables[i]->hidden) pl_name_table_set(&w->arena, &w->taken, model->variables[i]->key, w);
    for (int i = 0; i < model->dimension_count; i++) {
        pl_dimension *d = model->dimensions[i];
        pl_name_table_set(&w->arena, &w->dimensions, d->key, d);
        pl_name_table_set(&w->arena, &w->taken, d->key, w);
        for (int j = 0; j < d->count; j++) {
            pl_name_table_set(&w->arena, &w->taken, d->element_keys[j], w);
            if (!pl_name_table_get(&w->elements, d->element_keys[j]))
                pl_name_table_set(&w->arena, &w->elements, d->element_keys[j], d);
        }
    }
    for (int i = 0; i < model->macro_count; i++) {
        pl_macro *macro = model->macros[i];
        pl_name_table_set(&w->arena, &w->macros, macro->key, macro);
        pl_name_table_set(&w->arena, &w->taken, macro->key, w);
    }
    pl_function_names(&w->arena, &w->reader.functions, model->dialect);
}

/* ---- reading again -------------------------------------------------------------------------------------- */

static void compare(pl_writer *w, const pl_model *again) {
    for (int i = 0; i < w->model->variable_count; i++) {
        const pl_variable *v = w->model->variables[i];
        const pl_variable *other = v->hidden ? NULL : pl_name_table_get(&again->names, v->key);
        if (v->hidden || (v->kind == PL_LOOKUP && w->to == PL_XMILE)) continue;
        if (!other && pl_writer_is_control(w, v)) continue;
        bool stock = v->kind == PL_STOCK;
        if (!other || other->rank != v->rank || other->size != v->size || (other->kind == PL_STOCK) != stock)
            pl_writer_refuse(w, v->at, "'%.80s' would not be the same variable in the written model", v->name);
    }
}

static void read_again(pl_writer *w) {
    pl_error why;
    pl_status status = pl_model_parse_beside(w->text, (size_t)w->length, w->model->file, &w->again, &why);
    if (status == PL_MEMORY) longjmp(w->reader.out_of_memory, 1);
    if (status != PL_OK) {
        pl_writer_refuse(w, (pl_position){0, 0}, "the written model could not be read: %.200s; '%.120s'", why.message,
                         why.source);
        return;
    }
    compare(w, w->again);
}

/* ---- the public function -------------------------------------------------------------------------------- */

static void jump_out(void *context) { longjmp(((pl_writer *)context)->reader.out_of_memory, 1); }

static void write_all(pl_writer *w) {
    if (setjmp(w->reader.next_equation)) return;
    if (w->to == PL_XMILE && w->model->dialect == PL_XMILE) {
        pl_writer_xml(w);
        return;
    }
    w->lookup_names = PL_ARRAY(&w->arena, w->model->variable_count + 1, const char *);
    note_names(w);
    if (w->to == PL_XMILE) pl_writer_xmile(w);
    else pl_writer_mdl(w);
}

static pl_status finish(pl_writer *w, char **text, size_t *length) {
    if (w->reader.error_count == 0) read_again(w);
    if (w->reader.error_count > 0) return w->reader.status;
    *text = pl_allocate((size_t)w->length + 1);
    if (!*text) return PL_MEMORY;
    memcpy(*text, w->text, (size_t)w->length + 1);
    *length = (size_t)w->length;
    return PL_OK;
}

pl_model_format pl_model_format_of(const pl_model *model) {
    return model->dialect == PL_XMILE ? PL_MODEL_XMILE : PL_MODEL_VENSIM;
}

pl_status pl_model_write(const pl_model *model, pl_model_format format, char **text, size_t *length,
                         pl_findings *findings, pl_error *error) {
    *text = NULL, *length = 0;
    pl_writer *w = pl_allocate(sizeof *w);
    if (!w) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    w->model = model, w->to = format == PL_MODEL_XMILE ? PL_XMILE : PL_VENSIM, w->equation_from = -1;
    w->reader = (pl_reader){.model = (pl_model *)(uintptr_t)model,
                            .file = model->file,
                            .text = model->text,
                            .length = model->length,
                            .arena = &w->arena,
                            .findings = findings,
                            .error = error};
    w->arena.out_of_memory = jump_out, w->arena.context = w;
    volatile pl_status status = PL_MEMORY;
    if (setjmp(w->reader.out_of_memory) == 0) {
        write_all(w);
        status = finish(w, text, length);
    }
    if (status == PL_MEMORY)
        pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory while the model was written");
    pl_model_free(w->again);
    pl_arena_free(&w->arena);
    pl_release(w);
    return status;
}
