#!/usr/bin/env bash
# Tells a chat, or whatever turns a web hook into a mail, that a rollout is red: one POST of {"text": …} to WEBHOOK, which
# is what Slack, Mattermost, Google Chat and others take. The address is a secret: it reaches curl through its standard
# input and is never printed. Nothing is sent where WEBHOOK is empty.
#   in: WEBHOOK ENVIRONMENT OUTCOME REASON RUN (address of the run)
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

[ -n "${WEBHOOK:-}" ] || exit 0
[[ $WEBHOOK =~ ^https?://[A-Za-z0-9._:-]+/[^[:space:]\"\\]*$ ]] ||
  fail 'notify-webhook has to be the address of a web hook, https://…; it is not, and is not shown.'
body=$(jq --null-input --compact-output --arg environment "$ENVIRONMENT" --arg outcome "${OUTCOME:-failed}" \
  --arg reason "${REASON:-}" --arg run "$RUN" '{text: "\($environment): \($outcome). \($reason)\n\($run)"}')
curl --silent --show-error --fail --output /dev/null --max-time 20 --retry 2 \
  --header 'Content-Type: application/json' --data "$body" --config - <<<"url = \"$WEBHOOK\"" 2>/dev/null ||
  fail 'The web hook did not take the message; its address is not shown.'
