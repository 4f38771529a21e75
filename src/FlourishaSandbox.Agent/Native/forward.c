/*
 * `flourisha-agent forward PORT ADDRESS:PORT`: hands every TCP connection to one address on, and knows no other. It is how a port of a
 * sandbox is published that was not named when the sandbox was made: in a container beside it. Both sides may be hostile; nothing
 * of what passes is looked at.
 */
#include "agent.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* 512 connections with all buffers full take 16 MiB. SYN_RETRIES: some 15 seconds until an address that is gone counts as gone. */
enum { BUFFER = 16 * 1024, MAXIMUM_PAIRS = 512, BATCH = 64, SYN_RETRIES = 3, IDLE_SECONDS = 60, PROBE_SECONDS = 15, PROBES = 4 };

/* One end of a connection that is handed on, and what came in from there and is not written to the other end yet. */
struct end {
    struct pair *pair;
    int fd;
    uint32_t interest;
    int at_end;  /* nothing more comes from there */
    int is_shut; /* it was told that nothing more comes */
    size_t first, last;
    char buffer[BUFFER];
};

struct pair {
    struct end ends[2]; /* who called, and the sandbox */
    int is_connected;
    struct pair *next_dead;
};

static int poller;
static int listener;
static int pairs;
static int is_accepting;
static struct pair *dead;
static struct sockaddr_in target;

_Noreturn static void fail(int code, const char *what) {
    dprintf(2, "flourisha-agent: forward: %s\n", what);
    _exit(code);
}

_Noreturn static void misused(void) { fail(2, "usage: flourisha-agent forward PORT ADDRESS:PORT"); }

static void leave(int signal) {
    (void)signal;
    _exit(0);
}

static uint16_t parse_port(const char *text) {
    char *rest;
    long port = strtol(text, &rest, 10);
    if (*text < '0' || *text > '9' || *rest != '\0' || port < 1 || port > 65535) misused();
    return (uint16_t)port;
}

static void set(int fd, int level, int option, int value) { setsockopt(fd, level, option, &value, sizeof value); }

static void tune(int fd) {
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, IDLE_SECONDS);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, PROBE_SECONDS);
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, PROBES);
}

static void accept_more(int wanted) {
    if (wanted == is_accepting) return;
    struct epoll_event event = {.events = wanted ? EPOLLIN : 0, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_MOD, listener, &event);
    is_accepting = wanted;
}

/* Events of the same batch may still point at it, so it is freed only after the batch. */
static void drop(struct pair *pair, int is_reset) {
    for (int i = 0; i < 2; i++) {
        struct end *end = &pair->ends[i];
        if (end->fd < 0) continue;
        /* A reset says that this is no orderly end: nothing listens, or the other end is gone. */
        struct linger at_once = {.l_onoff = 1};
        if (is_reset) setsockopt(end->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(end->fd);
        end->fd = -1;
    }
    pair->next_dead = dead;
    dead = pair;
    pairs--;
}

static void bury(void) {
    if (dead != NULL) accept_more(1);
    while (dead != NULL) {
        struct pair *next = dead->next_dead;
        free(dead);
        dead = next;
    }
}

static struct end *other(struct end *end) { return &end->pair->ends[end == &end->pair->ends[0]]; }

/* An end of which nothing is wanted is not watched at all: the kernel reports a hang-up whether or not it was asked for, again and again. */
static int watch(struct end *end) {
    uint32_t wanted = 0;
    if (!end->at_end && end->last < BUFFER) wanted |= EPOLLIN;
    if (other(end)->last > other(end)->first) wanted |= EPOLLOUT;
    if (!end->pair->is_connected) wanted = end == &end->pair->ends[1] ? EPOLLOUT : 0;
    if (wanted == end->interest) return 1;
    struct epoll_event event = {.events = wanted, .data.ptr = end};
    int change = end->interest == 0 ? EPOLL_CTL_ADD : wanted == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
    end->interest = wanted;
    return epoll_ctl(poller, change, end->fd, &event) == 0;
}

static void take(int fd, const struct sockaddr_in *caller) {
    /* The sandbox has nothing to ask here: it would only reach itself. */
    struct pair *pair = caller->sin_addr.s_addr == target.sin_addr.s_addr ? NULL : calloc(1, sizeof *pair);
    int sandbox = pair == NULL ? -1 : socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sandbox < 0) {
        free(pair);
        close(fd);
        return;
    }

    pairs++;
    tune(fd);
    tune(sandbox);
    set(sandbox, IPPROTO_TCP, TCP_SYNCNT, SYN_RETRIES);
    for (int i = 0; i < 2; i++) {
        pair->ends[i].pair = pair;
        pair->ends[i].fd = i == 0 ? fd : sandbox;
    }
    int is_begun = connect(sandbox, (struct sockaddr *)&target, sizeof target) == 0 || errno == EINPROGRESS;
    if (!is_begun || !watch(&pair->ends[1])) drop(pair, 1);
}

static void accept_all(void) {
    while (pairs < MAXIMUM_PAIRS) {
        struct sockaddr_in caller;
        socklen_t size = sizeof caller;
        int fd = accept4(listener, (struct sockaddr *)&caller, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            take(fd, &caller);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            /* Without descriptors left, the next connection waits until one that there is ends. */
            if (errno != EAGAIN && pairs > 0) accept_more(0);
            return;
        }
    }
    accept_more(0);
}

/* Returns 0 where the connection is broken. */
static int receive(struct end *end) {
    ssize_t count = read(end->fd, end->buffer + end->last, BUFFER - end->last);
    if (count > 0) end->last += (size_t)count;
    if (count == 0) end->at_end = 1;
    return count >= 0 || errno == EAGAIN || errno == EINTR;
}

/* Writes to an end what came from the other one. Returns 0 where the connection is broken. */
static int send_on(struct end *end) {
    struct end *from = other(end);
    while (from->last > from->first) {
        ssize_t count = send(end->fd, from->buffer + from->first, from->last - from->first, MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        from->first += (size_t)count;
    }
    from->first = from->last = 0;
    if (from->at_end && !end->is_shut) {
        end->is_shut = 1;
        shutdown(end->fd, SHUT_WR);
    }
    return 1;
}

static int finish_connecting(struct pair *pair) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(pair->ends[1].fd, SOL_SOCKET, SO_ERROR, &error, &size);
    pair->is_connected = 1;
    return error == 0;
}

static void handle(struct end *end, uint32_t events) {
    struct pair *pair = end->pair;
    if (end->fd < 0) return;

    int is_well = pair->is_connected || finish_connecting(pair);
    if (is_well && (events & EPOLLERR) != 0) is_well = 0;
    if (is_well && (events & (EPOLLIN | EPOLLHUP)) != 0 && !end->at_end && end->last < BUFFER) is_well = receive(end);
    if (is_well) is_well = send_on(other(end)) && send_on(end);
    if (is_well && pair->ends[0].is_shut && pair->ends[1].is_shut) drop(pair, 0);
    else if (!is_well || !watch(&pair->ends[0]) || !watch(&pair->ends[1])) drop(pair, 1);
}

static void listen_at(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_ANY)};
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) fail(1, strerror(errno));
    set(listener, SOL_SOCKET, SO_REUSEADDR, 1);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, SOMAXCONN) < 0) fail(1, strerror(errno));
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) < 0) fail(1, strerror(errno));
    is_accepting = 1;
}

_Noreturn void forward(int argc, char **argv) {
    if (argc != 4) misused();
    char *colon = strrchr(argv[3], ':');
    if (colon == NULL) misused();
    *colon = '\0';
    target.sin_family = AF_INET;
    target.sin_port = htons(parse_port(colon + 1));
    if (inet_pton(AF_INET, argv[3], &target.sin_addr) != 1) misused();

    prctl(PR_SET_NAME, "flourisha-forward");
    /* As the first process of a container it would not end by them otherwise. */
    signal(SIGTERM, leave);
    signal(SIGINT, leave);
    signal(SIGPIPE, SIG_IGN);
    listen_at(parse_port(argv[2]));
    struct epoll_event events[BATCH];
    for (;;) {
        int count = epoll_wait(poller, events, BATCH, -1);
        if (count < 0 && errno != EINTR) fail(1, strerror(errno));
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL) accept_all();
            else handle(events[i].data.ptr, events[i].events);
        }
        bury();
    }
}
