#ifndef FLOURISHA_PROBE_H
#define FLOURISHA_PROBE_H

/*
 * Attempts to get out of a sandbox, or to take more of the machine than it was given. Each one leaves the machine as it found it, also
 * where it gets through: it asks the kernel in a way that is refused for its arguments where it is not refused for want of a privilege,
 * or undoes at once what it did.
 */

/* How an attempt went. Each of these says it on one line of standard output, and ends the process. */
_Noreturn void probe_held(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void probe_open(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void probe_untried(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void probe_misused(const char *usage);

/* Collects what got through, for a report of several things at once. */
void probe_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reports what was collected as open, or, where nothing was, that everything held. */
_Noreturn void probe_sum_up(const char *held);

/* A decimal number of at least 1; misuse ends the process. */
long long probe_number(const char *text, const char *usage);

/* Has the kernel choose this process before all others when memory runs out. */
void probe_volunteer(void);

void probe_mounts(int argc, char **argv);
void probe_devices(int argc, char **argv);
void probe_mknod(int argc, char **argv);
void probe_sysctl(int argc, char **argv);
void probe_sysfs(int argc, char **argv);
void probe_cgroup(int argc, char **argv);
void probe_masked(int argc, char **argv);
void probe_root_files(int argc, char **argv);

void probe_mount(int argc, char **argv);
void probe_capabilities(int argc, char **argv);
void probe_user(int argc, char **argv);
void probe_privileges(int argc, char **argv);
void probe_filter(int argc, char **argv);
void probe_trace(int argc, char **argv);
void probe_trace_agent(int argc, char **argv);

void probe_namespaces(int argc, char **argv);
void probe_keyring(int argc, char **argv);
void probe_bpf(int argc, char **argv);
void probe_userfaultfd(int argc, char **argv);
void probe_perf(int argc, char **argv);
void probe_io_uring(int argc, char **argv);
void probe_file_handles(int argc, char **argv);
void probe_kernel_control(int argc, char **argv);

void probe_raw_socket(int argc, char **argv);
void probe_packet_socket(int argc, char **argv);
void probe_connect(int argc, char **argv);

void probe_fork(int argc, char **argv);
void probe_memory(int argc, char **argv);
void probe_fill(int argc, char **argv);
void probe_open_files(int argc, char **argv);

#endif
