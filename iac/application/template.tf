# What a release is made of: the redeployer puts an image into the newest revision of this family and registers the result
# in a family of its own. Nobody runs the template itself, so its image need not exist.

locals {
  # Behind a load balancer a task that must go serves until the load balancer has let go of it, and a little longer: a Spot
  # task hears SIGTERM first. Then it finishes what is in flight.
  shutdown_delay_seconds   = local.has_edge ? var.edge.deregistration_delay_seconds + 5 : 0
  shutdown_timeout_seconds = 10
  stop_timeout_seconds     = local.shutdown_delay_seconds + local.shutdown_timeout_seconds + 5

  environment = merge(var.task.environment, {
    API_PORT            = tostring(local.api_port)
    DB_DATABASE         = local.postgres.database
    DB_HOST             = local.postgres.host
    DB_POOL_MAX         = tostring(var.task.db_pool_max)
    DB_PORT             = tostring(local.postgres.port)
    DB_SSLMODE          = "verify-full"
    SHUTDOWN_DELAY_MS   = tostring(local.shutdown_delay_seconds * 1000)
    SHUTDOWN_TIMEOUT_MS = tostring(local.shutdown_timeout_seconds * 1000)
  })

  # The service's container and that of its release command, as far as they are alike.
  containers = { for name, sign_in in local.sign_in : name => {
    name      = var.name
    image     = "${aws_ecr_repository.this.repository_url}:placeholder"
    essential = true
    user      = var.task.user

    # Nothing of the service has to be written to.
    readonlyRootFilesystem = true
    linuxParameters = {
      # As process 1 a program never hears of a signal for which it has no handler yet: SIGTERM while it starts.
      initProcessEnabled = true
      capabilities       = { add = [], drop = ["ALL"] }
    }

    environment = [for key, value in merge(local.environment, sign_in) : { name = key, value = value }]
    # None, rather than a list of none, which AWS forgets.
    secrets = length(local.secrets[name]) == 0 ? null : [for key, value in local.secrets[name] : { name = key, valueFrom = value }]

    mountPoints    = []
    volumesFrom    = []
    systemControls = []
  } }
}

resource "aws_ecs_task_definition" "template" {
  #checkov:skip=CKV_AWS_249:They are two roles of the security layer, which this check cannot see through.
  family                   = "${local.prefix}-template"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.task.cpu
  memory                   = var.task.memory
  task_role_arn            = local.security.roles.task.arn
  execution_role_arn       = local.security.roles.execution.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  # Without what is left to the image or to ECS.
  container_definitions = jsonencode([{ for key, value in merge(local.containers.service, {
    portMappings = [{ containerPort = local.api_port, hostPort = local.api_port, protocol = "tcp" }]
    stopTimeout  = local.stop_timeout_seconds

    healthCheck = var.task.health_check_command == null ? null : {
      command     = var.task.health_check_command
      interval    = 10
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.service.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "service"
        # A log that cannot be written must not stop the service.
        mode            = "non-blocking"
        max-buffer-size = "4m"
      }
    }
  }) : key => value if value != null }])

  lifecycle {
    # The redeployer needs an active revision at every moment, also when an apply ends half way.
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "service" {
  #checkov:skip=CKV_AWS_338:A month of requests is what a fault is traced with; task.log_retention_days holds more where it must be kept.
  name              = "/slipway/${local.prefix}/service"
  retention_in_days = var.task.log_retention_days
  kms_key_id        = local.security.kms_key_arn
}
