#!/usr/bin/env bash
# Builds, shows and tests FlourishaSandbox on a Debian or Ubuntu machine that has the .NET SDK and
# nothing else; whatever more a verb needs, it installs. `./build.sh help` lists the verbs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=eng/common.sh
source eng/common.sh

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

readonly demo=docs/examples/calculator/demo

usage() {
    cat << 'HELP'
usage: ./build.sh [VERB]

  build   the module in output/FlourishaSandbox/VERSION/, its package output/*.nupkg
          and the CLI output/bin/docker-sandbox (the default)
  demo    build, then create, host and check the calculator in a sandbox, look at it with a browser
          in another one, write a report to output/demo/calculator/, and remove everything
  test    build, then run every test; ends with the line "tests: N passed, N failed, N skipped"
  bench   build, then measure against the raw Engine API, the docker CLI and nginx
  clean   remove artifacts/, output/ and everything of ours on the Docker Engine
  help    this text

demo, test and bench start a Docker Engine where none answers, and leave it running.
HELP
}

need_dotnet() {
    have dotnet || die "the .NET SDK is missing" \
        "Install the one that global.json names: https://dotnet.microsoft.com/download," \
        "or on Debian and Ubuntu the package dotnet-sdk-10.0 where the distribution has it."
    dotnet --version > /dev/null 2>&1 || die "the .NET SDK that global.json asks for is missing" \
        "Here are: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')" \
        "Get it from https://dotnet.microsoft.com/download."
}

build() {
    need_dotnet
    # The CLI is native code: it is linked by gcc, against zlib.
    ensure_packages gcc libc6-dev zlib1g-dev
    dotnet build FlourishaSandbox.sln -c Release
    dotnet msbuild Stage.proj -restore -t:Stage -p:Configuration=Release -v:minimal
}

engine_and_base_image() { eng/engine.sh && eng/base-image.sh; }

run_demo() {
    build
    engine_and_base_image
    if usable_pwsh; then
        pwsh -NoProfile -NonInteractive -File $demo.ps1
    else
        say "no PowerShell 7.4 or later on PATH: the demo goes through the CLI"
        ensure_packages curl
        $demo.sh
    fi
}

# What the tests with E2B's own client need. A Node.js that is too old is let be: the tests say so.
ensure_e2b_client() {
    local -r folder=tests/e2b
    have node || ensure_packages nodejs
    usable_node || return 0
    have npm || ensure_packages npm
    [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] \
        || (cd $folder && npm ci --ignore-scripts --no-audit --no-fund)
}

# Built before anybody waits for them with an eye on the clock. Tests that need one that cannot be built say so.
template_images() {
    local template began
    for template in minimal fullstack react browser; do
        began=$SECONDS
        if output/bin/docker-sandbox images build "$template" > /dev/null 2>&1; then
            say "image of the template $template: $((SECONDS - began)) s"
        else
            say "the template $template cannot be built here: output/bin/docker-sandbox images build $template says why"
        fi
    done
}

run_tests() {
    build
    ensure_e2b_client || say "going on without E2B's SDK"
    # Tests that need an engine find out for themselves, and say why they are skipped.
    if engine_and_base_image; then
        template_images
    else
        say "going on without a Docker Engine"
    fi
    # The demos in bash speak to their apps by it.
    have curl || ensure_packages curl
    # What -Browser Host is tried with, where this machine has nothing of the kind.
    have chromium || have google-chrome || have microsoft-edge || (ensure_packages chromium) || say "no Chromium of this machine's own: its tests are skipped"
    if [[ -d /run/systemd/system ]] && ! have sshd && [[ ! -x /usr/sbin/sshd ]]; then
        # Installing it here would open this machine's port 22.
        say "openssh-server is not installed: the tests of ssh:// endpoints are skipped"
    else
        ensure_packages openssh-server
    fi
    exec eng/tests.sh
}

# What the gateway is measured with, and against.
ensure_gateway_rivals() {
    if [[ -d /run/systemd/system ]] && ! package_installed nginx-light; then
        # Installing it here would open this machine's port 80.
        say "nginx-light is not installed: the gateway is not measured"
    else
        ensure_packages nginx-light wrk
    fi
}

run_bench() {
    build
    engine_and_base_image
    if [[ $# -eq 0 || " $* " == *" gateway "* ]]; then ensure_gateway_rivals; fi
    exec artifacts/bin/FlourishaSandbox.Benchmarks/release/FlourishaSandbox.Benchmarks "$@"
}

verb=${1:-build}
shift || true
case $verb in
    build) build ;;
    demo) run_demo ;;
    test) run_tests ;;
    bench) run_bench "$@" ;;
    clean) exec eng/clean.sh ;;
    help | -h | --help) usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
