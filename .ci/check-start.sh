#!/usr/bin/env bash
# The README's first command, as a newcomer runs it: `npm start` in a fresh clone, with nothing configured.
set -euo pipefail

port=3456
base="http://127.0.0.1:$port"
log=$(mktemp)

API_PORT=$port npm start >"$log" 2>&1 &
npm=$!
trap 'kill "$npm" 2>/dev/null || true; rm -f "$log"' EXIT

for _ in $(seq 120); do
  grep -q '"listening"' "$log" && break
  kill -0 "$npm" || { cat "$log"; exit 1; }
  sleep 0.5
done
database_port=$(sed -n 's/.*embedded PostgreSQL on port \([0-9]*\), for development only.*/\1/p' "$log")

for route in / /connect /health/live /health/ready /version /docs-json; do
  curl --silent --show-error --fail --output /dev/null "$base$route"
done
curl --silent "$base/connect" | grep -q '"engine":"PostgreSQL"'

kill -TERM "$npm"
wait "$npm"
if (exec 3<>"/dev/tcp/127.0.0.1/$database_port") 2>/dev/null; then
  echo "the embedded PostgreSQL outlived npm start"
  exit 1
fi
echo "npm start: every route answered, and everything stopped"
