/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* The histogram of histogram.bpf.h in pieces, for many series most of which are narrow.
 *
 *   struct call_key { u32 number; u16 error; u16 octave; };
 *   OCTAVES(durations, struct call_key, 4096);
 *   u64 bucket = histogram_bucket(ns);
 *   struct call_key key = {.number = ..., .octave = octave_of(bucket)};
 *   octave_record(&durations, &durations_lost, &key, bucket, ns);
 *
 * A whole histogram takes 4 KiB on each CPU, whatever is in it; an octave, which is eight buckets or one power of
 * two, takes 96 bytes, and a series has as many of them as its durations span. User space puts them together by
 * the rest of the key.
 *
 * Elements are allocated beforehand, as in all our maps: taking memory where a program happens to run was unsafe
 * until 6.1, and since then it keeps spare elements for each CPU on each CPU. */
#include "histogram.bpf.h"

#define OCTAVE_BUCKETS 8

struct octave {
    u64 sum_ns;
    u64 max_ns;
    u64 not_min_ns; /* ~min, as in struct histogram */
    u64 zeros;      /* durations of 0 ns, in the first octave */
    u64 buckets[OCTAVE_BUCKETS];
};

static const struct octave octave_new;

#define OCTAVES(name, key_type, entries)                                                                      \
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, entries); __type(key, key_type);     \
             __type(value, struct octave); } name SEC(".maps");                                               \
    u64 name##_lost /* durations for which the map had no room */

static __always_inline u64 octave_of(u64 bucket)
{
    return bucket / OCTAVE_BUCKETS;
}

/* False when there is no room for another one. */
static __always_inline bool octave_add(void *map, const void *key, u64 bucket, u64 ns)
{
    struct octave *o = bpf_map_lookup_elem(map, key);
    if (!o) {
        bpf_map_update_elem(map, key, &octave_new, BPF_NOEXIST);
        o = bpf_map_lookup_elem(map, key);
        if (!o)
            return false;
    }
    o->sum_ns += ns;
    if (ns > o->max_ns)
        o->max_ns = ns;
    if (~ns > o->not_min_ns)
        o->not_min_ns = ~ns;
    asm volatile("" : "+r"(bucket)); /* see histogram_index */
    if (ns)
        o->buckets[bucket & (OCTAVE_BUCKETS - 1)]++;
    else
        o->zeros++;
    return true;
}

static __always_inline void octave_record(void *map, u64 *lost, const void *key, u64 bucket, u64 ns)
{
    if (!octave_add(map, key, bucket, ns))
        __sync_fetch_and_add(lost, 1);
}
