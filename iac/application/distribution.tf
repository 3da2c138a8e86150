# AWS's managed policies have the same id in every account (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide,
# "Use managed cache policies", "… origin request policies", "… response headers policies").
locals {
  caching_disabled              = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  all_viewer_except_host_header = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
  security_headers              = "67f7725c-6f97-4210-82d7-5512b31e9d03"
  cloudfront_hosted_zone        = "Z2FDTNDATAQYW2"
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_86:The firewall's log and the load balancer's hold every request between them; a third log would cost and tell nothing new.
  #checkov:skip=CKV_AWS_305:An API has no index page; GET / is a route of its own.
  #checkov:skip=CKV_AWS_310:There is one origin; its zones are the redundancy.
  #checkov:skip=CKV_AWS_374:The service is for users in every country.
  #checkov:skip=CKV_AWS_174:TLS 1.2 at the least with a domain; CloudFront's own certificate does not let the version be chosen.
  #checkov:skip=CKV2_AWS_32:AWS's managed policy with security headers is attached, by an id that this check does not know.
  #checkov:skip=CKV2_AWS_42:A certificate of its own with a domain; CloudFront's without.
  #checkov:skip=CKV2_AWS_47:The web ACL of the security layer holds AWSManagedRulesKnownBadInputsRuleSet, which has the rule against Log4j.
  count = local.has_edge ? 1 : 0

  comment         = local.prefix
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = "PriceClass_All"
  aliases         = local.has_domain ? [var.domain.name] : []
  web_acl_id      = local.security.web_acl_arn

  origin {
    origin_id   = "load-balancer"
    domain_name = local.origin_name

    custom_header {
      name  = local.origin_secret_header
      value = sensitive(terraform_data.origin_secret[var.edge.origin_secret].output)
    }

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = local.has_domain ? "https-only" : "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
      origin_read_timeout    = 30
      # Seconds; shorter than the load balancer's 60.
      origin_keepalive_timeout = 55
    }
  }

  default_cache_behavior {
    target_origin_id           = "load-balancer"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching_disabled
    origin_request_policy_id   = local.all_viewer_except_host_header
    response_headers_policy_id = local.security_headers
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = !local.has_domain
    acm_certificate_arn            = local.has_domain ? aws_acm_certificate_validation.viewer[0].certificate_arn : null
    ssl_support_method             = local.has_domain ? "sni-only" : null
    minimum_protocol_version       = local.has_domain ? "TLSv1.2_2021" : "TLSv1"
  }

  # The listener that it goes over to is there before it does, and the one that it leaves ends afterwards.
  depends_on = [aws_lb_listener_rule.from_cloudfront, aws_route53_record.origin]
}

resource "aws_route53_record" "viewer" {
  for_each = toset(local.has_domain ? ["A", "AAAA"] : [])

  zone_id = var.domain.zone_id
  name    = var.domain.name
  type    = each.key

  alias {
    name                   = aws_cloudfront_distribution.this[0].domain_name
    zone_id                = local.cloudfront_hosted_zone
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "origin" {
  count = local.has_domain ? 1 : 0

  zone_id = var.domain.zone_id
  name    = "origin.${var.domain.name}"
  type    = "A"

  alias {
    name                   = aws_lb.this[0].dns_name
    zone_id                = aws_lb.this[0].zone_id
    evaluate_target_health = false
  }

  lifecycle {
    create_before_destroy = true
  }
}
