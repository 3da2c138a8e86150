# RDS would make the group by itself, with no end to its retention.
resource "aws_cloudwatch_log_group" "postgres" {
  #checkov:skip=CKV_AWS_338:A month of slow statements and connections is what a fault is traced with; log_retention_days holds more where it must be kept.
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${local.prefix}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.security.kms_key_arn
}
