#!/usr/bin/env bash
# Puts a Release Requested event for COMMIT on the account's default bus, if the image of COMMIT still exists.
#   in:  COMMIT REPOSITORY SERVICE; ARCHITECTURE, ARM64 or X86_64, which the image has to be for; not looked at where empty
#   out: digest, requested-at (seconds since 1970)
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check_commit COMMIT
check_repository REPOSITORY
check SERVICE '[A-Za-z0-9_-]{1,255}' 'the name of an ECS service'
[ -z "${ARCHITECTURE:-}" ] || check ARCHITECTURE 'ARM64|X86_64' 'ARM64 or X86_64'

image=$(find_image "$REPOSITORY" "$COMMIT") || fail "The repository $REPOSITORY could not be read."
if [ -z "$image" ]; then
  commits=$(aws ecr describe-images --output json --repository-name "$REPOSITORY" | jq --raw-output '
    [.imageDetails | sort_by(.imagePushedAt) | reverse[] | .imageTags[]? | select(test("^[0-9a-f]{40}$"))][:10] | join(" ")')
  fail "There is no image of $COMMIT in $REPOSITORY (any more), so it cannot be released. There is, newest first: ${commits:-none}."
fi
if [ -n "${ARCHITECTURE:-}" ]; then
  manifest=$(aws ecr batch-get-image --output json --repository-name "$REPOSITORY" --image-ids "imageTag=$COMMIT") ||
    fail "The image of $COMMIT in $REPOSITORY could not be read."
  check_architecture "$(jq --raw-output '.images[0].imageManifest' <<<"$manifest")" "$ARCHITECTURE" \
    "The image of $COMMIT in $REPOSITORY" --repository-name "$REPOSITORY"
fi

requested_at=$(date +%s.%N)
put_event 'Release Requested' "$(jq --null-input --compact-output --arg service "$SERVICE" --arg commit "$COMMIT" '{$service, $commit}')"

output digest "$(jq --raw-output .digest <<<"$image")"
output requested-at "$requested_at"
summary <<<"Release of \`$COMMIT\` requested for \`$SERVICE\`"
