/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* How many bytes an application sent and received through a connection. */
#include "connection.bpf.h"

#define ENDED_BY_US (1u << TCP_FIN_WAIT1 | 1u << TCP_FIN_WAIT2 | 1u << TCP_CLOSING | 1u << TCP_LAST_ACK)

/* Sequence numbers count a SYN and a FIN, too; a server's bytes_acked begins behind its SYN. What is not acknowledged
 * yet lies between snd_una and write_seq. */
static __always_inline u64 bytes_and_fin_sent(const struct flow *flow, struct sock *sk, bool typed)
{
    struct tcp_sock *tcp = (struct tcp_sock *)sk;
    u64 sent = FIELD(typed, tcp, bytes_acked);
    sent += (u32)(FIELD(typed, tcp, write_seq) - FIELD(typed, tcp, snd_una));
    return sent - (flow->role == ROLE_CLIENT);
}

/* Of a connection whose flow has the state that its socket has. */
static __always_inline u64 bytes_sent(const struct flow *flow, struct sock *sk, bool typed)
{
    return bytes_and_fin_sent(flow, sk, typed) - !!IS(flow->state, ENDED_BY_US);
}

static __always_inline u64 bytes_received(struct sock *sk, bool typed)
{
    struct tcp_sock *tcp = (struct tcp_sock *)sk;
    return FIELD(typed, tcp, bytes_received) - (FIELD(typed, sk, __sk_common.skc_flags) >> SOCK_DONE & 1);
}
