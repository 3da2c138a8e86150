output "environment" {
  description = "What this layer was applied for, for the layer above to check: account_id, region, prefix."
  value = {
    account_id = var.account_id
    region     = var.region
    prefix     = local.prefix
  }
}

output "postgres" {
  description = "How to reach the database: host, port, database, the secret that RDS keeps user and password in (keys username and password), the identifier for metrics, the resource id for sign-ins by IAM, and how many connections it takes."
  value = {
    host            = aws_db_instance.this.address
    port            = aws_db_instance.this.port
    database        = aws_db_instance.this.db_name
    secret_arn      = aws_db_instance.this.master_user_secret[0].secret_arn
    identifier      = aws_db_instance.this.identifier
    resource_id     = aws_db_instance.this.resource_id
    max_connections = var.postgres.max_connections
  }
}
