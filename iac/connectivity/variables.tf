variable "vpc_cidr" {
  description = "IPv4 block of the VPC, /16 to /22; each subnet gets a sixteenth of it."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && try(cidrhost(var.vpc_cidr, 0) == split("/", var.vpc_cidr)[0], false)
    error_message = "vpc_cidr must be an IPv4 block whose address is the first of the block, for example 10.20.0.0/16."
  }

  validation {
    condition     = try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 22, false)
    error_message = "vpc_cidr must be between /16 (the largest VPC) and /22 (the smallest in which every subnet has room for tasks and a load balancer)."
  }
}

variable "zone_count" {
  description = "In how many availability zones the service runs: 2 or 3."
  type        = number
  default     = 2

  validation {
    condition     = contains([2, 3], var.zone_count)
    error_message = "zone_count must be 2 or 3: a load balancer and a database's subnet group need two zones."
  }
}

variable "egress" {
  description = <<-EOT
    The way out of the private subnets. none: there is none, which carries public_ip only. endpoints: interface endpoints for
    what a task starts with (ecr.api, ecr.dkr, logs, secretsmanager), for a service that calls AWS alone. nat: one NAT
    gateway, in one zone. nat_per_zone: one in each zone. docs/costs.md compares them. Null: what the exposure needs, none
    or nat.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.egress == null ? true : contains(["none", "endpoints", "nat", "nat_per_zone"], var.egress)
    error_message = "egress must be none, endpoints, nat or nat_per_zone."
  }
}

variable "interface_endpoints" {
  description = "More AWS services reached from the private subnets without leaving the VPC: kms, sns, sqs, sts, or one of those that egress = \"endpoints\" brings anyway."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for one in var.interface_endpoints : contains(["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "sns", "sqs", "sts"], one)])
    error_message = "interface_endpoints may hold ecr.api, ecr.dkr, kms, logs, secretsmanager, sns, sqs and sts."
  }
}

variable "flow_log_retention_days" {
  description = "Days for which the VPC's flow log is kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.flow_log_retention_days)
    error_message = "flow_log_retention_days must be one of the spans that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731."
  }
}
