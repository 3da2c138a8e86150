# The load balancer's access log. It writes to buckets with Amazon's own key only
# (docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).
resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_144:A log of requests is not worth a second region.
  #checkov:skip=CKV_AWS_145:Load balancers cannot write to a bucket with a key of the customer's.
  #checkov:skip=CKV_AWS_18:It holds logs; logging the reading of logs has no end.
  #checkov:skip=CKV_AWS_21:Log files are written once under names of their own; versions would only double what expires.
  #checkov:skip=CKV2_AWS_62:Nothing has to react to a delivered file.
  count = local.has_edge ? 1 : 0

  bucket        = "${local.prefix}-logs-${var.account_id}"
  force_destroy = !var.is_protected
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  count = local.has_edge ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  count = local.has_edge ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  count = local.has_edge ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.edge.log_retention_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  count = local.has_edge ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id
  policy = data.aws_iam_policy_document.logs[0].json

  depends_on = [aws_s3_bucket_public_access_block.logs]
}

data "aws_iam_policy_document" "logs" {
  count = local.has_edge ? 1 : 0

  statement {
    sid       = "LoadBalancerWrites"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.logs[0].arn}/load-balancer/AWSLogs/${var.account_id}/*"]

    principals {
      type        = "Service"
      identifiers = ["logdelivery.elasticloadbalancing.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/*"]
    }
  }

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.logs[0].arn, "${aws_s3_bucket.logs[0].arn}/*"]

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
