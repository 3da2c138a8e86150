task = {
  cpu                = 512
  memory             = 1024
  db_pool_max        = 10
  log_retention_days = 90
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
