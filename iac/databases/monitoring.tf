# Enhanced monitoring writes into RDSOSMetrics, a group of RDS's own.
resource "aws_iam_role" "monitoring" {
  name                 = "${local.prefix}-database-monitoring"
  path                 = local.role_path
  description          = "Lets RDS write the operating system's metrics of the database"
  permissions_boundary = local.permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.monitoring_trust.json
}

data "aws_iam_policy_document" "monitoring_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = ["arn:aws:rds:${var.region}:${var.account_id}:db:${local.prefix}"]
    }
  }
}

resource "aws_iam_role_policy" "monitoring" {
  name   = "write-metrics"
  role   = aws_iam_role.monitoring.id
  policy = data.aws_iam_policy_document.monitoring.json
}

data "aws_iam_policy_document" "monitoring" {
  statement {
    sid       = "Group"
    actions   = ["logs:CreateLogGroup", "logs:PutRetentionPolicy"]
    resources = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:RDS*"]
  }

  statement {
    sid       = "Streams"
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:RDS*:log-stream:*"]
  }
}
