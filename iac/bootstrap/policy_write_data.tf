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
      "rds:RestoreDBInstanceFromDBSnapshot",
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

  # RDS, ECR and CloudWatch Logs keep the key in use through grants that they ask for in the caller's name, and give back.
  statement {
    sid       = "GrantsForServices"
    actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:RetireGrant"]
    resources = [aws_kms_key.this[each.key].arn]

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
