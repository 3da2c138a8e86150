# How each rollout ended, as JSON: who subscribes is notified of every release and every rollback.
resource "aws_sns_topic" "outcomes" {
  name              = "${local.prefix}-outcomes"
  kms_master_key_id = local.security.kms_key_arn
}

resource "aws_sns_topic_subscription" "outcomes" {
  for_each = var.outcome_emails

  topic_arn = aws_sns_topic.outcomes.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_sns_topic_policy" "outcomes" {
  arn    = aws_sns_topic.outcomes.arn
  policy = data.aws_iam_policy_document.outcomes.json
}

data "aws_iam_policy_document" "outcomes" {
  statement {
    sid       = "RedeployerPublishes"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.outcomes.arn]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.redeployer.arn]
    }
  }

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.outcomes.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
