data "terraform_remote_state" "connectivity" {
  backend = "s3"

  config = {
    bucket = local.state_bucket
    key    = "${var.environment}/connectivity.tfstate"
    region = var.region
  }

  lifecycle {
    postcondition {
      condition = alltrue([
        self.outputs.environment.account_id == var.account_id,
        self.outputs.environment.region == var.region,
        self.outputs.environment.prefix == local.prefix,
      ])
      error_message = "The state of connectivity in ${local.state_bucket} is of another environment: look at state_bucket, name, environment, account_id and region in common.auto.tfvars."
    }

    postcondition {
      condition     = contains(self.outputs.supported_exposures, var.exposure)
      error_message = "The network does not carry the exposure ${var.exposure}: its private subnets have no way out. In connectivity.auto.tfvars set egress to endpoints, nat or nat_per_zone; apply connectivity; plan again."
    }
  }
}

locals {
  connectivity = data.terraform_remote_state.connectivity.outputs
}
