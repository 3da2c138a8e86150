resource "aws_flow_log" "this" {
  vpc_id                   = aws_vpc.this.id
  traffic_type             = "ALL"
  log_destination_type     = "cloud-watch-logs"
  log_destination          = aws_cloudwatch_log_group.flow_log.arn
  iam_role_arn             = aws_iam_role.flow_log.arn
  max_aggregation_interval = 600

  tags = {
    Name = local.prefix
  }
}

resource "aws_cloudwatch_log_group" "flow_log" {
  #checkov:skip=CKV_AWS_158:Addresses and ports, no content; the environment's key belongs to the layer above. CloudWatch Logs encrypts with a key of its own.
  #checkov:skip=CKV_AWS_338:A month is what an investigation of traffic looks at; flow_log_retention_days holds more where it must be kept.
  name              = "/slipway/${local.prefix}/flow-log"
  retention_in_days = var.flow_log_retention_days
}

resource "aws_iam_role" "flow_log" {
  name                 = "${local.prefix}-flow-log"
  path                 = local.role_path
  description          = "Lets the flow log write into its log group"
  permissions_boundary = local.permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.flow_log_trust.json
}

data "aws_iam_policy_document" "flow_log_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_iam_role_policy" "flow_log" {
  name   = "write-flow-log"
  role   = aws_iam_role.flow_log.id
  policy = data.aws_iam_policy_document.flow_log.json
}

data "aws_iam_policy_document" "flow_log" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.flow_log.arn}:*"]
  }

  # AWS's page for flow logs asks for both (iac/authorisation.json). It takes no resource for the first; the group is there, so
  # that the second changes nothing.
  statement {
    actions   = ["logs:DescribeLogGroups"]
    resources = ["*"]
  }

  statement {
    actions   = ["logs:CreateLogGroup"]
    resources = ["${aws_cloudwatch_log_group.flow_log.arn}:*"]
  }
}
