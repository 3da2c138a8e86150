#!/usr/bin/env bash
# Which commit SERVICE of CLUSTER runs: the one whose rollout has completed and of which at least one task runs.
#   in:  CLUSTER SERVICE
#   out: commit, digest
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

check CLUSTER '[A-Za-z0-9_-]{1,255}' 'the name of an ECS cluster'
check SERVICE '[A-Za-z0-9_-]{1,255}' 'the name of an ECS service'

answer=$(aws ecs describe-services --output json --cluster "$CLUSTER" --services "$SERVICE") ||
  fail "ECS could not be asked about $SERVICE; the lines above say why."
primary=$(jq --compact-output '[.services[0].deployments[]? | select(.status == "PRIMARY")][0] // empty' <<<"$answer")
[ -n "$primary" ] || fail "There is no active service $SERVICE in the cluster $CLUSTER."
if [ "$(jq --raw-output '.rolloutState == "COMPLETED" and .runningCount > 0' <<<"$primary")" != true ]; then
  fail "Nothing of $SERVICE can be promoted now: its rollout is $(jq --raw-output '"\(.rolloutState), and \(.runningCount) of \(.desiredCount) tasks run"' <<<"$primary"). Wait until its tasks run, or name a commit."
fi
definition=$(aws ecs describe-task-definition --output json --include TAGS \
  --task-definition "$(jq --raw-output .taskDefinition <<<"$primary")") || fail "The task definition of $SERVICE could not be read."
commit=$(jq --raw-output '[.tags[]? | select(.key == "commit")][0].value // empty' <<<"$definition")
digest=$(jq --raw-output '[.taskDefinition.containerDefinitions[].image | capture("@(?<digest>sha256:[0-9a-f]{64})$").digest][0] // empty' <<<"$definition")
[[ -n $commit && -n $digest ]] || fail "$SERVICE runs nothing that the redeployer released: its task definition names no commit and digest."

output commit "$commit"
output digest "$digest"
summary <<<"\`$SERVICE\` runs \`$commit\`, \`$digest\`"
