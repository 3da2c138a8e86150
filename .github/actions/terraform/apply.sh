# shellcheck shell=bash
# Sourced by terraform.sh: fetches the very plan that was reviewed, and applies that or nothing.
# shellcheck disable=SC2154 # terraform.sh sets plan, bucket, region and work

if [ -n "${PLAN:-}" ]; then
  check PLAN '[A-Za-z0-9._-]{1,100}:[0-9a-f]{64}' 'a plan that was kept, PLAN_ID:SHA-256'
  PLAN_KEY="plans/$ENVIRONMENT/$LAYER/${PLAN%:*}.tfplan" PLAN_SHA256=${PLAN##*:}
fi
check PLAN_KEY "plans/$ENVIRONMENT/$LAYER/[A-Za-z0-9._-]{1,107}" "the plan-key of a plan of $ENVIRONMENT/$LAYER"
check PLAN_SHA256 '[0-9a-f]{64}' 'the plan-sha256 of that plan, 64 hexadecimal digits'

aws s3 cp --region "$region" --only-show-errors "s3://$bucket/$PLAN_KEY" "$plan" ||
  fail "The plan $PLAN_KEY could not be fetched. Plans are kept for a short time only: plan again."
sha256=$(sha256sum "$plan" | cut -d ' ' -f 1)
[ "$sha256" = "$PLAN_SHA256" ] ||
  fail "Refused: the plan $PLAN_KEY is not the one that was reviewed. Its SHA-256 is $sha256, that of the reviewed plan $PLAN_SHA256. Nothing was changed."

initialise
if ! tf apply -lock-timeout=5m -no-color "$plan" 2>&1 | tee "$work/apply.log"; then
  if grep --quiet 'Error acquiring the state lock' "$work/apply.log"; then
    # lock NAME: a field of what Terraform says of the lock.
    lock() { sed -nE "s/^[^[:alnum:]]*$1:[[:space:]]+(.*)/\1/p" "$work/apply.log" | tail -n 1; }
    fail "Refused: the state of $ENVIRONMENT/$LAYER is locked by $(quoted "$(lock Who)") since $(quoted "$(lock Created)") ($(quoted "$(lock Operation)")). Nothing was changed. If that run still works, wait for it; if it was cut off, free the lock and plan again: aws s3 rm --region $region s3://$bucket/$ENVIRONMENT/$LAYER.tfstate.tflock"
  fi
  if grep --quiet 'Saved plan is stale' "$work/apply.log"; then
    fail "Refused: the state of $ENVIRONMENT/$LAYER has changed since this plan was made. Nothing was changed. Plan again, and review that plan."
  fi
  fail "$ENVIRONMENT/$LAYER was not applied to its end; the lines above say why. What was done is in the state: plan again."
fi
summary <<<"### $ENVIRONMENT / $LAYER: applied \`$PLAN_KEY\`"
