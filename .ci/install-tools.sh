#!/usr/bin/env bash
# Installs what the checks need beside Node, each version named here and nowhere else.
#   install-tools.sh FOLDER    FOLDER/bin then holds what does not come from Debian; it is kept between runs
# Python's packages for the emulator are named in rehearsal/emulator/requirements.txt; FOLDER/emulator/bin/python has them.
set -euo pipefail

folder=$1
schemathesis=4.32.5
checkov=3.3.30
tflint=0.64.0

declare -A packages=(
  [buildah]=buildah [podman]=podman [runc]=runc [chromium]=chromium [shellcheck]=shellcheck [setpriv]=util-linux
  [jq]=jq [aws]=awscli
)
missing=()
for program in "${!packages[@]}"; do
  command -v "$program" >/dev/null || missing+=("${packages[$program]}")
done
if [ "${#missing[@]}" -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi

mkdir -p "$folder/bin"

# from_pypi PROGRAM VERSION: into an environment of its own, for their dependencies do not go together.
from_pypi() {
  local venv="$folder/$1-$2"
  if [ ! -x "$venv/bin/$1" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "$1==$2"
  fi
  ln -sf "$venv/bin/$1" "$folder/bin/$1"
}

# from_go PROGRAM VERSION PACKAGE: built once, which takes a minute or two.
from_go() {
  local built="$folder/$1-$2/$1"
  if [ ! -x "$built" ]; then
    GOBIN=$(dirname "$built") GOFLAGS=-mod=mod go install "$3@v$2"
  fi
  ln -sf "$built" "$folder/bin/$1"
}

from_pypi schemathesis "$schemathesis"
from_pypi checkov "$checkov"
from_go tflint "$tflint" github.com/terraform-linters/tflint

# An environment for each state of the list, so that a changed version is installed.
requirements=$(dirname "$0")/../rehearsal/emulator/requirements.txt
venv="$folder/emulator-$(sha256sum "$requirements" | cut -c 1-16)"
if [ ! -e "$venv/complete" ]; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --requirement "$requirements"
  touch "$venv/complete"
fi
ln -sfn "$venv" "$folder/emulator"
