// SPDX-License-Identifier: Apache-2.0
// A TCP connection whose segments suddenly come so late that they are sent again, and then come twice. In a network
// namespace of its own.
//
// It prints "tbf 1" if there is no such queue here, else "tbf 0", the segments that the kernel says came twice; then
// it waits for a line before it closes the connection.
#define _GNU_SOURCE
#include "own_network.h"
#include <netinet/tcp.h>

#define SEGMENTS 6

// What waits in the queue stays there when its rate changes.
static int queue(const char *rate) {
  char command[200];
  snprintf(command, sizeof(command),
           "modprobe -q sch_tbf; tc qdisc replace dev lo root tbf rate %s burst 300 limit 1000000", rate);
  fflush(stdout);
  return system(command) ? 1 : 0;
}

static void say(int fd) { check(send(fd, "x", 1, 0) != 1, "send"); }

static void hear(int fd) {
  char byte;
  check(recv(fd, &byte, 1, 0) != 1, "recv");
}

static void back_and_forth(int fd, int end, int times) {
  while (times-- > 0) say(fd), hear(end), say(end), hear(fd);
}

static struct tcp_info info(int fd) {
  struct tcp_info info = {0};
  socklen_t size = sizeof(info);
  check(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size), "TCP_INFO");
  return info;
}

// Before 5.11 the kernel counts what says so, and not segments.
static long came_twice(void) {
  long segments = kernel_counts("/proc/self/net/netstat", "TcpExt:", "TCPDSACKRecvSegs");
  return segments < 0 ? kernel_counts("/proc/self/net/netstat", "TcpExt:", "TCPDSACKRecv") : segments;
}

int main(void) {
  alarm(60);
  own_network();
  int listener = listening_by(0, "127.0.0.1", 0, 1), fd = socket(AF_INET, SOCK_STREAM, 0), end, now = 1;
  connect_to(fd, "127.0.0.1", local_port(listener));
  check((end = accept(listener, 0, 0)) < 0, "accept");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &now, sizeof(now));
  back_and_forth(fd, end, 10);

  // A segment takes longer than the shortest time-out, which is 200 ms.
  int refused = queue("1kbit");
  printf("tbf %d\n", refused);
  if (refused) return 0;
  for (int i = 0; i < SEGMENTS; i++) say(fd);
  while (info(fd).tcpi_total_retrans < 2) usleep(1000);
  check(queue("1gbit"), "faster");
  while (info(fd).tcpi_unacked || came_twice() < 1) usleep(1000);
  // Until nothing is on its way any more: an answer comes after all that was sent before.
  for (int i = 0; i < SEGMENTS; i++) hear(end);
  back_and_forth(fd, end, 3);

  printf("%ld\n", came_twice());
  fflush(stdout);
  char line;
  check(read(0, &line, 1) < 0, "read");
  close(fd);
  close(end);
  close(listener);
  return 0;
}
