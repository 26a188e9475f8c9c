/* The reader of situation files: any text beside a small model. What is read without an error is compiled too. */
#include <stdint.h>
#include <string.h>

#include "ensemble/explore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char model[] =
    "region: north, south ~~| stock= INTEG(growth rate + push, start) ~ Things ~ | start= 10 ~ Things ~ |\n"
    "growth rate= 2 ~ Things/Year ~ | push= 0 ~ Things/Year ~ | part[region]= 1, 2 ~ Things ~ |\n"
    "twice[region]= 2 * part[region] ~ Things ~ | curve((0,0),(1,1)) ~ Dmnl ~ | bend= curve(growth rate) ~ Dmnl ~ |\n"
    "INITIAL TIME= 0 ~~| FINAL TIME= 10 ~~| TIME STEP= 0.5 ~~| SAVEPER= 1 ~~|";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    pl_situation *s;
    pl_error error;
    pl_findings *findings = pl_findings_new();
    const char *text = (const char *)data;
    if (pl_situation_parse(text, size, "fuzz.yaml", model, strlen(model), &s, findings, &error) == PL_OK) {
        pl_program *program;
        if (pl_situation_compile(s, true, NULL, 0, &program, &error) == PL_OK) pl_program_free(program);
        if (s->check_count < 10) pl_situation_check(s, findings, &error);
        pl_situation_free(s);
    }
    pl_findings_free(findings);
    return 0;
}
