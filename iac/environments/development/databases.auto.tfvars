# The smallest: one zone, a day of backups, gone with `destroy`, and without a last snapshot.
postgres = {
  instance_class      = "db.t4g.micro"
  storage_gb          = 20
  max_storage_gb      = 50
  multi_az            = false
  backup_days         = 1
  is_protected        = false
  keeps_last_snapshot = false
}

log_retention_days = 7
