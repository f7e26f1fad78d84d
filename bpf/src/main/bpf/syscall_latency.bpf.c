/* SPDX-License-Identifier: GPL-2.0 */
/* System calls: how many, what failed, how long they took.
 *
 * Measured from their entry to their return, by the tracepoints that all calls pass or by those of single calls.
 * What never returns (exit, rt_sigreturn) user space leaves out of wanted_calls; a successful exec returns, into the
 * new program, in the same thread. A return without an entry is none of ours: of a new thread, of a call that was
 * under way before, of one that seccomp refused. */
#define START_ARGS 1
#include "types.bpf.h"
#include "ring.bpf.h"
#include "octave.bpf.h"
#include "filter.bpf.h"
#include "process.bpf.h"
#include "cgroup.bpf.h"
#include "start.bpf.h"
#include "syscall.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Numbers below are told apart. Any program can call any number (and gets ENOSYS), so the others share one series. */
#define SYSCALLS 512

struct slow_syscall {
    boottime_ns time; /* when the call returned */
    duration_ns duration;
    struct process process;
    u32 number; /* SYSCALLS for those that are not told apart */
    errno_nr error;
    struct text executable_name;
    struct text cgroup;
    char texts[PATH_MAX + 512];
};

struct syscall_outcome {
    u32 number;
    u16 error;
    u16 octave; /* of the duration */
};

const volatile u8 wanted_calls[SYSCALLS + 1];
const volatile u32 except_pid; /* Ringside's own; 0: nobody */
const volatile u64 min_duration_ns;

RING(slow_syscalls, struct slow_syscall, 1024 * 1024);
OCTAVES(syscall_durations, struct syscall_outcome, 4096);

static __always_inline u64 told_apart(s64 number)
{
    return (u64)number < SYSCALLS ? (u64)number : SYSCALLS;
}

static __always_inline bool is_wanted(s64 number)
{
    return wanted_calls[told_apart(number)];
}

static __always_inline void enters(s64 number)
{
    u64 args[START_ARGS] = {number};
    if (except_pid && bpf_get_current_pid_tgid() >> 32 == except_pid)
        return;
    if (is_observed())
        call_starts(args);
}

static __always_inline int slow(boottime_ns now, duration_ns duration, u64 number, errno_nr error)
{
    struct task_struct *task = current_task();
    struct slow_syscall *e = building(0);
    if (!e)
        return 0;
    u64 at = offsetof(struct slow_syscall, texts);
    e->time = now;
    e->duration = duration;
    e->number = number;
    e->error = error;
    fill_process(&e->process, task);
    at = text_ends(&e->executable_name, at, put_executable_name(0, at, task));
    at = text_ends(&e->cgroup, at, put_cgroup(0, at, task));
    if (bounded(at, EVENT_BYTES))
        OUTPUT(slow_syscalls, e, at);
    return 0;
}

/* The number is that of the entry. On return it is compared only: where they differ, the return of one call and the
 * entry of the next were both left out by the kernel, or a debugger was at the registers. */
static __always_inline int returns(s64 number, s64 result)
{
    struct start start;
    if (!call_returns(&start))
        return 0;
    if (start.args[0] != (u64)number || is_of_another_thread(&start)) {
        call_missed();
        return 0;
    }
    if (result == -ERESTARTNOINTR)
        return 0;
    boottime_ns now = bpf_ktime_get_boot_ns();
    duration_ns duration = now - start.time;
    errno_nr error = error_of(result);
    u64 bucket = histogram_bucket(duration);
    struct syscall_outcome outcome = {told_apart(number), error, octave_of(bucket)};
    octave_record(&syscall_durations, &syscall_durations_lost, &outcome, bucket, duration);
    return events && duration >= min_duration_ns ? slow(now, duration, outcome.number, error) : 0;
}

SEC("tracepoint")
int on_call_enter(struct syscall_enter *ctx)
{
    enters(ctx->number);
    return 0;
}

SEC("tracepoint")
int on_call_exit(struct syscall_exit *ctx)
{
    return returns(ctx->number, ctx->result);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *regs, s64 number)
{
    if (is_wanted(number) && !is_compat_call(current_task()))
        enters(number);
    return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, s64 result)
{
    s64 number = (s64)regs->SYSCALL_NUMBER;
    return is_wanted(number) ? returns(number, result) : 0;
}
