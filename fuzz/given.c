/* The reader of futures from a file: any text for a small situation.  What is read is what its numbers are drawn as. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble/design.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char model[] = "size= INTEG(growth + push, 0) ~~| growth= 1 ~~| push= 0 ~~|\n"
                            "INITIAL TIME= 0 ~~| FINAL TIME= 10 ~~| TIME STEP= 1 ~~| SAVEPER= 1 ~~|";
static const char situation[] =
    "parley: 1\nmodel: model.mdl\nrun: {futures: futures.csv}\nuncertainties: {growth: {discrete: {1: 0.5, 2: 0.5}}}\n"
    "measures: {end: {of: size, take: final}}\nactors:\n  a:\n    courses: {go: {set: {push: {uniform: [0, 1]}}}}\n"
    "    wants: {end: {weight: {normal: [0, 1]}}}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    pl_situation *s;
    pl_error error;
    pl_findings *findings = pl_findings_new();
    pl_situation_texts texts = {.file = "fuzz.yaml", .text = situation, .length = strlen(situation), .model = model,
                                .model_length = strlen(model), .futures = (const char *)data, .futures_length = size};
    if (pl_situation_parse_texts(&texts, &s, findings, &error) == PL_OK) {
        pl_design design = pl_design_of(s);
        for (long f = 0; s->given && f < s->futures; f++) {
            for (int u = 0; u < s->uncertainty_count; u++)
                if (!isfinite(pl_design_draw(&design, &s->uncertainties[u], f))) abort();
            if (!isfinite(pl_design_weight(&design, &s->actors[0].wants[0], f))) abort();
        }
        pl_situation_free(s);
    }
    pl_findings_free(findings);
    return 0;
}
