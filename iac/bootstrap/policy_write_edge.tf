# The way in of the exposure edge. For the role `apply`.
resource "aws_iam_policy" "write_edge" {
  for_each = local.environments

  name        = "${var.name}-${each.key}-write-edge"
  path        = local.bootstrap_path
  description = "The way in of the exposure edge (${var.name} in ${each.key})"
  policy      = data.aws_iam_policy_document.write_edge[each.key].json
}

data "aws_iam_policy_document" "write_edge" {
  #checkov:skip=CKV_AWS_111:AWS takes no resource for the actions with *; a test holds every policy to AWS's own list.
  #checkov:skip=CKV_AWS_356:AWS takes no resource for the actions with *; a test holds every policy to AWS's own list.
  for_each = local.environments

  # AWS takes no resource for these.
  statement {
    sid = "NoResource"
    actions = [
      "acm:RequestCertificate",
      "cloudfront:CreateDistribution",
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeResourcePolicies",
      "logs:PutResourcePolicy",
    ]
    resources = ["*"]
  }

  statement {
    sid = "Firewall"
    actions = [
      "wafv2:AssociateWebACL",
      "wafv2:CreateWebACL",
      "wafv2:DeleteLoggingConfiguration",
      "wafv2:DeleteWebACL",
      "wafv2:DisassociateWebACL",
      "wafv2:PutLoggingConfiguration",
      "wafv2:TagResource",
      "wafv2:UntagResource",
      "wafv2:UpdateWebACL",
    ]
    resources = [
      "arn:aws:wafv2:us-east-1:${var.account_id}:global/webacl/${var.name}-${each.key}/*",
      "arn:aws:wafv2:us-east-1:${var.account_id}:global/managedruleset/*/*",
    ]
  }

  statement {
    sid = "Balancers"
    actions = [
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:CreateTargetGroup",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetRulePriorities",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
    ]
    resources = [
      "arn:aws:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/app/${var.name}-${each.key}/*",
      "arn:aws:elasticloadbalancing:${var.region}:${var.account_id}:targetgroup/${var.name}-${each.key}/*",
      "arn:aws:elasticloadbalancing:${var.region}:${var.account_id}:listener/app/${var.name}-${each.key}/*",
      "arn:aws:elasticloadbalancing:${var.region}:${var.account_id}:listener-rule/app/${var.name}-${each.key}/*",
    ]
  }

  statement {
    sid = "Distributions"
    actions = [
      "cloudfront:DeleteDistribution",
      "cloudfront:TagResource",
      "cloudfront:UntagResource",
      "cloudfront:UpdateDistribution",
    ]
    resources = ["arn:aws:cloudfront::${var.account_id}:distribution/*"]
  }

  statement {
    sid = "Certificates"
    actions = [
      "acm:AddTagsToCertificate",
      "acm:DeleteCertificate",
      "acm:RemoveTagsFromCertificate",
    ]
    resources = [
      "arn:aws:acm:${var.region}:${var.account_id}:certificate/*",
      "arn:aws:acm:us-east-1:${var.account_id}:certificate/*",
    ]
  }

  dynamic "statement" {
    for_each = each.value.hosted_zone_id[*]

    content {
      sid       = "Names"
      actions   = ["route53:ChangeResourceRecordSets"]
      resources = ["arn:aws:route53:::hostedzone/${statement.value}"]
    }
  }

  # Emptied by the provider before it is deleted (force_destroy), where protection is lifted.
  statement {
    sid       = "Logs"
    actions   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    resources = ["arn:aws:s3:::${var.name}-${each.key}-logs-${var.account_id}/*"]
  }

  statement {
    sid = "LogBuckets"
    actions = [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:PutBucketPolicy",
      "s3:PutBucketPublicAccessBlock",
      "s3:PutBucketTagging",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:TagResource",
      "s3:UntagResource",
    ]
    resources = ["arn:aws:s3:::${var.name}-${each.key}-logs-${var.account_id}"]
  }
}
