# What the layers security and databases keep data with. For the role `apply`.
resource "aws_iam_policy" "write_data" {
  for_each = local.environments

  name        = "${var.name}-${each.key}-write-data"
  path        = local.bootstrap_path
  description = "What the layers security and databases keep data with (${var.name} in ${each.key})"
  policy      = data.aws_iam_policy_document.write_data[each.key].json
}

data "aws_iam_policy_document" "write_data" {
  for_each = local.environments

  # AWS takes no resource for these.
  statement {
    sid       = "NoResource"
    actions   = ["kms:CreateKey"]
    resources = ["*"]
  }

  # By their tags, which are set when a key is made: the key of the state, bootstrap's own, is none of them.
  statement {
    sid = "Keys"
    actions = [
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:EnableKeyRotation",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ]
    resources = ["arn:aws:kms:${var.region}:${var.account_id}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [each.key]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Layer"
      values   = ["security"]
    }
  }

  statement {
    sid = "KeyNames"
    actions = [
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:UpdateAlias",
    ]
    resources = ["arn:aws:kms:${var.region}:${var.account_id}:alias/${var.name}-${each.key}"]
  }

  statement {
    sid = "Topics"
    actions = [
      "sns:CreateTopic",
      "sns:DeleteTopic",
      "sns:SetSubscriptionAttributes",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
      "sns:TagResource",
      "sns:Unsubscribe",
      "sns:UntagResource",
    ]
    resources = ["arn:aws:sns:${var.region}:${var.account_id}:${var.name}-${each.key}-*"]
  }

  statement {
    sid = "Databases"
    actions = [
      "rds:AddTagsToResource",
      "rds:CreateDBInstance",
      "rds:CreateDBParameterGroup",
      "rds:CreateDBSnapshot",
      "rds:CreateDBSubnetGroup",
      "rds:DeleteDBInstance",
      "rds:DeleteDBParameterGroup",
      "rds:DeleteDBSubnetGroup",
      "rds:ModifyDBInstance",
      "rds:ModifyDBParameterGroup",
      "rds:ModifyDBSubnetGroup",
      "rds:RebootDBInstance",
      "rds:RemoveTagsFromResource",
      "rds:ResetDBParameterGroup",
    ]
    resources = [
      "arn:aws:rds:${var.region}:${var.account_id}:db:${var.name}-${each.key}",
      "arn:aws:rds:${var.region}:${var.account_id}:snapshot:${var.name}-${each.key}-*",
      "arn:aws:rds:${var.region}:${var.account_id}:pg:${var.name}-${each.key}-*",
      "arn:aws:rds:${var.region}:${var.account_id}:subgrp:${var.name}-${each.key}",
      "arn:aws:rds:${var.region}:${var.account_id}:og:default:*",
    ]
  }

  statement {
    sid = "DatabaseSecret"
    actions = [
      "secretsmanager:CreateSecret",
      "secretsmanager:DescribeSecret",
      "secretsmanager:RotateSecret",
      "secretsmanager:TagResource",
    ]
    resources = ["arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:rds!*"]
  }

  # RDS, ECR and CloudWatch Logs keep the key in use through grants that they ask for in the caller's name.
  statement {
    sid       = "GrantsForServices"
    actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["arn:aws:kms:${var.region}:${var.account_id}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values = [
        "ecr.${var.region}.amazonaws.com",
        "rds.${var.region}.amazonaws.com",
        "secretsmanager.${var.region}.amazonaws.com",
      ]
    }
  }
}
