/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Segments sent again, and connections reset. */
#include "flow_event.bpf.h"
#include "listener.bpf.h"

#define TCP_CA_LOSS 4
#define ICSK_TIME_LOSS_PROBE 5

static __always_inline u8 retransmit_kind(struct sock *sk)
{
    struct inet_connection_sock *icsk = (struct inet_connection_sock *)sk;
    if (BPF_CORE_READ(icsk, icsk_pending) == ICSK_TIME_LOSS_PROBE)
        return RETRANSMIT_LOSS_PROBE;
    return BPF_CORE_READ_BITFIELD_PROBED(icsk, icsk_ca_state) == TCP_CA_LOSS ? RETRANSMIT_TIMEOUT : RETRANSMIT_FAST;
}

static __always_inline void retransmits(const struct flow *flow, struct sock *sk, u8 kind)
{
    struct retransmit_key key = {.kind = kind, .state = flow->state, .ipv6 = flow->ipv6};
    count(&retransmit_counts, &retransmit_counts_lost, &key);
    if (events && retransmit_events)
        tell(FLOW_RETRANSMIT, kind, flow, sk, 0, 0, 0);
}

SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(on_retransmit, struct sock *sk)
{
    struct connection *c = connection_of(sk);
    if (!c || !is_looked_at(&c->flow))
        return 0;
    complete_addresses(&c->flow, sk);
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

static __always_inline void resets(const struct flow *flow, struct sock *sk, u8 direction)
{
    struct reset_key key = {.direction = direction, .ipv6 = flow->ipv6};
    count(&reset_counts, &reset_counts_lost, &key);
    if (events)
        tell(FLOW_RESET, direction, flow, sk, 0, 0, 0);
}

SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(on_receive_reset, struct sock *sk)
{
    struct connection *c = connection_of(sk);
    if (!c || !is_looked_at(&c->flow))
        return 0;
    complete_addresses(&c->flow, sk);
    resets(&c->flow, sk, FLOW_RECEIVE);
    return 0;
}

/* Who resets by closing has closed already, and is the one that runs. A packet that belongs to no connection is
 * answered in nobody's name, and not counted here. */
SEC("tp_btf/tcp_send_reset")
int BPF_PROG(on_send_reset, struct sock *sk)
{
    if (!sk)
        return 0;
    struct connection *c = connection_of(sk);
    if (c) {
        if (is_looked_at(&c->flow))
            resets(&c->flow, sk, FLOW_TRANSMIT);
        return 0;
    }
    if (state_of(sk) != TCP_CLOSE || !is_observed())
        return 0;
    struct flow flow = {.state = TCP_CLOSE, .owned = OWNED_BY_OPENER};
    fill_addresses(&flow, sk);
    if (only_role || only_port || !is_wanted(&flow))
        return 0;
    fill_owner(&flow.owner);
    resets(&flow, sk, FLOW_TRANSMIT);
    return 0;
}
