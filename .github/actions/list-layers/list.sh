#!/usr/bin/env bash
# Puts out matrix: each environment under ENVIRONMENTS with each layer: the folders of LAYERS, or Slipway's own four; and
# artifacts, with which the names of the artifacts of this folder begin, so that calls for several folders can share a run.
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

check_folder ENVIRONMENTS
layers=(connectivity security databases application)
if [ -n "${LAYERS:-}" ]; then
  mapfile -t layers < <(layers_in "$LAYERS")
  [ "${#layers[@]}" -gt 0 ] || fail "There is no layer in $(quoted "$LAYERS"), which layers-path names: no folder with backend \"s3\" in a file of Terraform."
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
[ "$list" != '[]' ] || fail "There is no environment in $(quoted "$ENVIRONMENTS"): no folder with common.auto.tfvars. Say with environments-path where they are."
output matrix "$list"
output artifacts "${ENVIRONMENTS//\//-}"
