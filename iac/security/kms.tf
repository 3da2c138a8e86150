# One key for what the environment keeps: database, its secret, images, logs, notifications.
resource "aws_kms_key" "this" {
  description             = "Data of ${local.prefix} at rest"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json

  tags = {
    Name = local.prefix
  }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${local.prefix}"
  target_key_id = aws_kms_key.this.key_id
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:It is a key's own policy: AWS wants * there, which means this key.
  #checkov:skip=CKV_AWS_111:It is a key's own policy: AWS wants * there, which means this key.
  #checkov:skip=CKV_AWS_356:It is a key's own policy: AWS wants * there, which means this key.
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
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/slipway/${local.prefix}/*",
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/lambda/${local.prefix}-*",
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/rds/instance/${local.prefix}/*",
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
}
