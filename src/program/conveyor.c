/* Conveyors and queues: instructions that go lane by lane.  Their state is an array like any other: what a step makes
 * of it is a value, so that a copy of the slab forks a run.
 *
 * A conveyor is a belt of slats, one for each TIME STEP of travel; slat 0 leaves next.  In a step MOVE takes the
 * leakages off, gives slat 0 as the outflow and moves the rest; INSERT puts what flows in at the depth of the transit
 * time.  A linear leakage is laid down when material enters: per slat and leakage how much leaks in a step per unit of
 * the fraction (basis), and how much more of that travel is to come (window); both add where material meets.  FILL
 * makes the state at the start.  A queue is a list of batches, the first to leave in front, and their number. */
#include "model/functions.h"
#include "program/math.h"
#include "program/tape.h"

/* Values of an operand or of the result: register r of element e in lane i. */
typedef struct view {
    double *p;
    size_t row, lane;
} view;

static view view_of(const pl_frame *f, pl_register place) {
    unsigned base = PL_PLACE_BASE(place);
    return (view){pl_register_at(f, place, 0), f->width[base], base <= PL_SCRATCH};
}

typedef struct belt {
    pl_belt_shape shape;
    double dt;
    view state, params, out; /* state: of the step before; out: all results, then the new state */
    int e, lane, state_at;   /* state_at: registers of out before its state */
} belt;

static double get(const belt *b, view v, int r) {
    return v.p[((size_t)r * (size_t)b->shape.elements + (size_t)b->e) * v.row + (size_t)b->lane * v.lane];
}

static double param(const belt *b, int r) { return get(b, b->params, r); }
static double old(const belt *b, int r) { return get(b, b->state, r); }

static double *result(const belt *b, int r) {
    return &b->out.p[((size_t)r * (size_t)b->shape.elements + (size_t)b->e) * b->out.row + (size_t)b->lane];
}

static double *new(const belt *b, int r) { return result(b, b->state_at + r); }

/* ---- where things are in a conveyor's state ---- */

static bool is_linear(const pl_belt_shape *s) { return s->leaks > 0 && !(s->flags & PL_BELT_EXPONENTIAL); }
static int basis_at(const pl_belt_shape *s, int k, int i) { return (1 + k) * s->slats + i; }
static int window_at(const pl_belt_shape *s, int k, int i) { return (1 + s->leaks + k) * s->slats + i; }
static int length_at(const pl_belt_shape *s) { return s->slats * (is_linear(s) ? 1 + 2 * s->leaks : 1); }
static int depth_at(const pl_belt_shape *s) { return length_at(s) + 1; }
static int carry_at(const pl_belt_shape *s, int k) { return length_at(s) + 2 + k; }

int64_t pl_belt_state(const pl_belt_shape *s) {
    return (int64_t)s->slats * (is_linear(s) ? 1 + 2 * s->leaks : 1) + 2 + s->leaks;
}

/* ---- leakage zones ---- */

/* The slats in which a leakage acts on a belt of `length` slats: those whose middle lies between its start and end,
 * measured from where material enters. */
typedef struct zone {
    double low, high; /* slats, both included */
} zone;

static zone zone_of(double start, double end, double length) {
    const double near = 1e-9;
    return (zone){-pl_floor(near + 0.5 - (1.0 - end) * length), pl_floor((1.0 - start) * length - 0.5 + near)};
}

static double count_between(double low, double high) { return high >= low ? high - low + 1.0 : 0.0; }

/* A whole number from 0 to most. */
static int whole(double x, int most) { return x < most ? (x > 0.0 ? (int)x : 0) : most; }

static double least(double a, double b) { return a < b ? a : b; }
static double most(double a, double b) { return a > b ? a : b; }

/* How many of slats 0 .. depth - 1 are in the zone. */
static double zone_slats(zone z, double depth) { return count_between(most(z.low, 0.0), least(z.high, depth - 1.0)); }

static double fraction_of(const belt *b, double f) {
    if (f < 0.0) return 0.0;
    return f > 1.0 && !(b->shape.flags & PL_BELT_EXPONENTIAL) ? 1.0 : f;
}

/* What a unit of material that enters at a depth will leak to each leakage per step in its zone and unit of fraction. A
 * fraction is one of what comes to the zone, so that leakages nearer to the entry are taken off first. */
static void plan_leaks(const belt *b, int first, int each, double depth, double length, zone *zones, double *basis) {
    int leaks = b->shape.leaks;
    bool done[PL_MOST_LEAKS] = {false};
    double reached[PL_MOST_LEAKS], slats[PL_MOST_LEAKS];
    for (int k = 0; k < leaks; k++) {
        zones[k] = zone_of(param(b, first + each * k + 1), param(b, first + each * k + 2), length);
        slats[k] = zone_slats(zones[k], depth);
    }
    for (int n = 0; n < leaks; n++) {
        int k = -1;
        for (int j = 0; j < leaks; j++)
            if (!done[j] && (k < 0 || zones[j].high > zones[k].high)) k = j;
        reached[k] = 1.0;
        for (int j = 0; j < leaks; j++) {
            if (!done[j] || slats[j] == 0.0 || !(zones[j].high > zones[k].high)) continue;
            double before =
                count_between(most(most(zones[j].low, zones[k].high + 1.0), 0.0), least(zones[j].high, depth - 1.0));
            reached[k] -= fraction_of(b, param(b, first + each * j)) * reached[j] * before / slats[j];
        }
        if (reached[k] < 0.0) reached[k] = 0.0;
        basis[k] = slats[k] > 0.0 ? reached[k] / slats[k] : 0.0;
        done[k] = true;
    }
}

/* ---- MOVE: params are arrest, held, then fraction, start, end, held of each leakage ---- */

enum { MOVE_ARREST, MOVE_HELD, MOVE_LEAKS, MOVE_EACH = 4 };

static double linear_leak(const belt *b, int k, int i) {
    double use = least(old(b, basis_at(&b->shape, k, i)), old(b, window_at(&b->shape, k, i)));
    return fraction_of(b, param(b, MOVE_LEAKS + MOVE_EACH * k)) * use;
}

static bool in_zone(const belt *b, int k, int i, double length) {
    int at = MOVE_LEAKS + MOVE_EACH * k;
    zone z = zone_of(param(b, at + 1), param(b, at + 2), length);
    return i >= z.low && i <= z.high && param(b, at + 3) == 0.0;
}

/* Rates add: all exponential leakages of a slat are parts of what it held before. */
static double exponential_share(const belt *b, int i, double length) {
    double sum = 0.0;
    for (int k = 0; k < b->shape.leaks; k++)
        if (in_zone(b, k, i, length)) sum += fraction_of(b, param(b, MOVE_LEAKS + MOVE_EACH * k)) * b->dt;
    return sum > 1.0 ? 1.0 / sum : 1.0;
}

static bool leaks_integers(const belt *b, int k) { return b->shape.flags >> PL_BELT_INTEGERS & 1 << k; }

static double leak_of(const belt *b, int k, int i, double held, double share) {
    if (!(b->shape.flags & PL_BELT_EXPONENTIAL)) return linear_leak(b, k, i);
    return held * fraction_of(b, param(b, MOVE_LEAKS + MOVE_EACH * k)) * b->dt * share;
}

/* What a leakage of whole units has to give: what it would have given so far and has not. */
static void sum_integers(const belt *b, int k, int slats, double length) {
    double *due = new(b, carry_at(&b->shape, k));
    *due = old(b, carry_at(&b->shape, k));
    for (int i = 0; i < slats; i++)
        if (in_zone(b, k, i, length)) *due += leak_of(b, k, i, old(b, i), exponential_share(b, i, length));
}

/* Takes the leakages of a slat off what it holds; each result adds up what has leaked. */
static double leak_slat(const belt *b, int i, double length) {
    double held = old(b, i), left = held, share = 1.0;
    if (b->shape.flags & PL_BELT_EXPONENTIAL) share = exponential_share(b, i, length);
    for (int k = 0; k < b->shape.leaks; k++) {
        if (!in_zone(b, k, i, length)) continue;
        double *leaked = result(b, 1 + k), take = leak_of(b, k, i, held, share);
        if (leaks_integers(b, k)) take = pl_floor(*new(b, carry_at(&b->shape, k)) + 1e-9) - *leaked;
        if (take > left) take = left;
        left -= take, *leaked += take;
    }
    return left;
}

/* Lays what stays of slat i into slat `to`, with what it is still to leak. */
static void lay(const belt *b, int i, int to, double left, double length, bool travels) {
    const pl_belt_shape *s = &b->shape;
    *new(b, to) += left;
    if (left != 0.0) *new(b, length_at(s)) = most(*new(b, length_at(s)), to + 1.0);
    for (int k = 0; k < s->leaks && is_linear(s); k++) {
        double basis = old(b, basis_at(s, k, i)), window = old(b, window_at(s, k, i));
        if (travels && in_zone(b, k, i, length)) window -= least(basis, window);
        *new(b, basis_at(s, k, to)) += basis;
        *new(b, window_at(s, k, to)) += window;
    }
}

static void move_lane(const belt *b) {
    const pl_belt_shape *s = &b->shape;
    bool still = param(b, MOVE_ARREST) != 0.0, held = param(b, MOVE_HELD) != 0.0;
    double length = old(b, length_at(s)), stays = 0.0, out = 0.0;
    int slats = whole(length, s->slats);
    *new(b, depth_at(s)) = old(b, depth_at(s));
    for (int k = 0; k < s->leaks; k++)
        if (leaks_integers(b, k) && !still) sum_integers(b, k, slats, length);
        else *new(b, carry_at(s, k)) = old(b, carry_at(s, k));
    for (int i = 0; i < slats; i++) {
        double left = still ? old(b, i) : leak_slat(b, i, length);
        bool leaves = i == 0 && !still && !held;
        if (leaves) out = left;
        else stays += left, lay(b, i, i > 0 && !still ? i - 1 : i, left, length, !still);
    }
    if (still) *new(b, length_at(s)) = length;
    *result(b, 0) = out / b->dt;
    for (int k = 0; k < s->leaks; k++) {
        if (leaks_integers(b, k)) *new(b, carry_at(s, k)) -= *result(b, 1 + k);
        *result(b, 1 + k) /= b->dt;
    }
    *result(b, 1 + s->leaks) = stays;
}

/* ---- INSERT: params are the inflow, transit time, sample, arrest, then fraction, start, end of each leakage ---- */

enum { INSERT_INFLOW, INSERT_TIME, INSERT_SAMPLE, INSERT_ARREST, INSERT_LEAKS, INSERT_EACH = 3 };

static double steps_of(double time, double dt) {
    double steps = pl_floor(time / dt + 0.5);
    return steps < 1.0 ? 1.0 : steps;
}

/* Material that enters at a depth. Deeper than the belt is long it would not leave before the run ends. */
static void put(const belt *b, int first, int each, double volume, double depth, double length) {
    const pl_belt_shape *s = &b->shape;
    int to = depth < s->slats ? (int)depth - 1 : s->slats - 1;
    *new(b, to) += volume;
    if (!is_linear(s)) return;
    zone zones[PL_MOST_LEAKS];
    double basis[PL_MOST_LEAKS];
    plan_leaks(b, first, each, depth, length, zones, basis);
    for (int k = 0; k < s->leaks; k++) {
        *new(b, basis_at(s, k, to)) += volume * basis[k];
        *new(b, window_at(s, k, to)) += volume * basis[k] * zone_slats(zones[k], depth);
    }
}

static void insert_lane(const belt *b) {
    const pl_belt_shape *s = &b->shape;
    if (param(b, INSERT_ARREST) != 0.0) return;
    double *depth = new(b, depth_at(s)), *length = new(b, length_at(s)), volume = param(b, INSERT_INFLOW) * b->dt;
    if (param(b, INSERT_SAMPLE) != 0.0) *depth = steps_of(param(b, INSERT_TIME), b->dt);
    if (!(*depth >= 1.0)) *depth = 1.0, volume = param(b, INSERT_TIME); /* no transit time: the run fails by its NaN */
    *length = most(*length, *depth);
    put(b, INSERT_LEAKS, INSERT_EACH, volume, *depth, *length);
}

/* ---- FILL: params are the content, transit time, then fraction, start, end of each leakage, then a list ---- */

enum { FILL_CONTENT, FILL_TIME, FILL_LEAKS, FILL_EACH = 3, FILL_LONGEST = 1000000 };

/* What is left after one step of what came into slat i with `content`, of a unit that entered. */
static double pass(const belt *b, int i, double content, const zone *zones, const double *basis) {
    double lost = 0.0;
    for (int k = 0; k < b->shape.leaks; k++) {
        double f = fraction_of(b, param(b, FILL_LEAKS + FILL_EACH * k));
        bool inside = i >= zones[k].low && i <= zones[k].high;
        if (inside) lost += is_linear(&b->shape) ? f * basis[k] : f * b->dt * content;
    }
    return lost < content ? content - lost : 0.0;
}

static double unit_of(const belt *b, int i) { return pl_floor(i * b->dt + 1e-9); }

/* In a discrete conveyor all material of a unit of time lies where that unit begins, seen from the entry. */
static bool holds_material(const belt *b, int i, int depth) {
    return !(b->shape.flags & PL_BELT_DISCRETE) || i == depth - 1 || unit_of(b, i + 1) != unit_of(b, i);
}

static double slats_of_unit(const belt *b, double unit, int depth) {
    const double near = 1e-9;
    if (b->shape.flags & PL_BELT_DISCRETE) return 1.0;
    double from = -pl_floor((near - unit) / b->dt), to = -pl_floor((near - unit - 1.0) / b->dt);
    return least(to, depth) - from;
}

/* What a list says of slat i: a value for each slat, or for each unit of time; the last one goes on. */
static double listed(const belt *b, int i, int depth) {
    int first = FILL_LEAKS + FILL_EACH * b->shape.leaks, count = b->shape.listed;
    if (count == depth) return param(b, first + i);
    double unit = unit_of(b, i);
    return param(b, first + (unit < count ? (int)unit : count - 1)) / slats_of_unit(b, unit, depth);
}

static void fill_slat(const belt *b, int i, double content, double entered, const zone *zones, const double *basis) {
    const pl_belt_shape *s = &b->shape;
    int to = i < s->slats ? i : s->slats - 1;
    *new(b, to) += content;
    *result(b, 0) += content;
    for (int k = 0; k < s->leaks && is_linear(s); k++) {
        *new(b, basis_at(s, k, to)) += entered * basis[k];
        *new(b, window_at(s, k, to)) += entered * basis[k] * zone_slats(zones[k], i + 1.0);
    }
}

/* The content lies as if the same amount had entered in every step before. */
static void fill_lane(const belt *b) {
    const pl_belt_shape *s = &b->shape;
    zone zones[PL_MOST_LEAKS];
    double basis[PL_MOST_LEAKS], steps = steps_of(param(b, FILL_TIME), b->dt), sum = 0.0, content = 1.0;
    *new(b, depth_at(s)) = *new(b, length_at(s)) = steps;
    if (!(steps <= FILL_LONGEST)) {
        *new(b, 0) = *result(b, 0) = PL_NAN;
        *new(b, depth_at(s)) = *new(b, length_at(s)) = 1.0;
        return;
    }
    int depth = (int)steps;
    plan_leaks(b, FILL_LEAKS, FILL_EACH, steps, steps, zones, basis);
    for (int i = depth - 1; i >= 0; content = pass(b, i--, content, zones, basis))
        if (holds_material(b, i, depth)) sum += content;
    double scale = sum > 0.0 ? param(b, FILL_CONTENT) / sum : 0.0;
    content = 1.0;
    for (int i = depth - 1; i >= 0; content = pass(b, i--, content, zones, basis)) {
        if (!holds_material(b, i, depth)) continue;
        double held = s->listed ? listed(b, i, depth) : scale * content;
        fill_slat(b, i, held, s->listed ? (content > 0.0 ? held / content : 0.0) : scale, zones, basis);
    }
}

/* ---- queues: SERVE's params are the inflow, then limit and flags of each outflow ---- */

enum { SERVE_INFLOW, SERVE_OUTFLOWS, SERVE_EACH = 2 };

typedef struct line { /* the batches of a queue while outflows take from its front; the first may be cut */
    const belt *b;
    int count, front;
    double entered, cut; /* the batch of this step; what is left of the first */
} line;

static double batch_at(const line *l, int i) {
    if (i == l->front && l->cut >= 0.0) return l->cut;
    return i < l->count ? old(l->b, i) : l->entered;
}

static int batches(const line *l) { return l->count + (l->entered > 0.0); }

static double take_all(line *l) {
    double taken = 0.0;
    for (; l->front < batches(l); l->front++, l->cut = -1.0) taken += batch_at(l, l->front);
    return taken;
}

/* Takes up to `room`; *blocked: there was more. */
static double take_some(line *l, double room, int flags, bool *blocked) {
    double taken = 0.0;
    const double slack = 1.0 + 1e-12; /* room comes from sums and differences */
    while (l->front < batches(l)) {
        double batch = batch_at(l, l->front), left = room - taken;
        if (!(batch <= left * slack)) {
            *blocked = true;
            if (left != left) return left;
            if (flags & PL_QUEUE_WHOLE || !(left > 0.0)) break;
            l->cut = batch - left;
            return taken + left;
        }
        taken += batch, l->front++, l->cut = -1.0;
        if (flags & PL_QUEUE_ONE) break;
    }
    return taken;
}

static void serve_lane(const belt *b) {
    const pl_belt_shape *s = &b->shape;
    line l = {b, whole(old(b, s->slats), s->slats), 0, param(b, SERVE_INFLOW) * b->dt, -1.0};
    bool blocked = false;
    for (int k = 0; k < s->leaks; k++) {
        double limit = param(b, SERVE_OUTFLOWS + SERVE_EACH * k) * b->dt;
        int flags = whole(param(b, SERVE_OUTFLOWS + SERVE_EACH * k + 1), 255);
        bool idle = flags & PL_QUEUE_OVERFLOW && !blocked;
        double taken = idle ? 0.0 : limit == PL_INFINITY ? take_all(&l) : take_some(&l, limit, flags, &blocked);
        *result(b, k) = taken / b->dt;
    }
    int count = 0;
    for (int i = l.front; i < batches(&l); i++, count++)
        *new (b, count < s->slats ? count : s->slats - 1) += batch_at(&l, i);
    *new(b, s->slats) = count < s->slats ? count : s->slats;
    if (l.entered != l.entered) *new(b, 0) = l.entered;
}

static void queue_lane(const belt *b) {
    *new(b, 0) = param(b, 0);
    *new(b, b->shape.slats) = param(b, 0) > 0.0 ? 1.0 : 0.0;
}

/* ---- all lanes ---- */

void pl_run_belt(const pl_frame *f, const pl_instruction *in) {
    const int32_t *ints = f->program->ints + in->detail;
    belt b = {.shape = {ints[0], ints[1], ints[2], ints[3], ints[4]}, .dt = f->program->time_step};
    bool fresh = in->code == PL_CODE_BELT_FILL || in->code == PL_CODE_QUEUE_FILL,
         insert = in->code == PL_CODE_BELT_INSERT;
    size_t all = (size_t)in->count * (size_t)f->lanes;
    b.out = (view){pl_register_out(f, in, 0), (size_t)f->lanes, 1};
    b.params = view_of(f, in->in[fresh ? 0 : 1]);
    if (!fresh) b.state = view_of(f, in->in[0]);
    b.state_at = in->code == PL_CODE_BELT_FILL   ? 1
                 : in->code == PL_CODE_BELT_MOVE   ? 2 + b.shape.leaks
                 : in->code == PL_CODE_QUEUE_SERVE ? b.shape.leaks
                                                   : 0;
    for (size_t i = 0; i < all && !insert; i++) b.out.p[i] = 0.0;
    for (int r = 0; r < in->count && insert; r++)
        for (int i = 0; i < f->lanes; i++)
            b.out.p[(size_t)r * b.out.row + (size_t)i] = b.state.p[(size_t)r * b.state.row + (size_t)i * b.state.lane];
    for (b.e = 0; b.e < b.shape.elements; b.e++)
        for (b.lane = 0; b.lane < f->lanes; b.lane++)
            switch ((pl_code)in->code) {
            case PL_CODE_BELT_FILL: fill_lane(&b); break;
            case PL_CODE_BELT_MOVE: move_lane(&b); break;
            case PL_CODE_BELT_INSERT: insert_lane(&b); break;
            case PL_CODE_QUEUE_FILL: queue_lane(&b); break;
            case PL_CODE_QUEUE_SERVE: serve_lane(&b); break;
            default: break;
            }
}

/* ---- what loading checks ---- */

bool pl_belt_counts(int code, const int32_t *ints, int64_t *out, int64_t runs[2]) {
    pl_belt_shape s = {ints[0], ints[1], ints[2], ints[3], ints[4]};
    const int limit = 1 << 24;
    if (s.elements < 1 || s.elements > limit || s.slats < 1 || s.slats > limit || s.listed < 0 || s.listed > limit)
        return false;
    if (s.leaks < 0 || s.leaks > PL_MOST_LEAKS) return false;
    int64_t conveyor = pl_belt_state(&s), queue = (int64_t)s.slats + 1;
    runs[0] = runs[1] = 0;
    switch (code) {
    case PL_CODE_BELT_FILL: *out = 1 + conveyor, runs[0] = FILL_LEAKS + FILL_EACH * s.leaks + s.listed; break;
    case PL_CODE_BELT_MOVE:
        *out = 2 + s.leaks + conveyor, runs[0] = conveyor, runs[1] = MOVE_LEAKS + MOVE_EACH * s.leaks;
        break;
    case PL_CODE_BELT_INSERT:
        *out = conveyor, runs[0] = conveyor, runs[1] = INSERT_LEAKS + INSERT_EACH * s.leaks;
        break;
    case PL_CODE_QUEUE_FILL: *out = queue, runs[0] = 2; break;
    case PL_CODE_QUEUE_SERVE:
        *out = s.leaks + queue, runs[0] = queue, runs[1] = SERVE_OUTFLOWS + SERVE_EACH * s.leaks;
        break;
    default: return false;
    }
    *out *= s.elements, runs[0] *= s.elements, runs[1] *= s.elements;
    return true;
}
