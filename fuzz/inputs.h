/* A small model read with one file from memory: any bytes are read or refused with an error. */
#ifndef FUZZ_INPUTS_H
#define FUZZ_INPUTS_H
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "program/program.h"

/* What is read compiles or is refused. */
static void read_with(const char *text, pl_role role, const char *name, const void *bytes, size_t size) {
    pl_file file = {role, name, bytes, size};
    pl_inputs inputs = {.files = &file, .count = 1};
    pl_model *model = NULL;
    pl_error error = {0};
    pl_findings *findings = pl_findings_new();
    if (pl_model_parse_with(text, strlen(text), "fuzz.mdl", &inputs, &model, findings, &error) == PL_OK) {
        pl_program_spec spec = {.final_time = NAN, .act_from = NAN};
        pl_program *program = NULL;
        if (pl_program_compile(model, &spec, &program, &error) == PL_OK) pl_program_free(program);
        else if (!error.message[0]) abort();
    } else if (!error.message[0] || model) {
        abort(); /* a refusal says why and gives nothing */
    }
    pl_model_free(model);
    pl_findings_free(findings);
}

#define FUZZ_TIMES "INITIAL TIME= 0 ~~| FINAL TIME= 10 ~~| TIME STEP= 0.5 ~~| SAVEPER= 1 ~~|"
#endif
