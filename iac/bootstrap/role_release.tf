# `release`: asks the redeployer for a release or a restart, and looks at how the rollout goes.

resource "aws_iam_role_policy" "release" {
  for_each = local.environments

  name   = "release"
  role   = aws_iam_role.github["${each.key}-release"].id
  policy = data.aws_iam_policy_document.release[each.key].json
}

data "aws_iam_policy_document" "release" {
  for_each = local.environments

  statement {
    sid       = "Ask"
    actions   = ["events:PutEvents"]
    resources = ["arn:aws:events:${var.region}:${var.account_id}:event-bus/default"]

    condition {
      test     = "StringEquals"
      variable = "events:source"
      values   = ["slipway"]
    }

    condition {
      test     = "StringEquals"
      variable = "events:detail-type"
      values   = ["Release Requested", "Restart Requested"]
    }
  }

  # Whether the image is for the processor that the environment has: an index says it, of a plain image its configuration.
  statement {
    sid       = "ReadManifests"
    actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = ["arn:aws:ecr:${var.region}:${var.account_id}:repository/${var.name}-${each.key}"]
  }

  source_policy_documents = [data.aws_iam_policy_document.watch_rollout[each.key].json]
}

# What it takes to see which image a service runs and how its last rollout ended: the role `plan` has it too.
data "aws_iam_policy_document" "watch_rollout" {
  for_each = local.environments

  statement {
    sid       = "LookUpImages"
    actions   = ["ecr:DescribeImages"]
    resources = ["arn:aws:ecr:${var.region}:${var.account_id}:repository/${var.name}-${each.key}"]
  }

  statement {
    sid     = "WatchService"
    actions = ["ecs:DescribeServices", "ecs:ListServiceDeployments"]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:service/${var.name}-${each.key}/${var.name}-${each.key}",
    ]
  }

  statement {
    sid     = "WatchRollout"
    actions = ["ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions"]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:service-deployment/${var.name}-${each.key}/${var.name}-${each.key}/*",
      "arn:aws:ecs:${var.region}:${var.account_id}:service-revision/${var.name}-${each.key}/${var.name}-${each.key}/*",
    ]
  }

  # What a release command wrote, and why it was stopped.
  statement {
    sid       = "ReadReleaseCommand"
    actions   = ["ecs:DescribeTasks"]
    resources = ["arn:aws:ecs:${var.region}:${var.account_id}:task/${var.name}-${each.key}/*"]
  }

  statement {
    sid       = "ListTasks"
    actions   = ["ecs:ListTasks"]
    resources = ["*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = ["arn:aws:ecs:${var.region}:${var.account_id}:cluster/${var.name}-${each.key}"]
    }
  }

  statement {
    sid       = "ReadReleaseCommandLog"
    actions   = ["logs:GetLogEvents"]
    resources = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:/slipway/${var.name}-${each.key}/service:log-stream:release-command/*"]
  }

  # AWS takes no resource for it.
  statement {
    sid       = "ReadTaskDefinitions"
    actions   = ["ecs:DescribeTaskDefinition"]
    resources = ["*"]
  }
}
