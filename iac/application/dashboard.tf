locals {
  widgets = concat(
    [for insights in var.has_container_insights ? ["ECS/ContainerInsights"] : [] : { title = "Tasks: running and wanted", metrics = [
      [insights, "RunningTaskCount", "ClusterName", local.prefix, "ServiceName", local.prefix],
      [insights, "DesiredTaskCount", "ClusterName", local.prefix, "ServiceName", local.prefix],
    ] }],
    [
      { title = "Tasks: CPU and memory, per cent", metrics = [
        ["AWS/ECS", "CPUUtilization", "ClusterName", local.prefix, "ServiceName", local.prefix],
        ["AWS/ECS", "MemoryUtilization", "ClusterName", local.prefix, "ServiceName", local.prefix],
      ] },
      { title = "Service: requests answered with status 500", metrics = [
        ["Slipway", aws_cloudwatch_metric_alarm.service_errors.metric_name, { stat = "Sum" }],
      ] },
      { title = "Database: CPU, per cent, and connections", metrics = [
        ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", local.postgres.identifier],
        ["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", local.postgres.identifier],
      ] },
      { title = "Database: free storage, bytes", metrics = [
        ["AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", local.postgres.identifier],
      ] },
      { title = "Redeployer: runs and errors", metrics = [
        ["AWS/Lambda", "Invocations", "FunctionName", local.redeployer_name, { stat = "Sum" }],
        ["Slipway", "${local.redeployer_name}-errors", { stat = "Sum" }],
      ] },
      { title = "Redeployer: waiting, dead letters, undelivered", metrics = [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.redeployer.name],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.redeployer_dead_letters.name],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.undelivered.name],
      ] },
    ],
    [for balancer in aws_lb.this : { title = "Requests and 5xx answers", metrics = [
      ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", balancer.arn_suffix, { stat = "Sum" }],
      ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", balancer.arn_suffix, { stat = "Sum" }],
      ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", balancer.arn_suffix, { stat = "Sum" }],
    ] }],
    [for balancer in aws_lb.this : { title = "Time to answer, seconds", metrics = [
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", balancer.arn_suffix, { stat = "p50" }],
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", balancer.arn_suffix, { stat = "p99" }],
    ] }],
  )
}

# Two a row.
resource "aws_cloudwatch_dashboard" "this" {
  count = var.has_dashboard ? 1 : 0

  dashboard_name = local.prefix

  dashboard_body = jsonencode({
    widgets = [for index, widget in local.widgets : {
      type   = "metric"
      x      = index % 2 * 12
      y      = floor(index / 2) * 6
      width  = 12
      height = 6
      properties = {
        title   = widget.title
        region  = var.region
        period  = 60
        metrics = widget.metrics
      }
    }]
  })
}
