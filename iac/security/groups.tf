# edge → application → database. Each may send only to the next, and only the next's port.

locals {
  has_edge = var.exposure == "edge"

  # Without the endpoints, tasks reach ECR, Secrets Manager and CloudWatch Logs at public addresses, which change.
  needs_internet = !local.connectivity.egress.endpoints_suffice
}

resource "aws_security_group" "application" {
  #checkov:skip=CKV2_AWS_5:It is attached in a layer above: databases or application.
  name        = "${local.prefix}-application"
  description = "Tasks: the API port in; the database and AWS out"
  vpc_id      = local.connectivity.vpc.id

  tags = {
    Name = "${local.prefix}-application"
  }
}

resource "aws_vpc_security_group_ingress_rule" "application_from_edge" {
  count = local.has_edge ? 1 : 0

  security_group_id            = aws_security_group.application.id
  description                  = "The API port from the load balancer"
  referenced_security_group_id = aws_security_group.edge["http"].id
  ip_protocol                  = "tcp"
  from_port                    = var.api_port
  to_port                      = var.api_port
}

resource "aws_vpc_security_group_ingress_rule" "application_from_allowed" {
  for_each = local.has_edge ? [] : var.allowed_cidrs

  security_group_id = aws_security_group.application.id
  description       = "The API port from an allowed network"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.api_port
  to_port           = var.api_port
}

resource "aws_vpc_security_group_egress_rule" "application_to_database" {
  security_group_id            = aws_security_group.application.id
  description                  = "PostgreSQL"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "application_to_s3" {
  security_group_id = aws_security_group.application.id
  description       = "Layers of images, from S3 through its endpoint"
  prefix_list_id    = local.connectivity.egress.s3_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "application_to_endpoints" {
  count = local.connectivity.egress.endpoints_security_group_id == null ? 0 : 1

  security_group_id            = aws_security_group.application.id
  description                  = "AWS through the interface endpoints"
  referenced_security_group_id = local.connectivity.egress.endpoints_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "application_to_internet" {
  count = local.needs_internet ? 1 : 0

  security_group_id = aws_security_group.application.id
  description       = "AWS at its public addresses: HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group" "database" {
  #checkov:skip=CKV2_AWS_5:It is attached in a layer above: databases or application.
  name        = "${local.prefix}-database"
  description = "PostgreSQL: from the tasks in, nothing out"
  vpc_id      = local.connectivity.vpc.id

  tags = {
    Name = "${local.prefix}-database"
  }
}

resource "aws_vpc_security_group_ingress_rule" "database_from_application" {
  security_group_id            = aws_security_group.database.id
  description                  = "PostgreSQL from the tasks"
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}
