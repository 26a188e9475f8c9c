/* See design.h. */
#include "ensemble/design.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/philox.h"

static const struct {
    const char *name, *futures;
    pl_design_basis basis;
} rows[] = {
#define X(id, name, basis, text, futures) {name, futures, basis},
    PL_DESIGNS(X)
#undef X
};

int pl_design_named(const char *name) {
    for (int i = 0; i < PL_DESIGN_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0) return i;
    return -1;
}

const char *pl_design_name(pl_design_kind kind) { return rows[kind].name; }

pl_design_basis pl_design_basis_of(const char *name) {
    int kind = pl_design_named(name);
    return kind < 0 ? PL_BASIS_DRAWS : rows[kind].basis;
}

const char *pl_design_list(char *out, size_t room) {
    size_t length = 0;
    for (int i = 0; i < PL_DESIGN_COUNT && length < room; i++)
        length += (size_t)snprintf(out + length, room - length, "%s%s",
                                   i == 0 ? "" : i == PL_DESIGN_COUNT - 1 ? " or " : ", ", rows[i].name);
    return out;
}

/* ---- how many futures ----------------------------------------------------------------------------------- */

/* L^d, or 0 where that is too many. */
static long power(long levels, int dimensions) {
    long all = 1;
    for (int i = 0; i < dimensions; i++) {
        if (all > PL_MOST_FUTURES / levels) return 0;
        all *= levels;
    }
    return all;
}

/* The levels of the factorial design with as many futures, or the most that have fewer. */
static long levels_of(int dimensions, long futures) {
    long levels = 1;
    while (dimensions && power(levels + 1, dimensions) && power(levels + 1, dimensions) <= futures) levels++;
    return levels;
}

/* Futures come in multiples of this; 0: it is not a matter of multiples. */
static long unit_of(pl_design_kind kind, int dimensions) {
    switch (kind) {
    case PL_DESIGN_MORRIS: return dimensions + 1;
    case PL_DESIGN_SALTELLI: return 2L * dimensions + 2;
    case PL_DESIGN_ONE_AT_A_TIME: return 2L * dimensions + 1;
    default: return 0;
    }
}

bool pl_design_takes(pl_design_kind kind, int dimensions, long futures, char *why, size_t room) {
    long unit = unit_of(kind, dimensions), levels = levels_of(dimensions, futures), other = unit;
    if (kind == PL_DESIGN_FACTORIAL) {
        if (levels >= 2 && power(levels, dimensions) == futures) return true;
        other = power(levels < 2 ? 2 : levels, dimensions);
    } else if (kind == PL_DESIGN_ONE_AT_A_TIME) {
        if (futures == unit) return true;
    } else {
        if (!unit || futures % unit == 0) return true;
        if (futures > unit) other = futures / unit * unit;
    }
    int length = snprintf(why, room, "the design '%s' of %d uncertainties takes %s futures, not %ld", rows[kind].name,
                          dimensions, rows[kind].futures, futures);
    if (length < 0 || (size_t)length >= room) return false;
    if (other && dimensions) snprintf(why + length, room - (size_t)length, ": %ld would do", other);
    else snprintf(why + length, room - (size_t)length, ", and here that cannot be");
    return false;
}

/* ---- the designs ---------------------------------------------------------------------------------------- */

pl_design pl_design_of(const pl_situation *s) {
    int kind = pl_design_named(s->design);
    return (pl_design){.kind = kind < 0 ? PL_DESIGN_RANDOM : (pl_design_kind)kind, .seed = s->seed,
                       .futures = s->futures, .dimensions = s->uncertainty_count, .bases = s->bases,
                       .copula = s->copula, .given = s->given, .group = s->input_group,
                       .groups = s->input_group_count};
}

static bool moves_groups(const pl_design *design) {
    return design->group && (design->kind == PL_DESIGN_MORRIS || design->kind == PL_DESIGN_SALTELLI);
}

int pl_design_parts(const pl_design *design) { return moves_groups(design) ? design->groups : design->dimensions; }

static int part_of(const pl_design *design, int place) { return moves_groups(design) ? design->group[place] : place; }

void pl_design_primes(int *primes, int count) {
    int found = 0;
    for (int n = 2; found < count; n++) {
        bool prime = true;
        for (int i = 0; i < found && primes[i] <= n / primes[i] && prime; i++) prime = n % primes[i] != 0;
        if (prime) primes[found++] = n;
    }
}

pl_replicate pl_design_replicate(long futures, long future) {
    long size = futures / PL_REPLICATES, longer = futures % PL_REPLICATES, in_longer = longer * (size + 1);
    if (future < in_longer) {
        long number = future / (size + 1);
        return (pl_replicate){(int)number, number * (size + 1), size + 1};
    }
    long number = (future - in_longer) / size;
    return (pl_replicate){(int)(longer + number), in_longer + number * size, size};
}

/* Rounding may not leave the open interval. */
static double inside(double probability) {
    const double most = 0x1.fffffffffffffp-1, least = 0x1p-54;
    return probability < least ? least : probability > most ? most : probability;
}

/* Within a replicate a keyed permutation gives each future a stratum of its own; the jitter places it there. */
static double latin(const pl_design *design, uint64_t key, long future) {
    double jitter = pl_uniform_at(key, (uint64_t)future, 0);
    pl_replicate replicate = pl_design_replicate(design->futures, future);
    uint64_t own = pl_stream_key(key, (uint64_t)replicate.number);
    uint64_t stratum = pl_permute(own, (uint64_t)(future - replicate.first), (uint64_t)replicate.size);
    return inside(((double)stratum + jitter) / (double)replicate.size);
}

/* The index-th number of Halton's sequence in a base, its digits permuted at random, each by the digits before it:
 * nested scrambling (Owen, Randomly permuted (t,m,s)-nets and (t,s)-sequences, 1995). Once the digits so far tell
 * `count` indices apart, what follows is a random number of each index's own. */
static double scrambled(uint64_t key, int base, uint64_t index, uint64_t count) {
    uint64_t before = 0, cells = 1, rest = index;
    double value = 0, width = 1;
    for (uint64_t level = 0; cells < count; level++) {
        uint64_t digit = pl_permute(pl_stream_key(pl_stream_key(key, level), before), rest % (uint64_t)base, (uint64_t)base);
        width /= base;
        value += (double)digit * width;
        before = before * (uint64_t)base + rest % (uint64_t)base;
        rest /= (uint64_t)base;
        cells *= (uint64_t)base;
    }
    return inside(value + width * pl_uniform_at(key, index, 1));
}

static double halton(const pl_design *design, uint64_t key, int place, long future) {
    pl_replicate replicate = pl_design_replicate(design->futures, future);
    uint64_t own = pl_stream_key(key, (uint64_t)replicate.number);
    return scrambled(own, design->bases[place], (uint64_t)(future - replicate.first), (uint64_t)replicate.size);
}

static double factorial(const pl_design *design, int place, long future) {
    long levels = levels_of(design->dimensions, design->futures);
    for (int i = 0; i < place; i++) future /= levels;
    return ((double)(future % levels) + 0.5) / (double)levels;
}

/* Levels 0, 1/3, 2/3, 1 and steps of 2/3 up or down (Morris 1991, Technometrics 33, with 4 levels), in each trajectory
 * from a level at random and in an order at random. */
static double morris(const pl_design *design, uint64_t key, int place, long future) {
    int parts = pl_design_parts(design);
    long trajectory = future / (parts + 1), moved = future % (parts + 1);
    static const char name[] = "order of a trajectory";
    uint64_t order = pl_stream_key(pl_stream_key(design->seed, pl_fnv1a(name, sizeof name - 1)), (uint64_t)trajectory);
    bool has_moved = pl_permute(order, (uint64_t)part_of(design, place), (uint64_t)parts) < (uint64_t)moved;
    int level = (int)(4 * pl_uniform_at(key, (uint64_t)trajectory, 0));
    if (has_moved) level += level < 2 ? 2 : -2;
    return inside(level / 3.0);
}

/* The ends of Morris' levels where a distribution has none: its 0.5 % and 99.5 % quantiles. */
static double cut_tails(const pl_design *design, const pl_distribution *d, double probability) {
    bool endless = d->kind == PL_DIST_NORMAL || d->kind == PL_DIST_LOGNORMAL;
    return endless && design->kind == PL_DESIGN_MORRIS ? 0.005 + 0.99 * probability : probability;
}

/* Rows of a block: A, B, then A with one column (or group of them) of B each, then B with one of A each (Saltelli
 * 2002). */
static double saltelli(const pl_design *design, uint64_t key, int place, long future) {
    int parts = pl_design_parts(design), part = part_of(design, place);
    long unit = unit_of(PL_DESIGN_SALTELLI, parts), block = future / unit, row = future % unit;
    bool second = row == 1 || row == 2 + part || (row >= 2 + parts && row != 2 + parts + part);
    int column = second ? design->dimensions + place : place;
    return scrambled(pl_stream_key(key, second), design->bases[column], (uint64_t)block,
                     (uint64_t)(design->futures / unit));
}

static double one_at_a_time(int place, long future) {
    return future == 1 + 2L * place ? 0.05 : future == 2 + 2L * place ? 0.95 : 0.5;
}

double pl_design_probability(const pl_design *design, uint64_t hash, int place, long future) {
    uint64_t key = pl_stream_key(design->seed, hash);
    switch (design->kind) {
    case PL_DESIGN_LATIN: return latin(design, key, future);
    case PL_DESIGN_HALTON: return halton(design, key, place, future);
    case PL_DESIGN_FACTORIAL: return factorial(design, place, future);
    case PL_DESIGN_MORRIS: return morris(design, key, place, future);
    case PL_DESIGN_SALTELLI: return saltelli(design, key, place, future);
    case PL_DESIGN_ONE_AT_A_TIME: return one_at_a_time(place, future);
    default: return pl_uniform_at(key, (uint64_t)future, 0);
    }
}

/* ---- draws ---------------------------------------------------------------------------------------------- */

/* A row of the copula: the normal scores of its members so far, weighted. */
static double correlated(const pl_design *design, const pl_copula *copula, int row, long future) {
    double score = 0;
    for (int k = 0; k <= row; k++) {
        const pl_copula_member *m = &copula->members[k];
        double u = pl_design_probability(design, m->hash, m->place, future);
        score += copula->lower[row * copula->count + k] * pl_normal_quantile(u);
    }
    return inside(pl_normal_probability(score));
}

double pl_design_draw(const pl_design *design, const pl_uncertainty *uncertainty, long future) {
    if (design->given) return design->given->values[future * design->given->columns + uncertainty->place];
    double u = design->copula && uncertainty->copula_row >= 0
                   ? correlated(design, design->copula, uncertainty->copula_row, future)
                   : pl_design_probability(design, uncertainty->hash, uncertainty->place, future);
    return pl_distribution_quantile(&uncertainty->distribution, cut_tails(design, &uncertainty->distribution, u));
}

double pl_design_weight(const pl_design *design, const pl_want *want, long future) {
    const pl_quantity *weight = &want->weight;
    if (!weight->distribution || rows[design->kind].basis == PL_BASIS_NONE) return weight->value;
    if (design->given) return design->given->values[future * design->given->columns + design->dimensions + want->drawn];
    uint64_t key = pl_stream_key(design->seed, want->hash);
    double u = design->kind == PL_DESIGN_RANDOM ? pl_uniform_at(key, (uint64_t)future, 0) : latin(design, key, future);
    return pl_distribution_quantile(weight->distribution, u);
}
