/* What of the machine can be seen and changed by way of files. */
#include "probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int is_one_of(const char *text, const char *const *list) {
    for (; *list != NULL; list++) {
        if (strcmp(text, *list) == 0) return 1;
    }
    return 0;
}

/* Opening for writing changes nothing; whoever can do that can write. */
static void note_writable(const char *path) {
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return;
    close(fd);
    probe_note("%s can be written", path);
}

/* Whether a path of a mount is inside of a volume of the engine's own: …/volumes/NAME/_data. */
static int is_volume(const char *root) {
    const char *data = strstr(root, "/_data"), *volumes = strstr(root, "/volumes/");
    return data != NULL && volumes != NULL && volumes < data && (data[6] == '\0' || data[6] == '/');
}

/* mounts [EXPECTED...]: file systems that are neither the sandbox's own, nor the engine's usual ones, nor expected. */
void probe_mounts(int argc, char **argv) {
    static const char *const virtual_types[] = {"proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2", NULL};
    static const char *const usual_places[] = {"/", "/dev", "/dev/shm", "/dev/console", "/etc/resolv.conf", "/etc/hostname", "/etc/hosts", "/sbin/docker-init", "/sys/fs/cgroup", NULL};
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    if (mounts == NULL) probe_untried("/proc/self/mountinfo: %s", strerror(errno));

    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, mounts) > 0) {
        char root[2048], place[2048], type[64];
        const char *rest = strstr(line, " - ");
        if (rest == NULL || sscanf(line, "%*d %*d %*s %2047s %2047s", root, place) != 2 || sscanf(rest, " - %63s", type) != 1) continue;
        int is_expected = 0;
        for (int i = 0; i < argc; i++) is_expected |= strcmp(place, argv[i]) == 0;

        /* What masks paths of the kernel: empty file systems, /dev/null, and the kernel's own files once more. */
        int is_mask = strncmp(place, "/proc/", 6) == 0 || strncmp(place, "/sys/", 5) == 0;
        if (is_expected || is_mask || is_one_of(type, virtual_types) || is_one_of(place, usual_places) || is_volume(root)) continue;
        probe_note("%s is %s of a %s of the host", place, root, type);
    }
    free(line);
    fclose(mounts);
    probe_sum_up("only the sandbox's own file systems");
}

static int is_harmless(dev_t device) {
    unsigned int kind = major(device), number = minor(device);
    /* null, zero, full, random, urandom; tty, console, ptmx; the terminals of the sandbox's own devpts. */
    return (kind == 1 && (number == 3 || number == 5 || number == 7 || number == 8 || number == 9)) || (kind == 5 && number <= 2) || (kind >= 136 && kind <= 143);
}

static void look_for_devices(const char *folder, int depth) {
    DIR *entries = opendir(folder);
    if (entries == NULL) return;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        char path[512];
        struct stat status;
        if (entry->d_name[0] == '.' || snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path || lstat(path, &status) < 0) continue;
        if (S_ISDIR(status.st_mode) && depth < 3) look_for_devices(path, depth + 1);
        if ((!S_ISBLK(status.st_mode) && !S_ISCHR(status.st_mode)) || (S_ISCHR(status.st_mode) && is_harmless(status.st_rdev))) continue;

        /* Opening a watchdog starts it, and opening a tape winds it: only those are opened with which nothing happens. */
        int is_safe = S_ISBLK(status.st_mode) || major(status.st_rdev) == 1 || status.st_rdev == makedev(10, 232) || status.st_rdev == makedev(10, 229);
        int fd = is_safe ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
        if (fd >= 0) close(fd);
        if (fd >= 0 || (!is_safe && access(path, R_OK) == 0)) probe_note("%s can be opened", path);
    }
    closedir(entries);
}

void probe_devices(int argc, char **argv) {
    (void)argc, (void)argv;
    look_for_devices("/dev", 0);
    probe_sum_up("no device of the host can be opened");
}

void probe_mknod(int argc, char **argv) {
    (void)argc, (void)argv;
    static const char *const folders[] = {".", "/tmp", "/dev/shm", "/dev", NULL};
    int error = EROFS;
    for (int i = 0; folders[i] != NULL; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/.flourisha-probe-%d", folders[i], getpid());
        if (mknod(path, S_IFCHR | 0600, makedev(1, 11)) < 0) {
            error = errno;
            continue;
        }
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        error = errno;
        unlink(path);
        if (fd >= 0) probe_open("the kernel's log was made a device, and opened");
        probe_open("a device was made; to open it failed: %s", strerror(error));
    }
    probe_held("%s", strerror(error));
}

void probe_sysctl(int argc, char **argv) {
    (void)argc, (void)argv;
    static const char *const files[] = {
        "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/hotplug", "/proc/sys/kernel/poweroff_cmd", "/proc/sys/kernel/panic",
        "/proc/sys/kernel/sysrq", "/proc/sys/kernel/randomize_va_space", "/proc/sys/vm/drop_caches", "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/file-max",
        "/proc/sys/fs/binfmt_misc/register", "/proc/sys/fs/suid_dumpable", "/proc/irq/default_smp_affinity", "/proc/mtrr", NULL,
    };
    for (int i = 0; files[i] != NULL; i++) note_writable(files[i]);
    probe_sum_up("what the kernel is set by below /proc cannot be written");
}

void probe_sysfs(int argc, char **argv) {
    (void)argc, (void)argv;
    static const char *const files[] = {
        "/sys/kernel/uevent_helper", "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/kernel/mm/ksm/run", "/sys/kernel/rcu_expedited", "/sys/kernel/profiling",
        "/sys/power/state", "/sys/module/kernel/parameters/panic", "/sys/devices/system/cpu/cpu1/online", "/sys/kernel/debug/sched/debug", "/sys/kernel/tracing/tracing_on", NULL,
    };
    for (int i = 0; files[i] != NULL; i++) note_writable(files[i]);
    probe_sum_up("nothing below /sys can be written");
}

void probe_cgroup(int argc, char **argv) {
    (void)argc, (void)argv;
    static const char *const files[] = {"release_agent", "notify_on_release", "cgroup.procs", "tasks", "devices.allow", "memory.limit_in_bytes", "memory.max", "pids.max", NULL};
    FILE *mounts = setmntent("/proc/self/mounts", "re");
    if (mounts == NULL) probe_untried("/proc/self/mounts: %s", strerror(errno));
    for (struct mntent *mount; (mount = getmntent(mounts)) != NULL;) {
        char path[512];
        if (strncmp(mount->mnt_type, "cgroup", 6) != 0) continue;
        for (int i = 0; files[i] != NULL; i++) {
            if (snprintf(path, sizeof path, "%s/%s", mount->mnt_dir, files[i]) < (int)sizeof path) note_writable(path);
        }
        if (snprintf(path, sizeof path, "%s/flourisha-probe", mount->mnt_dir) < (int)sizeof path && mkdir(path, 0700) == 0) {
            rmdir(path);
            probe_note("a group can be made in %s", mount->mnt_dir);
        }
    }
    endmntent(mounts);
    probe_sum_up("no control group can be changed");
}

/* What the engine covers: files by /dev/null, folders by empty ones. */
void probe_masked(int argc, char **argv) {
    (void)argc, (void)argv;
    static const char *const paths[] = {
        "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/acpi", "/proc/asound", "/proc/scsi", "/sys/firmware", NULL,
    };
    for (int i = 0; paths[i] != NULL; i++) {
        struct stat status;
        if (stat(paths[i], &status) < 0) continue;
        if (S_ISDIR(status.st_mode)) {
            DIR *entries = opendir(paths[i]);
            int count = 0;
            for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) count += entry->d_name[0] != '.';
            if (entries != NULL) closedir(entries);
            if (count > 0) probe_note("%s can be looked into", paths[i]);
        } else if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3)) {
            int fd = open(paths[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
            if (fd < 0) continue;
            close(fd);
            probe_note("%s can be read", paths[i]);
        }
    }
    probe_sum_up("what the kernel tells of the machine is covered");
}

void probe_root_files(int argc, char **argv) {
    (void)argc, (void)argv;
    static const char *const folders[] = {"/", "/etc", "/usr", "/usr/local/bin", "/var", "/var/tmp", "/opt", "/root", "/home", "/run", NULL};
    struct statvfs root;
    if (statvfs("/", &root) < 0) probe_untried("/: %s", strerror(errno));
    if ((root.f_flag & ST_RDONLY) == 0) probe_note("the root is mounted for writing");
    for (int i = 0; folders[i] != NULL; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/.flourisha-probe-%d", folders[i], getpid());
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0) continue;
        close(fd);
        unlink(path);
        probe_note("a file can be made in %s", folders[i]);
    }
    probe_sum_up("no file of the image can be changed");
}
