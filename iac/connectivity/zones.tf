data "aws_availability_zones" "available" {
  #checkov:skip=CKV_AWS_394:The first three by name are taken; a new zone sorts behind them.
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
  # Subnets cost nothing, so they lie in three zones from the first day, and zone_count says how many of these are used: no
  # change of it has to take a subnet away from under a task or the database. By name and not by position, so that a zone
  # more or less leaves the others' subnets alone.
  zone_names = sort(data.aws_availability_zones.available.names)
  zones      = { for index, zone in slice(local.zone_names, 0, min(3, length(local.zone_names))) : zone => index }
  used_zones = slice(local.zone_names, 0, min(var.zone_count, length(local.zone_names)))
}
