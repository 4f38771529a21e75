#!/usr/bin/env bash
# Hosts the todo app with its development server in a sandbox, behind the gateway, runs its suite, and changes a file of it while a
# browser has its page open: what is seen changes, and the page is never loaded again. Through the CLI.
# DOCKER_SANDBOX names the program to use; otherwise the one that build.sh made, else the one on PATH.
# The report and the pictures go to output/demo/todo, or to the folder that is given.
set -euo pipefail
output=$(realpath -m -- "${1:-$(dirname "${BASH_SOURCE[0]}")/../../../output/demo/todo}")
cd "$(dirname "${BASH_SOURCE[0]}")"

# shellcheck source-path=SCRIPTDIR source=../checks.sh
source ../checks.sh

mkdir -p "$output"
rm -rf "$output/evidence" "$output/hot-reload" # of the demo before
name=todo-$(printf '%04x' $RANDOM)

# A port of this machine that nobody has: others may have a gateway at the usual one.
free_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 10000))
        (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
    done
    echo "$port"
}

call() { # PATH: the answer's body
    curl --silent --max-time 10 --noproxy '*' "$url$1" || true
}

phase image
"$sandbox" images build react > /dev/null
"$sandbox" images build browser > /dev/null

phase create
id=$("$sandbox" init -t react -n "$name" --routing gateway --timeout 600)

phase host
FLOURISHA_GATEWAY_PORT=$(free_port)
export FLOURISHA_GATEWAY_PORT
"$sandbox" serve > /dev/null &
gateway=$!
"$sandbox" upload "$id" app /workspace/
"$sandbox" exec "$id" --cwd /workspace/app --background --tag server vite > /dev/null
url=$("$sandbox" get-host "$id" -p 5173 --wait 30 --path /health)
url=${url%/}
check 'the app is reached through the gateway' "http://5173-${id:0:12}" "${url%%.*}"
check 'nothing of it is published' 0 "$("$sandbox" info "$id" --json | grep -c '"hostPort": *[0-9]' || true)"

phase suite
code=0
"$sandbox" test "$id" sandbox-tests.yaml --report "$output" --evidence "$output/evidence" || code=$?
check 'its suite passes' 'exit 0' "exit $code"

phase change
"$sandbox" test "$id" hot-reload.yaml --report "$output/hot-reload" --evidence "$output/hot-reload/evidence" &
story=$!
for _ in {1..300}; do
    [[ $(call /api/todos) != *'Change something'* ]] || break
    sleep 0.1
done
# The button's word, and a colour that nothing had before.
sed -e 's/^        Add$/        Note it/' -e 's/bg-emerald-700/bg-indigo-700/' app/src/NewTodo.jsx | base64 \
    | "$sandbox" files write "$id" /workspace/app/src/NewTodo.jsx --base64
code=0
wait $story || code=$?
check 'the open page shows the change, and was not loaded again' 'exit 0' "exit $code"

phase remove
"$sandbox" kill --all > /dev/null
check 'nothing is left' '[]' "$("$sandbox" list --json)"
kill "$gateway"
wait "$gateway" || true
gateway=
phase ''

echo "The report is in $output/report.html" >&2
((failed == 0))
