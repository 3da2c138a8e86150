# What the network is made of, for each way out, and which inputs it refuses.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-east-1:111111111111:log-group:flow-log"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111111111111:role/flow-log"
    }
  }
}

variables {
  name         = "slipway"
  environment  = "test"
  account_id   = "111111111111"
  region       = "us-east-1"
  state_bucket = "state"
  exposure     = "public_ip"
  architecture = "ARM64"
  vpc_cidr     = "10.0.0.0/16"
  zone_count   = 2
}

# First, and planned only: a network that is there keeps its block.
run "subnets_do_not_overlap" {
  command = plan

  variables {
    zone_count = 3
    vpc_cidr   = "10.0.0.0/22"
  }

  assert {
    condition = length(distinct(concat(
      values(aws_subnet.public)[*].cidr_block, values(aws_subnet.private)[*].cidr_block, values(aws_subnet.database)[*].cidr_block,
    ))) == 9
    error_message = "nine subnets must have nine blocks, also in the smallest VPC"
  }
}

run "public_ip_has_no_nat" {
  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_route.nat) == 0
    error_message = "without NAT there must be no gateway, no address and no route to one"
  }

  assert {
    condition     = output.supported_exposures == tolist(["public_ip"])
    error_message = "private subnets without a way out carry public_ip only"
  }

  assert {
    condition     = length(output.subnet_ids.public) == 2 && length(output.subnet_ids.private) == 2 && length(output.subnet_ids.database) == 3
    error_message = "two zones must give two subnets to the service, and the database keeps all three"
  }

  assert {
    condition     = alltrue([for one in aws_subnet.public : !one.map_public_ip_on_launch])
    error_message = "no subnet may hand out public addresses by itself"
  }
}

run "single_nat_serves_every_zone" {
  variables {
    exposure   = "edge"
    zone_count = 3
    egress     = "nat"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 3 && length(distinct(values(aws_route.nat)[*].nat_gateway_id)) == 1
    error_message = "one gateway must serve three private subnets"
  }

  assert {
    condition     = contains(output.supported_exposures, "edge")
    error_message = "with NAT the network carries edge"
  }
}

run "per_zone_nat_keeps_traffic_in_its_zone" {
  variables {
    exposure   = "edge"
    zone_count = 3
    egress     = "nat_per_zone"
  }

  assert {
    condition     = alltrue([for zone, route in aws_route.nat : route.nat_gateway_id == aws_nat_gateway.this[zone].id])
    error_message = "each private subnet must use the gateway of its own zone"
  }
}

run "edge_gets_a_gateway_by_itself" {
  variables {
    exposure = "edge"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && output.supported_exposures == tolist(["public_ip", "edge"])
    error_message = "without egress the exposure edge must get the one gateway that it needs"
  }
}

run "endpoints_stand_in_for_nat" {
  variables {
    exposure   = "edge"
    zone_count = 3
    egress     = "endpoints"
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 4 && output.egress.endpoints_suffice && contains(output.supported_exposures, "edge")
    error_message = "the four endpoints that a task starts with must carry edge without NAT"
  }
}

run "a_zone_that_is_no_longer_used_keeps_its_subnets_and_a_way_out" {
  variables {
    exposure   = "edge"
    zone_count = 2
    egress     = "nat_per_zone"
  }

  assert {
    condition     = length(aws_subnet.private) == 3 && length(aws_nat_gateway.this) == 2 && aws_route.nat["us-east-1c"].nat_gateway_id == aws_nat_gateway.this["us-east-1a"].id
    error_message = "tasks of the third zone must go on until the layer above has moved them"
  }

  assert {
    condition     = length(output.subnet_ids.private) == 2 && length(output.subnet_ids.database) == 3
    error_message = "two zones must give two subnets to the service, and the database keeps all three"
  }
}

run "endpoints_stand_in_two_zones" {
  variables {
    exposure   = "edge"
    zone_count = 3
    egress     = "endpoints"
  }

  assert {
    condition     = local.endpoint_zones == tolist(["us-east-1a", "us-east-1b"])
    error_message = "one zone may fail, and a third would cost half as much again"
  }
}

run "refuses_another_block_for_a_network_that_is_there" {
  command = plan

  variables {
    vpc_cidr = "10.1.0.0/16"
  }

  expect_failures = [aws_vpc.this]
}

run "refuses_another_name_for_a_network_that_is_there" {
  command = plan

  variables {
    name = "other"
  }

  expect_failures = [aws_vpc.this]
}

run "the_database_has_no_way_out" {
  # A mock may give every table one id.
  override_resource {
    target = aws_route_table.database
    values = { id = "rtb-database" }
  }

  variables {
    exposure = "edge"
    egress   = "nat_per_zone"
  }

  assert {
    condition = alltrue(concat(
      [aws_route.internet.route_table_id != aws_route_table.database.id],
      [for route in aws_route.nat : route.route_table_id != aws_route_table.database.id],
      [!contains(aws_vpc_endpoint.s3.route_table_ids, aws_route_table.database.id)],
    ))
    error_message = "every route must be in a table of the public or private subnets"
  }
}

run "edge_needs_a_way_out" {
  command = plan

  variables {
    exposure            = "edge"
    egress              = "none"
    interface_endpoints = ["ecr.api", "ecr.dkr", "logs"]
  }

  expect_failures = [output.supported_exposures]
}

run "refuses_a_block_with_host_bits" {
  command = plan

  variables {
    vpc_cidr = "10.0.0.1/16"
  }

  expect_failures = [var.vpc_cidr]
}

run "refuses_a_block_that_is_too_small" {
  command = plan

  variables {
    vpc_cidr = "10.0.0.0/24"
  }

  expect_failures = [var.vpc_cidr]
}

run "refuses_what_is_no_block" {
  command = plan

  variables {
    vpc_cidr = "10.0.0.0"
  }

  expect_failures = [var.vpc_cidr]
}

run "refuses_a_region_whose_databases_the_service_cannot_verify" {
  command = plan

  variables {
    region = "il-central-1"
  }

  expect_failures = [var.region]
}

run "refuses_one_zone" {
  command = plan

  variables {
    zone_count = 1
  }

  expect_failures = [var.zone_count]
}

run "refuses_more_zones_than_the_region_has" {
  command = plan

  variables {
    zone_count = 3
  }

  override_data {
    target = data.aws_availability_zones.available
    values = {
      names = ["us-east-1a", "us-east-1b"]
    }
  }

  expect_failures = [data.aws_availability_zones.available]
}

run "refuses_an_unknown_way_out" {
  command = plan

  variables {
    egress = "per-zone"
  }

  expect_failures = [var.egress]
}

run "refuses_an_unknown_endpoint" {
  command = plan

  variables {
    interface_endpoints = ["s3"]
  }

  expect_failures = [var.interface_endpoints]
}

run "refuses_an_unknown_retention" {
  command = plan

  variables {
    flow_log_retention_days = 10
  }

  expect_failures = [var.flow_log_retention_days]
}

run "refuses_a_wrong_environment" {
  command = plan

  variables {
    name         = "Slipway"
    environment  = "production-europe"
    account_id   = "1111-1111-1111"
    region       = "virginia"
    state_bucket = "State"
    exposure     = "alb"
    architecture = "arm64"
  }

  expect_failures = [
    var.name, var.environment, var.account_id, var.region, var.state_bucket, var.exposure, var.architecture,
  ]
}

run "refuses_a_domain_with_public_ip" {
  command = plan

  variables {
    domain = { name = "api.example.com", zone_id = "Z0123456789ABC" }
  }

  expect_failures = [var.domain]
}
