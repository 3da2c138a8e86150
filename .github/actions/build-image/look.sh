#!/usr/bin/env bash
# Checks what is to be built, and looks whether the image of this commit is in the registry already, or that of a commit
# that comes after it: whatever is pushed last is released, so a run of an older commit that is started again pushes nothing.
#   in:  REPOSITORY ACCOUNT_ID CONTEXT DOCKERFILE ARCHITECTURE TARGET BUILD_ARGS, GITHUB_SHA, RUNNER_ARCH;
#        GH_TOKEN and GH_REPO for gh
#   out: existing (true, false), uri, platform, commit-time; outcome, superseded, where a later commit was pushed
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check_repository REPOSITORY
check_account_id ACCOUNT_ID
check_commit GITHUB_SHA
check ARCHITECTURE 'ARM64|X86_64' 'ARM64 or X86_64'
for name in CONTEXT DOCKERFILE; do
  check "$name" '[A-Za-z0-9._][A-Za-z0-9._/-]*' 'a path inside the repository'
  case "/${!name}/" in */../*) fail "${name,,} has to stay inside the repository; it is $(quoted "${!name}")." ;; esac
done
[ -z "${TARGET:-}" ] || check TARGET '[A-Za-z0-9][A-Za-z0-9._-]{0,100}' 'the name of a stage of the Dockerfile'
[ -z "${BUILD_ARGS:-}" ] || check BUILD_ARGS $'[A-Za-z_][A-Za-z0-9_]*=[^\r\n]*(\n+[A-Za-z_][A-Za-z0-9_]*=[^\r\n]*)*\n*' 'lines of NAME=value'
[ -d "$CONTEXT" ] || fail "There is no folder $CONTEXT to build from. Is the repository checked out?"
[ -f "$DOCKERFILE" ] || fail "There is no Dockerfile at $DOCKERFILE; the path is relative to the repository's root."

case $ARCHITECTURE in
  ARM64) platform=linux/arm64 runner=ARM64 ;;
  X86_64) platform=linux/amd64 runner=X64 ;;
esac
if [ "$RUNNER_ARCH" != "$runner" ]; then
  fail "An image for $ARCHITECTURE is built on a runner of that architecture; this one is $RUNNER_ARCH, and nothing is emulated."
fi

head=$(git -C "$CONTEXT" rev-parse HEAD)
if [ "$head" != "$GITHUB_SHA" ]; then
  fail "The folder $CONTEXT is at the commit $head, but the image would be called $GITHUB_SHA."
fi

uri=$(check_immutable "$REPOSITORY") || fail "The repository $REPOSITORY cannot be used; the line above says why."
if [[ $uri != "$ACCOUNT_ID".* ]]; then
  fail "The repository $uri is not in the account $ACCOUNT_ID."
fi
image=$(find_image "$REPOSITORY" "$GITHUB_SHA") || fail "The repository $REPOSITORY could not be read."

# passed_by: the newest image in the registry whose commit has this one behind it, if there is any among the last ten.
passed_by() {
  local answer commit status
  answer=$(aws ecr describe-images --output json --repository-name "$REPOSITORY" --filter tagStatus=TAGGED) || return 1
  for commit in $(jq --raw-output --arg own "$GITHUB_SHA" '
    [.imageDetails | sort_by(.imagePushedAt) | reverse[] | .imageTags[]? | select(test("^[0-9a-f]{40}$") and . != $own)][:10] | .[]' <<<"$answer"); do
    # A commit that GitHub does not know (any more) comes after nothing.
    status=$(gh api "repos/$GH_REPO/compare/$GITHUB_SHA...$commit" --jq .status 2>&1) || {
      [[ $status == *'HTTP 404'* ]] || { printf '%s\n' "$status" >&2 && return 1; }
    }
    if [ "$status" = ahead ]; then
      printf '%s' "$commit"
      return
    fi
  done
}

output uri "$uri"
output platform "$platform"
output commit-time "$(git -C "$CONTEXT" show --no-patch --format=%ct HEAD)"
if [ -n "$image" ]; then
  manifest=$(aws ecr batch-get-image --output json --repository-name "$REPOSITORY" --image-ids "imageTag=$GITHUB_SHA") ||
    fail "The image of $GITHUB_SHA could not be read."
  check_architecture "$(jq --raw-output '.images[0].imageManifest' <<<"$manifest")" "$ARCHITECTURE" \
    "The image of $GITHUB_SHA" --repository-name "$REPOSITORY"
  output existing true
  printf 'The image of %s is there already; nothing is built.\n' "$GITHUB_SHA"
else
  later=$(passed_by) || fail "It could not be found out whether a later commit has an image already; the lines above say why."
  if [ -n "$later" ]; then
    output outcome superseded
    fail "superseded: The branch has passed this commit: $later, which comes after it, has an image already. Nothing was built or released. Whoever wants this commit all the same reverts to it in a new one."
  fi
  output existing false
fi
