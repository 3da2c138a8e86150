#!/usr/bin/env bash
# Puts out matrix: each environment under ENVIRONMENTS with each layer that it has settings for.
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
list='[]'
for settings in "$ENVIRONMENTS"/*/; do
  environment=$(basename "$settings")
  GITHUB_OUTPUT="$work/$environment" ENVIRONMENT=$environment "$folder/../read-environment/read.sh"
  # Bootstrap is applied by hand, and the role that plans may not look at it.
  for layer in connectivity security databases application; do
    [ -f "$settings/$layer.auto.tfvars" ] || continue
    list=$(jq --raw-input --slurp --compact-output --argjson list "$list" --arg layer "$layer" '
      (split("\n") | map(select(. != "") | capture("^(?<key>[^=]+)=(?<value>.*)$")) | from_entries) as $settings
      | $list + [{$layer} + ($settings | {environment, region, "account-id", "plan-role-arn"})]' <"$work/$environment")
  done
done
[ "$list" != '[]' ] || fail "There is no environment in $(quoted "$ENVIRONMENTS")."
output matrix "$list"
