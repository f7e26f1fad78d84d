// SPDX-License-Identifier: Apache-2.0
// Segments that a kernel has to drop, in a network namespace of its own. It does what its arguments say, one word after
// the other, and prints the namespace, and for each word what it says below.
#define _GNU_SOURCE
#include "own_network.h"
#include <errno.h>
#include <linux/filter.h>
#include <netinet/tcp.h>

static const int patience_ms = 20000;

static int listening(const char *text) { return listening_by(0, text, 0, 16); }

// From the same address, with one SYN more than the first, at most.
static int try_connect(const char *text, int port) {
  struct sockaddr_storage at;
  socklen_t length = address(&at, text, port);
  int fd = socket(at.ss_family, SOCK_STREAM, 0), tries = 1;
  struct sockaddr_storage from;
  setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &tries, sizeof(tries));
  check(bind(fd, (void *)&from, address(&from, text, 0)), "bind");
  int error = connect(fd, (void *)&at, length) ? errno : 0;
  if (error) {
    close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

// Nobody has the port: its number.
static void refused(const char *at) {
  int fd = listening(at), port = local_port(fd);
  close(fd);
  check(try_connect(at, port) >= 0 || errno != ECONNREFUSED, "connect to nobody");
  printf("%d\n", port);
}

// A SYN with a wrong checksum, from port 4321, to who listens: its port.
static void wrong_checksum(const char *at) {
  struct sockaddr_storage to;
  socklen_t length = address(&to, at, 0);
  int listener = listening(at), raw = socket(to.ss_family, SOCK_RAW, IPPROTO_TCP);
  check(raw < 0, "raw socket");
  struct tcphdr syn = {.source = htons(4321), .dest = htons(local_port(listener)), .doff = 5, .syn = 1, .check = htons(0xbad)};
  check(bind(raw, (void *)&to, length), "bind raw");
  check(sendto(raw, &syn, sizeof(syn), 0, (void *)&to, length) != sizeof(syn), "sendto");
  printf("%d\n", ntohs(syn.dest));
  close(raw);
  close(listener);
}

static long retransmits(void) { return kernel_counts("/proc/self/net/snmp", "Tcp:", "RetransSegs"); }

static int retransmits_of(int fd) {
  struct tcp_info info;
  socklen_t size = sizeof(info);
  check(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size), "TCP_INFO");
  return info.tcpi_total_retrans;
}

static void await_retransmits(int fd, int times) {
  for (int waited = 0; retransmits_of(fd) < times; waited++) {
    check(waited >= patience_ms, "wait until it is sent again");
    usleep(1000);
  }
}

// A server lets nothing in, until a segment was sent again some times: the client's port, the server's, and how many
// segments were sent.
static void filtered(const char *at, int times) {
  int listener = listening(at), fd = try_connect(at, local_port(listener));
  check(fd < 0, "connect");
  int end = accept(listener, 0, 0);
  struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
  struct sock_fprog program = {1, &nothing};
  check(setsockopt(end, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)), "SO_ATTACH_FILTER");
  check(write(fd, "segment", 7) != 7, "write");
  await_retransmits(fd, times);
  check(setsockopt(end, SOL_SOCKET, SO_DETACH_FILTER, &program, sizeof(program)), "SO_DETACH_FILTER");
  char got[7];
  check(recv(end, got, sizeof(got), MSG_WAITALL) != sizeof(got), "recv");
  // What was sent again, but for the last that came through; and what was sent first.
  printf("%d %d %d\n", local_port(fd), local_port(listener), retransmits_of(fd));
  close(fd);
  close(end);
  close(listener);
}

// A receiver takes no more, since it was left with a smaller buffer than it had promised, until a segment was sent again
// some times: as above.
static void full(const char *at, int times) {
  int listener = listening(at), fd = try_connect(at, local_port(listener));
  check(fd < 0, "connect");
  int end = accept(listener, 0, 0), small = 1;
  static char much[16384];
  check(write(fd, much, sizeof(much)) != sizeof(much), "write");
  check(recv(end, much, sizeof(much), MSG_PEEK | MSG_WAITALL) != sizeof(much), "recv");
  check(setsockopt(end, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), "SO_RCVBUF");
  check(write(fd, much, sizeof(much)) != sizeof(much), "write");
  await_retransmits(fd, times);
  for (size_t left = 2 * sizeof(much), got; left > 0; left -= got) check((got = read(end, much, sizeof(much))) == 0, "read");
  printf("%d %d %d\n", local_port(fd), local_port(listener), retransmits_of(fd));
  close(end);
  close(fd);
  close(listener);
}

// Nothing is dropped of two connections: of one the client closes first, and nobody reads the server's FIN; of the other
// it only ends its side, and acknowledges what still comes. How many segments were sent again, without need.
static void exchange(const char *at) {
  long before = retransmits();
  int listener = listening(at), fd = try_connect(at, local_port(listener)), end = accept(listener, 0, 0);
  static char much[100000];
  check(write(fd, "segment", 7) != 7, "write");
  check(recv(end, much, 7, MSG_WAITALL) != 7, "recv");
  close(fd);
  check(recv(end, much, 1, 0) != 0, "end");
  usleep(300000); // until the client's FIN was acknowledged by itself
  close(end);
  fd = try_connect(at, local_port(listener)), end = accept(listener, 0, 0);
  shutdown(fd, SHUT_WR);
  check(recv(end, much, 1, 0) != 0, "end of one side");
  check(write(end, much, sizeof(much)) != sizeof(much), "write");
  close(end);
  for (ssize_t got; (got = read(fd, much, sizeof(much))) != 0;) check(got < 0, "read");
  close(fd);
  close(listener);
  printf("%ld\n", retransmits() - before);
}

// Nothing arrives: how many segments the queue of the device dropped, by its own count; none where this kernel has no
// such queue.
static void lost(const char *at) {
  fflush(stdout);
  if (system("modprobe -q sch_netem; tc qdisc replace dev lo root netem loss 100% 2>/dev/null")) {
    printf("none\n");
    return;
  }
  int listener = listening(at);
  check(try_connect(at, local_port(listener)) >= 0 || errno != ETIMEDOUT, "connect to nowhere");
  close(listener);
  check(system("tc -s qdisc show dev lo | sed -n 's/.*dropped \\([0-9]*\\).*/\\1/p'"), "tc -s qdisc");
}

int main(int count, char **words) {
  (void)count;
  char **word = words + 1;
  while (*word) {
    const char *what = *word++;
    if (!strcmp(what, "own-namespace")) own_network(), print_namespace();
    else if (!strcmp(what, "refused")) refused(*word++);
    else if (!strcmp(what, "wrong-checksum")) wrong_checksum(*word++);
    else if (!strcmp(what, "filtered")) filtered(word[0], atoi(word[1])), word += 2;
    else if (!strcmp(what, "pause")) usleep(1100000);
    else if (!strcmp(what, "lost")) lost(*word++);
    else if (!strcmp(what, "full")) full(word[0], atoi(word[1])), word += 2;
    else if (!strcmp(what, "exchange")) exchange(*word++);
    else check(1, what);
  }
  return 0;
}
