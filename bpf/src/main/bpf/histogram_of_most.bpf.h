/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Histograms for those who call most, where there may be any number of them and there is room for so many.
 *
 *   HISTOGRAM_OF_MOST(durations, struct durations_key, 200);
 *   struct histogram *h = HISTOGRAM_IF_OF_MOST(durations, &key); // null: it is one of the others
 *
 * Who comes has one while there is room. Calls of the others are counted, and user space gives the room of somebody who
 * calls little to somebody who calls more (dev.ringside.bpf.HistogramsOfMost). Who is to leave is one of the others
 * from then on; its histogram is read and taken away much later, when no program can still be at it. */
#include "histogram.bpf.h"

#define HISTOGRAM_OF_MOST(name, key_type, entries)                                                             \
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, entries); __type(key, key_type);      \
             __type(value, struct histogram); } name SEC(".maps");                                             \
    struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, entries); __type(key, key_type);             \
             __type(value, u64); } name##_leaving SEC(".maps");                                                \
    struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, u32);                       \
             __type(value, u64); } name##_some_leave SEC(".maps");                                             \
    struct { __uint(type, BPF_MAP_TYPE_LRU_HASH); __uint(max_entries, 4 * (entries)); __type(key, key_type);   \
             __type(value, u64); } name##_others SEC(".maps")

static __always_inline bool histogram_leaves(void *some_leave, void *leaving, const void *key)
{
    u32 zero = 0;
    u64 *some = bpf_map_lookup_elem(some_leave, &zero);
    return some && *some && bpf_map_lookup_elem(leaving, key);
}

static __always_inline void histogram_of_other(void *others, const void *key)
{
    u64 zero = 0;
    u64 *calls = bpf_map_lookup_elem(others, key);
    if (!calls) {
        bpf_map_update_elem(others, key, &zero, BPF_NOEXIST);
        calls = bpf_map_lookup_elem(others, key);
    }
    if (calls)
        __sync_fetch_and_add(calls, 1);
}

static __always_inline struct histogram *histogram_if_of_most(void *map, void *some_leave, void *leaving, void *others,
                                                              const void *key)
{
    if (!histogram_leaves(some_leave, leaving, key)) {
        struct histogram *h = bpf_map_lookup_elem(map, key);
        if (!h && !bpf_map_update_elem(map, key, &histogram_new, BPF_NOEXIST))
            h = bpf_map_lookup_elem(map, key);
        if (h)
            return h;
    }
    histogram_of_other(others, key);
    return 0;
}

#define HISTOGRAM_IF_OF_MOST(name, key) histogram_if_of_most(&name, &name##_some_leave, &name##_leaving, &name##_others, key)
