// SPDX-License-Identifier: Apache-2.0
/* Executes programs in every way we know, in an empty directory of its own.
 *   execs DIRECTORY TARGET      every case once
 *   execs burst COUNT TARGET    as many and as fast as one process can, by vfork
 *   execs then PROGRAM ARGS...  becomes another program (for execs itself) */
#include "prepare.h"
#include <signal.h>
#include <sys/mman.h>

#define ARGS(...) (char *const[]){__VA_ARGS__, NULL}

static void exits_without_exec(void)
{
    long long before = wall_ns();
    int status, pid = fork();
    forks++;
    if (pid == 0)
        _exit(9);
    waitpid(pid, &status, 0);
    tell_exit("fork without exec", pid, status, "execs", before);
}

static void *exit_later(void *leader)
{
    pthread_join(*(pthread_t *)leader, NULL);
    exit(5);
}

static void leader_ends_first(void)
{
    long long before = wall_ns();
    int status, pid = fork();
    forks++;
    if (pid == 0) {
        pthread_t thread, self = pthread_self();
        if (pthread_create(&thread, NULL, exit_later, &self))
            die("pthread_create");
        pthread_exit(NULL);
    }
    waitpid(pid, &status, 0);
    tell_exit("leader ends first", pid, status, "execs", before);
}

static void succeed(char *target)
{
    attempt((struct attempt){.name = "plain", .path = target, .args = ARGS("target", "hello", "wörld")});
    attempt((struct attempt){.name = "other argv[0]", .path = target, .args = ARGS("-login", "x")});
    attempt((struct attempt){.name = "relative", .path = "./target", .executable = target, .args = ARGS("./target")});
    attempt((struct attempt){.name = "symlink", .path = in("link"), .executable = target, .args = ARGS("link")});
    int here = open(".", O_PATH | O_CLOEXEC), file = open("target", O_PATH | O_CLOEXEC);
    attempt((struct attempt){.name = "execveat", .directory = here, .path = "target", .executable = target, .args = ARGS("at")});
    attempt((struct attempt){.name = "fexecve", .directory = file, .path = "", .flags = AT_EMPTY_PATH, .executable = target, .args = ARGS("f")});
    int memory = memfd_create("ghost", MFD_CLOEXEC);
    copy_target(memory);
    attempt((struct attempt){.name = "memfd", .directory = memory, .path = "", .flags = AT_EMPTY_PATH, .executable = "/memfd:ghost", .args = ARGS("m")});
    attempt((struct attempt){.name = "script", .path = in("script"), .executable = target, .args = ARGS("script", "a"),
                             .args_seen = ARGS(target, "--flag", in("script"), "a")});
    attempt((struct attempt){.name = "no arguments", .path = target, .args = (char *const[]){NULL}, .args_seen = ARGS("")});
    attempt((struct attempt){.name = "odd arguments", .path = target, .args = ARGS("target", "", "a\nb", "\"q\" \\", "")});
    attempt((struct attempt){.name = "25 arguments", .path = target, .args = many(25, 4)});
    attempt((struct attempt){.name = "1000 arguments", .path = target, .args = many(1000, 4)});
    attempt((struct attempt){.name = "100 KB of arguments", .path = target, .args = many(100, 1017)});
    attempt((struct attempt){.name = "one argument of 100 KB", .path = target, .args = many(1, 100000)});
    attempt((struct attempt){.name = "bytes that are no text", .path = in("t\xffrget"), .args = ARGS("caf\xe9", "\xf0\x9f\xa6\x8a", "\xed\xa0\x80")});
    attempt((struct attempt){.name = "from a thread", .path = target, .args = ARGS("threaded"), .from_thread = 1});
    attempt((struct attempt){.name = "secrets", .path = target, .args = ARGS("target", "--password", "hunter2-a", "--token=hunter2-b",
                             "https://me:hunter2-c@example.org/x", "API_KEY=hunter2-d", "--verbose", "plain")});
    attempt((struct attempt){.name = "secrets of a known client", .path = in("mysql"), .args = ARGS("mysql", "-uroot", "-phunter2-e", "shop")});
    attempt((struct attempt){.name = "other user", .path = target, .args = ARGS("t"), .prepare = be_nobody, .user_id = 65534});
    attempt((struct attempt){.name = "chroot", .path = "/target", .args = ARGS("t"), .prepare = change_root, .working_directory = "/"});
    attempt((struct attempt){.name = "other mount namespace", .path = in("mount/copy"), .args = ARGS("t"), .prepare = mount_and_copy});
    attempt((struct attempt){.name = "other pid namespace", .path = target, .args = ARGS("t"), .own_pid_namespace = 1});
    attempt((struct attempt){.name = "deep", .path = "./target", .args = ARGS("t"), .prepare = go_deep, .executable = deep_path("/target"), .working_directory = deep_path("")});
    attempt((struct attempt){.name = "trace parent", .path = target, .args = ARGS("t"),
                             .environment = ARGS("PASSWORD=hunter2-f", "TRACEPARENT=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "Z=1")});
    attempt((struct attempt){.name = "exit code", .path = target, .args = ARGS("t", "exit:3")});
    attempt((struct attempt){.name = "exit code 255", .path = target, .args = ARGS("t", "exit:255")});
    attempt((struct attempt){.name = "killed", .path = target, .args = ARGS("t", "signal:9")});
    attempt((struct attempt){.name = "terminated", .path = target, .args = ARGS("t", "signal:15")});
}

/* A string in memory that nobody has touched yet: a tracer may not be able to read it. */
static char *untouched(const char *text)
{
    int fd = memfd_create("untouched", MFD_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text) + 1) < 0)
        die("memfd");
    char *memory = mmap(NULL, strlen(text) + 1, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    return memory;
}

static void fail(char *target)
{
    char *bad = (char *)8, long_name[400];
    memset(long_name, 'n', sizeof long_name);
    long_name[399] = 0;
    attempt((struct attempt){.name = "not found", .path = in("nosuch"), .args = ARGS("nosuch", "--password=hunter2-g")});
    attempt((struct attempt){.name = "not found, relative", .path = "sub/../nosuch", .executable = in("sub/../nosuch"), .args = ARGS("n")});
    attempt((struct attempt){.name = "not executable", .path = in("plain"), .args = ARGS("plain")});
    attempt((struct attempt){.name = "a directory", .path = own_directory, .args = ARGS("d")});
    attempt((struct attempt){.name = "no program", .path = in("text"), .args = ARGS("text")});
    attempt((struct attempt){.name = "a loop", .path = in("loop"), .args = ARGS("loop")});
    attempt((struct attempt){.name = "name too long", .path = in(long_name), .args = ARGS("long")});
    attempt((struct attempt){.name = "no interpreter", .path = in("orphan"), .args = ARGS("orphan")});
    attempt((struct attempt){.name = "argument too long", .path = target, .args = many(1, 140000)});
    attempt((struct attempt){.name = "bytes that are no text, not found", .path = in("\xfe\xff"), .args = ARGS("n\xff")});
    attempt((struct attempt){.name = "from a thread, not found", .path = in("nosuch"), .args = ARGS("t"), .from_thread = 1});
    attempt((struct attempt){.name = "no path", .path = NULL, .args = ARGS("null")});
    attempt((struct attempt){.name = "path nowhere", .path = bad, .executable = "", .args = ARGS("bad")});
    int here = open(".", O_PATH | O_CLOEXEC);
    attempt((struct attempt){.name = "a secret behind what cannot be read", .path = in("nosuch"), .args = ARGS("n", untouched("--password"), strdup("hunter2-h"))});
    attempt((struct attempt){.name = "execveat not found", .directory = here, .path = "nosuch", .executable = in("nosuch"), .args = ARGS("n")});
    attempt((struct attempt){.name = "execveat bad descriptor", .directory = 999, .path = "nosuch", .args = ARGS("n")});
    attempt((struct attempt){.name = "chroot, not found", .path = "/nosuch", .args = ARGS("n"), .prepare = change_root, .working_directory = "/"});
}

static void burst(int count, char *target)
{
    int *pids = calloc(count, sizeof *pids), status;
    long long before = wall_ns();
    for (int i = 0; i < count; i++) {
        pids[i] = vfork();
        if (pids[i] == 0) {
            execve(target, (char *const[]){"target", "burst", NULL}, (char *const[]){NULL});
            _exit(127);
        }
        waitpid(pids[i], &status, 0);
        if (status)
            die("a program of the burst failed");
    }
    struct truth t = truth_of("burst");
    truth_number(&t, "count", count);
    truth_numbers(&t, "pids", pids, count);
    truth_number(&t, "before_ns", before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
}

int main(int count, char **args)
{
    signal(SIGPIPE, SIG_IGN);
    if (count > 3 && strcmp(args[1], "then") == 0) {
        execve(args[2], args + 2, environ);
        _exit(127);
    }
    if (count == 4 && strcmp(args[1], "burst") == 0) {
        truth_start();
        burst(atoi(args[2]), args[3]);
        return 0;
    }
    if (count != 3 || chdir(args[1]) || !getcwd(own_directory, sizeof own_directory))
        die("execs DIRECTORY TARGET | execs burst COUNT TARGET");
    char *target = in("target");
    char *script, *orphan = "#!/nonexistent/interpreter\n";
    if (asprintf(&script, "#!%s --flag\n", target) < 0 || link(args[2], "target") || link("target", "t\xffrget") ||
        link("target", "mysql") || symlink("target", "link") || symlink("loop", "loop") || mkdir("sub", 0755) || mkdir("deep", 0755))
        die("prepare the directory");
    write_file("script", script, 0755);
    write_file("orphan", orphan, 0755);
    write_file("plain", "plain", 0644);
    write_file("text", "no program", 0755);
    truth_start();
    succeed(target);
    fail(target);
    exits_without_exec();
    leader_ends_first();
    char self[4096] = {0};
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        die("readlink /proc/self/exe");
    attempt((struct attempt){.name = "twice", .path = self, .args = ARGS("execs", "then", target, "second"), .then = ARGS(target, target, "second")});
    struct truth t = truth_of("forks");
    truth_number(&t, "count", forks);
    truth_tell(&t);
    return 0;
}
