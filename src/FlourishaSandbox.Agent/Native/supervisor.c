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
#include <limits.h>
#include <signal.h>
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
 * the command. Raising is allowed to whom the process belongs, and this one does only while it may be looked at: what there is to be
 * seen is the command's own arguments and variables.
 */
static void prefer_for_memory(void) {
    prctl(PR_SET_DUMPABLE, 1);
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    while (write(fd, MEMORY_PREFERENCE, sizeof MEMORY_PREFERENCE - 1) < 0 && errno == EINTR) {}
    close(fd);
}

static int take_terminal(const char *terminal) {
    if (strcmp(terminal, "-") == 0) return 0;
    /* The first terminal that the leader of a session opens becomes the session's own. */
    int fd = open(terminal, O_RDWR);
    if (fd < 0) return -1;
    for (int stream = 0; stream < 3; stream++) {
        if (dup2(fd, stream) < 0) return -1;
    }
    if (fd > 2) close(fd);
    return 0;
}

/* As execvpe, but what is no program is not handed to a shell: that would make a program of any text. */
static void execute(const char *program, char **arguments) {
    char path[PATH_MAX];
    const char *folders = getenv("PATH");
    int error = ENOENT;
    if (strchr(program, '/') != NULL) {
        execve(program, arguments, environ);
        return;
    }
    for (const char *folder = folders != NULL ? folders : "/bin:/usr/bin"; folder != NULL;) {
        const char *end = strchrnul(folder, ':');
        /* An empty folder in PATH is the current one. */
        int length = snprintf(path, sizeof path, "%.*s%s%s", (int)(end - folder), folder, end > folder ? "/" : "", program);
        errno = ENOENT;
        if (length > 0 && length < (int)sizeof path) execve(path, arguments, environ);
        /* What may not be run is worth telling, where nothing else is found. */
        if (errno == EACCES) error = EACCES;
        else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV && errno != ETIMEDOUT) return;
        folder = *end == ':' ? end + 1 : NULL;
    }
    errno = error;
}

/* Becomes the command. Returns only where that fails. */
static void become(char **argv) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t none;
    int has_file_limit = limit_files(argv[2]);
    for (int signal_number = 1; signal_number < NSIG; signal_number++) {
        if (signal_number != SIGXFSZ || !has_file_limit) sigaction(signal_number, &usual, NULL);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prefer_for_memory();
    setsid();
    if (take_terminal(argv[1]) == 0) execute(argv[3], argv + 4);
}

/*
 * Not posix_spawn: between it and the program there is no moment to set anything but what it knows. The pipe is closed when the
 * program runs, and brings the error where it does not.
 */
static int start(char **argv, pid_t *pid) {
    int pipes[2], error = 0;
    if (pipe2(pipes, O_CLOEXEC) < 0) return errno;
    *pid = fork();
    if (*pid < 0) {
        error = errno;
    } else if (*pid == 0) {
        become(argv);
        error = errno;
        while (write(pipes[1], &error, sizeof error) < 0 && errno == EINTR) {}
        _exit(127);
    }
    close(pipes[1]);
    if (*pid > 0) {
        while (read(pipes[0], &error, sizeof error) < 0 && errno == EINTR) {}
        if (error != 0) waitpid(*pid, NULL, 0);
    }
    close(pipes[0]);
    return error;
}

_Noreturn void supervise(char **argv) {
    pid_t leader = -1;
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
