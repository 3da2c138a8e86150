#!/usr/bin/env bash
# The redeployer's zip is the same byte for byte on every build, whatever the clock and the time zone say.
set -euo pipefail

built() {
  rm -rf redeployer/dist
  TZ=$1 npm run --silent build -w redeployer
  sha256sum <redeployer/dist/redeployer.zip
}

first=$(built UTC)
second=$(built Pacific/Kiritimati)
if [ "$first" != "$second" ]; then
  echo "two builds of the redeployer's zip differ: $first $second"
  exit 1
fi
echo "redeployer.zip: $first"
