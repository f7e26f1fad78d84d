/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A network namespace of one's own, connections in it, and what the kernel itself counts there. Includes want _GNU_SOURCE
 * to be defined before anything. Whatever fails ends the program, and says what it was about. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void check(int failed, const char *doing) {
  if (!failed) return;
  perror(doing);
  _exit(1);
}

// Its loopback is up.
static inline void own_network(void) {
  check(unshare(CLONE_NEWNET), "unshare");
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  check(ioctl(fd, SIOCSIFFLAGS, &lo), "lo up");
  close(fd);
}

static inline void print_namespace(void) {
  struct stat here;
  check(stat("/proc/self/ns/net", &here), "stat");
  printf("%lu\n", (unsigned long)here.st_ino);
}

static inline socklen_t address(struct sockaddr_storage *to, const char *text, int port) {
  memset(to, 0, sizeof(*to));
  struct sockaddr_in *v4 = (void *)to;
  struct sockaddr_in6 *v6 = (void *)to;
  if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    return sizeof(*v4);
  }
  check(inet_pton(AF_INET6, text, &v6->sin6_addr) != 1, text);
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  return sizeof(*v6);
}

static inline int local_port(int fd) {
  struct sockaddr_storage at;
  socklen_t length = sizeof(at);
  check(getsockname(fd, (void *)&at, &length), "getsockname");
  return ntohs(((struct sockaddr_in *)&at)->sin_port); // at the same place in both families
}

// By a protocol, 0 is TCP; at a port, 0 is any.
static inline int listening_by(int protocol, const char *text, int port, int backlog) {
  struct sockaddr_storage at;
  socklen_t length = address(&at, text, port);
  int fd = socket(at.ss_family, SOCK_STREAM, protocol);
  check(fd < 0, "socket");
  check(bind(fd, (void *)&at, length), "bind");
  check(listen(fd, backlog), "listen");
  return fd;
}

static inline void connect_to(int fd, const char *text, int port) {
  struct sockaddr_storage at;
  socklen_t length = address(&at, text, port);
  check(connect(fd, (void *)&at, length), "connect");
}

// Connections in a file as /proc/net/tcp that are not over.
static inline int open_in(const char *path) {
  FILE *sockets = fopen(path, "r");
  char line[256];
  int open = 0;
  unsigned state;
  while (sockets && fgets(line, sizeof(line), sockets))
    if (sscanf(line, " %*u: %*s %*s %x", &state) == 1 && state != TCP_TIME_WAIT && state != TCP_LISTEN) open++;
  if (sockets) fclose(sockets);
  return open;
}

// Until no connection of this namespace is still being closed: its last segments may get lost, and the kernel ends one of
// MPTCP later than its program.
static inline void settle(void) {
  while (open_in("/proc/self/net/tcp") || open_in("/proc/self/net/tcp6")) usleep(10000);
}

// Of this namespace, in a file as /proc/net/netstat, where a line of names is followed by one of values and both begin
// with the same word; -1 where the kernel has no such count.
static inline long kernel_counts(const char *path, const char *begin, const char *what) {
  static char names[8192], values[8192];
  char *rest_of_names, *rest_of_values;
  FILE *file = fopen(path, "r");
  check(!file, path);
  while (fgets(names, sizeof(names), file) && strncmp(names, begin, strlen(begin))) {}
  check(!fgets(values, sizeof(values), file), begin);
  fclose(file);
  char *name = strtok_r(names, " \n", &rest_of_names), *value = strtok_r(values, " \n", &rest_of_values);
  while (name && value && strcmp(name, what)) {
    name = strtok_r(0, " \n", &rest_of_names);
    value = strtok_r(0, " \n", &rest_of_values);
  }
  return name && value ? atol(value) : -1;
}
