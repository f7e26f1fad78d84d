/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Whose a segment is, on its way out of a socket or into one, or where there is none. */
#include "listener.bpf.h"
#include "segment.bpf.h"
#include "flow_event.bpf.h"

#define AF_PACKET 17
#define SOCK_STREAM 1
#define TCP_NEW_SYN_RECV 12 /* a request, which is no whole socket */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sock_common___of_request { u16 skc_num; struct sock *skc_listener; };
struct sock___of_stream { u16 sk_type; };

#pragma clang attribute pop

/* Waiting sockets and requests have only what all have: no protocol, for one. */
static __always_inline bool is_whole(struct sock *sk)
{
    return !IS(state_of(sk), 1u << TCP_TIME_WAIT | 1u << TCP_NEW_SYN_RECV);
}

/* A raw socket for TCP has its protocol, too, and copies of what comes for others. */
static __always_inline bool is_of_tcp(struct sock *sk)
{
    if (!sk)
        return false;
    u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
    if (family != AF_INET && family != AF_INET6)
        return false;
    return !is_whole(sk) || (is_tcp(sk) && BPF_CORE_READ((struct sock___of_stream *)sk, sk_type) == SOCK_STREAM);
}

/* What lies in the queue of a raw socket, or of one that listens to devices, is a copy. */
static __always_inline bool is_copy(struct sk_buff *skb)
{
    struct sock *sk = skb->sk;
    if (!sk || is_of_tcp(sk))
        return false;
    u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
    return family == AF_INET || family == AF_INET6 || family == AF_PACKET;
}

static __always_inline u16 port_of(struct sock *sk)
{
    return is_whole(sk) ? local_port(sk) : BPF_CORE_READ((struct sock_common___of_request *)sk, skc_num);
}

/* A client's port is another than the server's, but for a socket that is connected to itself. */
static __always_inline u8 direction_of(const struct segment *segment, struct sock *sk)
{
    return segment->source_port == port_of(sk) && segment->destination_port == remote_port(sk)
               ? FLOW_TRANSMIT : FLOW_RECEIVE;
}

static __always_inline void fill_ends(struct flow *flow, const struct segment *segment, u8 direction)
{
    bool is_sent = direction == FLOW_TRANSMIT;
    flow->local = is_sent ? segment->source : segment->destination;
    flow->remote = is_sent ? segment->destination : segment->source;
    flow->local_port = is_sent ? segment->source_port : segment->destination_port;
    flow->remote_port = is_sent ? segment->destination_port : segment->source_port;
    flow->ipv6 = !is_ipv4(&flow->remote);
}

/* What is known of who listens is not known of who accepted, so only a first SYN is the listener's. */
static __always_inline void fill_listener(struct flow *flow, u8 flags)
{
    struct listening_at at = {.address = flow->local, .network_namespace = flow->network_namespace,
                              .port = flow->local_port};
    struct listener *listener = bpf_map_lookup_elem(&listeners, &at);
    if (!listener) {
        at.address.high = at.address.low = 0;
        listener = bpf_map_lookup_elem(&listeners, &at);
    }
    if (!listener)
        return;
    flow->role = ROLE_SERVER;
    if ((flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
        return;
    flow->owner = listener->owner;
    flow->owned = OWNED_BY_LISTENER;
    flow->state = TCP_LISTEN;
}

/* `segment` is null where the packet does not say. A request belongs to who listens, and so does what came for it. */
static __always_inline void fill_from_socket(struct flow *flow, struct sock *sk, const struct segment *segment, u8 direction)
{
    u8 state = state_of(sk);
    struct sock *holder = state == TCP_NEW_SYN_RECV ? BPF_CORE_READ((struct sock_common___of_request *)sk, skc_listener) : sk;
    struct connection *c = connection_of(holder);
    if (c)
        *flow = c->flow;
    flow->state = state == TCP_NEW_SYN_RECV ? TCP_SYN_RECV : state;
    flow->network_namespace = namespace_of(sk);
    if (flow->owned == OWNED_BY_OPENER && IS(state, 1u << TCP_NEW_SYN_RECV | 1u << TCP_LISTEN))
        flow->owned = OWNED_BY_LISTENER;
    if (segment)
        fill_ends(flow, segment, direction);
    else if (is_whole(sk))
        fill_addresses(flow, sk);
}

/* The socket that the packet belongs to, or else the one that it was for. */
static __always_inline struct sock *socket_of_packet(struct sk_buff *skb, struct sock *receiver)
{
    struct sock *sk = skb->sk;
    if (is_of_tcp(sk) && (!receiver || is_whole(sk)))
        return sk;
    return is_of_tcp(receiver) ? receiver : 0;
}
