/* Sockets below the transport, and connections to where a sandbox has no business. */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void probe_raw_socket(int argc, char **argv) {
    (void)argc, (void)argv;
    if (socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP) >= 0) probe_open("a raw socket was opened");
    int error = errno;
    if (socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6) >= 0) probe_open("a raw IPv6 socket was opened");
    probe_held("%s", strerror(error));
}

void probe_packet_socket(int argc, char **argv) {
    (void)argc, (void)argv;
    if (socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)) >= 0) probe_open("a socket was opened that sees and forges packets of the network");
    if (errno == EAFNOSUPPORT) probe_held("this kernel has no packet sockets, or the filter denies them");
    probe_held("%s", strerror(errno));
}

/*
 * connect ADDRESS PORT MILLISECONDS. What it says of a connection that fails is for the host to read, which knows what it means:
 * "refused" comes from somebody who is there, or from a rule; "silent" from a rule that drops, or from nobody.
 */
void probe_connect(int argc, char **argv) {
    static const char usage[] = "flourisha-agent probe connect ADDRESS PORT MILLISECONDS";
    struct sockaddr_in address = {.sin_family = AF_INET};
    if (argc != 3 || inet_pton(AF_INET, argv[0], &address.sin_addr) != 1) probe_misused(usage);
    long long port = probe_number(argv[1], usage), patience = probe_number(argv[2], usage);
    if (port > 65535 || patience > 60000) probe_misused(usage);
    address.sin_port = htons((unsigned short)port);

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
    if (fd < 0) probe_untried("%s", strerror(errno));
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) error = errno;
    if (error == EINPROGRESS) {
        struct pollfd done = {.fd = fd, .events = POLLOUT};
        socklen_t length = sizeof error;
        if (poll(&done, 1, (int)patience) == 0) probe_held("silent");
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) probe_untried("%s", strerror(errno));
    }

    if (error == 0) probe_open("connected");
    if (error == ECONNREFUSED || error == ECONNRESET) probe_held("refused");
    if (error == ETIMEDOUT) probe_held("silent");
    /* Without a default route the kernel knows at once; a rule that rejects, and a router, say it from afar. */
    if (error == ENETUNREACH) probe_held("no route");
    if (error == EHOSTUNREACH || error == EACCES || error == EPERM) probe_held("rejected");
    probe_untried("%s", strerror(error));
}
