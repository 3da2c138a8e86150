task = {
  cpu                = 512
  memory             = 1024
  db_pool_max        = 10
  log_retention_days = 90
  # As in the Dockerfile; what is left out is for an image like Slipway's own.
  user                 = "1000:1000"
  health_check_command = ["CMD", "node", "-e", "fetch('http://127.0.0.1:3000').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
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
