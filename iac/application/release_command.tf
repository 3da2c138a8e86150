# What runs once in a release's image before its rollout (redeployer/README.md, "The release command"). As with the service's
# template, the redeployer puts the image into the newest revision and runs the result, a family of its own.

locals {
  release_commands = var.task.release_command == null ? [] : ["one"]
  release_command  = "${local.prefix}-release-command"
}

resource "aws_ecs_task_definition" "release_command" {
  #checkov:skip=CKV_AWS_249:It has one role, to be started with: at AWS the command itself may do nothing.
  for_each = toset(local.release_commands)

  family                   = "${local.release_command}-template"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.task.cpu
  memory                   = var.task.memory
  execution_role_arn       = aws_iam_role.release_command[each.key].arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  container_definitions = jsonencode([{ for key, value in merge(local.containers.release_command, {
    command      = var.task.release_command
    portMappings = []

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.service.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "release-command"
        # Rather a slower command than one that does not say why it failed.
        mode = "blocking"
      }
    }
  }) : key => value if value != null }])

  lifecycle {
    # As of the service's template.
    create_before_destroy = true
  }
}

resource "aws_iam_role" "release_command" {
  for_each = toset(local.release_commands)

  name                 = local.release_command
  path                 = local.role_path
  description          = "Starts the release command: image, secrets, log"
  permissions_boundary = local.permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.release_command_trust.json
}

data "aws_iam_policy_document" "release_command_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    # Only ECS acting for this account: docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.ecs}:*"]
    }
  }
}

resource "aws_iam_role_policy" "release_command" {
  for_each = toset(local.release_commands)

  name   = "start"
  role   = aws_iam_role.release_command[each.key].id
  policy = data.aws_iam_policy_document.release_command.json
}

data "aws_iam_policy_document" "release_command" {
  source_policy_documents = [data.aws_iam_policy_document.secrets["release_command"].json]

  # AWS takes no resource for it.
  statement {
    sid       = "SignIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "Pull"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [aws_ecr_repository.this.arn]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.service.arn}:log-stream:release-command/*"]
  }
}

# What the redeployer needs for it, beside what it may do for the service.
resource "aws_iam_role_policy" "redeployer_release_command" {
  for_each = toset(local.release_commands)

  name   = "run-release-command"
  role   = aws_iam_role.redeployer.id
  policy = data.aws_iam_policy_document.redeployer_release_command[each.key].json
}

data "aws_iam_policy_document" "redeployer_release_command" {
  for_each = toset(local.release_commands)

  statement {
    sid       = "Register"
    actions   = ["ecs:RegisterTaskDefinition", "ecs:TagResource"]
    resources = ["${local.ecs}:task-definition/${local.release_command}:*"]
  }

  statement {
    sid       = "Run"
    actions   = ["ecs:RunTask"]
    resources = ["${local.ecs}:task-definition/${local.release_command}:*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.this.arn]
    }
  }

  statement {
    sid       = "Watch"
    actions   = ["ecs:DescribeTasks", "ecs:StopTask"]
    resources = ["${local.ecs}:task/${local.prefix}/*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.this.arn]
    }
  }

  # Its resource is a container instance, which Fargate does not have.
  statement {
    sid       = "List"
    actions   = ["ecs:ListTasks"]
    resources = ["*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.this.arn]
    }
  }

  statement {
    sid       = "Role"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.release_command[each.key].arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}
