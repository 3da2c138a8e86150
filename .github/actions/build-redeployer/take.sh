#!/usr/bin/env bash
# Takes the zip that a version carries, redeployer/version/redeployer.zip, if its checksum beside it is right. Only a version's
# own commit has one (.ci/prepare-version.sh).
#   out: taken (true, false); zip, where it lies, if so
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

redeployer=$folder/../../../redeployer
if [ ! -f "$redeployer/version/redeployer.zip" ]; then
  output taken false
  exit
fi
(cd "$redeployer/version" && sha256sum --check --strict redeployer.zip.sha256) ||
  fail "The redeployer's zip of this version is not the one that its checksum names. Nothing was planned. Report it: SECURITY.md of Slipway."
output taken true
output zip "$(cd "$redeployer/version" && pwd)/redeployer.zip"
