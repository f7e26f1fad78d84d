/* SPDX-License-Identifier: GPL-2.0 */
/* TCP connections from their first SYN to their end.
 *
 * The base is the tracepoint that all changes of a socket's state pass; it needs neither trampolines nor kprobes. A
 * process connects, listens and closes itself, but the other changes come with packets, while anybody runs. So
 * the owner is kept from where it is known: at the SYN who connects, at the accept who accepts. */
#include "flow_event.bpf.h"
#include "flow_bytes.bpf.h"
#include "flow_spurious.bpf.h"
#include "listener.bpf.h"
#include "flow_calls.bpf.h"
#include "flow_trouble.bpf.h"
#include "flow_reset.bpf.h"
#include "flow_drop.bpf.h"
#include "flow_seed.bpf.h"
#include "mptcp.bpf.h"
#include "flow_life.bpf.h"
#include "flow_state.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define ECONNABORTED 103

static __always_inline void connects(struct sock *sk)
{
    struct connection c = {.flow = {.role = ROLE_CLIENT, .owned = OWNED_BY_OPENER, .state = TCP_SYN_SENT}};
    fill_addresses_by_type(&c.flow, sk);
    struct connection *other = connects_for(sk);
    if (!(other ? is_looked_at(&other->flow) : is_observed()) || !is_wanted(&c.flow))
        return;
    if (other)
        owned_alike(&c.flow, &other->flow);
    else
        owned_by_current(&c.flow);
    c.flow.begin_time = bpf_ktime_get_boot_ns();
    keep(sk, &c);
    if (events && begun_by_pid && !other && c.flow.owner.process.pid == begun_by_pid)
        tell(FLOW_BEGUN, 0, &c.flow, sk, 0, 0, 0);
}

static __always_inline void begins_to_listen(struct sock *sk)
{
    struct connection c = {.flow = {.role = ROLE_SERVER, .owned = OWNED_BY_OPENER, .state = TCP_LISTEN}};
    fill_addresses_by_type(&c.flow, sk);
    if (!is_observed())
        return;
    owned_by_current(&c.flow);
    listens(sk, &c.flow);
    if (is_wanted(&c.flow))
        keep(sk, &c);
}

static __always_inline void comes_in(struct sock *sk)
{
    struct connection c = {.flow = {.role = ROLE_SERVER, .state = TCP_ESTABLISHED}};
    fill_addresses_by_type(&c.flow, sk);
    if (!is_wanted(&c.flow))
        return;
    struct listener *listener = listener_of(&c.flow);
    if (listener) {
        c.flow.owner = listener->owner;
        c.flow.executable = listener->executable;
        c.flow.owned = OWNED_BY_LISTENER;
    }
    c.flow.established_time = bpf_ktime_get_boot_ns();
    c.flow.begin_time = handshake_began(&c.flow, sk);
    keep(sk, &c);
    if (is_looked_at(&c.flow))
        handshake_ends(&c.flow, sk, 0, c.flow.established_time - c.flow.begin_time);
}

static __always_inline void is_established(struct sock *sk, struct connection *c)
{
    leaves_state(&c->flow);
    fill_addresses_by_type(&c->flow, sk);
    c->flow.established_time = bpf_ktime_get_boot_ns();
    enters_state(&c->flow, TCP_ESTABLISHED);
    handshake_ends(&c->flow, sk, 0, c->flow.established_time - c->flow.begin_time);
}

/* The socket's error, or else why the kernel ends a connection at once: who closes one that is open and has unread
 * data, or wants no lingering, resets it. */
static __always_inline errno_nr error_at_end(const struct flow *flow, struct sock *sk)
{
    errno_nr error = sk->sk_err;
    if (error)
        return error;
    return IS(flow->state, ENDED_BY_US) ? 0 : ECONNABORTED;
}

/* Which state it was in says the kernel, which may have left out the run that would have told us; but for who closes what
 * it has closed already, and then we know better, or nobody does. */
static __always_inline void is_closed(struct sock *sk, struct connection *c, int from)
{
    complete_addresses(&c->flow, sk);
    struct flow flow = c->flow;
    if (from != TCP_CLOSE)
        flow.state = from;
    errno_nr error = error_at_end(&flow, sk);
    u64 sent = bytes_sent(&flow, sk, true), received = bytes_received(sk, true), sent_before = c->sent_before,
        received_before = c->received_before;
    u32 spurious_before = c->spurious_before;
    forget(sk, c);
    if (!is_looked_at(&flow))
        return;
    if (flow.state == TCP_LISTEN)
        return;
    if (flow.state == TCP_SYN_SENT) {
        /* Without a number to begin with nothing was sent, and connect says why. */
        if (!sees_connect_returns || ((struct tcp_sock *)sk)->write_seq)
            connect_fails(&flow, sk, error);
        return;
    }
    if (error)
        remember_cut(sk, &flow);
    boottime_ns now = bpf_ktime_get_boot_ns();
    duration_ns lasted = now - flow.established_time;
    u32 smoothed_rtt_us = ((struct tcp_sock *)sk)->srtt_us >> 3;
    count_bytes(&flow, FLOW_TRANSMIT, sent - sent_before);
    count_bytes(&flow, FLOW_RECEIVE, received - received_before);
    count_spurious(&spurious_retransmits, &flow, spurious_of(sk, true), spurious_before);
    if (flow.established_time)
        MEASURE(connection_durations, &flow, error, lasted);
    if (smoothed_rtt_us)
        MEASURE(round_trips, &flow, 0, smoothed_rtt_us * 1000ull);
    if (events && (error || !only_failed) && (lasted >= min_duration_ns || !flow.established_time))
        tell(FLOW_CLOSED, 0, &flow, sk, error, sent, received);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, struct sock *of, int from, int to)
{
    struct sock *sk = typed_tcp(of);
    if (!sk)
        return 0;
    if (to == TCP_SYN_SENT) {
        connects(sk);
        return 0;
    }
    if (to == TCP_LISTEN) {
        begins_to_listen(sk);
        return 0;
    }
    if (from == TCP_LISTEN && to == TCP_CLOSE)
        listens_no_more(sk);
    struct connection *c = connection_of(sk);
    if (!c) {
        if (to == TCP_ESTABLISHED && from == TCP_SYN_RECV)
            comes_in(sk);
    } else if (to == TCP_CLOSE) {
        is_closed(sk, c, from);
    } else if (to == TCP_ESTABLISHED) {
        is_established(sk, c);
    } else {
        leaves_state(&c->flow);
        if (!c->flow.closing_time && to != TCP_SYN_RECV)
            c->flow.closing_time = bpf_ktime_get_boot_ns();
        enters_state(&c->flow, to);
    }
    return 0;
}
