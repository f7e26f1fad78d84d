/* SPDX-License-Identifier: GPL-2.0 */
/* How long functions of programs and shared libraries take.
 *
 * Which functions is not known here: their number comes as the cookie of the place that the program runs at (since
 * 5.15), or stands in a copy of the program that user space makes for one function. Functions have an entry and a
 * return; static probes (USDT) have two places, a begin and an end. */
#include "types.bpf.h"
#include "ring.bpf.h"
#include "histogram_shared.bpf.h"
#include "by_whom.bpf.h"
#include "filter.bpf.h"
#include "process.bpf.h"
#include "cgroup.bpf.h"
#include "user_frames.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct user_function_slow {
    boottime_ns time; /* when it returned */
    duration_ns duration;
    u32 function;
    struct process process;
    struct text executable_name;
    struct text cgroup;
    char texts[PATH_MAX + 512];
};

const volatile u64 min_duration_ns;

RING(slow_functions, struct user_function_slow, 256 * 1024);
HISTOGRAM_ARRAY(function_durations, FUNCTIONS);

/* Whether an event is being built on this CPU. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, u32);
    __type(value, u64);
} under_construction SEC(".maps");

static __always_inline void report(u32 function, duration_ns duration)
{
    struct task_struct *task = current_task();
    struct user_function_slow *e = building(0);
    if (!e)
        return;
    e->time = bpf_ktime_get_boot_ns();
    e->duration = duration;
    e->function = function;
    fill_process(&e->process, task);
    u64 at = offsetof(struct user_function_slow, texts);
    at = text_ends(&e->executable_name, at, put_executable_name(0, at, task));
    at = text_ends(&e->cgroup, at, put_cgroup(0, at, task));
    if (bounded(at, EVENT_BYTES))
        OUTPUT(slow_functions, e, at);
}

/* `can_swap`: as in histogram_shared.bpf.h. An event that another thread comes between is counted as lost. */
static __always_inline void took(u64 function, monotonic_ns entered, bool can_swap)
{
    duration_ns duration = bpf_ktime_get_ns() - entered;
    struct histogram *h = by_whom ? histogram_by_whom(function, 0) : 0;
    if (!h)
        h = histogram_at(&function_durations, function);
    if (h)
        histogram_add_shared(h, duration, can_swap);
    if (!events || duration < min_duration_ns)
        return;
    u32 zero = 0;
    u64 *taken = bpf_map_lookup_elem(&under_construction, &zero);
    if (!taken)
        return;
    if (can_swap && __sync_val_compare_and_swap(taken, 0, 1)) {
        ring_count(&slow_functions_counts, true);
        return;
    }
    report(function, duration);
    *(volatile u64 *)taken = 0;
}

static __always_inline int enters(u64 number, struct pt_regs *ctx)
{
    if (is_observed())
        frame_begins(number, frame_of(ctx, false));
    return 0;
}

static __always_inline int begins(u64 number)
{
    if (is_observed())
        call_begins(number | NO_FRAME);
    return 0;
}

static __always_inline int ends(u64 number, u64 frame, bool can_swap)
{
    monotonic_ns entered;
    if (call_ends(number | frame, CALL_IS_WHOLE, &entered))
        took(number, entered, can_swap);
    return 0;
}

static __always_inline u64 number_of(struct pt_regs *ctx)
{
    return bpf_get_attach_cookie(ctx) & (FUNCTIONS - 1);
}

SEC("uprobe")
int on_enter(struct pt_regs *ctx)
{
    return enters(number_of(ctx), ctx);
}

SEC("uretprobe")
int on_return(struct pt_regs *ctx)
{
    return ends(number_of(ctx), frame_of(ctx, true), true);
}

SEC("uprobe")
int on_begin(struct pt_regs *ctx)
{
    return begins(number_of(ctx));
}

SEC("uprobe")
int on_end(struct pt_regs *ctx)
{
    return ends(number_of(ctx), NO_FRAME, true);
}

SEC("uprobe")
int on_enter_copy(struct pt_regs *ctx)
{
    return enters(function_number(), ctx);
}

SEC("uretprobe")
int on_return_copy(struct pt_regs *ctx)
{
    return ends(function_number(), frame_of(ctx, true), false);
}

SEC("uprobe")
int on_begin_copy(struct pt_regs *ctx)
{
    return begins(function_number());
}

SEC("uprobe")
int on_end_copy(struct pt_regs *ctx)
{
    return ends(function_number(), NO_FRAME, false);
}

/* A program that starts has left the functions of the one before; no record of theirs is due. */
SEC("raw_tp/sched_process_exec")
int on_exec(u64 *ctx)
{
    u64 old_tid = (u32)ctx[1]; /* another one where a thread that was not the first starts a program */
    if (!use_task_storage)
        bpf_map_delete_elem(&calls_by_thread, &old_tid);
    struct calls *calls = calls_of_returning();
    if (calls)
        calls->depth = 0;
    return 0;
}

/* Where calls are kept by the thread's number, which another one may have later. */
SEC("raw_tp/sched_process_exit")
int on_exit(void *ctx)
{
    u64 key = calls_key();
    bpf_map_delete_elem(&calls_by_thread, &key);
    return 0;
}
