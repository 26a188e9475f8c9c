/* The reader of what a server is asked to run: any text for a small situation.  What is read is within bounds. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "serve/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1000 };

static const char model[] = "size= INTEG(growth + push, 0) ~~| growth= 1 ~~| push= 0 ~~|\n"
                            "INITIAL TIME= 0 ~~| FINAL TIME= 10 ~~| TIME STEP= 1 ~~| SAVEPER= 1 ~~|";
static const char situation[] =
    "parley: 1\nmodel: model.mdl\nuncertainties: {growth: {uniform: [1, 2]}}\n"
    "measures: {end: {of: size, take: final}}\n"
    "actors:\n  a:\n    courses: {wait: {}, go: {set: {push: {uniform: [0, 1]}}}}\n    wants: {end: {weight: 1}}\n";

static void check(const pl_situation *s, const pl_request *request) {
    if (request->futures < 1 || request->futures > MOST) abort();
    for (int a = 0; a < s->actor_count; a++)
        if (request->courses[a] < 0 || request->courses[a] >= s->actors[a].course_count) abort();
    for (int i = 0; i < s->input_count; i++)
        if (isinf(request->set[i])) abort();
    for (int u = 0; u < s->uncertainty_count; u++)
        if (isinf(request->fixed[u])) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static pl_situation *s;
    pl_request request;
    pl_error error = {0};
    pl_findings *findings = pl_findings_new();
    if (!s) pl_situation_parse(situation, strlen(situation), "fuzz.yaml", model, strlen(model), &s, findings, &error);
    if (!s) abort();
    pl_findings_free(findings);
    if (pl_request_read(s, (const char *)data, size, MOST, &request, &error) == PL_OK) {
        check(s, &request);
        pl_request_free(&request);
    } else if (!error.message[0] || request.courses) {
        abort();
    }
    return 0;
}
