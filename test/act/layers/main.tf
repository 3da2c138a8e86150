# Stands for each of the real layers: one parameter, so that a plan takes seconds.
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
variable "state_bucket" { default = null }
variable "exposure" { default = null }
variable "architecture" { default = null }
variable "value" { default = "one" }

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
}

resource "aws_ssm_parameter" "this" {
  name  = "/${var.name}/${var.environment}/${basename(abspath(path.root))}"
  type  = "String"
  value = var.value
}
