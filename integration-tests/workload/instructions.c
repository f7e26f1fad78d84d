// SPDX-License-Identifier: Apache-2.0
/* Counts what the whole machine executes for an operation, where a nanosecond is an instruction: in a guest
 * with one processor whose clock counts instructions.
 *   instructions opens ROUNDS COUNT FILE [PID]       COUNT times open and close of a file, ROUNDS times
 *   instructions execs ROUNDS COUNT PROGRAM [PID]    COUNT times posix_spawn of a program, and wait for its end
 *
 * An idle process takes every instruction that nobody else wants, so the clock never jumps, and all that passes
 * less its own share is what the machine did. The share of process PID, the receiver of what an observer sends,
 * is not counted either. After its operations a round lasts until what follows from them has been done.
 *
 * One line for each round: instructions for one operation. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Longer than an observer lets a record wait for company. */
#define DRAIN_NS 500000000L

extern char **environ;

static void die(const char *doing)
{
    fprintf(stderr, "instructions: %s: %s\n", doing, strerror(errno));
    exit(99);
}

static long long clock_ns(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t))
        die("clock_gettime");
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static clockid_t clock_of(int pid)
{
    clockid_t clock;
    if ((errno = clock_getcpuclockid(pid, &clock)))
        die("clock_getcpuclockid");
    return clock;
}

static int start_idler(void)
{
    int pid = fork();
    if (pid < 0)
        die("fork");
    if (pid)
        return pid;
    struct sched_param none = {0};
    if (sched_setscheduler(0, SCHED_IDLE, &none))
        die("sched_setscheduler");
    for (volatile long spins = 0;; spins++) {
    }
}

static void open_and_close(const char *file)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || close(fd))
        die(file);
}

static void spawn_and_wait(char *program)
{
    char *args[] = {program, NULL};
    int pid, status;
    if ((errno = posix_spawn(&pid, program, NULL, NULL, args, environ)))
        die(program);
    if (waitpid(pid, &status, 0) != pid || status)
        die("waitpid");
}

int main(int count, char **args)
{
    if (count < 5)
        die("instructions opens|execs ROUNDS COUNT FILE [PID]");
    int opens = strcmp(args[1], "opens") == 0, rounds = atoi(args[2]), operations = atoi(args[3]);
    int idler = start_idler();
    clockid_t idle = clock_of(idler), receiver = count > 5 ? clock_of(atoi(args[5])) : 0;
    for (int round = 0; round < rounds; round++) {
        long long own = clock_ns(idle), received = receiver ? clock_ns(receiver) : 0, before = clock_ns(CLOCK_MONOTONIC);
        for (int i = 0; i < operations; i++)
            if (opens)
                open_and_close(args[4]);
            else
                spawn_and_wait(args[4]);
        nanosleep(&(struct timespec){0, DRAIN_NS}, NULL);
        long long all = clock_ns(CLOCK_MONOTONIC) - before;
        own = clock_ns(idle) - own;
        received = receiver ? clock_ns(receiver) - received : 0;
        printf("round %d work %.1f receiver %.1f\n", round, (double)(all - own - received) / operations,
               (double)received / operations);
        fflush(stdout);
    }
    kill(idler, SIGKILL);
    waitpid(idler, NULL, 0);
    return 0;
}
