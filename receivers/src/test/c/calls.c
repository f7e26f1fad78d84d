// SPDX-License-Identifier: Apache-2.0
/* Does what its arguments say, one after the other, and prints what came of it: `calls creat /tmp/a 416 exit 3`.
 * Numbers are decimal. Failing is not an error here. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static char **word;

static char *next(void) { return *word ? *word++ : ""; }
static long number(void) { return atol(next()); }
static int is(const char *name) { return !strcmp(word[-1], name); }

/* What follows was for a program that did not start. */
static void not_executed(long result)
{
    printf("%ld\n", result < 0 ? -errno : result);
    while (*word)
        word++;
}

static void came(long result)
{
    printf("%ld\n", result < 0 ? -errno : result);
    fflush(stdout);
}

/* A copy of a path whose NUL is the last byte before memory that may not be read. */
static char *at_border(const char *path)
{
    long page = sysconf(_SC_PAGESIZE);
    char *two = mmap(0, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(two + page, page, PROT_NONE);
    return strcpy(two + page - strlen(path) - 1, path);
}

/* Of "caf\xe9", which is no UTF-8. */
static char *latin1(const char *directory)
{
    char *path;
    return asprintf(&path, "%s/caf\xe9", directory) > 0 ? path : "";
}

static void *exec_in_thread(void *unused)
{
    printf("%d\n", gettid());
    fflush(stdout);
    not_executed(execv(word[0], word));
    return unused;
}

static void exec_much(int count, int length)
{
    char *argument = malloc(length + 1), **vector = calloc(count + 2, sizeof(char *));
    memset(argument, 'a', length);
    argument[length] = 0;
    vector[0] = word[0];
    for (int i = 1; i <= count; i++)
        vector[i] = argument;
    not_executed(execv(word[0], vector));
}

/* Until a process is in a state, by proc_pid_stat(5): it stands behind its name. */
static void await_state(int pid, char wanted)
{
    char path[64], line[512] = "", state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int file = open(path, O_RDONLY);
    while (state != wanted && pread(file, line, sizeof line - 1, 0) > 0) {
        usleep(1000);
        state = strrchr(line, ')')[2];
    }
    close(file);
}

static long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Prints how long it took by this program's own clock. */
static void measured_sleep(long milliseconds)
{
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    long begin = now();
    syscall(SYS_nanosleep, &time, 0);
    came(now() - begin);
}

static void on_signal(int signal) { (void)signal; }

/* A read that a signal comes upon, with a handler that says whether the kernel begins it again; if so, something is
 * written once it sleeps again. */
static void interrupted_read(int restarts)
{
    int ends[2], parent = getpid();
    char byte = 0;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = restarts ? SA_RESTART : 0};
    sigaction(SIGUSR1, &action, 0);
    if (pipe(ends) < 0) return;
    if (!fork()) {
        await_state(parent, 'S'), kill(parent, SIGUSR1);
        if (restarts) await_state(parent, 'S'), (void)!write(ends[1], &byte, 1);
        _exit(0);
    }
    came(read(ends[0], &byte, 1));
    wait(0);
}

/* A sleep that is stopped and goes on: without a handler, so the kernel begins it again. */
static void stopped_sleep(long milliseconds)
{
    int parent = getpid();
    if (!fork()) {
        await_state(parent, 'S'), kill(parent, SIGSTOP);
        await_state(parent, 'T'), kill(parent, SIGCONT);
        _exit(0);
    }
    measured_sleep(milliseconds);
    wait(0);
}

#ifdef __x86_64__
/* The way 32-bit programs call, which is open to all. */
static long call_as_32_bits(long number)
{
    long result;
    asm volatile("int $0x80" : "=a"(result) : "a"(number) : "memory", "r8", "r9", "r10", "r11");
    return result;
}
#else
static long call_as_32_bits(long number) { return (void)number, -ENOSYS; }
#endif

static void one(void)
{
    pthread_t thread;
    struct open_how how = {0};
    char *name = next(), *path;
    int directory;
    if (is("open")) path = next(), directory = number(), came(syscall(SYS_openat, AT_FDCWD, path, directory, number()));
    else if (is("openat")) directory = open(next(), O_PATH | O_DIRECTORY), came(openat(directory, next(), O_RDONLY));
    else if (is("openat2")) path = next(), how.flags = number(), came(syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
    else if (is("creat")) path = next(), came(creat(path, number()));
    else if (is("null")) came(syscall(SYS_openat, AT_FDCWD, NULL, O_RDONLY, 0));
    else if (is("border")) came(open(at_border(next()), O_RDONLY));
    else if (is("latin1")) came(open(latin1(next()), O_CREAT | O_WRONLY, 0600));
    else if (is("chdir")) came(chdir(next()));
    else if (is("chroot")) came(chroot(next()) || chdir("/"));
    else if (is("setuid")) came(setuid(number()));
    else if (is("tmpfs")) came(unshare(CLONE_NEWNS) || mount(0, "/", 0, MS_REC | MS_PRIVATE, 0) || mount("tmpfs", next(), "tmpfs", 0, 0));
    else if (is("mkdir")) came(mkdir(next(), 0755));
    else if (is("bind")) path = next(), came(mount(path, next(), 0, MS_BIND, 0));
    else if (is("fork")) { if (fork()) { wait(0); while (*word) word++; } }
    else if (is("ignore")) { while (*word) word++; }
    else if (is("forks")) for (long i = number(); i > 0; i--) { if (!fork()) _exit(0); wait(0); }
    else if (is("getppid")) for (long i = number(); i > 0; i--) syscall(SYS_getppid);
    else if (is("bad-read")) for (long i = number(); i > 0; i--) (void)!read(-1, &directory, 1);
    else if (is("empty-mmap")) for (long i = number(); i > 0; i--) mmap(0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    else if (is("syscall")) { long which = number(); for (long i = number(); i > 0; i--) syscall(which); }
    else if (is("int80")) { long which = number(), i = number(); while (i-- > 0) call_as_32_bits(which); }
    else if (is("input")) came(read(0, &directory, 1));
    else if (is("sleep")) measured_sleep(number());
    else if (is("interrupted-read")) interrupted_read(number());
    else if (is("stopped-sleep")) stopped_sleep(number());
    else if (is("pid")) came(getpid());
    else if (is("parent")) came(getppid());
    else if (is("exit")) exit(number());
    else if (is("kill")) raise(number());
    else if (is("exec")) not_executed(execv(word[0], word));
    else if (is("exec-as")) path = next(), not_executed(execv(path, word));
    else if (is("fexecve")) not_executed(fexecve(open(word[0], O_RDONLY | O_CLOEXEC), word, environ));
    else if (is("execveat")) directory = open(next(), O_PATH), not_executed(syscall(SYS_execveat, directory, word[0], word, environ, 0));
    else if (is("exec-in-thread")) pthread_create(&thread, 0, exec_in_thread, 0), pthread_join(thread, 0);
    else if (is("exec-much")) directory = number(), exec_much(directory, number());
    else if (is("exec-border")) { path = at_border(next()); char *vector[] = {path, at_border("last"), 0}; not_executed(execv(path, vector)); }
    else if (is("exec-latin1")) { path = next(); char *vector[] = {path, "caf\xe9", 0}; not_executed(execv(path, vector)); }
    else fprintf(stderr, "calls: what is %s?\n", name), exit(100);
}

int main(int count, char **arguments)
{
    (void)count;
    word = arguments + 1;
    while (*word)
        one();
    return 0;
}
