#!/usr/bin/env bash
# Makes sure that there is an image to build templates on: one that is there, else
# debian:bookworm-slim from a container registry, else one made here from Debian packages.
#
# The one made here takes along what this machine needs to reach its package registries:
# its own certificate authorities, its Debian sources and its network settings of apt.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly suite=bookworm
readonly public_image=debian:$suite-slim
readonly own_image=flourisha-sandbox-base:$suite
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg
readonly authorities=/usr/local/share/ca-certificates
readonly bundle=/etc/ssl/certs/ca-certificates.crt

present() { docker image inspect "$1" > /dev/null 2>&1; }

# Those of this machine's source lists that speak of the suite and need no key but Debian's own.
debian_sources() {
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [[ -r $file ]] || continue
        grep -qE "^[^#]*\b$suite\b" "$file" || continue
        ! grep -iE '^[^#]*signed-by' "$file" | grep -qv "$keyring" || continue
        printf '%s\n' "$file"
    done
}

# What apt was told about reaching a mirror. A proxy's password has no business in an image.
apt_network_settings() {
    apt-config dump | grep -E '^Acquire::(https?::|Check-|Retries)' | grep -v '@' || true
}

make() { # FOLDER
    local sources arguments changes
    mapfile -t sources < <(debian_sources)

    apt_network_settings > "$1/apt.conf"
    # A layer is no place for a cache. (mmdebstrap itself needs one, so this comes in last.)
    cat > "$1/small-layers" <<'APT'
APT::Keep-Downloaded-Packages "false";
Acquire::Languages "none";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT

    # shellcheck disable=SC2016 # mmdebstrap sets $1, the new root, for its hooks.
    arguments=(
        --quiet --variant=minbase --format=tar --keyring="$keyring"
        --include=ca-certificates
        --customize-hook="cp $1/small-layers \"\$1/etc/apt/apt.conf.d/\""
        --aptopt="$1/apt.conf"
        --customize-hook='rm -f "$1"/var/cache/apt/*.bin "$1"/etc/hostname "$1"/etc/resolv.conf'
        # An image that is cut off while it is made is made again: waiting for the disk takes half of the time, and helps nobody.
        --dpkgopt='force-unsafe-io'
        --dpkgopt='path-exclude=/usr/share/man/*'
        --dpkgopt='path-exclude=/usr/share/locale/*'
        --dpkgopt='path-exclude=/usr/share/doc/*'
        --dpkgopt='path-include=/usr/share/doc/*/copyright'
    )
    changes=(
        --change 'LABEL flourisha.sandbox=image'
        --change 'ENV LANG=C.UTF-8'
        --change 'CMD ["bash"]'
    )
    if compgen -G "$authorities/*.crt" > /dev/null; then
        # shellcheck disable=SC2016 # mmdebstrap sets $1, the new root, for its hooks.
        arguments+=(
            --customize-hook="cp $authorities/*.crt \"\$1$authorities/\""
            --customize-hook='chroot "$1" update-ca-certificates'
        )
        # Node's and Python's packages bring lists of their own unless they are told.
        changes+=(
            --change "ENV NODE_EXTRA_CA_CERTS=$bundle"
            --change "ENV REQUESTS_CA_BUNDLE=$bundle"
            --change "ENV SSL_CERT_FILE=$bundle"
        )
    fi

    if ! as_root mmdebstrap "${arguments[@]}" "$suite" "$1/root.tar" "${sources[@]}" < /dev/null > "$1/log" 2>&1; then
        tail -n 20 "$1/log" >&2
        die "mmdebstrap could not make a Debian $suite" "Its last lines are above; most often a mirror did not answer."
    fi
    docker import "${changes[@]}" "$1/root.tar" "$own_image" > /dev/null
}

main() {
    local image
    for image in "$own_image" "$public_image"; do
        if present "$image"; then
            say "base image: $image"
            return
        fi
    done
    if timeout 120 docker pull --quiet "$public_image" > /dev/null 2>&1 < /dev/null; then
        say "base image: $public_image, pulled"
        return
    fi

    say "no container registry answers; making $own_image from Debian packages"
    ensure_packages mmdebstrap debian-archive-keyring ca-certificates
    scratch=$(mktemp -d)
    trap 'as_root rm -rf "$scratch"' EXIT
    make "$scratch"
    say "base image: $own_image, made in $SECONDS s"
}

main "$@"
