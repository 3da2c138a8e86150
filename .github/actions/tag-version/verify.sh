#!/usr/bin/env bash
# Refuses a tag GITHUB_REF_NAME (vX.Y.Z) whose commit GITHUB_SHA is not one of .ci/prepare-version.sh: a commit of main whose
# checks have passed, and on it nothing but the redeployer's zip. In the workspace: a checkout with all branches and tags.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check GITHUB_REF_NAME 'v(0|[1-9][0-9]*)([.](0|[1-9][0-9]*)){2}' 'a version tag, such as v1.2.3'
check_commit GITHUB_SHA
version=redeployer/version/redeployer.zip
added=$(git diff --name-only "$GITHUB_SHA^" "$GITHUB_SHA" 2>/dev/null || true)
[ "$added" = "$version"$'\n'"$version.sha256" ] ||
  fail "$GITHUB_REF_NAME is not a version's own commit, which adds the redeployer's zip and its checksum and nothing else. Make it with .ci/prepare-version.sh."
says=$(jq --raw-output .version package.json)
[ "v$says" = "$GITHUB_REF_NAME" ] || fail "package.json of $GITHUB_REF_NAME says version $says. Set it on main, and make the version anew with .ci/prepare-version.sh."
commit=$(git rev-parse "$GITHUB_SHA^")
git merge-base --is-ancestor "$commit" origin/main || fail "$GITHUB_REF_NAME is not made of a commit of main: versions are made of main only."
for name in required nightly; do
  checks=$(gh api "repos/$GH_REPO/commits/$commit/check-runs?check_name=$name&filter=latest" --jq '[.check_runs[].conclusion] | unique | join(" ")')
  [ "$checks" = success ] ||
    fail "The check $name of $commit has not passed (${checks:-it has not run}). Tag a commit of main on which ci and nightly are green; nightly can be started by hand."
done
