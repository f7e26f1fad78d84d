/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* MPTCP: a program has a socket that is no TCP connection itself but is made of some, its subflows. These are counted.
 * The first is opened, and accepted, where the program does it; others are by whoever finds a path. */
#include "connection.bpf.h"

#define IPPROTO_MPTCP 262

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct mptcp_sock { struct sock *first; struct socket *subflow; };
struct mptcp_subflow_context { struct sock *conn; };
struct tcp_sock___of_mptcp { bool is_mptcp; };
struct inet_connection_sock___of_mptcp { void *icsk_ulp_data; };
#pragma clang attribute pop

/* The TCP connection behind a program's socket. */
static __always_inline struct sock *first_subflow(struct sock *sk)
{
    if (!bpf_core_field_exists(struct mptcp_sock, first) || !sk || BPF_CORE_READ(sk, sk_protocol) != IPPROTO_MPTCP)
        return sk;
    return BPF_CORE_READ((struct mptcp_sock *)sk, first);
}

/* The same at the return of connect's function: as long as MPTCP had a whole socket for a subflow (until 6.6), connecting
 * that is a call of this function by itself. */
static __always_inline struct sock *first_subflow_unless_called(struct sock *sk)
{
    return bpf_core_field_exists(struct mptcp_sock, subflow) ? sk : first_subflow(sk);
}

/* For which connection a socket connects as a further subflow: then it is no matter who runs. By type. */
static __always_inline struct connection *connects_for(struct sock *sk)
{
    struct tcp_sock___of_mptcp *tcp = (void *)sk;
    if (!bpf_core_field_exists(tcp->is_mptcp) || !tcp->is_mptcp)
        return 0;
    struct mptcp_subflow_context *context = BPF_CORE_READ((struct inet_connection_sock___of_mptcp *)sk, icsk_ulp_data);
    struct mptcp_sock *whole = (void *)BPF_CORE_READ(context, conn);
    struct sock *first = BPF_CORE_READ(whole, first);
    return first == sk ? 0 : connection_of(first);
}
