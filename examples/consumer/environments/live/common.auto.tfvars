# Read by every layer.
name         = "ledger"
environment  = "live"
account_id   = "444444444444"
region       = "eu-west-1"
state_bucket = "ledger-live-state-444444444444"
exposure     = "edge"
architecture = "X86_64"
