/*
 * `flourisha-agent relay [--port N]`: copies standard input to the agent's local socket and the answers to standard output. It is
 * how a host reaches the agent of a sandbox that has no network: through one exec of the engine.
 */
#include "agent.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, DEFAULT_PORT = 49983 };

_Noreturn static void fail(int code, const char *what) {
    dprintf(2, "flourisha-agent: relay: %s\n", what);
    _exit(code);
}

static int connect_to_agent(long port) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    /* An abstract name: a zero byte first, and no file. */
    int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "flourisha-agent-%ld", port);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail(1, strerror(errno));
    if (connect(fd, (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + 1 + length) < 0) {
        fail(1, "there is no agent");
    }
    return fd;
}

/* Copies what is there. Returns 0 at the end, or when the other side takes no more. */
static int copy(int from, int to) {
    static char buffer[CHUNK];
    ssize_t count = read(from, buffer, sizeof buffer);
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    if (count == 0) return 0;
    for (ssize_t done = 0; done < count;) {
        ssize_t written = write(to, buffer + done, count - done);
        if (written < 0 && errno == EAGAIN) {
            struct pollfd full = {.fd = to, .events = POLLOUT};
            poll(&full, 1, -1);
        } else if (written < 0 && errno != EINTR) {
            return 0;
        } else if (written > 0) {
            done += written;
        }
    }
    return 1;
}

_Noreturn void relay(int argc, char **argv) {
    long port = DEFAULT_PORT;
    if (argc == 4 && strcmp(argv[2], "--port") == 0) {
        char *end;
        port = strtol(argv[3], &end, 10);
        if (*end != '\0' || port < 1 || port > 65535) fail(2, "--port takes a number from 1 to 65535");
    } else if (argc != 2) {
        fail(2, "usage: flourisha-agent relay [--port N]");
    }

    prctl(PR_SET_NAME, "flourisha-relay");
    signal(SIGPIPE, SIG_IGN);
    int agent = connect_to_agent(port);
    struct pollfd sides[] = {{.fd = 0, .events = POLLIN}, {.fd = agent, .events = POLLIN}};
    for (;;) {
        if (poll(sides, 2, -1) < 0 && errno != EINTR) _exit(1);
        /* The end of our input is the host hanging up, and the agent has to know at once. */
        if (sides[0].revents != 0 && !copy(0, agent)) _exit(0);
        if (sides[1].revents != 0 && !copy(agent, 1)) _exit(0);
    }
}
