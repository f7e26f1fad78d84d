/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What is told of connections: numbers that are kept in the kernel, and events. */
#include "ring.bpf.h"
#include "flow_io.bpf.h"
#include "flow_counts.bpf.h"

enum flow_event_kind { FLOW_CLOSED, FLOW_FAILED, FLOW_RESET, FLOW_RETRANSMIT, FLOW_SLOW_HANDSHAKE, FLOW_BEGUN };
enum retransmit_kind { RETRANSMIT_FAST, RETRANSMIT_TIMEOUT, RETRANSMIT_LOSS_PROBE };

struct flow_event {
    boottime_ns time;
    struct flow flow;
    u64 sent;     /* by the application, and acknowledged or still waiting */
    u64 received; /* in order, whether the application read them or not */
    u32 smoothed_rtt_us;
    u32 retransmits; /* segments, since the first SYN */
    errno_nr error;
    u8 kind;
    u8 detail; /* of a reset: enum flow_direction; of a retransmit: enum retransmit_kind */
    u8 reason; /* of a reset: one more than enum sk_rst_reason; 0 where the kernel gives none */
};

const volatile u32 retransmit_events;
const volatile u32 only_failed;
const volatile u64 min_duration_ns;
const volatile u32 sees_connect_returns;
const volatile u64 slow_handshake_ns; /* 0: none is slow */
const volatile u32 begun_by_pid;      /* whose connects are told when they begin; 0: nobody's */

RING(flow_events, struct flow_event, 4 * 1024 * 1024);

static __always_inline void tell_why(u8 kind, u8 detail, u8 reason, const struct flow *flow, struct sock *sk,
                                     errno_nr error, u64 sent, u64 received)
{
    struct flow_event *e = RESERVE(flow_events);
    if (!e)
        return;
    struct tcp_sock *tcp = (struct tcp_sock *)sk;
    e->time = bpf_ktime_get_boot_ns();
    e->flow = *flow;
    e->sent = sent;
    e->received = received;
    e->smoothed_rtt_us = BPF_CORE_READ(tcp, srtt_us) >> 3;
    e->retransmits = BPF_CORE_READ(tcp, total_retrans);
    e->error = error;
    e->kind = kind;
    e->detail = detail;
    e->reason = reason;
    SUBMIT(flow_events, e);
}

static __always_inline void tell(u8 kind, u8 detail, const struct flow *flow, struct sock *sk, errno_nr error,
                                 u64 sent, u64 received)
{
    tell_why(kind, detail, 0, flow, sk, error, sent, received);
}

static __always_inline void handshake_ends(const struct flow *flow, struct sock *sk, errno_nr error, duration_ns took)
{
    MEASURE(handshake_durations, flow, error, took);
    if (events && !error && slow_handshake_ns && took >= slow_handshake_ns)
        tell(FLOW_SLOW_HANDSHAKE, 0, flow, sk, 0, 0, 0);
}

static __always_inline void connect_fails(const struct flow *flow, struct sock *sk, errno_nr error)
{
    handshake_ends(flow, sk, error, bpf_ktime_get_boot_ns() - flow->begin_time);
    if (events)
        tell(FLOW_FAILED, 0, flow, sk, error, 0, 0);
}
