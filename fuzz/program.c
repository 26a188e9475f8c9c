/* Programs as bytes: loading must refuse or give what can be run.  What loads is run for a few steps. */
#include <stdint.h>
#include <stdlib.h>

#include "program/tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(const pl_program *p) {
    pl_track *track = NULL;
    pl_block *block = NULL;
    double *values = calloc(((size_t)p->input_count + 1) * 16, sizeof *values);
    double *measures = calloc(((size_t)p->gauge_count + 1) * 16, sizeof *measures);
    uint64_t futures[16] = {0};
    if (values && measures && pl_track_new(p, NULL, 0, &track) == PL_OK && pl_block_new(p, 16, &block) == PL_OK) {
        pl_block_start(block, track, values, 16, futures, 1, 16);
        pl_block_run(block, track, p->steps, NULL, NULL);
        pl_block_measure(block, measures, 16, NULL);
    }
    pl_block_free(block);
    pl_track_free(track);
    free(values);
    free(measures);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    pl_program *p;
    if (pl_program_load(data, size, &p) != PL_OK) return 0;
    size_t registers = (size_t)p->side[PL_UNIFORM].slab_registers + (size_t)p->side[PL_LANE].slab_registers +
                       (size_t)p->side[PL_LANE].scratch_registers;
    if (p->steps < 64 && registers < 1 << 16 && p->row_count < 1 << 12) run(p);
    pl_program_free(p);
    return 0;
}
