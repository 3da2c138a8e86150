vpc_cidr                = "10.20.0.0/16"
zone_count              = 3
nat                     = "per_zone"
flow_log_retention_days = 90
