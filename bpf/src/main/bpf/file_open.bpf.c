/* SPDX-License-Identifier: GPL-2.0 */
/* Files opened: open, openat, openat2, creat, with what came of it and how long it took.
 *
 * Where trampolines or kprobes are allowed, do_sys_openat2 is hooked and no other system call pays. Else the
 * calls themselves, by syscall tracepoints, or as a last resort among all calls that enter and leave the kernel.
 * io_uring opens files by a road of its own, and is not seen. */
#include "types.bpf.h"
#include "ring.bpf.h"
#include "histogram.bpf.h"
#include "filter.bpf.h"
#include "process.bpf.h"
#include "cgroup.bpf.h"
#include "start.bpf.h"
#include "open_call.bpf.h"
#include "path_prefix.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct file_open {
    boottime_ns time; /* when the call returned */
    duration_ns duration;
    struct process process;
    errno_nr error;
    s32 descriptor; /* -1 on failure */
    u64 flags;
    u32 mode;
    struct text path; /* as requested, made absolute */
    struct text executable_name;
    struct text cgroup;
    char texts[3 * PATH_MAX + 512];
};

struct open_outcome {
    u32 access_mode; /* enum access_mode */
    u32 error;
};

const volatile u32 only_failed;
const volatile u64 min_duration_ns;

RING(file_opens, struct file_open, 4 * 1024 * 1024);
HISTOGRAM(open_durations, struct open_outcome, 256);

static __always_inline int opened(boottime_ns started, const struct open_call *call, s64 result)
{
    if (result == -ERESTARTNOINTR)
        return 0;
    boottime_ns now = bpf_ktime_get_boot_ns();
    duration_ns duration = now - started;
    errno_nr error = error_of(result);
    bool wanted = events && (!only_failed || error) && duration >= min_duration_ns;

    struct task_struct *task = current_task();
    struct file_open *e = 0;
    u64 at = offsetof(struct file_open, texts);
    if (wanted || only_path_prefix_length) {
        e = building(0);
        if (!e)
            return 0;
        at = text_ends(&e->path, at, put_requested_path(0, at, task, call->directory, call->name, false));
        if (only_path_prefix_length && !has_only_prefix(e->texts, e->path.length)) /* the path is the first text */
            return 0;
    }

    struct open_outcome outcome = {access_mode_of(call->flags), error};
    histogram_record(&open_durations, &open_durations_lost, &outcome, duration);
    if (!wanted || !e)
        return 0;

    e->time = now;
    e->duration = duration;
    e->error = error;
    e->descriptor = error ? -1 : (s32)result;
    e->flags = call->flags;
    e->mode = call->mode;
    fill_process(&e->process, task);
    at = text_ends(&e->executable_name, at, put_executable_name(0, at, task));
    at = text_ends(&e->cgroup, at, put_cgroup(0, at, task));
    if (bounded(at, EVENT_BYTES))
        OUTPUT(file_opens, e, at);
    return 0;
}

SEC("fentry/do_sys_openat2")
int BPF_PROG(on_open_fentry)
{
    if (is_observed())
        call_starts(0);
    return 0;
}

SEC("fexit/do_sys_openat2")
int BPF_PROG(on_open_fexit, int directory, const char *name, struct open_how *how, int result)
{
    struct start start;
    struct open_call call;
    if (!call_returns(&start))
        return 0;
    open_call_of_kernel(&call, directory, name, how->flags, how->mode);
    return opened(start.time, &call, result);
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(on_open_kprobe, u64 directory, u64 name, u64 how)
{
    u64 args[START_ARGS] = {directory, name, how};
    if (is_observed())
        call_starts(args);
    return 0;
}

/* `how` lies on the stack of the caller, which still waits. */
SEC("kretprobe/do_sys_openat2")
int BPF_KRETPROBE(on_open_kretprobe, int result)
{
    struct start start;
    struct open_call call;
    if (!call_returns(&start))
        return 0;
    struct open_how *how = (void *)start.args[2];
    open_call_of_kernel(&call, start.args[0], (void *)start.args[1], BPF_CORE_READ(how, flags), BPF_CORE_READ(how, mode));
    return opened(start.time, &call, result);
}

SEC("tracepoint")
int on_open_enter(struct syscall_enter *ctx)
{
    u64 args[START_ARGS];
    if (!is_observed())
        return 0;
    /* The context has room for all arguments, but may only be accessed as far as the tracepoint with the fewest
     * has any (creat: two). */
    bpf_probe_read_kernel(args, sizeof(args), ctx->args);
    call_starts(args);
    return 0;
}

SEC("tracepoint")
int on_open_exit(struct syscall_exit *ctx)
{
    struct start start;
    struct open_call call;
    if (!call_returns(&start))
        return 0;
    open_call_of_syscall(&call, (s32)ctx->number, start.args);
    return opened(start.time, &call, ctx->result);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *regs, s64 number)
{
    if (is_open_call(number) && is_observed() && !is_compat_call(current_task()))
        call_starts(0);
    return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, s64 result)
{
    s64 number = regs->SYSCALL_NUMBER;
    struct start start;
    struct open_call call;
    if (!is_open_call(number) || !call_returns(&start))
        return 0;
    u64 args[START_ARGS] = {regs->SYSCALL_ARG0, regs->SYSCALL_ARG1, regs->SYSCALL_ARG2, regs->SYSCALL_ARG3};
    open_call_of_syscall(&call, number, args);
    return opened(start.time, &call, result);
}
