/* An arena: memory that is freed at once.  One per model, one per program, one per situation.
 * When memory runs out, `out_of_memory` (if set) is called with `context` and may leave by longjmp to the
 * function that owns the arena; otherwise the allocation returns NULL.  Memory comes zeroed.
 * All memory of the library goes through pl_allocate, so that a test can make the n-th allocation fail. */
#ifndef PL_ARENA_H
#define PL_ARENA_H
#include <stdarg.h>
#include <stddef.h>

typedef struct pl_arena_chunk pl_arena_chunk;
typedef struct pl_arena {
    pl_arena_chunk *chunks;
    char *next, *end;
    void (*out_of_memory)(void *context);
    void *context;
} pl_arena;

void pl_arena_free(pl_arena *arena); /* frees all memory; the arena may be used again */
void *pl_arena_take(pl_arena *arena, size_t size);
/* count x size, refused (as out of memory) where the product overflows */
void *pl_arena_array(pl_arena *arena, size_t count, size_t size);
char *pl_arena_text(pl_arena *arena, const char *text, size_t length); /* a copy, NUL at its end */
/* Grows an array kept in an arena: returns room for at least `need` items, the old ones copied. *room is updated. */
void *pl_arena_grow(pl_arena *arena, void *old, int count, int *room, int need, size_t size);

/* calloc, realloc and free of the library.  pl_allocation_fail_after(n): the n-th allocation from now fails
 * (n >= 1; 0 turns it off); for tests. */
void *pl_allocate(size_t size);
void *pl_reallocate(void *old, size_t size);
void pl_release(void *memory);
void pl_allocation_fail_after(long n);

#define PL_NEW(arena, type) ((type *)pl_arena_take((arena), sizeof(type)))
#define PL_ARRAY(arena, count, type) ((type *)pl_arena_array((arena), (size_t)(count), sizeof(type)))
#endif
