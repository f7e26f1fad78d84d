/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Arguments of a program: of one that has just started, as they lie in its new memory, NUL after NUL; of one
 * that did not start, from the vector of pointers that its caller passed. */
#include "building.bpf.h"

#define ARGS_BYTES 16384
#define PAGE 4096
/* The verifier follows each turn of a loop. So there are loops of loops, each in a function of its own, and each
 * is verified once. */
#define POINTERS_PER_CALL 16
#define CALLS 128
#define VARIABLE_BYTES 512
#define VARIABLES_PER_CALL 32

/* A walk along strings of user memory; one per builder, as events are. */
struct strings {
    u64 next; /* the next pointer, or the next string */
    u64 end;
    u32 count;
    u32 at;    /* where the next string goes */
    u32 limit; /* where there is no more room */
    u32 cut;
    u32 inside; /* the last read ended inside a string */
    union {
        u64 pointer[POINTERS_PER_CALL];
        char variable[VARIABLE_BYTES];
    };
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, BUILDERS);
    __type(key, u32);
    __type(value, struct strings);
} strings_in_reading SEC(".maps");

static __always_inline u64 put_arguments_of_image(u32 builder, u64 at, struct task_struct *task)
{
    struct event_bytes *bytes = building(builder);
    struct mm_struct *mm = READ(task, mm);
    u64 from = READ(mm, arg_start), end = READ(mm, arg_end);
    u64 length = end - from;
    u64 cut = length > ARGS_BYTES ? CUT : 0;
    if (cut)
        length = ARGS_BYTES;
    if (!bytes || !bounded(at, EVENT_BYTES - ARGS_BYTES) || !bounded(length, ARGS_BYTES))
        return at;
    if (!bpf_probe_read_user(&bytes->at[at], length, (void *)from))
        return (at + length) | cut;
    /* A page is missing (the program can have changed or dropped it already): what is there before it. */
    u64 to = at;
#pragma nounroll
    for (int i = 0; i <= ARGS_BYTES / PAGE && length; i++) {
        u64 piece = PAGE - (from & (PAGE - 1));
        if (piece > length)
            piece = length;
        if (!bounded(to, EVENT_BYTES - PAGE) || !bounded(piece, PAGE)
            || bpf_probe_read_user(&bytes->at[to], piece, (void *)from))
            break;
        to += piece;
        from += piece;
        length -= piece;
    }
    return to | (length ? CUT : cut);
}

/* Reads some of a vector's pointers, never across a page, and the strings they point to as long as there is
 * room. Returns whether the vector ended. */
__noinline u32 read_some_arguments(u32 builder)
{
    struct strings *s = bpf_map_lookup_elem(&strings_in_reading, &builder);
    struct event_bytes *bytes = building(builder);
    if (!s || !bytes)
        return 1;
    u64 size = (sizeof(s->pointer) - (s->next & (sizeof(s->pointer) - 1))) & ~7ull;
    if (!size)
        size = 8; /* not aligned */
    if (!bounded(size, sizeof(s->pointer)) || bpf_probe_read_user(s->pointer, size, (void *)s->next)) {
        s->cut = 1;
        return 1;
    }
#pragma nounroll
    for (u32 i = 0; i < POINTERS_PER_CALL; i++) {
        if (i >= size / 8)
            break;
        if (!s->pointer[i])
            return 1;
        s->count++;
        u64 at = s->at;
        if (at >= s->limit) {
            s->cut = 1;
            continue;
        }
        /* One byte more than there is room, to see whether it was enough. Args begin so early in the event that
         * either there is less room than a page, or the rest of the event has as much as args may have. */
        u64 room = s->limit - at, most = room + 1;
        long read;
        if (bounded(at, EVENT_BYTES - ARGS_BYTES - 1) && bounded(most, ARGS_BYTES + 1))
            read = read_user_string(&bytes->at[at], most, (void *)s->pointer[i]);
        else if (bounded(at, EVENT_BYTES - PAGE) && bounded(most, PAGE))
            read = read_user_string(&bytes->at[at], most, (void *)s->pointer[i]);
        else
            return 1;
        if (read <= 0) {
            /* Keeps its place, empty, and is the last: behind what cannot be read a secret may stand whose
             * option it was. The others only count. */
            bytes->at[at & (EVENT_BYTES - 1)] = 0;
            s->limit = at + 1;
            read = 1;
            s->cut = 1;
        }
        if (read > room) {
            s->cut = 1;
            read = room;
        }
        s->at = at + read;
    }
    s->next += size;
    return 0;
}

__noinline u32 read_more_arguments(u32 builder)
{
    u32 ended = 0;
#pragma nounroll
    for (int i = 0; i < CALLS && !ended; i++)
        ended = read_some_arguments(builder);
    return ended;
}

/* All are counted, up to some 260 000 (more than execve takes by default); `limit` bytes of them are put. */
static __always_inline u64 put_arguments_of_caller(u32 builder, u64 at, u64 vector, u32 limit, u32 *count)
{
    struct strings *s = bpf_map_lookup_elem(&strings_in_reading, &builder);
    *count = 0;
    if (!s || !vector)
        return at;
    s->next = vector;
    s->count = 0;
    s->at = at;
    s->limit = at + limit;
    s->cut = 0;
    u32 ended = 0;
#pragma nounroll
    for (int i = 0; i < CALLS && !ended; i++)
        ended = read_more_arguments(builder);
    *count = s->count;
    at = s->at;
    return s->cut || !ended ? at | CUT : at;
}

/* Looks at some variables of the environment. Returns whether there is nothing more to look for; then `count`
 * is the length of the value that was put. */
__noinline u32 read_some_variables(u32 builder)
{
    struct strings *s = bpf_map_lookup_elem(&strings_in_reading, &builder);
    struct event_bytes *bytes = building(builder);
    if (!s || !bytes)
        return 1;
    const char name[12] = "TRACEPARENT=";
    const u64 *wanted = (const u64 *)name;
#pragma nounroll
    for (int i = 0; i < VARIABLES_PER_CALL; i++) {
        if (s->next >= s->end)
            return 1;
        long read = read_user_string(s->variable, VARIABLE_BYTES, (void *)s->next);
        if (read <= 0)
            return 1;
        bool begins = !s->inside;
        s->inside = read == VARIABLE_BYTES;
        s->next += s->inside ? read - 1 : read;
        if (!begins || read <= sizeof(name) || s->pointer[0] != wanted[0]
            || *(const u32 *)&s->variable[8] != *(const u32 *)&name[8])
            continue;
        u64 at = s->at, length = read - 1 - sizeof(name);
        if (!bounded(at, EVENT_BYTES - VARIABLE_BYTES) || !bounded(length, VARIABLE_BYTES - sizeof(name)))
            return 1;
        bpf_probe_read_kernel(&bytes->at[at], length, &s->variable[sizeof(name)]);
        s->count = length;
        return 1;
    }
    return 0;
}

/* The value of TRACEPARENT in the new program's environment. Nothing else of it leaves this function. */
static __always_inline u64 put_trace_parent(u32 builder, u64 at, struct task_struct *task)
{
    struct strings *s = bpf_map_lookup_elem(&strings_in_reading, &builder);
    if (!s)
        return at;
    struct mm_struct *mm = READ(task, mm);
    s->next = READ(mm, env_start);
    s->end = READ(mm, env_end);
    s->count = 0;
    s->at = at;
    s->inside = 0;
#pragma nounroll
    for (int i = 0; i < 32; i++)
        if (read_some_variables(builder))
            break;
    return at + s->count;
}
