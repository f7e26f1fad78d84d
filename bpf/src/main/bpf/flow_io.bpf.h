/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Bytes both ways: of connections that ended, and of those that are open when somebody looks. Where that is asked for
 * there is a sum for each server or owner; what finds no room among these goes to the two that there always are. */
#include "flow_series.bpf.h"

enum flow_direction { FLOW_TRANSMIT, FLOW_RECEIVE };

struct flow_io {
    struct flow_group group;
    u32 direction; /* enum flow_direction */
    u32 unused;
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, u32); /* enum flow_direction */
    __type(value, u64);
} io_bytes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, u32);
    __type(value, u64);
} open_io_bytes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
    __uint(max_entries, SERIES);
    __type(key, struct flow_io);
    __type(value, u64);
} io_by_series SEC(".maps");

/* Nothing that is not in io_by_series, too: bytes of an open connection stay in the series that they are in when it
 * ends. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, SERIES);
    __type(key, struct flow_io);
    __type(value, u64);
} open_io_by_series SEC(".maps");

static const u64 no_bytes;

static __always_inline u64 *bytes_of_series(void *sums, const struct flow_io *series)
{
    u64 *sum = bpf_map_lookup_elem(sums, series);
    if (sum)
        return sum;
    bpf_map_update_elem(sums, series, &no_bytes, BPF_NOEXIST);
    return bpf_map_lookup_elem(sums, series);
}

/* False when there is no room for one more. */
static __noinline bool count_bytes_of_series(const struct flow *flow, u32 direction, u64 bytes, bool is_open)
{
    struct flow_io series = {.direction = direction};
    if (!fill_group(&series.group, flow))
        return false;
    u64 *sum = bytes_of_series(&io_by_series, &series);
    if (!sum)
        return false;
    if (is_open)
        sum = bytes_of_series(&open_io_by_series, &series);
    if (sum)
        __sync_fetch_and_add(sum, bytes);
    return true;
}

static __always_inline void add_bytes(void *sums, const struct flow *flow, u32 direction, u64 bytes, bool is_open)
{
    if (by_series && (!bytes || count_bytes_of_series(flow, direction, bytes, is_open)))
        return;
    u64 *sum = bpf_map_lookup_elem(sums, &direction);
    if (sum)
        __sync_fetch_and_add(sum, bytes);
}

static __always_inline void count_bytes(const struct flow *flow, u32 direction, u64 bytes)
{
    add_bytes(&io_bytes, flow, direction, bytes, false);
}

static __always_inline void count_open_bytes(const struct flow *flow, u32 direction, u64 bytes)
{
    add_bytes(&open_io_bytes, flow, direction, bytes, true);
}

static __always_inline void set_no_open_bytes(u32 direction)
{
    u64 *sum = bpf_map_lookup_elem(&open_io_bytes, &direction);
    if (sum)
        *sum = 0;
}
