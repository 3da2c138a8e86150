#!/usr/bin/env bash
# Runs commands, one after the other, with every tool that a check can need: nothing is skipped for want of one. CI and .ci/run
# get the tools from the same script.
#   .ci/with-tools.sh COMMAND...    each COMMAND one argument
set -euo pipefail
cd "$(dirname "$0")/.."
tools="${XDG_CACHE_HOME:-$HOME/.cache}/slipway-ci"
.ci/install-tools.sh "$tools"
export REQUIRE_ALL_TOOLS=1 PATH="$tools/bin:$PATH" SLIPWAY_PYTHON="$tools/emulator/bin/python"
for command in "$@"; do
  printf '\n== %s\n' "$command"
  bash -euo pipefail -c "$command"
done
