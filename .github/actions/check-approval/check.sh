#!/usr/bin/env bash
# Whether a plan may be carried out by the run that made it: only where someone looks at it in between, so only where the
# GitHub environment ENVIRONMENT has required reviewers. Else that takes a second run, which names the plan: an environment
# that is not there is made without rules by the first job that names it, and private repositories below GitHub Enterprise
# have no reviewers. What cannot be found out counts as none.
#   in:  COMMAND (plan, apply, destroy), ENVIRONMENT LAYER CHANGES PLAN of the plan just made, or KEPT_PLAN, that of an
#        earlier run; GH_TOKEN and GH_REPO for gh
#   out: plan, the plan to carry out; carry-out (true, false)
# Exit code 1 where apply or destroy is asked for and has to wait for a second run: what was asked for is not done.
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check COMMAND 'plan|apply|destroy' 'plan, apply or destroy'
check_environment ENVIRONMENT
if [ -n "${KEPT_PLAN:-}" ]; then
  check KEPT_PLAN '[A-Za-z0-9._-]{1,100}:[0-9a-f]{64}' 'what the run that planned shows under "To carry it out": PLAN:SHA-256'
  [ "$COMMAND" = apply ] || fail "A kept plan goes with the command apply, whatever kind it is of; the command is $COMMAND."
  output plan "$KEPT_PLAN"
  output carry-out true
  exit
fi

output plan "$PLAN"
if [ "$COMMAND" = plan ] || [ "$CHANGES" != true ]; then
  output carry-out false
  exit
fi
reviewers=$(gh api "repos/$GH_REPO/environments/$ENVIRONMENT" --jq '
  [.protection_rules[]? | select(.type == "required_reviewers") | .reviewers[]] | length' 2>&1) || {
  printf '%s\n' "$reviewers"
  reviewers=0
}
if [[ ! $reviewers =~ ^[1-9][0-9]*$ ]]; then
  output carry-out false
  fail "$ENVIRONMENT/$LAYER was planned and not carried out: the GitHub environment $ENVIRONMENT has no required reviewers, so nobody would look at the plan before it is. Read it on this page, then run again with the command apply, the layer $LAYER and the plan $PLAN"
fi
output carry-out true
