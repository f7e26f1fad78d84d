/* SPDX-License-Identifier: GPL-2.0 */
#pragma once
/* The kernel's sockets, as far as we read them, and what is asked of one. Reads are by address, so that they serve programs
 * that got the socket from a tracepoint, a trampoline, a descriptor or an iterator; the one that all connections pass, and
 * more than once, gets it from a tracepoint, and has the same by type. */
#include "kernel.bpf.h"
#include <bpf/bpf_endian.h>

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define SOCK_DONE 1 /* bit of skc_flags: the peer's FIN has come */

/* include/net/tcp_states.h; these numbers are seen by programs (TCP_INFO) and do not change. */
enum tcp_state {
    TCP_ESTABLISHED = 1, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT, TCP_CLOSE,
    TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_LISTEN, TCP_CLOSING, TCP_STATES
};
#define IS(state, states) (1u << (state) & (states))

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr { union { u8 u6_addr8[16]; } in6_u; };
struct ns_common { unsigned int inum; };
struct net { struct ns_common ns; };
typedef struct { struct net *net; } possible_net_t;
struct sock_common {
    __be32 skc_daddr, skc_rcv_saddr;
    __be16 skc_dport;
    u16 skc_family;
    volatile unsigned char skc_state;
    possible_net_t skc_net;
    struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
    unsigned long skc_flags;
};
struct sock {
    struct sock_common __sk_common;
    u16 sk_protocol;
    int sk_err;
    u8 sk_shutdown;
};
struct inet_sock { __be16 inet_sport; };
struct inet_connection_sock { u8 icsk_ca_state : 5; u8 icsk_pending; };
struct tcp_sock {
    u64 bytes_received, bytes_acked;
    u32 snd_una, write_seq, srtt_us, total_retrans, dsack_dups;
};
struct request_sock { struct sock_common __req_common; u8 num_timeout; };
struct tcp_request_sock { u64 snt_synack; };
struct socket { struct sock *sk; };
struct proto_accept_arg { int flags; }; /* since 6.10 inet_csk_accept takes one argument less */
struct inode { unsigned short i_mode; };
struct file___of_socket { struct inode *f_inode; void *private_data; };
struct bpf_iter__task_file { struct task_struct *task; struct file *file; };

#pragma clang attribute pop

/* Of either family: IPv4 as ::ffff:a.b.c.d. In network order, as two numbers of the machine's own. */
struct address {
    u64 high;
    u64 low;
};

static __always_inline bool is_ipv4(const struct address *address)
{
    return !address->high && (u32)address->low == bpf_htonl(0xffff);
}

static __always_inline void set_ipv4(struct address *address, __be32 ip)
{
    address->high = 0;
    address->low = (u64)ip << 32 | bpf_htonl(0xffff);
}

static __always_inline bool is_tcp(struct sock *sk)
{
    return sk && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP;
}

static __always_inline u8 state_of(struct sock *sk)
{
    return BPF_CORE_READ(sk, __sk_common.skc_state);
}

/* A field of a socket of TCP by its address, or by its type where the verifier knows that (see typed_tcp): a plain load then,
 * where a helper call costs about fifty instructions. */
#define FIELD(typed, pointer, field) ((typed) ? (pointer)->field : BPF_CORE_READ(pointer, field))

/* The same socket, of which the verifier knows that it is one of TCP; nothing, if it is none. */
static __always_inline struct sock *typed_tcp(struct sock *sk)
{
    return (struct sock *)bpf_skc_to_tcp_sock(sk);
}

static __always_inline u32 read_namespace(struct sock *sk, bool typed)
{
    return typed ? sk->__sk_common.skc_net.net->ns.inum : BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

/* Of IPv6 always by address: what is read by type the verifier follows on as many ways as there are values. */
static __always_inline void read_remote_address(struct address *to, struct sock *sk, bool typed)
{
    if (FIELD(typed, sk, __sk_common.skc_family) == AF_INET)
        set_ipv4(to, FIELD(typed, sk, __sk_common.skc_daddr));
    else
        BPF_CORE_READ_INTO(to, sk, __sk_common.skc_v6_daddr);
}

static __always_inline void read_local_address(struct address *to, struct sock *sk, bool typed)
{
    if (FIELD(typed, sk, __sk_common.skc_family) == AF_INET)
        set_ipv4(to, FIELD(typed, sk, __sk_common.skc_rcv_saddr));
    else
        BPF_CORE_READ_INTO(to, sk, __sk_common.skc_v6_rcv_saddr);
}

static __always_inline u16 read_remote_port(struct sock *sk, bool typed)
{
    return bpf_ntohs(FIELD(typed, sk, __sk_common.skc_dport));
}

/* Not skc_num: that is given back before the tracepoint says that a connection is closed. */
static __always_inline u16 read_local_port(struct sock *sk, bool typed)
{
    struct inet_sock *inet = (struct inet_sock *)sk;
    return bpf_ntohs(FIELD(typed, inet, inet_sport));
}

static __always_inline u32 namespace_of(struct sock *sk)
{
    return read_namespace(sk, false);
}

static __always_inline void remote_address(struct address *to, struct sock *sk)
{
    read_remote_address(to, sk, false);
}

static __always_inline void local_address(struct address *to, struct sock *sk)
{
    read_local_address(to, sk, false);
}

static __always_inline u16 remote_port(struct sock *sk)
{
    return read_remote_port(sk, false);
}

static __always_inline u16 local_port(struct sock *sk)
{
    return read_local_port(sk, false);
}

/* The socket behind an open file, or nothing. A socket in the file system can only be opened with O_PATH, and has
 * nothing behind it then. */
static __always_inline struct sock *socket_of(struct file *file)
{
    struct file___of_socket *f = (void *)file;
    if ((BPF_CORE_READ(f, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
        return 0;
    struct socket *socket = BPF_CORE_READ(f, private_data);
    return socket ? BPF_CORE_READ(socket, sk) : 0;
}

/* What a descriptor of the current process stands for. */
static __always_inline struct sock *socket_of_descriptor(u32 descriptor)
{
    struct task_struct *task = current_task();
    struct fdtable *table = READ(READ(task, files), fdt);
    struct file *file = 0;
    if (descriptor < READ(table, max_fds))
        bpf_probe_read_kernel(&file, sizeof(file), (void *)READ(table, fd) + descriptor * sizeof(file));
    return file ? socket_of(file) : 0;
}
