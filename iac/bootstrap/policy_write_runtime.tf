# What the layer application runs. For the role `apply`.
resource "aws_iam_policy" "write_runtime" {
  for_each = local.environments

  name        = "${var.name}-${each.key}-write-runtime"
  path        = local.bootstrap_path
  description = "What the layer application runs (${var.name} in ${each.key})"
  policy      = data.aws_iam_policy_document.write_runtime[each.key].json
}

data "aws_iam_policy_document" "write_runtime" {
  #checkov:skip=CKV_AWS_111:AWS evaluates * for the actions with it, by its own list or by iac/authorisation.json; a test holds every policy to both.
  #checkov:skip=CKV_AWS_356:AWS evaluates * for the actions with it, by its own list or by iac/authorisation.json; a test holds every policy to both.
  for_each = local.environments

  # AWS takes no resource for these, or its pages disagree whether it does (iac/authorisation.json).
  statement {
    sid = "NoResource"
    actions = [
      "ecs:CreateCluster",
      "ecs:DeregisterTaskDefinition",
      "ecs:RegisterTaskDefinition",
      "lambda:CreateEventSourceMapping",
    ]
    resources = ["*"]
  }

  statement {
    sid = "Registry"
    actions = [
      "ecr:CreateRepository",
      "ecr:DeleteLifecyclePolicy",
      "ecr:DeleteRepository",
      "ecr:DeleteRepositoryPolicy",
      "ecr:PutImageScanningConfiguration",
      "ecr:PutImageTagMutability",
      "ecr:PutLifecyclePolicy",
      "ecr:SetRepositoryPolicy",
      "ecr:TagResource",
      "ecr:UntagResource",
    ]
    resources = ["arn:aws:ecr:${var.region}:${var.account_id}:repository/${var.name}-${each.key}"]
  }

  statement {
    sid = "Tasks"
    actions = [
      "ecs:CreateService",
      "ecs:DeleteCluster",
      "ecs:DeleteService",
      "ecs:PutClusterCapacityProviders",
      "ecs:TagResource",
      "ecs:UntagResource",
      "ecs:UpdateCluster",
      "ecs:UpdateClusterSettings",
      "ecs:UpdateService",
    ]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:cluster/${var.name}-${each.key}",
      "arn:aws:ecs:${var.region}:${var.account_id}:service/${var.name}-${each.key}/${var.name}-${each.key}",
      "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-${each.key}-template:*",
      "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-${each.key}-release-command-template:*",
    ]
  }

  statement {
    sid = "Scaling"
    actions = [
      "application-autoscaling:DeleteScalingPolicy",
      "application-autoscaling:DeregisterScalableTarget",
      "application-autoscaling:PutScalingPolicy",
      "application-autoscaling:RegisterScalableTarget",
      "application-autoscaling:TagResource",
      "application-autoscaling:UntagResource",
    ]
    resources = ["arn:aws:application-autoscaling:${var.region}:${var.account_id}:scalable-target/*"]
  }

  statement {
    sid = "Functions"
    actions = [
      "lambda:CreateFunction",
      "lambda:DeleteEventSourceMapping",
      "lambda:DeleteFunction",
      "lambda:InvokeFunction",
      "lambda:TagResource",
      "lambda:UntagResource",
      "lambda:UpdateEventSourceMapping",
      "lambda:UpdateFunctionCode",
      "lambda:UpdateFunctionConfiguration",
    ]
    resources = [
      "arn:aws:lambda:${var.region}:${var.account_id}:function:${var.name}-${each.key}-*",
      "arn:aws:lambda:${var.region}:${var.account_id}:event-source-mapping:*",
    ]
  }

  statement {
    sid = "Queues"
    actions = [
      "sqs:CreateQueue",
      "sqs:DeleteQueue",
      "sqs:SetQueueAttributes",
      "sqs:TagQueue",
      "sqs:UntagQueue",
    ]
    resources = ["arn:aws:sqs:${var.region}:${var.account_id}:${var.name}-${each.key}-*"]
  }

  statement {
    sid = "Rules"
    actions = [
      "events:DeleteRule",
      "events:PutRule",
      "events:PutTargets",
      "events:RemoveTargets",
      "events:TagResource",
      "events:UntagResource",
    ]
    resources = ["arn:aws:events:${var.region}:${var.account_id}:rule/${var.name}-${each.key}-*"]
  }
}
