// SPDX-License-Identifier: GPL-2.0
// The same wish granted in several ways, some of which no kernel grants, and some not every kernel.
#include "ring.bpf.h"

struct seen {
    u32 by;
    u32 tid;
};

RING(seens, struct seen, 4096);

const volatile u32 only_tid = 0;
const volatile u32 flavour = 0;

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, u32);
    __type(value, u64);
} ordinary SEC(".maps");

/* No kernel makes a hash without a key. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __uint(key_size, 0);
    __uint(value_size, 8);
} impossible SEC(".maps");

static __always_inline int see(u32 by)
{
    u32 tid = bpf_get_current_pid_tgid();
    if (tid != only_tid)
        return 0;
    struct seen *e = RESERVE(seens);
    if (e) {
        e->by = by * 10 + flavour;
        e->tid = tid;
        SUBMIT(seens, e);
    }
    return 0;
}

/* Refused by every verifier: reads a register that was never written. */
SEC("raw_tp/sys_enter")
__attribute__((naked)) int refused(void *ctx)
{
    asm volatile("r0 = r5; exit;");
}

SEC("fentry/no_kernel_has_a_function_of_this_name")
int missing(void *ctx)
{
    return see(1);
}

SEC("tp/no_such_category/no_such_tracepoint")
int nowhere(void *ctx)
{
    return see(2);
}

SEC("tp_btf/sys_enter")
int works(void *ctx)
{
    if (flavour == 9) {
        u32 key = 0;
        bpf_map_lookup_elem(&impossible, &key);
    }
    return see(3);
}

SEC("iter/task")
int visit(void *ctx)
{
    u32 key = 0;
    u64 *n, one = 1;
    n = bpf_map_lookup_elem(&ordinary, &key);
    if (n)
        *n += 1;
    else
        bpf_map_update_elem(&ordinary, &key, &one, BPF_ANY);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
