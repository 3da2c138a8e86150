# A pause: hours in which the service stands at zero tasks and the database is stopped, by var.pause. A schedule starts a state
# machine, which does one thing after the other and looks how far the last one got, so that it may be started at any time.
#
# The tag `paused` on the service says that it is paused: to the redeployer, which then registers releases and starts nothing,
# and to the pipeline. Terraform looks past it (terraform.tf).

locals {
  pauses = var.pause == null ? [] : [var.pause]

  pause_name = "${local.prefix}-pause"

  # Not the service's own attribute: what goes with the load balancer would have to wait for the pause, and the pause for that.
  service_arn = "arn:aws:ecs:${var.region}:${var.account_id}:service/${local.prefix}/${local.prefix}"

  # When which way is gone. Each evening, also after a day without a start: RDS starts a database by itself that has been
  # stopped for seven days.
  pause_schedules = merge([for one in local.pauses : {
    pause  = "cron(${tonumber(split(":", one.stop)[1])} ${tonumber(split(":", one.stop)[0])} * * ? *)"
    resume = "cron(${tonumber(split(":", one.start)[1])} ${tonumber(split(":", one.start)[0])} ? * ${join(",", one.days)} *)"
  }]...)

  pause_machine = jsondecode(templatefile("${path.module}/pause.asl.json", {
    database    = local.postgres.identifier
    minimum     = var.capacity.minimum
    redeployer  = aws_lambda_function.redeployer.arn
    service     = local.prefix
    service_arn = local.service_arn
  }))

  # AWS's own hiccups, and answers that are behind.
  pause_retry = [{ ErrorEquals = ["States.ALL"], IntervalSeconds = 15, MaxAttempts = 5, BackoffRate = 2 }]
}

resource "aws_sfn_state_machine" "pause" {
  #checkov:skip=CKV_AWS_284:Each execution shows its steps by itself; there is nothing else to trace.
  #checkov:skip=CKV_AWS_285:Step Functions keeps what each execution did for 90 days, without a log.
  count = length(local.pauses)

  name     = local.pause_name
  role_arn = aws_iam_role.pause["machine"].arn

  definition = jsonencode(merge(local.pause_machine, {
    States = { for name, state in local.pause_machine.States : name =>
      merge(state, { for key, value in { Retry = local.pause_retry } : key => value if state.Type == "Task" })
    }
  }))

  depends_on = [aws_iam_role_policy.pause_machine]
}

resource "aws_scheduler_schedule" "pause" {
  #checkov:skip=CKV_AWS_297:It holds two words, no secret; AWS encrypts them with a key of its own.
  for_each = local.pause_schedules

  name                         = "${local.prefix}-${each.key}"
  description                  = each.key == "pause" ? "Nothing runs from here on" : "What was paused runs from here on"
  schedule_expression          = each.value
  schedule_expression_timezone = var.pause.time_zone

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.pause[0].arn
    role_arn = aws_iam_role.pause["schedule"].arn
    input    = jsonencode({ way = each.key })

    retry_policy {
      maximum_event_age_in_seconds = 3600
    }

    dead_letter_config {
      arn = aws_sqs_queue.undelivered.arn
    }
  }

  depends_on = [aws_iam_role_policy.pause_schedule]
}

resource "aws_cloudwatch_metric_alarm" "pause" {
  count = length(local.pauses)

  alarm_name          = "${local.prefix}-pause"
  alarm_description   = "A pause did not begin or end as it should"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.security.alarm_topic_arn]
  ok_actions          = [local.security.alarm_topic_arn]

  metric_query {
    id          = "unfinished"
    expression  = "FILL(failed, 0) + FILL(late, 0)"
    label       = "Executions that did not end well"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      failed = "ExecutionsFailed"
      late   = "ExecutionsTimedOut"
    }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/States"
        metric_name = metric_query.value
        stat        = "Sum"
        period      = 300

        dimensions = {
          StateMachineArn = aws_sfn_state_machine.pause[0].arn
        }
      }
    }
  }
}

check "pause" {
  assert {
    condition     = var.pause == null || !local.has_edge
    error_message = "In a pause each request is answered with 503 by the load balancer, which still costs money, and from 20 requests a minute the alarm http-5xx rings."
  }
}
