/*
 * Runs before the .NET runtime, which a supervisor, a relay, a forwarder and a probe never need: they are the same file, but cost a few
 * pages and a fraction of a millisecond.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* The environment that the agent was started with; the runtime gets one of its own. */
static char **handed_down;

char **flourisha_environment(void) { return handed_down; }

static sigset_t signals_of_ours(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    return signals;
}

/* Opens the descriptor from which they are read. Returns a negative errno where that fails. */
int flourisha_open_signals(void) {
    sigset_t signals = signals_of_ours();
    int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd >= 0 ? fd : -errno;
}

/*
 * Where a standard stream was closed, the next file would get its number, and be taken for it. The number on which supervisors
 * report is kept free of files of ours too: it is overwritten in each of them.
 */
static void fill_standard_streams(void) {
    int fd;
    do {
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    } while (fd >= 0 && fd <= STATUS_FD);
    if (fd >= 0) close(fd);
}

__attribute__((constructor(101))) static void enter(int argc, char **argv, char **envp) {
    /* Nobody who runs as the same user reads our memory or environment, or traces us. */
    prctl(PR_SET_DUMPABLE, 0);

    if (argc > 0 && strcmp(argv[0], SUPERVISOR_NAME) == 0) supervise(argv);
    if (argc > 1 && strcmp(argv[1], RELAY_VERB) == 0) relay(argc, argv);
    if (argc > 1 && strcmp(argv[1], FORWARD_VERB) == 0) forward(argc, argv);
    if (argc > 1 && strcmp(argv[1], PROBE_VERB) == 0) probe(argc, argv);

    /*
     * An image's variables are for its programs: one that tunes .NET there (or breaks it) must not tune the agent. The first
     * collections come early instead of after the processor's whole cache: this is what keeps an idle agent small.
     */
    static char *own[] = {"DOTNET_GCgen0size=200000", "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT=1", NULL};
    handed_down = envp;
    environ = own;

    fill_standard_streams();

    /* The runtime has its own heap; what else there is to allocate needs no heap for each thread. */
    mallopt(M_ARENA_MAX, 1);

    /* Signals are read from a descriptor. All threads, the runtime's too, inherit this. */
    sigset_t signals = signals_of_ours();
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}
