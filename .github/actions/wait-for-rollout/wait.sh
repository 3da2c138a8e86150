#!/usr/bin/env bash
# Waits until the ECS service runs the image DIGEST, or until it is clear that it will not. It needs aws and jq, reads
# ECS only, and the log of a release command that failed, and runs anywhere: on a terminal as well as on GitHub.
#
#   CLUSTER, SERVICE  their names; the family of the service's releases has the service's name
#   DIGEST            sha256:…
#   SINCE             seconds since 1970: when the image was pushed, or its release requested
#   TIMEOUT_SECONDS   how long to wait at most (1500)
#   POLL_SECONDS      how long to wait between two looks (10)
#
# Prints the outcome, and writes outcome= and reason= to the file GITHUB_OUTPUT where that is set. Exit code 0 for completed,
# and for paused, which claims nothing; 1 for rolled-back, release-command-failed, superseded, timed-out and every error.
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

: "${TIMEOUT_SECONDS:=1500}" "${POLL_SECONDS:=10}"
check CLUSTER '[A-Za-z0-9_-]{1,255}' 'the name of an ECS cluster'
check SERVICE '[A-Za-z0-9_-]{1,255}' 'the name of an ECS service'
check_digest DIGEST
check SINCE '[0-9]+([.][0-9]+)?' 'a time in seconds since 1970'
check TIMEOUT_SECONDS '[1-9][0-9]{0,4}' 'a number of seconds, 1 to 99999'
check POLL_SECONDS '[0-9]+([.][0-9]+)?' 'a number of seconds'

# Times without a zone of their own are the runner's: jq reads them as UTC.
export TZ=UTC AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS="${AWS_MAX_ATTEMPTS:-6}"

# finish OUTCOME REASON
finish() {
  if [ "$1" = release-command-failed ] && ! "$folder/command-log.sh"; then
    printf 'What the release command wrote could not be read here.\n'
  fi
  output outcome "$1"
  output reason "$2"
  summary <<<"Rollout of \`$DIGEST\` on \`$SERVICE\`: **$1**. $2"
  case $1 in
    completed) printf '%s: %s\n' "$1" "$2" ;;
    paused) notice "$1: $2" ;;
    *) fail "$1: $2" ;;
  esac
  exit 0
}

looked=
while true; do
  seen=$("$folder/look.sh") || fail "ECS could not be asked about $SERVICE; the lines above say why."
  verdict=$(jq -L "$folder/.." --raw-output --argjson since "$SINCE" --arg digest "$DIGEST" --from-file "$folder/judge.jq" <<<"$seen")
  IFS=$'\t' read -r outcome reason advice <<<"$verdict"
  [ "$outcome" = waiting ] || finish "$outcome" "$reason"
  if [ "$reason" != "$looked" ]; then
    printf '%s\n' "$reason"
    looked=$reason
  fi
  if [ "$SECONDS" -ge "$TIMEOUT_SECONDS" ]; then
    finish timed-out "After $TIMEOUT_SECONDS seconds: $reason $advice"
  fi
  sleep "$POLL_SECONDS"
done
