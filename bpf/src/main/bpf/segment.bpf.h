/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* What a packet of the kernel's says of itself, if it is a segment of TCP: whoever dropped it may know no socket. */
#include "socket.bpf.h"

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define FRAGMENT_OFFSET 0x1fff
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10
#define DST_PTR_MASK (~7ul)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct net_device { possible_net_t nd_net; };
struct dst_entry { struct net_device *dev; };
struct sk_buff {
    struct sock *sk;
    struct net_device *dev;
    unsigned long _skb_refdst;
    __be16 protocol;
    u16 network_header;
    u32 len, tail;
    unsigned char *head;
};

#pragma clang attribute pop

/* As they travel. */
struct ipv4_header {
    u8 version_and_words, service;
    __be16 length, number, fragment;
    u8 hops, protocol;
    __be16 checksum;
    __be32 source, destination;
};
struct ipv6_header {
    __be32 version;
    __be16 length;
    u8 next, hops;
    struct address source, destination;
};
struct tcp_header {
    __be16 source, destination;
    __be32 number, acknowledged;
    u8 words, flags;
};

struct segment {
    struct address source;
    struct address destination;
    u32 network_namespace;
    u16 source_port;
    u16 destination_port;
    u8 flags;
    u8 has_data;
};

/* Where it came in, or goes out. A packet in the queue of a socket is at no device any more, and may say anything. */
static __always_inline u32 namespace_of_packet(struct sk_buff *skb)
{
    u32 number = BPF_CORE_READ(skb->dev, nd_net.net, ns.inum);
    if (number)
        return number;
    struct dst_entry *way = (void *)(skb->_skb_refdst & DST_PTR_MASK);
    return BPF_CORE_READ(way, dev, nd_net.net, ns.inum);
}

/* Whether a packet is one and has its headers where they are looked for: in some that are sent they are not written yet,
 * in some that came they are not within reach, and in a few another header of IPv6 is between them. The packet's own
 * fields are read with plain loads, since the tracepoint says what it is. */
static __always_inline bool read_segment(struct segment *segment, struct sk_buff *skb)
{
    u16 protocol = bpf_ntohs(skb->protocol);
    void *head = skb->head;
    u32 at = skb->network_header, end;
    if (protocol == ETH_P_IP) {
        struct ipv4_header ip = {};
        bpf_probe_read_kernel(&ip, sizeof(ip), head + at);
        if (ip.version_and_words >> 4 != 4 || ip.protocol != IPPROTO_TCP || ip.fragment & bpf_htons(FRAGMENT_OFFSET))
            return false;
        set_ipv4(&segment->source, ip.source);
        set_ipv4(&segment->destination, ip.destination);
        end = at + bpf_ntohs(ip.length);
        at += (ip.version_and_words & 15) * 4;
    } else if (protocol == ETH_P_IPV6) {
        struct ipv6_header ip = {};
        bpf_probe_read_kernel(&ip, sizeof(ip), head + at);
        if (bpf_ntohl(ip.version) >> 28 != 6 || ip.next != IPPROTO_TCP)
            return false;
        segment->source = ip.source;
        segment->destination = ip.destination;
        at += sizeof(ip);
        end = at + bpf_ntohs(ip.length);
    } else {
        return false;
    }
    struct tcp_header tcp = {};
    if (at + sizeof(tcp) > skb->tail || bpf_probe_read_kernel(&tcp, sizeof(tcp), head + at))
        return false;
    segment->source_port = bpf_ntohs(tcp.source);
    segment->destination_port = bpf_ntohs(tcp.destination);
    segment->flags = tcp.flags;
    segment->has_data = at + (tcp.words >> 4) * 4 != end;
    segment->network_namespace = namespace_of_packet(skb);
    return true;
}
