#!/usr/bin/env bash
# The README's first command, as a newcomer runs it: `npm start` in a fresh clone, with nothing configured; and again,
# when there is nothing to build, until npm is killed outright.
set -euo pipefail

port=3456
base="http://127.0.0.1:$port"
log=$(mktemp)
npm=
trap 'kill "$npm" 2>/dev/null || true; rm -f "$log"' EXIT

# until_it COMMAND ...: waits until the command succeeds, for a minute at most.
until_it() {
  for _ in $(seq 120); do
    "$@" && return
    sleep 0.5
  done
  cat "$log"
  return 1
}

accepts() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

refuses() {
  ! accepts "$1"
}

listens() {
  kill -0 "$npm" || { cat "$log"; exit 1; }
  grep -q '"listening"' "$log"
}

start() {
  API_PORT=$port npm start >"$log" 2>&1 &
  npm=$!
  until_it listens
  database_port=$(sed -n 's/.*embedded PostgreSQL on port \([0-9]*\), for development only.*/\1/p' "$log")
}

start
for route in / /connect /health/live /health/ready /version /docs-json; do
  curl --silent --show-error --fail --output /dev/null "$base$route"
done
grep -q '"engine":"PostgreSQL"' <<<"$(curl --silent "$base/connect")"
kill -TERM "$npm"
wait "$npm"
if accepts "$database_port"; then
  echo "the embedded PostgreSQL outlived npm start"
  exit 1
fi

built=$(ls -l --time-style=full-iso dist)
start
if [ "$(ls -l --time-style=full-iso dist)" != "$built" ]; then
  echo "npm start built what it had built before"
  exit 1
fi
kill -KILL "$npm"
until_it refuses "$port"
until_it refuses "$database_port"
echo "npm start: every route answered, the second one built nothing, and everything stopped"
