#!/usr/bin/env bash
# The lock file of a layer's providers, for the key of the cache: hashFiles() looks into the workspace only, and Slipway's own
# layers lie beside this action.
#   in:  LAYER LAYERS, as for terraform.sh
#   out: sha256; empty where there is no such file, which terraform.sh then explains
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

sha256=
if [[ $LAYER =~ ^[a-z][a-z0-9_-]*$ && -f "${LAYERS:-$folder/../../../iac}/$LAYER/.terraform.lock.hcl" ]]; then
  sha256=$(sha256sum <"${LAYERS:-$folder/../../../iac}/$LAYER/.terraform.lock.hcl" | cut -d ' ' -f 1)
fi
output sha256 "$sha256"
