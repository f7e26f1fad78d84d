/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* Segments that the kernel dropped, and which of what it frees are none of these. */
#include "drop_event.bpf.h"
#include "segment_owner.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Values of the running kernel are asked for. */
enum skb_drop_reason { SKB_NOT_DROPPED_YET, SKB_CONSUMED, SKB_DROP_REASON_NOT_SPECIFIED };
/* As its arguments are, so are the tracepoint's: the reason since 5.17, who was to receive since 6.11. */
struct trace_event_raw_kfree_skb { void *rx_sk; enum skb_drop_reason reason; };

#pragma clang attribute pop

#define has_drop_reasons() bpf_core_field_exists(struct trace_event_raw_kfree_skb, reason)
#define IS_REASON(reason, name) (bpf_core_enum_value_exists(enum skb_drop_reason, name) \
                                 && (reason) == bpf_core_enum_value(enum skb_drop_reason, name))

static __always_inline bool is_wanted_peer(const struct address *peer)
{
    return (peer->high & only_peer_mask_high) == only_peer_high && (peer->low & only_peer_mask_low) == only_peer_low;
}

/* Where nobody knows which end is which, either may be meant. */
static __always_inline bool is_wanted_either_way(const struct flow *flow)
{
    if (flow->role)
        return is_wanted(flow);
    if (only_role || (only_ipv6 && flow->ipv6 + 1 != only_ipv6))
        return false;
    if (only_port && flow->local_port != only_port && flow->remote_port != only_port)
        return false;
    return is_wanted_peer(&flow->remote) || is_wanted_peer(&flow->local);
}

/* A FIN that nobody has read, in the queue of a socket that is closed: the usual end of a connection. */
static __always_inline bool is_end_of_queue(struct sk_buff *skb)
{
    return !skb->len && is_of_tcp(skb->sk);
}

static __always_inline bool is_drop(u32 reason)
{
    return !has_drop_reasons() || !(IS_REASON(reason, SKB_NOT_DROPPED_YET) || IS_REASON(reason, SKB_CONSUMED));
}

/* Acknowledgements and FINs are freed without a reason when they have done their work in a socket that is being closed,
 * or waits after its end. What a socket sends is still its own when it is dropped. */
static __always_inline bool has_done_its_work(const struct segment *segment, struct sk_buff *skb, u32 reason)
{
    if (has_drop_reasons() && !IS_REASON(reason, SKB_DROP_REASON_NOT_SPECIFIED))
        return false;
    return !skb->sk && !segment->has_data && !(segment->flags & (TCP_SYN | TCP_RST));
}

static __always_inline void drops(void *ctx, struct sk_buff *skb, u64 place, u32 reason, struct sock *receiver)
{
    struct segment segment = {};
    struct flow flow = {};
    struct sock *sk = socket_of_packet(skb, receiver);
    bool is_read = read_segment(&segment, skb);
    u8 direction = FLOW_UNKNOWN;
    if (is_read ? has_done_its_work(&segment, skb, reason) : !(sk && is_whole(sk)))
        return;
    if (sk) {
        if (is_read)
            direction = direction_of(&segment, sk);
        fill_from_socket(&flow, sk, is_read ? &segment : 0, direction);
    } else {
        flow.network_namespace = segment.network_namespace;
        fill_ends(&flow, &segment, FLOW_RECEIVE);
        fill_listener(&flow, segment.flags);
        if (flow.role)
            direction = FLOW_RECEIVE;
    }
    if (is_looked_at(&flow) && is_wanted_either_way(&flow))
        report_drop(ctx, &flow, place, has_drop_reasons() ? reason : 0, direction, sk != 0);
}

/* (skb, place, reason, receiver). The context may only be read at constant offsets, and only where there are
 * arguments. */
SEC("tp_btf/kfree_skb")
int on_drop(u64 *ctx)
{
    struct sk_buff *skb = (void *)ctx[0];
    u64 place = ctx[1], reason = 0;
    struct sock *receiver = 0;
    if (has_drop_reasons())
        asm volatile("%0 = *(u64 *)(%1 + 16)" : "=r"(reason) : "r"(ctx));
    if (bpf_core_field_exists(struct trace_event_raw_kfree_skb, rx_sk))
        asm volatile("%0 = *(u64 *)(%1 + 24)" : "=r"(receiver) : "r"(ctx));
    if (is_drop(reason) && !is_end_of_queue(skb) && !is_copy(skb))
        drops(ctx, skb, place, reason, receiver);
    return 0;
}
