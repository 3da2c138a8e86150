# A layer of a caller's own, with a provider: fetched by its lock file, checked and asked for a plan, as the real layers are.
terraform {
  backend "s3" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "name" { type = string }
variable "environment" { type = string }
variable "account_id" { type = string }
variable "region" { type = string }
variable "exposure" { default = null }
variable "architecture" { default = null }

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
}

resource "aws_ssm_parameter" "this" {
  name  = "/${var.name}/${var.environment}"
  type  = "String"
  value = "one"
}
