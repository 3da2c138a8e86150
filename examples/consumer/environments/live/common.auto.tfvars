name        = "ledger"
environment = "live"
account_id  = "444444444444"
region      = "eu-west-1"
