#!/usr/bin/env bash
# AWS refused the role ROLE_ARN: says what the job's token claims, for a trust policy to be compared with. The token
# itself is never printed, and reaches curl through its standard input.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

claims='(the token could not be read)'
if answer=$(curl --silent --show-error --fail --max-time 20 --header @- \
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" \
  <<<"Authorization: bearer ${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}"); then
  claims=$(jq --raw-output '
    .value | split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | . + "===="[0:(4 - length % 4) % 4] | @base64d | fromjson
    | [to_entries[] | select(.key | IN("sub", "aud", "environment", "job_workflow_ref")) | "  \(.key): \(.value)"]
    | join("\n")' <<<"$answer") || claims='(the token could not be read)'
fi

fail "AWS did not let this job assume $ROLE_ARN. The job's token says
$claims
Look at, in this order: does the role exist; does its trust policy list this very subject (sub), in the form with or without the numbers that GitHub gives; is the job in the GitHub environment that the role trusts; does the account have the OpenID Connect provider token.actions.githubusercontent.com with the audience sts.amazonaws.com."
