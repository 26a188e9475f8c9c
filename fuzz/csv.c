/* Comma-separated text: any bytes either read into fields that lie within the text, or are refused. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    pl_arena arena = {0};
    pl_csv csv;
    pl_error error;
    if (pl_csv_read(&arena, (const char *)data, size, "fuzz.csv", &csv, &error) == PL_OK) {
        for (int row = -1; row < csv.rows; row++)
            for (int column = 0; column < csv.columns; column++) {
                double value;
                const pl_csv_field *field = pl_csv_at(&csv, row, column);
                if (strlen(field->text) > size || field->line < 1 || field->column < 1) abort();
                pl_csv_number(field, &value);
            }
    }
    pl_arena_free(&arena);
    return 0;
}
