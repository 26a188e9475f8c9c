/* The table of rules.h by function. */
#include "model/rules.h"

const pl_rule *pl_function_rule(const pl_function *function) {
    static const pl_rule rules[PL_FN_COUNT] = {
#define R(id, units, signs) [PL_FN_##id] = {units, signs},
        PL_RULES(R)
#undef R
    };
    static const pl_rule none = {"", ""};
    const pl_rule *rule = &rules[function->id];
    return rule->units ? rule : &none;
}
