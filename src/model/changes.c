/* Constant changes (.cin): other numbers for constants, other points for lookups, written as their equations are but
 * without '~' and '|'.  As in Vensim a name that the model does not have is an error.  They count before anything is
 * computed from constants, the orders of delays among it. */
#include <string.h>

#include "model/import.h"

/* What one place of the left side stands for: positions in the variable's axis. */
typedef struct place {
    int count, *positions;
} place;

static place make_place(pl_lexer *lexer, const pl_variable *variable, int number, pl_subscript_name name) {
    const pl_axis *axis = variable->axes[number];
    const pl_raw_dimension *raw = pl_name_table_get(&lexer->reader->dimensions, name.key);
    place p = {raw ? raw->dimension.count : 1, NULL};
    p.positions = PL_ARRAY(&lexer->reader->files, p.count, int);
    for (int i = 0; i < p.count; i++) {
        p.positions[i] = pl_axis_find(axis, raw ? raw->dimension.element_keys[i] : name.key);
        if (p.positions[i] < 0 || name.reduced)
            pl_lexer_fail(lexer, name.at, "'%.80s' has no element '%.80s' at place %d", variable->name,
                          raw ? raw->dimension.element_names[i] : name.name, number + 1);
    }
    return p;
}

/* The flat elements of the left side, the last place fastest; without brackets all of them. */
static int *list_elements(pl_lexer *lexer, const pl_variable *variable, pl_token name, int *count) {
    pl_reader *reader = lexer->reader;
    pl_subscript_name *names = NULL;
    bool bracket = pl_lexer_is(lexer, "[");
    int given = bracket ? pl_lexer_subscripts(lexer, &names) : 0;
    if (bracket ? given != variable->rank : variable->rank > 0)
        pl_lexer_fail(lexer, name.at, "'%.80s' has %d subscripts, here %d", variable->name, variable->rank, given);
    place *places = PL_ARRAY(&reader->files, given, place);
    *count = 1;
    for (int i = 0; i < given; i++) {
        places[i] = make_place(lexer, variable, i, names[i]);
        if ((double)*count * places[i].count > PL_MOST_ELEMENTS) /* a mapped dimension may list an element twice */
            pl_lexer_fail(lexer, name.at, "these subscripts of '%.80s' stand for too many elements", variable->name);
        *count *= places[i].count;
    }
    int *elements = PL_ARRAY(&reader->files, *count, int);
    for (int n = 0; n < *count; n++) {
        int left = n, stride = 1;
        for (int i = given; i-- > 0; left /= places[i].count, stride *= variable->axes[i]->count)
            elements[n] += stride * places[i].positions[left % places[i].count];
    }
    return elements;
}

/* Where the numbers of a constant's elements are: [size], NULL where there is no equation. */
static double **list_numbers(pl_reader *reader, const pl_variable *variable) {
    double **at = PL_ARRAY(&reader->files, variable->size, double *);
    for (int i = 0; i < variable->equation_count; i++)
        for (int j = 0; j < variable->equations[i]->cell_count; j++)
            if (variable->equations[i]->cells[j] >= 0)
                at[variable->equations[i]->cells[j]] = &variable->equations[i]->numbers[j];
    return at;
}

/* An equation of one number has it in its expression too. */
static void renew_expressions(const pl_variable *variable) {
    for (int i = 0; i < variable->equation_count; i++) {
        pl_equation *equation = variable->equations[i];
        bool one = true;
        for (int j = 1; j < equation->cell_count; j++) one &= equation->numbers[j] == equation->numbers[0];
        if (!equation->expr) continue;
        if (one) equation->expr->number = equation->numbers[0];
        else equation->expr = NULL, equation->number_count = equation->cell_count;
    }
}

static void change_numbers(pl_lexer *lexer, const pl_variable *variable, const int *elements, int count,
                           pl_token name) {
    enum { CHANGE_STEPS = 16 }; /* each change looks at all elements */
    if (!pl_reader_spend(lexer->reader, CHANGE_STEPS * (double)variable->size, name.at)) longjmp(lexer->reader->next_equation, 1);
    double **at = list_numbers(lexer->reader, variable), *values = PL_ARRAY(&lexer->reader->files, count, double);
    int given = 0;
    do {
        double value;
        pl_position at_value = lexer->token.at;
        char found[100];
        if (!pl_lexer_signed_number(lexer, &value))
            pl_lexer_fail(lexer, at_value, "expected a number, found %s",
                          pl_token_text(&lexer->token, found, sizeof found));
        if (given < count) values[given] = value;
        given++;
    } while (pl_lexer_accept(lexer, ",") || pl_lexer_accept(lexer, ";"));
    if (given != 1 && given != count)
        pl_lexer_fail(lexer, name.at, "'%.80s' has %d element%s here, but %d numbers", variable->name, count,
                      count == 1 ? "" : "s", given);
    for (int i = 0; i < count; i++)
        if (at[elements[i]]) *at[elements[i]] = values[given == 1 ? 0 : i];
    renew_expressions(variable);
    double limit;
    if (pl_lexer_accept(lexer, "<=") && !pl_lexer_signed_number(lexer, &limit))
        pl_lexer_fail(lexer, lexer->token.at, "expected a number behind '<='");
}

static const pl_variable *find_variable(pl_lexer *lexer, pl_token name) {
    pl_reader *reader = lexer->reader;
    const pl_variable *variable = pl_name_table_get(&reader->model->names, name.key);
    if (variable) return variable;
    pl_nearest nearest = {.key = name.key};
    char text[300];
    for (int i = 0; i < reader->model->variable_count; i++)
        if (reader->model->variables[i]->kind == PL_CONSTANT || reader->model->variables[i]->kind == PL_LOOKUP)
            pl_nearest_offer(&nearest, reader->model->variables[i]->name, reader->model->variables[i]->key);
    pl_lexer_fail(lexer, name.at, "the model has no constant or lookup '%.80s'%s", name.name,
                  pl_nearest_text(&nearest, text, sizeof text));
}

/* "name = 1", "name[a] = 1, 2", "0 <= name = 1 <= 2", "name((0,0),(1,1))" */
static void change(pl_lexer *lexer) {
    double limit;
    char found[100];
    if (pl_lexer_signed_number(lexer, &limit)) pl_lexer_expect(lexer, "<=", "behind the least value");
    pl_token name = lexer->token;
    if (name.kind != PL_TOKEN_NAME)
        pl_lexer_fail(lexer, name.at, "expected the name of a constant or a lookup, found %s",
                      pl_token_text(&name, found, sizeof found));
    pl_lexer_next(lexer);
    const pl_variable *variable = find_variable(lexer, name);
    if (variable->broken) pl_lexer_fail(lexer, name.at, "'%.80s' has an error in the model", name.name);
    int count, *elements = list_elements(lexer, variable, name, &count);
    if (variable->kind == PL_CONSTANT && pl_lexer_accept(lexer, "=")) {
        change_numbers(lexer, variable, elements, count, name);
    } else if (variable->kind == PL_LOOKUP && pl_lexer_accept(lexer, "(")) {
        pl_table *table = pl_lexer_table(lexer);
        for (int i = 0; i < count; i++) variable->tables[elements[i]] = table;
    } else {
        pl_lexer_fail(lexer, name.at, "'%.80s' is %s of the model: it cannot be changed %s", variable->name,
                      variable->kind == PL_CONSTANT ? "a constant"
                      : variable->kind == PL_LOOKUP ? "a lookup"
                                                    : "no constant and no lookup",
                      variable->kind == PL_CONSTANT ? "but by '= number'"
                      : variable->kind == PL_LOOKUP ? "but by '(points)'"
                                                    : "here");
    }
}

/* To the next line. */
static void skip_line(pl_lexer *lexer) {
    const char *end = memchr(lexer->at, '\n', (size_t)(lexer->end - lexer->at));
    lexer->at = end ? end : lexer->end;
    pl_lexer_next(lexer);
}

typedef struct changing {
    pl_lexer lexer;
    int line; /* in which the change in work began */
} changing;

/* One change; a line of commands (":COMMAND") is none. False at the end. */
static bool next_change(changing *c) {
    if (!c->lexer.token.from) pl_lexer_next(&c->lexer);
    c->line = c->lexer.token.at.line;
    if (c->lexer.token.kind == PL_TOKEN_END) return false;
    if (pl_lexer_is(&c->lexer, ":")) skip_line(&c->lexer);
    else change(&c->lexer);
    return true;
}

/* After an error reading goes on with the next line. */
static void read_changes(pl_reader *reader, const char *text, size_t length) {
    changing c = {.lexer = {.reader = reader,
                            .arena = reader->arena,
                            .at = text,
                            .end = text + length,
                            .line_start = text,
                            .line = 1,
                            .by_line = true}};
    bool more = true;
    while (more && reader->error_count < PL_MOST_FINDINGS) {
        if (setjmp(reader->next_equation) == 0) more = next_change(&c);
        else if (setjmp(reader->next_equation) == 0 && c.lexer.token.at.line <= c.line) skip_line(&c.lexer);
    }
}

void pl_reader_changes(pl_reader *reader) {
    for (int i = 0; reader->inputs && i < reader->inputs->count; i++) {
        const pl_file *file = &reader->inputs->files[i];
        size_t length = 0;
        if (file->role != PL_ROLE_CHANGES) continue;
        pl_source before = pl_source_enter(reader, file->name, NULL, 0);
        const char *text = pl_reader_input(reader, file, &length);
        if (text) {
            reader->text = text, reader->length = length;
            read_changes(reader, text, length);
        }
        pl_source_leave(reader, before);
    }
}
