#!/usr/bin/env bash
# Makes sure that a Docker Engine answers, and starts one where none does.
#
# An engine that answers is left alone. An engine that was cut off (a container or a machine
# that ended without telling it) leaves its pid file, its containerd and the shims of its containers
# behind; all of these keep the next one from starting, so they are looked through first.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly socket=/var/run/docker.sock
readonly pid_file=/var/run/docker.pid
readonly containerd_pid_file=/var/run/docker/containerd/containerd.pid
readonly containerd_socket=/var/run/docker/containerd/containerd.sock
readonly lock=/var/lock/flourisha-engine.lock
readonly log=/var/log/dockerd.log
readonly patience=60 # seconds

answers() { have docker && timeout 10 docker version --format '{{.Server.Version}}' > /dev/null 2>&1; }

# A process that ended stays in /proc until its parent takes note, which not every pid 1 hurries to do.
alive() { [[ -r /proc/$1/stat && $(< "/proc/$1/stat") != *') Z '* ]]; }

# runs PID NAME: is that process alive, and is it that program? Pids are used again, and after
# a restart of the machine a pid file names whatever came by.
runs() { [[ -n $1 ]] && alive "$1" && [[ $(< "/proc/$1/comm") == "$2" ]]; }

pid_in() { [[ ! -r $1 ]] || tr -dc '0-9' < "$1"; }

# The pids of the programs that belong to the engine that was here before.
leftovers() {
    local dir args
    for dir in /proc/[0-9]*; do
        args=$(tr '\0' ' ' 2> /dev/null < "$dir/cmdline") || continue
        case $args in
            *containerd*' --config /var/run/docker/containerd/containerd.toml'*) ;;
            *containerd-shim*"-address $containerd_socket"*) ;;
            *) continue ;;
        esac
        printf '%s\n' "${dir#/proc/}"
    done
}

# Removes pid files that point at nobody, or at somebody else.
remove_stale_pid_files() {
    runs "$(pid_in $pid_file)" dockerd || as_root rm -f $pid_file
    local name
    for name in containerd docker-containerd; do
        runs "$(pid_in $containerd_pid_file)" $name && return
    done
    as_root rm -f $containerd_pid_file $containerd_socket $containerd_socket.ttrpc
}

# Ends what the former engine left running, and forgets its sockets.
end_leftovers() {
    local pids
    mapfile -t pids < <(leftovers)
    if ((${#pids[@]})); then
        say "ending what the former engine left running: ${pids[*]}"
        as_root kill -KILL "${pids[@]}" 2> /dev/null || true
        sleep 1
    fi
    as_root rm -f $containerd_pid_file $containerd_socket $containerd_socket.ttrpc
}

wait_for_answer() { # SECONDS
    local end=$((SECONDS + $1))
    while ((SECONDS < end)); do
        answers && return 0
        [[ -z ${engine_pid:-} ]] || alive "$engine_pid" || return 1
        sleep 0.3
    done
    return 1
}

launch() {
    as_root touch $log
    # Its own session and no stream of ours: it has to outlive this script and its terminal.
    # The lock (9) stays here.
    # shellcheck disable=SC2016 # the inner shell's variables
    as_root bash -c 'setsid dockerd < /dev/null >> "$0" 2>&1 9>&- & echo $!' $log > "$scratch" 9>&-
    engine_pid=$(< "$scratch")
}

start() {
    if [[ -d /run/systemd/system ]]; then
        as_root systemctl start docker
        wait_for_answer $patience && return 0
        as_root journalctl -u docker -n 20 --no-pager >&2 || true
        return 1
    fi

    if runs "$(pid_in $pid_file)" dockerd; then
        say "a dockerd is running (pid $(pid_in $pid_file)); waiting for it to answer"
        wait_for_answer $patience && return 0
        die "dockerd (pid $(pid_in $pid_file)) runs, but does not answer on $socket" \
            "End it (kill $(pid_in $pid_file)) and try again."
    fi

    remove_stale_pid_files
    launch
    wait_for_answer $patience && return 0

    # A containerd that is alive is taken over by dockerd; one that hangs takes dockerd down with it.
    [[ -n $(leftovers) ]] || return 1
    as_root kill -KILL "$engine_pid" 2> /dev/null || true
    end_leftovers
    as_root rm -f $pid_file
    launch
    wait_for_answer $patience
}

main() {
    if answers; then
        say "Docker Engine $(docker version --format '{{.Server.Version}}') answers"
        return
    fi
    if [[ -n ${DOCKER_HOST:-} && $DOCKER_HOST != unix://$socket && $DOCKER_HOST != unix:///run/docker.sock ]]; then
        die "no Docker Engine answers on DOCKER_HOST=$DOCKER_HOST" \
            "Start that engine, or unset DOCKER_HOST to have one started on this machine."
    fi
    [[ $(uname -s) == Linux ]] || die "no Docker Engine answers" "Start Docker Desktop (or your engine) and try again."

    if [[ -S $socket && ! -w $socket ]] && ! { can_be_root && ! as_root docker version > /dev/null 2>&1; }; then
        die "there is a Docker Engine's socket, but this user may not speak to it" \
            "sudo usermod -aG docker $(id -un), then log in again; or run this as root."
    fi
    can_be_root || die "no Docker Engine answers, and starting one needs root" \
        "Start it yourself, or run this as root or as a user who may sudo without a password."

    have dockerd || [[ -x /usr/sbin/dockerd ]] || ensure_packages docker.io
    # Debian 13 and later pack the client separately.
    have docker || ensure_packages docker-cli

    # One at a time: two engines on the same folder would end both.
    [[ -e $lock ]] || : > $lock
    exec 9< $lock
    flock 9
    if ! answers; then
        say "starting a Docker Engine"
        scratch=$(mktemp)
        trap 'rm -f "$scratch"' EXIT
        if ! start; then
            [[ ! -r $log ]] || tail -n 20 $log >&2
            die "the Docker Engine did not come up (it had $patience seconds)" \
                "The last lines of $log are above." \
                "Without the right to mount, to make networks and cgroups, no engine runs: is this itself a container?"
        fi
    fi
    [[ -w $socket ]] || die "the Docker Engine runs, but this user may not speak to it" \
        "sudo usermod -aG docker $(id -un), then log in again; or run this as root."
    say "Docker Engine $(docker version --format '{{.Server.Version}}') answers; it stays up (sudo kill $(pid_in $pid_file) ends it)"
}

main "$@"
