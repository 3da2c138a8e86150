#!/usr/bin/env bash
# Puts out matrix: each environment under ENVIRONMENTS with each layer: the folders of LAYERS, or Slipway's own four; and
# artifacts, with which the names of the artifacts of this folder begin, so that calls for several folders can share a run.
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

check_folder ENVIRONMENTS
# Bootstrap is applied by hand, and the role that plans may not look at it.
layers=(connectivity security databases application)
if [ -n "${LAYERS:-}" ]; then
  mapfile -t layers < <(find "$LAYERS" -mindepth 2 -maxdepth 2 -name terraform.tf -printf '%h\n' | xargs -rn 1 basename | grep -vx bootstrap | sort)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
list='[]'
for settings in "$ENVIRONMENTS"/*/; do
  [ -d "$settings" ] || break
  environment=$(basename "$settings")
  GITHUB_OUTPUT="$work/$environment" ENVIRONMENT=$environment "$folder/../read-environment/read.sh"
  for layer in "${layers[@]}"; do
    list=$(jq --raw-input --slurp --compact-output --argjson list "$list" --arg layer "$layer" '
      (split("\n") | map(select(. != "") | capture("^(?<key>[^=]+)=(?<value>.*)$")) | from_entries) as $settings
      | $list + [{$layer} + ($settings | {environment, region, "account-id", "plan-role-arn"})]' <"$work/$environment")
  done
done
[ "$list" != '[]' ] || fail "There is no environment in $(quoted "$ENVIRONMENTS")."
output matrix "$list"
output artifacts "${ENVIRONMENTS//\//-}"
