/* The reader of observed series: any text for each kind of error.  What is read is in order and finite. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "study/observations.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    for (int kind = 0; kind < PL_ERROR_MODEL_COUNT; kind++) {
        pl_observed of = {.name = "level", .column = "value", .from = NAN, .to = 2030, .holdout = NAN, .weight = 1,
                          .scale = {NAN, NAN}, .error = (pl_error_model)kind};
        pl_arena arena = {0};
        pl_observed_series series;
        pl_error error = {0};
        if (pl_observed_series_read(&of, 2019, (const char *)data, size, "fuzz.csv", &arena, &series, &error) == PL_OK) {
            if (series.count < 1 || series.fitted > series.count) abort();
            for (int k = 0; k < series.count; k++) {
                const pl_datum *d = &series.data[k];
                if (!isfinite(d->time) || !isfinite(d->value) || d->held_out != (k >= series.fitted)) abort();
                if (k && d->time <= d[-1].time) abort();
            }
            if (!(series.scale[0] <= series.scale[1])) abort();
        } else if (!error.message[0]) {
            abort();
        }
        pl_arena_free(&arena);
    }
    return 0;
}
