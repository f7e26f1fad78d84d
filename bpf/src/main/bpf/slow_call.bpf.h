/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Single calls of a kernel function that are told: which ones, and what of them. */
#include "ring.bpf.h"
#include "process.bpf.h"
#include "cgroup_names.bpf.h"
#include "function_arguments.bpf.h"

#define KERNEL_FRAMES 64
#define USER_FRAMES 32

/* What is asked for of a slow call, and travels only then. */
struct call_details {
    struct argument arguments[ARGUMENTS];
    u64 kernel_frames[KERNEL_FRAMES];
    u64 user_frames[USER_FRAMES];
    struct bpf_stack_build_id user_files[USER_FRAMES];
};

/* A call that took at least min_duration_ns. */
struct slow_call {
    boottime_ns time; /* when it returned */
    duration_ns duration;
    struct process process; /* whose thread made it, or was interrupted by it */
    s64 result;
    u32 function;
    errno_nr error;
    char executable_name[NAME_MAX + 1];
    struct cgroup_names cgroup;
    struct text arguments;     /* struct argument, as many as the function has paths */
    struct text kernel_frames; /* addresses, the innermost first */
    struct text user_frames;
    struct text user_files; /* where each is in a file that is known by its build id: struct bpf_stack_build_id */
    struct call_details texts;
};

const volatile u64 min_duration_ns;
const volatile u32 kernel_stacks;
const volatile u32 user_stacks;
const volatile u32 filter_result; /* 1: results from least_result to most_result; 2: all others */
const volatile s64 least_result;
const volatile s64 most_result;
const volatile u32 only_failed;
const volatile u8 result_numbers[FUNCTIONS]; /* enum result_number, by number; for filters */

RING(slow_calls, struct slow_call, 1024 * 1024);

/* What a result is as a number. */
enum result_number { NO_NUMBER, NUMBER_S32, NUMBER_U32, NUMBER_64, NUMBER_BOOL };

static __always_inline bool is_wanted_result(u64 function, u64 result)
{
    if (!filter_result)
        return true;
    u32 kind = result_numbers[function & (FUNCTIONS - 1)];
    if (kind == NO_NUMBER)
        return false;
    s64 value = kind == NUMBER_S32 ? (s32)result : kind == NUMBER_U32 ? (u32)result : kind == NUMBER_BOOL ? (result & 1) : (s64)result;
    bool within = value >= least_result && value <= most_result;
    return within == (filter_result == 1);
}

#define PUT_FRAMES(e, field, ctx, flags) ({                                                       \
    s64 _bytes = bpf_get_stack(ctx, (e)->texts.field, sizeof((e)->texts.field), flags);          \
    (e)->field.at = offsetof(struct slow_call, texts.field);                                     \
    (e)->field.length = _bytes > 0 ? _bytes : 0; })

static __always_inline void put_arguments(struct slow_call *e, u64 function, monotonic_ns entered)
{
    if (!has_arguments(function))
        return;
    struct call_arguments *kept = arguments_kept(function, entered);
    if (!kept) {
        __sync_fetch_and_add(&arguments_by_call_lost, 1);
        return;
    }
    e->arguments.at = offsetof(struct slow_call, texts.arguments);
    e->arguments.length = argument_count[function & (FUNCTIONS - 1)] * sizeof(struct argument);
    bpf_probe_read_kernel(e->texts.arguments, sizeof(e->texts.arguments), kept->argument);
}

static __always_inline bool is_told(duration_ns duration, u64 function, u64 result, errno_nr error)
{
    return duration >= min_duration_ns && (!only_failed || error) && is_wanted_result(function, result);
}

/* Written in place: copies of this program, and interrupts, come upon each other on a processor, so there is no
 * place where one of them could build an event alone. */
static __always_inline void report(void *ctx, monotonic_ns entered, duration_ns duration, u64 function, s64 result, errno_nr error)
{
    bool detailed = keep_arguments || kernel_stacks || user_stacks;
    u64 bytes = detailed ? sizeof(struct slow_call) : offsetof(struct slow_call, texts);
    struct slow_call *e = RESERVE_BYTES(slow_calls, bytes);
    if (!e)
        return;
    duration_ns ago = bpf_ktime_get_ns() - (entered + duration); /* long, where an interrupt came between */
    e->time = bpf_ktime_get_boot_ns() - ago;
    e->duration = duration;
    e->result = result;
    e->function = function;
    e->error = error;
    struct task_struct *task = current_task();
    fill_process(&e->process, task);
    fill_executable_name(e->executable_name, task);
    fill_cgroup_names(&e->cgroup, task);
    e->arguments = e->kernel_frames = e->user_frames = e->user_files = (struct text){};
    if (keep_arguments)
        put_arguments(e, function, entered);
    if (kernel_stacks)
        PUT_FRAMES(e, kernel_frames, ctx, 0);
    if (user_stacks) {
        PUT_FRAMES(e, user_frames, ctx, BPF_F_USER_STACK);
        PUT_FRAMES(e, user_files, ctx, BPF_F_USER_STACK | BPF_F_USER_BUILD_ID);
    }
    SUBMIT_BYTES(slow_calls, e, bytes);
}
