/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* A program that was started, or was not. */
#include "ring.bpf.h"
#include "count.bpf.h"
#include "process.bpf.h"
#include "cgroup.bpf.h"
#include "arguments.bpf.h"

struct process_exec {
    boottime_ns time;
    struct process process;
    errno_nr error; /* 0, or why there is no new program */
    u32 args_count; /* all of them, however many travel */
    struct text executable_path; /* on failure: as requested, made absolute */
    struct text working_directory;
    struct text cgroup;
    struct text args; /* each ends in NUL */
    struct text trace_parent;
    char texts[3 * PATH_MAX + ARGS_BYTES + 1024];
};

struct exec_outcome {
    u32 error;
};

const volatile u32 read_args;
const volatile u32 read_trace_parent;

RING(process_execs, struct process_exec, 4 * 1024 * 1024);
COUNTS(exec_counts, struct exec_outcome, 256);

static __always_inline void count_exec(errno_nr error)
{
    struct exec_outcome outcome = {error};
    count(&exec_counts, &exec_counts_lost, &outcome);
}

/* Begins an event: everything but paths and arguments. */
static __always_inline struct process_exec *exec_event(u32 builder, struct task_struct *task, errno_nr error)
{
    struct process_exec *e = building(builder);
    if (!e)
        return 0;
    e->time = bpf_ktime_get_boot_ns();
    e->error = error;
    fill_process(&e->process, task);
    return e;
}

static __always_inline u64 put_surroundings(struct process_exec *e, u32 builder, u64 at, struct task_struct *task)
{
    at = text_ends(&e->working_directory, at, put_working_directory(builder, at, task));
    return text_ends(&e->cgroup, at, put_cgroup(builder, at, task));
}
