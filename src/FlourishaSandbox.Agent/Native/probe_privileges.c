/* Privileges that a process has or may gain, and power over other processes. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILTERED = 2 }; /* the mode of prctl(PR_GET_SECCOMP) */

void probe_mount(int argc, char **argv) {
    (void)argc, (void)argv;
    static const char *const places[] = {"/tmp/.flourisha-probe-XXXXXX", "/dev/shm/.flourisha-probe-XXXXXX", ".flourisha-probe-XXXXXX", NULL};
    char folder[64] = "/";
    for (int i = 0; places[i] != NULL && folder[1] == '\0'; i++) {
        snprintf(folder, sizeof folder, "%s", places[i]);
        if (mkdtemp(folder) == NULL) snprintf(folder, sizeof folder, "/");
    }

    int error = 0;
    if (folder[1] == '\0') error = EROFS;
    else if (mount("none", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k") == 0) umount2(folder, MNT_DETACH);
    else error = errno;
    if (folder[1] != '\0') rmdir(folder);
    if (error == 0) probe_note("a file system was mounted");

#ifdef SYS_fsopen
    long fd = syscall(SYS_fsopen, "tmpfs", 0);
    if (fd >= 0) close((int)fd), probe_note("a file system was made to be mounted");
#endif

    /* No mount is there: who may unmount is told that the argument is wrong. */
    if (umount2("/proc/self", MNT_DETACH) == 0 || errno == EINVAL) probe_note("file systems can be unmounted");
    probe_sum_up(error == 0 ? "" : strerror(error));
}

static const char *const capability_names[] = {
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST",
    "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
    "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
    "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
};

enum { KNOWN_CAPABILITIES = sizeof capability_names / sizeof capability_names[0] };

static unsigned long long mask_of(int count, char **names) {
    unsigned long long mask = 0;
    for (int i = 0; i < count; i++) {
        for (int bit = 0; bit < KNOWN_CAPABILITIES; bit++) {
            if (strcmp(names[i], capability_names[bit]) == 0) mask |= 1ULL << bit;
        }
    }
    return mask;
}

/* capabilities [GRANTED...]: those in any set beyond what was granted. */
void probe_capabilities(int argc, char **argv) {
    FILE *status = fopen("/proc/self/status", "re");
    if (status == NULL) probe_untried("/proc/self/status: %s", strerror(errno));
    unsigned long long granted = mask_of(argc, argv), set;
    char line[256], name[16];
    while (fgets(line, sizeof line, status) != NULL) {
        if (sscanf(line, "Cap%15[A-Za-z]: %llx", name, &set) != 2 || (set & ~granted) == 0) continue;
        char list[512] = "";
        for (int bit = 0; bit < 64; bit++) {
            if ((set & ~granted & (1ULL << bit)) == 0) continue;
            size_t length = strlen(list);
            snprintf(list + length, sizeof list - length, " %s", bit < KNOWN_CAPABILITIES ? capability_names[bit] : "another");
        }
        probe_note("%s:%.200s", name, list);
    }
    fclose(status);
    probe_sum_up("no set of capabilities has any that was not granted");
}

void probe_user(int argc, char **argv) {
    (void)argc, (void)argv;
    uid_t user = getuid();
    if (user == 0 || geteuid() == 0) probe_open("commands run as root");
    if (setuid(0) == 0 || setresuid(0, 0, 0) == 0) probe_open("user %u became root", user);
    if (setgid(0) == 0 && getgid() == 0 && getegid() != 0) probe_note("user %u became a member of root's group", user);
    probe_sum_up("commands run as somebody who is not root, and cannot become it");
}

void probe_privileges(int argc, char **argv) {
    (void)argc, (void)argv;
    int is_set = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    if (is_set < 0) probe_untried("%s", strerror(errno));
    if (is_set == 0) probe_open("a program gains privileges by its file, as sudo does");
    probe_held("no program gains privileges by its file");
}

void probe_filter(int argc, char **argv) {
    (void)argc, (void)argv;
    int mode = prctl(PR_GET_SECCOMP);
    if (mode == FILTERED) probe_held("system calls go through a filter");
    if (mode < 0 && errno == EINVAL) probe_open("this kernel filters no system calls");
    probe_open("no filter looks at system calls");
}

void probe_trace(int argc, char **argv) {
    (void)argc, (void)argv;
    pid_t child = fork();
    if (child < 0) probe_untried("%s", strerror(errno));
    if (child == 0) _exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : errno);
    int status;
    if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status)) probe_untried("a child did not say");
    if (WEXITSTATUS(status) == 0) probe_open("a process lets itself be traced");
    probe_held("%s", strerror(WEXITSTATUS(status)));
}

/* The agent is process 1 here, and whoever could look into it could take its token. */
void probe_trace_agent(int argc, char **argv) {
    (void)argc, (void)argv;
    if (ptrace(PTRACE_SEIZE, 1, NULL, NULL) == 0) probe_note("process 1 can be traced");
    int error = errno;
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)4096, 1};
    if (process_vm_readv(1, &here, 1, &there, 1, 0) >= 0 || errno == EFAULT) probe_note("the memory of process 1 can be read");
    static const char *const files[] = {"/proc/1/mem", "/proc/1/environ", "/proc/1/maps", NULL};
    for (int i = 0; files[i] != NULL; i++) {
        int fd = open(files[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0) continue;
        close(fd);
        probe_note("%s can be opened", files[i]);
    }
    probe_sum_up(strerror(error));
}
