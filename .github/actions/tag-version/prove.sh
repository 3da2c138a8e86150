#!/usr/bin/env bash
# Builds the redeployer's zip from the sources of the checkout in the workspace, and refuses the version when it carries another;
# then packs the command-line tool.
#   out: tarball, where that lies
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

npm ci --ignore-scripts
npm run build -w redeployer
cmp redeployer/dist/redeployer.zip redeployer/version/redeployer.zip ||
  fail 'The zip that this version carries is not the one that its sources give. Nothing was published. Find out who made it, and make it anew with .ci/prepare-version.sh.'
(cd redeployer/version && sha256sum --check --strict redeployer.zip.sha256) || fail 'The checksum that this version carries is not that of its zip. Nothing was published.'
output tarball "$(cli/scripts/pack.sh)"
