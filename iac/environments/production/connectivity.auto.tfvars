vpc_cidr                = "10.20.0.0/16"
zone_count              = 3
egress                  = "endpoints"
flow_log_retention_days = 90
