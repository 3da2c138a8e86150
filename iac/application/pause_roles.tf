# What the state machine of the pause may do, and what the schedules may, which start it.

resource "aws_iam_role" "pause" {
  for_each = { for key, role in {
    machine  = { name = local.pause_name, service = "states", description = "The pause: stops and starts tasks and database" }
    schedule = { name = "${local.pause_name}-schedule", service = "scheduler", description = "Starts the pause, and its end" }
  } : key => role if var.pause != null }

  name                 = each.value.name
  path                 = local.role_path
  description          = each.value.description
  permissions_boundary = local.permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.pause_trust[each.value.service].json
}

data "aws_iam_policy_document" "pause_trust" {
  for_each = toset(["states", "scheduler"])

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_iam_role_policy" "pause_machine" {
  count = length(local.pauses)

  name   = "pause"
  role   = aws_iam_role.pause["machine"].id
  policy = data.aws_iam_policy_document.pause_machine[0].json
}

data "aws_iam_policy_document" "pause_machine" {
  count = length(local.pauses)

  statement {
    sid       = "Service"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = [local.service_arn]
  }

  statement {
    sid       = "Mark"
    actions   = ["ecs:TagResource", "ecs:UntagResource"]
    resources = [local.service_arn]

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "aws:TagKeys"
      values   = ["paused"]
    }
  }

  # Its resource is a container instance, which Fargate does not have.
  statement {
    sid       = "Tasks"
    actions   = ["ecs:ListTasks"]
    resources = ["*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.this.arn]
    }
  }

  statement {
    sid       = "Database"
    actions   = ["rds:DescribeDBInstances", "rds:StartDBInstance", "rds:StopDBInstance"]
    resources = ["arn:aws:rds:${var.region}:${var.account_id}:db:${local.postgres.identifier}"]
  }

  statement {
    sid       = "Redeployer"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.redeployer.arn]
  }
}

resource "aws_iam_role_policy" "pause_schedule" {
  count = length(local.pauses)

  name   = "start"
  role   = aws_iam_role.pause["schedule"].id
  policy = data.aws_iam_policy_document.pause_schedule[0].json
}

data "aws_iam_policy_document" "pause_schedule" {
  count = length(local.pauses)

  statement {
    sid       = "Start"
    actions   = ["states:StartExecution"]
    resources = ["arn:aws:states:${var.region}:${var.account_id}:stateMachine:${local.pause_name}"]
  }

  statement {
    sid       = "Undelivered"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.undelivered.arn]
  }
}
