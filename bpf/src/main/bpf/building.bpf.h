/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Where events of variable size are built: a header and, packed behind it, its texts.
 *
 *   #define BUILDERS 2        // before including: programs of this object that build events
 *   struct process_exit *e = building(0);
 *   u64 at = offsetof(struct process_exit, texts);
 *   at = text_ends(&e->cgroup, at, put_cgroup(...));
 *
 * One place per CPU and per builder: on a preemptible kernel one program can interrupt another on the same
 * CPU, but never itself. `put_...` functions write at an offset and return the next one, with CUT set if
 * there was more than fitted.
 *
 * Nothing is zeroed: a builder writes each field of its header, and only the used part travels. */
#include "kernel.bpf.h"

#ifndef BUILDERS
#define BUILDERS 1
#endif

#define EVENT_BYTES 32768 /* the most a per-CPU value can have */
#define CUT (1ull << 31)

struct event_bytes {
    char at[EVENT_BYTES];
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, BUILDERS);
    __type(key, u32);
    __type(value, struct event_bytes);
} events_in_building SEC(".maps");

static __always_inline void *building(u32 builder)
{
    return bpf_map_lookup_elem(&events_in_building, &builder);
}

/* Describes what was written from `from` to `end`, and returns where the next text begins. */
static __always_inline u64 text_ends(struct text *text, u64 from, u64 end)
{
    text->at = from;
    text->cut = end >> 31;
    end &= ~CUT;
    text->length = end - from;
    return end;
}

/* The verifier has to see each bound; the compiler, which knows it, must not take the check away. */
#define bounded(value, limit) ({ barrier_var(value); (value) <= (limit); })
