# The exposure edge, with and without a domain.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_ecr_repository" {
    defaults = {
      arn = "arn:aws:ecr:us-east-1:111111111111:repository/slipway-test"
    }
  }

  mock_resource "aws_ecs_cluster" {
    defaults = {
      arn = "arn:aws:ecs:us-east-1:111111111111:cluster/slipway-test"
    }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = {
      arn = "arn:aws:ecs:us-east-1:111111111111:task-definition/slipway-test-template:1"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111111111111:role/slipway-test/slipway-test-redeployer"
    }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn = "arn:aws:lambda:us-east-1:111111111111:function:slipway-test-redeployer"
    }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:us-east-1:111111111111:slipway-test-redeployer.fifo"
    }
  }

  mock_resource "aws_sfn_state_machine" {
    defaults = {
      arn = "arn:aws:states:us-east-1:111111111111:stateMachine:slipway-test-pause"
    }
  }

  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:us-east-1:111111111111:slipway-test-outcomes"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-east-1:111111111111:log-group:one"
    }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = {
      arn = "arn:aws:events:us-east-1:111111111111:rule/one"
    }
  }

  mock_resource "aws_lb" {
    defaults = {
      arn        = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/slipway-test/1"
      dns_name   = "slipway-test.us-east-1.elb.amazonaws.com"
      arn_suffix = "app/slipway-test/1"
    }
  }

  mock_resource "aws_lb_target_group" {
    defaults = {
      arn        = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/slipway-test/1"
      arn_suffix = "targetgroup/slipway-test/1"
    }
  }

  mock_resource "aws_lb_listener" {
    defaults = {
      arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/slipway-test/1/1"
    }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = {
      domain_name = "d1.cloudfront.net"
    }
  }

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:us-east-1:111111111111:certificate/origin"
      domain_validation_options = [{
        domain_name           = "origin.api.example.com"
        resource_record_name  = "_1.origin.api.example.com"
        resource_record_type  = "CNAME"
        resource_record_value = "_1.acm-validations.aws"
      }]
    }
  }
}

mock_provider "aws" {
  alias = "us_east_1"

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:us-east-1:111111111111:certificate/viewer"
      domain_validation_options = [{
        domain_name           = "api.example.com"
        resource_record_name  = "_1.api.example.com"
        resource_record_type  = "CNAME"
        resource_record_value = "_1.acm-validations.aws"
      }]
    }
  }
}

override_data {
  target = data.terraform_remote_state.connectivity
  values = {
    outputs = {
      vpc                 = { id = "vpc-1", cidr = "10.0.0.0/16" }
      subnet_ids          = { public = ["subnet-1", "subnet-2"], private = ["subnet-3", "subnet-4"], database = ["subnet-5", "subnet-6"] }
      supported_exposures = ["public_ip", "edge"]
    }
  }
}

override_data {
  target = data.terraform_remote_state.security
  values = {
    outputs = {
      environment        = { account_id = "111111111111", region = "us-east-1", prefix = "slipway-test", exposure = "edge" }
      security_group_ids = { edge = ["sg-edge"], application = "sg-application", database = "sg-database" }
      kms_key_arn        = "arn:aws:kms:us-east-1:111111111111:key/one"
      alarm_topic_arn    = "arn:aws:sns:us-east-1:111111111111:slipway-test-alarms"
      web_acl_arn        = "arn:aws:wafv2:us-east-1:111111111111:global/webacl/slipway-test/one"
      api_port           = 3000
      roles = {
        task      = { name = "slipway-test-task", arn = "arn:aws:iam::111111111111:role/slipway-test/slipway-test-task" }
        execution = { name = "slipway-test-execution", arn = "arn:aws:iam::111111111111:role/slipway-test/slipway-test-execution" }
      }
    }
  }
}

override_data {
  target = data.terraform_remote_state.databases
  values = {
    outputs = {
      environment = { account_id = "111111111111", region = "us-east-1", prefix = "slipway-test" }
      postgres = {
        host            = "slipway-test.one.us-east-1.rds.amazonaws.com"
        port            = 5432
        database        = "app"
        secret_arn      = "arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!db-one-AbCdEf"
        identifier      = "slipway-test"
        resource_id     = "db-ONE"
        max_connections = 100
      }
    }
  }
}

variables {
  name               = "slipway"
  environment        = "test"
  account_id         = "111111111111"
  region             = "us-east-1"
  state_bucket       = "state"
  exposure           = "edge"
  architecture       = "ARM64"
  monthly_budget_usd = 50
  # Any file will do: nobody runs it.
  redeployer_zip = "./terraform.tf"

  task = {
    cpu    = 256
    memory = 512
  }
}

run "edge_has_private_tasks_behind_the_load_balancer" {
  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip && aws_ecs_service.this.network_configuration[0].subnets == toset(["subnet-3", "subnet-4"])
    error_message = "the tasks must stand in private subnets without a public address"
  }

  assert {
    condition     = aws_lb.this[0].security_groups == toset(["sg-edge"]) && aws_lb_listener.this["HTTP"].default_action[0].fixed_response[0].status_code == "403"
    error_message = "the load balancer must turn away whoever does not show the secret"
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].web_acl_id == "arn:aws:wafv2:us-east-1:111111111111:global/webacl/slipway-test/one"
    error_message = "the firewall must stand in front of the distribution"
  }

  # Without a domain this hop cannot be encrypted, and the plan says so.
  expect_failures = [check.origin_encryption]
}

run "a_task_that_leaves_serves_longer_than_the_load_balancer_sends" {
  variables {
    edge = { deregistration_delay_seconds = 60 }
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.template.container_definitions) :
      container.stopTimeout == 80 && contains(container.environment, { name = "SHUTDOWN_DELAY_MS", value = "65000" })
    ])
    error_message = "SHUTDOWN_DELAY_MS must outlast the deregistration delay, and stopTimeout both"
  }

  expect_failures = [check.origin_encryption]
}

run "a_release_command_stands_in_private_subnets" {
  variables {
    task = { release_command = ["dist/migrate.js"] }
  }

  assert {
    condition = jsondecode(aws_lambda_function.redeployer.environment[0].variables.SERVICES)[0].releaseCommand == {
      subnets = ["subnet-3", "subnet-4"], securityGroups = ["sg-application"], assignPublicIp = false, timeoutSeconds = 900
    }
    error_message = "it must run where the service's tasks do, without a public address"
  }

  expect_failures = [check.origin_encryption]
}

run "a_change_of_the_origin_secret_leaves_both_valid" {
  variables {
    edge = { origin_secret = "b" }
  }

  assert {
    condition     = one(aws_cloudfront_distribution.this[0].origin).custom_header != null && length(one(one(aws_lb_listener_rule.from_cloudfront["HTTP"].condition).http_header).values) == 2
    error_message = "the load balancer must know both secrets"
  }

  expect_failures = [check.origin_encryption]
}

run "tells_when_everything_is_on_spot" {
  command = plan

  variables {
    capacity = { on_demand_base = 0 }
  }

  expect_failures = [check.spot, check.origin_encryption]
}

run "a_domain_means_tls_on_both_sides" {
  variables {
    domain = { name = "api.example.com", zone_id = "Z0123456789ABC" }
  }

  assert {
    condition     = aws_lb_listener.this["HTTPS"].protocol == "HTTPS" && aws_lb_listener.this["HTTPS"].port == 443 && startswith(aws_lb_listener.this["HTTPS"].ssl_policy, "ELBSecurityPolicy-TLS13-1-2")
    error_message = "the load balancer must speak TLS 1.2 at the least"
  }

  assert {
    condition     = keys(aws_lb_listener.this) == ["HTTPS"] && keys(aws_lb_listener_rule.from_cloudfront) == ["HTTPS"]
    error_message = "nothing must be left that speaks HTTP"
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.this[0].origin).custom_origin_config).origin_protocol_policy == "https-only" && one(aws_cloudfront_distribution.this[0].origin).domain_name == "origin.api.example.com"
    error_message = "CloudFront must reach the load balancer by its own name, over HTTPS"
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https" && aws_cloudfront_distribution.this[0].viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"
    error_message = "viewers must be served with TLS 1.2 at the least"
  }

  assert {
    condition     = output.url == "https://api.example.com" && length(aws_route53_record.viewer) == 2
    error_message = "the name must lead to the distribution, over IPv4 and IPv6"
  }
}

run "tells_what_a_pause_is_behind_a_front" {
  command = plan

  variables {
    pause = { time_zone = "UTC", start = "07:00", stop = "20:00" }
  }

  expect_failures = [check.pause, check.origin_encryption]
}

run "goes_back_to_public_ip_in_one_apply" {
  variables {
    exposure = "public_ip"
  }

  # What is applied above has a load balancer: Terraform finds an order in which it goes after the service has let go of it.
  assert {
    condition     = length(aws_lb.this) == 0 && length(aws_ecs_service.this.load_balancer) == 0
    error_message = "nothing must be left in front of the tasks"
  }
}
