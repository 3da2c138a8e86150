# With a domain: one certificate for the viewers, in us-east-1 where CloudFront looks for it, and one for the load balancer.

provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}

locals {
  # The load balancer's own name; viewers never see it.
  origin_name = local.has_domain ? "origin.${var.domain.name}" : one(aws_lb.this[*].dns_name)
}

resource "aws_acm_certificate" "viewer" {
  count    = local.has_domain ? 1 : 0
  provider = aws.us_east_1

  domain_name       = var.domain.name
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_acm_certificate" "origin" {
  count = local.has_domain ? 1 : 0

  domain_name       = "origin.${var.domain.name}"
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "viewer_validation" {
  for_each = toset(local.has_domain ? [var.domain.name] : [])

  zone_id         = var.domain.zone_id
  name            = one([for one in aws_acm_certificate.viewer[0].domain_validation_options : one.resource_record_name if one.domain_name == each.key])
  type            = one([for one in aws_acm_certificate.viewer[0].domain_validation_options : one.resource_record_type if one.domain_name == each.key])
  records         = [for one in aws_acm_certificate.viewer[0].domain_validation_options : one.resource_record_value if one.domain_name == each.key]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_route53_record" "origin_validation" {
  for_each = toset(local.has_domain ? ["origin.${var.domain.name}"] : [])

  zone_id         = var.domain.zone_id
  name            = one([for one in aws_acm_certificate.origin[0].domain_validation_options : one.resource_record_name if one.domain_name == each.key])
  type            = one([for one in aws_acm_certificate.origin[0].domain_validation_options : one.resource_record_type if one.domain_name == each.key])
  records         = [for one in aws_acm_certificate.origin[0].domain_validation_options : one.resource_record_value if one.domain_name == each.key]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "viewer" {
  count    = local.has_domain ? 1 : 0
  provider = aws.us_east_1

  certificate_arn         = aws_acm_certificate.viewer[0].arn
  validation_record_fqdns = [for record in aws_route53_record.viewer_validation : record.fqdn]
}

resource "aws_acm_certificate_validation" "origin" {
  count = local.has_domain ? 1 : 0

  certificate_arn         = aws_acm_certificate.origin[0].arn
  validation_record_fqdns = [for record in aws_route53_record.origin_validation : record.fqdn]
}
