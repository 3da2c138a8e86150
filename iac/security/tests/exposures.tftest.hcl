# Who reaches whom, in both exposures, and which inputs are refused.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_data "aws_ec2_managed_prefix_list" {
    defaults = {
      id = "pl-cloudfront"
    }
  }

  mock_data "aws_kms_alias" {
    defaults = {
      target_key_arn = "arn:aws:kms:us-east-1:111111111111:key/one"
    }
  }

  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:us-east-1:111111111111:slipway-test-alarms"
    }
  }
}

mock_provider "aws" {
  alias = "us_east_1"

  mock_resource "aws_wafv2_web_acl" {
    defaults = {
      arn = "arn:aws:wafv2:us-east-1:111111111111:global/webacl/slipway-test/one"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-east-1:111111111111:log-group:aws-waf-logs-slipway-test"
    }
  }
}

override_data {
  target = data.terraform_remote_state.connectivity
  values = {
    outputs = {
      environment         = { account_id = "111111111111", region = "us-east-1", prefix = "slipway-test" }
      vpc                 = { id = "vpc-1", cidr = "10.0.0.0/16" }
      subnet_ids          = { public = ["subnet-1", "subnet-2"], private = ["subnet-3", "subnet-4"], database = ["subnet-5", "subnet-6"] }
      supported_exposures = ["public_ip", "edge"]
      egress              = { s3_prefix_list_id = "pl-s3", endpoints_security_group_id = null, endpoints_suffice = false, nat_addresses = [] }
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
}

run "public_ip_is_open_to_allowed_networks_only" {
  command = plan

  variables {
    allowed_cidrs = ["198.51.100.0/24", "203.0.113.7/32"]
  }

  assert {
    condition     = toset(values(aws_vpc_security_group_ingress_rule.application_from_allowed)[*].cidr_ipv4) == toset(var.allowed_cidrs)
    error_message = "the API port must be open to each allowed network and to nothing else"
  }

  assert {
    condition     = length(aws_security_group.edge) == 0 && length(aws_wafv2_web_acl.this) == 0 && length(aws_vpc_security_group_ingress_rule.application_from_edge) == 0
    error_message = "without a load balancer there must be no group and no firewall for one"
  }
}

run "public_ip_is_closed_by_default" {
  command = plan

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.application_from_allowed) == 0
    error_message = "nothing may be open unless a network is named"
  }
}

run "edge_is_open_to_cloudfront_only" {
  variables {
    exposure      = "edge"
    allowed_cidrs = ["198.51.100.0/24"]
  }

  assert {
    condition     = alltrue([for one in aws_vpc_security_group_ingress_rule.edge_from_cloudfront : one.prefix_list_id == "pl-cloudfront" && one.cidr_ipv4 == null])
    error_message = "the load balancer must be open to CloudFront only"
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.application_from_allowed) == 0 && aws_vpc_security_group_ingress_rule.application_from_edge[0].referenced_security_group_id == aws_security_group.edge["http"].id
    error_message = "the tasks must take requests from the load balancer only, whatever allowed_cidrs says"
  }

  assert {
    condition     = one(aws_wafv2_web_acl.this).scope == "CLOUDFRONT" && length(one(aws_wafv2_web_acl.this).rule) == 5
    error_message = "the firewall must hold the rate limit and four groups of managed rules"
  }
}

# A port that closes while it is used is an outage: the listeners of the layer above decide what is served.
run "a_domain_changes_no_group" {
  command = plan

  variables {
    exposure = "edge"
    domain   = { name = "api.example.com", zone_id = "Z0123456789ABC" }
  }

  assert {
    condition     = { for key, one in aws_vpc_security_group_ingress_rule.edge_from_cloudfront : key => one.from_port } == { http = 80, https = 443 }
    error_message = "both ports must be open with a domain as without one"
  }
}

run "refuses_another_port_behind_a_load_balancer" {
  command = plan

  variables {
    exposure = "edge"
    api_port = 8080
  }

  expect_failures = [aws_vpc_security_group_egress_rule.edge_to_application]
}

run "refuses_to_take_the_groups_from_under_a_load_balancer" {
  command = plan

  override_data {
    target = data.aws_lbs.this
    values = {
      arns = ["arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/slipway-test/1"]
    }
  }

  expect_failures = [data.aws_lbs.this]
}

run "the_database_hears_the_tasks_only" {
  assert {
    condition     = aws_vpc_security_group_ingress_rule.database_from_application.referenced_security_group_id == aws_security_group.application.id && aws_vpc_security_group_ingress_rule.database_from_application.from_port == 5432
    error_message = "PostgreSQL must be open to the tasks' group"
  }
}

run "endpoints_close_the_way_to_the_internet" {
  override_data {
    target = data.terraform_remote_state.connectivity
    values = {
      outputs = {
        environment         = { account_id = "111111111111", region = "us-east-1", prefix = "slipway-test" }
        vpc                 = { id = "vpc-1", cidr = "10.0.0.0/16" }
        subnet_ids          = { public = ["subnet-1", "subnet-2"], private = ["subnet-3", "subnet-4"], database = ["subnet-5", "subnet-6"] }
        supported_exposures = ["public_ip", "edge"]
        egress              = { s3_prefix_list_id = "pl-s3", endpoints_security_group_id = "sg-endpoints", endpoints_suffice = true, nat_addresses = [] }
      }
    }
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.application_to_internet) == 0 && aws_vpc_security_group_egress_rule.application_to_endpoints[0].referenced_security_group_id == "sg-endpoints"
    error_message = "where the endpoints suffice the tasks must not reach the internet"
  }
}

run "counts_instead_of_blocking_where_told" {
  command = plan

  variables {
    exposure = "edge"
    waf      = { counted_rules = { AWSManagedRulesCommonRuleSet = ["SizeRestrictions_BODY"] } }
  }

  assert {
    condition = anytrue([
      for rule in one(aws_wafv2_web_acl.this).rule :
      length(rule.statement[0].managed_rule_group_statement) > 0 && try(one(rule.statement[0].managed_rule_group_statement[0].rule_action_override).name == "SizeRestrictions_BODY", false)
    ])
    error_message = "the named rule must only count"
  }
}

run "refuses_an_exposure_that_the_network_does_not_carry" {
  command = plan

  variables {
    exposure = "edge"
  }

  override_data {
    target = data.terraform_remote_state.connectivity
    values = {
      outputs = {
        environment         = { account_id = "111111111111", region = "us-east-1", prefix = "slipway-test" }
        vpc                 = { id = "vpc-1", cidr = "10.0.0.0/16" }
        subnet_ids          = { public = ["subnet-1", "subnet-2"], private = ["subnet-3", "subnet-4"], database = ["subnet-5", "subnet-6"] }
        supported_exposures = ["public_ip"]
        egress              = { s3_prefix_list_id = "pl-s3", endpoints_security_group_id = null, endpoints_suffice = false, nat_addresses = [] }
      }
    }
  }

  expect_failures = [data.terraform_remote_state.connectivity]
}

run "refuses_the_state_of_another_account" {
  command = plan

  variables {
    account_id = "222222222222"
  }

  expect_failures = [data.terraform_remote_state.connectivity]
}

run "refuses_the_whole_internet" {
  command = plan

  variables {
    allowed_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.allowed_cidrs]
}

run "refuses_what_is_no_network" {
  command = plan

  variables {
    allowed_cidrs = ["198.51.100.0"]
    alarm_emails  = ["somebody"]
    api_port      = 80
    waf           = { rate_limit = 5 }
  }

  expect_failures = [var.allowed_cidrs, var.alarm_emails, var.api_port, var.waf]
}

run "refuses_an_unknown_rule_group" {
  command = plan

  variables {
    waf = { counted_rules = { AWSManagedRulesLinuxRuleSet = ["LFI_HEADER"] } }
  }

  expect_failures = [var.waf]
}
