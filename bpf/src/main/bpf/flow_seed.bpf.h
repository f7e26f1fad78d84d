/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Connections that were there before: who has a descriptor of one is its owner. All network namespaces are seen that
 * way, which the kernel's own list of sockets is not; a connection that nobody has a descriptor of is not.
 *
 * In two rounds: who listens must be known before anybody can say which end is the server. */
#include "flow_bytes.bpf.h"
#include "flow_spurious.bpf.h"
#include "listener.bpf.h"
#include "mptcp.bpf.h"

static __always_inline void seed(struct sock *sk, struct task_struct *task, bool listening)
{
    u8 state = state_of(sk);
    if ((state == TCP_LISTEN) != listening || state == TCP_CLOSE || connection_of(sk))
        return;
    struct connection c = {.flow = {.role = ROLE_CLIENT, .owned = OWNED_BY_HOLDER, .state = state}};
    fill_process_of(&c.flow.owner.process, task);
    fill_addresses(&c.flow, sk);
    bool observed = is_observed_task(&c.flow.owner.process, task);
    if (observed) {
        fill_names(&c.flow.owner, task);
        c.flow.executable = executable_number(task);
    }
    if (listening && observed)
        listens(sk, &c.flow);
    if (listening || listener_of(&c.flow))
        c.flow.role = ROLE_SERVER;
    if (!observed || !is_wanted(&c.flow))
        return;
    if (!listening) {
        c.sent_before = bytes_sent(&c.flow, sk, false);
        c.received_before = bytes_received(sk, false);
        c.spurious_before = spurious_of(sk, false);
    }
    u64 key = (u64)sk;
    int error = bpf_map_update_elem(&connections, &key, &c, BPF_NOEXIST);
    if (!error)
        count_state(state, 1);
    else if (error != -EEXIST)
        __sync_fetch_and_add(&connections_lost, 1);
}

static __always_inline void seed_file(struct bpf_iter__task_file *ctx, bool listening)
{
    struct task_struct *task = ctx->task;
    struct file *file = ctx->file;
    if (!task || !file || task->pid != task->tgid)
        return;
    struct sock *sk = first_subflow(socket_of(file));
    if (!sk)
        return;
    u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
    if ((family == AF_INET || family == AF_INET6) && is_tcp(sk))
        seed(sk, task, listening);
}

SEC("iter/task_file")
int on_listening_before(struct bpf_iter__task_file *ctx)
{
    seed_file(ctx, true);
    return 0;
}

SEC("iter/task_file")
int on_connected_before(struct bpf_iter__task_file *ctx)
{
    seed_file(ctx, false);
    return 0;
}
