alarm_emails = []

waf = {
  rate_limit         = 2000
  log_retention_days = 90
}
