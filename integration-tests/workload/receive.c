// SPDX-License-Identifier: Apache-2.0
/* The cheapest receiver of OTLP over HTTP: takes POSTs, answers 200, and keeps what they brought.
 *   receive PORT FILE     bodies go to FILE, each behind a line "PATH LENGTH" */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 64
#define ROOM (8 << 20)

struct connection {
    char *bytes; /* of the request under way */
    size_t length;
};

static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";

static void die(const char *doing)
{
    fprintf(stderr, "receive: %s: %s\n", doing, strerror(errno));
    exit(99);
}

/* Keeps the first request, if it is whole, and removes it. */
static int take(struct connection *c, int fd, FILE *file)
{
    c->bytes[c->length] = 0;
    char *body = strstr(c->bytes, "\r\n\r\n");
    if (!body)
        return 0;
    body += 4;
    char *field = strcasestr(c->bytes, "\r\nContent-Length:");
    size_t length = field && field < body ? strtoul(field + 17, NULL, 10) : 0;
    size_t head = body - c->bytes;
    if (c->length - head < length)
        return 0;
    char path[256] = "";
    sscanf(c->bytes, "POST %255s", path);
    fprintf(file, "%s %zu\n", path, length);
    fwrite(body, 1, length, file);
    c->length -= head + length;
    memmove(c->bytes, body + length, c->length);
    if (write(fd, ANSWER, sizeof ANSWER - 1) < 0 && errno != EPIPE)
        die("answer");
    return 1;
}

int main(int count, char **args)
{
    struct pollfd fds[CONNECTIONS + 1];
    struct connection connections[CONNECTIONS + 1] = {0};
    FILE *file = count == 3 ? fopen(args[2], "w") : NULL;
    if (!file)
        die("receive PORT FILE");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(args[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(server, (void *)&address, sizeof address) || listen(server, CONNECTIONS))
        die("listen");
    int used = 1;
    fds[0] = (struct pollfd){.fd = server, .events = POLLIN};
    for (;;) {
        if (poll(fds, used, -1) < 0)
            die("poll");
        if (fds[0].revents && used <= CONNECTIONS) {
            fds[used] = (struct pollfd){.fd = accept(server, NULL, NULL), .events = POLLIN};
            connections[used] = (struct connection){.bytes = malloc(ROOM + 1)};
            used++;
        }
        for (int i = 1; i < used; i++) {
            if (!fds[i].revents)
                continue;
            struct connection *c = &connections[i];
            ssize_t n = read(fds[i].fd, c->bytes + c->length, ROOM - c->length);
            if (n > 0) {
                c->length += n;
                while (take(c, fds[i].fd, file)) {
                }
                fflush(file);
                continue;
            }
            close(fds[i].fd);
            free(c->bytes);
            fds[i] = fds[--used];
            connections[i--] = connections[used];
        }
    }
}
