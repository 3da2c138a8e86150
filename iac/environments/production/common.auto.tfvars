# Read by every layer.
name         = "slipway"
environment  = "production"
account_id   = "222222222222"
region       = "us-east-1"
state_bucket = "slipway-production-state-222222222222"
exposure     = "edge"
architecture = "ARM64"
