# Where this environment's state lives; the key, <environment>/<layer>.tfstate, is given by whoever runs Terraform.
bucket       = "slipway-production-state-222222222222"
region       = "us-east-1"
encrypt      = true
kms_key_id   = "alias/slipway-production"
use_lockfile = true
