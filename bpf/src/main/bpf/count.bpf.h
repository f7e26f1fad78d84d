/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Counts by key, per CPU and without atomic operations.
 *
 *   COUNTS(exec_counts, struct exec_outcome, 256);
 *   count(&exec_counts, &exec_counts_lost, &key); */
#include "types.bpf.h"

#define COUNTS(name, key_type, entries)                                                                       \
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, entries); __type(key, key_type);     \
             __type(value, u64); } name SEC(".maps");                                                         \
    u64 name##_lost /* what the map had no room for */

/* False when there is no room for another key. */
static __always_inline bool count_in(void *map, const void *key)
{
    u64 *value = bpf_map_lookup_elem(map, key);
    if (!value) {
        u64 zero = 0;
        bpf_map_update_elem(map, key, &zero, BPF_NOEXIST);
        value = bpf_map_lookup_elem(map, key);
    }
    if (!value)
        return false;
    (*value)++;
    return true;
}

static __always_inline void count(void *map, u64 *lost, const void *key)
{
    if (!count_in(map, key))
        __sync_fetch_and_add(lost, 1);
}
