/* The readers of claims and of back-tests: any text beside a small situation. What is read is bound, and back-tests
 * run. */
#include <stdint.h>
#include <string.h>

#include "ensemble/claims.h"
#include "study/backtest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char model[] = "stock= INTEG(push + rate, 10) ~~| rate= 2 ~~| push= 0 ~~|"
                            "INITIAL TIME= 0 ~~| FINAL TIME= 4 ~~| TIME STEP= 1 ~~| SAVEPER= 1 ~~|";
static const char situation[] = "parley: 1\nmodel: model.mdl\nrun: {from: 1, to: 4, futures: 4}\n"
                                "actors: {north: {courses: {none: {}, push: {set: {push: 1}}}, wants: {stock: {weight: 1}}}}\n"
                                "uncertainties: {rate: {uniform: [1, 3]}}\nmeasures: {stock: {of: stock, take: final}}\n"
                                "profiles: {pushed: {north: push}}\nrisks: {high: stock > 20}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    pl_situation *s;
    pl_claims *claims;
    pl_backtests *backtests;
    pl_error error;
    if (pl_situation_parse(situation, strlen(situation), "fuzz.yaml", model, strlen(model), &s, NULL, &error) != PL_OK)
        return 0;
    if (pl_claims_parse(s, (const char *)data, size, "fuzz.csv", &claims, NULL, &error) == PL_OK) pl_claims_free(claims);
    pl_backtests_run(s, (const char *)data, size, "fuzz.csv", &backtests, NULL, &error);
    pl_backtests_free(backtests);
    pl_situation_free(s);
    return 0;
}
