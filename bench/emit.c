/* Writes a compiled program as scalar C. The program is folded, sliced and its uniform values are hoisted already;
 * every register becomes a variable, every element of an instruction a statement, and the compiler does the rest. */
#include "emit.h"

#include "model/functions.h"
#include "model/model.h"
#include "program/measure.h"

static void put_number(FILE *out, double x) {
    if (x != x)
        fputs("__builtin_nan(\"\")", out);
    else if (x - x != 0.0)
        fputs(x < 0 ? "-__builtin_inf()" : "__builtin_inf()", out);
    else
        fprintf(out, "%a", x);
}

/* The register of an element: s slab, t scratch, p pool, r row. */
static void put_place(FILE *out, pl_register place, int element) {
    int index = (int)PL_PLACE_INDEX(place) + (PL_PLACE_STRIDE(place) ? element : 0);
    switch (PL_PLACE_BASE(place)) {
    case PL_SLAB: fprintf(out, "s%d", index); break;
    case PL_SCRATCH: fprintf(out, "t%d", index); break;
    case PL_POOL: fprintf(out, "p[%d]", index); break;
    default: fprintf(out, "r[%d]", index); break;
    }
}

/* ---- what comes before: functions, tables ---- */

static void put_functions(FILE *out) {
    static const char *const heads[] = {"(void)", "(double A)", "(double A, double B)", "(double A, double B, double C)",
                                        "(double A, double B, double C, double D)"};
    static const char *const timed[] = {"(double T, double DT)", "(double A, double T, double DT)",
                                        "(double A, double B, double T, double DT)",
                                        "(double A, double B, double C, double T, double DT)",
                                        "(double A, double B, double C, double D, double T, double DT)"};
#define FN(id, vensim, xmile, arity, value, text, example) \
    fprintf(out, "static inline double fn%d%s { return %s; }\n", PL_FN_##id, heads[arity], #value);
#define FT(id, vensim, xmile, arity, value, text, example) \
    fprintf(out, "static inline double fn%d%s { return %s; }\n", PL_FN_##id, timed[arity], #value);
#define NONE(id, vensim, xmile, least, most, text, example)
    PL_FUNCTIONS(FN, FT, NONE, NONE)
}

static void put_lookup(const pl_program *p, FILE *out) {
    fprintf(out, "static const double numbers[] = {0");
    for (int i = 0; i < p->number_count; i++) {
        fputs(", ", out);
        put_number(out, p->numbers[i]);
    }
    fputs("};\n"
          "static double lookup(double x, const double *xs, int count) {\n"
          "    const double *ys = xs + count, *slopes = ys + count;\n"
          "    int at = 0;\n"
          "    if (x < xs[0]) return ys[0];\n"
          "    if (x >= xs[count - 1]) return ys[count - 1];\n"
          "    for (int left = count - 1; left > 1;) {\n"
          "        int half = left / 2;\n"
          "        if (x >= xs[at + half]) at += half;\n"
          "        left -= half;\n"
          "    }\n"
          "    return ys[at] + (x - xs[at]) * slopes[at];\n"
          "}\n", out);
}

/* ---- instructions ---- */

static void put_call(FILE *out, const pl_instruction *in, int element) {
    fprintf(out, "fn%d(", in->detail);
    for (int k = 0; k < in->operands; k++) {
        if (k) fputs(", ", out);
        put_place(out, in->in[k], element);
    }
    fputs(")", out);
}

/* From the last operation inwards. */
static void put_chain(FILE *out, const pl_instruction *in, int element, int length) {
    if (length == 0) {
        put_place(out, in->in[0], element);
        return;
    }
    int op = in->detail >> 2 * (length - 1) & 3;
    fputs("(", out);
    if (op == PL_CHAIN_REVERSED) {
        put_place(out, in->in[length], element);
        fputs(" - ", out);
    }
    put_chain(out, in, element, length - 1);
    if (op != PL_CHAIN_REVERSED) {
        fputs(op == PL_CHAIN_ADD ? " + " : op == PL_CHAIN_MULTIPLY ? " * " : " - ", out);
        put_place(out, in->in[length], element);
    }
    fputs(")", out);
}

static void put_reduction(const pl_program *p, FILE *out, const pl_instruction *in, int element) {
    int run = p->ints[in->detail + 1];
    for (int i = 1; i < run; i++) fprintf(out, "fn%d(", p->ints[in->detail]);
    put_place(out, in->in[0], element * run);
    for (int i = 1; i < run; i++) {
        fputs(", ", out);
        put_place(out, in->in[0], element * run + i);
        fputs(")", out);
    }
}

static void put_products(const pl_program *p, FILE *out, const pl_instruction *in, int element) {
    int run = p->ints[in->detail];
    const int32_t *factors = p->ints + in->detail + 1 + 2 * (ptrdiff_t)run * element;
    for (int i = 0; i < run; i++) {
        if (i) fputs(" + ", out);
        put_place(out, (pl_register)factors[2 * i], 0);
        fputs(" * ", out);
        put_place(out, (pl_register)factors[2 * i + 1], 0);
    }
}

static void put_value(const pl_program *p, FILE *out, const pl_instruction *in, int element) {
    switch ((pl_code)in->code) {
    case PL_CODE_APPLY: put_call(out, in, element); break;
    case PL_CODE_CHAIN: put_chain(out, in, element, in->operands - 1); break;
    case PL_CODE_COPY: put_place(out, in->in[0], element); break;
    case PL_CODE_GATHER: put_place(out, (pl_register)p->ints[in->detail + element], 0); break;
    case PL_CODE_REDUCE: put_reduction(p, out, in, element); break;
    case PL_CODE_DOT: put_products(p, out, in, element); break;
    case PL_CODE_LOOKUP: {
        int table = p->ints[in->detail + element];
        fputs("lookup(", out);
        put_place(out, in->in[0], element);
        fprintf(out, ", numbers + 1 + %d, %d)", p->table_at[table], p->table_size[table]);
        break;
    }
    default: break; /* translates() has refused it */
    }
}

static void put_part(const pl_program *p, FILE *out, pl_phase part) {
    const pl_side *side = &p->side[PL_LANE];
    for (int i = 0; i < side->length[part]; i++)
        for (int e = 0; e < side->tape[part][i].count; e++) {
            pl_instruction in = side->tape[part][i];
            put_place(out, PL_PLACE(PL_PLACE_BASE(in.out), 1, PL_PLACE_INDEX(in.out)), e);
            fputs(" = ", out);
            put_value(p, out, &in, e);
            fputs(";\n", out);
        }
}

/* ---- state ---- */

/* element e of a slot's register */
static pl_register element_of(pl_register place, int e) {
    return PL_PLACE(PL_PLACE_BASE(place), 0, (int)PL_PLACE_INDEX(place) + (PL_PLACE_STRIDE(place) ? e : 0));
}

static pl_register state_of(const pl_slot *slot, int e) { return PL_PLACE(PL_SLAB, 0, (int)PL_PLACE_INDEX(slot->at) + e); }

static pl_register next_of(const pl_slot *slot, int e) {
    return PL_PLACE(PL_PLACE_BASE(slot->next), 0, (int)PL_PLACE_INDEX(slot->next) + e);
}

static void put_start(const pl_program *p, FILE *out) {
    const pl_side *side = &p->side[PL_LANE];
    for (int i = 0; i < side->slot_count; i++)
        for (int e = 0; e < side->slots[i].count; e++) {
            const pl_slot *slot = &side->slots[i];
            put_place(out, state_of(slot, e), 0);
            fputs(" = ", out);
            put_place(out, element_of(slot->initial, e), 0);
            fputs(";\n", out);
            if (slot->kind != PL_STATE_DELAY) continue;
            fprintf(out, "for (int k = 0; k < %d; k++) ring%d[k * %d + %d] = ", slot->slots, i, slot->count, e);
            put_place(out, state_of(slot, e), 0);
            fputs(";\n", out);
        }
}

/* For each element of a state: form, with S its variable, N what it takes next, K its number among all, R its ring. */
static void put_each(const pl_program *p, FILE *out, int kind, const char *form) {
    const pl_side *side = &p->side[PL_LANE];
    int number = 0;
    for (int i = 0; i < side->slot_count; i++)
        for (int e = 0; e < side->slots[i].count; e++, number++) {
            const pl_slot *slot = &side->slots[i];
            if (slot->kind != kind) continue;
            for (const char *c = form; *c; c++) {
                if (*c == 'S') put_place(out, state_of(slot, e), 0);
                else if (*c == 'N') put_place(out, next_of(slot, e), 0);
                else if (*c == 'K') fprintf(out, "%d", number);
                else if (*c == 'R') fprintf(out, "ring%d[n %% %d * %d + %d]", i, slot->slots, slot->count, e);
                else if (*c == 'Q') fprintf(out, "ring%d[(n + 1) %% %d * %d + %d]", i, slot->slots, slot->count, e);
                else fputc(*c, out);
            }
        }
}

static void put_stage(const pl_program *p, FILE *out, int stage) {
    int stages = pl_method_stages(p->method);
    fprintf(out, "r = rows + ((long)n * %d + %d) * %d;\n", stages, stage, p->row_count);
    int clock = p->time_at[PL_LANE][PL_STAGE_CLOCK];
    if (clock >= 0) {
        static const char *const part[3][4] = {{"0.0"}, {"0.0", "1.0"}, {"0.0", "0.5", "0.5", "1.0"}};
        fprintf(out, "s%d = %a + ((double)n + %s) * %a;\n", clock, p->initial_time, part[p->method][stage],
                p->time_step);
    }
    put_part(p, out, PL_RATES);
}

static void put_advance(const pl_program *p, FILE *out) {
    double dt = p->time_step;
    if (p->method == PL_EULER) {
        put_each(p, out, PL_STATE_STOCK, "S = N;\n");
        put_each(p, out, PL_STATE_HELD, "S = N;\n");
        put_each(p, out, PL_STATE_DELAY, "R = N; S = Q;\n");
        return;
    }
    put_each(p, out, PL_STATE_HELD, "double hK = N;\n");
    put_each(p, out, PL_STATE_DELAY, "double hK = N;\n");
    fprintf(out, "double f = %a;\n", p->method == PL_RK2 ? dt : dt / 2.0);
    put_each(p, out, PL_STATE_STOCK, "double bK = S, vK = N; S = bK + f * N;\n");
    put_stage(p, out, 1);
    if (p->method == PL_RK2) {
        put_each(p, out, PL_STATE_STOCK, "vK = vK + N;\n");
    } else {
        put_each(p, out, PL_STATE_STOCK, "vK = vK + 2.0 * N; S = bK + f * N;\n");
        put_stage(p, out, 2);
        fprintf(out, "f = %a;\n", dt);
        put_each(p, out, PL_STATE_STOCK, "vK = vK + 2.0 * N; S = bK + f * N;\n");
        put_stage(p, out, 3);
        put_each(p, out, PL_STATE_STOCK, "vK = vK + N;\n");
    }
    fprintf(out, "f = %a;\n", p->method == PL_RK2 ? dt / 2.0 : dt / 6.0);
    put_each(p, out, PL_STATE_STOCK, "S = bK + f * vK;\n");
    put_each(p, out, PL_STATE_HELD, "S = hK;\n");
    put_each(p, out, PL_STATE_DELAY, "R = hK; S = Q;\n");
}

/* ---- measures ---- */

/* X is the variable, V the measure so far; at the opening of the window V = X unless said here */
static const char *measure_form(int take) {
    switch (take) {
    case PL_TAKE_CHANGE: return "V = X - V;";
    case PL_TAKE_MIN: return "V = X < V ? X : V;";
    case PL_TAKE_MAX: return "V = X > V ? X : V;";
    default: return "V = V + X;";
    }
}

static void put_form(FILE *out, const char *form, pl_register of, int number) {
    for (const char *c = form; *c; c++) {
        if (*c == 'X') put_place(out, of, 0);
        else if (*c == 'V') fprintf(out, "m%d", number);
        else fputc(*c, out);
    }
}

static void put_measure(const pl_program *p, FILE *out, int i) {
    const pl_gauge *g = &p->gauges[i];
    int last = g->take == PL_TAKE_INTEGRAL ? g->to - 1 : g->to;
    if (g->take == PL_TAKE_FIRST_ABOVE || g->take == PL_TAKE_FIRST_BELOW) {
        fprintf(out, "if (n >= %d && n <= %d && m%d != m%d && ", g->from, g->to, i, i);
        put_place(out, g->of, 0);
        fprintf(out, " %s %a) m%d = %a + n * %a;\n", g->take == PL_TAKE_FIRST_ABOVE ? ">" : "<", g->threshold, i,
                p->initial_time, p->time_step);
        return;
    }
    int opening = g->take == PL_TAKE_FINAL ? g->to : g->from;
    fprintf(out, "if (n == %d) { ", opening);
    put_form(out, "V = X; ", g->of, i);
    if (g->take == PL_TAKE_FINAL || g->take == PL_TAKE_INITIAL || g->take == PL_TAKE_AT) {
        fputs("}\n", out);
        return;
    }
    fprintf(out, "} else if (n %s %d && n <= %d) { ", g->take == PL_TAKE_CHANGE ? "==" : ">",
            g->take == PL_TAKE_CHANGE ? g->to : g->from, last);
    put_form(out, measure_form(g->take), g->of, i);
    fputs("}\n", out);
}

/* measured[n]: whether a step is in the window of any measure */
static void put_windows(const pl_program *p, FILE *out) {
    fputs("static const char measured[] = {", out);
    for (int n = 0; n <= p->steps; n++) {
        int any = 0;
        for (int i = 0; i < p->gauge_count; i++) any |= pl_gauge_active(&p->gauges[i], n);
        fprintf(out, "%d,", any);
    }
    fputs("};\n", out);
}

static void put_results(const pl_program *p, FILE *out) {
    for (int i = 0; i < p->gauge_count; i++) {
        const pl_gauge *g = &p->gauges[i];
        fprintf(out, "measures[%d] = m%d", i, i);
        if (g->take == PL_TAKE_MEAN) fprintf(out, " / %a", (double)(g->to - g->from + 1));
        if (g->take == PL_TAKE_INTEGRAL) fprintf(out, " * %a", p->time_step);
        fputs(";\n", out);
    }
}

/* ---- the whole ---- */

static void put_variables(const pl_program *p, FILE *out) {
    const pl_side *side = &p->side[PL_LANE];
    for (int i = 0; i < side->slab_registers; i++) fprintf(out, "double s%d = 0.0;\n", i);
    for (int i = 0; i < side->scratch_registers; i++) fprintf(out, "double t%d = 0.0;\n", i);
    for (int i = 0; i < p->gauge_count; i++) fprintf(out, "double m%d = __builtin_nan(\"\");\n", i);
    for (int i = 0; i < side->slot_count; i++)
        if (side->slots[i].kind == PL_STATE_DELAY)
            fprintf(out, "double ring%d[%d];\n", i, side->slots[i].slots * side->slots[i].count);
    for (int i = 0; i < p->lane_inputs; i++) {
        fprintf(out, "s%d = ", i);
        put_number(out, p->lane_image[i]);
        fputs(";\n", out);
    }
    for (int i = 0; i < p->input_count; i++) {
        const pl_input_slot *slot = &p->inputs[i];
        if (slot->side != PL_LANE || slot->input_class != PL_INPUT_UNCERTAINTY) continue;
        for (int k = 0; k < slot->count; k++) fprintf(out, "s%d = inputs[%d];\n", slot->at + k, i);
    }
}

static int translates(const pl_program *p) {
    const pl_side *side = &p->side[PL_LANE];
    for (int phase = 0; phase < PL_PHASES; phase++)
        for (int i = 0; i < side->length[phase]; i++)
            if (side->tape[phase][i].code > PL_CODE_LOOKUP) return 0;
    return 1;
}

int emit_program(const pl_program *p, FILE *out) {
    if (!translates(p)) return 0;
    fputs("#include \"program/math.h\"\n", out);
    put_functions(out);
    put_lookup(p, out);
    put_windows(p, out);
    fputs("void emitted(const double *inputs, const double *p, const double *rows, double *measures);\n"
          "void emitted(const double *inputs, const double *p, const double *rows, double *measures) {\n"
          "const double *r = rows;\n", out);
    put_variables(p, out);
    put_part(p, out, PL_START);
    put_start(p, out);
    put_part(p, out, PL_EPOCH);
    fprintf(out, "for (int n = 0; n <= %d; n++) {\n", p->steps);
    put_stage(p, out, 0);
    fputs("if (measured[n]) {\n", out);
    put_part(p, out, PL_OUTPUTS);
    for (int i = 0; i < p->gauge_count; i++) put_measure(p, out, i);
    fputs("}\n", out);
    fprintf(out, "if (n == %d) break;\n", p->steps);
    put_advance(p, out);
    fputs("}\n", out);
    put_results(p, out);
    fputs("}\n", out);
    return 1;
}
