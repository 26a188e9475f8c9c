/* See layout.h. */
#include "ensemble/layout.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 200 };

static const struct {
    const char *prefix;
} kinds[] = {
#define X(id, prefix, count, dimensions) {prefix},
    PL_COLUMNS(X)
#undef X
};

static const char *name_of(const pl_situation *s, const pl_traces *traces, const pl_column *c) {
    switch (c->kind) {
    case PL_COLUMN_SERIES: return traces->names[c->index];
    case PL_COLUMN_MEASURE: return s->measures[c->index].name;
    case PL_COLUMN_DRAW: return s->uncertainties[c->index].name;
    case PL_COLUMN_WEIGHT: return s->weights[c->index].name;
    default: return s->actors[c->index].name;
    }
}

/* Letters beyond ASCII stay, as a whole or not at all. */
static void make_legal(const char *prefix, const char *name, char out[LONGEST + 1]) {
    size_t length = (size_t)snprintf(out, LONGEST + 1, "%s%s", prefix, name);
    if (length > LONGEST) {
        length = LONGEST;
        while (length && ((unsigned char)out[length] & 0xC0) == 0x80) length--;
        out[length] = 0;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)out[i];
        bool legal = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
        if (!legal) out[i] = '_';
    }
    if (!out[0]) memcpy(out, "_", 2);
}

static bool is_taken(const pl_layout *layout, const char *name) {
    static const char *const own[] = {PL_RESULTS_FAILED,         PL_RESULTS_PROFILE,       PL_RESULTS_FUTURE,
                                      PL_RESULTS_SERIES_PROFILE, PL_RESULTS_SERIES_FUTURE, PL_RESULTS_TIME};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(name, own[i]) == 0) return true;
    for (int i = 0; i < layout->count; i++)
        if (strcmp(layout->columns[i].name, name) == 0) return true;
    return false;
}

static void add(pl_layout *layout, const pl_situation *s, const pl_traces *traces, pl_column_kind kind, int index) {
    pl_column *c = &layout->columns[layout->count];
    char legal[LONGEST + 1];
    c->kind = kind, c->index = index;
    make_legal(kinds[kind].prefix, name_of(s, traces, c), legal);
    char name[sizeof c->name];
    snprintf(name, sizeof name, "%s", legal);
    for (int i = 2; is_taken(layout, name); i++) snprintf(name, sizeof name, "%s_%d", legal, i);
    memcpy(c->name, name, sizeof name);
    layout->count++;
}

pl_status pl_layout_make(const pl_situation *s, const pl_traces *traces, pl_layout *layout) {
    const int counts[] = {
#define X(id, prefix, count, dimensions) count,
        PL_COLUMNS(X)
#undef X
    };
    size_t room = 1;
    for (int kind = 0; kind < PL_COLUMN_KINDS; kind++) room += (size_t)counts[kind];
    layout->count = 0;
    if (!(layout->columns = pl_allocate(room * sizeof *layout->columns))) return PL_MEMORY;
    for (int kind = 0; kind < PL_COLUMN_KINDS; kind++)
        for (int i = 0; i < counts[kind]; i++) add(layout, s, traces, (pl_column_kind)kind, i);
    return PL_OK;
}

void pl_layout_free(pl_layout *layout) {
    pl_release(layout->columns);
    layout->columns = NULL;
}

static pthread_mutex_t netcdf_mutex = PTHREAD_MUTEX_INITIALIZER;
void pl_netcdf_lock(void) { pthread_mutex_lock(&netcdf_mutex); }
void pl_netcdf_unlock(void) { pthread_mutex_unlock(&netcdf_mutex); }
