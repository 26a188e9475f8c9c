/* The reader of constant changes. */
#include <stdint.h>

#include "inputs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char model[] = "side: a, b, c ~~| few: a, b ~~| rate= 2 ~~| share[side]= 1, 2, 3 ~~| pair[side, few]= 0 ~~|"
                            "part[few]= 1 ~~| part[c]= 2 ~~| curve((0,0),(1,1)) ~~| bend[side]((0,0),(1,1)) ~~|"
                            "order= 3 ~~| y= DELAY N(curve(rate), 2, 0, order) + SUM(pair[side!, few!]) + bend[a](1) ~~|" FUZZ_TIMES;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_with(model, PL_ROLE_CHANGES, "fuzz.cin", data, size);
    return 0;
}
