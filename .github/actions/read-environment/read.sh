#!/usr/bin/env bash
# Puts out what ENVIRONMENTS/ENVIRONMENT/common.auto.tfvars says, and the names that follow from it.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check_environment ENVIRONMENT
file="$ENVIRONMENTS/$ENVIRONMENT/common.auto.tfvars"
[ -f "$file" ] || fail "There is no environment $ENVIRONMENT: no file $(quoted "$file")."

# setting NAME: a string of the file.
setting() {
  sed -nE "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*\"([^\"]*)\".*/\1/p" "$file"
}
NAME=$(setting name)
ACCOUNT_ID=$(setting account_id)
REGION=$(setting region)
ARCHITECTURE=$(setting architecture)
check NAME '[a-z][a-z0-9-]{0,30}' "the name of the system in $file: lower-case letters, digits and hyphens"
check_account_id ACCOUNT_ID
check_region REGION
check ARCHITECTURE 'ARM64|X86_64' 'ARM64 or X86_64'
[ "$(setting environment)" = "$ENVIRONMENT" ] || fail "$file belongs to another environment: it says environment = \"$(setting environment)\"."

output environment "$ENVIRONMENT"
output account-id "$ACCOUNT_ID"
output region "$REGION"
output architecture "$ARCHITECTURE"
output resource "$NAME-$ENVIRONMENT"
roles="arn:aws:iam::$ACCOUNT_ID:role/bootstrap/$NAME-$ENVIRONMENT"
output plan-role-arn "$roles-plan"
output apply-role-arn "$roles-apply"
output publish-role-arn "$roles-publish"
output release-role-arn "$roles-release"
