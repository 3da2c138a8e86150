#!/usr/bin/env bash
# Puts a Restart Requested event on the account's default bus: the redeployer replaces the tasks of what SERVICE runs.
# `slipway restart` calls it; no workflow does.
#   in:  SERVICE
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check SERVICE '[A-Za-z0-9_-]{1,255}' 'the name of an ECS service'
put_event 'Restart Requested' "$(jq --null-input --compact-output --arg service "$SERVICE" '{$service}')"
