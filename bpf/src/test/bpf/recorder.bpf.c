// SPDX-License-Identifier: GPL-2.0
// Records the durations that a test gives it into a histogram, into one in pieces and into those of who calls most, so the
// test knows what must come out.
#include "octave.bpf.h"
#include "histogram_of_most.bpf.h"

struct recorder_key {
    u32 which;
};

struct recorder_piece {
    u32 which;
    u16 unused;
    u16 octave;
};

HISTOGRAM(durations, struct recorder_key, 2);
OCTAVES(pieces, struct recorder_piece, 130);
HISTOGRAM_OF_MOST(of_most, struct recorder_key, 2);
HISTOGRAM(of_others, struct recorder_key, 1);

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, u32);
    __type(value, u64);
} request SEC(".maps"); /* 0: the duration, 1: which key */

SEC("raw_tp/sys_enter")
int record(void *ctx)
{
    u32 zero = 0, one = 1;
    u64 *ns = bpf_map_lookup_elem(&request, &zero);
    u64 *which = bpf_map_lookup_elem(&request, &one);
    if (!ns || !which)
        return 0;
    struct recorder_key key = {.which = *which};
    histogram_record(&durations, &durations_lost, &key, *ns);
    u64 bucket = histogram_bucket(*ns);
    struct recorder_piece piece = {.which = *which, .octave = octave_of(bucket)};
    octave_record(&pieces, &pieces_lost, &piece, bucket, *ns);
    struct histogram *h = HISTOGRAM_IF_OF_MOST(of_most, &key);
    if (h) {
        histogram_add(h, *ns);
    } else {
        key.which = 0;
        histogram_record(&of_others, &of_others_lost, &key, *ns);
    }
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
