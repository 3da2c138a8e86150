locals {
  has_deployment_alarms = var.deployment_alarms == null ? true : length(var.deployment_alarms) > 0
}

resource "aws_ecs_service" "this" {
  #checkov:skip=CKV_AWS_333:With public_ip the tasks have a public address on purpose, for accounts without a load balancer; the group lets only allowed_cidrs in.
  name            = local.prefix
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.template.arn
  # The first image starts the service; then scaling owns the number.
  desired_count = 0

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = local.has_edge ? 60 : null
  enable_execute_command             = false
  # Without it the provider replaces the service for another capacity provider strategy: drained, and made again at zero tasks.
  # With it a strategy, and whatever else changes here, is a rolling deployment of the revision that runs.
  force_new_deployment    = true
  enable_ecs_managed_tags = true
  # A release carries commit and digest as tags; so do its tasks.
  propagate_tags = "TASK_DEFINITION"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # A release that is ready, and answers errors. Switched off it stays, with a name that ECS insists on: without the block the
  # provider leaves ECS as it is.
  alarms {
    enable      = local.has_deployment_alarms
    rollback    = local.has_deployment_alarms
    alarm_names = coalescelist(coalesce(var.deployment_alarms, []), [aws_cloudwatch_metric_alarm.service_errors.alarm_name])
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = var.capacity.on_demand_base
    weight            = 0
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    base              = 0
    weight            = 1
  }

  network_configuration {
    subnets          = local.subnets
    security_groups  = [local.security.security_group_ids.application]
    assign_public_ip = !local.has_edge
  }

  dynamic "load_balancer" {
    for_each = aws_lb_target_group.this

    content {
      target_group_arn = load_balancer.value.arn
      container_name   = var.name
      container_port   = local.api_port
    }
  }

  lifecycle {
    # The redeployer's and the scaling's.
    ignore_changes = [task_definition, desired_count]
  }

  depends_on = [
    # One that var.deployment_alarms may name.
    aws_cloudwatch_metric_alarm.http_5xx,
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.execution_secrets,
    aws_iam_role_policy.task_database,
    # Which end only after the service has let go of them.
    aws_lb_listener_rule.from_cloudfront,
  ]
}

check "connections" {
  assert {
    condition     = 2 * var.capacity.maximum * var.task.db_pool_max <= local.postgres.max_connections
    error_message = "During a rollout ${2 * var.capacity.maximum} tasks may hold ${2 * var.capacity.maximum * var.task.db_pool_max} connections, and the database takes ${local.postgres.max_connections}: lower task.db_pool_max or capacity.maximum, or raise postgres.max_connections."
  }
}

check "spot" {
  assert {
    condition     = !local.has_edge || var.capacity.on_demand_base >= 1
    error_message = "With capacity.on_demand_base 0 every task is on Fargate Spot: AWS may take all of them at once, with two minutes' notice."
  }
}
