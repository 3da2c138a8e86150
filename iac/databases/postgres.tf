resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_133:postgres.backup_days is 7 unless an environment says otherwise; this check does not see the default of an attribute.
  #checkov:skip=CKV_AWS_157:A second zone is an environment's choice, postgres.multi_az: production has one.
  #checkov:skip=CKV_AWS_293:postgres.is_protected is true unless an environment says otherwise; this check does not see the default of an attribute.
  identifier = local.prefix

  engine                      = "postgres"
  engine_version              = var.postgres.version
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = true
  instance_class              = var.postgres.instance_class

  storage_type          = "gp3"
  allocated_storage     = var.postgres.storage_gb
  max_allocated_storage = var.postgres.max_storage_gb
  storage_encrypted     = true
  kms_key_id            = local.security.kms_key_arn

  # RDS makes the password, keeps it in Secrets Manager and rotates it; Terraform never sees it.
  db_name                       = var.postgres.database
  username                      = var.postgres.user
  manage_master_user_password   = true
  master_user_secret_kms_key_id = local.security.kms_key_arn

  # Opens the database to nobody: only users that have rds_iam, and no password, sign in by token.
  iam_database_authentication_enabled = true

  multi_az               = var.postgres.multi_az
  publicly_accessible    = false
  port                   = 5432
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [local.security.security_group_ids.database]
  parameter_group_name   = aws_db_parameter_group.this.name

  # UTC.
  backup_retention_period   = var.postgres.backup_days
  backup_window             = var.postgres.backup_window
  maintenance_window        = var.postgres.maintenance_window
  copy_tags_to_snapshot     = true
  delete_automated_backups  = !var.postgres.keeps_last_snapshot
  deletion_protection       = var.postgres.is_protected
  skip_final_snapshot       = !var.postgres.keeps_last_snapshot
  final_snapshot_identifier = "${local.prefix}-last-of-${terraform_data.made_with.output.at}"
  snapshot_identifier       = var.postgres.restore_from

  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = local.security.kms_key_arn
  performance_insights_retention_period = 7
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn

  # What needs a restart waits for the maintenance window, unless it is to be done at once.
  apply_immediately = var.postgres.applies_immediately

  lifecycle {
    # Where it came from is past: another word for it would delete what has been written since.
    ignore_changes = [snapshot_identifier]

    precondition {
      condition     = var.postgres.restore_from == null || terraform_data.made_with.output.restore_from == var.postgres.restore_from
      error_message = "The database is there already, and a snapshot is restored only into a new one: set postgres.restore_from back to null, or destroy the database first (iac/README.md, \"Coming back\")."
    }

    precondition {
      condition = alltrue([
        terraform_data.made_with.output.database == var.postgres.database,
        terraform_data.made_with.output.user == var.postgres.user,
      ])
      error_message = "The database was made with the name ${terraform_data.made_with.output.database} and the user ${terraform_data.made_with.output.user}: another postgres.database or postgres.user would delete it with everything in it, and make an empty one. Set it back; another database or user is made in SQL."
    }
  }

  depends_on = [aws_cloudwatch_log_group.postgres]
}

# What RDS takes only when it makes a database, and when that was: no two databases leave a snapshot of one name.
resource "terraform_data" "made_with" {
  input = {
    database     = var.postgres.database
    user         = var.postgres.user
    restore_from = var.postgres.restore_from
    at           = formatdate("YYYYMMDDhhmmss", plantimestamp())
  }

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_db_subnet_group" "this" {
  name        = local.prefix
  description = "Database subnets of ${local.prefix}: no way to the internet"
  subnet_ids  = local.connectivity.subnet_ids.database
}
