/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What only the calls themselves know: who accepts a connection, and why a connect failed that came to no SYN.
 *
 * By trampoline where that is allowed; else among all system calls that return. */
#include "flow_event.bpf.h"
#include "mptcp.bpf.h"
#include "syscall.bpf.h"

#if defined(__TARGET_ARCH_x86)
#define NR_connect 42
#define NR_accept 43
#define NR_accept4 288
#elif defined(__TARGET_ARCH_arm64)
#define NR_connect 203
#define NR_accept 202
#define NR_accept4 242
#endif
#define EINPROGRESS 115
#define EALREADY 114
#define EISCONN 106

/* It may be here before its connection is: the last packet of the handshake puts it into the queue first, and makes
 * it established then. */
static __always_inline void accepted(struct sock *sk)
{
    if (!is_tcp(sk))
        return;
    bool observed = is_observed();
    struct connection *kept = connection_of(sk);
    if (!kept) {
        u8 state = state_of(sk);
        if (!observed || state == TCP_CLOSE)
            return;
        struct connection c = {.flow = {.role = ROLE_SERVER, .owned = OWNED_BY_OPENER, .state = state}};
        fill_addresses(&c.flow, sk);
        if (!is_wanted(&c.flow))
            return;
        owned_by_current(&c.flow);
        keep(sk, &c);
        return;
    }
    if (kept->flow.owned == OWNED_BY_OPENER)
        return;
    if (!observed) {
        forget(sk, kept);
        return;
    }
    bool was_looked_at = is_looked_at(&kept->flow);
    owned_by_current(&kept->flow);
    kept->flow.owned = OWNED_BY_OPENER;
    if (was_looked_at)
        return;
    /* Nobody could say before whether it counts. */
    count_state(kept->flow.state, 1);
    if (kept->flow.established_time)
        handshake_ends(&kept->flow, sk, 0, kept->flow.established_time - kept->flow.begin_time);
}

/* struct sockaddr_in and struct sockaddr_in6, which programs hand over. */
struct socket_address {
    u16 family;
    __be16 port;
    __be32 ipv4;
    struct address ipv6;
};

/* A socket that never tried has no sequence number yet; one that tried and failed was seen to by its states. The
 * address is that of the call: the socket has none. */
static __always_inline void connect_returned(struct sock *sk, s64 result, const void *to, bool from_user)
{
    errno_nr error = error_of(result);
    if (!error || error == EINPROGRESS || error == EALREADY || error == EISCONN || error == EINTR)
        return;
    if (!is_tcp(sk) || BPF_CORE_READ((struct tcp_sock *)sk, write_seq) || !is_observed())
        return;
    struct flow flow = {.role = ROLE_CLIENT, .owned = OWNED_BY_OPENER, .state = TCP_SYN_SENT};
    struct socket_address asked = {};
    fill_addresses(&flow, sk);
    if (from_user)
        bpf_probe_read_user(&asked, sizeof(asked), to);
    else
        bpf_probe_read_kernel(&asked, sizeof(asked), to);
    if (asked.family == AF_INET)
        set_ipv4(&flow.remote, asked.ipv4);
    else if (asked.family == AF_INET6)
        flow.remote = asked.ipv6;
    flow.remote_port = bpf_ntohs(asked.port);
    flow.ipv6 = !is_ipv4(&flow.remote);
    if (!is_wanted(&flow))
        return;
    owned_by_current(&flow);
    flow.begin_time = bpf_ktime_get_boot_ns();
    connect_fails(&flow, sk, error);
}

/* Until 6.9 (sk, flags, err, kern), since then (sk, arg); its result stands behind its arguments. The context may only be
 * read at constant offsets, and the compiler would make one load of the two. */
SEC("fexit/inet_csk_accept")
int on_accept_fexit(u64 *ctx)
{
    struct sock *sk;
    if (bpf_core_type_exists(struct proto_accept_arg))
        asm volatile("%0 = *(u64 *)(%1 + 16)" : "=r"(sk) : "r"(ctx));
    else
        asm volatile("%0 = *(u64 *)(%1 + 32)" : "=r"(sk) : "r"(ctx));
    accepted(sk);
    return 0;
}

SEC("fexit/__inet_stream_connect")
int BPF_PROG(on_connect_fexit, struct socket *socket, void *to, int length, int flags, int is_sendmsg, int result)
{
    connect_returned(first_subflow_unless_called(BPF_CORE_READ(socket, sk)), result, to, false);
    return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, s64 result)
{
    s64 number = (s32)regs->SYSCALL_NUMBER;
    if (number != NR_accept4 && number != NR_connect && number != NR_accept)
        return 0;
    if (is_compat_call(current_task()))
        return 0;
    if (number == NR_connect)
        connect_returned(first_subflow(socket_of_descriptor(regs->SYSCALL_ARG0)), result, (void *)regs->SYSCALL_ARG1, true);
    else if (result >= 0)
        accepted(first_subflow(socket_of_descriptor(result)));
    return 0;
}
