// SPDX-License-Identifier: Apache-2.0
/* Connects by TCP to itself, on the loopback of a network namespace of its own.
 *   connects                      every case once
 *   connects held                 one connection, there before it says who it is, and open to its end
 *   connects burst COUNT          connections with a request and an answer, as fast as one thread can
 *   connects paced RATE COUNT     connections that say nothing, RATE a second, from two threads */
#include "connection_load.h"
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

static void set(const char *variable, const char *value)
{
    int fd = open(variable, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, value, strlen(value)) < 0 || close(fd))
        die(variable);
}

static void enter_own_network(void)
{
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (unshare(CLONE_NEWNET))
        die("unshare");
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) || close(fd))
        die("lo up");
    /* Where there is no room for another one in TIME_WAIT, the kernel resets what the other end still says. */
    set("/proc/sys/net/ipv4/tcp_max_tw_buckets", "2000000");
}

struct told {
    const char *name;
    int client_port, server_port;
    long sent, received; /* by the client */
    int errno_of_connect;
    long long before;
};

static void tell(struct told c)
{
    struct truth t = truth_of("connection");
    truth_text(&t, "case", c.name);
    truth_number(&t, "pid", getpid());
    truth_number(&t, "client_port", c.client_port);
    truth_number(&t, "server_port", c.server_port);
    truth_number(&t, "sent", c.sent);
    truth_number(&t, "received", c.received);
    truth_number(&t, "errno", c.errno_of_connect);
    truth_number(&t, "before_ns", c.before);
    truth_number(&t, "after_ns", wall_ns());
    truth_tell(&t);
}

static int own_port(int fd)
{
    struct endpoint own = {.length = sizeof own.ipv6};
    if (getsockname(fd, &own.any, &own.length))
        die("getsockname");
    return port_of(&own);
}

static void exchange(const char *name, const char *address, long there, long back)
{
    long long before = wall_ns();
    struct endpoint at = endpoint(address);
    int listener = listening(&at), client = connected(&at), port = own_port(client), server = accepted(listener);
    pass(client, server, there);
    pass(server, client, back);
    close(client);
    close(server);
    close(listener);
    tell((struct told){name, port, port_of(&at), there, back, 0, before});
}

/* Nobody listens where somebody listened before. */
static void refused(void)
{
    long long before = wall_ns();
    struct endpoint at = endpoint("127.0.0.1");
    close(listening(&at));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = connect(fd, &at.any, at.length) ? errno : 0;
    close(fd);
    tell((struct told){"refused", 0, port_of(&at), 0, 0, error, before});
}

/* The server closes without lingering. */
static void reset(void)
{
    long long before = wall_ns();
    struct endpoint at = endpoint("127.0.0.1");
    struct linger none = {1, 0};
    int listener = listening(&at), client = connected(&at), port = own_port(client), server = accepted(listener);
    pass(client, server, 3);
    char byte;
    if (setsockopt(server, SOL_SOCKET, SO_LINGER, &none, sizeof none) || close(server))
        die("reset");
    if (read(client, &byte, 1) >= 0 || errno != ECONNRESET)
        die("a read that should have failed");
    close(client);
    close(listener);
    tell((struct told){"reset", port, port_of(&at), 3, 0, 0, before});
}

static void hold(void)
{
    struct endpoint at = endpoint("127.0.0.1");
    int listener = listening(&at), client = connected(&at);
    pass(client, accepted(listener), 1000);
    truth_start();
}

int main(int count, char **args)
{
    enter_own_network();
    if (count == 1) {
        truth_start();
        exchange("plain", "127.0.0.1", 300000, 7);
        exchange("silent", "127.0.0.2", 0, 0);
        exchange("ipv6", "::1", 65537, 1000001);
        refused();
        reset();
    } else if (!strcmp(args[1], "held") && count == 2) {
        hold();
    } else if (!strcmp(args[1], "burst") && count == 3) {
        burst(atoll(args[2]));
    } else if (!strcmp(args[1], "paced") && count == 4) {
        paced(atoll(args[2]), atoll(args[3]));
    } else {
        die("connects | connects held | connects burst COUNT | connects paced RATE COUNT");
    }
    return 0;
}
