# Read by every layer.
name         = "slipway"
environment  = "development"
account_id   = "111111111111"
region       = "us-east-1"
state_bucket = "slipway-development-state-111111111111"
exposure     = "public_ip"
architecture = "ARM64"
