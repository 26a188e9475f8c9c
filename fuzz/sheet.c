/* The readers of workbooks and delimited text, as data and as what a model asks for: constants, lookups, data,
 * subscripts. Bytes that begin like a .xls file are left out: they go to a library that reads files only. */
#include <stdint.h>

#include "inputs.h"
#include "model/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char table[] = "side: north, south ~~| price ~~| rain[side] ~~| y= price + rain[north] ~~|" FUZZ_TIMES;
static const char parts[] = "side: north, south ~~| kind: GET DIRECT SUBSCRIPT('fuzz', 'Plain', 'B1', '1', 'k') ~~|"
                            "one= GET DIRECT CONSTANTS('fuzz', 'Plain', 'corner') ~~|"
                            "list[kind]= GET DIRECT CONSTANTS('fuzz', 'Plain', 'B2*') ~~|"
                            "series[side] :RAW: := GET XLS DATA('fuzz', 'Series', '1', 'B2') ~~|"
                            "named[side]:= GET XLS DATA('fuzz', 'Series', 'when', 'both') ~~|"
                            "curve[side]= GET DIRECT LOOKUPS('fuzz', 'Series', '1', 'B2') ~~|"
                            "y= one + SUM(list[kind!]) + series[north] + named[south] + curve[north](2) ~~|" FUZZ_TIMES;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (pl_book_is_xls((const char *)data, size)) return 0;
    read_with(table, PL_ROLE_DATA, "fuzz.csv", data, size);
    read_with(table, PL_ROLE_DATA, "fuzz.tab", data, size);
    read_with(parts, PL_ROLE_PART, "fuzz", data, size);
    return 0;
}
