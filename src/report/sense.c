/* Sensitivity to read: a table for each output, the inputs that matter most first, each number with its interval. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/sense.h"

enum { MOST_INPUTS = 12, MOST_PAIRS = 5, MOST_OVER_TIME = 3, WIDEST_INPUT = 34, FIELD = 26 };

/* ---- order ----------------------------------------------------------------------------------------------- */

typedef struct place {
    double size;
    int index;
} place;

static int larger(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->size != y->size) return x->size < y->size ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Puts the largest first; what is not a number last. Returns how many are to be shown. */
static int sort(place *places, int count, int most) {
    for (int i = 0; i < count; i++)
        if (isnan(places[i].size)) places[i].size = -1;
    qsort(places, (size_t)count, sizeof *places, larger);
    return count < most ? count : most;
}

/* ---- fields ---------------------------------------------------------------------------------------------- */

static void put_interval(pl_text *out, pl_interval i, int decimals, int width) {
    char a[PL_ROUNDED_ROOM], b[PL_ROUNDED_ROOM], c[PL_ROUNDED_ROOM], text[3 * PL_ROUNDED_ROOM + 16] = "-";
    pl_text field = {0};
    pl_text_put(&field, pl_rounded(i.estimate, decimals, a));
    if (!isnan(i.estimate) && isnan(i.low)) pl_text_put(&field, " (n/a)");
    if (!isnan(i.low))
        pl_text_format(&field, " (%s to %s)", pl_rounded(i.low, decimals, b), pl_rounded(i.high, decimals, c));
    if (field.data && field.length < sizeof text) memcpy(text, field.data, field.length + 1);
    pl_release(field.data);
    pl_text_right(out, text, width);
}

/* A name cut to the width of its column. */
static void put_name(pl_text *out, const char *name, int width) {
    char text[WIDEST_INPUT * 4 + 8];
    size_t used = 0;
    int shown = 0;
    bool whole = pl_text_width(name) <= width;
    for (const char *s = name; *s && used < sizeof text - 4; s++) {
        bool starts = ((unsigned char)*s & 0xC0) != 0x80;
        if (starts && !whole && shown == width - 3) break;
        shown += starts;
        text[used++] = *s;
    }
    text[used] = 0;
    if (!whole) strcat(text, "...");
    pl_text_left(out, text, width);
}

static int name_width(const pl_sense_sample *s) {
    int width = 8;
    for (int i = 0; i < s->input_count; i++)
        if (pl_text_width(s->inputs[i]) > width) width = pl_text_width(s->inputs[i]);
    return width < WIDEST_INPUT ? width : WIDEST_INPUT;
}

static void put_head(pl_text *out, const pl_sense_sample *s, const char *const *heads, int count) {
    pl_text_put(out, "  ");
    pl_text_left(out, "input", name_width(s));
    for (int i = 0; i < count; i++) pl_text_right(out, heads[i], FIELD);
    pl_text_put(out, "\n");
}

static void put_rest(pl_text *out, int shown, int count) {
    if (shown < count) pl_text_format(out, "  ... and %d more: --json and --output have all\n", count - shown);
}

static void put_output(pl_text *out, const pl_sense_output *o) {
    pl_text_format(out, "\n%s", o->name);
    if (!isnan(o->time)) {
        pl_text_put(out, " at ");
        pl_text_number(out, o->time);
    }
}

/* ---- one output ------------------------------------------------------------------------------------------ */

static void put_pairs(pl_text *out, const pl_sense_sample *s, const pl_sobol *sobol, place *places) {
    int count = 0;
    for (int i = 0, pair = 0; i < s->input_count; i++)
        for (int k = i + 1; k < s->input_count; k++, pair++)
            if (sobol->second[pair].low > 0) places[count++] = (place){sobol->second[pair].estimate, i * s->input_count + k};
    int shown = sort(places, count, MOST_PAIRS);
    if (!count) pl_text_put(out, "  no pair whose second-order index is clear of 0\n");
    for (int p = 0; p < shown; p++) {
        int i = places[p].index / s->input_count, k = places[p].index % s->input_count;
        int pair = i * s->input_count - i * (i + 1) / 2 + k - i - 1;
        pl_text_format(out, "  %s with %s: ", s->inputs[i], s->inputs[k]);
        put_interval(out, sobol->second[pair], 3, 0);
        pl_text_put(out, "\n");
    }
    if (shown < count) pl_text_format(out, "  ... and %d more pairs clear of 0\n", count - shown);
}

static void put_sobol(pl_text *out, const pl_sense_part *part, int output, place *places) {
    static const char *const heads[] = {"first order", "total order"};
    const pl_sense_sample *s = &part->sample;
    const pl_sobol *sobol = &part->sobol[output];
    pl_text_format(out, ": %ld block%s", sobol->blocks, pl_plural(sobol->blocks));
    if (sobol->dropped) pl_text_format(out, ", %ld left out for runs that are missing", sobol->dropped);
    pl_text_put(out, "\n");
    put_head(out, s, heads, 2);
    for (int i = 0; i < s->input_count; i++) places[i] = (place){sobol->total[i].estimate, i};
    int shown = sort(places, s->input_count, MOST_INPUTS);
    for (int p = 0; p < shown; p++) {
        int i = places[p].index;
        pl_text_put(out, "  ");
        put_name(out, s->inputs[i], name_width(s));
        put_interval(out, sobol->first[i], 3, FIELD);
        put_interval(out, sobol->total[i], 3, FIELD);
        pl_text_put(out, "\n");
    }
    put_rest(out, shown, s->input_count);
    if (sobol->second) put_pairs(out, s, sobol, places);
}

static void put_morris(pl_text *out, const pl_sense_part *part, int output, place *places) {
    static const char *const heads[] = {"mu*", "mu", "sigma"};
    const pl_sense_sample *s = &part->sample;
    const pl_morris *morris = &part->morris[output];
    pl_text_format(out, ": %ld trajector%s", morris->trajectories, morris->trajectories == 1 ? "y" : "ies");
    if (morris->dropped) pl_text_format(out, ", %ld left out for runs that are missing", morris->dropped);
    pl_text_put(out, "\n");
    put_head(out, s, heads, 3);
    for (int i = 0; i < s->input_count; i++) places[i] = (place){morris->mu_star[i].estimate, i};
    int shown = sort(places, s->input_count, MOST_INPUTS), decimals = pl_rounding(places[0].size, 3);
    for (int p = 0; p < shown; p++) {
        int i = places[p].index;
        pl_text_put(out, "  ");
        put_name(out, s->inputs[i], name_width(s));
        put_interval(out, morris->mu_star[i], decimals, FIELD + 3);
        put_interval(out, morris->mu[i], decimals, FIELD + 3);
        put_interval(out, morris->sigma[i], decimals, FIELD + 3);
        pl_text_put(out, "\n");
    }
    put_rest(out, shown, s->input_count);
}

/* Whether a number of an input is missing. */
static bool lacks(const pl_sense_part *part, int output, int input) {
    return isnan(part->delta[output].delta[input].estimate) || isnan(part->pawn[output].rows[input].median.estimate) ||
           (part->regression && isnan(part->regression[output].prcc[input].estimate));
}

static void put_given(pl_text *out, const pl_sense_part *part, int output, place *places) {
    static const char *const heads[] = {"delta", "PAWN", "PRCC"};
    const pl_sense_sample *s = &part->sample;
    const pl_delta *delta = &part->delta[output];
    const pl_pawn *pawn = &part->pawn[output];
    const pl_regression *regression = part->regression ? &part->regression[output] : NULL;
    pl_text_format(out, ": %ld rows", s->rows - s->outputs[output].missing);
    if (s->outputs[output].missing) pl_text_format(out, ", %ld missing", s->outputs[output].missing);
    if (regression && !isnan(regression->r_squared.estimate)) {
        pl_text_put(out, "; R^2 of a line ");
        put_interval(out, regression->r_squared, 2, 0);
        pl_text_put(out, ", of ranks ");
        put_interval(out, regression->rank_r_squared, 2, 0);
        if (isnan(regression->r_squared.low)) pl_text_put(out, ": under four rows for each input");
    }
    pl_text_put(out, "\n");
    put_head(out, s, heads, regression ? 3 : 2);
    for (int i = 0; i < s->input_count; i++) places[i] = (place){delta->delta[i].estimate, i};
    int shown = sort(places, s->input_count, MOST_INPUTS);
    bool lacking = false;
    for (int p = 0; p < shown; p++) {
        int i = places[p].index;
        lacking = lacking || lacks(part, output, i);
        pl_text_put(out, "  ");
        put_name(out, s->inputs[i], name_width(s));
        put_interval(out, delta->delta[i], 3, FIELD);
        put_interval(out, pawn->rows[i].median, 3, FIELD);
        if (regression) put_interval(out, regression->prcc[i], 3, FIELD);
        pl_text_put(out, "\n");
    }
    put_rest(out, shown, s->input_count);
    if (lacking)
        pl_text_put(out, "  -: the input does not vary, those before it in the table make it up (PRCC), "
                         "or rows are too few\n");
    if (isnan(delta->noise)) return;
    pl_text_format(out, "  an input that does nothing has a delta up to %.3f", delta->noise);
    if (!isnan(pawn->noise)) pl_text_format(out, " and a PAWN up to %.3f", pawn->noise);
    pl_text_put(out, " here\n");
}

/* The leading index of an output over time, in one line. */
static void put_leaders(pl_text *out, const pl_sense_part *part, int output, place *places) {
    const pl_sense_sample *s = &part->sample;
    const pl_interval *index = part->sobol ? part->sobol[output].total
                               : part->morris ? part->morris[output].mu_star
                                              : part->delta[output].delta;
    double most = 0;
    for (int i = 0; i < s->input_count; i++) {
        places[i] = (place){index[i].estimate, i};
        most = fmax(most, isnan(index[i].estimate) ? 0 : index[i].estimate);
    }
    int shown = sort(places, s->input_count, MOST_OVER_TIME), decimals = part->morris ? pl_rounding(most, 3) : 2;
    pl_text_put(out, ": ");
    for (int p = 0; p < shown && places[p].size > 0; p++) {
        pl_text_format(out, "%s%s ", p ? ", " : "", s->inputs[places[p].index]);
        put_interval(out, index[places[p].index], decimals, 0);
    }
    pl_text_put(out, "\n");
}

static bool varies(const pl_sense_output *o, long rows) {
    double first = NAN;
    for (long row = 0; row < rows; row++) {
        if (isnan(o->values[row])) continue;
        if (isnan(first)) first = o->values[row];
        if (o->values[row] != first) return true;
    }
    return false;
}

static void put_one(pl_text *out, const pl_sense_part *part, int output, place *places) {
    const pl_sense_output *o = &part->sample.outputs[output];
    bool later = output && !isnan(o->time) && strcmp(o->name, o[-1].name) == 0;
    if (later || (!isnan(o->time) && output + 1 < part->sample.output_count && strcmp(o[1].name, o->name) == 0)) {
        if (!later) pl_text_format(out, "\n%s over time, by %s", o->name,
                                   part->sobol ? "total order" : part->morris ? "mu*" : "delta");
        pl_text_put(out, "\n  ");
        pl_text_number(out, o->time);
    } else {
        put_output(out, o);
    }
    if (!varies(o, part->sample.rows)) pl_text_put(out, ": does not vary\n");
    else if (!isnan(o->time)) put_leaders(out, part, output, places), out->length--;
    else if (part->sobol) put_sobol(out, part, output, places);
    else if (part->morris) put_morris(out, part, output, places);
    else put_given(out, part, output, places);
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

static void put_part(pl_text *out, const pl_sense_part *part) {
    const pl_sense_sample *s = &part->sample;
    size_t room = (size_t)s->input_count * (size_t)s->input_count + 1;
    place *places = pl_allocate(room * sizeof *places);
    if (!places) {
        out->failed = true;
        return;
    }
    pl_text_format(out, "\n%s: %ld rows of %s, %d input%s",
                   part->sobol ? "Sobol' indices" : part->morris ? "Elementary effects (Morris)" : "Given data", s->rows,
                   s->text, s->input_count, pl_plural(s->input_count));
    if (*s->profile) pl_text_format(out, "; profile: %s", s->profile);
    pl_text_put(out, "\n");
    for (int o = 0; o < s->output_count; o++) put_one(out, part, o, places);
    if (s->output_count && !isnan(s->outputs[s->output_count - 1].time)) pl_text_put(out, "\n");
    if (part->no_regression) pl_text_format(out, "\nNo regression: %s.\n", part->no_regression);
    pl_release(places);
}

static const char footnote[] =
    "\nIn brackets: 95 % intervals by a bootstrap; one that is wide says that the sample is too small. An index is the\n"
    "share of the output's variance that goes with an input: alone (first order), or with all that it does together\n"
    "with others (total order). mu* is the mean size of an output's change per unit of an input's probability, sigma\n"
    "how much it differs from place to place. Delta and PAWN say how far the output's distribution moves with the\n"
    "input (0: not at all, 1: most); PRCC how its rank moves, the other inputs as they are.\n";

static pl_status print_text(const pl_sense *sense, char **text, size_t *length) {
    pl_text out = {0};
    if (*sense->title) pl_text_format(&out, "%s\n", sense->title);
    for (int i = 0; i < sense->note_count; i++) pl_text_format(&out, "%s\n", sense->notes[i]);
    for (int p = 0; p < sense->part_count; p++)
        if (sense->parts[p]->sample.output_count) put_part(&out, sense->parts[p]);
    pl_text_put(&out, footnote);
    return pl_text_finish(&out, text, length);
}

pl_status pl_sense_print(const pl_sense *sense, pl_format format, char **text, size_t *length) {
    switch (format) {
    case PL_FORMAT_TEXT: return print_text(sense, text, length);
    case PL_FORMAT_CSV: return pl_sense_csv(sense, text, length);
    case PL_FORMAT_JSON: return pl_sense_json(sense, text, length);
    }
    return PL_UNSUPPORTED;
}
