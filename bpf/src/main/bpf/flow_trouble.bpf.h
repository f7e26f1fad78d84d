/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Segments sent again. */
#include "flow_event.bpf.h"
#include "listener.bpf.h"

#define TCP_CA_LOSS 4
#define ICSK_TIME_LOSS_PROBE 5

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* As its arguments are, so are the tracepoint's: since 6.17 it tells of attempts that failed, too. */
struct trace_event_raw_tcp_retransmit_skb { int err; };

#pragma clang attribute pop

static __always_inline u8 retransmit_kind(struct sock *sk)
{
    struct inet_connection_sock *icsk = (struct inet_connection_sock *)sk;
    if (BPF_CORE_READ(icsk, icsk_pending) == ICSK_TIME_LOSS_PROBE)
        return RETRANSMIT_LOSS_PROBE;
    return BPF_CORE_READ_BITFIELD_PROBED(icsk, icsk_ca_state) == TCP_CA_LOSS ? RETRANSMIT_TIMEOUT : RETRANSMIT_FAST;
}

static __always_inline void retransmits(const struct flow *flow, struct sock *sk, u8 kind)
{
    count_retransmit(flow, kind);
    if (events && retransmit_events)
        tell(FLOW_RETRANSMIT, kind, flow, sk, 0, 0, 0);
}

/* (sk, skb, error). The context may only be read at constant offsets, and only where there are arguments. */
SEC("tp_btf/tcp_retransmit_skb")
int on_retransmit(u64 *ctx)
{
    struct sock *sk = (void *)ctx[0];
    u64 error = 0;
    if (bpf_core_field_exists(struct trace_event_raw_tcp_retransmit_skb, err))
        asm volatile("%0 = *(u64 *)(%1 + 16)" : "=r"(error) : "r"(ctx));
    if ((s32)error)
        return 0;
    struct connection *c = connection_of(sk);
    if (!c || !is_looked_at(&c->flow))
        return 0;
    complete_addresses(&c->flow, sk);
    follows_state(&c->flow, sk);
    retransmits(&c->flow, sk, retransmit_kind(sk));
    return 0;
}

/* Here the socket is the one that listens; who asks is in the request. */
SEC("tp_btf/tcp_retransmit_synack")
int BPF_PROG(on_retransmit_synack, struct sock *sk, struct request_sock *request)
{
    struct connection *c = connection_of(sk);
    if (!c)
        return 0;
    struct flow flow = c->flow;
    struct sock *asks = (struct sock *)request; /* both begin with struct sock_common */
    flow.state = TCP_SYN_RECV;
    local_address(&flow.local, asks);
    remote_address(&flow.remote, asks);
    flow.remote_port = remote_port(asks);
    flow.ipv6 = !is_ipv4(&flow.remote);
    remember_request(&flow, (struct tcp_request_sock *)request);
    if (is_wanted(&flow))
        retransmits(&flow, sk, RETRANSMIT_TIMEOUT);
    return 0;
}
