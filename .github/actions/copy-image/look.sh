#!/usr/bin/env bash
# Finds the image to copy, and whether the target has it already.
#   in:  COMMIT SOURCE_ACCOUNT_ID SOURCE_REGION SOURCE_REPOSITORY, ACCOUNT_ID AWS_REGION REPOSITORY,
#        ARCHITECTURE of the target, ARM64 or X86_64
#   out: source and uri (the two repositories), digest, existing (true, false)
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check_commit COMMIT
check_account_id SOURCE_ACCOUNT_ID
check_region SOURCE_REGION
check_repository SOURCE_REPOSITORY
check_account_id ACCOUNT_ID
check_region AWS_REGION
check_repository REPOSITORY
check ARCHITECTURE 'ARM64|X86_64' 'ARM64 or X86_64'

# What is asked for is part of what it takes to pull: the source need not allow anything more than that.
from=(--registry-id "$SOURCE_ACCOUNT_ID" --region "$SOURCE_REGION" --repository-name "$SOURCE_REPOSITORY")
answer=$(aws ecr batch-get-image --output json "${from[@]}" --image-ids "imageTag=$COMMIT") ||
  fail "$SOURCE_REPOSITORY in account $SOURCE_ACCOUNT_ID could not be read. The publish role of the target has to be allowed to pull from it, on both sides where the accounts differ."
digest=$(jq --raw-output '.images[0].imageId.imageDigest // empty' <<<"$answer")
[ -n "$digest" ] || fail "$SOURCE_REPOSITORY in account $SOURCE_ACCOUNT_ID has no image of the commit $COMMIT: it was never pushed there, or has been cleaned up."
check_architecture "$(jq --raw-output '.images[0].imageManifest' <<<"$answer")" "$ARCHITECTURE" \
  "The image of $COMMIT in $SOURCE_REPOSITORY" "${from[@]}"

uri=$(check_immutable "$REPOSITORY") || fail "The repository $REPOSITORY cannot be used; the line above says why."
[[ $uri == "$ACCOUNT_ID".* ]] || fail "The repository $uri is not in the account $ACCOUNT_ID."
image=$(find_image "$REPOSITORY" "$COMMIT") || fail "The repository $REPOSITORY could not be read."
existing=false
if [ -n "$image" ]; then
  existing=true
  present=$(jq --raw-output .digest <<<"$image")
  [ "$present" = "$digest" ] || fail "$uri has another image under $COMMIT: $present, not $digest. It was not copied from $SOURCE_REPOSITORY, and is not overwritten."
fi

domain=amazonaws.com
case $SOURCE_REGION in cn-*) domain=amazonaws.com.cn ;; esac
output source "$SOURCE_ACCOUNT_ID.dkr.ecr.$SOURCE_REGION.$domain/$SOURCE_REPOSITORY"
output uri "$uri"
output digest "$digest"
output existing "$existing"
