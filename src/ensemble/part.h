/* FILE.nc.part: what an exploration has finished, in records of fixed size at places of their own, so that any order of
 * finishing gives the same file.
 *
 *   header, 160 bytes   magic "PLPART\r\n", version, measures (u32 each), profiles, futures of the whole exploration,
 *                       first future and number of futures in this file (u64 each), the inputs' SHA-256 as 64 digits,
 *                       length of the origin (u64), its CRC-32, traces, points, profiles and futures of the kept
 *                       series (u32 each), zeros, CRC-32 of what is before it
 *   origin              what the exploration was made from, as origin.h prints it; zeros to a multiple of 8
 *   records             number + 1 (u64; 0 where not finished), measures x 512 doubles (measure by measure, NaN =
 *                       missing), 512 bytes (1 where the run failed), CRC-32, zeros to a multiple of 8
 *   series              number + 1 (u64; 0 where not finished), futures x points doubles (future by future, NaN =
 *                       missing), CRC-32, zeros to a multiple of 8; number = profile's place x traces + trace
 *
 * Record number = (future / 512) x profiles + profile; the last chunk of futures is filled up with zeros.  All numbers
 * are little-endian.  A file of a part of the futures (a shard) begins at a multiple of 512; the series, of the first
 * futures, are in the file that begins at 0. */
#ifndef PL_PART_H
#define PL_PART_H
#include <stdbool.h>
#include <stddef.h>

#include "parley.h"

enum { PL_PART_FUTURES = 512, PL_PART_MOST_MEASURES = 4096 };

typedef struct pl_part_shape {
    long measures, profiles, futures; /* of the whole exploration */
    long first, count;                /* futures in this file: first is a multiple of 512 */
    long traces, points, kept_profiles, kept_futures; /* of the kept series; all 0 where there are none */
    char inputs[65];                  /* SHA-256 of what determines the results */
} pl_part_shape;

typedef struct pl_part pl_part;
/* Whether bytes are the beginning of such a file. */
bool pl_part_begins(const char *bytes, size_t length);
/* Makes the file anew; its header comes last, so that a file that was not made to the end has none. One process has it
 * open for writing at a time. PL_FILE, PL_MEMORY. */
pl_status pl_part_create(const char *path, const pl_part_shape *shape, const char *origin, size_t origin_length,
                         pl_part **part, pl_error *error);
/* Opens a file for reading, to go on writing, or to write together with another process of the same exploration that
 * has it; header, origin and size are checked. PL_FILE, PL_INVALID, PL_MEMORY. */
typedef enum pl_part_use { PL_PART_READ, PL_PART_WRITE, PL_PART_JOIN } pl_part_use;
pl_status pl_part_open(const char *path, pl_part_use use, pl_part **part, pl_error *error);
/* Whether a file is what a creation that was broken off leaves. */
bool pl_part_is_unmade(const char *path);
void pl_part_close(pl_part *part);
/* Flushes to disk. */
pl_status pl_part_sync(pl_part *part, pl_error *error);
const pl_part_shape *pl_part_get_shape(const pl_part *part);
/* Whether two files are of the same inputs and shape; they may hold other futures of it. */
bool pl_part_same_exploration(const pl_part_shape *a, const pl_part_shape *b);
const char *pl_part_path(const pl_part *part);
/* The origin, as long as the part is open for it. */
const char *pl_part_origin(const pl_part *part, size_t *length);

/* The records of the file are numbers [first, first + count). */
long pl_part_first_record(const pl_part *part);
long pl_part_record_count(const pl_part *part);
size_t pl_part_record_size(const pl_part *part);

/* Writes a record from values[measure * 512 + future] and failed[512]. Threads may write different records at once,
 * each with a buffer of its own of pl_part_record_size bytes. PL_FILE. */
pl_status pl_part_write(pl_part *part, long number, const double *values, const unsigned char *failed,
                        unsigned char *buffer, pl_error *error);
/* Reads one. *present is false where it is not finished. PL_FILE; PL_INVALID where it is damaged. */
pl_status pl_part_read(pl_part *part, long number, double *values, unsigned char *failed, bool *present,
                       unsigned char *buffer, pl_error *error);

/* The series in this file are numbers [0, count): count is 0 in a file that does not begin at future 0. */
long pl_part_series_count(const pl_part *part);
size_t pl_part_series_size(const pl_part *part);
/* Writes one from values[future * points + point], and reads one, as for records; buffers are of
 * pl_part_series_size. */
pl_status pl_part_write_series(pl_part *part, long number, const double *values, unsigned char *buffer,
                               pl_error *error);
pl_status pl_part_read_series(pl_part *part, long number, double *values, bool *present, unsigned char *buffer,
                              pl_error *error);
#endif
