# shellcheck shell=bash
# What the helper scripts of build.sh share. To be sourced, not run.

# A line about what is being done. Results go to stdout, so this goes to stderr.
say() { printf '%s\n' "$*" >&2; }

# The last line of a script that cannot go on: what is wrong, and what to do about it.
die() {
    printf 'error: %s\n' "$1" >&2
    shift
    local advice
    for advice in "$@"; do printf '       %s\n' "$advice" >&2; done
    exit 1
}

have() { command -v "$1" > /dev/null 2>&1; }

can_be_root() { [[ $EUID -eq 0 ]] || { have sudo && sudo -n true 2> /dev/null; }; }

# Runs a command as root, and never stops to ask for a password.
as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif have sudo && sudo -n true 2> /dev/null; then
        sudo -n "$@"
    else
        die "this step needs root: $*" "Run it as root, or allow sudo without a password for this user."
    fi
}

package_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null) == installed ]]; }

# ensure_packages PACKAGE...: installs by apt those that are missing, and asks nobody anything.
ensure_packages() {
    local package missing=()
    if ! have dpkg-query; then
        say "no Debian: taking it that what corresponds to $* is here"
        return
    fi
    for package in "$@"; do
        package_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    say "installing ${missing[*]}"
    local report
    report=$(mktemp)
    if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}"; } < /dev/null > "$report" 2>&1; then
        tail -n 20 "$report" >&2
        rm -f "$report"
        die "apt could not install: ${missing[*]}" "Its last lines are above."
    fi
    rm -f "$report"
}

# Is there a PowerShell that can load the module?
usable_pwsh() {
    # shellcheck disable=SC2016 # PowerShell's variables
    have pwsh && pwsh -NoProfile -NonInteractive -Command 'exit [int]($PSVersionTable.PSVersion -lt "7.4")' < /dev/null > /dev/null 2>&1
}

# Is there a Node.js that runs E2B's SDK?
usable_node() { have node && node -e 'process.exit(Number(process.versions.node.split(".")[0] < 20))' < /dev/null > /dev/null 2>&1; }
