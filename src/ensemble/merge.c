/* Joins the .part files of shards, in any order, into one results file.  Every part holds what it was made from, so
 * nothing else is needed. */
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "ensemble/explore.h"
#include "ensemble/origin.h"

typedef struct merger {
    pl_part **parts;
    int count;
    double *values;        /* of one record */
    unsigned char *buffer;
    pl_error *error;
} merger;

static pl_status no_memory(const merger *m) {
    return pl_error_set(m->error, PL_MEMORY, NULL, 0, 0, "out of memory");
}

/* FILE where it is a part itself, else FILE.part. */
static pl_status open_one(merger *m, const char *path, pl_part **part) {
    char longer[1024];
    pl_error own;
    pl_status status = pl_part_open(path, PL_PART_READ, part, &own);
    if (status == PL_OK || status == PL_MEMORY) return status == PL_OK ? status : no_memory(m);
    if ((size_t)snprintf(longer, sizeof longer, "%s.part", path) < sizeof longer && access(longer, F_OK) == 0)
        return pl_part_open(longer, PL_PART_READ, part, m->error);
    if (m->error) *m->error = own;
    return status;
}

static pl_status open_all(merger *m, const char *const *paths, int count) {
    if (!(m->parts = pl_allocate((size_t)count * sizeof *m->parts))) return no_memory(m);
    for (; m->count < count; m->count++) {
        pl_status status = open_one(m, paths[m->count], &m->parts[m->count]);
        if (status != PL_OK) return status;
        if (pl_part_same_exploration(pl_part_get_shape(m->parts[0]), pl_part_get_shape(m->parts[m->count]))) continue;
        m->count++;
        return pl_error_set(m->error, PL_INVALID, pl_part_path(m->parts[m->count - 1]), 0, 0,
                            "this file is of other inputs (model, situation, seed, futures, design or version) than %s",
                            pl_part_path(m->parts[0]));
    }
    return PL_OK;
}

/* Whether some part has all records of a chunk of futures whole. */
static bool has_chunk(const merger *m, long chunk) {
    long profiles = pl_part_get_shape(m->parts[0])->profiles;
    for (long profile = 0; profile < profiles; profile++) {
        bool present = false;
        for (int i = 0; i < m->count && !present; i++) {
            long number = chunk * profiles + profile, first = pl_part_first_record(m->parts[i]);
            unsigned char failed[PL_PART_FUTURES];
            if (number < first || number - first >= pl_part_record_count(m->parts[i])) continue;
            if (pl_part_read(m->parts[i], number, m->values, failed, &present, m->buffer, NULL) != PL_OK)
                present = false;
        }
        if (!present) return false;
    }
    return true;
}

/* "0 to 511, 1024 to 1299", as much of it as there is room for. */
static pl_status list_missing(merger *m, char *out, size_t room) {
    const pl_part_shape *shape = pl_part_get_shape(m->parts[0]);
    long chunks = (shape->futures + PL_PART_FUTURES - 1) / PL_PART_FUTURES;
    size_t length = 0;
    m->values = pl_allocate((size_t)shape->measures * PL_PART_FUTURES * sizeof(double));
    m->buffer = pl_allocate(pl_part_record_size(m->parts[0]));
    if (!m->values || !m->buffer) return no_memory(m);
    for (long from = 0; from < chunks; from++) {
        if (has_chunk(m, from)) continue;
        long to = from + 1;
        while (to < chunks && !has_chunk(m, to)) to++;
        long last = to * PL_PART_FUTURES < shape->futures ? to * PL_PART_FUTURES : shape->futures;
        if (length + 60 > room) {
            snprintf(out + length, room - length, ", ...");
            return PL_OK;
        }
        length += (size_t)snprintf(out + length, room - length, "%s%ld to %ld", length ? ", " : "",
                                   from * PL_PART_FUTURES, last - 1);
        from = to;
    }
    return PL_OK;
}

static bool is_of_shape(const pl_situation *s, const pl_traces *traces, const pl_part_shape *shape) {
    if (s->measure_count != shape->measures || pl_situation_combinations(s) != shape->profiles ||
        s->futures != shape->futures || !traces != !shape->traces)
        return false;
    return !traces || (traces->count == shape->traces && traces->points == shape->points &&
                      traces->profile_count == shape->kept_profiles && traces->futures == shape->kept_futures);
}

static pl_status write_all(merger *m, const char *output, pl_merge_summary *sums) {
    const pl_part *first = m->parts[0];
    const pl_part_shape *shape = pl_part_get_shape(first);
    size_t length;
    const char *origin = pl_part_origin(first, &length);
    pl_situation *s;
    pl_status status = pl_origin_read(origin, length, pl_part_path(first), shape->inputs, &s, m->error);
    if (status != PL_OK) return status;
    pl_failures failures = {0};
    pl_traces *traces = NULL;
    status = pl_traces_make(s, &traces, m->error);
    if (status == PL_OK && !is_of_shape(s, traces, shape))
        status = pl_error_set(m->error, PL_INVALID, pl_part_path(first), 0, 0,
                              "the shape of this file is not that of its situation");
    if (status == PL_OK) status = pl_results_write(s, traces, m->parts, m->count, output, &failures, m->error);
    pl_traces_free(traces);
    pl_situation_free(s);
    sums->cases = shape->profiles * shape->futures;
    sums->failed = failures.count, sums->missing = failures.missing;
    sums->missing_series = failures.missing_series;
    if (status == PL_OK && sums->missing)
        status = list_missing(m, sums->missing_futures, sizeof sums->missing_futures);
    return status;
}

pl_status pl_merge(const char *const *paths, int path_count, const char *output, pl_merge_summary *summary,
                   pl_error *error) {
    merger m = {.error = error};
    pl_merge_summary sums = {0};
    if (path_count < 1) return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is nothing to merge");
    pl_status status = open_all(&m, paths, path_count);
    if (status == PL_OK) status = write_all(&m, output, &sums);
    for (int i = 0; i < m.count; i++) pl_part_close(m.parts[i]);
    pl_release(m.parts), pl_release(m.values), pl_release(m.buffer);
    if (summary) *summary = sums;
    return status;
}
