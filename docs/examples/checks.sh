# shellcheck shell=bash
# What the demos share: the program, what was checked, and how long each phase took. To be sourced, not run.

# DOCKER_SANDBOX names the program to use; otherwise the one that build.sh made, else the one on PATH.
sandbox=${DOCKER_SANDBOX:-$(dirname "${BASH_SOURCE[0]}")/../../output/bin/docker-sandbox}
[[ -x $sandbox ]] || sandbox=$(command -v docker-sandbox) || {
    echo 'error: there is no docker-sandbox yet: run ./build.sh build' >&2
    exit 1
}

# An owner of its own: what a demo makes, its browser too, is told from everything else, and goes with it.
FLOURISHA_OWNER=demo-$(printf '%04x%04x' $RANDOM $RANDOM)
export FLOURISHA_OWNER
gateway=

# However it ends, what was checked is told and nothing stays behind.
leave() {
    local code=$?
    trap - EXIT INT TERM
    report_checks
    "$sandbox" kill --all > /dev/null 2>&1 || true
    [[ -z $gateway ]] || kill "$gateway" 2> /dev/null || true
    exit $code
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

checks=() phases=() failed=0

check() { # NAME EXPECTED GOT
    local ok=yes
    [[ $2 == "$3" ]] || { ok=NO; failed=$((failed + 1)); }
    checks+=("$1"$'\t'"$2"$'\t'"$3"$'\t'"$ok")
}

phase_name='' phase_start=0

phase() { # NAME: the one before it ends here
    local now=${EPOCHREALTIME/[.,]/}
    [[ -z $phase_name ]] || phases+=("$phase_name"$'\t'"$(((now - phase_start) / 1000)) ms")
    phase_name=$1 phase_start=$now
    [[ -z $1 ]] || echo "$1 ..." >&2
}

table() { # the rows, each column as wide as it needs
    printf '%s\n' "$@" | awk -F '\t' '
        { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } columns = NF }
        END {
            for (row = 1; row <= NR; row++) {
                line = ""
                for (i = 1; i <= columns; i++) line = line sprintf(i < columns ? "%-" width[i] "s  " : "%s", cell[row, i])
                print line
            }
        }'
}

report_checks() {
    ((${#checks[@]})) || return 0
    echo
    table $'Check\tExpected\tGot\tOk' "${checks[@]}"
    echo
    table $'Phase\tTook' "${phases[@]}"
    echo
    echo "checks: $((${#checks[@]} - failed)) passed, $failed failed"
}
