resource "aws_kms_key" "state" {
  description             = "State and plans of Terraform, ${local.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.state_key.json
}

resource "aws_kms_alias" "state" {
  name          = "alias/${local.prefix}-state"
  target_key_id = aws_kms_key.state.key_id
}

# The account's own IAM policies decide who uses the key; CloudTrail is the one service that does.
data "aws_iam_policy_document" "state_key" {
  #checkov:skip=CKV_AWS_109:It is a key's own policy: AWS wants * there, which means this key.
  #checkov:skip=CKV_AWS_111:It is a key's own policy: AWS wants * there, which means this key.
  #checkov:skip=CKV_AWS_356:It is a key's own policy: AWS wants * there, which means this key.
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
