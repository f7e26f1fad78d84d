// SPDX-License-Identifier: Apache-2.0
// A TCP connection between two network namespaces, whose other end vanishes in the middle: its link goes down, or, with
// the argument "silently", its address is gone, and nobody answers what is sent there.
//
// It prints "veth 1" if there can be no such link here, else "veth 0", the errno that the end which is left gets, the
// milliseconds until then, and what the kernel counts in its namespace: segments sent again, attempts at that which
// failed, and probes for a lost tail.
#define _GNU_SOURCE
#include "own_network.h"
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define FAR "10.99.0.2"
#define PORT 8080
#define USER_TIMEOUT_MS 1000

static int run(const char *command) {
  fflush(stdout);
  return system(command);
}

// Carrier is told later, and until then all that is sent is dropped.
static void await_link(const char *device) {
  char command[100];
  snprintf(command, sizeof(command), "until ip -o link show %s | grep -q 'qdisc noqueue .*state UP'; do :; done", device);
  check(run(command), device);
}

static void say(int fd) { check(write(fd, "x", 1) != 1, "say"); }

static void hear(int fd) {
  char byte;
  check(read(fd, &byte, 1) != 1, "hear");
}

// Takes five bytes and vanishes. Its process closes the connection when it may.
static void other_end(int told, int tells, const char *vanishes) {
  alarm(60);
  own_network();
  say(tells);
  hear(told);
  check(run("ip address add 10.99.0.2/24 dev far && ip link set far up"), "far");
  await_link("far");
  int listener = listening_by(0, FAR, PORT, 1), fd;
  char bytes[5];
  struct linger none = {1, 0};
  say(tells);
  check((fd = accept(listener, 0, 0)) < 0, "accept");
  check(recv(fd, bytes, sizeof(bytes), MSG_WAITALL) != sizeof(bytes), "recv");
  check(run(vanishes), vanishes);
  say(tells);
  hear(told);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
  close(fd);
  _exit(0);
}

static long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(int count, char **words) {
  int there[2], back[2], status;
  alarm(60);
  own_network();
  check(pipe(there) || pipe(back), "pipe");
  pid_t other = fork();
  int silently = count > 1 && !strcmp(words[1], "silently");
  if (other == 0)
    other_end(there[0], back[1], silently ? "ip address del 10.99.0.2/24 dev far" : "ip link set far down");
  hear(back[0]);
  char command[400];
  // The neighbour is known for good: who is there no more is not found out by that.
  snprintf(command, sizeof(command),
           "modprobe -q veth; ip link add near type veth peer name far address 02:00:00:00:00:02 netns %d"
           " && ip address add 10.99.0.1/24 dev near && ip link set near up"
           " && ip neighbour replace 10.99.0.2 lladdr 02:00:00:00:00:02 dev near nud permanent",
           other);
  int refused = run(command);
  printf("veth %d\n", refused ? 1 : 0);
  if (refused) {
    kill(other, SIGKILL);
    return 0;
  }
  say(there[1]);
  hear(back[0]);
  await_link("near");
  int fd = socket(AF_INET, SOCK_STREAM, 0), limit = USER_TIMEOUT_MS, error = 0;
  socklen_t size = sizeof(error);
  check(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit)), "TCP_USER_TIMEOUT");
  connect_to(fd, FAR, PORT);
  check(write(fd, "hello", 5) != 5, "write");
  hear(back[0]);
  long before = now_ms();
  check(write(fd, "nobody?", 7) != 7, "write");
  struct pollfd wait = {.fd = fd};
  check(poll(&wait, 1, 60000) != 1, "poll");
  long took = now_ms() - before;
  check(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size), "SO_ERROR");
  printf("%d\n%ld\n", error, took);
  printf("%ld\n", kernel_counts("/proc/self/net/snmp", "Tcp:", "RetransSegs"));
  printf("%ld\n", kernel_counts("/proc/self/net/netstat", "TcpExt:", "TCPRetransFail"));
  printf("%ld\n", kernel_counts("/proc/self/net/netstat", "TcpExt:", "TCPLossProbes"));
  close(fd);
  say(there[1]);
  waitpid(other, &status, 0);
  return status != 0;
}
