// SPDX-License-Identifier: GPL-2.0
// One field of every kind that a record can bind to, and a program that a test runs by hand to send them.
#include "ring.bpf.h"

struct inner {
    u32 pid;
    char command[16];
};

struct kinds {
    boottime_ns time;
    s64 big;
    u32 wide;
    s32 error;
    u16 port;
    __s16 delta;
    u8 octet;
    bool flag;
    char name[8];
    struct inner inner;
    struct text text;
    struct text second;
    char texts[64];
};

RING(kinds, struct kinds, 4096);
SCRATCH(scratch, struct kinds);

const volatile s32 set_number = 0;
const volatile u64 set_big = 0;
const volatile char set_name[8] = {};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
    __uint(max_entries, 200);
    __type(key, struct inner);
    __type(value, u64);
} sums SEC(".maps");
u64 sums_lost;

// One event: all numbers from the constants, two texts of which the second is cut.
SEC("raw_tp/sys_enter")
int send(void *ctx)
{
    struct kinds *e = SCRATCH_OF(scratch);
    if (!e)
        return 0;
    e->time = 1;
    e->big = set_big;
    e->wide = 0xfffffffe;
    e->error = set_number;
    e->port = 65535;
    e->delta = -2;
    e->octet = 255;
    e->flag = true;
    for (int i = 0; i < 8; i++)
        e->name[i] = set_name[i];
    e->inner.pid = 7;
    e->inner.command[0] = 'c';
    e->inner.command[1] = 0;
    e->text = (struct text){.at = __builtin_offsetof(struct kinds, texts), .length = 3};
    e->second = (struct text){.at = __builtin_offsetof(struct kinds, texts) + 3, .length = 2, .cut = 1};
    __builtin_memcpy(e->texts, "abcde", 5);
    OUTPUT(kinds, e, __builtin_offsetof(struct kinds, texts) + 5);
    return 0;
}

// A text that points behind the event's end: no kernel program does that, memory may.
SEC("raw_tp/sys_enter")
int send_broken(void *ctx)
{
    struct kinds *e = SCRATCH_OF(scratch);
    if (!e)
        return 0;
    e->text = (struct text){.at = 0xfffffff0, .length = 400};
    OUTPUT(kinds, e, __builtin_offsetof(struct kinds, texts) + 5);
    return 0;
}

// Puts 150 keys into the map.
SEC("raw_tp/sys_enter")
int fill(void *ctx)
{
    struct inner key = {.command = "k"};
    for (u32 i = 0; i < 150; i++) {
        u64 value = i;
        key.pid = i;
        bpf_map_update_elem(&sums, &key, &value, BPF_ANY);
    }
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
