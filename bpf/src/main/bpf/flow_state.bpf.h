/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Changes of a socket's state, each by itself: what tcpstates shows, also of sockets that we have no connection of. These
 * programs stand around the one that keeps connections, and are not loaded unless somebody asks. */
#include "flow_event.bpf.h"
#include "flow_drop.bpf.h"
#include "listener.bpf.h"

struct flow_state {
    boottime_ns time;
    struct flow flow;
    duration_ns lasted; /* the state before; 0 if nobody knows since when */
    u8 from;            /* enum tcp_state */
    u8 to;
};

RING(flow_states, struct flow_state, 4 * 1024 * 1024);

/* Since when a socket is in its state. Of one that is not a connection we may not see the end. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 32768);
    __type(key, u64); /* struct sock * */
    __type(value, boottime_ns);
} states_since SEC(".maps");

static __always_inline duration_ns state_lasted(struct sock *sk, int to, boottime_ns now)
{
    u64 key = (u64)sk;
    boottime_ns *since = bpf_map_lookup_elem(&states_since, &key);
    duration_ns lasted = since ? now - *since : 0;
    if (to == TCP_CLOSE)
        bpf_map_delete_elem(&states_since, &key);
    else
        bpf_map_update_elem(&states_since, &key, &now, BPF_ANY);
    return lasted;
}

/* A connection that comes in begins as a copy of the socket that listens, and has no peer yet. */
static __always_inline void fill_from_stranger(struct flow *flow, struct sock *sk, int from, int to)
{
    fill_addresses(flow, sk);
    if (from != TCP_LISTEN && to != TCP_LISTEN)
        return;
    flow->role = ROLE_SERVER;
    struct listener *listener = listener_of(flow);
    if (listener) {
        flow->owner = listener->owner;
        flow->owned = OWNED_BY_LISTENER;
    }
}

static __always_inline void tell_state(struct sock *sk, int from, int to)
{
    struct flow flow = {};
    boottime_ns now = bpf_ktime_get_boot_ns();
    duration_ns lasted = state_lasted(sk, to, now);
    struct connection *c = connection_of(sk);
    if (c) {
        complete_addresses(&c->flow, sk);
        flow = c->flow;
    } else {
        fill_from_stranger(&flow, sk, from, to);
    }
    if (!is_looked_at(&flow) || !is_wanted_either_way(&flow))
        return;
    struct flow_state *e = RESERVE(flow_states);
    if (!e)
        return;
    e->time = now;
    e->flow = flow;
    e->lasted = lasted;
    e->from = from;
    e->to = to;
    SUBMIT(flow_states, e);
}

/* Before the connection is forgotten. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_last_state, struct sock *sk, int from, int to)
{
    if (to == TCP_CLOSE && is_tcp(sk))
        tell_state(sk, from, to);
    return 0;
}

/* When there is a connection. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_next_state, struct sock *sk, int from, int to)
{
    if (to != TCP_CLOSE && is_tcp(sk))
        tell_state(sk, from, to);
    return 0;
}
