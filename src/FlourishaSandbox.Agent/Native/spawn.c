/* Calls whose types are the C library's own business: starting a supervisor, opening a terminal, asking about a file. */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Starts this program as a supervisor, in `folder`, with `streams` as its standard streams and `status` to report on. The
 * descriptors must all be above STATUS_FD. Returns 0 or an errno.
 */
int flourisha_spawn(char *const argv[], char *const envp[], const char *folder, const int streams[3], int status, pid_t *pid) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawnattr_init(&attributes);
    if (error != 0) return error;
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);

    error = posix_spawn_file_actions_init(&actions);
    if (error == 0) {
        for (int fd = 0; fd < 3 && error == 0; fd++) error = posix_spawn_file_actions_adddup2(&actions, streams[fd], fd);
        if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, status, STATUS_FD);
        if (error == 0) error = posix_spawn_file_actions_addchdir_np(&actions, folder);
        /* Not by its path: that may be gone, or not be ours to read. */
        if (error == 0) error = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, argv, envp);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* Opens a terminal. Returns its master, and the slave's path in `path`; or a negative errno. */
int flourisha_open_terminal(char *path, size_t length) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (master < 0) return -errno;
    if (grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, path, length) != 0) {
        int error = errno;
        close(master);
        return -error;
    }
    return master;
}

/* The number of the user whom a file belongs to, or -1. */
long flourisha_owner(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? (long)status.st_uid : -1;
}
