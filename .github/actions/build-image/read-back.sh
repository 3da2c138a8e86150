#!/usr/bin/env bash
# What the registry has under this commit now. BUILT_DIGEST is what was just pushed, or empty where nothing was.
#   in:  REPOSITORY URI BUILT_DIGEST, GITHUB_SHA
#   out: image digest tag pushed-at
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

image=$(find_image "$REPOSITORY" "$GITHUB_SHA") || fail "The repository $REPOSITORY could not be read."
[ -n "$image" ] || fail "$URI has no image $GITHUB_SHA, although the build said that it was pushed."
digest=$(jq --raw-output .digest <<<"$image")
if [ -n "$BUILT_DIGEST" ] && [ "$digest" != "$BUILT_DIGEST" ]; then
  fail "The build pushed $BUILT_DIGEST, but the registry has $digest under $GITHUB_SHA."
fi

output image "$URI@$digest"
output digest "$digest"
output tag "$GITHUB_SHA"
output pushed-at "$(jq --raw-output .pushedAt <<<"$image")"
summary <<<"Image \`$URI:$GITHUB_SHA\`, \`$digest\`"
