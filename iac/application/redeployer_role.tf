resource "aws_iam_role" "redeployer" {
  name                 = local.redeployer_name
  path                 = local.role_path
  description          = "The redeployer: registers releases and updates the one service"
  permissions_boundary = local.permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.redeployer_trust.json
}

data "aws_iam_policy_document" "redeployer_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "redeployer" {
  name   = "redeploy"
  role   = aws_iam_role.redeployer.id
  policy = data.aws_iam_policy_document.redeployer.json
}

locals {
  ecs = "arn:aws:ecs:${var.region}:${var.account_id}"
}

data "aws_iam_policy_document" "redeployer" {
  statement {
    sid       = "Images"
    actions   = ["ecr:DescribeImages"]
    resources = [aws_ecr_repository.this.arn]
  }

  statement {
    sid       = "Service"
    actions   = ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"]
    resources = ["${local.ecs}:service/${local.prefix}/${local.prefix}"]
  }

  statement {
    sid     = "History"
    actions = ["ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions"]
    resources = [
      "${local.ecs}:service-deployment/${local.prefix}/${local.prefix}/*",
      "${local.ecs}:service-revision/${local.prefix}/${local.prefix}/*",
    ]
  }

  statement {
    sid       = "Releases"
    actions   = ["ecs:TagResource"]
    resources = ["${local.ecs}:task-definition/${local.prefix}:*"]
  }

  # AWS takes no resource for the first, and its pages disagree about the second (iac/authorisation.json): on * it is granted
  # under both readings. What a definition may run as is bounded by PassRole.
  statement {
    sid       = "TaskDefinitions"
    actions   = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
    resources = ["*"]
  }

  statement {
    sid       = "TaskRoles"
    actions   = ["iam:PassRole"]
    resources = [local.security.roles.task.arn, local.security.roles.execution.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }

  statement {
    sid       = "Outcomes"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.outcomes.arn]
  }

  statement {
    sid       = "OutcomesKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [local.security.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sns.${var.region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "Queue"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.redeployer.arn]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.redeployer.arn}:*"]
  }
}
