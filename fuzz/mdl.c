/* The reader of Vensim models: any text is read or refused with an error, and what is read compiles or is refused; its
 * units can be checked and a situation drafted from it. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "model/model.h"
#include "program/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compile_model(const pl_model *model) {
    pl_output *outputs = calloc((size_t)model->variable_count + 1, sizeof *outputs);
    if (!outputs) return;
    pl_program_spec spec = {.outputs = outputs, .final_time = NAN, .act_from = NAN};
    for (int i = 0; i < model->variable_count; i++)
        if (model->variables[i]->kind != PL_LOOKUP) outputs[spec.output_count++] = (pl_output){model->variables[i], -1};
    pl_program *program = NULL;
    pl_error error = {0};
    if (pl_program_compile(model, &spec, &program, &error) == PL_OK) pl_program_free(program);
    else if (!error.message[0]) abort();
    free(outputs);
}

/* The first reality checks: each changes the model. */
static void try_checks(const pl_model *model) {
    for (int i = 0; i < model->reality_count && i < 4; i++) {
        pl_model *changed = NULL;
        pl_error error = {0};
        if (pl_model_trial(model, i, &changed, &error) == PL_OK) compile_model(changed);
        else if (!error.message[0] || changed) abort();
        pl_model_free(changed);
    }
}

static void look_at(const pl_model *model, pl_findings *findings) {
    char *text = NULL;
    size_t length;
    if (pl_model_check_units(model, findings, NULL) != PL_OK) abort();
    if (pl_situation_draft(model, "fuzz.mdl", &text, &length) != PL_OK) abort();
    pl_text_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    pl_model *model = NULL;
    pl_error error = {0};
    pl_findings *findings = pl_findings_new();
    if (pl_model_parse((const char *)data, size, "fuzz.mdl", &model, findings, &error) == PL_OK) {
        compile_model(model);
        try_checks(model);
        look_at(model, findings);
    } else if (!error.message[0] || model) abort(); /* a refusal says why and gives nothing */
    pl_model_free(model);
    pl_findings_free(findings);
    return 0;
}
