#!/usr/bin/env bash
# Refuses inputs that cannot work before AWS is asked: ROLE_ARN, REGION, ACCOUNT_ID.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check_account_id ACCOUNT_ID
check_region REGION
check ROLE_ARN 'arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+' 'the ARN of an IAM role'
if [[ $ROLE_ARN != arn:*:iam::"$ACCOUNT_ID":role/* ]]; then
  fail "The role $ROLE_ARN is not in the account $ACCOUNT_ID. One of role-arn and account-id belongs to another environment."
fi
if [ -z "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
  fail "GitHub gives this job no OpenID Connect token. Set 'permissions: { id-token: write }' on the job that calls the workflow."
fi
