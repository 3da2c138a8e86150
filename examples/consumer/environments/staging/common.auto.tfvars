# Read by every layer.
name         = "ledger"
environment  = "staging"
account_id   = "333333333333"
region       = "eu-west-1"
state_bucket = "ledger-staging-state-333333333333"
exposure     = "public_ip"
architecture = "X86_64"
