/* Arenas and the library's allocator.  Chunks double up to 1 MiB; larger requests get a chunk of their own. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pl_arena_chunk {
    pl_arena_chunk *before;
    size_t size;
};

enum { ALIGN = 16, FIRST_CHUNK = 4096, LARGEST_CHUNK = 1 << 20 };

static _Thread_local long allocations_left; /* 0: never fail */

void pl_allocation_fail_after(long n) { allocations_left = n; }

static int fails_now(void) { return allocations_left > 0 && --allocations_left == 0; }

void *pl_allocate(size_t size) { return fails_now() ? NULL : calloc(1, size ? size : 1); }

void *pl_reallocate(void *old, size_t size) { return fails_now() ? NULL : realloc(old, size ? size : 1); }

void pl_release(void *memory) { free(memory); }

void pl_arena_free(pl_arena *arena) {
    for (pl_arena_chunk *chunk = arena->chunks; chunk;) {
        pl_arena_chunk *before = chunk->before;
        pl_release(chunk);
        chunk = before;
    }
    arena->chunks = NULL;
    arena->next = arena->end = NULL;
}

static void *give_up(pl_arena *arena) {
    if (arena->out_of_memory) arena->out_of_memory(arena->context);
    return NULL;
}

void *pl_arena_take(pl_arena *arena, size_t size) {
    if (size > SIZE_MAX / 2) return give_up(arena);
    if (size == 0) size = 1; /* an empty arena has no address to give */
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size > (size_t)(arena->end - arena->next)) {
        size_t head = (sizeof(pl_arena_chunk) + ALIGN - 1) & ~(size_t)(ALIGN - 1);
        size_t room = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
        if (room > LARGEST_CHUNK) room = LARGEST_CHUNK;
        if (room < size) room = size;
        pl_arena_chunk *chunk = pl_allocate(head + room);
        if (!chunk) return give_up(arena);
        chunk->size = room;
        chunk->before = arena->chunks;
        arena->chunks = chunk;
        arena->next = (char *)chunk + head;
        arena->end = arena->next + room;
    }
    void *memory = arena->next;
    arena->next += size;
    return memory;
}

void *pl_arena_array(pl_arena *arena, size_t count, size_t size) {
    if (size && count > SIZE_MAX / 2 / size) return give_up(arena);
    return pl_arena_take(arena, count * size);
}

char *pl_arena_text(pl_arena *arena, const char *text, size_t length) {
    char *copy = pl_arena_array(arena, length + 1, 1);
    if (copy && length) memcpy(copy, text, length);
    return copy;
}

void *pl_arena_grow(pl_arena *arena, void *old, int count, int *room, int need, size_t size) {
    if (need <= *room) return old;
    int wanted = *room ? *room : 8;
    while (wanted < need) wanted = wanted > INT32_MAX / 2 ? need : wanted * 2;
    void *grown = pl_arena_array(arena, (size_t)wanted, size);
    if (!grown) return NULL;
    if (count) memcpy(grown, old, (size_t)count * size);
    *room = wanted;
    return grown;
}
