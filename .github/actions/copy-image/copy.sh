#!/usr/bin/env bash
# Copies SOURCE@DIGEST to URI:COMMIT, unless EXISTING says that it is there, and checks what arrived.
#   in:  COMMIT REPOSITORY SOURCE URI DIGEST EXISTING
#   out: image digest pushed-at
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

if [ "$EXISTING" = false ]; then
  # Without --prefer-index=false a plain image would be wrapped in an index, which has another digest.
  docker buildx imagetools create --prefer-index=false --tag "$URI:$COMMIT" "$SOURCE@$DIGEST"
else
  printf 'The image of %s is there already.\n' "$COMMIT"
fi

image=$(find_image "$REPOSITORY" "$COMMIT") || fail "The repository $REPOSITORY could not be read."
arrived=$(jq --raw-output '.digest // empty' <<<"${image:-null}")
[ "$arrived" = "$DIGEST" ] || fail "$URI has $(quoted "$arrived") under $COMMIT, but $DIGEST was to be copied."

output image "$URI@$DIGEST"
output digest "$DIGEST"
output pushed-at "$(jq --raw-output .pushedAt <<<"$image")"
summary <<<"Image \`$URI:$COMMIT\`, \`$DIGEST\`, from \`$SOURCE\`"
