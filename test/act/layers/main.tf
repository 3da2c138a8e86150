# Stands for each of the real layers, without a provider, so that a plan takes a second: one resource that lives in the state.
terraform {
  backend "s3" {}
}

variable "name" { type = string }
variable "environment" { type = string }
variable "account_id" { type = string }
variable "region" { type = string }
variable "state_bucket" { default = null }
variable "exposure" { default = null }
variable "architecture" { default = null }
variable "value" { default = "one" }

resource "terraform_data" "this" {
  input = var.value
}
