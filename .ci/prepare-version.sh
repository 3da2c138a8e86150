#!/usr/bin/env bash
# Makes the commit and the tag of a version: the commit that is checked out, and in it the redeployer's zip with its checksum,
# so that whoever calls the workflows builds nothing. The tag is pushed by hand; publish-version.yml then proves the zip and publishes.
#   .ci/prepare-version.sh X.Y.Z
# The commit has to be on main, with the checks `required` and `nightly` passed: publish-version.yml refuses any other.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?say which version: X.Y.Z}
if [[ ! $version =~ ^(0|[1-9][0-9]*)([.](0|[1-9][0-9]*)){2}$ ]]; then
  echo "The version has to be X.Y.Z, such as 1.0.0; it is $version." >&2
  exit 1
fi
if [ -n "$(git status --porcelain)" ]; then
  echo 'There are changes that are not committed: a version is made of a commit.' >&2
  exit 1
fi

for package in package.json redeployer/package.json cli/package.json; do
  if [ "$(node -p "require('./$package').version")" != "$version" ]; then
    echo "$package says another version. Set all of them on main first: npm version $version --workspaces --include-workspace-root --no-git-tag-version" >&2
    exit 1
  fi
done
if ! grep --quiet --extended-regexp "^## \\[${version//./[.]}\\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$" CHANGELOG.md; then
  echo "CHANGELOG.md has no heading '## [$version] - YYYY-MM-DD'. Give what is under Unreleased that heading on main first." >&2
  exit 1
fi

npm ci --ignore-scripts
npm run build -w redeployer
before=$(git symbolic-ref --quiet --short HEAD || git rev-parse HEAD)
git checkout --quiet --detach
trap 'git checkout --quiet "$before"' EXIT
mkdir -p redeployer/version
cp redeployer/dist/redeployer.zip redeployer/version/
(cd redeployer/version && sha256sum redeployer.zip >redeployer.zip.sha256)
git add --force redeployer/version
git commit --quiet --message "chore: release v$version"
git tag "v$version"
printf 'v%s is made of %s. Publish it with: git push origin v%s\n' "$version" "$(git rev-parse 'HEAD^')" "$version"
