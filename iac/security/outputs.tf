output "environment" {
  description = "What this layer was applied for, for the layers above to check: account_id, region, prefix, exposure."
  value = {
    account_id = var.account_id
    region     = var.region
    prefix     = local.prefix
    exposure   = var.exposure
  }
}

output "security_group_ids" {
  description = "Security groups: edge (a list, empty with public_ip), application and database."
  value = {
    edge        = values(aws_security_group.edge)[*].id
    application = aws_security_group.application.id
    database    = aws_security_group.database.id
  }
}

output "kms_key_arn" {
  description = "ARN of the key for data at rest."
  value       = data.aws_kms_alias.this.target_key_arn
}

output "roles" {
  description = "The tasks' two roles by kind (task, execution): name and ARN."
  value = {
    task      = { name = aws_iam_role.task.name, arn = aws_iam_role.task.arn }
    execution = { name = aws_iam_role.execution.name, arn = aws_iam_role.execution.arn }
  }
}

output "alarm_topic_arn" {
  description = "ARN of the topic that alarms are sent to."
  value       = aws_sns_topic.alarms.arn
}

output "web_acl_arn" {
  description = "ARN of the web ACL for CloudFront; null with public_ip."
  value       = one(aws_wafv2_web_acl.this[*].arn)
}

output "api_port" {
  description = "TCP port on which the tasks listen and which the groups let through."
  value       = var.api_port
}
