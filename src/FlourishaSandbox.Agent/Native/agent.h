#ifndef FLOURISHA_AGENT_H
#define FLOURISHA_AGENT_H

/* What the agent's other faces are called: argv[0] of a supervisor, argv[1] of a relay, a forwarder and a probe. */
#define SUPERVISOR_NAME "flourisha-supervisor"
#define RELAY_VERB "relay"
#define FORWARD_VERB "forward"
#define PROBE_VERB "probe"

/* What commands add to their share of memory when the kernel looks for one to end: half of all that there is. */
#define MEMORY_PREFERENCE "500"

/* Where a supervisor reports. */
#define STATUS_FD 3

/* What it reports: pairs of 32-bit numbers, each pair written at once. */
enum report_kind {
    REPORT_STARTED = 1, /* the command's pid */
    REPORT_FAILED = 2,  /* the errno by which it could not be started */
    REPORT_ENDED = 3,   /* its status, as waitpid gives it */
};

_Noreturn void supervise(char **argv);
_Noreturn void relay(int argc, char **argv);
_Noreturn void forward(int argc, char **argv);
_Noreturn void probe(int argc, char **argv);

#endif
