data "terraform_remote_state" "connectivity" {
  backend = "s3"

  config = {
    bucket = local.state_bucket
    key    = "${var.environment}/connectivity.tfstate"
    region = var.region
  }

  lifecycle {
    postcondition {
      condition     = length(self.outputs.subnet_ids.database) >= 2
      error_message = "The network has fewer than two database subnets, and RDS asks for two zones: apply connectivity with zone_count 2 or 3."
    }
  }
}

data "terraform_remote_state" "security" {
  backend = "s3"

  config = {
    bucket = local.state_bucket
    key    = "${var.environment}/security.tfstate"
    region = var.region
  }

  lifecycle {
    postcondition {
      condition = alltrue([
        self.outputs.environment.account_id == var.account_id,
        self.outputs.environment.region == var.region,
        self.outputs.environment.prefix == local.prefix,
      ])
      error_message = "The state of security in ${local.state_bucket} is of another environment: look at state_bucket, name, environment, account_id and region in common.auto.tfvars."
    }
  }
}

locals {
  connectivity = data.terraform_remote_state.connectivity.outputs
  security     = data.terraform_remote_state.security.outputs
}
