/* Reads the ring of reading.bpf.c with libbpf: reading OBJECT WITH_PATH ROUNDS CALLS. Prints the nanoseconds per
 * event of each round, a round being CALLS fillings. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct text {
    uint32_t at;
    uint16_t length;
    uint16_t cut;
};

struct reading {
    uint64_t time, cgroup_id, flags;
    uint32_t pid, tid, user_id;
    int32_t error;
    uint32_t mode;
    struct text path;
};

/* What the other side makes of an event: numbers, and a path of its own. */
struct record {
    uint64_t time, cgroup_id, flags;
    uint32_t pid, tid, user_id, mode;
    int32_t error;
    char *path;
};

static uint64_t sum, events;

static int take(void *context, void *data, size_t size)
{
    const struct reading *e = data;
    struct record r = {e->time, e->cgroup_id, e->flags, e->pid, e->tid, e->user_id, e->mode, e->error, NULL};
    (void)context;
    if (e->path.length) {
        if (e->path.at + (size_t)e->path.length > size)
            return -1;
        r.path = malloc(e->path.length + 1);
        memcpy(r.path, (const char *)data + e->path.at, e->path.length);
        r.path[e->path.length] = 0;
        sum += r.path[1];
        free(r.path);
    }
    sum += r.time + r.cgroup_id + r.flags + r.pid + r.tid + r.user_id + r.mode + r.error;
    events++;
    return 0;
}

static void set(struct bpf_object *object, const char *name, uint32_t value)
{
    const struct btf *btf = bpf_object__btf(object);
    const struct btf_type *section = btf__type_by_id(btf, btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC));
    const struct btf_var_secinfo *variable = btf_var_secinfos(section);
    struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata");
    size_t size;
    char *values = (char *)bpf_map__initial_value(map, &size);
    for (int i = 0; i < btf_vlen(section); i++, variable++)
        if (!strcmp(btf__name_by_offset(btf, btf__type_by_id(btf, variable->type)->name_off), name))
            memcpy(values + variable->offset, &value, sizeof(value));
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    int rounds = atoi(argv[3]), calls = atoi(argv[4]);
    struct bpf_object *object = bpf_object__open(argv[1]);
    if (!object)
        return perror("open"), 1;
    set(object, "only_tid", gettid());
    set(object, "with_path", atoi(argv[2]));
    if (bpf_object__load(object))
        return perror("load"), 1;
    struct bpf_link *link = bpf_program__attach(bpf_object__find_program_by_name(object, "fill"));
    struct ring_buffer *ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "readings"), take, NULL, NULL);
    if (!link || !ring)
        return perror("attach"), 1;
    for (int i = 0; i < rounds; i++) {
        events = 0;
        for (int k = 0; k < calls; k++)
            sched_yield();
        double begun = now_ns();
        ring_buffer__consume(ring);
        printf("%.2f\n", (now_ns() - begun) / events);
    }
    fprintf(stderr, "%llu\n", (unsigned long long)sum);
    bpf_link__destroy(link);
    ring_buffer__free(ring);
    bpf_object__close(object);
    return 0;
}
