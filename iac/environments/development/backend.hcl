# Where this environment's state lives; the key, <environment>/<layer>.tfstate, is given by whoever runs Terraform.
bucket       = "slipway-development-state-111111111111"
region       = "us-east-1"
encrypt      = true
kms_key_id   = "alias/slipway-development"
use_lockfile = true
