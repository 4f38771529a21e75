/* System calls with which escapes are made. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void note_namespace(int flag, const char *name) {
    pid_t child = fork();
    if (child < 0) return;
    if (child == 0) _exit(unshare(flag) == 0 ? 0 : 1);
    int status;
    if (waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0) probe_note("a new %s namespace was made", name);
}

void probe_namespaces(int argc, char **argv) {
    (void)argc, (void)argv;
    note_namespace(CLONE_NEWUSER, "user");
    note_namespace(CLONE_NEWNS, "mount");
    note_namespace(CLONE_NEWNET, "network");
    note_namespace(CLONE_NEWPID, "process");
    note_namespace(CLONE_NEWUTS, "host name");
    note_namespace(CLONE_NEWIPC, "IPC");
    note_namespace(CLONE_NEWCGROUP, "control group");

    /* The same by another call, which filters have forgotten before. */
    long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0);
    if (child == 0) _exit(0);
    int error = errno;
    if (child > 0) {
        waitpid((pid_t)child, NULL, 0);
        probe_note("a process was started in a new user namespace");
    }

    int own = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
    if (own >= 0) {
        if (setns(own, CLONE_NEWUTS) == 0) probe_note("namespaces can be joined");
        close(own);
    }
    probe_sum_up(strerror(error));
}

/* For calls that give a descriptor where they are let through. */
_Noreturn static void judge(long result, const char *opened, const char *missing) {
    if (result >= 0) probe_open("%s", opened);
    if (errno == ENOSYS) probe_held("%s", missing);
    probe_held("%s", strerror(errno));
}

void probe_keyring(int argc, char **argv) {
    (void)argc, (void)argv;
    enum { KEYRING_OF_PROCESS = -2, ASK_FOR_ID = 0, KEYRING_OF_SESSION = -3 };
    if (syscall(SYS_keyctl, ASK_FOR_ID, KEYRING_OF_SESSION, 0, 0, 0) >= 0) probe_note("the kernel's keyrings can be asked for");
    long key = syscall(SYS_add_key, "user", "flourisha-probe", "x", 1, KEYRING_OF_PROCESS);
    if (key >= 0) probe_note("the kernel keeps keys for the sandbox, in rings that containers share");
    probe_sum_up(key < 0 && errno == ENOSYS ? "this kernel keeps no keys" : strerror(EPERM));
}

void probe_bpf(int argc, char **argv) {
    (void)argc, (void)argv;
    enum { MAP_CREATE = 0, ARRAY = 2 };
    struct {
        uint32_t type, key_size, value_size, entries, rest[28];
    } map = {.type = ARRAY, .key_size = 4, .value_size = 4, .entries = 1};
    judge(syscall(SYS_bpf, MAP_CREATE, &map, sizeof map), "programs can be loaded into the kernel", "this kernel runs no programs of others");
}

void probe_userfaultfd(int argc, char **argv) {
    (void)argc, (void)argv;
    enum { USER_MODE_ONLY = 1 };
    judge(syscall(SYS_userfaultfd, O_CLOEXEC | USER_MODE_ONLY), "page faults can be held up, as exploits of races do", "this kernel has no userfaultfd");
}

void probe_perf(int argc, char **argv) {
    (void)argc, (void)argv;
    struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_TASK_CLOCK, .exclude_kernel = 1, .exclude_hv = 1};
    judge(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC), "the processor's counters can be read", "this kernel has no perf_event_open");
}

void probe_io_uring(int argc, char **argv) {
    (void)argc, (void)argv;
    uint32_t parameters[64] = {0};
    judge(syscall(SYS_io_uring_setup, 1, parameters), "a ring was set up, whose operations no filter sees", "this kernel has no io_uring, or the filter says so");
}

/* Files by their number on the disk, past every mount: the root of a file system is number 2. */
void probe_file_handles(int argc, char **argv) {
    (void)argc, (void)argv;
    struct {
        uint32_t length;
        int32_t kind;
        uint32_t number, generation;
    } root = {.length = 8, .kind = 1, .number = 2};
    int mount = open("/etc/hosts", O_RDONLY | O_CLOEXEC);
    if (mount < 0) mount = open("/", O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (mount < 0) probe_untried("%s", strerror(errno));
    long fd = syscall(SYS_open_by_handle_at, mount, &root, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) probe_open("the root of the host's disk was opened by its number");
    if (errno == ESTALE || errno == EOPNOTSUPP) probe_open("files can be opened by their numbers on the disk");
    probe_held("%s", strerror(errno));
}

static void note_call(long result, const char *name) {
    if (result >= 0 || (errno != EPERM && errno != ENOSYS && errno != EACCES)) probe_note("%s is let through", name);
}

/*
 * Calls that stop, replace or extend the kernel, with arguments that none of them takes. The privilege is asked for first, so that whoever
 * has it is told that the arguments are wrong.
 */
void probe_kernel_control(int argc, char **argv) {
    (void)argc, (void)argv;
    note_call(syscall(SYS_reboot, 0, 0, 0, NULL), "reboot");
    note_call(syscall(SYS_kexec_load, NULL, 0, NULL, 0xff00UL), "kexec_load");
    note_call(syscall(SYS_init_module, NULL, 0, ""), "init_module");
    note_call(syscall(SYS_delete_module, "flourisha_probe_none", O_NONBLOCK), "delete_module");
    note_call(syscall(SYS_swapon, "/.flourisha-probe-none", 0), "swapon");
    note_call(syscall(SYS_acct, "/.flourisha-probe-none"), "acct");
    note_call(syscall(SYS_settimeofday, NULL, NULL), "settimeofday");
    char log[16];
    note_call(syscall(SYS_syslog, 3, log, sizeof log), "syslog");
    probe_sum_up("the kernel cannot be stopped, replaced, extended or set");
}
