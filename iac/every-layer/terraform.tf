terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }

  # Bucket, key and encryption come from environments/<environment>/backend.hcl and the command line.
  backend "s3" {}
}

provider "aws" {
  region = var.region
  # Credentials of another account end the plan before anything is read.
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }

  # The pause's own tag on the service, which comes and goes (application/pause.tf).
  ignore_tags {
    keys = ["paused"]
  }
}
