/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Segments that were sent again in vain. When they are sent nobody knows it: the peer says later that it got them twice
 * (DSACK, RFC 2883). So the socket's own count is looked at, at its end and by whoever looks at open connections. */
#include "connection.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, u32); /* 1: IPv6 */
    __type(value, u64);
} spurious_retransmits SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, u32);
    __type(value, u64);
} open_spurious_retransmits SEC(".maps");

/* What the network doubled is reported alike: of that, no more than was sent again. */
static __always_inline u32 spurious_of(struct sock *sk, bool typed)
{
    struct tcp_sock *tcp = (struct tcp_sock *)sk;
    u32 twice = FIELD(typed, tcp, dsack_dups);
    if (!twice)
        return 0;
    u32 again = FIELD(typed, tcp, total_retrans);
    return twice < again ? twice : again;
}

static __always_inline void set_no_open_spurious(void)
{
    for (u32 ipv6 = 0; ipv6 < 2; ipv6++) {
        u32 key = ipv6;
        u64 *sum = bpf_map_lookup_elem(&open_spurious_retransmits, &key);
        if (sum)
            *sum = 0;
    }
}

/* `before`: when we came. It never falls. */
static __always_inline void count_spurious(void *sums, const struct flow *flow, u32 now, u32 before)
{
    s32 more = now - before;
    u32 ipv6 = flow->ipv6;
    u64 *sum = more > 0 ? bpf_map_lookup_elem(sums, &ipv6) : 0;
    if (sum)
        __sync_fetch_and_add(sum, more);
}
