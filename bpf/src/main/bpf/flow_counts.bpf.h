/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What goes wrong with connections, counted: segments that are sent again, and resets. Where that is asked for there is a
 * count for each server or owner; what finds no room among these goes to the few that there always are. Most of it comes
 * with a packet or a timer, while anybody runs: all that is known is the flow's. */
#include "count.bpf.h"
#include "flow_series.bpf.h"

struct retransmit_key {
    u8 kind; /* enum retransmit_kind */
    u8 state;
    u8 ipv6;
    u8 unused;
};

struct reset_key {
    u8 direction; /* enum flow_direction */
    u8 ipv6;
    u8 reason;
    u8 unused;
};

struct retransmit_series {
    struct flow_group group;
    struct retransmit_key retransmit;
    u32 unused;
};

struct reset_series {
    struct flow_group group;
    struct reset_key reset;
    u32 unused;
};

COUNTS(retransmit_counts, struct retransmit_key, 256);
COUNTS(reset_counts, struct reset_key, 128);
COUNTS(retransmits_by_series, struct retransmit_series, SERIES);
COUNTS(resets_by_series, struct reset_series, SERIES);

/* False when there is no room for one more. */
static __noinline bool count_retransmit_of_series(const struct flow *flow, const struct retransmit_key *key)
{
    struct retransmit_series series = {.retransmit = *key};
    return fill_group(&series.group, flow) && count_in(&retransmits_by_series, &series);
}

static __noinline bool count_reset_of_series(const struct flow *flow, const struct reset_key *key)
{
    struct reset_series series = {.reset = *key};
    return fill_group(&series.group, flow) && count_in(&resets_by_series, &series);
}

static __always_inline void count_retransmit(const struct flow *flow, u8 kind)
{
    struct retransmit_key key = {.kind = kind, .state = flow->state, .ipv6 = flow->ipv6};
    if (!(by_series && count_retransmit_of_series(flow, &key)))
        count(&retransmit_counts, &retransmit_counts_lost, &key);
}

static __always_inline void count_reset(const struct flow *flow, u8 direction, u8 reason)
{
    struct reset_key key = {.direction = direction, .ipv6 = flow->ipv6, .reason = reason};
    if (!(by_series && count_reset_of_series(flow, &key)))
        count(&reset_counts, &reset_counts_lost, &key);
}
