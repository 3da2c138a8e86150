resource "aws_cloudwatch_metric_alarm" "http_5xx" {
  count = local.has_edge ? 1 : 0

  alarm_name          = "${local.prefix}-http-5xx"
  alarm_description   = "More than 5 % of the requests were answered with a 5xx for five minutes"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.security.alarm_topic_arn]
  ok_actions          = [local.security.alarm_topic_arn]

  metric_query {
    id = "rate"
    # Below 20 requests a minute one error is no rate.
    expression  = "IF(requests >= 20, 100 * (FILL(tasks, 0) + FILL(balancer, 0)) / requests, 0)"
    label       = "5xx answers, per cent"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      requests = "RequestCount"
      tasks    = "HTTPCode_Target_5XX_Count"
      balancer = "HTTPCode_ELB_5XX_Count"
    }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        stat        = "Sum"
        period      = 60

        dimensions = {
          LoadBalancer = aws_lb.this[0].arn_suffix
        }
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy_hosts" {
  count = local.has_edge ? 1 : 0

  alarm_name          = "${local.prefix}-unhealthy-hosts"
  alarm_description   = "A task fails the load balancer's health check for five minutes"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  statistic           = "Minimum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.security.alarm_topic_arn]
  ok_actions          = [local.security.alarm_topic_arn]

  dimensions = {
    LoadBalancer = aws_lb.this[0].arn_suffix
    TargetGroup  = aws_lb_target_group.this[0].arn_suffix
  }
}
