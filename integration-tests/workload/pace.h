/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A steady rate, by a schedule: what could not be done in time is done later, and never more than is due. */
#include "truth.h"

#define TICK_NS 1000000LL

static long long steady_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_until(long long ns)
{
    struct timespec t = {ns / 1000000000, ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
    }
}

/* Calls `operate` with 0, 1, ... all - 1, `rate` times a second. Returns how many it was behind at most. */
static inline long long pace(long long rate, long long all, void (*operate)(void *with, long long number), void *with)
{
    long long done = 0, late = 0, begun = steady_ns(), now = begun;
    while (done < all) {
        long long due = (now - begun) * rate / 1000000000;
        if (due > all)
            due = all;
        if (due - done > late)
            late = due - done;
        while (done < due)
            operate(with, done++);
        sleep_until(begun + ((steady_ns() - begun) / TICK_NS + 1) * TICK_NS);
        now = steady_ns();
    }
    return late;
}
