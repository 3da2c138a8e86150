# The most that a role made by a layer can ever do, whatever policy is put on it: the role `apply` makes roles, and must not
# be able to make one that can do more than the service, its tasks and the redeployer need.

resource "aws_iam_policy" "boundary" {
  for_each = local.environments

  name        = "${var.name}-${each.key}-boundary"
  path        = local.bootstrap_path
  description = "The most that a role of ${var.name} in ${each.key} can do"
  policy      = data.aws_iam_policy_document.boundary[each.key].json
}

data "aws_iam_policy_document" "boundary" {
  for_each = local.environments

  # What has no resource to be narrowed to, or may have none (iac/authorisation.json). What a task definition may hold is
  # bounded by PassRole.
  statement {
    sid = "NoResource"
    actions = [
      "ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition", "logs:DescribeLogGroups",
    ]
    resources = ["*"]
  }

  statement {
    sid = "Logs"
    actions = [
      "logs:CreateLogGroup",
      "logs:CreateLogStream",
      "logs:DescribeLogStreams",
      "logs:GetLogEvents",
      "logs:PutLogEvents",
      "logs:PutRetentionPolicy",
    ]
    resources = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:*"]
  }

  statement {
    sid = "Images"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer",
    ]
    resources = ["arn:aws:ecr:${var.region}:${var.account_id}:repository/${var.name}-${each.key}"]
  }

  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:*"]
  }

  # The database's id is AWS's choice, and not known before the database is there.
  statement {
    sid       = "DatabaseUser"
    actions   = ["rds-db:connect"]
    resources = ["arn:aws:rds-db:${var.region}:${var.account_id}:dbuser:*/slipway_service"]
  }

  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["arn:aws:kms:${var.region}:${var.account_id}:key/*"]
  }

  statement {
    sid     = "Releases"
    actions = ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:service/${var.name}-${each.key}/${var.name}-${each.key}",
    ]
  }

  statement {
    sid     = "ReleaseHistory"
    actions = ["ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions"]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:service-deployment/${var.name}-${each.key}/${var.name}-${each.key}/*",
      "arn:aws:ecs:${var.region}:${var.account_id}:service-revision/${var.name}-${each.key}/${var.name}-${each.key}/*",
    ]
  }

  statement {
    sid     = "ReleaseDefinitions"
    actions = ["ecs:TagResource"]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-${each.key}:*",
      "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-${each.key}-release-command:*",
    ]
  }

  statement {
    sid     = "ReleaseCommand"
    actions = ["ecs:DescribeTasks", "ecs:RunTask", "ecs:StopTask"]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:task/${var.name}-${each.key}/*",
      "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-${each.key}-release-command:*",
    ]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = ["arn:aws:ecs:${var.region}:${var.account_id}:cluster/${var.name}-${each.key}"]
    }
  }

  # Its resource is a container instance, which Fargate does not have.
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
    sid       = "TaskRoles"
    actions   = ["iam:PassRole"]
    resources = ["arn:aws:iam::${var.account_id}:role/${var.name}-${each.key}/*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }

  statement {
    sid       = "Outcomes"
    actions   = ["sns:Publish"]
    resources = ["arn:aws:sns:${var.region}:${var.account_id}:${var.name}-${each.key}-*"]
  }

  statement {
    sid       = "Queue"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"]
    resources = ["arn:aws:sqs:${var.region}:${var.account_id}:${var.name}-${each.key}-*"]
  }

  statement {
    sid     = "Pause"
    actions = ["lambda:InvokeFunction", "rds:DescribeDBInstances", "rds:StartDBInstance", "rds:StopDBInstance", "states:StartExecution"]
    resources = [
      "arn:aws:lambda:${var.region}:${var.account_id}:function:${var.name}-${each.key}-redeployer",
      "arn:aws:rds:${var.region}:${var.account_id}:db:${var.name}-${each.key}",
      "arn:aws:states:${var.region}:${var.account_id}:stateMachine:${var.name}-${each.key}-pause",
    ]
  }

  statement {
    sid       = "PauseTag"
    actions   = ["ecs:TagResource", "ecs:UntagResource"]
    resources = ["arn:aws:ecs:${var.region}:${var.account_id}:service/${var.name}-${each.key}/${var.name}-${each.key}"]

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "aws:TagKeys"
      values   = ["paused"]
    }
  }
}
