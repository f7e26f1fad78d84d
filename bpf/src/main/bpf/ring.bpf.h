/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* A ring buffer and the struct it carries, declared together.
 *
 *   RING(file_opens, struct file_open, 1024 * 1024);
 *
 *   struct file_open *e = RESERVE(file_opens);      // an event of fixed size, written in place
 *   if (e) { ...; SUBMIT(file_opens, e); }
 *
 *   OUTPUT(file_opens, e, bytes);                   // an event of variable size, built elsewhere
 *
 * An event's struct begins with its `boottime_ns`: user space merges all rings in the order of their times.
 *
 * Every event is counted when it is produced, and again when the ring had no room for it: nothing is lost
 * silently. The counts are per CPU, so that they cost no shared cache line, and are added to atomically, since a program
 * in an interrupt may write to the ring that the one beneath it writes to. */
#include "types.bpf.h"

struct ring_counts {
    u64 produced; /* events there were, lost ones included */
    u64 lost;     /* events the ring had no room for */
};

/* The third line emits no map: it keeps the struct's layout in the object's BTF under the ring's name. */
#define RING(name, event, bytes)                                                                              \
    struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, bytes); } name SEC(".maps");             \
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, u32);               \
             __type(value, struct ring_counts); } name##_counts SEC(".maps");                                 \
    event *name##_event SEC(".events")

/* User space is woken by the first event after it has read them all, and again each time so many more bytes
 * wait: a power of two. In between it is left alone, since waking costs as much as twenty events; it comes by
 * itself soon after the first. 0: the kernel's own rule alone, which wakes for each event that is waited for. */
const volatile u32 ring_wakeup_bytes = 0;

/* `before` and `after`: bytes that wait. Without a flag the kernel compares the consumer's position with the
 * event's own once it is committed, so the first one is never missed. Two CPUs that write at the same moment
 * can both see the step before them and neither pass it; then the next step wakes, or the time. */
static __always_inline u64 ring_flags(u64 before, u64 after)
{
    return ring_wakeup_bytes && (before ^ after) >= ring_wakeup_bytes ? BPF_RB_FORCE_WAKEUP : 0;
}

#define RING_ROOM(bytes) (((u64)(bytes) + 8 + 7) & ~7ull) /* with its header */

static __always_inline u64 ring_waiting(void *ring)
{
    return ring_wakeup_bytes ? bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) : 0;
}

static __always_inline void ring_count(void *counts, bool lost)
{
    u32 zero = 0;
    struct ring_counts *c = bpf_map_lookup_elem(counts, &zero);
    if (c) {
        __sync_fetch_and_add(&c->produced, 1);
        if (lost)
            __sync_fetch_and_add(&c->lost, 1);
    }
}

/* A lost event is counted where nothing lies between that and the caller's own question whether there is one: 5.10
 * asks anew, and would otherwise find a way by which an event is never submitted. */
#define RESERVE(name) RESERVE_BYTES(name, sizeof(*name##_event))

/* Only the beginning of an event: as many bytes as the verifier knows. */
#define RESERVE_BYTES(name, bytes) ({                                       \
    u32 _zero = 0;                                                          \
    struct ring_counts *_c = bpf_map_lookup_elem(&name##_counts, &_zero);   \
    if (_c)                                                                 \
        __sync_fetch_and_add(&_c->produced, 1);                             \
    typeof(name##_event) _e = bpf_ringbuf_reserve(&name, bytes, 0);         \
    if (!_e && _c)                                                          \
        __sync_fetch_and_add(&_c->lost, 1);                                 \
    _e; })

#define SUBMIT(name, e) SUBMIT_BYTES(name, e, sizeof(*(e)))

#define SUBMIT_BYTES(name, e, bytes) ({                                     \
    u64 _after = ring_waiting(&name);                                       \
    bpf_ringbuf_submit(e, ring_flags(_after - RING_ROOM(bytes), _after)); })

#define OUTPUT(name, e, bytes) ({                                           \
    typeof(name##_event) _e = (e);                                          \
    u64 _bytes = (bytes), _before = ring_waiting(&name);                    \
    u64 _flags = ring_flags(_before, _before + RING_ROOM(_bytes));          \
    long _error = bpf_ringbuf_output(&name, _e, _bytes, _flags);            \
    ring_count(&name##_counts, _error != 0);                                \
    _error; })

/* Where an event of variable size is built: one per CPU and per program. Programs must not share one, since
 * on a preemptible kernel one can interrupt another on the same CPU. */
#define SCRATCH(name, event)                                                                                  \
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, u32);               \
             __type(value, event); } name SEC(".maps")

#define SCRATCH_OF(name) ({ u32 _zero = 0; bpf_map_lookup_elem(&name, &_zero); })
