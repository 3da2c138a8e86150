# What triggers the redeployer. Each rule lets through only what concerns this environment (redeployer/README.md, "Events").

locals {
  rules = merge({
    image-pushed = {
      description = "An image was pushed to the repository"
      pattern = {
        source      = ["aws.ecr"]
        detail-type = ["ECR Image Action"]
        detail = {
          action-type     = ["PUSH"]
          result          = ["SUCCESS"]
          repository-name = [aws_ecr_repository.this.name]
        }
      }
    }
    rollout-ended = {
      description = "A rollout of the service ended"
      pattern = {
        source      = ["aws.ecs"]
        detail-type = ["ECS Deployment State Change"]
        resources   = [aws_ecs_service.this.id]
        detail      = { eventName = ["SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_DEPLOYMENT_FAILED"] }
      }
    }
    requested = {
      description = "Somebody asked for a release or a restart"
      pattern = {
        source      = ["slipway"]
        detail-type = ["Release Requested", "Restart Requested"]
        detail      = { service = [aws_ecs_service.this.name] }
      }
    }
    }, { for arns in [local.secret_arns.service] : "secret-rotated" => {
      description = "A secret that the tasks were given has rotated"
      pattern = {
        source      = ["aws.secretsmanager"]
        detail-type = ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"]
        detail = {
          eventName           = ["RotationSucceeded"]
          additionalEventData = { SecretId = arns }
        }
      }
      } if length(arns) > 0 }, { for one in local.release_commands : "release-command-ended" => {
      description = "A release command ended"
      pattern = {
        source      = ["aws.ecs"]
        detail-type = ["ECS Task State Change"]
        detail = {
          clusterArn = [aws_ecs_cluster.this.arn]
          group      = ["family:${local.release_command}"]
          lastStatus = ["STOPPED"]
        }
      }
  } })
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = merge(
    { for name, rule in local.rules : name => { description = rule.description, pattern = jsonencode(rule.pattern), schedule = null } },
    # Events can be lost: ECR sends them as best it can. What is missing is found by looking.
    { schedule = { description = "Look whether anything is missing", pattern = null, schedule = "rate(15 minutes)" } },
  )

  name                = "${local.prefix}-${each.key}"
  description         = each.value.description
  event_pattern       = each.value.pattern
  schedule_expression = each.value.schedule
}

resource "aws_cloudwatch_event_target" "redeployer" {
  for_each = aws_cloudwatch_event_rule.this

  rule      = each.value.name
  target_id = "redeployer"
  arn       = aws_sqs_queue.redeployer.arn

  sqs_target {
    message_group_id = "redeployer"
  }

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}
