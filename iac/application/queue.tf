# One message group: one run of the redeployer at a time, in the order of the events' arrival.
resource "aws_sqs_queue" "redeployer" {
  name       = "${local.redeployer_name}.fifo"
  fifo_queue = true
  # Targets of EventBridge have no id of their own for deduplication.
  content_based_deduplication = true
  visibility_timeout_seconds  = local.redeployer_visibility
  message_retention_seconds   = 4 * 24 * 3600
  sqs_managed_sse_enabled     = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.redeployer_dead_letters.arn
    maxReceiveCount     = local.redeployer_receives
  })
}

resource "aws_sqs_queue" "redeployer_dead_letters" {
  name                        = "${local.redeployer_name}-dead-letters.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
  message_retention_seconds   = 14 * 24 * 3600
  sqs_managed_sse_enabled     = true
}

resource "aws_sqs_queue_redrive_allow_policy" "redeployer_dead_letters" {
  queue_url = aws_sqs_queue.redeployer_dead_letters.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.redeployer.arn]
  })
}

# What EventBridge could not put into the queue. It cannot use a FIFO queue for that.
resource "aws_sqs_queue" "undelivered" {
  name                      = "${local.prefix}-undelivered-events"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "redeployer" {
  queue_url = aws_sqs_queue.redeployer.id
  policy    = data.aws_iam_policy_document.queue["redeployer"].json
}

resource "aws_sqs_queue_policy" "undelivered" {
  queue_url = aws_sqs_queue.undelivered.id
  policy    = data.aws_iam_policy_document.queue["undelivered"].json
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.redeployer_dead_letters.id
  policy    = data.aws_iam_policy_document.queue["dead_letters"].json
}

data "aws_iam_policy_document" "queue" {
  for_each = {
    redeployer   = { arn = aws_sqs_queue.redeployer.arn, from_rules = true }
    undelivered  = { arn = aws_sqs_queue.undelivered.arn, from_rules = true }
    dead_letters = { arn = aws_sqs_queue.redeployer_dead_letters.arn, from_rules = false }
  }

  dynamic "statement" {
    for_each = each.value.from_rules ? [1] : []

    content {
      sid       = "RulesSend"
      actions   = ["sqs:SendMessage"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = ["events.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [for rule in values(aws_cloudwatch_event_rule.this) : rule.arn]
      }
    }
  }

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value.arn]

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
