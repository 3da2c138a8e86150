#!/usr/bin/env bash
# Builds the redeployer's zip from the sources that this action lies in.
#   out: zip, where it lies
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

cd "$folder/../../.."
npm ci --ignore-scripts
npm run build -w redeployer
output zip "$PWD/redeployer/dist/redeployer.zip"
