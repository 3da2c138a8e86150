# Secrets Manager tells of a rotation only through CloudTrail, and without that word the tasks would keep the old password.

locals {
  trail_name = "${local.prefix}-management"
  trail_arn  = "arn:aws:cloudtrail:${var.region}:${var.account_id}:trail/${local.trail_name}"
}

resource "aws_cloudtrail" "management" {
  #checkov:skip=CKV2_AWS_10:EventBridge is who listens; the bucket keeps the record. CloudWatch Logs would be a third copy at a price per GB.
  #checkov:skip=CKV_AWS_252:EventBridge is who listens; no one reads files as they are delivered.
  count = var.has_trail ? 0 : 1

  name                       = local.trail_name
  s3_bucket_name             = aws_s3_bucket.trail[0].id
  is_multi_region_trail      = true
  enable_log_file_validation = true
  kms_key_id                 = aws_kms_key.this[var.environment].arn

  depends_on = [aws_s3_bucket_policy.trail]
}

resource "aws_s3_bucket" "trail" {
  #checkov:skip=CKV_AWS_144:The record of one account; a second region would double its price.
  #checkov:skip=CKV_AWS_18:It holds logs; logging the reading of logs has no end.
  #checkov:skip=CKV_AWS_145:Objects are encrypted by CloudTrail with the key of the trail; the bucket's own default never applies.
  #checkov:skip=CKV2_AWS_62:Nothing has to react to a delivered file.
  count = var.has_trail ? 0 : 1

  bucket = "${local.prefix}-trail-${var.account_id}"
}

resource "aws_s3_bucket_versioning" "trail" {
  count = var.has_trail ? 0 : 1

  bucket = aws_s3_bucket.trail[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "trail" {
  count = var.has_trail ? 0 : 1

  bucket = aws_s3_bucket.trail[0].id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "trail" {
  count = var.has_trail ? 0 : 1

  bucket = aws_s3_bucket.trail[0].id

  rule {
    id     = "a-year"
    status = "Enabled"

    filter {}

    expiration {
      days = 365
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.trail]
}

resource "aws_s3_bucket_policy" "trail" {
  count = var.has_trail ? 0 : 1

  bucket = aws_s3_bucket.trail[0].id
  policy = data.aws_iam_policy_document.trail_bucket[0].json

  depends_on = [aws_s3_bucket_public_access_block.trail]
}

data "aws_iam_policy_document" "trail_bucket" {
  count = var.has_trail ? 0 : 1

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.trail[0].arn, "${aws_s3_bucket.trail[0].arn}/*"]

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

  statement {
    sid       = "TrailLooks"
    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.trail[0].arn]

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

  statement {
    sid       = "TrailWrites"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.trail[0].arn}/AWSLogs/${var.account_id}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "s3:x-amz-acl"
      values   = ["bucket-owner-full-control"]
    }
  }
}
