postgres = {
  instance_class  = "db.t4g.medium"
  storage_gb      = 50
  max_storage_gb  = 500
  multi_az        = true
  backup_days     = 30
  is_protected    = true
  max_connections = 300
}

log_retention_days = 90
