/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* TCP connections on loopback, both of whose ends belong to one thread: it waits for nobody. Who includes this has die(). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST 100
#define ANSWER 400

struct endpoint {
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    };
    socklen_t length;
};

static inline struct endpoint endpoint(const char *address)
{
    struct endpoint e = {.length = sizeof e.ipv4};
    if (inet_pton(AF_INET, address, &e.ipv4.sin_addr) == 1) {
        e.ipv4.sin_family = AF_INET;
        return e;
    }
    e.length = sizeof e.ipv6;
    e.ipv6.sin6_family = AF_INET6;
    if (inet_pton(AF_INET6, address, &e.ipv6.sin6_addr) != 1)
        die(address);
    return e;
}

static inline int port_of(const struct endpoint *e)
{
    return ntohs(e->any.sa_family == AF_INET ? e->ipv4.sin_port : e->ipv6.sin6_port);
}

/* At a port that is free, which the endpoint has then. */
static inline int listening(struct endpoint *at)
{
    int fd = socket(at->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, &at->any, at->length) || listen(fd, 16) || getsockname(fd, &at->any, &at->length))
        die("listen");
    return fd;
}

static inline int connected(const struct endpoint *to)
{
    int fd = socket(to->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, &to->any, to->length))
        die("connect");
    return fd;
}

static inline int accepted(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        die("accept");
    return fd;
}

/* Piece by piece: each is taken before the next one comes, so there is always room. */
static inline void pass(int from, int to, long bytes)
{
    char block[4096] = {0};
    while (bytes > 0) {
        long piece = bytes < (long)sizeof block ? bytes : (long)sizeof block, taken = 0;
        if (write(from, block, piece) != piece)
            die("write");
        while (taken < piece) {
            ssize_t n = read(to, block, piece - taken);
            if (n <= 0)
                die("read");
            taken += n;
        }
        bytes -= piece;
    }
}

/* A request, an answer, and the client closes first. */
static inline void request_and_close(int listener, const struct endpoint *to)
{
    int client = connected(to), server = accepted(listener);
    pass(client, server, REQUEST);
    pass(server, client, ANSWER);
    close(client);
    close(server);
}

/* As short as a connection can be. */
static inline void connect_and_close(int listener, const struct endpoint *to)
{
    int client = connected(to), server = accepted(listener);
    close(client);
    close(server);
}
