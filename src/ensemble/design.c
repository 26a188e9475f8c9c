/* See design.h. */
#include "ensemble/design.h"

#include <string.h>

#include "base/philox.h"

pl_design pl_design_of(const pl_situation *s) {
    return (pl_design){.latin = strcmp(s->design, "latin") == 0, .seed = s->seed, .futures = s->futures};
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

double pl_design_probability(const pl_design *design, uint64_t hash, long future) {
    uint64_t key = pl_stream_key(design->seed, hash);
    double jitter = pl_uniform_at(key, (uint64_t)future, 0);
    if (!design->latin) return jitter;
    /* Within a replicate a keyed permutation gives each future a stratum of its own; the jitter places it there. */
    pl_replicate replicate = pl_design_replicate(design->futures, future);
    uint64_t own = pl_stream_key(key, (uint64_t)replicate.number);
    uint64_t stratum = pl_permute(own, (uint64_t)(future - replicate.first), (uint64_t)replicate.size);
    double probability = ((double)stratum + jitter) / (double)replicate.size;
    return probability < 1 ? probability : 0x1.fffffffffffffp-1; /* rounding may not leave the open interval */
}

double pl_design_draw(const pl_design *design, const pl_uncertainty *uncertainty, long future) {
    return pl_distribution_quantile(&uncertainty->distribution,
                                    pl_design_probability(design, uncertainty->hash, future));
}
