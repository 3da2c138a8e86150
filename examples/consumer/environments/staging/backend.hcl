# Where this environment's state lives; the key, <environment>/<layer>.tfstate, is given by whoever runs Terraform.
bucket       = "ledger-staging-state-333333333333"
region       = "eu-west-1"
encrypt      = true
kms_key_id   = "alias/ledger-staging-state"
use_lockfile = true
