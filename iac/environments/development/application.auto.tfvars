# The smallest task that Fargate has: the first on demand, a second one on Spot.
task = {
  cpu                = 256
  memory             = 512
  db_pool_max        = 10
  log_retention_days = 7
}

capacity = {
  minimum        = 1
  maximum        = 2
  on_demand_base = 1
}

is_protected       = false
pull_accounts      = []
outcome_emails     = []
monthly_budget_usd = 60
