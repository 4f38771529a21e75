#!/usr/bin/env bash
# Runs every test of what was built, and counts. The last line on stdout is
#   tests: N passed, N failed, N skipped
# and the exit code is 0 only if something passed, nothing failed and every runner ended as it should.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=eng/common.sh
source eng/common.sh

readonly results=$PWD/artifacts/test-results
readonly patience=20m # for one test project; a run that hangs shall end by itself
# What outlives a sandbox by design: the networks, and what holds this build's agent.
agent=flourisha-agent-$(head -c 12 output/agent/linux-x64/digest 2> /dev/null || true)
readonly agent
readonly kept="network flourisha-shared
network flourisha-internal
container $agent
volume $agent"

# What tests do to sandboxes is written down, but not among what the user of this machine did.
export FLOURISHA_AUDIT=$results/audit.jsonl
# Nor do they depend on what this user, or this machine, has configured.
export FLOURISHA_CONFIG=$results/user.json FLOURISHA_MACHINE_CONFIG=$results/machine.json

passed=0 failed=0 skipped=0

fail() {
    say "FAILED: $*"
    failed=$((failed + 1))
}

# total_of FILE ELEMENT ATTRIBUTE: the sum of that attribute over all such elements.
total_of() {
    tr '\n' ' ' < "$1" | grep -oE "<$2 [^>]*>" | sed -nE "s/.* $3=\"([0-9]+)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

# Why tests were skipped: the distinct reasons in xunit's results, each with how often it was given.
reasons_in() { # FILE
    tr '\n' ' ' < "$1" | sed 's/<test /\n&/g' \
        | sed -nE '/<reason>/ { s/<reason>/\x01/; s/<\/reason>.*//; s/.*\x01//; s/<!\[CDATA\[(.*)\]\]>/\1/; s/^/skipped: /p }' | sort | uniq -c
}

# count NAME EXIT-CODE FILE PASSED FAILED SKIPPED: adds up one runner's figures, and doubts them.
count() {
    say "$1: $4 passed, $5 failed, $6 skipped"
    passed=$((passed + $4)) failed=$((failed + $5)) skipped=$((skipped + $6))
    [[ $2 -eq 0 || $5 -gt 0 ]] || fail "$1: the runner ended with exit code $2 although no test failed"
}

run_xunit() { # PROJECT
    local file=$results/$1.xml runner=artifacts/bin/$1/release/$1 code=0 bad
    if [[ ! -x $runner ]]; then
        fail "$1: there is no $runner"
        return
    fi
    say "--- $1"
    timeout --foreground --kill-after=30s $patience "$runner" -noLogo -noColor -xml "$file" < /dev/null || code=$?
    if [[ ! -s $file ]] || ! grep -q '</assemblies>' "$file"; then
        fail "$1: the runner ended with exit code $code and left no results"
        return
    fi
    reasons_in "$file"
    # Errors are failures outside of a test, such as in the cleanup of a class.
    bad=$(($(total_of "$file" assembly failed) + $(total_of "$file" assembly errors)))
    count "$1" $code "$file" "$(total_of "$file" assembly passed)" $bad "$(total_of "$file" assembly skipped)"
}

run_pester() {
    local file=$results/pester.xml code=0 total bad omitted
    [[ -f tests/pester/run.ps1 ]] || return 0
    if ! usable_pwsh; then
        say "--- Pester: not run, there is no PowerShell 7.4 or later on PATH"
        return
    fi
    if ! pwsh -NoProfile -NonInteractive -Command \
        'exit [int](-not (Get-Module -ListAvailable Pester | Where-Object Version -ge 5.5))' < /dev/null; then
        say "--- Pester: not run, there is no Pester 5.5 or later (Install-Module Pester)"
        return
    fi
    say "--- Pester"
    timeout --foreground --kill-after=30s $patience \
        pwsh -NoProfile -NonInteractive -File tests/pester/run.ps1 -ResultPath "$file" < /dev/null || code=$?
    if [[ ! -s $file ]] || ! grep -q '</test-results>' "$file"; then
        fail "Pester ended with exit code $code and left no results"
        return
    fi
    total=$(total_of "$file" test-results total)
    bad=$(($(total_of "$file" test-results failures) + $(total_of "$file" test-results errors)))
    omitted=$(($(total_of "$file" test-results skipped) + $(total_of "$file" test-results inconclusive)))
    count Pester $code "$file" $((total - bad - omitted)) $bad $omitted
}

# tap_total FILE NAME: a figure of the summary at the end of node's results.
tap_total() { sed -nE "s/^# $2 ([0-9]+)\$/\1/p" "$1" | tail -n 1; }

# E2B's own SDK against our agent.
run_e2b() {
    local file=$results/e2b.tap code=0
    if ! usable_node; then
        say "--- E2B's SDK: not run, there is no Node.js 20 or later on PATH"
        return
    fi
    if [[ ! -d tests/e2b/node_modules/e2b ]]; then
        fail "E2B's SDK is not in tests/e2b/node_modules (cd tests/e2b && npm ci)"
        return
    fi
    say "--- E2B's SDK"
    timeout --foreground --kill-after=30s $patience node --test \
        --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$file" tests/e2b/*.test.mjs < /dev/null || code=$?
    if [[ ! -s $file ]] || [[ -z $(tap_total "$file" skipped) ]]; then
        fail "E2B's SDK: the runner ended with exit code $code and left no results"
        return
    fi
    sed -nE 's/^ *ok .* # SKIP (.+)/skipped: \1/p' "$file" | sort | uniq -c
    # What was cancelled did not come to its end: a time-out, for example.
    count "E2B's SDK" $code "$file" "$(tap_total "$file" pass)" \
        $(($(tap_total "$file" fail) + $(tap_total "$file" cancelled))) $(($(tap_total "$file" skipped) + $(tap_total "$file" todo)))
}

# Everything of ours on the engine, one per line, but for what is meant to stay.
ours() {
    have docker || return 0
    {
        docker ps --all --filter label=flourisha.sandbox --format 'container {{.Names}}'
        docker network ls --filter label=flourisha.sandbox --format 'network {{.Name}}'
        docker volume ls --filter label=flourisha.sandbox --format 'volume {{.Name}}'
    } 2> /dev/null | grep -vxF "$kept" | sort || true
}

# What is there now and was not before the tests. An engine may take a moment to remove things.
check_leaks() { # BEFORE
    local leaks end=$((SECONDS + 10))
    while ((SECONDS < end)); do
        leaks=$(comm -13 <(printf '%s\n' "$1") <(ours) | sed '/^$/d')
        [[ -n $leaks ]] || return 0
        sleep 0.5
    done
    fail $'the tests left behind:\n'"$leaks"
}

rm -rf "$results"
mkdir -p "$results"
before=$(ours)

for project in tests/*/*.Tests.csproj; do
    run_xunit "$(basename "$project" .csproj)"
done
run_pester
run_e2b
check_leaks "$before"

echo "tests: $passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
