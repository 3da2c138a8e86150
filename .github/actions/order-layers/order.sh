#!/usr/bin/env bash
# Puts out first, second, third and fourth for LAYER (a layer or all) and COMMAND (plan, apply or destroy). A kept PLAN is one
# layer's.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check COMMAND 'plan|apply|destroy' 'plan, apply or destroy'
check LAYER 'all|connectivity|security|databases|application' 'all, connectivity, security, databases or application'
if [ -n "${PLAN:-}" ] && [ "$LAYER" = all ]; then
  fail 'A kept plan is the plan of one layer: choose that layer, not all.'
fi

layers=(connectivity security databases application)
[ "$LAYER" = all ] || layers=("$LAYER")
if [ "$COMMAND" = destroy ] && [ "$LAYER" = all ]; then
  layers=(application databases security connectivity)
fi
output first "${layers[0]}"
output second "${layers[1]:-}"
output third "${layers[2]:-}"
output fourth "${layers[3]:-}"
