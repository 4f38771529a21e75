/*
 * `flourisha-agent probe NAME [ARGUMENTS]`: one attempt, from inside, with what any program in the sandbox has. It answers with one line,
 * "held", "open" or "untried", a tab, and what happened. Being the agent's own file it is there in every image.
 */
#include "agent.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const struct {
    const char *name;
    void (*run)(int argc, char **argv);
} probes[] = {
    {"mounts", probe_mounts},
    {"devices", probe_devices},
    {"mknod", probe_mknod},
    {"sysctl", probe_sysctl},
    {"sysfs", probe_sysfs},
    {"cgroup", probe_cgroup},
    {"masked-paths", probe_masked},
    {"root-files", probe_root_files},
    {"mount", probe_mount},
    {"capabilities", probe_capabilities},
    {"user", probe_user},
    {"privileges", probe_privileges},
    {"filter", probe_filter},
    {"trace", probe_trace},
    {"trace-agent", probe_trace_agent},
    {"namespaces", probe_namespaces},
    {"keyring", probe_keyring},
    {"bpf", probe_bpf},
    {"userfaultfd", probe_userfaultfd},
    {"perf", probe_perf},
    {"io-uring", probe_io_uring},
    {"file-handles", probe_file_handles},
    {"kernel-control", probe_kernel_control},
    {"raw-socket", probe_raw_socket},
    {"packet-socket", probe_packet_socket},
    {"connect", probe_connect},
    {"fork", probe_fork},
    {"memory", probe_memory},
    {"fill", probe_fill},
    {"open-files", probe_open_files},
};

static char notes[1024];

/* One line, whatever a path may hold. */
_Noreturn static void answer(const char *outcome, const char *format, va_list arguments) {
    char detail[1024];
    vsnprintf(detail, sizeof detail, format, arguments);
    for (char *c = detail; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) *c = '?';
    }
    dprintf(1, "%s\t%s\n", outcome, detail);
    _exit(0);
}

void probe_held(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    answer("held", format, arguments);
}

void probe_open(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    answer("open", format, arguments);
}

void probe_untried(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    answer("untried", format, arguments);
}

void probe_misused(const char *usage) {
    dprintf(2, "flourisha-agent: probe: usage: %s\n", usage);
    _exit(2);
}

void probe_note(const char *format, ...) {
    size_t length = strlen(notes);
    va_list arguments;
    va_start(arguments, format);
    if (length > 0 && length + 2 < sizeof notes) {
        memcpy(notes + length, "; ", 3);
        length += 2;
    }
    vsnprintf(notes + length, sizeof notes - length, format, arguments);
    va_end(arguments);
}

void probe_sum_up(const char *held) {
    if (notes[0] != '\0') probe_open("%s", notes);
    probe_held("%s", held);
}

long long probe_number(const char *text, const char *usage) {
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || number < 1) probe_misused(usage);
    return number;
}

void probe_volunteer(void) {
    /* Only who may be looked at may write there; a probe has nothing to hide. */
    prctl(PR_SET_DUMPABLE, 1);
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return; /* then the kernel chooses by size, which is the same in all likelihood */
    if (write(fd, "1000", 4) < 0) { /* as above */ }
    close(fd);
}

void probe(int argc, char **argv) {
    prctl(PR_SET_NAME, "flourisha-probe");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; argc > 2 && i < sizeof probes / sizeof probes[0]; i++) {
        if (strcmp(argv[2], probes[i].name) != 0) continue;
        probes[i].run(argc - 3, argv + 3);
        _exit(1); /* each one answers */
    }
    probe_misused("flourisha-agent probe NAME [ARGUMENTS]");
}
