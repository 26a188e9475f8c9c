/* Sensitivity as JSON, and as CSV with a row for each number: of, time, input, with, index, estimate, low, high. */
#include <math.h>
#include <string.h>

#include "report/sense.h"

/* ---- JSON ------------------------------------------------------------------------------------------------ */

static json_t *output_object(const pl_sense_output *o) {
    json_t *object = json_object();
    pl_json_set(&object, "of", pl_json_text(o->name));
    if (!isnan(o->time)) pl_json_set(&object, "time", pl_json_number(o->time));
    return object;
}

static json_t *row_object(const pl_sense_part *part, int output, int input) {
    json_t *object = output_object(&part->sample.outputs[output]);
    pl_json_set(&object, "input", pl_json_text(part->sample.inputs[input]));
    return object;
}

static void add_sobol(const pl_sense_part *part, json_t **indices, json_t **pairs) {
    const pl_sense_sample *s = &part->sample;
    for (int o = 0; o < s->output_count; o++) {
        const pl_sobol *sobol = &part->sobol[o];
        for (int i = 0; i < s->input_count; i++) {
            json_t *row = row_object(part, o, i);
            pl_json_set(&row, "s1", pl_json_interval(sobol->first[i]));
            pl_json_set(&row, "st", pl_json_interval(sobol->total[i]));
            pl_json_append(indices, row);
        }
        for (int i = 0, pair = 0; sobol->second && i < s->input_count; i++)
            for (int k = i + 1; k < s->input_count; k++, pair++) {
                json_t *row = output_object(&s->outputs[o]);
                pl_json_set(&row, "inputs", json_pack("[o,o]", pl_json_text(s->inputs[i]), pl_json_text(s->inputs[k])));
                pl_json_set(&row, "s2", pl_json_interval(sobol->second[pair]));
                pl_json_append(pairs, row);
            }
    }
}

static void add_morris(const pl_sense_part *part, json_t **rows) {
    for (int o = 0; o < part->sample.output_count; o++)
        for (int i = 0; i < part->sample.input_count; i++) {
            const pl_morris *m = &part->morris[o];
            json_t *row = row_object(part, o, i), *intervals = json_object();
            pl_json_set(&row, "mu_star", pl_json_number(m->mu_star[i].estimate));
            pl_json_set(&row, "sigma", pl_json_number(m->sigma[i].estimate));
            pl_json_set(&row, "mu", pl_json_number(m->mu[i].estimate));
            pl_json_set(&intervals, "mu_star", pl_json_interval(m->mu_star[i]));
            pl_json_set(&intervals, "sigma", pl_json_interval(m->sigma[i]));
            pl_json_set(&intervals, "mu", pl_json_interval(m->mu[i]));
            pl_json_set(&row, "intervals", intervals);
            pl_json_append(rows, row);
        }
}

static void add_given(const pl_sense_part *part, json_t **deltas, json_t **pawns) {
    for (int o = 0; o < part->sample.output_count; o++)
        for (int i = 0; i < part->sample.input_count; i++) {
            const pl_pawn_row *p = &part->pawn[o].rows[i];
            json_t *delta = row_object(part, o, i), *pawn = row_object(part, o, i);
            pl_json_set(&delta, "delta", pl_json_interval(part->delta[o].delta[i]));
            pl_json_set(&delta, "s1", pl_json_interval(part->delta[o].first[i]));
            pl_json_set(&delta, "noise", pl_json_number(part->delta[o].noise));
            pl_json_append(deltas, delta);
            pl_json_set(&pawn, "median", pl_json_interval(p->median));
            pl_json_set(&pawn, "minimum", pl_json_number(p->least));
            pl_json_set(&pawn, "mean", pl_json_number(p->mean));
            pl_json_set(&pawn, "maximum", pl_json_number(p->most));
            pl_json_set(&pawn, "cv", pl_json_number(p->cv));
            pl_json_set(&pawn, "noise", pl_json_number(part->pawn[o].noise));
            pl_json_append(pawns, pawn);
        }
}

static void add_regression(const pl_sense_part *part, json_t **rows, json_t **fits) {
    for (int o = 0; part->regression && o < part->sample.output_count; o++) {
        const pl_regression *r = &part->regression[o];
        json_t *fit = output_object(&part->sample.outputs[o]);
        for (int i = 0; i < part->sample.input_count; i++) {
            json_t *row = row_object(part, o, i);
            pl_json_set(&row, "src", pl_json_interval(r->src[i]));
            pl_json_set(&row, "pcc", pl_json_interval(r->pcc[i]));
            pl_json_set(&row, "srrc", pl_json_interval(r->srrc[i]));
            pl_json_set(&row, "prcc", pl_json_interval(r->prcc[i]));
            pl_json_append(rows, row);
        }
        pl_json_set(&fit, "r2", pl_json_interval(r->r_squared));
        pl_json_set(&fit, "r2_adjusted", pl_json_number(r->adjusted));
        pl_json_set(&fit, "rank_r2", pl_json_interval(r->rank_r_squared));
        pl_json_set(&fit, "rank_r2_adjusted", pl_json_number(r->rank_adjusted));
        pl_json_set(&fit, "intervals", pl_json_text(r->resampled ? "bootstrap" : "t and Fisher's z; R^2 has none: too few rows"));
        pl_json_append(fits, fit);
    }
}

/* What was left out for runs that are missing. */
static json_t *missing_object(const pl_sense_part *part, int output) {
    json_t *object = output_object(&part->sample.outputs[output]);
    pl_json_set(&object, "missing", json_integer(part->sample.outputs[output].missing));
    if (part->sobol) {
        pl_json_set(&object, "blocks", json_integer(part->sobol[output].blocks));
        pl_json_set(&object, "blocks_dropped", json_integer(part->sobol[output].dropped));
    } else if (part->morris) {
        pl_json_set(&object, "trajectories", json_integer(part->morris[output].trajectories));
        pl_json_set(&object, "trajectories_dropped", json_integer(part->morris[output].dropped));
    } else {
        pl_json_set(&object, "classes", json_integer(part->delta[output].classes));
    }
    return object;
}

static json_t *sample_object(const pl_sense_part *part) {
    const pl_sense_sample *s = &part->sample;
    json_t *object = json_object(), *outputs = json_array(), *groups = json_object();
    pl_json_set(&object, "design", pl_json_text(pl_design_name(s->kind)));
    pl_json_set(&object, "from", pl_json_text(s->text));
    if (*s->profile) pl_json_set(&object, "profile", pl_json_text(s->profile));
    pl_json_set(&object, "rows", json_integer(s->rows));
    pl_json_set(&object, "runs", json_integer(s->runs));
    pl_json_set(&object, "resamples", json_integer(part->resamples));
    if (part->delta) pl_json_set(&object, "delta_resamples", json_integer(part->delta_resamples));
    if (part->no_regression) pl_json_set(&object, "no_regression", pl_json_text(part->no_regression));
    for (int i = 0; s->members && i < s->input_count; i++)
        if (s->members[i]) pl_json_set(&groups, s->inputs[i], pl_json_text(s->members[i]));
    pl_json_set(&object, "groups", groups);
    for (int o = 0; o < s->output_count; o++) pl_json_append(&outputs, missing_object(part, o));
    pl_json_set(&object, "outputs", outputs);
    return object;
}

pl_status pl_sense_json(const pl_sense *sense, char **text, size_t *length) {
    json_t *tree = json_object(), *indices = json_array(), *pairs = json_array(), *morris = json_array();
    json_t *deltas = json_array(), *pawns = json_array(), *rows = json_array(), *fits = json_array();
    json_t *samples = json_array(), *notes = json_array();
    for (int p = 0; p < sense->part_count; p++) {
        const pl_sense_part *part = sense->parts[p];
        if (part->sobol) add_sobol(part, &indices, &pairs);
        if (part->morris) add_morris(part, &morris);
        if (part->delta) add_given(part, &deltas, &pawns);
        add_regression(part, &rows, &fits);
        pl_json_append(&samples, sample_object(part));
    }
    for (int i = 0; i < sense->note_count; i++) pl_json_append(&notes, pl_json_text(sense->notes[i]));
    pl_json_set(&tree, "indices", indices);
    pl_json_set(&tree, "s2", pairs);
    pl_json_set(&tree, "morris", morris);
    pl_json_set(&tree, "delta", deltas);
    pl_json_set(&tree, "pawn", pawns);
    pl_json_set(&tree, "regression", rows);
    pl_json_set(&tree, "fits", fits);
    pl_json_set(&tree, "samples", samples);
    pl_json_set(&tree, "notes", notes);
    return pl_json_finish(tree, text, length);
}

/* ---- CSV ------------------------------------------------------------------------------------------------- */

static void put_row(pl_text *out, const pl_sense_output *o, const char *input, const char *other, const char *index,
                    pl_interval i) {
    const double numbers[] = {i.estimate, i.low, i.high};
    pl_text_csv(out, o->name);
    pl_text_put(out, ",");
    if (!isnan(o->time)) pl_text_number(out, o->time);
    pl_text_put(out, ",");
    pl_text_csv(out, input);
    pl_text_put(out, ",");
    pl_text_csv(out, other);
    pl_text_format(out, ",%s", index);
    for (int k = 0; k < 3; k++) {
        pl_text_put(out, ",");
        if (!isnan(numbers[k])) pl_text_number(out, numbers[k]);
    }
    pl_text_put(out, "\n");
}

/* X(member of the part, index as CSV names it, where its intervals are) */
#define INPUT_INDICES(X)                                     \
    X(sobol, "s1", sobol[o].first[i])                        \
    X(sobol, "st", sobol[o].total[i])                        \
    X(morris, "mu_star", morris[o].mu_star[i])               \
    X(morris, "mu", morris[o].mu[i])                         \
    X(morris, "sigma", morris[o].sigma[i])                   \
    X(delta, "delta", delta[o].delta[i])                     \
    X(delta, "delta_s1", delta[o].first[i])                  \
    X(pawn, "pawn", pawn[o].rows[i].median)                  \
    X(regression, "src", regression[o].src[i])               \
    X(regression, "pcc", regression[o].pcc[i])               \
    X(regression, "srrc", regression[o].srrc[i])             \
    X(regression, "prcc", regression[o].prcc[i])

static void put_part(pl_text *out, const pl_sense_part *part) {
    const pl_sense_sample *s = &part->sample;
    for (int o = 0; o < s->output_count; o++) {
        for (int i = 0; i < s->input_count; i++) {
#define X(member, index, interval) \
    if (part->member) put_row(out, &s->outputs[o], s->inputs[i], "", index, part->interval);
            INPUT_INDICES(X)
#undef X
        }
        for (int i = 0, pair = 0; part->sobol && part->sobol[o].second && i < s->input_count; i++)
            for (int k = i + 1; k < s->input_count; k++, pair++)
                put_row(out, &s->outputs[o], s->inputs[i], s->inputs[k], "s2", part->sobol[o].second[pair]);
        if (!part->regression) continue;
        put_row(out, &s->outputs[o], "", "", "r2", part->regression[o].r_squared);
        put_row(out, &s->outputs[o], "", "", "rank_r2", part->regression[o].rank_r_squared);
    }
}

pl_status pl_sense_csv(const pl_sense *sense, char **text, size_t *length) {
    pl_text out = {0};
    pl_text_put(&out, "of,time,input,with,index,estimate,low,high\n");
    for (int p = 0; p < sense->part_count; p++) put_part(&out, sense->parts[p]);
    return pl_text_finish(&out, text, length);
}
