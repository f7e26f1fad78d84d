/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* The watched functions that a thread is in, each with the time it was entered: a stack, so that functions may call
 * each other and themselves. What an interrupt calls goes on top, and is gone when it is over.
 *
 * It is kept in task storage (since 5.12), which ends with its thread, or in a hash by thread, where those that
 * were not used for longest give way. The map that is not used is not created, and its code is dead.
 *
 * A kernel can leave out the program at an entry or at a return (too few kretprobe instances; a program that stands
 * still, preempted or interrupted by what it would have to look at). So a return looks for its own entry: what lies
 * above that was left without its return and is counted; and a return without entry takes nothing away. */
#include "kernel.bpf.h"

#ifndef CALLS_DEPTH
#define CALLS_DEPTH 16 /* a power of two; before including: another one */
#endif

struct call {
    monotonic_ns entered;
    u64 function; /* its number among those that are watched; with its frame, if it has one (frames.bpf.h) */
};

struct calls {
    u64 depth;
    struct call call[CALLS_DEPTH];
};

const volatile u32 use_task_storage;

struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct calls);
} calls_by_task SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 10240);
    __type(key, u64); /* tid; or, of the tasks that idle and all have the number 0, the processor */
    __type(value, struct calls);
} calls_by_thread SEC(".maps");

/* Calls whose entry there was no room for. */
u64 calls_by_task_lost;
u64 calls_by_thread_lost;

/* Calls whose return was not told; also those that one too many, called by them, pushed out. */
u64 calls_by_task_missed;
u64 calls_by_thread_missed;

static const struct calls calls_none;

static __always_inline u64 calls_key(void)
{
    u32 tid = (u32)bpf_get_current_pid_tgid();
    return tid ? tid : 1ull << 32 | bpf_get_smp_processor_id();
}

static __always_inline void calls_count(u64 *of_task, u64 *of_thread, u64 n)
{
    __sync_fetch_and_add(use_task_storage ? of_task : of_thread, n);
}

static __always_inline struct calls *calls_or_new(void)
{
    if (use_task_storage)
        return bpf_task_storage_get(&calls_by_task, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    u64 key = calls_key();
    struct calls *calls = bpf_map_lookup_elem(&calls_by_thread, &key);
    if (calls)
        return calls;
    bpf_map_update_elem(&calls_by_thread, &key, &calls_none, BPF_NOEXIST);
    return bpf_map_lookup_elem(&calls_by_thread, &key);
}

/* None if there is no room for them; then the call that begins is counted as lost. */
static __always_inline struct calls *calls_of_entering(void)
{
    struct calls *calls = calls_or_new();
    if (!calls)
        calls_count(&calls_by_task_lost, &calls_by_thread_lost, 1);
    return calls;
}

static __always_inline struct calls *calls_of_returning(void)
{
    if (use_task_storage)
        return bpf_task_storage_get(&calls_by_task, bpf_get_current_task_btf(), 0, 0);
    u64 key = calls_key();
    return bpf_map_lookup_elem(&calls_by_thread, &key);
}

static __always_inline void calls_push(struct calls *calls, u64 function)
{
    u64 depth = calls->depth;
    if (depth >= CALLS_DEPTH) {
        calls_count(&calls_by_task_missed, &calls_by_thread_missed, CALLS_DEPTH);
        depth = 0;
    }
    struct call *call = &calls->call[depth & (CALLS_DEPTH - 1)];
    calls->depth = depth + 1; /* first, or an interrupt here would write where we are about to */
    call->function = function;
    call->entered = bpf_ktime_get_ns();
}

static __always_inline void call_begins(u64 function)
{
    struct calls *calls = calls_of_entering();
    if (calls)
        calls_push(calls, function);
}

/* Of the call that has just begun. */
static __always_inline monotonic_ns last_entered(void)
{
    struct calls *calls = calls_of_returning();
    return calls ? calls->call[(calls->depth - 1) & (CALLS_DEPTH - 1)].entered : 0;
}

#define CALL_IS_WHOLE ~0ull /* which bits have to be the same */

static __always_inline bool call_ends_below(struct calls *calls, u64 depth, u64 function, u64 mask, monotonic_ns *entered)
{
#pragma nounroll
    for (u32 above = 1; above < CALLS_DEPTH; above++) {
        if (!depth)
            return false;
        struct call *call = &calls->call[--depth & (CALLS_DEPTH - 1)];
        if ((call->function ^ function) & mask)
            continue;
        calls_count(&calls_by_task_missed, &calls_by_thread_missed, above);
        *entered = call->entered;
        calls->depth = depth;
        return true;
    }
    return false;
}

/* Whether the call that returns was seen to begin. It is forgotten thereby. Mostly it lies on top. */
static __always_inline bool call_ends(u64 function, u64 mask, monotonic_ns *entered)
{
    struct calls *calls = calls_of_returning();
    if (!calls || !calls->depth)
        return false;
    u64 depth = calls->depth - 1;
    struct call *call = &calls->call[depth & (CALLS_DEPTH - 1)];
    if ((call->function ^ function) & mask)
        return call_ends_below(calls, depth, function, mask, entered);
    *entered = call->entered;
    calls->depth = depth;
    return true;
}
