// SPDX-License-Identifier: Apache-2.0
/* Opens that fail in more ways than any ordinary file system knows: `failing DIRECTORY COUNT` mounts one there that
 * answers whoever looks for a file `N` with the error N, and opens the files 1 to COUNT in each access mode. */
#include "truth.h"
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static union {
    struct {
        struct fuse_in_header header;
        char rest[FUSE_MIN_READ_BUFFER];
    };
    char bytes[sizeof(struct fuse_in_header) + FUSE_MIN_READ_BUFFER];
} request;

static void answer(int device, int error, const void *body, size_t length)
{
    char reply[256];
    struct fuse_out_header header = {.len = sizeof header + length, .error = -error, .unique = request.header.unique};
    memcpy(reply, &header, sizeof header);
    if (length)
        memcpy(reply + sizeof header, body, length);
    if (write(device, reply, header.len) != header.len)
        die("answer the kernel");
}

/* The file system: it has nothing, and says so with the error that is asked for. */
static void serve(int device)
{
    struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = 4096};
    while (read(device, &request, sizeof request) > 0) {
        if (request.header.opcode == FUSE_INIT)
            answer(device, 0, &init, sizeof init);
        else if (request.header.opcode == FUSE_LOOKUP)
            answer(device, atoi(request.rest), NULL, 0);
        else if (request.header.opcode != FUSE_FORGET && request.header.opcode != FUSE_BATCH_FORGET)
            answer(device, ENOSYS, NULL, 0);
    }
}

static void mount_at(const char *directory, int device)
{
    char options[64];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
    if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
        mount("failing", directory, "fuse", 0, options))
        die("mount a file system of our own");
}

int main(int count, char **args)
{
    static const int modes[] = {O_RDONLY, O_WRONLY, O_RDWR, O_PATH};
    if (count != 3)
        die("failing DIRECTORY COUNT");
    int device = open("/dev/fuse", O_RDWR | O_CLOEXEC), errors = atoi(args[2]), done = 0;
    if (device < 0)
        die("/dev/fuse");
    mount_at(args[1], device);
    int server = fork();
    if (server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(device);
        _exit(0);
    }
    truth_start();
    long long before = wall_ns();
    for (int error = 1; error <= errors; error++) {
        for (int mode = 0; mode < 4; mode++, done++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%d", args[1], error);
            if (open(path, modes[mode]) >= 0 || errno != error)
                die(path);
        }
    }
    struct truth t = truth_of("burst");
    truth_number(&t, "pid", getpid());
    truth_number(&t, "count", done);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    return 0;
}
