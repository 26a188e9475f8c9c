/* Tables of cases: any text, searched under a condition that its first line says (a table that has it left reads
 * on). */
#include <stdint.h>
#include <string.h>

#include "study/discover.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char where[200] = "y > 0.5";
    const char *text = (const char *)data, *end = size && *text == '?' ? memchr(text, '\n', size) : NULL;
    if (end && (size_t)(end - text) < sizeof where) {
        memcpy(where, text + 1, (size_t)(end - text) - 1);
        where[end - text - 1] = 0;
        size -= (size_t)(end + 1 - text), text = end + 1;
    }
    pl_discover_options options = {.where = where, .peel_alpha = 0.1, .boxes = 3, .resamples = 2, .choose = "balanced,last"};
    pl_discovery *discovery;
    pl_error error;
    pl_table_discover_text(text, size, "fuzz.csv", &options, &discovery, &error);
    if (discovery) {
        char *printed;
        size_t length;
        for (int format = 0; format <= PL_FORMAT_JSON; format++)
            if (pl_discovery_print(discovery, (pl_format)format, &printed, &length) == PL_OK) pl_text_free(printed);
    }
    pl_discovery_free(discovery);
    return 0;
}
