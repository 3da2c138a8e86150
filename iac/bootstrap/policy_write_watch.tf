# Alarms, dashboard, budget and the pause. For the role `apply`.
resource "aws_iam_policy" "write_watch" {
  for_each = local.environments

  name        = "${var.name}-${each.key}-write-watch"
  path        = local.bootstrap_path
  description = "Alarms, dashboard, budget and the pause (${var.name} in ${each.key})"
  policy      = data.aws_iam_policy_document.write_watch[each.key].json
}

data "aws_iam_policy_document" "write_watch" {
  for_each = local.environments

  statement {
    sid = "Alarms"
    actions = [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DeleteDashboards",
      "cloudwatch:PutDashboard",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
    ]
    resources = [
      "arn:aws:cloudwatch:${var.region}:${var.account_id}:alarm:${var.name}-${each.key}-*",
      "arn:aws:cloudwatch::${var.account_id}:dashboard/${var.name}-${each.key}",
    ]
  }

  # Application Auto Scaling makes and deletes its alarms in the name of whoever puts the policy.
  statement {
    sid     = "AlarmsOfTheScaling"
    actions = ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"]
    resources = [
      "arn:aws:cloudwatch:${var.region}:${var.account_id}:alarm:TargetTracking-service/${var.name}-${each.key}/*",
    ]
  }

  statement {
    sid = "Budget"
    actions = [
      "budgets:ModifyBudget",
      "budgets:TagResource",
      "budgets:UntagResource",
    ]
    resources = ["arn:aws:budgets::${var.account_id}:budget/${var.name}-${each.key}"]
  }

  statement {
    sid = "Pause"
    actions = [
      "scheduler:CreateSchedule",
      "scheduler:DeleteSchedule",
      "scheduler:UpdateSchedule",
      "states:CreateStateMachine",
      "states:DeleteStateMachine",
      "states:TagResource",
      "states:UntagResource",
      "states:UpdateStateMachine",
    ]
    resources = [
      "arn:aws:scheduler:${var.region}:${var.account_id}:schedule/default/${var.name}-${each.key}-*",
      "arn:aws:states:${var.region}:${var.account_id}:stateMachine:${var.name}-${each.key}-pause",
    ]
  }
}
