locals {
  # CloudFront's list counts as 55 of the 60 rules that a group may hold, so each port has a group of its own
  # (docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html). Both are there with or without a
  # domain: the listeners decide what is served, and a domain comes and goes without closing a port that is still in use.
  edge_ports = { http = 80, https = 443 }
}

# The load balancer: from CloudFront in, to the tasks out.
resource "aws_security_group" "edge" {
  #checkov:skip=CKV2_AWS_5:It is attached in a layer above: databases or application.
  for_each = local.has_edge ? local.edge_ports : {}

  name        = "${local.prefix}-edge-${each.key}"
  description = "Load balancer: CloudFront in by ${upper(each.key)}, the API port out"
  vpc_id      = local.connectivity.vpc.id

  tags = {
    Name = "${local.prefix}-edge-${each.key}"
  }
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  count = local.has_edge ? 1 : 0

  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_vpc_security_group_ingress_rule" "edge_from_cloudfront" {
  for_each = local.has_edge ? local.edge_ports : {}

  security_group_id = aws_security_group.edge[each.key].id
  description       = "CloudFront's servers"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront[0].id
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_egress_rule" "edge_to_application" {
  count = local.has_edge ? 1 : 0

  security_group_id            = aws_security_group.edge["http"].id
  description                  = "The API port of the tasks"
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = var.api_port
  to_port                      = var.api_port

  lifecycle {
    precondition {
      condition     = terraform_data.balanced_port[0].output == var.api_port
      error_message = "The load balancer was made for api_port ${terraform_data.balanced_port[0].output}, and ECS moves no service to a port that its running release does not know. Set it back; to change it, go to the exposure public_ip first (iac/README.md, \"Changing what is there\")."
    }
  }
}

# The port that the load balancer was made for.
resource "terraform_data" "balanced_port" {
  count = local.has_edge ? 1 : 0

  input = var.api_port

  lifecycle {
    ignore_changes = [input]
  }
}

# The way from edge to public_ip begins in the layer above: what it still uses here can only be deleted afterwards, and AWS
# lets the attempt hang for a quarter of an hour.
# tflint-ignore: terraform_unused_declarations # Its postcondition is what it is for.
data "aws_lbs" "this" {
  count = local.has_edge ? 0 : 1

  tags = {
    Project     = var.name
    Environment = var.environment
  }

  lifecycle {
    postcondition {
      condition     = length(self.arns) == 0
      error_message = "The load balancer of ${local.prefix} is still there, in the groups and behind the firewall that this plan would delete. Apply application with the exposure public_ip first, then plan security again."
    }
  }
}
