# The exposure public_ip, what both exposures share, and which inputs are refused.

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
}

mock_provider "aws" {
  alias = "us_east_1"
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
      environment        = { account_id = "111111111111", region = "us-east-1", prefix = "slipway-test", exposure = "public_ip" }
      security_group_ids = { edge = [], application = "sg-application", database = "sg-database" }
      kms_key_arn        = "arn:aws:kms:us-east-1:111111111111:key/one"
      alarm_topic_arn    = "arn:aws:sns:us-east-1:111111111111:slipway-test-alarms"
      web_acl_arn        = null
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
  exposure           = "public_ip"
  architecture       = "ARM64"
  monthly_budget_usd = 50
  # Any file will do: nobody runs it.
  redeployer_zip = "./terraform.tf"

  task = {
    cpu    = 256
    memory = 512
  }
}

run "public_ip_has_tasks_with_addresses_and_nothing_in_front" {
  assert {
    condition     = aws_ecs_service.this.network_configuration[0].assign_public_ip && aws_ecs_service.this.network_configuration[0].subnets == toset(["subnet-1", "subnet-2"])
    error_message = "the tasks must stand in public subnets with a public address"
  }

  assert {
    condition     = length(aws_lb.this) == 0 && length(aws_cloudfront_distribution.this) == 0 && length(aws_ecs_service.this.load_balancer) == 0
    error_message = "there must be no load balancer and no distribution"
  }
}

run "releases_belong_to_the_redeployer" {
  assert {
    condition     = aws_ecs_task_definition.template.family == "slipway-test-template" && aws_ecs_service.this.desired_count == 0
    error_message = "Terraform owns the template only, and a service begins with no task"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "a rollout that fails must be rolled back"
  }

  assert {
    condition = jsondecode(aws_lambda_function.redeployer.environment[0].variables.SERVICES) == [{
      service    = "slipway-test", cluster = aws_ecs_cluster.this.name, repository = aws_ecr_repository.this.name, container = "slipway", minimumTasks = 1
      secretArns = ["arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!db-one-AbCdEf"]
    }]
    error_message = "the redeployer must be told of the service as its README says"
  }

  assert {
    condition     = aws_lambda_invocation.reconcile.triggers.template == aws_ecs_task_definition.template.arn
    error_message = "a new revision of the template must trigger the redeployer"
  }

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push
    error_message = "tags must not move, and images must be scanned"
  }
}

run "a_release_that_errs_is_rolled_back" {
  assert {
    condition     = aws_ecs_service.this.alarms[0].enable && aws_ecs_service.this.alarms[0].rollback && aws_ecs_service.this.alarms[0].alarm_names == toset(["slipway-test-service-errors"])
    error_message = "a rollout must be rolled back by the alarm on the service's errors"
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.service_errors.pattern == "{ $.status = 500 }" && aws_cloudwatch_log_metric_filter.service_errors.log_group_name == "/slipway/slipway-test/service"
    error_message = "status 500 must count in the service's log, and no 503: an outage of the database is no release's fault"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.service_errors.metric_name == aws_cloudwatch_log_metric_filter.service_errors.metric_transformation[0].name
      && aws_cloudwatch_metric_alarm.service_errors.datapoints_to_alarm * aws_cloudwatch_metric_alarm.service_errors.period == 60
    )
    error_message = "the alarm must see the filter's metric, and need one minute"
  }
}

run "an_environment_names_its_own_alarms" {
  command = plan

  variables {
    deployment_alarms = ["ledger-latency", "ledger-orders"]
  }

  assert {
    condition     = aws_ecs_service.this.alarms[0].enable && aws_ecs_service.this.alarms[0].alarm_names == toset(["ledger-latency", "ledger-orders"])
    error_message = "they must replace the one that is made"
  }
}

run "an_environment_may_have_no_deployment_alarm" {
  command = plan

  variables {
    deployment_alarms = []
  }

  assert {
    condition     = !aws_ecs_service.this.alarms[0].enable
    error_message = "an empty list must switch them off"
  }
}

run "refuses_an_alarm_without_a_name" {
  command = plan

  variables {
    deployment_alarms = [""]
  }

  expect_failures = [var.deployment_alarms]
}

run "no_image_of_a_commit_is_ever_deleted" {
  assert {
    condition     = alltrue([for rule in jsondecode(aws_ecr_lifecycle_policy.this.policy).rules : rule.selection.tagStatus == "untagged"])
    error_message = "the lifecycle may delete untagged images only"
  }
}

run "the_container_is_hardened" {
  variables {
    task = { user = "65532:65532", health_check_command = ["CMD", "/probe"] }
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.template.container_definitions) :
      container.readonlyRootFilesystem && container.user == "65532:65532" && container.linuxParameters.capabilities.drop == ["ALL"]
    ])
    error_message = "the container must run without root, without capabilities and on a read-only file system"
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.template.container_definitions) : container.linuxParameters.initProcessEnabled
    ])
    error_message = "the program must not be process 1, which never hears of a signal while it starts"
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.template.container_definitions) :
      toset(container.secrets[*].name) == toset(["DB_PASSWORD", "DB_USER"]) && length([for one in container.environment : one if one.name == "DB_PASSWORD"]) == 0
    ])
    error_message = "user and password must come from the secret, and from nowhere else"
  }
}

run "user_and_health_check_are_the_images_own_where_nothing_is_said" {
  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.template.container_definitions) :
      !contains(keys(container), "user") && !contains(keys(container), "healthCheck")
    ])
    error_message = "an image of any form must run without settings"
  }
}

run "spot_comes_after_the_base" {
  assert {
    condition = toset([for one in aws_ecs_service.this.capacity_provider_strategy : "${one.capacity_provider} base ${one.base} weight ${one.weight}"]) == toset([
      "FARGATE base 1 weight 0", "FARGATE_SPOT base 0 weight 1",
    ])
    error_message = "the base must be on demand and the rest on Spot"
  }
}

run "every_event_has_its_rule" {
  assert {
    condition     = toset(keys(aws_cloudwatch_event_rule.this)) == toset(["image-pushed", "rollout-ended", "requested", "secret-rotated", "schedule"])
    error_message = "each kind of event of the redeployer's README needs a rule"
  }

  assert {
    condition     = alltrue([for target in aws_cloudwatch_event_target.redeployer : target.sqs_target[0].message_group_id == "redeployer" && length(target.dead_letter_config) == 1])
    error_message = "every event must come through the one message group, and none may be lost unseen"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.redeployer.batch_size == 1 && aws_lambda_event_source_mapping.redeployer.function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "the mapping must be as the redeployer's README asks"
  }
}

run "without_a_release_command_there_is_nothing_of_it" {
  assert {
    condition     = length(aws_ecs_task_definition.release_command) == 0 && length(aws_iam_role.release_command) == 0 && length(aws_iam_role_policy.redeployer_release_command) == 0
    error_message = "a service without a release command must be as it was"
  }
}

run "a_release_command_runs_where_the_service_does" {
  variables {
    task = { release_command = ["dist/migrate.js"], release_command_timeout_seconds = 600, user = "65532:65532" }
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.release_command["one"].container_definitions) :
      container.name == "slipway" && container.command == ["dist/migrate.js"] && container.portMappings == []
      && container.readonlyRootFilesystem && container.user == "65532:65532" && toset(container.secrets[*].name) == toset(["DB_PASSWORD", "DB_USER"])
    ])
    error_message = "it must run the command in a container like the service's, which the redeployer finds by its name"
  }

  assert {
    condition     = aws_ecs_task_definition.release_command["one"].family == "slipway-test-release-command-template"
    error_message = "the redeployer looks for its template under this name"
  }

  assert {
    condition = jsondecode(aws_lambda_function.redeployer.environment[0].variables.SERVICES)[0].releaseCommand == {
      subnets = ["subnet-1", "subnet-2"], securityGroups = ["sg-application"], assignPublicIp = true, timeoutSeconds = 600
    }
    error_message = "the redeployer must be told how it runs as its README says"
  }

  assert {
    condition     = aws_lambda_invocation.reconcile.triggers.release_command == aws_ecs_task_definition.release_command["one"].arn
    error_message = "a new revision of its template must trigger the redeployer"
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.this["release-command-ended"].event_pattern).detail == {
      clusterArn = [aws_ecs_cluster.this.arn], group = ["family:slipway-test-release-command"], lastStatus = ["STOPPED"]
    }
    error_message = "its end must reach the redeployer, and no other task's"
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.redeployer_release_command["one"].statement :
      anytrue([for one in statement.condition : one.variable == "ecs:cluster" && one.values == tolist([aws_ecs_cluster.this.arn])])
      if length(setintersection(statement.actions, ["ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks", "ecs:ListTasks"])) > 0
    ])
    error_message = "tasks may be started, seen and stopped in this cluster only"
  }
}

run "with_iam_the_service_has_no_secret_and_the_command_alone_the_masters" {
  variables {
    task = { release_command = ["dist/migrate.js"], db_auth = "iam" }
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.template.container_definitions) :
      !contains(keys(container), "secrets") && {
        for one in container.environment : one.name => one.value if startswith(one.name, "DB_")
        } == {
        DB_AUTH     = "iam", DB_USER = "slipway_service", DB_HOST = "slipway-test.one.us-east-1.rds.amazonaws.com", DB_PORT = "5432"
        DB_DATABASE = "app", DB_POOL_MAX = "10", DB_SSLMODE = "verify-full"
      }
    ])
    error_message = "the service must sign in as its own user by token, and be given no secret"
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.release_command["one"].container_definitions) :
      toset(container.secrets[*].name) == toset(["DB_PASSWORD", "DB_USER"]) && length([for one in container.environment : one if contains(["DB_AUTH", "DB_USER"], one.name)]) == 0
    ])
    error_message = "the command must sign in as the master, with the password"
  }

  assert {
    condition     = data.aws_iam_policy_document.task_database[0].statement[0].resources == toset(["arn:aws:rds-db:us-east-1:111111111111:dbuser:db-ONE/slipway_service"]) && aws_iam_role_policy.task_database[0].role == "slipway-test-task"
    error_message = "the task may sign in as the one user of the one database"
  }

  assert {
    condition     = length(aws_iam_role_policy.execution_secrets) == 0 && keys(data.aws_iam_policy_document.secrets) == ["release_command"]
    error_message = "whoever starts the service's tasks must not read the master's secret"
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_event_rule.this), "secret-rotated") && jsondecode(aws_lambda_function.redeployer.environment[0].variables.SERVICES)[0].secretArns == []
    error_message = "a rotation of the master's secret must replace no task"
  }
}

run "with_iam_a_secret_of_the_services_own_is_watched" {
  command = plan

  variables {
    task = {
      release_command = ["dist/migrate.js"], db_auth = "iam"
      secrets         = { TOKEN = "arn:aws:secretsmanager:us-east-1:111111111111:secret:token-AbCdEf:value::" }
    }
  }

  assert {
    condition = toset(data.aws_iam_policy_document.secrets["service"].statement[0].resources) == toset([
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:token-AbCdEf",
      ]) && toset(data.aws_iam_policy_document.secrets["release_command"].statement[0].resources) == toset([
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!db-one-AbCdEf",
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:token-AbCdEf",
    ])
    error_message = "the service must get its own secret and not the master's, the command both"
  }

  assert {
    condition     = contains(keys(aws_cloudwatch_event_rule.this), "secret-rotated")
    error_message = "its rotation must replace the tasks"
  }
}

run "refuses_a_sign_in_that_there_is_not" {
  command = plan

  variables {
    task = { db_auth = "kerberos" }
  }

  expect_failures = [var.task]
}

run "refuses_iam_where_nobody_makes_the_user" {
  command = plan

  variables {
    task = { db_auth = "iam" }
  }

  expect_failures = [var.task]
}

run "refuses_iam_for_a_database_that_was_applied_before_it_took_that" {
  command = plan

  variables {
    task = { release_command = ["dist/migrate.js"], db_auth = "iam" }
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
          max_connections = 100
        }
      }
    }
  }

  expect_failures = [data.terraform_remote_state.databases]
}

run "refuses_a_release_command_of_nothing" {
  command = plan

  variables {
    task = { release_command = [] }
  }

  expect_failures = [var.task]
}

run "refuses_a_release_command_that_ecs_forgets_before_its_end" {
  command = plan

  variables {
    task = { release_command = ["dist/migrate.js"], release_command_timeout_seconds = 90000 }
  }

  expect_failures = [var.task]
}

run "without_a_pause_there_is_nothing_of_it" {
  assert {
    condition     = length(aws_sfn_state_machine.pause) == 0 && length(aws_scheduler_schedule.pause) == 0 && length(aws_iam_role.pause) == 0 && length(aws_cloudwatch_metric_alarm.pause) == 0
    error_message = "a service without a pause must be as it was"
  }
}

run "a_pause_stops_and_starts_in_order" {
  variables {
    pause    = { time_zone = "Europe/Berlin", start = "07:05", stop = "20:30", days = ["MON", "FRI"] }
    capacity = { minimum = 2, maximum = 4 }
  }

  assert {
    condition = { for way, one in aws_scheduler_schedule.pause : way => [one.schedule_expression, one.schedule_expression_timezone, one.target[0].input] } == {
      pause  = ["cron(30 20 * * ? *)", "Europe/Berlin", jsonencode({ way = "pause" })]
      resume = ["cron(5 7 ? * MON,FRI *)", "Europe/Berlin", jsonencode({ way = "resume" })]
    }
    error_message = "it must stop every day, for RDS may have started the database, and start on the days that were asked for"
  }

  assert {
    condition = {
      for name, state in jsondecode(aws_sfn_state_machine.pause[0].definition).States : name => length(try(state.Retry, []))
      if contains(["StopDatabase", "StartTasks", "WaitForTasks"], name)
    } == { StopDatabase = 1, StartTasks = 1, WaitForTasks = 0 }
    error_message = "each task, and nothing else, must be tried again"
  }

  assert {
    condition = (
      strcontains(aws_sfn_state_machine.pause[0].definition, "States.StringToJson('2')") &&
      strcontains(aws_sfn_state_machine.pause[0].definition, "\"DbInstanceIdentifier\":\"slipway-test\"")
    )
    error_message = "it must stop and start the environment's own database, and start the service with its minimum"
  }
}

run "refuses_a_pause_that_nobody_can_keep" {
  command = plan

  variables {
    pause = { time_zone = "Berlin time", start = "7 o'clock", stop = "20:30", days = ["MONDAY"] }
  }

  expect_failures = [var.pause]
}

run "refuses_a_pause_that_is_over_before_it_has_begun" {
  command = plan

  variables {
    pause = { time_zone = "UTC", start = "22:00", stop = "00:30" }
  }

  expect_failures = [var.pause]
}

run "secrets_of_the_service_are_readable_and_watched" {
  variables {
    task = {
      cpu     = 256
      memory  = 512
      secrets = { TOKEN = "arn:aws:secretsmanager:us-east-1:111111111111:secret:token-AbCdEf:value::" }
    }
  }

  assert {
    condition = toset(data.aws_iam_policy_document.secrets["service"].statement[0].resources) == toset([
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!db-one-AbCdEf",
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:token-AbCdEf",
    ])
    error_message = "the execution role must read the secrets of the task, without their keys, and no other"
  }
}

run "tells_when_a_rollout_could_run_out_of_connections" {
  command = plan

  variables {
    capacity = { minimum = 1, maximum = 10 }
  }

  expect_failures = [check.connections]
}

run "refuses_cpu_and_memory_that_do_not_go_together" {
  command = plan

  variables {
    task = { cpu = 256, memory = 4096 }
  }

  expect_failures = [var.task]
}

run "refuses_a_cpu_that_fargate_lacks" {
  command = plan

  variables {
    task = { cpu = 300, memory = 512 }
  }

  expect_failures = [var.task]
}

run "refuses_a_secret_of_another_account" {
  command = plan

  variables {
    task = { cpu = 256, memory = 512, secrets = { TOKEN = "arn:aws:secretsmanager:us-east-1:999999999999:secret:token-AbCdEf" } }
  }

  expect_failures = [var.task]
}

run "refuses_a_variable_that_this_layer_sets" {
  command = plan

  variables {
    task = { cpu = 256, memory = 512, environment = { DB_PASSWORD = "x" } }
  }

  expect_failures = [var.task]
}

run "refuses_a_variable_given_twice" {
  command = plan

  variables {
    task = { cpu = 256, memory = 512, environment = { TOKEN = "x" }, secrets = { TOKEN = "arn:aws:secretsmanager:us-east-1:111111111111:secret:token-AbCdEf" } }
  }

  expect_failures = [var.task]
}

run "refuses_fewer_tasks_at_most_than_at_least" {
  command = plan

  variables {
    capacity = { minimum = 3, maximum = 2 }
  }

  expect_failures = [var.capacity]
}

run "refuses_a_target_out_of_bounds" {
  command = plan

  variables {
    capacity = { cpu_target_percent = 100 }
  }

  expect_failures = [var.capacity]
}

run "refuses_a_delay_that_fargate_does_not_grant" {
  command = plan

  variables {
    edge = { deregistration_delay_seconds = 115 }
  }

  expect_failures = [var.edge]
}

run "refuses_a_path_without_slash_and_other_slips" {
  command = plan

  variables {
    edge               = { health_check_path = "health" }
    pull_accounts      = ["slipway"]
    outcome_emails     = ["somebody"]
    monthly_budget_usd = 0
    redeployer_zip     = "./missing.zip"
  }

  expect_failures = [var.edge, var.pull_accounts, var.outcome_emails, var.monthly_budget_usd, var.redeployer_zip]
}

run "refuses_an_exposure_that_security_was_not_applied_for" {
  command = plan

  variables {
    exposure = "edge"
  }

  expect_failures = [data.terraform_remote_state.security, check.origin_encryption]
}

run "refuses_the_state_of_another_environment" {
  command = plan

  variables {
    environment = "other"
  }

  expect_failures = [data.terraform_remote_state.databases]
}
