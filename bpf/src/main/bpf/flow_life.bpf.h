/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What open connections have come to so far. User space has this run over all of them whenever it reads, so that a
 * packet costs nothing more; what is found is no sum yet, since a connection's own is only made at its end. */
#include "flow_event.bpf.h"
#include "flow_bytes.bpf.h"
#include "flow_spurious.bpf.h"

#define HAS_BYTES (ENDED_BY_US | 1u << TCP_ESTABLISHED | 1u << TCP_CLOSE_WAIT)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct bpf_iter_meta { u64 seq_num; };
struct bpf_iter__bpf_map_elem { struct bpf_iter_meta *meta; void *key; void *value; };
#pragma clang attribute pop

const volatile u64 rtt_interval_ns; /* several may read: a connection's round trip is taken at most this often */

static boottime_ns round_trips_taken;
static u32 takes_round_trips;

static __always_inline void sweep_begins(void)
{
    boottime_ns now = bpf_ktime_get_boot_ns();
    takes_round_trips = now - round_trips_taken >= rtt_interval_ns;
    if (takes_round_trips)
        round_trips_taken = now;
    set_no_open_bytes(FLOW_TRANSMIT);
    set_no_open_bytes(FLOW_RECEIVE);
    set_no_open_spurious();
}

/* Not below zero: the socket's numbers may change between one and the next. */
static __always_inline u64 since(u64 before, u64 now)
{
    return (s64)(now - before) > 0 ? now - before : 0;
}

/* Somebody else may accept it yet, and then it is in another series. Who sends has accepted. */
static __always_inline bool may_change_series(const struct flow *flow, u64 sent)
{
    return by_executable && flow->owned < OWNED_BY_OPENER && !sent;
}

/* Before open connections are looked at. */
SEC("iter/bpf_map_elem")
int on_open_series(struct bpf_iter__bpf_map_elem *ctx)
{
    u64 *bytes = ctx->value;
    if (bytes)
        *bytes = 0;
    return 0;
}

SEC("iter/bpf_map_elem")
int on_open_connection(struct bpf_iter__bpf_map_elem *ctx)
{
    if (!ctx->meta->seq_num)
        sweep_begins();
    u64 *key = ctx->key;
    struct connection *c = ctx->value;
    if (!key || !c || !is_looked_at(&c->flow))
        return 0;
    struct sock *sk = (struct sock *)*key;
    u64 sent = bytes_and_fin_sent(&c->flow, sk, false);
    u8 state = state_of(sk); /* its own, after what it sent: a FIN that is in there follows this state */
    if (!IS(state, HAS_BYTES))
        return 0;
    sent -= !!IS(state, ENDED_BY_US);
    barrier(); /* whose it is after what it sent: nobody accepts it any more then */
    struct flow flow = c->flow;
    if (!may_change_series(&flow, sent)) {
        count_open_bytes(&flow, FLOW_TRANSMIT, since(c->sent_before, sent));
        count_open_bytes(&flow, FLOW_RECEIVE, since(c->received_before, bytes_received(sk, false)));
    }
    count_spurious(&open_spurious_retransmits, &flow, spurious_of(sk, false), c->spurious_before);
    u32 smoothed_rtt_us = BPF_CORE_READ((struct tcp_sock *)sk, srtt_us) >> 3;
    if (takes_round_trips && smoothed_rtt_us)
        MEASURE(round_trips, &flow, 0, smoothed_rtt_us * 1000ull);
    return 0;
}
