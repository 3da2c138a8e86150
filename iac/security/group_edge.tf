locals {
  # CloudFront speaks TLS to the load balancer where a domain gives it a certificate.
  edge_port = var.domain == null ? 80 : 443
}

# The load balancer: from CloudFront in, to the tasks out.
resource "aws_security_group" "edge" {
  #checkov:skip=CKV2_AWS_5:It is attached in a layer above: databases or application.
  count = local.has_edge ? 1 : 0

  name        = "${local.prefix}-edge"
  description = "Load balancer: CloudFront in, the API port out"
  vpc_id      = local.connectivity.vpc.id

  tags = {
    Name = "${local.prefix}-edge"
  }
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  count = local.has_edge ? 1 : 0

  name = "com.amazonaws.global.cloudfront.origin-facing"
}

# One port only: the list counts as 55 of the 60 rules that a group may hold
# (docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html).
resource "aws_vpc_security_group_ingress_rule" "edge_from_cloudfront" {
  count = local.has_edge ? 1 : 0

  security_group_id = aws_security_group.edge[0].id
  description       = "CloudFront's servers"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront[0].id
  ip_protocol       = "tcp"
  from_port         = local.edge_port
  to_port           = local.edge_port
}

resource "aws_vpc_security_group_egress_rule" "edge_to_application" {
  count = local.has_edge ? 1 : 0

  security_group_id            = aws_security_group.edge[0].id
  description                  = "The API port of the tasks"
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = var.api_port
  to_port                      = var.api_port
}
