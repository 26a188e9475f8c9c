/* Reading a game from a file or a text: see gamefile.h. */
#include "study/gamefile.h"

#include <string.h>
#include <strings.h>

#include "model/import.h"
#include "study/behaviour.h"

static void jump_out(void *context) { longjmp(((pl_game_reader *)context)->out, 1); }

static bool begins_with(const pl_lexeme *l, const char *word) {
    return l->kind == PL_LEXEME_WORD && l->length == strlen(word) && strncasecmp(l->from, word, l->length) == 0;
}

static void read_text(pl_game_reader *r, const char *bytes, size_t length) {
    bool latin;
    char *text = pl_reader_utf8(r->arena, bytes, &length, &latin);
    for (size_t i = 0; i < length; i++)
        if (!text[i]) text[i] = ' ';
    pl_lexeme_start(r, text, length);
    if (latin) pl_lexeme_warn(r, &r->next, "the file is not in UTF-8; it was read as latin-1");
    if (begins_with(&r->next, "EFG")) pl_game_reader_efg(r);
    else pl_game_reader_nfg(r);
}

static pl_status parse(pl_game_reader *r, const char *text, size_t length, pl_game_file **file) {
    r->file = pl_allocate(sizeof *r->file);
    if (!r->file) return pl_error_set(r->error, PL_MEMORY, r->name, 0, 0, "out of memory");
    r->arena = &r->file->arena;
    r->arena->out_of_memory = jump_out;
    r->arena->context = r;
    r->status = PL_MEMORY; /* what an arena means by leaving */
    if (setjmp(r->out)) {
        pl_game_file_free(r->file);
        if (r->status != PL_MEMORY) return r->status;
        return pl_error_set(r->error, PL_MEMORY, r->name, 0, 0, "out of memory while the game was read");
    }
    read_text(r, text, length);
    r->file->arena.out_of_memory = NULL;
    *file = r->file;
    return PL_OK;
}

pl_status pl_game_file_parse(const char *text, size_t length, const char *name, pl_game_file **file,
                             pl_findings *findings, pl_error *error) {
    pl_game_reader reader = {.name = name, .findings = findings, .error = error};
    *file = NULL;
    return parse(&reader, text, length, file);
}

pl_status pl_game_file_read(const char *path, pl_game_file **file, pl_findings *findings, pl_error *error) {
    char *text = NULL;
    size_t length = 0;
    pl_error found;
    *file = NULL;
    pl_status status = pl_reader_file(path, &text, &length, &found);
    if (status == PL_OK) {
        status = pl_game_file_parse(text, length, path, file, findings, error);
    } else {
        if (error) *error = found;
        pl_findings_add(findings, PL_ERROR, &found);
    }
    pl_release(text);
    return status;
}

void pl_game_file_free(pl_game_file *file) {
    if (!file) return;
    pl_rationals_free(&file->rationals);
    pl_game_free(file->game);
    pl_tree_free(file->tree);
    pl_arena_free(&file->arena);
    pl_release(file);
}

const pl_game *pl_game_file_game(const pl_game_file *file) { return file->game; }

pl_status pl_game_file_solve(const pl_game_file *file, const char *solver, const pl_solve_options *options,
                             pl_tree_solution **solution, pl_error *error) {
    *solution = NULL;
    if (!file->tree) return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the game is not in extensive form");
    return pl_tree_solve(file->tree, solver, options, solution, error);
}
