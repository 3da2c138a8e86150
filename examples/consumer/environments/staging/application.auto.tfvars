# The smallest task that Fargate has: the first on demand, a second one on Spot.
task = {
  cpu                = 256
  memory             = 512
  db_pool_max        = 10
  log_retention_days = 7
  # As in the Dockerfile; what is left out is for an image like Slipway's own.
  user                 = "1000:1000"
  health_check_command = ["CMD", "node", "-e", "fetch('http://127.0.0.1:3000').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
}

capacity = {
  minimum        = 1
  maximum        = 2
  on_demand_base = 1
}

is_protected       = false
pull_accounts      = ["444444444444"]
outcome_emails     = []
monthly_budget_usd = 60
