#!/usr/bin/env bash
# The credentials have to be those of ROLE_ARN in ACCOUNT_ID, not of something that was there before.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

identity=$(aws sts get-caller-identity --output json)
account=$(jq --raw-output .Account <<<"$identity")
arn=$(jq --raw-output .Arn <<<"$identity")
if [ "$account" != "$ACCOUNT_ID" ]; then
  fail "These credentials are for the account $account, not for $ACCOUNT_ID."
fi
if [[ $arn != *":assumed-role/${ROLE_ARN##*/}/"* ]]; then
  fail "These credentials are those of $arn, not of $ROLE_ARN."
fi
printf 'Working as %s.\n' "$arn"
