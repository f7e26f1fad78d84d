// SPDX-License-Identifier: Apache-2.0
// A connection of which the last change of state before its end was left out, as a preemptible kernel does now and then:
// its client has sent 20 bytes and a FIN, and is taken for established by who observes it, a process whose id is the
// argument. That is brought about where it keeps its connections.
//
// It prints "left out" and ends it when a line comes in: with the argument "reset" by a reset, else as usual.
#define _GNU_SOURCE
#include "own_network.h"
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>

// A map that a process has open.
static int map_of(const char *pid, const char *name, struct bpf_map_info *info) {
  char path[300], line[256];
  unsigned id;
  snprintf(path, sizeof(path), "/proc/%s/fdinfo", pid);
  DIR *descriptors = opendir(path);
  check(!descriptors, path);
  for (struct dirent *entry; (entry = readdir(descriptors));) {
    snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, entry->d_name);
    FILE *about = fopen(path, "r");
    while (about && fgets(line, sizeof(line), about)) {
      if (sscanf(line, "map_id: %u", &id) != 1) continue;
      int map = bpf_map_get_fd_by_id(id);
      __u32 size = sizeof(*info);
      memset(info, 0, sizeof(*info));
      if (map >= 0 && !bpf_obj_get_info_by_fd(map, info, &size) && !strcmp(info->name, name)) return map;
      close(map);
    }
    if (about) fclose(about);
  }
  errno = ENOENT;
  check(1, name);
  return -1;
}

// Where a field of a struct is, in bytes.
static unsigned offset_of(struct btf *types, const char *structure, const char *field) {
  const struct btf_type *type = btf__type_by_id(types, btf__find_by_name_kind(types, structure, BTF_KIND_STRUCT));
  check(!type, structure);
  for (int i = 0; i < btf_vlen(type); i++)
    if (!strcmp(btf__name_by_offset(types, btf_members(type)[i].name_off), field))
      return btf_member_bit_offset(type, i) / 8;
  check(1, field);
  return 0;
}

// Of the one connection that is in a state: it has been in another.
static void leave_out(const char *observer, unsigned char state, unsigned char before) {
  struct bpf_map_info info;
  int map = map_of(observer, "connections", &info), found = 0;
  struct btf *types = btf__load_from_kernel_by_id(info.btf_id);
  check(!types, "types");
  unsigned at = offset_of(types, "connection", "flow") + offset_of(types, "flow", "state");
  unsigned char *connection = malloc(info.value_size);
  unsigned long key;
  for (void *last = 0; !bpf_map_get_next_key(map, last, &key); last = &key) {
    check(bpf_map_lookup_elem(map, &key, connection), "look up");
    if (connection[at] != state) continue;
    connection[at] = before;
    check(bpf_map_update_elem(map, &key, connection, BPF_EXIST), "update");
    found++;
  }
  check(found != 1, "one connection");
}

static void await_state(int fd, int state) {
  struct tcp_info info = {0};
  socklen_t size = sizeof(info);
  while (info.tcpi_state != state) {
    check(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size), "TCP_INFO");
    usleep(1000);
  }
}

int main(int count, char **arguments) {
  char bytes[20] = {0};
  struct linger none = {1, 0};
  check(count < 2, "arguments: the id of who observes");
  own_network();
  int listener = listening_by(0, "127.0.0.1", 0, 1), fd = socket(AF_INET, SOCK_STREAM, 0);
  connect_to(fd, "127.0.0.1", local_port(listener));
  int end = accept(listener, 0, 0);
  check(write(fd, bytes, sizeof(bytes)) != sizeof(bytes), "write");
  check(recv(end, bytes, sizeof(bytes), MSG_WAITALL) != sizeof(bytes), "recv");
  shutdown(fd, SHUT_WR);
  await_state(fd, TCP_FIN_WAIT2);
  leave_out(arguments[1], TCP_FIN_WAIT2, TCP_ESTABLISHED);
  puts("left out");
  fflush(stdout);
  check(read(0, bytes, 1) < 0, "read");
  if (count > 2) setsockopt(end, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
  close(end);
  check(count > 2 ? read(fd, bytes, 1) >= 0 : read(fd, bytes, 1) != 0, "read the end");
  close(fd);
  close(listener);
  return 0;
}
