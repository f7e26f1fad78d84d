/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* execve and execveat that failed. The caller is still there, with what it asked for in its own memory. A call
 * of a 32-bit program is seen by no way: its pointers have another width. */
#include "exec_event.bpf.h"
#include "filter.bpf.h"
#include "syscall.bpf.h"

#define AT_EMPTY_PATH 0x1000

struct exec_call {
    s32 directory; /* descriptor or AT_FDCWD */
    u32 flags;
    u64 name;   /* in the caller's memory, as the arguments are */
    u64 vector; /* of pointers to arguments */
};

/* Calls that a thread is in, for the ways that see them only at their entry. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, u32); /* tid */
    __type(value, struct exec_call);
} calls_by_thread SEC(".maps");

u64 calls_by_thread_lost;   /* no room */
u64 calls_by_thread_missed; /* the return was missed; see start.bpf.h */

static __always_inline int exec_failed(u32 builder, const struct exec_call *call, s64 result)
{
    if (result == -ERESTARTNOINTR)
        return 0;
    count_exec(error_of(result));
    if (!events)
        return 0;
    struct task_struct *task = current_task();
    struct process_exec *e = exec_event(builder, task, error_of(result));
    if (!e)
        return 0;
    u64 at = offsetof(struct process_exec, texts), room = read_args ? ARGS_BYTES : 0;
    at = text_ends(&e->args, at, put_arguments_of_caller(builder, at, call->vector, room, &e->args_count));
    at = text_ends(&e->executable_path, at, put_requested_path(builder, at, task, call->directory, (void *)call->name,
                                                               call->flags & AT_EMPTY_PATH));
    at = put_surroundings(e, builder, at, task);
    at = text_ends(&e->trace_parent, at, at);
    if (bounded(at, EVENT_BYTES))
        OUTPUT(process_execs, e, at);
    return 0;
}

static __always_inline int exec_begins(const struct exec_call *call)
{
    u32 tid = (u32)bpf_get_current_pid_tgid();
    if (!is_observed())
        return 0;
    int error = bpf_map_update_elem(&calls_by_thread, &tid, call, BPF_NOEXIST);
    if (error == -EEXIST) {
        __sync_fetch_and_add(&calls_by_thread_missed, 1);
        bpf_map_update_elem(&calls_by_thread, &tid, call, BPF_EXIST);
    } else if (error) {
        __sync_fetch_and_add(&calls_by_thread_lost, 1);
    }
    return 0;
}

static __always_inline int exec_returns(u32 builder, s64 result)
{
    u32 tid = (u32)bpf_get_current_pid_tgid();
    struct exec_call *kept = bpf_map_lookup_elem(&calls_by_thread, &tid);
    if (!kept)
        return 0;
    struct exec_call call = *kept;
    bpf_map_delete_elem(&calls_by_thread, &tid);
    return result < 0 ? exec_failed(builder, &call, result) : 0;
}

/* execve(name, vector, environment); execveat(directory, name, vector, environment, flags). `READ_REGISTER` is a
 * plain load where the verifier knows the registers' type. */
#define EXECVE(regs, READ_REGISTER) {                                                                         \
    .directory = AT_FDCWD,                                                                                    \
    .name = READ_REGISTER(regs, SYSCALL_ARG0), .vector = READ_REGISTER(regs, SYSCALL_ARG1)}
#define EXECVEAT(regs, READ_REGISTER) {                                                                       \
    .directory = READ_REGISTER(regs, SYSCALL_ARG0), .flags = READ_REGISTER(regs, SYSCALL_ARG4),               \
    .name = READ_REGISTER(regs, SYSCALL_ARG1), .vector = READ_REGISTER(regs, SYSCALL_ARG2)}
#define LOAD(regs, field) ((regs)->field)

/* Not ctx[0], which 5.10 refuses for execveat: there its BTF has only a declaration of struct pt_regs. */
static __always_inline struct pt_regs *first_argument(const void *ctx)
{
    struct pt_regs *regs = 0;
    bpf_probe_read_kernel(&regs, sizeof(regs), ctx);
    return regs;
}

SEC("fexit/" SYSCALL_FUNCTION("execve"))
int BPF_PROG(on_execve_fexit, struct pt_regs *unused, s64 result)
{
    if (result >= 0 || !is_observed())
        return 0;
    struct pt_regs *regs = first_argument(ctx);
    struct exec_call call = EXECVE(regs, BPF_CORE_READ);
    return exec_failed(BUILDER_OF_FAILED_EXECVE, &call, result);
}

SEC("fexit/" SYSCALL_FUNCTION("execveat"))
int BPF_PROG(on_execveat_fexit, struct pt_regs *unused, s64 result)
{
    if (result >= 0 || !is_observed())
        return 0;
    struct pt_regs *regs = first_argument(ctx);
    struct exec_call call = EXECVEAT(regs, BPF_CORE_READ);
    return exec_failed(BUILDER_OF_FAILED_EXECVEAT, &call, result);
}

SEC("kprobe/" SYSCALL_FUNCTION("execve"))
int BPF_KPROBE(on_execve_kprobe, struct pt_regs *regs)
{
    struct exec_call call = EXECVE(regs, BPF_CORE_READ);
    return exec_begins(&call);
}

SEC("kprobe/" SYSCALL_FUNCTION("execveat"))
int BPF_KPROBE(on_execveat_kprobe, struct pt_regs *regs)
{
    struct exec_call call = EXECVEAT(regs, BPF_CORE_READ);
    return exec_begins(&call);
}

SEC("kretprobe/" SYSCALL_FUNCTION("execve"))
int BPF_KRETPROBE(on_execve_kretprobe, s64 result)
{
    return exec_returns(BUILDER_OF_FAILED_EXECVE, result);
}

SEC("kretprobe/" SYSCALL_FUNCTION("execveat"))
int BPF_KRETPROBE(on_execveat_kretprobe, s64 result)
{
    return exec_returns(BUILDER_OF_FAILED_EXECVEAT, result);
}

SEC("tracepoint/syscalls/sys_enter_execve")
int on_execve_enter(struct syscall_enter *ctx)
{
    struct exec_call call = {.directory = AT_FDCWD, .name = ctx->args[0], .vector = ctx->args[1]};
    return exec_begins(&call);
}

SEC("tracepoint/syscalls/sys_enter_execveat")
int on_execveat_enter(struct syscall_enter *ctx)
{
    struct exec_call call = {
        .directory = ctx->args[0], .flags = ctx->args[4], .name = ctx->args[1], .vector = ctx->args[2]};
    return exec_begins(&call);
}

SEC("tracepoint/syscalls/sys_exit_execve")
int on_execve_exit(struct syscall_exit *ctx)
{
    return exec_returns(BUILDER_OF_FAILED_EXECVE, ctx->result);
}

SEC("tracepoint/syscalls/sys_exit_execveat")
int on_execveat_exit(struct syscall_exit *ctx)
{
    return exec_returns(BUILDER_OF_FAILED_EXECVEAT, ctx->result);
}

/* Runs at the end of every system call, so what most calls are not is asked first. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, s64 result)
{
    if (result >= 0)
        return 0;
    s64 number = regs->SYSCALL_NUMBER;
    if ((number != NR_execve && number != NR_execveat) || is_compat_call(current_task()) || !is_observed())
        return 0;
    struct exec_call execve = EXECVE(regs, LOAD), execveat = EXECVEAT(regs, LOAD);
    return exec_failed(BUILDER_OF_FAILED_EXECVE, number == NR_execve ? &execve : &execveat, result);
}
