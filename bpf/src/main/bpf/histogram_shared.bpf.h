/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* A histogram for programs that may be preempted by themselves on the same CPU, as those at uprobes are since 6.0: a
 * preemptible kernel lets another thread run in the middle, and what was read before is old afterwards. Each number
 * is changed by one atomic instruction; the lock it takes is that of a cache line which nobody else has.
 *
 * `can_swap`: a constant; compare and swap exist since 5.12. Before, no such program is preempted by another. */
#include "histogram.bpf.h"

#define HISTOGRAM_SWAPS 4 /* attempts: each failure means that another thread came between */

static __always_inline void histogram_raise(u64 *greatest, u64 to, bool can_swap)
{
    if (!can_swap) {
        if (to > *greatest)
            *greatest = to;
        return;
    }
    for (u32 i = 0; i < HISTOGRAM_SWAPS; i++) {
        u64 was = *(volatile u64 *)greatest;
        if (to <= was || __sync_val_compare_and_swap(greatest, was, to) == was)
            return;
    }
}

static __always_inline void histogram_add_shared(struct histogram *h, u64 ns, bool can_swap)
{
    __sync_fetch_and_add(&h->sum_ns, ns);
    histogram_raise(&h->max_ns, ns, can_swap);
    histogram_raise(&h->not_min_ns, ~ns, can_swap);
    if (ns)
        __sync_fetch_and_add(&h->buckets[histogram_bucket(ns)], 1);
    else
        __sync_fetch_and_add(&h->zeros, 1);
}
