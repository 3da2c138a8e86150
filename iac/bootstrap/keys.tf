# One key for each environment, for everything that it keeps: state and plans, the database with its secret and snapshots,
# images, logs, notifications. It is bootstrap's, so it outlives the layers: what is left of an environment, a last snapshot
# above all, can be read after everything else is gone.
resource "aws_kms_key" "this" {
  for_each = local.environments

  description             = "Data and state of ${var.name} in ${each.key} at rest"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key[each.key].json
}

resource "aws_kms_alias" "this" {
  for_each = local.environments

  name          = "alias/${var.name}-${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:It is a key's own policy: AWS wants * there, which means this key.
  #checkov:skip=CKV_AWS_111:It is a key's own policy: AWS wants * there, which means this key.
  #checkov:skip=CKV_AWS_356:It is a key's own policy: AWS wants * there, which means this key.
  for_each = local.environments

  # The account's own IAM policies decide who uses the key.
  statement {
    sid       = "AccountDecides"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account_id}:root"]
    }
  }

  statement {
    sid       = "LogGroups"
    actions   = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values = [
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/slipway/${var.name}-${each.key}/*",
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/lambda/${var.name}-${each.key}-*",
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/rds/instance/${var.name}-${each.key}/*",
      ]
    }
  }

  # Alarms and the budget publish to a topic that is encrypted with this key.
  statement {
    sid       = "Notifications"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }

  statement {
    sid       = "TrailEncrypts"
    actions   = ["kms:GenerateDataKey*", "kms:DescribeKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }
}
