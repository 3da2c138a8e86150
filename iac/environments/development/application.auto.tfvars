# The smallest task that Fargate has, on Spot: AWS may take it back with two minutes' notice, and ECS starts another.
task = {
  cpu                = 256
  memory             = 512
  db_pool_max        = 10
  log_retention_days = 7
  # As in service/Dockerfile.
  user                 = "65532:65532"
  health_check_command = ["CMD", "/nodejs/bin/node", "dist/health/probe.js"]

  # Migrations, which end by themselves after 14 minutes; a task takes its time to start. They make the service's user.
  release_command                 = ["dist/migrate.js"]
  release_command_timeout_seconds = 1200
  db_auth                         = "iam"
}

capacity = {
  minimum        = 1
  maximum        = 2
  on_demand_base = 0
}

# What nobody looks at all day is not paid for; the alarms are all there.
has_container_insights = false
has_dashboard          = false

is_protected       = false
pull_accounts      = []
outcome_emails     = []
monthly_budget_usd = 60
