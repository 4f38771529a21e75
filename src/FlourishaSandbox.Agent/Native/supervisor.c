/*
 * The parent of one command. Whatever the command starts stays below it, also what calls setsid or loses its parent: the kernel
 * hands orphans to the nearest subreaper. So "all that this command started" is a question that /proc can answer.
 *
 * argv: name, path of the command's terminal or "-", the size in bytes that its files may have or "-", program, argv[0] of the
 * command, further arguments.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(int32_t kind, int32_t value) {
    int32_t pair[2] = {kind, value};
    /* With the agent gone there is nobody to be told, and the work stays the same. */
    while (write(STATUS_FD, pair, sizeof pair) < 0 && errno == EINTR) {}
}

/* The command's own words are in its own command line: here they would be found by `pgrep -f`, and be taken for it. */
static void hide_arguments(char **argv) {
    char *end = argv[1];
    for (char **argument = argv + 1; *argument != NULL; argument++) end = *argument + strlen(*argument);
    memset(argv[1], 0, end - argv[1]);
}

static void close_standard_streams(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) {
        if (null < 0 || dup2(null, fd) < 0) close(fd);
    }
    if (null > 2) close(null);
}

/*
 * A write beyond the limit fails, and says so ("File too large"). The signal that would come with it kills programs that only make
 * a large file with nothing in it, as .NET does for its code; hence it is ignored, and a program that wants it can have it back.
 */
static int limit_files(const char *size) {
    if (strcmp(size, "-") == 0) return 0;
    struct rlimit limit = {.rlim_cur = strtoull(size, NULL, 10), .rlim_max = strtoull(size, NULL, 10)};
    setrlimit(RLIMIT_FSIZE, &limit);
    return 1;
}

/*
 * When memory runs out the kernel is to end a command and not the agent, however large the agent and however small each process of
 * the command. Raising is allowed to everybody who owns the process, and inherited; nobody here could do it before the command's
 * program runs, and no program gets as far as starting another one in the meantime.
 */
static void prefer_for_memory(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", (int)pid);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    /* A program that may not be read belongs to root in /proc: it is judged by its size alone, as without us. */
    if (fd < 0) return;
    while (write(fd, MEMORY_PREFERENCE, sizeof MEMORY_PREFERENCE - 1) < 0 && errno == EINTR) {}
    close(fd);
}

static int start(char **argv, pid_t *pid) {
    const char *terminal = argv[1];
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    if (limit_files(argv[2])) sigdelset(&all, SIGXFSZ);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawn_file_actions_init(&actions);
    if (strcmp(terminal, "-") != 0) {
        /* The first terminal that the leader of a session opens becomes the session's own. */
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0);
        posix_spawn_file_actions_adddup2(&actions, 0, 1);
        posix_spawn_file_actions_adddup2(&actions, 0, 2);
    }
    return posix_spawnp(pid, argv[3], &actions, &attributes, argv + 4, environ);
}

_Noreturn void supervise(char **argv) {
    pid_t leader;
    prctl(PR_SET_NAME, "flourisha");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    fcntl(STATUS_FD, F_SETFD, FD_CLOEXEC);
    syscall(SYS_close_range, STATUS_FD + 1, ~0U, 0);

    /* Signals for the command's session or for everybody are not for its parent. */
    for (int signal_number = 1; signal_number < NSIG; signal_number++) {
        if (signal_number != SIGCHLD) signal(signal_number, SIG_IGN);
    }

    int error = start(argv, &leader);
    if (error != 0) {
        report(REPORT_FAILED, error);
        _exit(0);
    }
    prefer_for_memory(leader);
    report(REPORT_STARTED, leader);
    close_standard_streams();
    hide_arguments(argv);

    for (;;) {
        int status;
        pid_t ended = waitpid(-1, &status, 0);
        if (ended == leader) report(REPORT_ENDED, status);
        if (ended < 0 && errno == ECHILD) _exit(0);
    }
}
