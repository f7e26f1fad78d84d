// SPDX-License-Identifier: Apache-2.0
/* Calls functions of its own and of the C library, as its arguments say, one after the other: `functions nap 10 2000`.
 * Prints how many nanoseconds each word took by its own clock. */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Not inlined, not cloned for constants, and not made to end in a jump to the next one. */
#define WATCHED __attribute__((noinline, optnone, disable_tail_calls))

static char **word;
static char **all;
static jmp_buf back;
static volatile int sum;

static long number(void) { return *word ? atol(*word++) : 0; }

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

WATCHED void nap(long us) { usleep(us); }
WATCHED void nap_longer(long us) { usleep(us); nap(us); }
WATCHED void nothing(void) { sum++; }
WATCHED void recurse(long depth, long us) { if (us) usleep(us); if (depth > 1) recurse(depth - 1, us); sum++; }
WATCHED void leap(void) { longjmp(back, 1); }
WATCHED void leap_from_within(long depth) { if (depth > 1) leap_from_within(depth - 1); else leap(); sum++; }
WATCHED void catch_leap(long depth) { if (!setjmp(back)) leap_from_within(depth); sum++; }
WATCHED int split(void) { return fork(); }
WATCHED void become(char **arguments) { execv("/proc/self/exe", arguments); sum++; }
WATCHED void end_thread(void) { syscall(SYS_exit, 0); sum++; }
/* Ends in a jump: `nothing` returns to who called this. */
__attribute__((noinline)) void passes_on(void) { __attribute__((musttail)) return nothing(); }

static void *naps(void *us)
{
    for (int i = 0; i < 10; i++)
        nap((long)us);
    return 0;
}

static void *ends(void *unused)
{
    end_thread();
    return unused;
}

/* Static probes as SystemTap describes them, without its header: a note that says where each is. */
#define PROBE(name, semaphore)                                                             \
    __asm__ volatile("990: nop\n"                                                          \
                     ".pushsection .note.stapsdt,\"\",\"note\"\n"                          \
                     ".balign 4\n .4byte 992f-991f, 994f-993f, 3\n"                        \
                     "991: .asciz \"stapsdt\"\n992: .balign 4\n"                           \
                     "993: .8byte 990b, _.stapsdt.base, " semaphore "\n"                   \
                     ".asciz \"functions\"\n .asciz \"" name "\"\n .asciz \"\"\n"          \
                     "994: .balign 4\n .popsection\n"                                      \
                     ".ifndef _.stapsdt.base\n"                                            \
                     ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n" \
                     ".weak _.stapsdt.base\n .hidden _.stapsdt.base\n"                     \
                     "_.stapsdt.base: .space 1\n .size _.stapsdt.base, 1\n .popsection\n .endif\n")

__attribute__((section(".probes"), used)) volatile unsigned short guarded_semaphore;

static void work(long us)
{
    PROBE("work__begin", "0");
    if (us)
        usleep(us);
    PROBE("work__end", "0");
    PROBE("worked", "0");
}

/* Asks whether anybody watches, as programs do whose probes have arguments that take time. */
static void guarded_work(long us)
{
    if (guarded_semaphore)
        PROBE("guarded__begin", "guarded_semaphore");
    usleep(us);
    if (guarded_semaphore)
        PROBE("guarded__end", "guarded_semaphore");
}

static void one(const char *name)
{
    pthread_t threads[8];
    long count = number(), us;
    if (!strcmp(name, "nap")) for (us = number(); count; count--) nap(us);
    else if (!strcmp(name, "nap-longer")) for (us = number(); count; count--) nap_longer(us);
    else if (!strcmp(name, "nothing")) for (; count; count--) nothing();
    else if (!strcmp(name, "pass-on")) for (; count; count--) passes_on();
    else if (!strcmp(name, "recurse")) recurse(count, number());
    else if (!strcmp(name, "leap")) for (us = number(); count; count--) catch_leap(us);
    else if (!strcmp(name, "leap-out")) for (; count; count--) { if (!setjmp(back)) leap(); }
    else if (!strcmp(name, "split")) for (; count; count--) { if (!split()) _exit(0); wait(0); }
    else if (!strcmp(name, "become")) { word[-1] = all[0]; become(word - 1); }
    else if (!strcmp(name, "end-thread")) for (; count; count--) { pthread_create(threads, 0, ends, 0); pthread_join(*threads, 0); }
    else if (!strcmp(name, "threads")) {
        us = number();
        for (long i = 0; i < count; i++) pthread_create(&threads[i], 0, naps, (void *)us);
        for (long i = 0; i < count; i++) pthread_join(threads[i], 0);
    }
    else if (!strcmp(name, "work")) for (us = number(); count; count--) work(us);
    else if (!strcmp(name, "guarded")) for (us = number(); count; count--) guarded_work(us);
    else if (!strcmp(name, "wait")) { char c; (void)!read(0, &c, 1); }
    else if (!strcmp(name, "setuid")) (void)!setuid(count);
    else fprintf(stderr, "functions: what is %s?\n", name), exit(100);
}

int main(int count, char **arguments)
{
    (void)count;
    all = arguments;
    word = arguments + 1;
    while (*word) {
        char *name = *word++;
        int64_t began = now();
        one(name);
        printf("%lld\n", (long long)(now() - began));
        fflush(stdout);
    }
    return 0;
}
