/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* TCP connections that are open, by the address of their socket, and which of them are looked at.
 *
 * A hash, and not socket storage: that is for tracepoints and trampolines only, and since 5.11. A call that accepts
 * is seen by other means where there are none of these, and those have nothing but the socket's address. */
#include "socket.bpf.h"
#include "owner.bpf.h"
#include "executable_number.bpf.h"

enum role { ROLE_UNKNOWN, ROLE_CLIENT, ROLE_SERVER };

/* How the owner is known. */
enum owned {
    OWNED_BY_NOBODY,  /* not known yet */
    OWNED_BY_LISTENER, /* who listens where it came in, until somebody accepts it */
    OWNED_BY_OPENER,  /* who connected, or accepted it */
    OWNED_BY_HOLDER,  /* who had its descriptor when we came */
};

struct flow {
    boottime_ns begin_time;       /* the first SYN, or the first SYN and ACK; 0 if not seen */
    boottime_ns established_time; /* 0 if never, or not seen */
    boottime_ns closing_time;     /* the first FIN, either way; 0 if there was none */
    struct address local;
    struct address remote;
    struct owner owner;
    u32 network_namespace; /* its inode's number */
    u16 local_port;
    u16 remote_port;
    u8 role;
    u8 ipv6;
    u8 owned;
    u8 state;       /* enum tcp_state */
    u16 executable; /* the owner's, by its number; 0 if that is not asked for, or not known */
};

struct connection {
    struct flow flow;
    u64 sent_before; /* bytes, when we came */
    u64 received_before;
    u32 spurious_before; /* segments */
};

const volatile u32 only_role;
const volatile u32 only_ipv6;      /* 1: IPv4, 2: IPv6 */
const volatile u32 only_port;      /* the server's; 0: all */
const volatile u64 only_peer_high; /* network: as in struct address, with the bits that count */
const volatile u64 only_peer_low;
const volatile u64 only_peer_mask_high;
const volatile u64 only_peer_mask_low; /* an IPv4 network has all of the first 96 */

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 32768);
    __type(key, u64); /* struct sock * */
    __type(value, struct connection);
} connections SEC(".maps");

u64 connections_lost;

/* How many connections there are by state. A connection may come and go on different CPUs: only the sum means
 * something. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, TCP_STATES);
    __type(key, u32);
    __type(value, u64);
} state_counts SEC(".maps");

static __always_inline void count_state(u32 state, s64 more)
{
    u64 *value = bpf_map_lookup_elem(&state_counts, &state);
    if (value)
        __sync_fetch_and_add(value, more);
}

static __always_inline struct connection *connection_of(struct sock *sk)
{
    u64 key = (u64)sk;
    return bpf_map_lookup_elem(&connections, &key);
}

/* Connections whose owner is not known yet count when everybody's do. */
static __always_inline bool is_looked_at(const struct flow *flow)
{
    return flow->owned || !has_process_filter();
}

static __always_inline void enters_state(struct flow *flow, u8 state)
{
    flow->state = state;
    if (is_looked_at(flow))
        count_state(state, 1);
}

static __always_inline void leaves_state(const struct flow *flow)
{
    if (is_looked_at(flow))
        count_state(flow->state, -1);
}

/* The socket's own state, where the kernel left out the run that would have told us of it. Whoever calls has the
 * socket's lock, as whoever changes its state does. */
static __always_inline void follows_state(struct flow *flow, struct sock *sk)
{
    u8 state = state_of(sk);
    if (flow->state == state)
        return;
    leaves_state(flow);
    enters_state(flow, state);
}

/* The current process opened it, or accepted it. */
static __always_inline void owned_by_current(struct flow *flow)
{
    fill_owner(&flow->owner);
    flow->executable = executable_number(current_task());
}

static __always_inline void owned_alike(struct flow *flow, const struct flow *other)
{
    flow->owner = other->owner;
    flow->executable = other->executable;
    flow->owned = other->owned;
}

static __always_inline void read_addresses(struct flow *flow, struct sock *sk, bool typed)
{
    read_local_address(&flow->local, sk, typed);
    read_remote_address(&flow->remote, sk, typed);
    flow->local_port = read_local_port(sk, typed);
    flow->remote_port = read_remote_port(sk, typed);
    flow->network_namespace = read_namespace(sk, typed);
    flow->ipv6 = !is_ipv4(&flow->remote);
}

static __always_inline void fill_addresses(struct flow *flow, struct sock *sk)
{
    read_addresses(flow, sk, false);
}

static __always_inline void fill_addresses_by_type(struct flow *flow, struct sock *sk)
{
    read_addresses(flow, sk, true);
}

/* A client has no port yet when it begins. */
static __always_inline void complete_addresses(struct flow *flow, struct sock *sk)
{
    if (!flow->local_port)
        fill_addresses(flow, sk);
}

/* A client's server is remote. */
static __always_inline u16 server_port(const struct flow *flow)
{
    return flow->role == ROLE_SERVER ? flow->local_port : flow->remote_port;
}

static __always_inline bool is_wanted(const struct flow *flow)
{
    if (only_role && flow->role != only_role)
        return false;
    if (only_ipv6 && flow->ipv6 + 1 != only_ipv6)
        return false;
    if (only_port && server_port(flow) != only_port)
        return false;
    return (flow->remote.high & only_peer_mask_high) == only_peer_high
           && (flow->remote.low & only_peer_mask_low) == only_peer_low;
}

/* What is there already is of a socket whose end was not seen, and whose memory is used again. */
static __always_inline void keep(struct sock *sk, const struct connection *connection)
{
    u64 key = (u64)sk;
    struct connection *stale = bpf_map_lookup_elem(&connections, &key);
    if (stale)
        leaves_state(&stale->flow);
    if (bpf_map_update_elem(&connections, &key, connection, BPF_ANY))
        __sync_fetch_and_add(&connections_lost, 1);
    else if (is_looked_at(&connection->flow))
        count_state(connection->flow.state, 1);
}

static __always_inline void forget(struct sock *sk, const struct connection *connection)
{
    u64 key = (u64)sk;
    leaves_state(&connection->flow);
    bpf_map_delete_elem(&connections, &key);
}
