locals {
  redeployer_name = "${local.prefix}-redeployer"

  # Seconds. redeployer/README.md: a message that nobody can read holds the others up for no longer than
  # redeployer_receives × redeployer_visibility.
  redeployer_timeout    = 60
  redeployer_visibility = 90
  redeployer_receives   = 3

  served = [{ for key, value in {
    service      = local.prefix
    cluster      = aws_ecs_cluster.this.name
    repository   = aws_ecr_repository.this.name
    container    = var.name
    minimumTasks = var.capacity.minimum
    secretArns   = local.secret_arns.service
    releaseCommand = var.task.release_command == null ? null : {
      subnets        = local.subnets
      securityGroups = [local.security.security_group_ids.application]
      assignPublicIp = !local.has_edge
      timeoutSeconds = var.task.release_command_timeout_seconds
    }
  } : key => value if value != null }]
}

resource "aws_lambda_function" "redeployer" {
  #checkov:skip=CKV_AWS_115:New accounts have ten concurrent executions and may reserve none; one message group is the limit.
  #checkov:skip=CKV_AWS_116:It is called through a queue, which has a dead-letter queue; the function's own is for asynchronous calls.
  #checkov:skip=CKV_AWS_117:It talks to AWS's own endpoints only; in the VPC it would need a NAT gateway to reach them.
  #checkov:skip=CKV_AWS_173:Names and ARNs, no secret; Lambda encrypts them with a key of its own.
  #checkov:skip=CKV_AWS_272:The zip is built from this repository, and its hash is part of the plan.
  #checkov:skip=CKV_AWS_50:One line a decision tells what it did and why; it has no peers to trace.
  function_name = local.redeployer_name
  description   = "Deploys what was pushed or asked for last, and tells how each rollout ended"
  role          = aws_iam_role.redeployer.arn

  filename         = var.redeployer_zip
  source_code_hash = filebase64sha256(var.redeployer_zip)
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  architectures    = [var.architecture == "ARM64" ? "arm64" : "x86_64"]
  memory_size      = 256
  timeout          = local.redeployer_timeout

  environment {
    variables = {
      OUTCOME_TOPIC_ARN = aws_sns_topic.outcomes.arn
      SERVICES          = jsonencode(local.served)
    }
  }

  logging_config {
    # It writes JSON itself.
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.redeployer.name
  }

  depends_on = [aws_iam_role_policy.redeployer, aws_iam_role_policy.redeployer_release_command]
}

resource "aws_cloudwatch_log_group" "redeployer" {
  #checkov:skip=CKV_AWS_338:Why something was released is asked within weeks; releases carry their own history as tags.
  name              = "/aws/lambda/${local.redeployer_name}"
  retention_in_days = var.task.log_retention_days
  kms_key_id        = local.security.kms_key_arn
}

resource "aws_lambda_event_source_mapping" "redeployer" {
  event_source_arn = aws_sqs_queue.redeployer.arn
  function_name    = aws_lambda_function.redeployer.arn
  # One at a time: no innocent message goes to the dead-letter queue with a bad one.
  batch_size              = 1
  function_response_types = ["ReportBatchItemFailures"]
}

# A changed template must become a release of the image that runs: the redeployer is told as soon as it is registered. Before
# the first image there is nothing to do, and it says so. An error of the redeployer fails the apply.
resource "aws_lambda_invocation" "reconcile" {
  function_name = aws_lambda_function.redeployer.function_name

  input = jsonencode({
    source        = "slipway"
    "detail-type" = "Reconcile Requested"
    detail        = { service = aws_ecs_service.this.name }
  })

  triggers = merge(
    {
      template = aws_ecs_task_definition.template.arn
      served   = sha256(jsonencode(local.served))
    },
    { for one in aws_ecs_task_definition.release_command : "release_command" => one.arn },
  )

  depends_on = [
    aws_appautoscaling_target.this,
    aws_iam_role_policy.redeployer,
    aws_iam_role_policy.redeployer_release_command,
    aws_iam_role_policy.release_command,
    aws_iam_role_policy.task_database,
    aws_lambda_event_source_mapping.redeployer,
  ]
}
