/* What `parley describe --json` prints: docs/models.md. */
#include <math.h>

#include "report/description.h"
#include "report/json.h"

/* A text that a function prints. */
static json_t *built(pl_text *text) {
    json_t *json = text->failed ? NULL : pl_json_text(text->data ? text->data : "");
    pl_text_free(text->data);
    return json;
}

static json_t *equation_object(const pl_description *d, const pl_equation *equation) {
    json_t *object = json_object();
    pl_text left = {0}, right = {0}, rate = {0};
    pl_left_print(&left, equation);
    pl_equation_print(&right, d->model, equation);
    pl_json_set(&object, "subscripts", built(&left));
    pl_json_set(&object, pl_equation_is_initial(d->model, equation) ? "initial" : "text", built(&right));
    if (pl_equation_is_initial(d->model, equation)) {
        pl_rate_print(&rate, equation->expr);
        pl_json_set(&object, "rate", built(&rate));
    }
    return object;
}

static json_t *elements(const char *const *names, int count) {
    json_t *list = json_array();
    for (int i = 0; i < count; i++) pl_json_append(&list, pl_json_text(names[i]));
    return list;
}

static json_t *axis_object(const pl_axis *axis) {
    json_t *object = json_object();
    pl_json_set(&object, "name", axis->dimension ? pl_json_text(axis->dimension->name) : json_null());
    pl_json_set(&object, "elements", elements((const char *const *)axis->names, axis->count));
    return object;
}

static json_t *link_list(const pl_description *d, const pl_link *links, int count) {
    json_t *list = json_array();
    for (int i = 0; i < count; i++) {
        const pl_variable *v = d->model->variables[links[i].variable];
        json_t *object = json_object();
        pl_json_set(&object, "name", pl_json_text(v->name));
        pl_json_set(&object, "kind", json_string(pl_kind_name(v->kind)));
        pl_json_set(&object, "sign", json_string(pl_sign_text(links[i].sign)));
        pl_json_set(&object, "initial_only", json_boolean(links[i].initial));
        pl_json_append(&list, object);
    }
    return list;
}

static json_t *loops_object(const pl_description *d) {
    json_t *object = json_object(), *list = json_array();
    pl_json_set(&object, "count", json_integer(d->loop_count.count));
    pl_json_set(&object, "more", json_boolean(d->loop_count.more));
    for (int i = 0; i < d->shown_loops; i++) {
        json_t *loop = json_object(), *names = json_array();
        for (int k = 0; k < d->shortest[i].length; k++)
            pl_json_append(&names, pl_json_text(d->model->variables[d->shortest[i].variables[k]]->name));
        pl_json_set(&loop, "sign", json_string(pl_sign_text(d->shortest[i].sign)));
        pl_json_set(&loop, "variables", names);
        pl_json_append(&list, loop);
    }
    if (d->variable) pl_json_set(&object, "shortest", list);
    else json_decref(list);
    return object;
}

static json_t *initial_list(const pl_description *d) {
    if (!d->compiled || d->variable->kind == PL_LOOKUP || d->variable->defined) return json_null();
    json_t *list = json_array();
    for (int i = 0; i < d->variable->size; i++) pl_json_append(&list, pl_json_number(d->initial[i]));
    return list;
}

static json_t *variable_object(const pl_description *d) {
    const pl_variable *v = d->variable;
    const pl_structure *s = d->structure;
    int i = v->index;
    json_t *object = json_object(), *equations = json_array(), *axes = json_array(), *range = json_array();
    for (int k = 0; k < v->equation_count; k++) pl_json_append(&equations, equation_object(d, v->equations[k]));
    for (int k = 0; k < v->rank; k++) pl_json_append(&axes, axis_object(v->axes[k]));
    pl_json_append(&range, pl_json_number(v->low));
    pl_json_append(&range, pl_json_number(v->high));
    pl_json_set(&object, "name", pl_json_text(v->name));
    pl_json_set(&object, "kind", json_string(pl_kind_name(v->kind)));
    pl_json_set(&object, "units", pl_json_text(v->units));
    pl_json_set(&object, "comment", pl_json_text(v->comment));
    pl_json_set(&object, "group", pl_json_text(v->group));
    pl_json_set(&object, "file", pl_json_text(d->model->file));
    pl_json_set(&object, "line", json_integer(v->at.line));
    pl_json_set(&object, "column", json_integer(v->at.column));
    pl_json_set(&object, "range", range);
    pl_json_set(&object, "dimensions", axes);
    pl_json_set(&object, "equations", equations);
    pl_json_set(&object, "initial", initial_list(d));
    pl_json_set(&object, "needs", link_list(d, s->causes + s->first_cause[i], s->first_cause[i + 1] - s->first_cause[i]));
    pl_json_set(&object, "needs_time", json_boolean(s->uses_time[i]));
    pl_json_set(&object, "used_by", link_list(d, s->uses + s->first_use[i], s->first_use[i + 1] - s->first_use[i]));
    pl_json_set(&object, "loops", loops_object(d));
    return object;
}

static json_t *time_object(const pl_description *d) {
    json_t *object = json_object();
    pl_json_set(&object, "initial", pl_json_number(d->compiled ? d->start : NAN));
    pl_json_set(&object, "final", pl_json_number(d->compiled ? d->final : NAN));
    pl_json_set(&object, "step", pl_json_number(d->compiled ? d->step : NAN));
    pl_json_set(&object, "save", pl_json_number(d->compiled ? d->save : NAN));
    pl_json_set(&object, "units", pl_json_text(d->model->time_step->units));
    return object;
}

static json_t *variable_list(const pl_model *model) {
    json_t *list = json_array();
    for (int i = 0; i < model->variable_count; i++) {
        const pl_variable *v = model->variables[i];
        if (v->hidden) continue;
        json_t *object = json_object();
        pl_json_set(&object, "name", pl_json_text(v->name));
        pl_json_set(&object, "kind", json_string(pl_kind_name(v->kind)));
        pl_json_set(&object, "units", pl_json_text(v->units));
        pl_json_set(&object, "group", pl_json_text(v->group));
        pl_json_set(&object, "elements", json_integer(v->size));
        pl_json_append(&list, object);
    }
    return list;
}

static json_t *model_object(const pl_description *d) {
    const pl_model *model = d->model;
    json_t *object = json_object(), *dimensions = json_array();
    for (int i = 0; i < model->dimension_count; i++) {
        json_t *dimension = json_object();
        pl_json_set(&dimension, "name", pl_json_text(model->dimensions[i]->name));
        pl_json_set(&dimension, "elements",
                    elements((const char *const *)model->dimensions[i]->element_names, model->dimensions[i]->count));
        pl_json_append(&dimensions, dimension);
    }
    pl_json_set(&object, "name", pl_json_text(model->name));
    pl_json_set(&object, "file", pl_json_text(model->file));
    pl_json_set(&object, "language", json_string(model->dialect == PL_XMILE ? "xmile" : "vensim"));
    pl_json_set(&object, "method", json_string(pl_method_name(model->method)));
    pl_json_set(&object, "time", time_object(d));
    pl_json_set(&object, "dimensions", dimensions);
    pl_json_set(&object, "variables", variable_list(model));
    pl_json_set(&object, "loops", loops_object(d));
    return object;
}

pl_status pl_description_json(const pl_description *d, char **text, size_t *length) {
    return pl_json_finish(d->variable ? variable_object(d) : model_object(d), text, length);
}
