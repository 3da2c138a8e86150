#!/usr/bin/env bash
# Builds the package and packs it as `npm pack` would, into cli/dist/slipway-cli-VERSION.tgz; of one commit the same bytes every
# time. The redeployer's zip is built before. Prints where the tarball lies, from the root.
set -euo pipefail
cd "$(dirname "$0")/../.."

npm run build -w cli >&2
tarball=cli/dist/slipway-cli-$(node -p "require('./cli/package.json').version").tgz
tar --create --directory cli/dist --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX package |
  gzip --no-name --best >"$tarball"
printf '%s\n' "$tarball"
