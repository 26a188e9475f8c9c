/* Makes seeds of the formats that only parley writes, as it writes them now:  seeds FOLDER MODEL...
 *
 * Each model becomes a program with its first constants as uncertainties and levers and its first variables as measures:
 * FOLDER/program-N. One .part file, whole but for one record and one series: FOLDER/part. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "ensemble/part.h"
#include "model/model.h"
#include "program/program.h"

enum { MOST = 4 };

static bool is_setting(const pl_model *m, const pl_variable *v) {
    return v == m->initial_time || v == m->final_time || v == m->time_step || v == m->saveper;
}

/* Tries the first constants one by one, as an uncertainty or a lever, and keeps those that the compiler takes. */
static pl_program *compile(const pl_model *model) {
    pl_input inputs[MOST + 1];
    pl_measure_spec measures[MOST];
    pl_program_spec spec = {.inputs = inputs, .measures = measures};
    pl_program *program = NULL;
    for (int i = 0; i < model->variable_count && spec.measure_count < MOST; i++) {
        pl_variable *v = model->variables[i];
        if ((v->kind == PL_STOCK || v->kind == PL_AUXILIARY) && !v->hidden)
            measures[spec.measure_count++] = (pl_measure_spec){.variable = v, .take = PL_TAKE_MEAN, .from = NAN, .to = NAN};
    }
    for (int i = 0; i < model->variable_count && spec.input_count < MOST; i++) {
        pl_variable *v = model->variables[i];
        if (v->kind != PL_CONSTANT || v->hidden || is_setting(model, v)) continue;
        inputs[spec.input_count] = (pl_input){v, 0, spec.input_count % 2 ? PL_INPUT_LEVER : PL_INPUT_UNCERTAINTY};
        spec.input_count++;
        if (pl_program_compile(model, &spec, &program, NULL) == PL_OK) pl_program_free(program);
        else spec.input_count--;
    }
    return pl_program_compile(model, &spec, &program, NULL) == PL_OK ? program : NULL;
}

static void write_file(const char *folder, const char *name, int number, const void *bytes, size_t length) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s-%d", folder, name, number);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, length, file) != length) perror(path);
    if (file) fclose(file);
}

static void write_program(const char *folder, const char *path, int number) {
    pl_model *model = NULL;
    if (pl_model_read(path, &model, NULL, NULL) != PL_OK) return;
    pl_program *program = compile(model);
    unsigned char *bytes = NULL;
    size_t length;
    if (program && pl_program_save(program, &bytes, &length) == PL_OK)
        write_file(folder, "program", number, bytes, length);
    pl_release(bytes);
    pl_program_free(program);
    pl_model_free(model);
}

static void write_part(const char *folder) {
    static const pl_part_shape shape = {.measures = 1, .profiles = 2, .futures = 600, .count = 600,
        .traces = 2, .points = 3, .kept_profiles = 1, .kept_futures = 4,
        .inputs = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
    static const char origin[] = "version 5\n0.1.0\ndesign 6\nrandom\nseed 1\n1\nfutures 3\n600\n";
    double values[PL_PART_FUTURES] = {1, NAN, -0.0};
    unsigned char failed[PL_PART_FUTURES] = {0, 1};
    char path[1024];
    pl_part *part;
    snprintf(path, sizeof path, "%s/part", folder);
    if (pl_part_create(path, &shape, origin, sizeof origin - 1, &part, NULL) != PL_OK) return;
    unsigned char *buffer = malloc(pl_part_record_size(part));
    for (long record = 0; buffer && record < 3; record++) pl_part_write(part, record, values, failed, buffer, NULL);
    if (buffer) pl_part_write_series(part, 0, values, buffer, NULL); /* fewer bytes than a record has */
    free(buffer);
    pl_part_close(part);
}

int main(int count, char **texts) {
    if (count < 2) return 2;
    for (int i = 2; i < count; i++) write_program(texts[1], texts[i], i - 1);
    write_part(texts[1]);
    return 0;
}
