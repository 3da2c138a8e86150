# Each alarm has its runbook: docs/runbooks/<alarm>.md.

locals {
  # Queues that are empty when all is well.
  queue_alarms = {
    redeployer-dead-letters = {
      description = "The redeployer gave up on an event"
      queue       = aws_sqs_queue.redeployer_dead_letters.name
    }
    undelivered-events = {
      description = "EventBridge could not hand an event to the redeployer's queue"
      queue       = aws_sqs_queue.undelivered.name
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  for_each = local.queue_alarms

  alarm_name          = "${local.prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.security.alarm_topic_arn]
  ok_actions          = [local.security.alarm_topic_arn]

  dimensions = {
    QueueName = each.value.queue
  }
}

# A message that the redeployer hands back is no error to Lambda, which sees an answer: the log is where it shows.
resource "aws_cloudwatch_log_metric_filter" "redeployer_errors" {
  name           = "errors"
  log_group_name = aws_cloudwatch_log_group.redeployer.name
  pattern        = "{ $.level = \"error\" }"

  metric_transformation {
    namespace     = "Slipway"
    name          = "${local.redeployer_name}-errors"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "redeployer_errors" {
  alarm_name          = "${local.prefix}-redeployer-errors"
  alarm_description   = "The redeployer failed: by its own log, or by its time or memory running out"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.security.alarm_topic_arn]
  ok_actions          = [local.security.alarm_topic_arn]

  metric_query {
    id          = "errors"
    expression  = "FILL(logged, 0) + FILL(crashed, 0)"
    label       = "Errors"
    return_data = true
  }

  metric_query {
    id = "logged"

    metric {
      namespace   = "Slipway"
      metric_name = "${local.redeployer_name}-errors"
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "crashed"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      stat        = "Sum"
      period      = 300

      dimensions = {
        FunctionName = aws_lambda_function.redeployer.function_name
      }
    }
  }
}

# What nobody expected: an outage of the database is a 503, and no release's fault. Without a line there is no value, and
# nothing to pay for.
resource "aws_cloudwatch_log_metric_filter" "service_errors" {
  name           = "errors"
  log_group_name = aws_cloudwatch_log_group.service.name
  pattern        = "{ $.status = 500 }"

  metric_transformation {
    namespace = "Slipway"
    name      = "${local.prefix}-service-errors"
    value     = "1"
  }
}

# One of three minutes: it goes off with the first, and a minute whose lines come late still counts. ECS watches a rollout for
# as long after its end as an alarm needs.
resource "aws_cloudwatch_metric_alarm" "service_errors" {
  alarm_name          = "${local.prefix}-service-errors"
  alarm_description   = "Five requests or more within a minute were answered with status 500; during a rollout ECS rolls it back"
  namespace           = aws_cloudwatch_log_metric_filter.service_errors.metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.service_errors.metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 5
  period              = 60
  evaluation_periods  = 3
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.security.alarm_topic_arn]
  ok_actions          = [local.security.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "service_cpu" {
  alarm_name          = "${local.prefix}-service-cpu"
  alarm_description   = "The tasks are busier than scaling can mend: over 85 % for 15 minutes"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 85
  period              = 300
  evaluation_periods  = 3
  # At zero tasks there is nothing to measure.
  treat_missing_data = "notBreaching"
  alarm_actions      = [local.security.alarm_topic_arn]
  ok_actions         = [local.security.alarm_topic_arn]

  dimensions = {
    ClusterName = aws_ecs_cluster.this.name
    ServiceName = aws_ecs_service.this.name
  }
}
