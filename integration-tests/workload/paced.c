// SPDX-License-Identifier: Apache-2.0
/* Opens files at a steady rate.
 *   paced RATE SECONDS FILE...     RATE opens a second, the files in turn
 * It keeps to a schedule: what it could not do in time it does later, and never more than is due. */
#include "truth.h"
#include <fcntl.h>

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

int main(int count, char **args)
{
    if (count < 4)
        die("paced RATE SECONDS FILE...");
    long long rate = atoll(args[1]), all = rate * atoll(args[2]), done = 0, late = 0;
    char **files = args + 3;
    int file_count = count - 3;
    truth_start();
    long long before = wall_ns(), begun = steady_ns(), now = begun;
    while (done < all) {
        long long due = (now - begun) * rate / 1000000000;
        if (due > all)
            due = all;
        if (due - done > late)
            late = due - done;
        for (; done < due; done++) {
            int fd = open(files[done % file_count], O_RDONLY | O_CLOEXEC);
            if (fd < 0 || close(fd))
                die(files[done % file_count]);
        }
        long long next = begun + ((steady_ns() - begun) / TICK_NS + 1) * TICK_NS;
        sleep_until(next);
        now = steady_ns();
    }
    struct truth t = truth_of("burst");
    truth_number(&t, "pid", getpid());
    truth_number(&t, "count", done);
    truth_text(&t, "path", files[0]);
    truth_number(&t, "most_behind", late);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
}
