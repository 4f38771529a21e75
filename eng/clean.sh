#!/usr/bin/env bash
# Removes what builds made, and everything that bears our label on the engine that answers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=eng/common.sh
source eng/common.sh

readonly label=label=flourisha.sandbox

remove() { # WHAT LIST-COMMAND... -- REMOVE-COMMAND...
    local what=$1 list=() ids
    shift
    while [[ $1 != -- ]]; do
        list+=("$1")
        shift
    done
    shift
    mapfile -t ids < <(docker "${list[@]}" --filter "$label" | sort -u)
    ((${#ids[@]})) || return 0
    say "removing ${#ids[@]} $what"
    # One that is gone by now, or that another still holds, is no reason to leave the rest.
    docker "$@" "${ids[@]}" > /dev/null || true
}

rm -rf artifacts output tests/e2b/node_modules

if ! have docker || ! timeout 10 docker version > /dev/null 2>&1; then
    say "no Docker Engine answers: nothing to remove there"
    exit 0
fi
remove containers ps --all --quiet -- rm --force --volumes
remove networks network ls --quiet -- network rm
remove volumes volume ls --quiet -- volume rm --force
remove images images --quiet -- rmi --force
