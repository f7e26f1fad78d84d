// SPDX-License-Identifier: Apache-2.0
// A TCP connection whose connect and accept are done by io_uring, in a network namespace of its own. With the argument
// "async" its workers do them.
//
// It prints "io_uring 1" if there is none here, else "io_uring 0", who listens and connects, and who accepts.
#define _GNU_SOURCE
#include "own_network.h"
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define BYTES 100000

static int flags;

static void *map(int ring, size_t size, off_t what) {
  void *at = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, what);
  check(at == MAP_FAILED, "mmap");
  return at;
}

// Does one thing in a ring of its own, and says what came of it.
static int done(const struct io_uring_sqe *what) {
  struct io_uring_params p = {0};
  int ring = syscall(__NR_io_uring_setup, 1, &p);
  check(ring < 0, "io_uring_setup");
  char *sq = map(ring, p.sq_off.array + p.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
  char *cq = map(ring, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
  struct io_uring_sqe *entries = map(ring, p.sq_entries * sizeof(*entries), IORING_OFF_SQES);
  entries[0] = *what;
  entries[0].flags = flags;
  *(unsigned *)(sq + p.sq_off.array) = 0;
  __atomic_store_n((unsigned *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
  check(syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0) != 1, "io_uring_enter");
  while (!__atomic_load_n((unsigned *)(cq + p.cq_off.tail), __ATOMIC_ACQUIRE)) usleep(1000);
  int result = ((struct io_uring_cqe *)(cq + p.cq_off.cqes))->res;
  close(ring);
  return result;
}

int main(int count, char **words) {
  struct io_uring_params p = {0};
  static char bytes[BYTES];
  alarm(30);
  flags = count > 1 && !strcmp(words[1], "async") ? IOSQE_ASYNC : 0;
  own_network();
  int refused = syscall(__NR_io_uring_setup, 1, &p) < 0;
  printf("io_uring %d\n", refused);
  fflush(stdout);
  if (refused) return 0;
  int listener = listening_by(0, "127.0.0.1", 0, 1);
  pid_t server = fork();
  if (server == 0) {
    alarm(30);
    int fd = done(&(struct io_uring_sqe){.opcode = IORING_OP_ACCEPT, .fd = listener});
    check(fd < 0, "accept");
    check(recv(fd, bytes, BYTES, MSG_WAITALL) != BYTES || recv(fd, bytes, 1, 0) != 0, "recv");
    _exit(0);
  }
  printf("%d\n%d\n", getpid(), server);
  int fd = socket(AF_INET, SOCK_STREAM, 0), status;
  struct sockaddr_storage at;
  socklen_t size = address(&at, "127.0.0.1", local_port(listener));
  check(done(&(struct io_uring_sqe){.opcode = IORING_OP_CONNECT, .fd = fd, .addr = (unsigned long)&at, .off = size}),
        "connect");
  check(send(fd, bytes, BYTES, 0) != BYTES, "send");
  close(fd);
  waitpid(server, &status, 0);
  return status != 0;
}
