# One look at a service (look.sh) becomes "outcome <tab> reason", and where it goes on too long "<tab> what to do". Arguments: $digest, $since (seconds since 1970).
include "time";

def one_line: (. // "no reason given") | gsub("[[:space:]]+"; " ");

def is_ours: [.containerDefinitions[].image | endswith("@" + $digest)] | any;

(.service.deployments | map(select(.status == "PRIMARY"))[0]) as $primary
# Newest first. A rollout belongs to us by the image of its target, which every revision keeps for ever.
| ([.rollouts[]
    | select(.createdAt | seconds >= $since)
    | select([.images[] | .imageDigest == $digest or (.image | endswith("@" + $digest))] | any)]
    | sort_by(.createdAt | seconds) | last) as $rollout
| (.newest | if . and (is_ours | not) and ((.tags["released-at"] // "1970-01-01T00:00:00Z" | seconds) > $since)
    then .tags.commit // .taskDefinitionArn else null end) as $successor
| (.newest | . and is_ours and ((.tags["released-at"] // "1970-01-01T00:00:00Z" | seconds) >= $since)) as $registered
| (if $registered then .newest.tags["release-command"] else null end) as $command
| ([.service.tags[]? | select(.key == "paused")] | length > 0) as $paused
| ([.service.events[]?.message][:3] | map(one_line) | join(" ")) as $events

| if $paused and (.running | is_ours) and $primary.rolloutState == "COMPLETED" and $primary.runningCount == 0 then
    ["paused", "The service is paused. It has the image and no task runs it: whether it does will show when the pause is over."]
  elif (.running | is_ours) and $primary.rolloutState == "COMPLETED" and $primary.runningCount == 0 then
    ["waiting", "The service has the image, but no task runs it: its desired count is \($primary.desiredCount).",
      if $primary.desiredCount == 0 then "Raise that, or the minimum of its auto scaling." else "Last events: \($events)" end]
  elif (.running | is_ours) and $primary.rolloutState == "COMPLETED" then
    ["completed", "The service runs the image, \($primary.runningCount) of \($primary.desiredCount) tasks."]
  elif ($rollout.status // "" | test("^ROLLBACK_"))
    or ((.running | is_ours) and $primary.rolloutState == "FAILED") then
    ["rolled-back", "ECS rolled the image back (\($rollout.status // $primary.rolloutState)): "
      + ([$rollout.statusReason // $primary.rolloutStateReason | one_line] + [$rollout.alarms[]? | "alarm \(.)"] | join("; "))
      + " Last events: \($events)"]
  elif $command == "failed" then
    ["release-command-failed", "Nothing was rolled out: its release command failed. The last stopped task of the family "
      + "\(.newest.family)-release-command says why, and its log."]
  elif $successor then
    ["superseded", "The commit \($successor) was released after it; this image is not what the service will run."]
  elif ($rollout.status // "" | test("^STOP")) then
    ["rolled-back", "Its deployment was stopped: \($rollout.statusReason | one_line)"]
  elif $paused and $registered and $rollout == null then
    ["paused", "The service is paused. The image is registered as its newest release, and rolled out when the pause is over."]
  elif .running | is_ours then
    ["waiting", "The image is being rolled out, \($primary.runningCount) of \($primary.desiredCount) tasks run (\($primary.rolloutState)).",
      "Last events: \($events)"]
  elif $rollout then
    ["waiting", "The image's deployment is \($rollout.status).", "Last events: \($events)"]
  else
    ["waiting", "The service does not run the image yet, and nothing has begun to roll it out.",
      "The redeployer's log and its dead-letter queue tell what it did."]
  end
| @tsv
