task = {
  cpu                = 512
  memory             = 1024
  db_pool_max        = 10
  log_retention_days = 90
  # As in service/Dockerfile.
  user                 = "65532:65532"
  health_check_command = ["CMD", "/nodejs/bin/node", "dist/health/probe.js"]

  # Migrations, which end by themselves after 14 minutes; a task takes its time to start. They make the service's user.
  release_command                 = ["dist/migrate.js"]
  release_command_timeout_seconds = 1200
  db_auth                         = "iam"
}

capacity = {
  minimum            = 3
  maximum            = 12
  on_demand_base     = 1
  cpu_target_percent = 60
}

edge = {
  deregistration_delay_seconds = 30
}

is_protected       = true
outcome_emails     = []
monthly_budget_usd = 400
