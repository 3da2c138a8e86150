#!/usr/bin/env bash
# The last lines that the release command of the image DIGEST wrote, and why ECS stopped it. ECS tells of a task for about an
# hour after its end. Each line is prefixed: none that was logged can be a workflow command.
#
#   CLUSTER, SERVICE, DIGEST  as in wait.sh
set -euo pipefail
: "${CLUSTER:?}" "${SERVICE:?}" "${DIGEST:?}"

family=$SERVICE-release-command
definition=$(aws ecs describe-task-definition --task-definition "$family" --output json | jq '.taskDefinition')
arns=$(aws ecs list-tasks --cluster "$CLUSTER" --family "$family" --desired-status STOPPED --output json | jq --raw-output '.taskArns[]')
[ -n "$arns" ] || exit 1
mapfile -t arns <<<"$arns"
tasks=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "${arns[@]}" --output json)

# The container with the image, its log, and the last task of it.
found=$(jq --raw-output --arg digest "$DIGEST" --argjson tasks "$tasks" '
  .taskDefinitionArn as $arn
  | first(.containerDefinitions[] | select(.image | endswith("@" + $digest)))
  | .name as $name | .logConfiguration.options as $log
  | ($tasks.tasks | map(select(.taskDefinitionArn == $arn)) | sort_by(.createdAt) | last // empty)
  | [$log["awslogs-group"], "\($log["awslogs-stream-prefix"])/\($name)/\(.taskArn | split("/") | last)",
     ((.stoppedReason // "no reason given") | gsub("[[:space:]]+"; " "))]
  | @tsv' <<<"$definition")
[ -n "$found" ] || exit 1
IFS=$'\t' read -r group stream reason <<<"$found"

printf 'Release command | ECS: %s\n' "$reason"
aws logs get-log-events --log-group-name "$group" --log-stream-name "$stream" --limit 30 --output json |
  jq --raw-output '.events[].message | split("\n")[] | "Release command | " + .'
