/* Taking more of the machine than a sandbox was given. Nothing of it outlives the process that tries. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_CHILDREN = 65536, STACK = 16 * 1024, CHUNK = 16 << 20, BLOCK = 1 << 20 };

static pid_t children[MOST_CHILDREN];
static pid_t self;

/* Shares the parent's memory: what counts is the process. It ends with its parent, whatever ends that. */
static int wait_to_be_killed(void *unused) {
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == self) pause();
    _exit(0);
}

/* fork COUNT: more processes than there may be. */
void probe_fork(int argc, char **argv) {
    static const char usage[] = "flourisha-agent probe fork COUNT";
    if (argc != 1) probe_misused(usage);
    long long most = probe_number(argv[0], usage), count = 0;
    if (most > MOST_CHILDREN) probe_misused(usage);

    self = getpid();
    int error = 0;
    char *stacks = mmap(NULL, (size_t)most * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stacks == MAP_FAILED) probe_untried("%s", strerror(errno));
    for (; count < most; count++) {
        children[count] = clone(wait_to_be_killed, stacks + (count + 1) * STACK, CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL);
        if (children[count] < 0) {
            error = errno;
            break;
        }
    }

    for (long long i = 0; i < count; i++) kill(children[i], SIGKILL);
    for (long long i = 0; i < count; i++) waitpid(children[i], NULL, 0);
    if (error != 0) probe_held("no more after %lld processes: %s", count, strerror(error));
    probe_open("%lld processes were started, and nothing ended it", count);
}

/* memory BYTES: more memory than there is. A child takes it, and is what the kernel ends. */
void probe_memory(int argc, char **argv) {
    static const char usage[] = "flourisha-agent probe memory BYTES";
    if (argc != 1) probe_misused(usage);
    long long most = probe_number(argv[0], usage);

    volatile long long *taken = mmap(NULL, sizeof *taken, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (taken == MAP_FAILED) probe_untried("%s", strerror(errno));
    self = getpid();
    pid_t child = fork();
    if (child < 0) probe_untried("%s", strerror(errno));
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != self) _exit(0);
        probe_volunteer();
        while (*taken < most) {
            char *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (chunk == MAP_FAILED) _exit(1);
            for (size_t i = 0; i < CHUNK; i += 4096) chunk[i] = 1;
            *taken += CHUNK;
        }
        _exit(0);
    }

    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (WIFSIGNALED(status)) probe_held("ended by signal %d after %lld MiB", WTERMSIG(status), *taken >> 20);
    if (WEXITSTATUS(status) != 0) probe_held("no more after %lld MiB", *taken >> 20);
    probe_open("%lld MiB were taken, and nothing ended it", *taken >> 20);
}

/* A file without a name, so that nothing is left of it. */
static int open_nameless(void) {
    char name[] = ".flourisha-probe-XXXXXX";
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0) unlink(name);
    return fd;
}

/* fill FOLDER BYTES: more than the folder may hold, in many files, as no single one may be as large. */
void probe_fill(int argc, char **argv) {
    static const char usage[] = "flourisha-agent probe fill FOLDER BYTES";
    static char block[BLOCK];
    if (argc != 2) probe_misused(usage);
    long long most = probe_number(argv[1], usage), written = 0;
    if (chdir(argv[0]) < 0) probe_untried("%s: %s", argv[0], strerror(errno));

    probe_volunteer();
    memset(block, 'x', sizeof block);
    int fd = -1;
    while (written < most) {
        if (fd < 0 || written % CHUNK == 0) fd = open_nameless();
        if (fd < 0 && written == 0 && errno != ENOSPC) probe_held("nothing can be written there: %s", strerror(errno));
        if (fd < 0) probe_held("no more files after %lld KiB: %s", written >> 10, strerror(errno));
        ssize_t count = write(fd, block, sizeof block);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) probe_held("full after %lld KiB: %s", written >> 10, strerror(errno));
        written += count;
        if (count < BLOCK) fd = -1; /* the rest goes into another one, or says why not */
    }
    probe_open("%lld MiB were written, and nothing ended it", written >> 20);
}

/* open-files COUNT: more open files than a process may have. */
void probe_open_files(int argc, char **argv) {
    static const char usage[] = "flourisha-agent probe open-files COUNT";
    if (argc != 1) probe_misused(usage);
    long long most = probe_number(argv[0], usage), count = 0;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) probe_untried("%s", strerror(errno));
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct rlimit more = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max + 1};
    int is_raised = limit.rlim_max != RLIM_INFINITY && setrlimit(RLIMIT_NOFILE, &more) == 0;
    for (; count <= most; count++) {
        if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) {
            int error = errno;
            if (is_raised) probe_open("the limit can be raised");
            probe_held("no more after %lld files: %s", count, strerror(error));
        }
    }
    probe_open("%lld files were opened, and nothing ended it", count);
}
