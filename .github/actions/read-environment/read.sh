#!/usr/bin/env bash
# What a workflow has to know of an environment: each value as it is given, else as it follows from
# ENVIRONMENTS/ENVIRONMENT/common.auto.tfvars. Without that file at least ACCOUNT_ID and REGION have to be given.
#   in:  ENVIRONMENT ENVIRONMENTS; given, or empty: ACCOUNT_ID REGION ARCHITECTURE REPOSITORY CLUSTER SERVICE
#        PLAN_ROLE_ARN APPLY_ROLE_ARN PUBLISH_ROLE_ARN RELEASE_ROLE_ARN
#   out: environment, and a value by the name of each of these, in lower case with hyphens
# What the file leaves out is what iac/every-layer/environment.tf says. It needs jq and, for the file, terraform.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check_environment ENVIRONMENT
file="$ENVIRONMENTS/$ENVIRONMENT/common.auto.tfvars"
own='{}'
# What each variable that comes from the file is called there.
declare -A called=()
if [ -f "$file" ]; then
  own=$(settings "$file" name environment account_id region architecture) ||
    fail "Terraform cannot read $(quoted "$file"); the lines above say why."
  NAME=$(jq --raw-output '.name // empty' <<<"$own")
  check NAME '[a-z][a-z0-9-]{0,30}' 'the name of the system, of lower-case letters, digits and hyphens' "name in $file"
  said=$(jq --raw-output '.environment // empty' <<<"$own")
  [ "$said" = "$ENVIRONMENT" ] || fail "environment in $file has to be $ENVIRONMENT, as its folder is called; it is ${said:-missing}."
elif [[ -z ${ACCOUNT_ID:-} || -z ${REGION:-} ]]; then
  fail "There is no environment $ENVIRONMENT: no file $(quoted "$file"). There is: $(environments_in "$ENVIRONMENTS" | listed). Choose one of these, add the file, or say with environments-path where it is."
fi

# value NAME DEFAULT: gives the variable NAME this value, of the setting of that name in the file, where it has none.
value() {
  [ -n "${!1:-}" ] && return
  printf -v "$1" '%s' "$2"
  called[$1]="${1,,} in $file"
}
value ACCOUNT_ID "$(jq --raw-output '.account_id // empty' <<<"$own")"
value REGION "$(jq --raw-output '.region // empty' <<<"$own")"
value ARCHITECTURE "$(jq --raw-output '.architecture // "ARM64"' <<<"$own")"
check_account_id ACCOUNT_ID "${called[ACCOUNT_ID]:-}"
check_region REGION "${called[REGION]:-}"
check ARCHITECTURE 'ARM64|X86_64' 'ARM64 or X86_64' "${called[ARCHITECTURE]:-}"

resource=${NAME:+$NAME-$ENVIRONMENT}
for name in REPOSITORY CLUSTER SERVICE; do value "$name" "$resource"; done
for role in plan apply publish release; do
  value "${role^^}_ROLE_ARN" "${resource:+arn:aws:iam::$ACCOUNT_ID:role/bootstrap/$resource-$role}"
done

output environment "$ENVIRONMENT"
output account-id "$ACCOUNT_ID"
output region "$REGION"
output architecture "$ARCHITECTURE"
output repository "$REPOSITORY"
output cluster "$CLUSTER"
output service "$SERVICE"
output plan-role-arn "$PLAN_ROLE_ARN"
output apply-role-arn "$APPLY_ROLE_ARN"
output publish-role-arn "$PUBLISH_ROLE_ARN"
output release-role-arn "$RELEASE_ROLE_ARN"
