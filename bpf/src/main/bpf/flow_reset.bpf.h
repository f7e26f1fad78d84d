/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Connections that were reset, and why. */
#include "flow_event.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

enum sk_rst_reason { SK_RST_REASON_NOT_SPECIFIED };
/* As its arguments are, so are the tracepoint's: the reason since 6.10. */
struct trace_event_raw_tcp_send_reset { enum sk_rst_reason reason; };

#pragma clang attribute pop

#define has_reset_reasons() bpf_core_field_exists(struct trace_event_raw_tcp_send_reset, reason)

/* Who cuts a connection closes it first and sends the RST then, and so does what comes for one that nobody reads any
 * more. For this moment it is kept, by its socket; if no RST follows, until there is no more room. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 512);
    __type(key, u64); /* struct sock * */
    __type(value, struct flow);
} cut_flows SEC(".maps");

static __always_inline void remember_cut(struct sock *sk, const struct flow *flow)
{
    u64 key = (u64)sk;
    bpf_map_update_elem(&cut_flows, &key, flow, BPF_ANY);
}

/* The socket may be another one by now, at the same address. */
static __always_inline struct flow *cut_flow(struct sock *sk)
{
    u64 key = (u64)sk;
    struct flow *flow = bpf_map_lookup_elem(&cut_flows, &key);
    if (!flow || flow->local_port != local_port(sk) || flow->remote_port != remote_port(sk))
        return 0;
    return flow;
}

static __always_inline void resets(const struct flow *flow, struct sock *sk, u8 direction, u8 reason)
{
    count_reset(flow, direction, reason);
    if (events)
        tell_why(FLOW_RESET, direction, reason, flow, sk, 0, 0, 0);
}

SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(on_receive_reset, struct sock *sk)
{
    struct connection *c = connection_of(sk);
    if (!c || !is_looked_at(&c->flow))
        return 0;
    complete_addresses(&c->flow, sk);
    follows_state(&c->flow, sk);
    resets(&c->flow, sk, FLOW_RECEIVE, 0);
    return 0;
}

/* A packet that belongs to no connection is answered in nobody's name, and not counted here. Where we have no connection,
 * who closes is the one that runs; when a packet is answered, it is anybody. */
static __always_inline void sends_reset(struct sock *sk, bool is_answer, u8 reason)
{
    struct connection *c = connection_of(sk);
    struct flow *known = c ? &c->flow : cut_flow(sk);
    if (known) {
        if (is_looked_at(known))
            resets(known, sk, FLOW_TRANSMIT, reason);
        return;
    }
    if (state_of(sk) != TCP_CLOSE || (is_answer ? has_process_filter() : !is_observed()))
        return;
    struct flow flow = {.state = TCP_CLOSE};
    fill_addresses(&flow, sk);
    if (only_role || only_port || !is_wanted(&flow))
        return;
    if (!is_answer) {
        owned_by_current(&flow);
        flow.owned = OWNED_BY_OPENER;
    }
    resets(&flow, sk, FLOW_TRANSMIT, reason);
}

/* (sk, skb, reason). The context may only be read at constant offsets, and only where there are arguments. */
SEC("tp_btf/tcp_send_reset")
int on_send_reset(u64 *ctx)
{
    struct sock *sk = (void *)ctx[0];
    bool is_answer = ctx[1] != 0;
    u64 reason = 0;
    if (has_reset_reasons()) {
        asm volatile("%0 = *(u64 *)(%1 + 16)" : "=r"(reason) : "r"(ctx));
        reason++;
    }
    if (sk)
        sends_reset(sk, is_answer, reason);
    return 0;
}
