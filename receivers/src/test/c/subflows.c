// SPDX-License-Identifier: Apache-2.0
// A connection of MPTCP that gets a second path, in a network namespace of its own.
//
// It prints "mptcp 1" if there is none here, else "mptcp 0", who connects and who accepts, and the port.
#define _GNU_SOURCE
#include "own_network.h"
#include <sys/wait.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static void say(int fd) { check(write(fd, "hello", 5) != 5, "say"); }

static void hear(int fd) {
  char bytes[5];
  check(recv(fd, bytes, sizeof(bytes), MSG_WAITALL) != sizeof(bytes), "hear");
}

int main(void) {
  char rest;
  alarm(30);
  own_network();
  int refused = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP) < 0;
  printf("mptcp %d\n", refused);
  fflush(stdout);
  if (refused) return 0;
  check(system("ip mptcp limits set subflows 2 add_addr_accepted 2"
               " && ip mptcp endpoint add 127.0.0.2 dev lo subflow"), "ip mptcp");
  // A socket takes the limits of when it is made.
  int listener = listening_by(IPPROTO_MPTCP, "127.0.0.1", 0, 1), fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), end;
  int port = local_port(listener);
  pid_t server = fork();
  if (server == 0) {
    alarm(30);
    close(fd);
    check((end = accept(listener, 0, 0)) < 0, "accept");
    hear(end);
    say(end);
    while (kernel_counts("/proc/self/net/netstat", "MPTcpExt:", "MPJoinAckRx") < 1) usleep(1000);
    say(end);
    hear(end);
    check(read(end, &rest, 1) != 0, "end");
    close(end);
    _exit(0);
  }
  connect_to(fd, "127.0.0.1", port);
  printf("%d\n%d\n%d\n", getpid(), server, port);
  say(fd);
  hear(fd);
  hear(fd);
  say(fd);
  close(fd);
  close(listener);
  int status;
  waitpid(server, &status, 0);
  settle();
  return status != 0;
}
