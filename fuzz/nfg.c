/* The readers of games' files: any text is read or refused with an error; what is read is written, and what was written
 * is read as the same again; small games are solved. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "study/behaviour.h"
#include "study/gamefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const pl_game_file *file, pl_game_format format) {
    char *text = NULL, *again = NULL;
    size_t length, more;
    pl_game_file *back = NULL;
    pl_error error = {0};
    if (pl_game_file_write(file, format, &text, &length, &error) != PL_OK) {
        if (!error.message[0]) abort();
        return;
    }
    if (pl_game_file_parse(text, length, "written", &back, NULL, &error) != PL_OK) abort();
    if (pl_game_file_write(back, format, &again, &more, NULL) != PL_OK) abort();
    if (length != more || memcmp(text, again, length) != 0) abort();
    pl_text_free(text);
    pl_text_free(again);
    pl_game_file_free(back);
}

static void solve(const pl_game_file *file) {
    pl_tree_solution *solution = NULL;
    pl_error error = {0};
    pl_solve_options options = {.budget = 100000};
    if (!file->tree || file->tree->node_count > 40) return;
    if (pl_game_file_solve(file, NULL, &options, &solution, &error) != PL_OK && !error.message[0]) abort();
    char *text = NULL;
    if (solution && pl_tree_solution_print(solution, PL_FORMAT_JSON, &text, NULL) != PL_OK) abort();
    pl_text_free(text);
    pl_tree_solution_free(solution);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    pl_game_file *file = NULL;
    pl_error error = {0};
    pl_findings *findings = pl_findings_new();
    if (pl_game_file_parse((const char *)data, size, "fuzz", &file, findings, &error) == PL_OK) {
        write_again(file, PL_GAME_NFG);
        if (file->tree) write_again(file, PL_GAME_EFG);
        solve(file);
    } else if (!error.message[0] || file) {
        abort(); /* a refusal says why and gives nothing */
    }
    pl_game_file_free(file);
    pl_findings_free(findings);
    return 0;
}
