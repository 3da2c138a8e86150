# Where this environment's state lives; the key, <environment>/<layer>.tfstate, is given by whoever runs Terraform.
bucket       = "ledger-live-state-444444444444"
region       = "eu-west-1"
encrypt      = true
kms_key_id   = "alias/ledger-live-state"
use_lockfile = true
