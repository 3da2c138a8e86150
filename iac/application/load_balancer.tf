resource "aws_lb" "this" {
  #checkov:skip=CKV2_AWS_20:With a domain the only listener speaks TLS; without one there is no certificate, and the check `origin_encryption` says so.
  #checkov:skip=CKV2_AWS_28:The firewall stands in front of CloudFront, and nothing else reaches the load balancer.
  #checkov:skip=CKV_AWS_150:Protection follows is_protected: a development environment has to go with one command.
  count = local.has_edge ? 1 : 0

  name               = local.prefix
  load_balancer_type = "application"
  internal           = false
  subnets            = local.connectivity.subnet_ids.public
  security_groups    = local.security.security_group_ids.edge

  drop_invalid_header_fields = true
  enable_deletion_protection = var.is_protected
  # Seconds; shorter than the keep-alive of the service, or the load balancer answers 502.
  idle_timeout = 60

  access_logs {
    bucket  = aws_s3_bucket.logs[0].id
    prefix  = "load-balancer"
    enabled = true
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:From the load balancer to the task is one hop inside the VPC, from group to group; the service speaks HTTP.
  count = local.has_edge ? 1 : 0

  name                 = local.prefix
  vpc_id               = local.connectivity.vpc.id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = 3000 # What is used is the port of each task, which ECS registers; another one here would replace the group.
  deregistration_delay = var.edge.deregistration_delay_seconds

  health_check {
    path                = var.edge.health_check_path
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    # It goes after the service has let go of it, on the way to public_ip.
    create_before_destroy = true
  }
}

locals {
  # A domain brings a listener of its own. CloudFront goes over to it, or back, before the other one ends.
  listeners = {
    for protocol, port in { HTTP = 80, HTTPS = 443 } : protocol => port
    if local.has_edge && local.has_domain == (protocol == "HTTPS")
  }
}

# Whoever does not show the secret is not our distribution.
resource "aws_lb_listener" "this" {
  #checkov:skip=CKV_AWS_2:HTTPS with a domain; without one there is no certificate, and the check `origin_encryption` says so.
  #checkov:skip=CKV_AWS_103:TLS 1.2 and 1.3 with a domain; without one there is no certificate, and the check `origin_encryption` says so.
  for_each = local.listeners

  load_balancer_arn = aws_lb.this[0].arn
  protocol          = each.key
  port              = each.value
  ssl_policy        = each.key == "HTTPS" ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null
  certificate_arn   = each.key == "HTTPS" ? aws_acm_certificate_validation.origin[0].certificate_arn : null

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "Forbidden"
      status_code  = "403"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener_rule" "from_cloudfront" {
  for_each = local.listeners

  listener_arn = aws_lb_listener.this[each.key].arn
  priority     = 1

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[0].arn
  }

  condition {
    http_header {
      http_header_name = local.origin_secret_header
      values           = [for key in ["a", "b"] : sensitive(terraform_data.origin_secret[key].output)]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

check "origin_encryption" {
  assert {
    condition     = !local.has_edge || local.has_domain
    error_message = "Without domain the hop from CloudFront to the load balancer is plain HTTP, the secret header included: viewers are served with TLS, but what passes between the two is not encrypted. Set domain in common.auto.tfvars for TLS on both sides."
  }
}
