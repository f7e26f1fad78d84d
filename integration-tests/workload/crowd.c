// SPDX-License-Identifier: Apache-2.0
/* Many threads in execve at the same time: `crowd COUNT`. All of them wait in the kernel for the page with the file's
 * name, which comes when the last is there. The file does not exist. */
#include "truth.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define PAGE 4096

static char *name;

static void *call(void *unused)
{
    char *const none[] = {NULL};
    execve(name, none, none);
    if (errno != ENOENT)
        die("an exec that should not find its file");
    return unused;
}

/* A page that is not there; who touches it waits, and is told of by the descriptor that this returns. */
static int missing_page(void)
{
    int faults = syscall(SYS_userfaultfd, O_CLOEXEC);
    struct uffdio_api api = {.api = UFFD_API};
    name = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_register all = {.range = {(uintptr_t)name, PAGE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    if (faults < 0 || ioctl(faults, UFFDIO_API, &api) || name == MAP_FAILED || ioctl(faults, UFFDIO_REGISTER, &all))
        die("userfaultfd");
    return faults;
}

static void bring_page(int faults)
{
    static char page[PAGE] __attribute__((aligned(PAGE))) = "/nosuch/crowd";
    struct uffdio_copy copy = {.dst = (uintptr_t)name, .src = (uintptr_t)page, .len = PAGE};
    if (ioctl(faults, UFFDIO_COPY, &copy))
        die("UFFDIO_COPY");
}

int main(int count, char **args)
{
    if (count != 2)
        die("crowd COUNT");
    int threads = atoi(args[1]), faults = missing_page();
    pthread_t *all = calloc(threads, sizeof *all);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN + PAGE);
    truth_start();
    long long before = wall_ns();
    for (int i = 0; i < threads; i++)
        if ((errno = pthread_create(&all[i], &small, call, NULL)))
            die("start a thread");
    for (int waiting = 0; waiting < threads; waiting++) {
        struct uffd_msg fault;
        if (read(faults, &fault, sizeof fault) != sizeof fault)
            die("read who waits");
    }
    bring_page(faults);
    for (int i = 0; i < threads; i++)
        pthread_join(all[i], NULL);
    struct truth t = truth_of("burst");
    truth_number(&t, "pid", getpid());
    truth_number(&t, "count", threads);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
    return 0;
}
