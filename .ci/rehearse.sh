#!/usr/bin/env bash
# Rehearses every environment, side by side, with what `npm run build` and `npm run build -w redeployer` left.
set -euo pipefail
cd "$(dirname "$0")/.."

logs=$(mktemp -d)
declare -A rehearsals
# Each takes down what it has brought up when it is told to end.
# shellcheck disable=SC2317 # the trap calls it
finish() {
  [ "${#rehearsals[@]}" -eq 0 ] || kill "${rehearsals[@]}" 2>/dev/null || true
  wait
  rm -rf "$logs"
}
trap finish EXIT
trap 'exit 130' INT TERM
for folder in iac/environments/*/; do
  environment=$(basename "$folder")
  # Not `npm run rehearse`, which builds first: all would build into the same folder at once.
  node --import ./typescript.mjs rehearsal/rehearse.ts --environment "$environment" --json >"$logs/$environment" 2>&1 &
  rehearsals[$environment]=$!
done

failed=0
for environment in "${!rehearsals[@]}"; do
  wait "${rehearsals[$environment]}" || failed=1
  unset "rehearsals[$environment]"
  printf '\n-- %s\n' "$environment"
  cat "$logs/$environment"
done
exit "$failed"
