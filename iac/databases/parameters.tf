resource "aws_db_parameter_group" "this" {
  name        = "${local.prefix}-postgres${var.postgres.version}"
  description = "TLS only, slow statements logged"
  family      = "postgres${var.postgres.version}"

  # Clients without TLS are refused.
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # Milliseconds. Statements of the service are bounded by its own DB_QUERY_TIMEOUT_MS; this catches everything else.
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }

  parameter {
    name  = "log_connections"
    value = "1"
  }

  parameter {
    name  = "log_disconnections"
    value = "1"
  }

  # A transaction that was left open holds locks and keeps old rows from being cleaned up: ten minutes, in milliseconds.
  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "600000"
  }

  parameter {
    name         = "max_connections"
    value        = tostring(var.postgres.max_connections)
    apply_method = "pending-reboot"
  }

  lifecycle {
    create_before_destroy = true
  }
}
