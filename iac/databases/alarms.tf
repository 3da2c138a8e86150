# Each alarm has its runbook: docs/runbooks/<alarm>.md.

locals {
  alarms = {
    database-storage = {
      description = "Less than a fifth of the database's first storage is free"
      metric      = "FreeStorageSpace"
      comparison  = "LessThanThreshold"
      # Bytes; storage_gb is GiB.
      threshold = var.postgres.storage_gb * 1024 * 1024 * 1024 / 5
      statistic = "Minimum"
      minutes   = 5
      periods   = 3
    }
    database-connections = {
      description = "More than four fifths of the database's connections are in use"
      metric      = "DatabaseConnections"
      comparison  = "GreaterThanThreshold"
      threshold   = floor(var.postgres.max_connections * 4 / 5)
      statistic   = "Maximum"
      minutes     = 1
      periods     = 5
    }
    database-cpu = {
      description = "The database's processors are busy: over 80 % for 15 minutes"
      metric      = "CPUUtilization"
      comparison  = "GreaterThanThreshold"
      threshold   = 80
      statistic   = "Average"
      minutes     = 5
      periods     = 3
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${local.prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.minutes * 60
  evaluation_periods  = each.value.periods
  # A database that says nothing is down, and says so in other ways; or it is paused, and nobody is told each morning that it
  # is well.
  treat_missing_data = "ignore"
  alarm_actions      = [local.security.alarm_topic_arn]
  ok_actions         = [local.security.alarm_topic_arn]

  dimensions = {
    DBInstanceIdentifier = aws_db_instance.this.identifier
  }
}
