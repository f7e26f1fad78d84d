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
 * silently. The counts are per CPU, so that they cost no shared cache line. */
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

/* Below this many waiting bytes user space is not woken: it looks by itself every few milliseconds. 0 wakes
 * it for each event. */
const volatile u32 ring_wakeup_bytes = 0;

static __always_inline u64 ring_flags(void *ring)
{
    if (!ring_wakeup_bytes)
        return 0;
    return bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) >= ring_wakeup_bytes ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

static __always_inline void ring_count(void *counts, bool lost)
{
    u32 zero = 0;
    struct ring_counts *c = bpf_map_lookup_elem(counts, &zero);
    if (c) {
        c->produced++;
        c->lost += lost;
    }
}

/* A lost event is counted where nothing lies between that and the caller's own question whether there is one: 5.10
 * asks anew, and would otherwise find a way by which an event is never submitted. */
#define RESERVE(name) ({                                                    \
    u32 _zero = 0;                                                          \
    struct ring_counts *_c = bpf_map_lookup_elem(&name##_counts, &_zero);   \
    if (_c)                                                                 \
        _c->produced++;                                                     \
    typeof(name##_event) _e = bpf_ringbuf_reserve(&name, sizeof(*_e), 0);   \
    if (!_e && _c)                                                          \
        _c->lost++;                                                         \
    _e; })

#define SUBMIT(name, e) bpf_ringbuf_submit(e, ring_flags(&name))

#define OUTPUT(name, e, bytes) ({                                           \
    typeof(name##_event) _e = (e);                                          \
    long _error = bpf_ringbuf_output(&name, _e, bytes, ring_flags(&name));  \
    ring_count(&name##_counts, _error != 0);                                \
    _error; })

/* Where an event of variable size is built: one per CPU and per program. Programs must not share one, since
 * on a preemptible kernel one can interrupt another on the same CPU. */
#define SCRATCH(name, event)                                                                                  \
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, u32);               \
             __type(value, event); } name SEC(".maps")

#define SCRATCH_OF(name) ({ u32 _zero = 0; bpf_map_lookup_elem(&name, &_zero); })
