// SPDX-License-Identifier: Apache-2.0
/* suspends SECONDS PROGRAM FILE: opens FILE, suspends the machine until its own alarm clock wakes it, opens FILE again, and
 * runs PROGRAM. Says what the system clock said meanwhile. */
#include "truth.h"
#include <fcntl.h>
#include <sys/wait.h>

/* What /proc says, in nanoseconds of wall time: the boot second and the start in clock ticks. */
static long long created(int pid)
{
    char path[64], text[4096], *at;
    long long ticks, boot;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(text, sizeof text, file))
        die(path);
    fclose(file);
    at = strrchr(text, ')') + 1;
    for (int field = 3; field <= 22; field++)
        at = strchr(at, ' ') + 1;
    ticks = atoll(at);
    file = fopen("/proc/stat", "r");
    while (file && fgets(text, sizeof text, file))
        if (sscanf(text, "btime %lld", &boot) == 1) {
            fclose(file);
            return boot * 1000000000 + ticks * 10000000;
        }
    die("/proc/stat");
    return 0;
}

/* How long the machine has been suspended since it was booted. */
static long long suspended(void)
{
    struct timespec boot, monotonic;
    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    clock_gettime(CLOCK_BOOTTIME, &boot);
    return (boot.tv_sec - monotonic.tv_sec) * 1000000000LL + boot.tv_nsec - monotonic.tv_nsec;
}

static void process(const char *name, int pid)
{
    struct truth t = truth_of(name);
    truth_number(&t, "pid", pid);
    truth_number(&t, "createdNs", created(pid));
    truth_tell(&t);
}

static void done(const char *what, long long before)
{
    struct truth t = truth_of(what);
    truth_number(&t, "beforeNs", before);
    truth_number(&t, "afterNs", wall_ns());
    truth_number(&t, "suspendedNs", suspended());
    truth_tell(&t);
}

static void opens(const char *what, const char *path)
{
    long long before = wall_ns();
    if (close(open(path, O_RDONLY)))
        die(path);
    done(what, before);
}

static void writes(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    if (file < 0 || write(file, text, strlen(text)) < 0)
        die(path);
    close(file);
}

static void runs(const char *program)
{
    int ends[2], status;
    if (pipe(ends))
        die("pipe");
    long long before = wall_ns();
    int pid = fork();
    if (pid == 0) {
        dup2(ends[0], 0);
        close(ends[1]);
        execl(program, program, "wait", NULL);
        die(program);
    }
    process("child", pid);
    close(ends[1]);
    if (waitpid(pid, &status, 0) != pid || status)
        die(program);
    done("run", before);
}

int main(int count, char **args)
{
    char alarm[32];
    if (count != 4)
        return 98;
    process("process", getpid());
    opens("open before", args[3]);
    snprintf(alarm, sizeof alarm, "+%s", args[1]);
    writes("/sys/class/rtc/rtc0/wakealarm", alarm);
    long long before = wall_ns();
    writes("/sys/power/state", "mem");
    done("suspend", before);
    opens("open after", args[3]);
    runs(args[2]);
    done("end", wall_ns());
    return 0;
}
