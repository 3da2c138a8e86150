#!/usr/bin/env bash
# Releases the tag GITHUB_REF_NAME (vX.Y.Z) of GITHUB_SHA, if that commit is on main and its checks have passed, and moves
# the tag vX where vX.Y.Z is the newest of its major version. In the workspace: a checkout with all branches and tags.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check GITHUB_REF_NAME 'v(0|[1-9][0-9]*)([.](0|[1-9][0-9]*)){2}' 'a version tag, such as v1.2.3'
check_commit GITHUB_SHA
git merge-base --is-ancestor "$GITHUB_SHA" origin/main || fail "$GITHUB_REF_NAME is not on main: versions are made of main only."
checks=$(gh api "repos/$GH_REPO/commits/$GITHUB_SHA/check-runs?check_name=required&filter=latest" --jq '[.check_runs[].conclusion] | unique | join(" ")')
[ "$checks" = success ] || fail "The checks of $GITHUB_SHA have not passed (${checks:-none has run}). Tag a commit of main whose ci is green."

gh release create "$GITHUB_REF_NAME" --verify-tag --generate-notes --title "$GITHUB_REF_NAME"

major=${GITHUB_REF_NAME%%.*}
newest=$(git tag --list "$major.*.*" --sort=-version:refname | head -n 1)
if [ "$newest" != "$GITHUB_REF_NAME" ]; then
  printf '%s stays where it is: %s is newer.\n' "$major" "$newest"
elif gh api "repos/$GH_REPO/git/ref/tags/$major" >/dev/null 2>&1; then
  gh api --method PATCH "repos/$GH_REPO/git/refs/tags/$major" --raw-field "sha=$GITHUB_SHA" --field force=true >/dev/null
else
  gh api --method POST "repos/$GH_REPO/git/refs" --raw-field "ref=refs/tags/$major" --raw-field "sha=$GITHUB_SHA" >/dev/null
fi
