/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* A number for each executable's name, as many as there is room for. It is found where the executable runs and kept
 * with what belongs to its process, so that a key needs two bytes for a name. User space reads whose number is which. */
#include "process.bpf.h"

#define EXECUTABLES 1024
#define EXECUTABLE_WITHOUT_ROOM 0xffff

struct executable {
    char name[64]; /* zeros behind it; on the stack of programs that have not much left */
};

const volatile u32 by_executable; /* 0: nobody asks, and all have the number 0 */

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, EXECUTABLES);
    __type(key, struct executable);
    __type(value, u64);
} executable_numbers SEC(".maps");

/* A number belongs to whoever puts it here first: 5.10 has no atomic operation that says what was there before. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, EXECUTABLES);
    __type(key, u64);
    __type(value, u8);
} numbers_taken SEC(".maps");

static u64 executables_known; /* about how many, to begin with when a free number is looked for */

static __always_inline u64 free_executable_number(void)
{
    u64 number = executables_known;
    u8 taken = 1;
#pragma unroll
    for (u32 n = 0; n < 8; n++) {
        number++;
        if (!(int)bpf_map_update_elem(&numbers_taken, &number, &taken, BPF_NOEXIST)) {
            __sync_fetch_and_add(&executables_known, 1);
            return number;
        }
    }
    return EXECUTABLE_WITHOUT_ROOM;
}

/* 0 if it has no name: a thread of the kernel's own. A function of its own, since it needs much of the stack. */
static __noinline u16 number_of_executable(struct task_struct *task)
{
    struct executable executable = {};
    read_executable_name(executable.name, sizeof(executable.name), task);
    if (!executable.name[0])
        return 0;
    u64 *known = bpf_map_lookup_elem(&executable_numbers, &executable);
    if (known)
        return *known;
    u64 number = free_executable_number();
    if (number == EXECUTABLE_WITHOUT_ROOM)
        return number;
    bpf_map_update_elem(&executable_numbers, &executable, &number, BPF_NOEXIST);
    known = bpf_map_lookup_elem(&executable_numbers, &executable); /* another processor may have been first */
    return known ? *known : EXECUTABLE_WITHOUT_ROOM;
}

static __always_inline u16 executable_number(struct task_struct *task)
{
    return by_executable ? number_of_executable(task) : 0;
}
