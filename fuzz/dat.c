/* The reader of data over time in Vensim's text format. */
#include <stdint.h>

#include "inputs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char model[] = "side: a, b ~~| price ~~| \"odd [name]\" :RAW: ~~| rain[side] :HOLD BACKWARD: ~~|"
                            "wet[side, a]= 3 ~~| wet[a, b] :LOOK FORWARD: ~~| rate= 2 ~~|"
                            "y= price + rain[a] + wet[a, b] + GET DATA MEAN(rain[b], 0, 5) ~~|" FUZZ_TIMES;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_with(model, PL_ROLE_DATA, "fuzz.dat", data, size);
    return 0;
}
