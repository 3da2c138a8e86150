# What the layer connectivity makes. For the role `apply`.
resource "aws_iam_policy" "write_network" {
  for_each = local.environments

  name        = "${var.name}-${each.key}-write-network"
  path        = local.bootstrap_path
  description = "What the layer connectivity makes (${var.name} in ${each.key})"
  policy      = data.aws_iam_policy_document.write_network[each.key].json
}

data "aws_iam_policy_document" "write_network" {
  for_each = local.environments

  statement {
    sid = "Network"
    actions = [
      "ec2:AllocateAddress",
      "ec2:AssociateRouteTable",
      "ec2:AttachInternetGateway",
      "ec2:AuthorizeSecurityGroupEgress",
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:CreateFlowLogs",
      "ec2:CreateInternetGateway",
      "ec2:CreateNatGateway",
      "ec2:CreateRoute",
      "ec2:CreateRouteTable",
      "ec2:CreateSecurityGroup",
      "ec2:CreateSubnet",
      "ec2:CreateTags",
      "ec2:CreateVpc",
      "ec2:CreateVpcEndpoint",
      "ec2:DeleteFlowLogs",
      "ec2:DeleteInternetGateway",
      "ec2:DeleteNatGateway",
      "ec2:DeleteRoute",
      "ec2:DeleteRouteTable",
      "ec2:DeleteSecurityGroup",
      "ec2:DeleteSubnet",
      "ec2:DeleteTags",
      "ec2:DeleteVpc",
      "ec2:DeleteVpcEndpoints",
      "ec2:DetachInternetGateway",
      "ec2:DisassociateAddress",
      "ec2:DisassociateRouteTable",
      "ec2:ModifySecurityGroupRules",
      "ec2:ModifySubnetAttribute",
      "ec2:ModifyVpcAttribute",
      "ec2:ModifyVpcEndpoint",
      "ec2:ReleaseAddress",
      "ec2:ReplaceRoute",
      "ec2:RevokeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress",
      "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
      "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
    ]
    resources = [
      "arn:aws:ec2:${var.region}:${var.account_id}:elastic-ip/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:internet-gateway/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:natgateway/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:network-acl/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:network-interface/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:prefix-list/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:route-table/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:security-group/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:security-group-rule/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:subnet/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:vpc/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:vpc-endpoint/*",
      "arn:aws:ec2:${var.region}:${var.account_id}:vpc-flow-log/*",
    ]
  }

  statement {
    sid = "LogGroups"
    actions = [
      "logs:AssociateKmsKey",
      "logs:CreateLogGroup",
      "logs:DeleteLogGroup",
      "logs:DeleteMetricFilter",
      "logs:DeleteRetentionPolicy",
      "logs:DisassociateKmsKey",
      "logs:PutMetricFilter",
      "logs:PutRetentionPolicy",
      "logs:TagResource",
      "logs:UntagResource",
    ]
    resources = [
      "arn:aws:logs:${var.region}:${var.account_id}:log-group:/slipway/${var.name}-${each.key}/*",
      "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/lambda/${var.name}-${each.key}-*",
      "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/rds/instance/${var.name}-${each.key}/*",
      "arn:aws:logs:us-east-1:${var.account_id}:log-group:aws-waf-logs-${var.name}-${each.key}*",
    ]
  }
}
