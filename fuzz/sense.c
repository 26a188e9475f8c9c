/* Tables of runs for sensitivity: any text, whose first line may say "?DESIGN OUTPUT INPUT ...": the design of its rows ("-":
 * none is named), the column that is the output (y where there is no such line), and those that are inputs (else all). */
#include <stdint.h>
#include <string.h>

#include "parley.h"

enum { LINE = 200, MOST_NAMES = 20 };

/* The words of a line, which it is cut into. */
static int split(char *line, const char **words) {
    int count = 0;
    for (char *at = line; *at && count < MOST_NAMES;) {
        size_t length = strcspn(at, " ");
        char *next = at + length + (at[length] != 0);
        at[length] = 0;
        if (length) words[count++] = at;
        at = next;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char line[LINE] = "- y";
    const char *text = (const char *)data, *end = size && *text == '?' ? memchr(text, '\n', size) : NULL;
    if (end && (size_t)(end - text) < sizeof line) {
        memcpy(line, text + 1, (size_t)(end - text) - 1);
        line[end - text - 1] = 0;
        size -= (size_t)(end + 1 - text), text = end + 1;
    }
    const char *words[MOST_NAMES];
    int count = split(line, words);
    pl_sense_options options = {.resamples = 3, .threads = 1};
    if (count > 0 && strcmp(words[0], "-") != 0) options.design = words[0];
    if (count > 1) options.of = words + 1, options.of_count = 1;
    if (count > 2) options.inputs = words + 2, options.input_count = count - 2;
    pl_sense *sense;
    pl_error error;
    pl_table_sense_text(text, size, "fuzz.csv", &options, &sense, &error);
    if (sense) {
        char *printed;
        size_t length;
        for (int format = 0; format <= PL_FORMAT_JSON; format++)
            if (pl_sense_print(sense, (pl_format)format, &printed, &length) == PL_OK) pl_text_free(printed);
    }
    pl_sense_free(sense);
    return 0;
}
