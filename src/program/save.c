/* Programs as bytes: a head with the counts, then the arrays as they lie in memory (little-endian, IEEE 754; the
 * layout has no padding and is the same natively and in WebAssembly).  Loading trusts nothing: every index that the
 * machine would follow is checked against what it points into. */
#include <string.h>

#include "base/arena.h"
#include "model/functions.h"
#include "program/draws.h"
#include "program/tape.h"

static const char magic[8] = {'p', 'a', 'r', 'l', 'e', 'y', '0', '4'};

/* X(type, member): the fixed part */
#define HEAD(X)                                                                                                   \
    X(double, initial_time) X(double, time_step) X(int32_t, method) X(int32_t, steps) X(double, save_steps)       \
    X(int32_t, act_step) X(int, lane_inputs) X(int, pool_count) X(int, row_count) X(int32_t, time_at[PL_UNIFORM][0]) \
    X(int32_t, time_at[PL_UNIFORM][1]) X(int32_t, time_at[PL_LANE][0]) X(int32_t, time_at[PL_LANE][1]) \
    X(int32_t, future_at) X(int, int_count) X(int, number_count) X(int, table_count) \
    X(int, draw_count) X(int, input_count) X(int, gauge_count) X(int, output_count) X(int, text_size) \
    X(int, saved_count) X(int, clock_count)

#define SIDE(X, s)                                                                                              \
    X(int, side[s].length[PL_START]) X(int, side[s].length[PL_EPOCH]) X(int, side[s].length[PL_RATES])          \
    X(int, side[s].length[PL_OUTPUTS]) X(int, side[s].slot_count) X(int, side[s].slab_registers)                \
    X(int, side[s].scratch_registers) X(int, side[s].held_registers) X(int, side[s].stock_registers)

pl_status pl_program_save(const pl_program *p, unsigned char **bytes, size_t *size) {
    size_t needed = sizeof magic;
#define X(type, member) needed += sizeof(type);
    HEAD(X) SIDE(X, PL_UNIFORM) SIDE(X, PL_LANE)
#undef X
#define X(type, member, count) needed += (size_t)(p->count) * sizeof(type);
    PL_PROGRAM_ARRAYS(X)
#undef X
    unsigned char *out = *bytes = pl_allocate(needed);
    if (!out) return PL_MEMORY;
    *size = needed;
    memcpy(out, magic, sizeof magic);
    out += sizeof magic;
#define X(type, member)                        \
    memcpy(out, &p->member, sizeof(type)); \
    out += sizeof(type);
    HEAD(X) SIDE(X, PL_UNIFORM) SIDE(X, PL_LANE)
#undef X
#define X(type, member, count)                                         \
    if (p->count) memcpy(out, p->member, (size_t)(p->count) * sizeof(type)); \
    out += (size_t)(p->count) * sizeof(type);
    PL_PROGRAM_ARRAYS(X)
#undef X
    return PL_OK;
}

/* ---- checking ---- */

static bool is_count(int count) { return count >= 0 && count < 1 << 26; }

static bool good_head(const pl_program *p) {
    for (int s = 0; s < PL_SIDES; s++) {
        const pl_side *side = &p->side[s];
        for (int k = 0; k < PL_PHASES; k++)
            if (!is_count(side->length[k])) return false;
        if (!is_count(side->slot_count) || !is_count(side->slab_registers) || !is_count(side->scratch_registers) ||
            !is_count(side->held_registers) || !is_count(side->stock_registers))
            return false;
        for (int clock = 0; clock < PL_CLOCKS; clock++)
            if (p->time_at[s][clock] < -1 || p->time_at[s][clock] >= side->slab_registers) return false;
    }
    return is_count(p->lane_inputs) && p->lane_inputs <= p->side[PL_LANE].slab_registers && is_count(p->pool_count) &&
           is_count(p->row_count) && is_count(p->int_count) && is_count(p->number_count) && is_count(p->table_count) &&
           is_count(p->draw_count) && is_count(p->input_count) && is_count(p->gauge_count) &&
           is_count(p->output_count) && is_count(p->text_size) && p->method >= 0 && p->method <= 2 &&
           p->steps >= 0 && p->steps <= 1000000000 && p->save_steps >= 1.0 && p->save_steps < 1e300 && p->act_step >= 0 &&
           p->act_step <= p->steps && p->time_step > 0.0 && p->future_at >= -1 &&
           p->future_at < p->side[PL_LANE].slab_registers && is_count(p->saved_count) && p->saved_count <= p->steps + 1 &&
           (p->clock_count == 0 || (p->clock_count == p->steps + 1 && is_count(p->clock_count) && p->method == 0));
}

/* Registers place .. place + count - 1 exist on a side; only_lanes: not in the pool or row. */
static bool good_place(const pl_program *p, int s, pl_register place, int64_t count, bool only_lanes) {
    int64_t room = 0, from = PL_PLACE_INDEX(place);
    switch (PL_PLACE_BASE(place)) {
    case PL_SLAB: room = p->side[s].slab_registers; break;
    case PL_SCRATCH: room = s == PL_LANE ? p->side[s].scratch_registers : 0; break;
    case PL_POOL: room = s == PL_LANE && !only_lanes ? p->pool_count : 0; break;
    case PL_ROW: room = s == PL_LANE && !only_lanes ? p->row_count : 0; break;
    default: break;
    }
    return count >= 1 && from + count <= room;
}

/* Whether two runs of registers share none: what is written may not overlap what it is made from. */
static bool are_apart(pl_register a, int64_t a_count, pl_register b, int64_t b_count) {
    int64_t from_a = PL_PLACE_INDEX(a), from_b = PL_PLACE_INDEX(b);
    return PL_PLACE_BASE(a) != PL_PLACE_BASE(b) || from_a + a_count <= from_b || from_b + b_count <= from_a;
}

static int arity_of(int function) {
    static const int8_t arity[PL_FN_COUNT] = {
#define FN(id, vensim, xmile, arity, value, text, example) arity,
#define FT(id, vensim, xmile, arity, value, text, example) arity + 2,
#define OTHER(id, vensim, xmile, least, most, text, example) -1,
        PL_FUNCTIONS(FN, FT, OTHER, OTHER)
#undef FN
#undef FT
#undef OTHER
    };
    return function >= 0 && function < PL_FN_COUNT ? arity[function] : -1;
}

static int series_operands(int take) { return take >= 0 && take < PL_SERIES_TAKE_COUNT ? 2 : -1; }

/* -1: no such mode */
static int table_operands(int mode) {
    static const int8_t operands[] = {
#define X(id, operands, text) operands,
        PL_TABLE_MODE_ROWS(X)
#undef X
    };
    return mode >= 0 && mode < PL_TABLE_MODES ? operands[mode] : -1;
}

static bool good_ints(const pl_program *p, int64_t from, int64_t count) {
    return from >= 0 && count >= 1 && from + count <= p->int_count;
}

static bool good_draw(const pl_program *p, const pl_draw_spec *draw, int operands) {
    if (operands != pl_draw_parameters(draw->function)) return false;
    return draw->function == PL_FN_RANDOM_LOOKUP ? draw->table >= 0 && draw->table < p->table_count : draw->table == -1;
}

/* The shape says how long the result and the operands are. */
static bool good_belt(const pl_program *p, int s, const pl_instruction *in) {
    int64_t out, runs[2];
    if (!good_ints(p, in->detail, 5) || in->flat || !pl_belt_counts(in->code, p->ints + in->detail, &out, runs)) return false;
    if (out != in->count || in->operands != (runs[1] ? 2 : 1)) return false;
    for (int k = 0; k < in->operands; k++)
        if (!PL_PLACE_STRIDE(in->in[k]) || !good_place(p, s, in->in[k], runs[k], false) ||
            !are_apart(in->out, in->count, in->in[k], runs[k]))
            return false;
    return true;
}

static bool good_group(const pl_instruction *in, int form, int run) {
    if (form < 0 || form >= PL_GROUP_COUNT || in->operands != pl_group_rows[form].operands) return false;
    int side = 1;
    while (side * side < run && side < 64) side++;
    if (form == PL_GROUP_INVERT && side * side != run) return false;
    return run >= 1 && run <= pl_group_rows[form].most && in->count % run == 0;
}

static bool good_detail(const pl_program *p, int s, const pl_instruction *in) {
    const int32_t *ints = good_ints(p, in->detail, 1) ? p->ints + in->detail : p->ints; /* not every code has some */
    switch (in->code) {
    case PL_CODE_APPLY: return in->operands == arity_of(in->detail);
    case PL_CODE_CHAIN:
        return in->operands >= 3 && in->operands <= 5 && in->detail >= 0 && in->detail < 1 << 2 * (in->operands - 1);
    case PL_CODE_COPY: return in->operands == 1;
    case PL_CODE_GATHER:
        if (in->operands != 0 || !good_ints(p, in->detail, in->count)) return false;
        for (int i = 0; i < in->count; i++)
            if (!good_place(p, s, (pl_register)ints[i], 1, false) ||
                !are_apart(in->out, in->count, (pl_register)ints[i], 1))
                return false;
        return true;
    case PL_CODE_REDUCE: return in->operands == 1 && good_ints(p, in->detail, 2) && arity_of(ints[0]) == 2 && ints[1] >= 1;
    case PL_CODE_DOT:
        if (in->operands != 0 || !good_ints(p, in->detail, 1) || ints[0] < 1) return false;
        if (!good_ints(p, in->detail, 1 + 2 * (int64_t)in->count * ints[0])) return false;
        for (int64_t i = 1; i <= 2 * (int64_t)in->count * ints[0]; i++)
            if (!good_place(p, s, (pl_register)ints[i], 1, false) ||
                !are_apart(in->out, in->count, (pl_register)ints[i], 1))
                return false;
        return true;
    case PL_CODE_PICK:
        if (in->operands != 2 || !good_ints(p, in->detail, (int64_t)in->count + 1) || ints[0] < 1) return false;
        for (int i = 0; i < in->count; i++)
            if (ints[1 + i] < 0 || ints[1 + i] >= ints[0]) return false;
        return true;
    case PL_CODE_GROUP: return good_ints(p, in->detail, 2) && good_group(in, ints[0], ints[1]);
    case PL_CODE_LOOKUP:
        if (in->operands != 1 || !good_ints(p, in->detail, in->count)) return false;
        for (int i = 0; i < in->count; i++)
            if (ints[i] < 0 || ints[i] >= p->table_count) return false;
        return true;
    case PL_CODE_TABLE:
    case PL_CODE_SERIES:
        if (!good_ints(p, in->detail, (int64_t)in->count + 1)) return false;
        if (in->operands != (in->code == PL_CODE_TABLE ? table_operands(ints[0]) : series_operands(ints[0]))) return false;
        for (int i = 0; i < in->count; i++)
            if (ints[1 + i] < 0 || ints[1 + i] >= p->table_count) return false;
        return true;
    case PL_CODE_BELT_FILL:
    case PL_CODE_BELT_MOVE:
    case PL_CODE_BELT_INSERT:
    case PL_CODE_QUEUE_FILL:
    case PL_CODE_QUEUE_SERVE: return good_belt(p, s, in);
    case PL_CODE_NOISE:
        if (in->detail < 0 || (int64_t)in->detail + in->count > p->draw_count || p->future_at < 0 || s != PL_LANE) return false;
        for (int i = 0; i < in->count; i++)
            if (!good_draw(p, &p->draws[in->detail + i], in->operands)) return false;
        return true;
    default: return false;
    }
}

static bool good_instruction(const pl_program *p, int s, const pl_instruction *in) {
    if (in->count < 1 || in->operands > PL_MOST_OPERANDS || in->flat > 1 || !good_detail(p, s, in)) return false;
    if (!good_place(p, s, in->out, in->count, true)) return false;
    if (in->code >= PL_CODE_BELT_FILL && in->code <= PL_CODE_QUEUE_SERVE) return true; /* good_belt has looked at all */
    int64_t run = in->code == PL_CODE_REDUCE ? p->ints[in->detail + 1] : 1;
    for (int k = 0; k < in->operands; k++) {
        pl_register place = in->in[k];
        bool stride = PL_PLACE_STRIDE(place), lanes = PL_PLACE_BASE(place) <= PL_SCRATCH;
        int64_t elements = in->code == PL_CODE_PICK && k == 0 ? p->ints[in->detail] : in->count * run;
        if (!good_place(p, s, place, stride ? elements : 1, false)) return false;
        if (!are_apart(in->out, in->count, place, stride ? elements : 1)) return false;
        if (in->flat && in->count > 1 && lanes != stride && s == PL_LANE) return false;
    }
    return true;
}

static bool good_slot(const pl_program *p, int s, const pl_slot *slot, int64_t *stocks, int64_t *held) {
    if (slot->kind < 0 || slot->kind >= PL_STATE_KINDS || slot->count < 1 || slot->name < 0 || slot->name >= p->text_size) return false;
    int64_t wide = (int64_t)slot->count * pl_state_next_width(slot->kind);
    int64_t given = (int64_t)slot->count * pl_state_initial_width(slot->kind);
    if (given > slot->count && !PL_PLACE_STRIDE(slot->initial)) return false;
    *(slot->kind == PL_STATE_STOCK ? stocks : held) += wide;
    if (!good_place(p, s, slot->at, slot->count, true) || PL_PLACE_BASE(slot->at) != PL_SLAB) return false;
    if (!good_place(p, s, slot->initial, PL_PLACE_STRIDE(slot->initial) ? given : 1, false)) return false;
    if (!good_place(p, s, slot->next, wide, true) || !are_apart(slot->at, slot->count, slot->next, wide)) return false;
    if (!are_apart(slot->at, slot->count, slot->initial, PL_PLACE_STRIDE(slot->initial) ? given : 1)) return false;
    if (slot->kind < PL_STATE_DELAY) return true;
    int64_t ring = ((int64_t)slot->slots + pl_state_is_transit(slot->kind)) * slot->count;
    pl_register at = PL_PLACE(PL_SLAB, 0, slot->ring);
    if (slot->slots < 1 || slot->ring < 0 || slot->ring + ring > p->side[s].slab_registers) return false;
    return are_apart(slot->at, slot->count, at, ring) && are_apart(slot->next, wide, at, ring);
}

static bool good_side(const pl_program *p, int s) {
    const pl_side *side = &p->side[s];
    for (int k = 0; k < PL_PHASES; k++)
        for (int i = 0; i < side->length[k]; i++)
            if (!good_instruction(p, s, &side->tape[k][i])) return false;
    int64_t stocks = 0, held = 0;
    for (int i = 0; i < side->slot_count; i++)
        if (!good_slot(p, s, &side->slots[i], &stocks, &held)) return false;
    return stocks == side->stock_registers && held == side->held_registers; /* memory is taken by these */
}

static bool good_exports(const pl_program *p, const int32_t *entries, int count) {
    for (int i = 0; i < count; i++)
        if (entries[i] < 0 || entries[i] >= p->side[PL_UNIFORM].slab_registers) return false;
    return true;
}

static bool good_rest(const pl_program *p) {
    for (int i = 0; i < p->saved_count; i++) /* rising from 0: a row for each */
        if (p->saved[i] > p->steps || (i == 0 ? p->saved[i] != 0 : p->saved[i] <= p->saved[i - 1])) return false;
    for (int i = 0; i < p->table_count; i++)
        if (p->table_size[i] < 1 || p->table_at[i] < 0 ||
            (int64_t)p->table_at[i] + 3 * (int64_t)p->table_size[i] > p->number_count)
            return false;
    for (int i = 0; i < p->input_count; i++) {
        const pl_input_slot *slot = &p->inputs[i];
        if (slot->side < -1 || slot->side >= PL_SIDES) return false;
        if (slot->side >= 0 && (slot->at < 0 || slot->count < 1 ||
                                (int64_t)slot->at + slot->count > p->side[slot->side].slab_registers))
            return false;
    }
    for (int i = 0; i < p->gauge_count; i++) {
        const pl_gauge *g = &p->gauges[i];
        if (g->take < 0 || g->take >= PL_TAKE_COUNT || g->from < 0 || g->to < g->from || g->to > p->steps ||
            g->accumulator < 0 || (int64_t)g->accumulator + PL_GAUGE_REGISTERS > p->side[PL_LANE].slab_registers ||
            !good_place(p, PL_LANE, g->of, 1, false) || g->name < 0 || g->name >= p->text_size)
            return false;
    }
    for (int i = 0; i < p->output_count; i++)
        if (!good_place(p, PL_LANE, p->outputs[i], 1, false)) return false;
    return good_exports(p, p->pool, p->pool_count) && good_exports(p, p->row, p->row_count) &&
           (p->text_size == 0 || p->text[p->text_size - 1] == 0);
}

/* Takes `count` bytes; false where they are not there. */
static bool take(const unsigned char **at, size_t *left, void *out, size_t count) {
    if (count > *left) return false;
    if (count) memcpy(out, *at, count);
    *at += count;
    *left -= count;
    return true;
}

static pl_status load(pl_program *p, const unsigned char *at, size_t left) {
    char found[sizeof magic];
    if (!take(&at, &left, found, sizeof found) || memcmp(found, magic, sizeof magic)) return PL_INVALID;
#define X(type, member) \
    if (!take(&at, &left, &p->member, sizeof(type))) return PL_INVALID;
    HEAD(X) SIDE(X, PL_UNIFORM) SIDE(X, PL_LANE)
#undef X
    if (!good_head(p)) return PL_INVALID;
    size_t needed = 0;
#define X(type, member, count) needed += (size_t)(p->count) * sizeof(type);
    PL_PROGRAM_ARRAYS(X)
#undef X
    if (needed != left) return PL_INVALID; /* before anything is allocated */
    if (!pl_program_allocate(p)) return PL_MEMORY;
#define X(type, member, count) (void)take(&at, &left, p->member, (size_t)(p->count) * sizeof(type));
    PL_PROGRAM_ARRAYS(X)
#undef X
    return good_rest(p) && good_side(p, PL_UNIFORM) && good_side(p, PL_LANE) ? PL_OK : PL_INVALID;
}

pl_status pl_program_load(const unsigned char *bytes, size_t size, pl_program **program) {
    *program = NULL;
    pl_program *p = pl_allocate(sizeof *p);
    if (!p) return PL_MEMORY;
    pl_status status = load(p, bytes, size);
    if (status == PL_OK)
        *program = p;
    else
        pl_program_free(p);
    return status;
}
