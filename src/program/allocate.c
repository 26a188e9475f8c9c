/* Allocation: curves that say how much of a quantity is asked for or supplied at a price (or priority) x, and the x at
 * which they meet.  One lane at a time; the meeting is found as exactly as doubles go.  See lanes.c.
 *
 * Vensim's curves (reference manual, Specifying the Curves): the quantity times the share of a distribution above x
 * (demand) or below it (supply), by type: 0 all of it at any x, 1 rectangular, 2 triangular (both from priority -
 * width / 2 to priority + width / 2), 3 normal (width is the standard deviation), 4 exponential on both sides of the
 * priority.  Any other type gives NaN.  A width that is not above 0 is a step. */
#include "program/math.h"
#include "program/tape.h"

enum { MOST = 1024, ROUNDS = 200 };

typedef struct agent {
    double quantity, type, priority, width;
} agent;

/* The share of the standard normal distribution above z >= 0, by the formula that Vensim's results follow: Abramowitz
 * and Stegun, Handbook of Mathematical Functions, 26.2.17, error below 7.5e-8. */
static double upper_tail(double z) {
    static const double terms[] = {0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429};
    double t = 1.0 / (1.0 + 0.2316419 * z), sum = 0.0;
    for (int k = sizeof terms / sizeof *terms; k-- > 0;) sum = (sum + terms[k]) * t;
    return 0.3989422804014327 * pl_exp(-z * z / 2.0) * sum;
}

/* The share of a curve's distribution above its middle + way. */
static double share_above(double type, double way, double width) {
    if (type == 0.0) return 1.0;
    if (!(width > 0.0)) return way < 0.0 ? 1.0 : 0.0;
    double z = way / (type < 3.0 ? width / 2.0 : width), a = pl_fabs(z), above = PL_NAN;
    if (type == 1.0) above = a < 1.0 ? 0.5 - 0.5 * a : 0.0;
    if (type == 2.0) above = a < 1.0 ? (1.0 - a) * (1.0 - a) / 2.0 : 0.0;
    if (type == 3.0) above = upper_tail(a < 40.0 ? a : 40.0);
    if (type == 4.0) above = 0.5 * pl_exp(-a);
    return z < 0.0 ? 1.0 - above : above;
}

static double demand_at(const agent *a, double x) {
    return a->quantity > 0.0 ? a->quantity * share_above(a->type, x - a->priority, a->width) : 0.0 * a->quantity;
}

static double supply_at(const agent *a, double x) {
    return a->quantity > 0.0 ? a->quantity * share_above(a->type, a->priority - x, a->width) : 0.0 * a->quantity;
}

/* How far from its middle a curve still changes, in doubles. */
static double reach(const agent *a) {
    double widths = a->type < 3.0 ? 0.5 : a->type == 3.0 ? 40.0 : 750.0;
    return a->width > 0.0 ? widths * a->width : 1.0;
}

/* Between which x the curves of some agents change; none do where low > high. */
static void find_range(const agent *agents, int count, double *low, double *high) {
    *low = PL_INFINITY, *high = -PL_INFINITY;
    for (int i = 0; i < count; i++) {
        const agent *a = &agents[i];
        if (a->type == 0.0) continue;
        if (a->priority - reach(a) < *low) *low = a->priority - reach(a);
        if (a->priority + reach(a) > *high) *high = a->priority + reach(a);
    }
}

static void load(const pl_frame *f, const pl_instruction *in, int from, int lane, agent *agents) {
    int run = f->program->ints[in->detail + 1];
    for (int k = 0; k < run; k++)
        agents[k] = (agent){pl_lane_value(f, in->in[0], from + k, lane), pl_lane_value(f, in->in[1], from + k, lane),
                            pl_lane_value(f, in->in[2], from + k, lane), pl_lane_value(f, in->in[3], from + k, lane)};
}

/* ---- a supply that is given ---- */

static double demand_of_all(const agent *agents, int count, double x) {
    double sum = 0.0;
    for (int i = 0; i < count; i++) sum += demand_at(&agents[i], x);
    return sum;
}

/* Halves the range until the demand at its low end is at least the supply and at its high end less, as near as doubles
 * come; out of the range demand is all or nothing.  What lies between is shared along the line from one to the other,
 * so that a step is shared by quantities, and the sum is the supply. */
static void allocate(const agent *agents, int count, double supply, double total, double *out) {
    double low, high, at_low = total, at_high = 0.0;
    bool found_low = false, found_high = false;
    find_range(agents, count, &low, &high);
    for (int k = 0; k < ROUNDS; k++) {
        double middle = low + (high - low) / 2.0;
        if (!(middle > low && middle < high)) break;
        double demand = demand_of_all(agents, count, middle);
        if (demand >= supply)
            low = middle, at_low = demand, found_low = true;
        else
            high = middle, at_high = demand, found_high = true;
    }
    double share = at_low > at_high ? (supply - at_high) / (at_low - at_high) : 0.0;
    for (int i = 0; i < count; i++) {
        double above = agents[i].quantity > 0.0 ? agents[i].quantity : 0.0, below = 0.0;
        if (found_low) above = demand_at(&agents[i], low);
        if (found_high) below = demand_at(&agents[i], high);
        out[i] = below + (above - below) * share;
    }
}

static void run_allocate(const pl_frame *f, const pl_instruction *in, int from, int lane) {
    int run = f->program->ints[in->detail + 1];
    agent agents[MOST];
    double out[MOST], total = 0.0, supply = pl_lane_value(f, in->in[4], from, lane), known = supply - supply;
    load(f, in, from, lane, agents);
    for (int i = 0; i < run; i++) {
        const agent *a = &agents[i];
        bool curve = a->type == 0.0 || a->type == 1.0 || a->type == 2.0 || a->type == 3.0 || a->type == 4.0;
        known += (a->quantity - a->quantity) + (a->priority - a->priority) + (a->width - a->width);
        if (!curve) known = PL_NAN;
        if (a->quantity > 0.0) total += a->quantity;
    }
    if (!(supply < total) || !(supply > 0.0))
        for (int i = 0; i < run; i++) out[i] = supply > 0.0 && agents[i].quantity > 0.0 ? agents[i].quantity : 0.0;
    else if (known == 0.0)
        allocate(agents, run, supply, total, out);
    for (int i = 0; i < run; i++) pl_register_out(f, in, from + i)[lane] = known == 0.0 ? out[i] : PL_NAN;
}

/* ---- a price between demand and supply ---- */

/* Demand less supply, which falls as x rises; operand 4 tells the sides apart. */
static double excess_at(const agent *agents, const double *sides, int count, double x) {
    double demand = 0.0, supply = 0.0;
    for (int i = 0; i < count; i++)
        if (sides[i] > 0.0)
            demand += demand_at(&agents[i], x);
        else
            supply += supply_at(&agents[i], x);
    return demand - supply;
}

/* The largest x at which demand is not below supply, within the range in which they change. */
static void run_price(const pl_frame *f, const pl_instruction *in, int from, int lane) {
    int run = f->program->ints[in->detail + 1];
    agent agents[MOST];
    double sides[MOST], low, high;
    load(f, in, from, lane, agents);
    for (int i = 0; i < run; i++) sides[i] = pl_lane_value(f, in->in[4], from + i, lane);
    find_range(agents, run, &low, &high);
    for (int k = 0; k < ROUNDS; k++) {
        double middle = low + (high - low) / 2.0;
        if (!(middle > low && middle < high)) break;
        double excess = excess_at(agents, sides, run, middle);
        if (excess != excess) low = high = excess;
        if (excess >= 0.0) low = middle;
        else high = middle;
    }
    for (int i = 0; i < run; i++) pl_register_out(f, in, from + i)[lane] = low > high ? 0.0 : low;
}

static void run_at_price(const pl_frame *f, const pl_instruction *in, int from, int lane, bool demand) {
    int run = f->program->ints[in->detail + 1];
    agent agents[MOST];
    load(f, in, from, lane, agents);
    for (int i = 0; i < run; i++) {
        double price = pl_lane_value(f, in->in[4], from + i, lane);
        pl_register_out(f, in, from + i)[lane] = demand ? demand_at(&agents[i], price) : supply_at(&agents[i], price);
    }
}

void pl_run_allocate(const pl_frame *f, const pl_instruction *in, int from, int lane) {
    switch (f->program->ints[in->detail]) {
    case PL_GROUP_ALLOCATE: run_allocate(f, in, from, lane); break;
    case PL_GROUP_PRICE: run_price(f, in, from, lane); break;
    default: run_at_price(f, in, from, lane, f->program->ints[in->detail] == PL_GROUP_DEMAND);
    }
}
