/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What is told of connections: numbers that are kept in the kernel, and events. */
#include "ring.bpf.h"
#include "octave.bpf.h"
#include "count.bpf.h"
#include "connection.bpf.h"

enum flow_event_kind { FLOW_CLOSED, FLOW_FAILED, FLOW_RESET, FLOW_RETRANSMIT, FLOW_SLOW_HANDSHAKE, FLOW_BEGUN };
enum flow_direction { FLOW_TRANSMIT, FLOW_RECEIVE };
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
    char executable_name[NAME_MAX + 1];
    struct cgroup_names cgroup;
};

struct flow_outcome {
    u8 role;
    u8 ipv6;
    u16 error;
    u16 server_port; /* 0 unless it is asked for, and where there was no room for one more */
    u16 octave;
};

struct retransmit_key {
    u8 kind;
    u8 state;
    u8 ipv6;
    u8 unused;
};

struct reset_key {
    u8 direction;
    u8 ipv6;
};

const volatile u32 by_server_port;
const volatile u32 retransmit_events;
const volatile u32 only_failed;
const volatile u64 min_duration_ns;
const volatile u32 sees_connect_returns;
const volatile u64 slow_handshake_ns; /* 0: none is slow */
const volatile u32 begun_by_pid;      /* whose connects are told when they begin; 0: nobody's */

RING(flow_events, struct flow_event, 4 * 1024 * 1024);
OCTAVES(handshake_durations, struct flow_outcome, 1024);
OCTAVES(connection_durations, struct flow_outcome, 1024);
OCTAVES(round_trips, struct flow_outcome, 1024);
COUNTS(retransmit_counts, struct retransmit_key, 256);
COUNTS(reset_counts, struct reset_key, 16);

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, u32); /* enum flow_direction */
    __type(value, u64);
} io_bytes SEC(".maps");

static __always_inline void measure(void *octaves, u64 *lost, const struct flow *flow, errno_nr error, duration_ns took)
{
    u64 bucket = histogram_bucket(took);
    struct flow_outcome outcome = {.role = flow->role, .ipv6 = flow->ipv6, .error = error, .octave = octave_of(bucket),
                                   .server_port = by_server_port ? server_port(flow) : 0};
    u64 without_room = 0;
    if (!by_server_port) {
        octave_record(octaves, lost, &outcome, bucket, took);
        return;
    }
    octave_record(octaves, &without_room, &outcome, bucket, took);
    if (without_room) {
        outcome.server_port = 0;
        octave_record(octaves, lost, &outcome, bucket, took);
    }
}

static __always_inline void count_bytes(u32 direction, u64 bytes)
{
    u64 *sum = bpf_map_lookup_elem(&io_bytes, &direction);
    if (sum)
        __sync_fetch_and_add(sum, bytes);
}

static __always_inline void fill_names(struct flow_event *e)
{
    struct owner_key key = {.start_time = e->flow.owner.start_time, .pid = e->flow.owner.pid};
    struct owner_names *names = bpf_map_lookup_elem(&owners, &key);
    if (!names)
        names = (struct owner_names *)&no_names;
    bpf_probe_read_kernel(e->executable_name, sizeof(e->executable_name), names->executable_name);
    bpf_probe_read_kernel(&e->cgroup, sizeof(e->cgroup), &names->cgroup);
}

static __always_inline void tell(u8 kind, u8 detail, const struct flow *flow, struct sock *sk, errno_nr error,
                                 u64 sent, u64 received)
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
    fill_names(e);
    SUBMIT(flow_events, e);
}

static __always_inline void handshake_ends(const struct flow *flow, struct sock *sk, errno_nr error, duration_ns took)
{
    measure(&handshake_durations, &handshake_durations_lost, flow, error, took);
    if (events && !error && slow_handshake_ns && took >= slow_handshake_ns)
        tell(FLOW_SLOW_HANDSHAKE, 0, flow, sk, 0, 0, 0);
}

static __always_inline void connect_fails(const struct flow *flow, struct sock *sk, errno_nr error)
{
    handshake_ends(flow, sk, error, bpf_ktime_get_boot_ns() - flow->begin_time);
    if (events)
        tell(FLOW_FAILED, 0, flow, sk, error, 0, 0);
}
