/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What is told of a dropped segment: a count in any case, and an event with the way to it if that is asked for. */
#include "flow_event.bpf.h"

#define DROP_FRAMES 64
#define FLOW_UNKNOWN 2 /* beside enum flow_direction */
#define SECOND_NS 1000000000ull

struct drop_event {
    boottime_ns time;
    struct flow flow;
    u64 place;   /* where in the kernel's code it was dropped */
    u64 skipped; /* how many drops were not told, since we came */
    u32 reason;  /* enum skb_drop_reason; 0 where the kernel gives none */
    u8 direction;
    u8 has_socket; /* 0: local is the packet's destination, and that may be elsewhere */
    struct text kernel_frames; /* addresses, the innermost first */
    u64 frames[DROP_FRAMES];
};

struct drop_key {
    u64 place; /* 0 where the kernel gives reasons */
    u32 reason;
    u8 ipv6;
    u8 unused[3];
};

const volatile u32 drop_events;
const volatile u32 drops_per_second; /* of events; 0: all */

RING(flow_drops, struct drop_event, 1024 * 1024);
COUNTS(drop_counts, struct drop_key, 512);

static u64 drop_second, drops_told, drops_skipped;

/* Not atomic: where several processors drop at the same moment, a few more may be told. */
static __always_inline bool may_tell_drop(boottime_ns now)
{
    if (!drops_per_second)
        return true;
    u64 second = now / SECOND_NS;
    if (second != drop_second) {
        drop_second = second;
        drops_told = 0;
    }
    if (drops_told >= drops_per_second) {
        __sync_fetch_and_add(&drops_skipped, 1);
        return false;
    }
    drops_told++;
    return true;
}

static __always_inline void tell_drop(void *ctx, const struct flow *flow, u64 place, u32 reason, u8 direction, bool has_socket)
{
    boottime_ns now = bpf_ktime_get_boot_ns();
    if (!may_tell_drop(now))
        return;
    struct drop_event *e = RESERVE(flow_drops);
    if (!e)
        return;
    e->time = now;
    e->flow = *flow;
    e->place = place;
    e->skipped = drops_skipped;
    e->reason = reason;
    e->direction = direction;
    e->has_socket = has_socket;
    s64 bytes = bpf_get_stack(ctx, e->frames, sizeof(e->frames), 0);
    e->kernel_frames = (struct text){.at = offsetof(struct drop_event, frames), .length = bytes > 0 ? bytes : 0};
    SUBMIT(flow_drops, e);
}

static __always_inline void report_drop(void *ctx, const struct flow *flow, u64 place, u32 reason, u8 direction, bool has_socket)
{
    struct drop_key key = {.place = reason ? 0 : place, .reason = reason, .ipv6 = flow->ipv6};
    count(&drop_counts, &drop_counts_lost, &key);
    if (events && drop_events)
        tell_drop(ctx, flow, place, reason, direction, has_socket);
}
