/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* An OpenTelemetry exponential histogram, built in the kernel.
 *
 *   HISTOGRAM(durations, struct duration_key, 64);
 *   histogram_record(&durations, &durations_lost, &key, ns);
 *
 * Scale 3: eight buckets per power of two, an error under 4.5 %. Bucket i holds the durations in
 * (2^((i-240)/8), 2^((i-239)/8)] seconds; the upper bound belongs to the bucket, as OpenTelemetry wants it.
 * They reach from 2^-30 s, just below a nanosecond, to 2^33 s, 272 years: there is no overflow. See
 * "Exponential Histogram" in the OpenTelemetry metrics data model.
 *
 * Per CPU and without atomic operations. sum, min and max are exact; the count is that of the buckets and zeros. */
#include "types.bpf.h"

#define HISTOGRAM_BUCKETS 512

struct histogram {
    u64 sum_ns;
    u64 max_ns;
    u64 not_min_ns; /* ~min: a map's new value is all zeros, and so is "no minimum yet" */
    u64 zeros;      /* durations of 0 ns: no bucket of an exponential histogram holds them */
    u64 buckets[HISTOGRAM_BUCKETS];
};

/* bounds[i] is the greatest whole number of nanoseconds in bucket i. User space computes them exactly
 * (floor(2^((i-239)/8) * 10^9), the last few cut to 2^63 - 1), so a comparison with them rounds nothing. */
const volatile u64 histogram_bounds[HISTOGRAM_BUCKETS];

/* The 64 bits of a number are sixteen groups of four. The bucket of the least number with a highest group q and j as
 * the eight bits from there on is first[q << 8 | j]. Behind its highest bit at least four of these are left, and a
 * sixteenth of a power of two is narrower than a bucket: what has these bits is in that one or the next. */
#define HISTOGRAM_PLACES (16 * 256)
const volatile u16 histogram_first[HISTOGRAM_PLACES];

static const struct histogram histogram_new;

/* The same for few and known keys, 0 to entries - 1: looking one up costs next to nothing, but each takes its room. */
#define HISTOGRAM_ARRAY(name, entries)                                                                        \
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, entries); __type(key, u32);          \
             __type(value, struct histogram); } name SEC(".maps")

#define HISTOGRAM(name, key_type, entries)                                                                    \
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, entries); __type(key, key_type);     \
             __type(value, struct histogram); } name SEC(".maps");                                            \
    u64 name##_lost /* durations for which the map had no room */

/* An index that the verifier sees to be in bounds. The compiler knows the bits of `at` and would drop the mask;
 * 5.10 does not follow how they came about. The empty asm makes the compiler forget. */
static __always_inline u64 histogram_index(u64 at)
{
    asm volatile("" : "+r"(at));
    return at & (HISTOGRAM_BUCKETS - 1);
}

/* A number's place, by the lowest bit of its highest group. */
#define PLACE(bit, ns) ((bit) << 6 | (ns) << (60 - (bit)) >> 56)
#define OF_8(bit, ns) ((ns) >> ((bit) + 4) ? PLACE((bit) + 4, ns) : PLACE(bit, ns))
#define OF_16(bit, ns) ((ns) >> ((bit) + 8) ? OF_8((bit) + 8, ns) : OF_8(bit, ns))
#define OF_32(bit, ns) ((ns) >> ((bit) + 16) ? OF_16((bit) + 16, ns) : OF_16(bit, ns))
#define OF_64(ns) ((ns) >> 16 ? (ns) >> 32 ? OF_32(32, ns) : OF_16(16, ns) : OF_16(0, ns)) /* the short ones first */

/* The first bucket whose bound is not below ns, by its place. */
static __always_inline u64 histogram_bucket_from(u64 place, u64 ns)
{
    asm volatile("" : "+r"(place)); /* as in histogram_index */
    u64 first = histogram_first[place & (HISTOGRAM_PLACES - 1)];
    u64 beyond = (histogram_bounds[histogram_index(first)] - ns) >> 63;
    asm volatile("" : "+r"(beyond));
    return histogram_index(first + beyond);
}

/* The first bucket whose bound is not below ns, for 0 < ns < 2^63 (292 years): the highest group by four halvings,
 * then one comparison. The halvings are arithmetic on the difference's sign and not branches, which would cost the
 * verifier sixteen paths. The sign comes as 0 or 1 by a logical shift: an arithmetic one makes 0 or -1, and
 * newer verifiers (seen in 6.12 and 6.18) follow each of these two by itself, which is branches again. The empty
 * asm keeps the compiler from finding the branch. */
static __always_inline u64 histogram_bucket(u64 ns)
{
    u64 bit = 0, rest = ns; /* `bit`: the lowest of the group */
#pragma unroll
    for (u32 bits = 32; bits >= 4; bits >>= 1) {
        u64 above = ((1ull << bits) - 1 - rest) >> 63; /* rest has more than `bits` bits */
        asm volatile("" : "+r"(above));
        above *= bits;
        rest >>= above;
        bit += above;
    }
    return histogram_bucket_from(bit << 6 | ns << (60 - bit) >> 56, ns);
}

/* The same by branches, which take a third of the instructions: for the end of a program, where its other half is not
 * verified sixteen times. */
static __always_inline u64 histogram_bucket_by_branches(u64 ns)
{
    return histogram_bucket_from(OF_64(ns), ns);
}

static __always_inline void histogram_add_to(struct histogram *h, u64 ns, bool by_branches)
{
    h->sum_ns += ns;
    if (ns > h->max_ns)
        h->max_ns = ns;
    if (~ns > h->not_min_ns)
        h->not_min_ns = ~ns;
    if (!ns) {
        h->zeros++;
        barrier(); /* or else the compiler makes one increment of two, and computes where */
    } else if (by_branches)
        h->buckets[histogram_bucket_by_branches(ns)]++;
    else
        h->buckets[histogram_bucket(ns)]++;
}

static __always_inline void histogram_add(struct histogram *h, u64 ns)
{
    histogram_add_to(h, ns, false);
}

/* As the last thing that a program does. */
static __always_inline void histogram_add_last(struct histogram *h, u64 ns)
{
    histogram_add_to(h, ns, true);
}

/* The one of a key, made when there is none; null, and counted, when the map has no room. */
static __always_inline struct histogram *histogram_of(void *map, u64 *lost, const void *key)
{
    struct histogram *h = bpf_map_lookup_elem(map, key);
    if (!h) {
        bpf_map_update_elem(map, key, &histogram_new, BPF_NOEXIST);
        h = bpf_map_lookup_elem(map, key);
        if (!h)
            __sync_fetch_and_add(lost, 1);
    }
    return h;
}

static __always_inline void histogram_record(void *map, u64 *lost, const void *key, u64 ns)
{
    struct histogram *h = histogram_of(map, lost, key);
    if (h)
        histogram_add(h, ns);
}

/* One of a HISTOGRAM_ARRAY, which all exist from the beginning. */
static __always_inline struct histogram *histogram_at(void *map, u32 at)
{
    return bpf_map_lookup_elem(map, &at);
}
