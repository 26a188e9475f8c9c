/* See part.h for the format. */
#include "ensemble/part.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "ensemble/traces.h"

enum { HEADER = 160, VERSION = 3, INPUTS_AT = 48, ORIGIN_AT = 112, SERIES_AT = 124, RECORD_HEAD = 8, RECORD_TAIL = 8 };
enum { LONGEST_ORIGIN = 1 << 28 };
#define MOST_BYTES ((LONG_MAX - HEADER - LONGEST_ORIGIN) / 2) /* of all records, and of all series */
static const char magic[8] = {'P', 'L', 'P', 'A', 'R', 'T', '\r', '\n'};

struct pl_part {
    int file;
    pl_part_shape shape;
    long first, records, series;
    size_t record_size, series_size, origin_length;
    uint32_t origin_crc;
    char *origin;
    char path[1024];
};

/* ---- bytes ---------------------------------------------------------------------------------------------- */

static void put(unsigned char *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++) out[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char *in, int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) value |= (uint64_t)in[i] << (8 * i);
    return value;
}

static void put_double(unsigned char *out, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(out, bits, 8);
}

static double get_double(const unsigned char *in) {
    uint64_t bits = get(in, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* CRC-32 of IEEE 802.3 (reflected, polynomial 0x04C11DB7), four bits at a time. */
static uint32_t crc32_of(const unsigned char *bytes, size_t length) {
    static const uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                       0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                       0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

/* ---- whole reads and writes ----------------------------------------------------------------------------- */

static bool write_at(int file, const unsigned char *bytes, size_t length, off_t offset) {
    while (length) {
        ssize_t done = pwrite(file, bytes, length, offset);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        bytes += done, length -= (size_t)done, offset += done;
    }
    return true;
}

/* Bytes behind the end of the file read as zeros. */
static bool read_at(int file, unsigned char *bytes, size_t length, off_t offset) {
    while (length) {
        ssize_t done = pread(file, bytes, length, offset);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return false;
        if (done == 0) {
            memset(bytes, 0, length);
            return true;
        }
        bytes += done, length -= (size_t)done, offset += done;
    }
    return true;
}

static pl_status fail(const pl_part *part, pl_error *error, const char *what) {
    return pl_error_set(error, PL_FILE, part->path, 0, 0, "%s: %s", what, strerror(errno));
}

/* ---- shape ---------------------------------------------------------------------------------------------- */

static bool within(long value, long least, long most) { return value >= least && value <= most; }

/* The same of the series: all or none of their numbers are 0. */
static bool take_series(pl_part *part, const pl_part_shape *shape) {
    if (!shape->traces && !shape->points && !shape->kept_profiles && !shape->kept_futures) return true;
    if (!within(shape->traces, 1, PL_MOST_TRACES) || !within(shape->points, 1, PL_MOST_POINTS) ||
        !within(shape->kept_profiles, 1, shape->profiles) || !within(shape->kept_futures, 1, PL_TRACE_FUTURES))
        return false;
    size_t values = (size_t)shape->kept_futures * (size_t)shape->points;
    part->series_size = RECORD_HEAD + values * sizeof(double) + RECORD_TAIL;
    if (shape->first == 0) part->series = shape->traces * shape->kept_profiles;
    return part->series <= MOST_BYTES / (long)part->series_size;
}

/* Checks the numbers before any product of them is taken, and derives the records. */
static bool take_shape(pl_part *part, const pl_part_shape *shape) {
    if (!within(shape->measures, 1, PL_PART_MOST_MEASURES) || !within(shape->profiles, 1, 1L << 30) ||
        !within(shape->futures, 1, 1L << 40) || !within(shape->first, 0, shape->futures - 1) ||
        !within(shape->count, 1, shape->futures - shape->first) || shape->first % PL_PART_FUTURES)
        return false;
    long chunks = (shape->count + PL_PART_FUTURES - 1) / PL_PART_FUTURES;
    part->shape = *shape;
    part->record_size = RECORD_HEAD + ((size_t)shape->measures * sizeof(double) + 1) * PL_PART_FUTURES + RECORD_TAIL;
    if (chunks > MOST_BYTES / shape->profiles / (long)part->record_size) return false;
    part->first = shape->first / PL_PART_FUTURES * shape->profiles;
    part->records = chunks * shape->profiles;
    return take_series(part, shape);
}

static off_t offset_of(const pl_part *part, long number) {
    return HEADER + (off_t)((part->origin_length + 7) / 8 * 8) + (off_t)(number - part->first) * (off_t)part->record_size;
}

static off_t series_offset(const pl_part *part, long number) {
    return offset_of(part, part->first + part->records) + (off_t)number * (off_t)part->series_size;
}

static void print_header(const pl_part *part, unsigned char out[HEADER]) {
    const pl_part_shape *shape = &part->shape;
    const long series[4] = {shape->traces, shape->points, shape->kept_profiles, shape->kept_futures};
    memset(out, 0, HEADER);
    memcpy(out, magic, sizeof magic);
    put(out + 8, VERSION, 4);
    put(out + 12, (uint64_t)shape->measures, 4);
    put(out + 16, (uint64_t)shape->profiles, 8);
    put(out + 24, (uint64_t)shape->futures, 8);
    put(out + 32, (uint64_t)shape->first, 8);
    put(out + 40, (uint64_t)shape->count, 8);
    memcpy(out + INPUTS_AT, shape->inputs, 64);
    put(out + ORIGIN_AT, part->origin_length, 8);
    put(out + ORIGIN_AT + 8, part->origin_crc, 4);
    for (int i = 0; i < 4; i++) put(out + SERIES_AT + 4 * i, (uint64_t)series[i], 4);
    put(out + HEADER - 4, crc32_of(out, HEADER - 4), 4);
}

bool pl_part_begins(const char *bytes, size_t length) {
    return length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

/* What is wrong with a header, or NULL. */
static const char *read_header(pl_part *part, const unsigned char in[HEADER]) {
    pl_part_shape shape = {0};
    if (!pl_part_begins((const char *)in, HEADER)) return "this is no .part file of parley";
    if (get(in + 8, 4) != VERSION) return "this .part file is of another version";
    if (get(in + HEADER - 4, 4) != crc32_of(in, HEADER - 4)) return "the header of this .part file is damaged";
    uint64_t numbers[4];
    for (int i = 0; i < 4; i++)
        if ((numbers[i] = get(in + 16 + 8 * i, 8)) > 1ull << 40) return "the header of this .part file makes no sense";
    shape.measures = (long)get(in + 12, 4);
    shape.profiles = (long)numbers[0], shape.futures = (long)numbers[1];
    shape.first = (long)numbers[2], shape.count = (long)numbers[3];
    shape.traces = (long)get(in + SERIES_AT, 4), shape.points = (long)get(in + SERIES_AT + 4, 4);
    shape.kept_profiles = (long)get(in + SERIES_AT + 8, 4), shape.kept_futures = (long)get(in + SERIES_AT + 12, 4);
    for (int i = 0; i < 64; i++) {
        shape.inputs[i] = (char)in[INPUTS_AT + i];
        if (!strchr("0123456789abcdef", shape.inputs[i]) || !shape.inputs[i])
            return "the header of this .part file makes no sense";
    }
    if (!take_shape(part, &shape) || get(in + ORIGIN_AT, 8) > LONGEST_ORIGIN)
        return "the header of this .part file makes no sense";
    part->origin_length = get(in + ORIGIN_AT, 8);
    part->origin_crc = (uint32_t)get(in + ORIGIN_AT + 8, 4);
    return NULL;
}

/* ---- files ---------------------------------------------------------------------------------------------- */

static pl_status new_part(const char *path, int flags, pl_part **out, pl_error *error) {
    pl_part *part = *out = pl_allocate(sizeof *part);
    if (!part) return pl_error_set(error, PL_MEMORY, path, 0, 0, "out of memory");
    snprintf(part->path, sizeof part->path, "%s", path);
    part->file = open(path, flags | O_CLOEXEC, 0666);
    if (part->file >= 0) return PL_OK;
    pl_status status = fail(part, error, flags & O_CREAT ? "cannot be written" : "cannot be read");
    pl_part_close(part);
    *out = NULL;
    return status;
}

/* Closes a part that could not be made or opened. */
static pl_status give_up(pl_part **part, pl_status status) {
    if (status == PL_OK) return PL_OK;
    pl_part_close(*part);
    *part = NULL;
    return status;
}

/* Two processes that wrote one file would destroy each other's work. */
static pl_status lock(const pl_part *part, pl_error *error) {
    if (flock(part->file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return PL_OK;
    return pl_error_set(error, PL_FILE, part->path, 0, 0, "another parley is writing this file");
}

static pl_status write_head(pl_part *part, const char *origin, pl_error *error) {
    unsigned char header[HEADER];
    print_header(part, header);
    if (ftruncate(part->file, 0) == 0 &&
        write_at(part->file, (const unsigned char *)origin, part->origin_length, HEADER) &&
        ftruncate(part->file, offset_of(part, part->first)) == 0 && write_at(part->file, header, HEADER, 0))
        return PL_OK;
    return fail(part, error, "cannot be written");
}

pl_status pl_part_create(const char *path, const pl_part_shape *shape, const char *origin, size_t origin_length,
                         pl_part **out, pl_error *error) {
    pl_status status = new_part(path, O_RDWR | O_CREAT, out, error);
    if (status != PL_OK) return status;
    pl_part *part = *out;
    part->origin_length = origin_length;
    part->origin_crc = crc32_of((const unsigned char *)origin, origin_length);
    if (origin_length > LONGEST_ORIGIN || !take_shape(part, shape))
        status = pl_error_set(error, PL_INVALID, path, 0, 0, "too many profiles, futures or measures for one file");
    if (status == PL_OK) status = lock(part, error);
    if (status == PL_OK) status = write_head(part, origin, error);
    return give_up(out, status);
}

static pl_status read_origin(pl_part *part, pl_error *error) {
    if (!(part->origin = pl_allocate(part->origin_length + 1)))
        return pl_error_set(error, PL_MEMORY, part->path, 0, 0, "out of memory");
    unsigned char *bytes = (unsigned char *)part->origin;
    if (!read_at(part->file, bytes, part->origin_length, HEADER)) return fail(part, error, "cannot be read");
    if (crc32_of(bytes, part->origin_length) == part->origin_crc) return PL_OK;
    return pl_error_set(error, PL_INVALID, part->path, 0, 0, "the origin in this .part file is damaged");
}

pl_status pl_part_open(const char *path, pl_part_use use, pl_part **out, pl_error *error) {
    pl_status status = new_part(path, use == PL_PART_READ ? O_RDONLY : O_RDWR, out, error);
    if (status != PL_OK) return status;
    pl_part *part = *out;
    unsigned char header[HEADER];
    struct stat facts;
    const char *wrong = NULL;
    if (use == PL_PART_WRITE) status = lock(part, error);
    if (status != PL_OK) return give_up(out, status);
    if (!read_at(part->file, header, HEADER, 0) || fstat(part->file, &facts) != 0)
        status = fail(part, error, "cannot be read");
    else if ((wrong = read_header(part, header)))
        status = pl_error_set(error, PL_INVALID, path, 0, 0, "%s", wrong);
    else if (facts.st_size < offset_of(part, part->first))
        status = pl_error_set(error, PL_INVALID, path, 0, 0, "this .part file is cut off before its records");
    else if (facts.st_size > series_offset(part, part->series))
        status = pl_error_set(error, PL_INVALID, path, 0, 0, "this .part file is longer than its header says");
    else
        status = read_origin(part, error);
    return give_up(out, status);
}

bool pl_part_is_unmade(const char *path) {
    unsigned char header[HEADER];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool unmade = file >= 0 && read_at(file, header, HEADER, 0);
    for (int i = 0; i < HEADER; i++) unmade = unmade && header[i] == 0;
    if (file >= 0) close(file);
    return unmade;
}

void pl_part_close(pl_part *part) {
    if (!part) return;
    if (part->file >= 0) close(part->file);
    pl_release(part->origin);
    pl_release(part);
}

pl_status pl_part_sync(pl_part *part, pl_error *error) {
    return fsync(part->file) == 0 ? PL_OK : fail(part, error, "cannot be written");
}

const pl_part_shape *pl_part_get_shape(const pl_part *part) { return &part->shape; }
bool pl_part_same_exploration(const pl_part_shape *a, const pl_part_shape *b) {
    return strcmp(a->inputs, b->inputs) == 0 && a->measures == b->measures && a->profiles == b->profiles &&
           a->futures == b->futures && a->traces == b->traces && a->points == b->points &&
           a->kept_profiles == b->kept_profiles && a->kept_futures == b->kept_futures;
}
const char *pl_part_path(const pl_part *part) { return part->path; }
const char *pl_part_origin(const pl_part *part, size_t *length) {
    *length = part->origin_length;
    return part->origin;
}
long pl_part_first_record(const pl_part *part) { return part->first; }
long pl_part_record_count(const pl_part *part) { return part->records; }
size_t pl_part_record_size(const pl_part *part) { return part->record_size; }
long pl_part_series_count(const pl_part *part) { return part->series; }
size_t pl_part_series_size(const pl_part *part) { return part->series_size; }

/* ---- records -------------------------------------------------------------------------------------------- */

static unsigned char *put_doubles(unsigned char *to, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++, to += 8) put_double(to, values[i]);
    return to;
}

/* Number, what the caller has put behind it up to `to`, CRC. */
static pl_status write_record(const pl_part *part, long number, unsigned char *buffer, unsigned char *to, off_t offset,
                              pl_error *error) {
    put(buffer, (uint64_t)number + 1, RECORD_HEAD);
    put(to, crc32_of(buffer, (size_t)(to - buffer)), RECORD_TAIL);
    if (write_at(part->file, buffer, (size_t)(to - buffer) + RECORD_TAIL, offset)) return PL_OK;
    return fail(part, error, "cannot be written");
}

/* What is between number and CRC stays in the buffer. */
static pl_status read_record(const pl_part *part, const char *what, long number, unsigned char *buffer, size_t size,
                             off_t offset, bool *present, pl_error *error) {
    if (!read_at(part->file, buffer, size, offset)) return fail(part, error, "cannot be read");
    uint64_t found = get(buffer, RECORD_HEAD);
    size_t body = size - RECORD_TAIL;
    *present = found != 0;
    if (!found || (found == (uint64_t)number + 1 && get(buffer + body, RECORD_TAIL) == crc32_of(buffer, body)))
        return PL_OK;
    *present = false;
    return pl_error_set(error, PL_INVALID, part->path, 0, 0, "%s %ld of this file is damaged", what, number);
}

pl_status pl_part_write(pl_part *part, long number, const double *values, const unsigned char *failed,
                        unsigned char *buffer, pl_error *error) {
    unsigned char *to = put_doubles(buffer + RECORD_HEAD, values, (size_t)part->shape.measures * PL_PART_FUTURES);
    memcpy(to, failed, PL_PART_FUTURES);
    return write_record(part, number, buffer, to + PL_PART_FUTURES, offset_of(part, number), error);
}

pl_status pl_part_read(pl_part *part, long number, double *values, unsigned char *failed, bool *present,
                       unsigned char *buffer, pl_error *error) {
    *present = false;
    if (number < part->first || number - part->first >= part->records)
        return pl_error_set(error, PL_INVALID, part->path, 0, 0, "record %ld is not in this file", number);
    pl_status status =
        read_record(part, "record", number, buffer, part->record_size, offset_of(part, number), present, error);
    if (status != PL_OK || !*present) return status;
    const unsigned char *from = buffer + RECORD_HEAD;
    size_t count = (size_t)part->shape.measures * PL_PART_FUTURES;
    for (size_t i = 0; i < count; i++, from += 8) values[i] = get_double(from);
    for (int i = 0; i < PL_PART_FUTURES; i++) failed[i] = from[i] != 0;
    return PL_OK;
}

pl_status pl_part_write_series(pl_part *part, long number, const double *values, unsigned char *buffer,
                               pl_error *error) {
    size_t count = (size_t)part->shape.kept_futures * (size_t)part->shape.points;
    unsigned char *to = put_doubles(buffer + RECORD_HEAD, values, count);
    return write_record(part, number, buffer, to, series_offset(part, number), error);
}

pl_status pl_part_read_series(pl_part *part, long number, double *values, bool *present, unsigned char *buffer,
                              pl_error *error) {
    *present = false;
    if (number < 0 || number >= part->series)
        return pl_error_set(error, PL_INVALID, part->path, 0, 0, "series %ld is not in this file", number);
    pl_status status =
        read_record(part, "series", number, buffer, part->series_size, series_offset(part, number), present, error);
    if (status != PL_OK || !*present) return status;
    const unsigned char *from = buffer + RECORD_HEAD;
    size_t count = (size_t)part->shape.kept_futures * (size_t)part->shape.points;
    for (size_t i = 0; i < count; i++, from += 8) values[i] = get_double(from);
    return PL_OK;
}
