# shellcheck shell=bash
# Sourced by terraform.sh: makes the plan, keeps it in the state bucket and shows it on the page of the run.
# shellcheck disable=SC2154 # terraform.sh sets folder, layer, settings, variables, plan, bucket, region, key and work

# shellcheck source=../plan-page.sh
. "$folder/../plan-page.sh"

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
  "${variables[@]}" 2>&1 | tee "$work/plan.log" || status=$?
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
output plan "$PLAN_ID:$sha256"
output plan-key "$plan_key"
output plan-sha256 "$sha256"

page="${PLAN_FOLDER:-$work}/$ENVIRONMENT-$LAYER"
mkdir -p "$(dirname "$page")"
plan_text <"$work/plan.log" >"$page.txt"
tf show -json "$plan" | plan_facts "$ENVIRONMENT" "$LAYER" "$COMMAND" >"$page.json"
# GitHub refuses a page of more than 1 MiB.
plan_page "$page" 900000 | summary
if [ "$changes" = true ]; then
  summary <<SUMMARY

To carry it out, in a run of its own: command \`apply\`, layer \`$LAYER\`, plan \`$PLAN_ID:$sha256\`. It is kept as \`$plan_key\`.
SUMMARY
fi
