/* The engine in the page: what parley.wasm exports (tools/wasm builds it; it imports nothing).  Native code saves a
 * program with pl_program_save; here it is loaded and run with other levers and draws, and gives the same bits.
 *
 * Pointers are 32-bit offsets into the exported memory, which may grow at any call: make views of it afterwards.
 *
 *     take(bytes), release(at)                 memory; numbers are little-endian, doubles on multiples of 8
 *     program_load(bytes, size)                a program, 0 where the bytes are none; it copies them
 *     program_*(program)                       facts, as in program.h
 *     track_new(program, changes, count)       uniform values; a change is {int32 step, int32 input, double value}
 *     track_branch(program, base, step, changes, count)
 *     block_new(program, lanes)                lanes: a multiple of 16, or 1
 *     block_start(block, track, values, stride, futures, seed_low, seed_high, used)
 *                                              values[input x stride + lane] doubles; futures: a uint64 for each lane
 *     block_run(program, block, track, to, rows)  rows: 0, or room for the rows saved on the way, each [output][lane];
 *                                              gives how many there were
 *     block_measure(block, out, stride, failed)  out[measure x stride + lane] doubles, failed[lane] bytes (0: unwanted)
 * A function that makes something gives 0 where memory ran out. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "program/program.h"

/* EXPORT(type, name, (parameters)): the function pl_engine_NAME, which the page sees as NAME. */
#define EXPORT(type, name, parameters)                                                   \
    type pl_engine_##name parameters;                                                    \
    __attribute__((export_name(#name))) type pl_engine_##name parameters

EXPORT(void *, take, (size_t size)) { return pl_allocate(size); }
EXPORT(void, release, (void *memory)) { pl_release(memory); }

EXPORT(pl_program *, program_load, (const unsigned char *bytes, size_t size)) {
    pl_program *program;
    return pl_program_load(bytes, size, &program) == PL_OK ? program : NULL;
}
EXPORT(void, program_free, (pl_program * program)) { pl_program_free(program); }

/* X(type, name): what a program tells about itself */
#define FACTS(X)             \
    X(double, initial_time)  \
    X(double, time_step)     \
    X(int, steps)            \
    X(int, rows)             \
    X(int, act_step)         \
    X(int, input_count)      \
    X(int, measure_count)    \
    X(int, output_count)     \
    X(int, best_lanes)
#define X(type, name) \
    EXPORT(type, program_##name, (const pl_program *program)) { return pl_program_##name(program); }
FACTS(X)
#undef X
EXPORT(double, program_input_value, (const pl_program *program, int input)) {
    return pl_program_input_value(program, input);
}
EXPORT(size_t, program_slab_size, (const pl_program *program, int lanes)) {
    return pl_program_slab_size(program, lanes);
}

EXPORT(pl_track *, track_new, (const pl_program *program, const pl_lever_change *changes, int count)) {
    pl_track *track;
    return pl_track_new(program, changes, count, &track) == PL_OK ? track : NULL;
}
EXPORT(pl_track *, track_branch,
       (const pl_program *program, const pl_track *base, int step, const pl_lever_change *changes, int count)) {
    pl_track *track;
    return pl_track_branch(program, base, step, changes, count, &track) == PL_OK ? track : NULL;
}
EXPORT(void, track_free, (pl_track * track)) { pl_track_free(track); }

EXPORT(pl_block *, block_new, (const pl_program *program, int lanes)) {
    pl_block *block;
    return pl_block_new(program, lanes, &block) == PL_OK ? block : NULL;
}
EXPORT(void, block_free, (pl_block * block)) { pl_block_free(block); }
EXPORT(void *, block_slab, (pl_block * block)) { return pl_block_slab(block); }
EXPORT(int, block_step, (const pl_block *block)) { return pl_block_step(block); }
EXPORT(void, block_set_step, (pl_block * block, int step)) { pl_block_set_step(block, step); }

EXPORT(void, block_start,
       (pl_block * block, const pl_track *track, const double *values, size_t stride, const uint64_t *futures,
        uint32_t seed_low, uint32_t seed_high, int used)) {
    pl_block_start(block, track, values, stride, futures, (uint64_t)seed_high << 32 | seed_low, used);
}

typedef struct saved_rows {
    double *next;
    size_t width; /* outputs x lanes */
    int count;
} saved_rows;

static void keep_row(void *context, int step, double time, const double *row) {
    saved_rows *rows = context;
    (void)step, (void)time;
    memcpy(rows->next, row, rows->width * sizeof *row);
    rows->next += rows->width;
    rows->count++;
}

EXPORT(int, block_run,
       (const pl_program *program, pl_block *block, const pl_track *track, int to, double *rows)) {
    saved_rows saved = {rows, (size_t)pl_program_output_count(program) * (size_t)pl_block_lanes(block), 0};
    pl_block_run(block, track, to, rows ? keep_row : NULL, &saved);
    return saved.count;
}

EXPORT(void, block_measure, (pl_block * block, double *out, size_t stride, unsigned char *failed)) {
    pl_block_measure(block, out, stride, failed);
}
