#!/usr/bin/env bash
# Builds, hosts, checks and removes the calculator in a sandbox, through the CLI.
# DOCKER_SANDBOX names the program to use; otherwise the one that build.sh made, else the one on PATH.
# The report and the pictures go to output/demo/calculator, or to the folder that is given.
set -euo pipefail
output=$(realpath -m -- "${1:-$(dirname "${BASH_SOURCE[0]}")/../../../output/demo/calculator}")
cd "$(dirname "${BASH_SOURCE[0]}")"

# shellcheck source-path=SCRIPTDIR source=../checks.sh
source ../checks.sh

mkdir -p "$output"
rm -rf "$output/evidence" # of the demo before
name=calculator-$(printf '%04x' $RANDOM)

# --- the application, as seen from outside ---

call() { # METHOD PATH [EXPRESSION]: the answer's body, and its status on a line of its own
    local data=()
    [[ $# -lt 3 ]] || data=(--header 'Content-Type: application/json' --data "{\"expression\":\"$3\"}")
    curl --silent --max-time 10 --noproxy '*' --write-out '\n%{http_code}' --request "$1" "${data[@]}" "$url$2" || true
}

result_of() { # EXPRESSION: its result, or the status and the reason
    local answer
    answer=$(call POST /api/calculate "$1")
    if [[ $answer == *$'\n200' ]]; then
        sed -nE 's/.*"result":([^,}]+).*/\1/p' <<< "$answer"
    else
        printf '%s %s\n' "${answer##*$'\n'}" "$(sed -nE 's/.*"detail":"([^"]*)".*/\1/p' <<< "$answer")"
    fi
}

status_in() { sed -nE 's/.*"status":"([^"]*)".*/\1/p'; }

remembered() { # the expressions in the history, the latest first
    call GET /api/history | grep -o '"expression":"[^"]*"' | cut -d'"' -f4 | paste -sd' ' || true
}

serve() {
    "$sandbox" exec "$id" 'uvicorn main:app --host 0.0.0.0 --port 8000' --cwd /workspace/app --background > /dev/null
    url=$("$sandbox" get-host "$id" -p 8000 --wait 30 --path /health)
    url=${url%/}
}

phase image
"$sandbox" images build fullstack > /dev/null
"$sandbox" images build browser > /dev/null

phase create
id=$("$sandbox" init -t fullstack -n "$name" --timeout 600)

phase copy
"$sandbox" upload "$id" app /workspace/
check 'the application arrived' main.py "$("$sandbox" exec "$id" 'ls /workspace/app | grep -x main.py' || true)"
check 'it belongs to the sandbox user' coder "$("$sandbox" exec "$id" 'stat -c %U /workspace/app/main.py' || true)"

phase test
check 'its own tests pass inside' 'exit 0' \
    "exit $("$sandbox" exec "$id" 'python3 -m pytest -q -p no:cacheprovider >&2' --cwd /workspace/app --timeout 120 > /dev/null 2>&1 && echo 0 || echo $?)"

phase host
serve
check 'healthy from outside' ok "$(call GET /health | status_in)"
check 'healthy from inside' ok "$("$sandbox" exec "$id" 'curl -s http://localhost:8000/health' | status_in)"
check 'the page is served' '<title>Calculator</title>' "$(call GET / | grep -o '<title>.*</title>' || true)"

phase calculate
check '5+3' 8 "$(result_of '5+3')"
check '10*6' 60 "$(result_of '10*6')"
check '10-2' 8 "$(result_of '10-2')"
check 'division by zero is refused' '400 Division by zero.' "$(result_of '1/0')"
check 'code is refused' '400 Only numbers, + - * / and parentheses are understood.' "$(result_of "__import__('os').system('id')")"
check 'the history knows what was right' '10-2 10*6 5+3' "$(remembered)"

phase restart
"$sandbox" exec "$id" 'pkill -x uvicorn; while curl -s -o /dev/null http://localhost:8000/health; do sleep 0.1; done' --timeout 20
check 'the server is down meanwhile' 'no answer' "$([[ $(call GET /health) == *000 ]] && echo 'no answer' || echo 'an answer')"
serve
check 'the history survives a restart' '10-2 10*6 5+3' "$(remembered)"

phase delete
check 'the history is deleted' '{"deleted":3}' "$(call DELETE /api/history | head -n 1)"
check 'nothing is left of it' '[]' "$(call GET /api/history | head -n 1)"

phase browse
"$sandbox" browser nav "$id" -p 8000 --viewport phone > /dev/null
for key in 5 + 3 =; do "$sandbox" browser click --role button --name "$key"; done
"$sandbox" browser wait '#history li'
check '5 + 3 = shows' 8 "$("$sandbox" browser text --label Expression --value)"
check 'and is in the history' '5+3 = 8' "$("$sandbox" browser text '#history li:first-child' | paste -sd' ')"
check 'its console is silent' '' "$("$sandbox" browser console)"
"$sandbox" browser screenshot "$output/phone.png" --force > /dev/null
"$sandbox" browser nav "$id" -p 8000 --viewport desktop --new > /dev/null
"$sandbox" browser screenshot "$output/desktop.png" --force > /dev/null

phase suite
code=0
"$sandbox" test "$id" sandbox-tests.yaml --report "$output" --evidence "$output/evidence" || code=$?
check 'its suite passes' 'exit 0' "exit $code"

phase remove
"$sandbox" kill --all > /dev/null
check 'nothing is left' '[]' "$("$sandbox" list --json)"
phase ''

echo "The report is in $output/report.html" >&2
((failed == 0))
