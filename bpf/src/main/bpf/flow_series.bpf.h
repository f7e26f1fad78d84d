/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Histograms of connections: a few that there always are, and, where that is asked for, one for each server or owner. Of
 * these there may be any number, so they have a map of their own: what does not fit there goes to the few. Bytes are
 * kept alike, in flow_io.bpf.h, and what goes wrong in flow_counts.bpf.h. */
#include "octave.bpf.h"
#include "connection.bpf.h"

struct flow_outcome {
    u8 role;
    u8 ipv6;
    u16 error;
    u16 octave;
    u16 unused;
};

/* What is not asked for, or not known, is 0. */
struct flow_group {
    struct address server_address;
    u16 server_port;
    u16 executable; /* its number */
    u32 unused;
};

struct flow_series {
    struct flow_group group;
    u16 error;
    u16 octave;
    u8 role;
    u8 ipv6;
    u8 measure; /* enum flow_measure */
    u8 unused;
};

enum flow_measure { MEASURE_handshake_durations, MEASURE_connection_durations, MEASURE_round_trips };

const volatile u32 by_series; /* 1: by what follows, or by_executable; one question instead of several */
const volatile u32 by_server_address;
const volatile u32 by_server_port;

#define SERIES 4096 /* that there is room for, of each kind; of durations, pieces of them */

OCTAVES(handshake_durations, struct flow_outcome, 1024);
OCTAVES(connection_durations, struct flow_outcome, 1024);
OCTAVES(round_trips, struct flow_outcome, 1024);
OCTAVES(durations_by_series, struct flow_series, SERIES);

/* False of an executable that there was no room for. */
static __always_inline bool fill_group(struct flow_group *group, const struct flow *flow)
{
    if (flow->executable == EXECUTABLE_WITHOUT_ROOM)
        return false;
    group->executable = flow->executable;
    if (!flow->role)
        return true;
    if (by_server_address)
        group->server_address = flow->role == ROLE_SERVER ? flow->local : flow->remote;
    if (by_server_port)
        group->server_port = server_port(flow);
    return true;
}

/* False when there is no room for one more. */
static __noinline bool measure_series(u8 measure, const struct flow *flow, u16 error, u64 bucket, duration_ns took)
{
    struct flow_series series = {.measure = measure, .role = flow->role, .ipv6 = flow->ipv6, .error = error,
                                 .octave = octave_of(bucket)};
    if (!fill_group(&series.group, flow))
        return false;
    return octave_add(&durations_by_series, &series, bucket, took);
}

static __always_inline void measure(u8 measure, void *octaves, u64 *lost, const struct flow *flow, errno_nr error,
                                    duration_ns took)
{
    u64 bucket = histogram_bucket(took);
    if (by_series && measure_series(measure, flow, error, bucket, took))
        return;
    struct flow_outcome outcome = {.role = flow->role, .ipv6 = flow->ipv6, .error = error, .octave = octave_of(bucket)};
    octave_record(octaves, lost, &outcome, bucket, took);
}

#define MEASURE(octaves, flow, error, took) measure(MEASURE_##octaves, &octaves, &octaves##_lost, flow, error, took)
