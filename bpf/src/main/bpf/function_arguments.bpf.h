/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What a call was made with. It is read where the function is entered, since what arguments point to may be gone when
 * it returns, and kept until then: by thread and by the time that the call was entered, so that a function may call
 * itself.
 *
 * What to read was found in the kernel's type information by user space (dev.ringside.bpf.ArgumentCompiler): which word of the
 * arguments to begin with, what to follow from there, and what lies at the end. */
#include "calls.bpf.h"
#include "function.bpf.h"

#define ARGUMENTS 8        /* of one function */
#define ARGUMENT_PATHS 64  /* of all functions, a power of two */
#define ARGUMENT_STEPS 8   /* pointers to follow */
#define ARGUMENT_WORDS 8   /* a power of two */
#define ARGUMENT_BYTES 128 /* more than a text has with its NUL */

/* Where arguments go through registers, so that a kprobe finds them. */
#define ARGUMENT_REGISTERS 6

enum argument_kind { ARGUMENT_IS_WORD, ARGUMENT_IS_NUMBER, ARGUMENT_IS_TEXT };

struct argument_path {
    u8 word;
    u8 kind;  /* enum argument_kind */
    u8 size;  /* of a number, 1 to 8; of a text with its NUL, at most */
    u8 steps; /* how many pointers are followed */
    u32 offset[ARGUMENT_STEPS]; /* where each of them lies, from where the one before leads to */
    u32 last;                   /* where that lies which is read */
};

/* All are constants: without a function that asks, none of this is in the program. */
const volatile u32 keep_arguments;
const volatile struct argument_path argument_paths[ARGUMENT_PATHS];
const volatile u8 argument_first[FUNCTIONS]; /* of a function's paths, which come one after the other */
const volatile u8 argument_count[FUNCTIONS];

struct argument {
    s32 length; /* of what was read; negative: it could not be, since a pointer led nowhere */
    char bytes[ARGUMENT_BYTES];
};

struct call_arguments {
    u64 words[ARGUMENT_WORDS];
    struct argument argument[ARGUMENTS];
};

struct arguments_key {
    u64 thread;
    monotonic_ns entered;
    u64 function; /* what is called at once may be entered in the same nanosecond */
};

/* Those that were not used for longest give way: there are more calls at a time, or returns that were missed. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1024);
    __type(key, struct arguments_key);
    __type(value, struct call_arguments);
} arguments_by_call SEC(".maps");

/* Slow calls whose arguments had to give way. */
u64 arguments_by_call_lost;

static const struct call_arguments call_arguments_none;

static __always_inline bool follow(u64 *at, const volatile struct argument_path *path)
{
    for (u32 i = 0; i < ARGUMENT_STEPS && i < path->steps; i++)
        if (bpf_probe_read_kernel(at, sizeof(*at), (void *)(*at + path->offset[i])))
            return false;
    *at += path->last;
    return true;
}

static __always_inline void read_argument(struct argument *to, const volatile struct argument_path *path, u64 word)
{
    to->length = -1;
    if (path->kind == ARGUMENT_IS_WORD) {
        *(u64 *)to->bytes = word;
        to->length = sizeof(word);
        return;
    }
    u64 at = word;
    if (!follow(&at, path))
        return;
    if (path->kind == ARGUMENT_IS_TEXT) {
        to->length = bpf_probe_read_kernel_str(to->bytes, path->size & (ARGUMENT_BYTES - 1), (void *)at);
        return;
    }
    u64 size = ((path->size - 1) & 7) + 1;
    if (!bpf_probe_read_kernel(to->bytes, size, (void *)at))
        to->length = size;
}

/* What the function was given: at a trampoline words in memory, in as many registers otherwise. */
static __always_inline void read_words(u64 *to, void *ctx, bool at_trampoline)
{
    if (at_trampoline) {
        /* Behind its own arguments lies what the trampoline keeps. */
        bpf_probe_read_kernel(to, ARGUMENT_REGISTERS * sizeof(*to), ctx);
        return;
    }
    struct pt_regs *registers = ctx;
    to[0] = PT_REGS_PARM1(registers);
    to[1] = PT_REGS_PARM2(registers);
    to[2] = PT_REGS_PARM3(registers);
    to[3] = PT_REGS_PARM4(registers);
    to[4] = PT_REGS_PARM5(registers);
#if defined(__TARGET_ARCH_x86)
    to[5] = registers->r9;
#elif defined(__TARGET_ARCH_arm64)
    to[5] = registers->regs[5];
#endif
}

static __always_inline bool has_arguments(u64 function)
{
    return argument_count[function & (FUNCTIONS - 1)];
}

/* Of a call that has just begun. */
static __always_inline void arguments_keep(u64 function, monotonic_ns entered, void *ctx, bool at_trampoline)
{
    if (!has_arguments(function))
        return;
    struct arguments_key key = {calls_key(), entered, function};
    bpf_map_update_elem(&arguments_by_call, &key, &call_arguments_none, BPF_ANY);
    struct call_arguments *kept = bpf_map_lookup_elem(&arguments_by_call, &key);
    if (!kept)
        return;
    read_words(kept->words, ctx, at_trampoline);
    u32 first = argument_first[function & (FUNCTIONS - 1)];
    u32 count = argument_count[function & (FUNCTIONS - 1)];
    for (u32 i = 0; i < ARGUMENTS && i < count; i++) {
        const volatile struct argument_path *path = &argument_paths[(first + i) & (ARGUMENT_PATHS - 1)];
        read_argument(&kept->argument[i], path, kept->words[path->word & (ARGUMENT_WORDS - 1)]);
    }
}

/* Of a call that returns, if they are still there. */
static __always_inline struct call_arguments *arguments_kept(u64 function, monotonic_ns entered)
{
    struct arguments_key key = {calls_key(), entered, function};
    return bpf_map_lookup_elem(&arguments_by_call, &key);
}

static __always_inline void arguments_forget(u64 function, monotonic_ns entered)
{
    if (!has_arguments(function))
        return;
    struct arguments_key key = {calls_key(), entered, function};
    bpf_map_delete_elem(&arguments_by_call, &key);
}
