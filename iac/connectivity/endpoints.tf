# Free of charge, and the layers of images come from S3: without it they would pass the NAT gateway, at a price per GB.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat([aws_route_table.public.id], values(aws_route_table.private)[*].id)
  policy            = data.aws_iam_policy_document.s3_endpoint.json

  tags = {
    Name = "${local.prefix}-s3"
  }
}

data "aws_iam_policy_document" "s3_endpoint" {
  # Where ECR keeps layers: docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html.
  statement {
    sid       = "ImageLayers"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::prod-${var.region}-starport-layer-bucket/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

  # What a service keeps in S3 stays in this account: nothing is carried out to a stranger's bucket.
  statement {
    sid       = "BucketsOfThisAccount"
    actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    resources = ["arn:aws:s3:::*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_security_group" "endpoints" {
  count = length(local.endpoints) > 0 ? 1 : 0

  name        = "${local.prefix}-endpoints"
  description = "Interface endpoints: HTTPS from within the VPC"
  vpc_id      = aws_vpc.this.id

  tags = {
    Name = "${local.prefix}-endpoints"
  }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = length(local.endpoints) > 0 ? 1 : 0

  security_group_id = aws_security_group.endpoints[0].id
  description       = "HTTPS from within the VPC"
  cidr_ipv4         = var.vpc_cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

locals {
  # In two zones: one may fail, and a third would cost half as much again. Tasks of the other zones reach them across zones.
  endpoint_zones = slice(local.used_zones, 0, min(2, length(local.used_zones)))
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for zone in local.endpoint_zones : aws_subnet.private[zone].id]
  security_group_ids  = [aws_security_group.endpoints[0].id]
  policy              = data.aws_iam_policy_document.interface_endpoint[each.key].json

  tags = {
    Name = "${local.prefix}-${each.key}"
  }
}

# An endpoint is used with this account's identities only: keys of another account cannot carry data out through it.
data "aws_iam_policy_document" "interface_endpoint" {
  for_each = local.endpoints

  statement {
    sid       = "OwnIdentities"
    actions   = ["${split(".", each.key)[0]}:*"]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [var.account_id]
    }
  }
}
