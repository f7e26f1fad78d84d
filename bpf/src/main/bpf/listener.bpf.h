/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Who listens where, and since when somebody asks there. */
#include "connection.bpf.h"

/* Who listens where. Of several that share a port, who came last. */
struct listening_at {
    struct address address; /* zeros: any */
    u32 network_namespace;
    u32 port;
};

struct listener {
    u64 socket;
    struct owner owner;
    u16 executable;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4096);
    __type(key, struct listening_at);
    __type(value, struct listener);
} listeners SEC(".maps");

u64 listeners_lost;

static __always_inline void fill_listening_at(struct listening_at *at, const struct address *address,
                                              u32 network_namespace, u16 port)
{
    at->address = *address;
    if (is_ipv4(address) && !(address->low >> 32))
        at->address.low = 0;
    at->network_namespace = network_namespace;
    at->port = port;
}

/* At the local end. */
static __always_inline struct listener *listener_of(const struct flow *flow)
{
    struct listening_at at = {};
    fill_listening_at(&at, &flow->local, flow->network_namespace, flow->local_port);
    struct listener *listener = bpf_map_lookup_elem(&listeners, &at);
    if (listener)
        return listener;
    at.address.high = at.address.low = 0;
    return bpf_map_lookup_elem(&listeners, &at);
}

static __always_inline void listens(struct sock *sk, const struct flow *flow)
{
    struct listening_at at = {};
    struct listener listener = {.socket = (u64)sk, .owner = flow->owner, .executable = flow->executable};
    fill_listening_at(&at, &flow->local, flow->network_namespace, flow->local_port);
    if (bpf_map_update_elem(&listeners, &at, &listener, BPF_ANY))
        __sync_fetch_and_add(&listeners_lost, 1);
}

static __always_inline void listens_no_more(struct sock *sk)
{
    struct listening_at at = {};
    struct address local;
    local_address(&local, sk);
    fill_listening_at(&at, &local, namespace_of(sk), local_port(sk));
    struct listener *listener = bpf_map_lookup_elem(&listeners, &at);
    if (listener && listener->socket == (u64)sk)
        bpf_map_delete_elem(&listeners, &at);
}

/* Requests that were answered more than once: the round trip of the handshake is not measured then. */
struct request_key {
    struct address remote;
    u32 network_namespace;
    u16 local_port;
    u16 remote_port;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 4096);
    __type(key, struct request_key);
    __type(value, boottime_ns); /* of the first answer */
} repeated_requests SEC(".maps");

static __always_inline void fill_request_key(struct request_key *key, const struct flow *flow)
{
    key->remote = flow->remote;
    key->network_namespace = flow->network_namespace;
    key->local_port = flow->local_port;
    key->remote_port = flow->remote_port;
}

/* snt_synack: microseconds of CLOCK_MONOTONIC, of the first SYN and ACK. */
static __always_inline void remember_request(const struct flow *flow, struct tcp_request_sock *request)
{
    struct request_key key = {};
    duration_ns ago = bpf_ktime_get_ns() - BPF_CORE_READ(request, snt_synack) * 1000;
    boottime_ns first = bpf_ktime_get_boot_ns() - ago;
    fill_request_key(&key, flow);
    bpf_map_update_elem(&repeated_requests, &key, &first, BPF_ANY);
}

/* When the handshake of a connection that is just established began: its round trip is the first that is measured,
 * and none is where the SYN and ACK was repeated. By type. */
static __always_inline boottime_ns handshake_began(const struct flow *flow, struct sock *sk)
{
    struct request_key key = {};
    struct tcp_sock *tcp = (struct tcp_sock *)sk;
    u32 round_trip_us = tcp->srtt_us >> 3;
    if (!tcp->total_retrans)
        return flow->established_time - round_trip_us * 1000ull;
    fill_request_key(&key, flow);
    boottime_ns *first = bpf_map_lookup_elem(&repeated_requests, &key);
    return first ? *first : flow->established_time - round_trip_us * 1000ull;
}
