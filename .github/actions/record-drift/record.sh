#!/usr/bin/env bash
# Writes FOLDER/ENVIRONMENT-LAYER.record.json with the result: same, changed or failed.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check_environment ENVIRONMENT
check LAYER '[a-z][a-z0-9_-]{0,40}' 'the name of a layer'
case $PLANNED/$CHANGES in
  success/false) result=same ;;
  success/true) result=changed ;;
  *) result=failed ;;
esac
mkdir -p "$FOLDER"
jq --null-input --arg environment "$ENVIRONMENT" --arg layer "$LAYER" --arg result "$result" \
  '{$environment, $layer, $result}' >"$FOLDER/$ENVIRONMENT-$LAYER.record.json"
printf '%s/%s: %s\n' "$ENVIRONMENT" "$LAYER" "$result"
