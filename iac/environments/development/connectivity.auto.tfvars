vpc_cidr                = "10.10.0.0/16"
zone_count              = 2
egress                  = "none"
flow_log_retention_days = 7
