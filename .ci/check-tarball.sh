#!/usr/bin/env bash
# The tarball of the command-line tool, as a version publishes it: the same bytes on every build, at most 1.5 MB, and whole: it
# starts from an empty folder, and its scripts and layers are in it. The redeployer's zip is built before.
set -euo pipefail
cd "$(dirname "$0")/.."

tarball=$PWD/$(cli/scripts/pack.sh)
first=$(sha256sum <"$tarball")
cli/scripts/pack.sh >/dev/null
[ "$first" = "$(sha256sum <"$tarball")" ] || { echo 'two builds of the tarball differ' && exit 1; }
size=$(stat --format=%s "$tarball")
[ "$size" -le 1500000 ] || { echo "the tarball has $size bytes, and may have 1500000" && exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
git init --quiet
slipway() { npm exec --yes --offline --package "$tarball" -- slipway "$@"; }
slipway --help
slipway completion bash >words.sh
# What is sourced was just written.
# shellcheck source=/dev/null
[ "$(. ./words.sh && COMP_WORDS=(slipway sta) COMP_CWORD=1 && _slipway && echo "${COMPREPLY[*]}")" = status ]
slipway init --yes --github acme-example/ledger --github-ids 3,4 --account-id 333333333333 --region eu-west-1
slipway doctor --json | jq --exit-status 'map(select(.where != "this machine" and .result == "wrong")) == []'
echo "tarball: $size bytes"
