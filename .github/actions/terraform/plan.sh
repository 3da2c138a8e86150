# shellcheck shell=bash
# Sourced by terraform.sh: makes the plan, keeps it in the state bucket and shows it on the page of the run.
# shellcheck disable=SC2154 # terraform.sh sets layer, settings, plan, bucket, region, key and work

: "${PLAN_ID:=${GITHUB_RUN_ID:-$(date -u +%Y%m%dT%H%M%SZ)-$$}-${GITHUB_RUN_ATTEMPT:-1}}"
check PLAN_ID '[A-Za-z0-9._-]{1,100}' 'letters, digits, dots and hyphens'
plan_key="plans/$ENVIRONMENT/$LAYER/$PLAN_ID.tfplan"

tf fmt -check -diff || fail "The layer $LAYER is not formatted: run 'terraform fmt' in its folder."
"$SLIPWAY_TERRAFORM" fmt -check -diff "$settings" >&2 || fail "The files of the environment $ENVIRONMENT are not formatted: run 'terraform fmt' in their folder."
initialise
tf validate -no-color || fail "The layer $LAYER is not valid; the lines above say why."

options=()
[ "$COMMAND" = plan ] || options=(-destroy)
status=0
# The role that plans may not write the state, so neither its lock; a plan that another run overtakes is refused by apply.
tf plan -lock=false -no-color -detailed-exitcode -out="$plan" "${options[@]}" \
  -var-file="$settings/common.auto.tfvars" -var-file="$settings/$LAYER.auto.tfvars" 2>&1 | tee "$work/plan.log" || status=$?
case $status in
  0) changes=false ;;
  2) changes=true ;;
  *) fail "$ENVIRONMENT/$LAYER could not be planned; the lines above say why. A layer needs those before it to be applied." ;;
esac

sha256=$(sha256sum "$plan" | cut -d ' ' -f 1)
encryption=(--sse aws:kms)
[ -z "$key" ] || encryption+=(--sse-kms-key-id "$key")
aws s3 cp --region "$region" --only-show-errors "${encryption[@]}" "$plan" "s3://$bucket/$plan_key"

output changes "$changes"
output plan-key "$plan_key"
output plan-sha256 "$sha256"

counts=$(grep --max-count 1 --extended-regexp '^(Plan:|No changes\.)' "$work/plan.log" || printf 'Only outputs change.')
# GitHub refuses a page of more than 1 MiB.
shown=$(sed -E '/: (Refreshing state|Reading|Read complete|Still reading)/d' "$work/plan.log" |
  jq --raw-input --slurp --raw-output '.[:200000] | @html')
summary <<SUMMARY
### $ENVIRONMENT / $LAYER: ${COMMAND/-/ to }

**$counts**

<details><summary>The plan</summary><pre>$shown</pre></details>

Kept as \`$plan_key\`, SHA-256 \`$sha256\`
SUMMARY
