data "terraform_remote_state" "connectivity" {
  backend = "s3"

  config = {
    bucket = local.state_bucket
    key    = "${var.environment}/connectivity.tfstate"
    region = var.region
  }

  lifecycle {
    postcondition {
      condition     = contains(self.outputs.supported_exposures, var.exposure)
      error_message = "The network does not carry the exposure ${var.exposure}: its private subnets have no way out. In connectivity.auto.tfvars set egress to endpoints, nat or nat_per_zone; apply connectivity and security; plan again."
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
      # From edge to public_ip it is the other way round: this layer first lets go of what security then deletes.
      condition     = self.outputs.environment.exposure == var.exposure || var.exposure == "public_ip"
      error_message = "The security groups were made for another exposure than common.auto.tfvars names now: apply security first, then plan this layer again."
    }
  }
}

data "terraform_remote_state" "databases" {
  backend = "s3"

  config = {
    bucket = local.state_bucket
    key    = "${var.environment}/databases.tfstate"
    region = var.region
  }

  lifecycle {
    postcondition {
      condition = alltrue([
        self.outputs.environment.account_id == var.account_id,
        self.outputs.environment.region == var.region,
        self.outputs.environment.prefix == local.prefix,
      ])
      error_message = "The state of databases in ${local.state_bucket} is of another environment: look at state_bucket, name, environment, account_id and region in common.auto.tfvars."
    }

    postcondition {
      condition     = startswith(self.outputs.postgres.secret_arn, "arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:")
      error_message = "The database's secret is not in account ${var.account_id} and region ${var.region}: apply databases for this environment first."
    }

    postcondition {
      condition     = var.task.db_auth == "password" || can(self.outputs.postgres.resource_id)
      error_message = "The database takes no sign-in by IAM yet, which task.db_auth asks for: apply databases, then plan this layer again."
    }
  }
}

locals {
  connectivity = data.terraform_remote_state.connectivity.outputs
  security     = data.terraform_remote_state.security.outputs
  postgres     = data.terraform_remote_state.databases.outputs.postgres

  has_edge = var.exposure == "edge"
  api_port = local.security.api_port
  subnets  = local.has_edge ? local.connectivity.subnet_ids.private : local.connectivity.subnet_ids.public
}
