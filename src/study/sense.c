/* What all kinds of sensitivity share: outputs, resamples, notes, and which methods a design allows.  See sense.h. */
#include "study/sense.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/philox.h"

/* ---- samples --------------------------------------------------------------------------------------------- */

pl_sense_output *pl_sense_add(pl_sense_sample *s, const char *name, const double *a, const double *b) {
    s->outputs = pl_arena_grow(s->arena, s->outputs, s->output_count, &s->output_room, s->output_count + 1,
                               sizeof *s->outputs);
    pl_sense_output *output = &s->outputs[s->output_count++];
    *output = (pl_sense_output){.name = pl_arena_text(s->arena, name, strlen(name)), .time = NAN,
                                .values = PL_ARRAY(s->arena, s->rows + 1, double)};
    for (long row = 0; row < s->rows; row++) {
        double value = b ? a[row] - b[row] : a[row];
        output->values[row] = isfinite(value) ? value : NAN;
        output->missing += !isfinite(value);
    }
    return output;
}

static void add_difference(pl_sense_sample *s, const char *name, const double *a, const double *b) {
    char text[600];
    pl_sense_add(s, name, a, NULL);
    if (!b) return;
    snprintf(text, sizeof text, "%.280s - base(%.280s)", name, name);
    pl_sense_add(s, text, a, b);
}

void pl_sense_add_view(pl_sense_sample *sample, const pl_situation *s, const pl_sense_view *view) {
    char name[300];
    for (int m = 0; m < s->measure_count; m++)
        add_difference(sample, s->measures[m].name, view->measures[m], view->base_measures ? view->base_measures[m] : NULL);
    for (int a = 0; a < s->actor_count; a++) {
        if (!s->actors[a].want_count) continue;
        snprintf(name, sizeof name, "payoff(%.280s)", s->actors[a].name);
        add_difference(sample, name, view->payoffs[a], view->base_payoffs ? view->base_payoffs[a] : NULL);
    }
}

/* ---- inputs ---------------------------------------------------------------------------------------------- */

static void add_drawn(pl_sense_sample *sample, const pl_situation *s, const pl_design *design) {
    for (int u = 0; u < s->uncertainty_count; u++) {
        double *x = PL_ARRAY(sample->arena, sample->rows + 1, double);
        for (long row = 0; row < sample->rows; row++) x[row] = pl_design_draw(design, &s->uncertainties[u], row);
        sample->inputs[sample->input_count] = s->uncertainties[u].name;
        sample->x[sample->input_count++] = x;
    }
    for (int w = 0; w < s->weight_count; w++) {
        const pl_drawn_weight *weight = &s->weights[w];
        double *x = PL_ARRAY(sample->arena, sample->rows + 1, double);
        for (long row = 0; row < sample->rows; row++)
            x[row] = pl_design_weight(design, &s->actors[weight->actor].wants[weight->want], row);
        sample->inputs[sample->input_count] = weight->name;
        sample->x[sample->input_count++] = x;
    }
}

/* The names in a group; NULL where it is one of a single input. */
static const char *members_of(const pl_sense_sample *sample, const pl_situation *s, const int *group, int part, int *only) {
    size_t room = 1;
    int count = 0;
    for (int u = 0; u < s->uncertainty_count; u++)
        if (group[u] == part) room += strlen(s->uncertainties[u].name) + 2, count++, *only = u;
    if (count < 2) return NULL;
    char *text = pl_arena_take(sample->arena, room);
    for (int u = 0; u < s->uncertainty_count; u++)
        if (group[u] == part) {
            if (*text) strcat(text, ", ");
            strcat(text, s->uncertainties[u].name);
        }
    return text;
}

/* The levels of Morris' inputs; of a group how far it has moved. */
static const double *levels_of(const pl_sense_sample *sample, const pl_situation *s, const pl_design *design, int u,
                               bool group) {
    double *x = PL_ARRAY(sample->arena, sample->rows + 1, double), first = 0;
    for (long row = 0; row < sample->rows; row++) {
        double level = pl_design_probability(design, s->uncertainties[u].hash, s->uncertainties[u].place, row);
        if (row % (pl_design_parts(design) + 1) == 0) first = level;
        x[row] = group ? fabs(level - first) : level;
    }
    return x;
}

static void add_moved(pl_sense_sample *sample, const pl_situation *s, const pl_design *design) {
    sample->members = PL_ARRAY(sample->arena, pl_design_parts(design) + 1, const char *);
    for (int part = 0; part < pl_design_parts(design); part++) {
        int only = part;
        const char *members = design->group ? members_of(sample, s, design->group, part, &only) : NULL;
        sample->inputs[part] = members ? s->input_groups[part] : s->uncertainties[only].name;
        sample->members[part] = members;
        if (design->kind == PL_DESIGN_MORRIS) sample->x[part] = levels_of(sample, s, design, only, members != NULL);
    }
    sample->input_count = pl_design_parts(design);
}

void pl_sense_add_inputs(pl_sense_sample *sample, const pl_situation *s, const pl_design *design, long rows) {
    size_t room = (size_t)s->uncertainty_count + (size_t)s->weight_count + 1;
    int parts = pl_design_parts(design);
    sample->rows = rows;
    sample->inputs = PL_ARRAY(sample->arena, room, const char *);
    sample->x = PL_ARRAY(sample->arena, room, const double *);
    sample->saltelli = (pl_saltelli){2 * parts + 2, 0, 1, 2, 2 + parts};
    if (design->kind == PL_DESIGN_MORRIS || design->kind == PL_DESIGN_SALTELLI) add_moved(sample, s, design);
    else add_drawn(sample, s, design);
    for (int i = 0; i < sample->input_count; i++) /* they outlive the situation */
        sample->inputs[i] = pl_arena_text(sample->arena, sample->inputs[i], strlen(sample->inputs[i]));
}

/* ---- parts ----------------------------------------------------------------------------------------------- */

pl_sense_part *pl_sense_part_new(pl_sense *sense, pl_design_kind kind, long rows, uint64_t seed, const char *profile) {
    pl_sense_part *part = PL_NEW(&sense->arena, pl_sense_part);
    sense->parts = pl_arena_grow(&sense->arena, sense->parts, sense->part_count, &sense->part_room, sense->part_count + 1,
                                 sizeof *sense->parts);
    sense->parts[sense->part_count++] = part;
    part->sample = (pl_sense_sample){.arena = &sense->arena, .kind = kind, .rows = rows, .seed = seed, .text = "",
                                     .profile = pl_arena_text(&sense->arena, profile, strlen(profile))};
    return part;
}

void pl_sense_note(pl_sense *sense, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    sense->notes = pl_arena_grow(&sense->arena, sense->notes, sense->note_count, &sense->note_room, sense->note_count + 1,
                                 sizeof *sense->notes);
    sense->notes[sense->note_count++] = pl_arena_text(&sense->arena, text, strlen(text));
}

/* ---- groups of outputs ----------------------------------------------------------------------------------- */

static bool same_rows(const pl_sense_sample *s, int a, int b) {
    for (long row = 0; row < s->rows; row++)
        if (isfinite(s->outputs[a].values[row]) != isfinite(s->outputs[b].values[row])) return false;
    return true;
}

pl_sense_groups pl_sense_groups_of(const pl_sense_sample *s) {
    pl_sense_groups all = {.order = PL_ARRAY(s->arena, s->output_count + 1, int),
                           .groups = PL_ARRAY(s->arena, s->output_count + 1, pl_sense_group)};
    bool *taken = PL_ARRAY(s->arena, s->output_count + 1, bool);
    int placed = 0;
    for (int i = 0; i < s->output_count; i++) {
        if (taken[i]) continue;
        pl_sense_group *g = &all.groups[all.count++];
        *g = (pl_sense_group){.first = placed, .rows = s->rows - s->outputs[i].missing};
        for (int k = i; k < s->output_count; k++) {
            if (taken[k] || s->outputs[k].missing != s->outputs[i].missing || !same_rows(s, i, k)) continue;
            taken[k] = true;
            all.order[placed++] = k;
            g->count++;
        }
    }
    return all;
}

/* ---- resamples ------------------------------------------------------------------------------------------- */

pl_draws pl_draws_of(const pl_sense_sample *s, long units) {
    static const char name[] = "bootstrap of sense";
    return (pl_draws){pl_stream_key(s->seed, pl_fnv1a(name, sizeof name - 1)), units};
}

void pl_draws_take(const pl_draws *draws, long resample, double *counts) {
    memset(counts, 0, (size_t)draws->units * sizeof *counts);
    for (long k = 0; k < draws->units; k++)
        counts[(long)(pl_uniform_at(draws->key, (uint64_t)resample, (uint64_t)k) * (double)draws->units)] += 1;
}

pl_interval pl_sense_interval(double estimate, const double *values, long count) {
    double sum = 0, squares = 0, half;
    long used = 0;
    for (long i = 0; i < count; i++)
        if (isfinite(values[i])) sum += values[i], used++;
    if (used < 2 || !isfinite(estimate)) return (pl_interval){isfinite(estimate) ? estimate : NAN, NAN, NAN};
    for (long i = 0; i < count; i++)
        if (isfinite(values[i])) squares += (values[i] - sum / (double)used) * (values[i] - sum / (double)used);
    half = pl_normal_quantile(0.975) * sqrt(squares / (double)(used - 1));
    return (pl_interval){estimate, estimate - half, estimate + half};
}

/* ---- methods --------------------------------------------------------------------------------------------- */

/* Which of the names is an output's; -1: none. */
static int asked(const pl_sense_options *options, const char *name) {
    for (int i = 0; i < options->of_count; i++)
        if (strcmp(options->of[i], name) == 0) return i;
    return -1;
}

static void choose_outputs(pl_sense *sense, pl_sense_sample *s, const pl_sense_options *options) {
    int kept = 0;
    for (int o = 0; o < s->output_count && options->of_count; o++) {
        int place = asked(options, s->outputs[o].name);
        size_t used = strlen(sense->outputs);
        if (isnan(s->outputs[o].time))
            snprintf(sense->outputs + used, sizeof sense->outputs - used, "%s'%s'", used ? ", " : "", s->outputs[o].name);
        if (place < 0) continue;
        sense->found[place] = true;
        s->outputs[kept++] = s->outputs[o];
    }
    if (options->of_count) s->output_count = kept;
}

static pl_status study(pl_sense_part *part, int threads) {
    if (part->sample.kind == PL_DESIGN_SALTELLI) return pl_sense_sobol(part, threads);
    if (part->sample.kind == PL_DESIGN_MORRIS) return pl_sense_morris(part, threads);
    pl_status status = pl_sense_given(part, threads);
    return status == PL_OK ? pl_sense_regress(part, threads) : status;
}

pl_status pl_sense_study(pl_sense *sense, pl_sense_part *part, const pl_sense_options *options, pl_error *error) {
    enum { DEFAULT_RESAMPLES = 200 };
    choose_outputs(sense, &part->sample, options);
    part->studied = true;
    part->resamples = options->resamples > 0 ? options->resamples : DEFAULT_RESAMPLES;
    pl_status status = study(part, options->threads);
    return status == PL_OK ? status : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}

static pl_status study_all(pl_sense *sense, const pl_sense_options *options, pl_error *error) {
    pl_status status = PL_OK;
    for (int p = 0; status == PL_OK && p < sense->part_count; p++)
        if (!sense->parts[p]->studied) status = pl_sense_study(sense, sense->parts[p], options, error);
    for (int i = 0; status == PL_OK && i < options->of_count; i++)
        if (!sense->found[asked(options, options->of[i])])
            return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no output '%.80s'; there are %s", options->of[i],
                                sense->outputs);
    return status;
}

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static pl_status guard(pl_sense *sense, pl_sense_make *make, const void *what, const pl_sense_options *options,
                       pl_error *error) {
    jmp_buf back;
    sense->arena.out_of_memory = leave, sense->arena.context = &back;
    if (setjmp(back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    sense->found = PL_ARRAY(&sense->arena, options->of_count + 1, bool);
    pl_status status = make(sense, what, options, error);
    if (status == PL_OK) status = study_all(sense, options, error);
    sense->arena.out_of_memory = NULL;
    return status;
}

pl_status pl_sense_new(pl_sense_make *make, const void *what, const pl_sense_options *options, pl_sense **sense,
                       pl_error *error) {
    static const pl_sense_options usual = {0};
    *sense = NULL;
    pl_sense *made = pl_allocate(sizeof *made);
    if (!made) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_status status = guard(made, make, what, options ? options : &usual, error);
    if (status == PL_OK) *sense = made;
    else pl_sense_free(made);
    return status;
}

void pl_sense_free(pl_sense *sense) {
    if (!sense) return;
    pl_game_free(sense->game);
    pl_ensemble_free(sense->results);
    pl_arena_free(&sense->arena);
    pl_release(sense);
}
