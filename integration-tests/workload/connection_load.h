/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Many connections, and what is told of them. */
#include "pace.h"
#include "both_ends.h"
#include <pthread.h>

struct load {
    int listener;
    struct endpoint at;
    long long rate, count, late;
    pthread_t thread;
};

static struct load load_of(long long rate, long long count)
{
    struct load load = {.at = endpoint("0.0.0.0"), .rate = rate, .count = count};
    load.listener = listening(&load.at);
    return load;
}

/* To many addresses in turn: each has its own ports. */
static struct endpoint *in_turn(struct load *load, long long number)
{
    load->at.ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number % 250);
    return &load->at;
}

static void tell_burst(long long count, long long late, long long before, long long after)
{
    struct truth t = truth_of("burst");
    truth_number(&t, "pid", getpid());
    truth_number(&t, "count", count);
    truth_number(&t, "most_behind", late);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", after);
    truth_tell(&t);
}

/* What the last packets bring about may come later, when all processors are busy. Sockets of this namespace alone; who
 * listens has one each. */
static void await_ends(int listeners)
{
    for (int tries = 0; tries < 500; tries++) {
        int in_use = -1;
        char line[256];
        FILE *file = fopen("/proc/self/net/sockstat", "r");
        if (!file)
            die("/proc/self/net/sockstat");
        while (in_use < 0 && fgets(line, sizeof line, file))
            sscanf(line, "TCP: inuse %d", &in_use);
        fclose(file);
        if (in_use <= listeners)
            return;
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    die("connections do not end");
}

static void burst(long long count)
{
    struct load load = load_of(0, count);
    truth_start();
    long long before = wall_ns();
    for (long long i = 0; i < count; i++)
        request_and_close(load.listener, in_turn(&load, i));
    long long after = wall_ns();
    await_ends(1);
    tell_burst(count, 0, before, after);
}

static void connect_somewhere(void *with, long long number)
{
    struct load *load = with;
    connect_and_close(load->listener, in_turn(load, number));
}

static void *connect_at_rate(void *with)
{
    struct load *load = with;
    load->late = pace(load->rate, load->count, connect_somewhere, load);
    return NULL;
}

static void paced(long long rate, long long count)
{
    struct load one = load_of(rate / 2, count / 2), other = load_of(rate - rate / 2, count - count / 2);
    truth_start();
    long long before = wall_ns();
    if (pthread_create(&one.thread, NULL, connect_at_rate, &one) || pthread_create(&other.thread, NULL, connect_at_rate, &other) ||
        pthread_join(one.thread, NULL) || pthread_join(other.thread, NULL))
        die("threads");
    long long after = wall_ns();
    await_ends(2);
    tell_burst(count, one.late + other.late, before, after);
}
