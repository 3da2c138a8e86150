#!/usr/bin/env bash
# Checks what is to be built, and looks whether the image of this commit is in the registry already.
#   in:  REPOSITORY ACCOUNT_ID CONTEXT DOCKERFILE ARCHITECTURE, GITHUB_SHA, RUNNER_ARCH
#   out: existing (true, false), uri, platform, commit-time
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

output uri "$uri"
output platform "$platform"
output commit-time "$(git -C "$CONTEXT" show --no-patch --format=%ct HEAD)"
if [ -n "$image" ]; then
  output existing true
  printf 'The image of %s is there already; nothing is built.\n' "$GITHUB_SHA"
else
  output existing false
fi
