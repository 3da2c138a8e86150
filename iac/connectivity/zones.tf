data "aws_availability_zones" "available" {
  #checkov:skip=CKV_AWS_394:The first zone_count by name are taken; a new zone sorts behind them.
  state = "available"

  # Local Zones have neither RDS nor Fargate.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= var.zone_count
      error_message = "The region ${var.region} has only ${length(self.names)} availability zones: lower zone_count."
    }
  }
}

locals {
  # By name and not by position, so that a zone more or less leaves the others' subnets alone.
  zones = { for index, zone in slice(sort(data.aws_availability_zones.available.names), 0, var.zone_count) : zone => index }
}
