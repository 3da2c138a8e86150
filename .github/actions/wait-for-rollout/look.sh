#!/usr/bin/env bash
# What ECS says about SERVICE of CLUSTER, as one JSON object for judge.jq:
#   service   as DescribeServices tells it, with tags
#   running   the task definition of its primary deployment
#   newest    the newest task definition of the family SERVICE, with tags; null before the first release
#   rollouts  the service deployments of its history that are newest, each with the images of its
#             target revision and the alarms that had it rolled back
set -euo pipefail
: "${CLUSTER:?}" "${SERVICE:?}"

aws_ecs() { aws ecs "$@" --output json; }

answer=$(aws_ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --include TAGS)
service=$(jq '.services[0] // empty | select(.status == "ACTIVE")' <<<"$answer")
if [ -z "$service" ]; then
  printf 'There is no active service %s in the cluster %s.\n' "$SERVICE" "$CLUSTER" >&2
  exit 1
fi

definition=$(jq --raw-output '[.deployments[] | select(.status == "PRIMARY")][0].taskDefinition' <<<"$service")
running=$(aws_ecs describe-task-definition --task-definition "$definition")

if ! newest=$(aws_ecs describe-task-definition --task-definition "$SERVICE" --include TAGS 2>&1); then
  # A family without a release is not an error: the redeployer has not come to it yet.
  [[ $newest == *'(ClientException)'* ]] || { printf '%s\n' "$newest" >&2 && exit 1; }
  newest=null
fi

rollouts='[]'
arns=$(aws_ecs list-service-deployments --cluster "$CLUSTER" --service "$SERVICE" --max-results 20 --no-paginate |
  jq --raw-output '[.serviceDeployments[].serviceDeploymentArn][:20] | .[]')
if [ -n "$arns" ]; then
  mapfile -t arns <<<"$arns"
  deployments=$(aws_ecs describe-service-deployments --service-deployment-arns "${arns[@]}" | jq '.serviceDeployments')
  mapfile -t arns < <(jq --raw-output '[.[].targetServiceRevision.arn] | unique | .[]' <<<"$deployments")
  revisions=$(aws_ecs describe-service-revisions --service-revision-arns "${arns[@]}" | jq '.serviceRevisions')
  rollouts=$(jq --argjson revisions "$revisions" '
    ($revisions | map({key: .serviceRevisionArn, value: .}) | from_entries) as $revision
    | map({createdAt, status, statusReason, alarms: (.alarms.triggeredAlarmNames // []), images: [$revision[.targetServiceRevision.arn].containerImages[]?]})' <<<"$deployments")
fi

jq --null-input --argjson service "$service" --argjson running "$running" --argjson newest "$newest" \
  --argjson rollouts "$rollouts" '{
    $service, running: $running.taskDefinition, $rollouts,
    newest: ($newest | if . then .taskDefinition + {tags: ([.tags[]? | {(.key): .value}] | add // {})} else null end)
  }'
