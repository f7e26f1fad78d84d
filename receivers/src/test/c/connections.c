// SPDX-License-Identifier: Apache-2.0
// A workload of TCP connections, in a network namespace of its own. It does what its arguments say, one word and its
// operands after the other, and prints numbers, a line for each connection.
#define _GNU_SOURCE
#include "own_network.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/mptcp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/wait.h>

static char block[65536];
static int wanted_port; // 0: any
static int listen_by, connect_by; // protocols, 0: TCP

static int listening_for(const char *text, int backlog) { return listening_by(listen_by, text, wanted_port, backlog); }

static int listening(const char *text) { return listening_for(text, 1024); }

// With one more SYN than the first at most, or as many as the kernel wants.
static int try_connect(const char *text, int port, int flags, int hurries, int *error) {
  struct sockaddr_storage at;
  socklen_t length = address(&at, text, port);
  int fd = socket(at.ss_family, SOCK_STREAM | flags, connect_by);
  int tries = 1;
  if (hurries) setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &tries, sizeof(tries));
  *error = connect(fd, (void *)&at, length) ? errno : 0;
  if (*error == EINPROGRESS) {
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    socklen_t size = sizeof(*error);
    poll(&wait, 1, 10000);
    getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &size);
  }
  return fd;
}

static int connected(const char *text, int port) {
  int error, fd = try_connect(text, port, 0, 0, &error);
  errno = error;
  check(error, "connect");
  return fd;
}

static void send_plain(int fd, long bytes) {
  while (bytes > 0) {
    ssize_t n = write(fd, block, bytes < (long)sizeof(block) ? bytes : (long)sizeof(block));
    check(n < 0, "write");
    bytes -= n;
  }
}

static int file_of(long bytes) {
  int file = memfd_create("bytes", 0);
  check(ftruncate(file, bytes), "ftruncate");
  return file;
}

static void send_file(int fd, long bytes) {
  int file = file_of(bytes);
  while (bytes > 0) {
    ssize_t n = sendfile(fd, file, 0, bytes);
    check(n <= 0, "sendfile");
    bytes -= n;
  }
  close(file);
}

static void send_spliced(int fd, long bytes) {
  int file = file_of(bytes), ends[2];
  check(pipe(ends), "pipe");
  while (bytes > 0) {
    ssize_t in = splice(file, 0, ends[1], 0, bytes < 65536 ? bytes : 65536, 0);
    check(in <= 0, "splice in");
    bytes -= in;
    while (in > 0) {
      ssize_t out = splice(ends[0], 0, fd, 0, in, 0);
      check(out <= 0, "splice out");
      in -= out;
    }
  }
  close(file);
  close(ends[0]);
  close(ends[1]);
}

static void send_by(const char *how, int fd, long bytes) {
  if (!strcmp(how, "sendfile")) send_file(fd, bytes);
  else if (!strcmp(how, "splice")) send_spliced(fd, bytes);
  else send_plain(fd, bytes);
}

static long drain(int fd) {
  long bytes = 0;
  for (;;) {
    ssize_t n = read(fd, block, sizeof(block));
    check(n < 0, "read");
    if (n == 0) return bytes;
    bytes += n;
  }
}

// What the one subflow of an MPTCP socket sent, by the kernel's own account: MPTCP may send a byte again.
static void say_what_subflow_sent(int fd) {
  enum { BYTES_SENT = 200 / 8, BYTES_RETRANS, WORDS }; // tcpi_… in linux/tcp.h, which netinet/tcp.h keeps out
  struct { struct mptcp_subflow_data about; unsigned long tcp[WORDS]; } said = {.about = {
      .size_subflow_data = sizeof(said.about), .size_user = sizeof(said.tcp)}};
  socklen_t size = sizeof(said);
  check(getsockopt(fd, SOL_MPTCP, MPTCP_TCPINFO, &said, &size), "MPTCP_TCPINFO");
  check(said.about.num_subflows != 1 || size != sizeof(said), "one subflow");
  printf("%lu\n", said.tcp[BYTES_SENT] - said.tcp[BYTES_RETRANS]);
}

// The client ends its side first, and then still reads.
static void exchange(const char *to, const char *at, const char *how, long there, long back) {
  int listener = listening(at), port = local_port(listener), looked[2];
  char nothing;
  check(pipe(looked), "pipe");
  pid_t server = fork();
  if (server == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); // whoever reads what we print waits for us, too
    close(looked[1]);
    int fd = accept(listener, 0, 0);
    check(fd < 0, "accept");
    check(drain(fd) != there, "drain");
    send_by(how, fd, back);
    check(read(looked[0], &nothing, 1) != 0, "wait until it was looked at"); // when it is closed, its account is gone
    close(fd);
    _exit(0);
  }
  close(looked[0]);
  int fd = connected(to, port);
  printf("%d %d %d %d\n", getpid(), local_port(fd), server, port);
  send_by(how, fd, there);
  shutdown(fd, SHUT_WR);
  check(back && recv(fd, block, back < (long)sizeof(block) ? back : (long)sizeof(block), MSG_PEEK) <= 0, "peek");
  if (listen_by && connect_by) say_what_subflow_sent(fd); // all has been received: nothing is sent again later
  close(looked[1]);
  check(drain(fd) != back, "drain");
  close(fd);
  close(listener);
  waitpid(server, 0, 0);
}

static void fails(const char *to, int port, int flags) {
  int error;
  close(try_connect(to, port, flags, 1, &error));
  printf("%d\n", error);
}

// A port that nobody has: it was bound, and is given back.
static int free_port(const char *at) {
  int fd = listening(at), port = local_port(fd);
  close(fd);
  return port;
}

// The one port that there is has gone to the first connection.
static void exhausted(const char *at) {
  FILE *range = fopen("/proc/sys/net/ipv4/ip_local_port_range", "w");
  check(!range || fprintf(range, "40000 40000") < 0 || fclose(range), "ip_local_port_range");
  wanted_port = 8080;
  int listener = listening(at), first = connected(at, wanted_port);
  fails(at, wanted_port, 0);
  close(first);
  close(listener);
}

// The server has read one byte, and wants no lingering.
static void cut(const char *at) {
  int listener = listening(at), fd = connected(at, local_port(listener));
  int end = accept(listener, 0, 0);
  struct linger none = {1, 0};
  send_plain(fd, 3);
  check(read(end, block, 1) != 1, "read");
  setsockopt(end, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
  close(end);
  check(read(fd, block, 1) >= 0 || errno != ECONNRESET, "read after reset");
  close(fd);
  close(listener);
}

// A server resets: it closes with unread data, without lingering, or without waiting for the other end, or data comes for
// what it has closed, from another process.
static void reset_by(const char *how, const char *at) {
  int listener = listening(at), fd = connected(at, local_port(listener)), end = accept(listener, 0, 0);
  int is_data = !strcmp(how, "data"), seconds = is_data ? 120 : -1;
  struct linger none = {1, 0};
  struct pollfd in = {.fd = end, .events = POLLIN}, cut = {.fd = fd};
  struct tcp_info info = {0};
  socklen_t size = sizeof(info);
  if (!strcmp(how, "unread")) {
    send_plain(fd, 3);
    check(poll(&in, 1, 10000) != 1, "poll");
  } else if (!strcmp(how, "linger")) {
    setsockopt(end, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
  } else {
    check(setsockopt(end, IPPROTO_TCP, TCP_LINGER2, &seconds, sizeof(seconds)), "TCP_LINGER2");
    shutdown(end, SHUT_WR);
    while (info.tcpi_state != TCP_FIN_WAIT2) {
      check(getsockopt(end, IPPROTO_TCP, TCP_INFO, &info, &size), "TCP_INFO");
      usleep(1000);
    }
  }
  close(end);
  if (is_data && fork() == 0) {
    send_plain(fd, 3);
    _exit(0);
  }
  check(poll(&cut, 1, 10000) != 1, "poll");
  if (is_data) wait(0);
  close(fd);
  close(listener);
}

// The queue has room for one, so the next SYN is not answered.
static void crowded(const char *at) {
  int listener = listening_for(at, 0), port = local_port(listener), first = connected(at, port);
  fails(at, port, 0);
  close(first);
  close(listener);
}

// The server waits for data before it takes a connection, and repeats its answer after a second.
static void deferred(const char *at) {
  int listener = listening(at), seconds = 1;
  setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof(seconds));
  int fd = connected(at, local_port(listener)), end = accept(listener, 0, 0);
  check(end < 0, "accept");
  close(fd);
  close(end);
  close(listener);
}

// Nobody accepts.
static void ignored(const char *at) {
  int listener = listening(at), fd = connected(at, local_port(listener));
  close(fd);
  close(listener);
}

static void many(const char *at, int count) {
  int listener = listening(at), port = local_port(listener);
  for (int i = 0; i < count; i++) {
    int fd = connected(at, port), end = accept(listener, 0, 0);
    send_plain(fd, 5);
    shutdown(fd, SHUT_WR);
    check(drain(end) != 5, "drain");
    close(end);
    check(drain(fd) != 0, "drain");
    close(fd);
  }
  close(listener);
}

// Open until a line comes in; then as many bytes again go each way.
static void held(const char *at, long there, long back) {
  int listener = listening(at), fd = connected(at, local_port(listener));
  int end = accept(listener, 0, 0);
  for (int round = 0; round < 2; round++) {
    send_plain(fd, there);
    for (long left = there; left > 0; left -= read(end, block, left)) {}
    send_plain(end, back);
    for (long left = back; left > 0; left -= read(fd, block, left)) {}
    if (round == 0) {
      printf("%d %d\n", local_port(fd), local_port(listener));
      fflush(stdout);
      check(read(0, block, 1) < 0, "read");
    }
  }
  shutdown(fd, SHUT_WR);
  drain(end);
  close(end);
  drain(fd);
  close(fd);
  close(listener);
}

// What tc may do here, or says why not.
static void netem(const char *how) {
  char command[200];
  snprintf(command, sizeof(command), "modprobe -q sch_netem; tc qdisc replace dev lo root netem %s", how);
  fflush(stdout);
  printf("netem %d\n", system(command) ? 1 : 0);
}

// What is sent stands in the queue of the device for so long that it would be sent again, and it cannot while it is there:
// how often that was, by the kernel's own count.
static void queued(const char *at) {
  int listener = listening(at), fd = connected(at, local_port(listener)), end = accept(listener, 0, 0);
  netem("delay 1000ms");
  send_plain(fd, 5);
  shutdown(fd, SHUT_WR);
  check(drain(end) != 5, "drain");
  close(end);
  drain(fd);
  close(fd);
  close(listener);
  printf("%ld\n", kernel_counts("/proc/self/net/netstat", "TcpExt:", "TCPSpuriousRtxHostQueues"));
}

// Segments that this namespace sent again, by the kernel's own count.
static void retransmitted(void) { printf("%ld\n", kernel_counts("/proc/self/net/snmp", "Tcp:", "RetransSegs")); }

int main(int count, char **words) {
  (void)count;
  char **word = words + 1;
  while (*word) {
    const char *what = *word++;
    if (!strcmp(what, "own-namespace")) own_network(), print_namespace();
    else if (!strcmp(what, "pid")) printf("%d\n", getpid());
    else if (!strcmp(what, "port")) wanted_port = atoi(*word++);
    else if (!strcmp(what, "listen-by")) listen_by = atoi(*word++);
    else if (!strcmp(what, "connect-by")) connect_by = atoi(*word++);
    else if (!strcmp(what, "exchange")) exchange(word[0], word[1], word[2], atol(word[3]), atol(word[4])), word += 5;
    else if (!strcmp(what, "refused")) fails(word[0], free_port(word[0]), 0), word++;
    else if (!strcmp(what, "refused-later")) fails(word[0], free_port(word[0]), SOCK_NONBLOCK), word++;
    else if (!strcmp(what, "connect")) fails(word[0], atoi(word[1]), 0), word += 2;
    else if (!strcmp(what, "exhausted")) exhausted(*word++);
    else if (!strcmp(what, "cut")) cut(*word++);
    else if (!strcmp(what, "reset-by")) reset_by(word[0], word[1]), word += 2;
    else if (!strcmp(what, "deferred")) deferred(*word++);
    else if (!strcmp(what, "ignored")) ignored(*word++);
    else if (!strcmp(what, "many")) many(word[0], atoi(word[1])), word += 2;
    else if (!strcmp(what, "retransmitted")) retransmitted();
    else if (!strcmp(what, "netem")) netem(*word++);
    else if (!strcmp(what, "settled")) settle();
    else if (!strcmp(what, "held")) held(word[0], atol(word[1]), atol(word[2])), word += 3;
    else if (!strcmp(what, "queued")) queued(*word++);
    else if (!strcmp(what, "crowded")) crowded(*word++);
    else check(1, what);
  }
  return 0;
}
