#!/usr/bin/env bash
# Releases the tag GITHUB_REF_NAME (vX.Y.Z) of GITHUB_SHA with the redeployer's zip, its checksum and the command-line tool's
# TARBALL, and moves the tag vX where vX.Y.Z is the newest of its major version. verify.sh and prove.sh have passed. In the
# workspace: a checkout with all tags.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

gh release create "$GITHUB_REF_NAME" --verify-tag --generate-notes --title "$GITHUB_REF_NAME" \
  redeployer/version/redeployer.zip redeployer/version/redeployer.zip.sha256 "$TARBALL"

major=${GITHUB_REF_NAME%%.*}
versions=$(git tag --list "$major.*.*" --sort=-version:refname)
newest=${versions%%$'\n'*}
if [ "$newest" != "$GITHUB_REF_NAME" ]; then
  printf '%s stays where it is: %s is newer.\n' "$major" "$newest"
  exit
fi
if gh api "repos/$GH_REPO/git/ref/tags/$major" >/dev/null 2>&1; then
  move=(--method PATCH "repos/$GH_REPO/git/refs/tags/$major" --raw-field "sha=$GITHUB_SHA" --field force=true)
else
  move=(--method POST "repos/$GH_REPO/git/refs" --raw-field "ref=refs/tags/$major" --raw-field "sha=$GITHUB_SHA")
fi
# A workflow's token may not move a tag to a commit whose workflow files are others.
gh api "${move[@]}" >/dev/null ||
  fail "$GITHUB_REF_NAME is published, but GitHub did not let this workflow move $major. Move it by hand: git push --force origin $GITHUB_SHA:refs/tags/$major"
