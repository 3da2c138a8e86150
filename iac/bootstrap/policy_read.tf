# What a plan has to read; `plan` and `apply` share it. Action by action, for AWS's own ReadOnlyAccess reads data too.
resource "aws_iam_policy" "read" {
  for_each = local.environments

  name        = "${var.name}-${each.key}-read"
  path        = local.bootstrap_path
  description = "Reads what the layers of ${var.name} describe in ${each.key}"
  policy      = data.aws_iam_policy_document.read[each.key].json
}

data "aws_iam_policy_document" "read" {
  #checkov:skip=CKV_AWS_356:AWS evaluates * for the actions with it, by its own list or by iac/authorisation.json; a test holds every policy to both.
  for_each = local.environments

  # AWS takes no resource for these, or evaluates them on every one of the account (iac/authorisation.json).
  statement {
    sid = "NoResource"
    actions = [
      "application-autoscaling:DescribeScalableTargets",
      "application-autoscaling:DescribeScalingPolicies",
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAddresses",
      "ec2:DescribeAddressesAttribute",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeFlowLogs",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeManagedPrefixLists",
      "ec2:DescribeNatGateways",
      "ec2:DescribeNetworkAcls",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribePrefixLists",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroupRules",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcEndpoints",
      "ec2:DescribeVpcs",
      "ecs:DescribeTaskDefinition",
      "elasticloadbalancing:DescribeCapacityReservation",
      "elasticloadbalancing:DescribeListenerAttributes",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTags",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetGroups",
      "kms:ListAliases",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "rds:DescribeDBEngineVersions",
      "rds:DescribeDBInstances",
      "rds:DescribeOrderableDBInstanceOptions",
    ]
    resources = ["*"]
  }

  statement {
    sid = "Network"
    actions = [
      "ec2:DescribeVpcAttribute",
      "ec2:GetManagedPrefixListEntries",
    ]
    resources = [
      "arn:aws:ec2:${var.region}:${var.account_id}:vpc/*",
      "arn:aws:ec2:${var.region}:aws:prefix-list/*",
    ]
  }

  statement {
    sid = "Roles"
    actions = [
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
    ]
    resources = ["arn:aws:iam::${var.account_id}:role/${var.name}-${each.key}/*"]
  }

  statement {
    sid = "Keys"
    actions = [
      "kms:DescribeKey",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListResourceTags",
    ]
    resources = ["arn:aws:kms:${var.region}:${var.account_id}:key/*"]
  }

  statement {
    sid = "Firewall"
    actions = [
      "wafv2:GetLoggingConfiguration",
      "wafv2:GetWebACL",
      "wafv2:ListTagsForResource",
    ]
    resources = ["arn:aws:wafv2:us-east-1:${var.account_id}:global/webacl/${var.name}-${each.key}/*"]
  }

  statement {
    sid = "Topics"
    actions = [
      "sns:GetSubscriptionAttributes",
      "sns:GetTopicAttributes",
      "sns:ListTagsForResource",
    ]
    resources = ["arn:aws:sns:${var.region}:${var.account_id}:${var.name}-${each.key}-*"]
  }

  statement {
    sid = "Logs"
    actions = [
      "logs:DescribeMetricFilters",
      "logs:ListTagsForResource",
    ]
    resources = [
      "arn:aws:logs:${var.region}:${var.account_id}:log-group:*",
      "arn:aws:logs:us-east-1:${var.account_id}:log-group:aws-waf-logs-${var.name}-${each.key}*",
    ]
  }

  statement {
    sid = "Databases"
    actions = [
      "rds:DescribeDBParameterGroups",
      "rds:DescribeDBParameters",
      "rds:DescribeDBSubnetGroups",
      "rds:ListTagsForResource",
    ]
    resources = [
      "arn:aws:rds:${var.region}:${var.account_id}:db:${var.name}-${each.key}*",
      "arn:aws:rds:${var.region}:${var.account_id}:pg:${var.name}-${each.key}*",
      "arn:aws:rds:${var.region}:${var.account_id}:subgrp:${var.name}-${each.key}*",
    ]
  }
}

# The second half, for the first is full: IAM takes 6,144 characters.
resource "aws_iam_policy" "read_runtime" {
  for_each = local.environments

  name        = "${var.name}-${each.key}-read-runtime"
  path        = local.bootstrap_path
  description = "Reads what the layer application of ${var.name} describes in ${each.key}"
  policy      = data.aws_iam_policy_document.read_runtime[each.key].json
}

data "aws_iam_policy_document" "read_runtime" {
  #checkov:skip=CKV_AWS_356:AWS takes no resource for the actions with it; a test holds every policy to that.
  for_each = local.environments

  # What is validated is not there yet.
  statement {
    sid       = "NoResource"
    actions   = ["states:ValidateStateMachineDefinition"]
    resources = ["*"]
  }

  statement {
    sid = "Pause"
    actions = [
      "scheduler:GetSchedule",
      "states:DescribeStateMachine",
      "states:ListStateMachineVersions",
      "states:ListTagsForResource",
    ]
    resources = [
      "arn:aws:scheduler:${var.region}:${var.account_id}:schedule/default/${var.name}-${each.key}-*",
      "arn:aws:states:${var.region}:${var.account_id}:stateMachine:${var.name}-${each.key}-pause",
    ]
  }

  statement {
    sid = "Registry"
    actions = [
      "ecr:DescribeRepositories",
      "ecr:GetLifecyclePolicy",
      "ecr:GetRepositoryPolicy",
      "ecr:ListTagsForResource",
    ]
    resources = ["arn:aws:ecr:${var.region}:${var.account_id}:repository/${var.name}-${each.key}"]
  }

  statement {
    sid = "Tasks"
    actions = [
      "ecs:DescribeClusters",
      "ecs:DescribeServices",
      "ecs:ListTagsForResource",
    ]
    resources = [
      "arn:aws:ecs:${var.region}:${var.account_id}:cluster/${var.name}-${each.key}",
      "arn:aws:ecs:${var.region}:${var.account_id}:service/${var.name}-${each.key}/${var.name}-${each.key}",
      "arn:aws:ecs:${var.region}:${var.account_id}:task-definition/${var.name}-${each.key}*",
    ]
  }

  statement {
    sid       = "Scaling"
    actions   = ["application-autoscaling:ListTagsForResource"]
    resources = ["arn:aws:application-autoscaling:${var.region}:${var.account_id}:scalable-target/*"]
  }

  statement {
    sid = "Functions"
    actions = [
      "lambda:GetEventSourceMapping",
      "lambda:GetFunction",
      "lambda:GetFunctionCodeSigningConfig",
      "lambda:GetFunctionConfiguration",
      "lambda:ListTags",
      "lambda:ListVersionsByFunction",
    ]
    resources = [
      "arn:aws:lambda:${var.region}:${var.account_id}:function:${var.name}-${each.key}-*",
      "arn:aws:lambda:${var.region}:${var.account_id}:event-source-mapping:*",
    ]
  }

  statement {
    sid = "Queues"
    actions = [
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ListQueueTags",
    ]
    resources = ["arn:aws:sqs:${var.region}:${var.account_id}:${var.name}-${each.key}-*"]
  }

  statement {
    sid = "Rules"
    actions = [
      "events:DescribeRule",
      "events:ListTagsForResource",
      "events:ListTargetsByRule",
    ]
    resources = ["arn:aws:events:${var.region}:${var.account_id}:rule/${var.name}-${each.key}-*"]
  }

  statement {
    sid = "Alarms"
    actions = [
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetDashboard",
      "cloudwatch:ListTagsForResource",
    ]
    resources = [
      "arn:aws:cloudwatch:${var.region}:${var.account_id}:alarm:*",
      "arn:aws:cloudwatch::${var.account_id}:dashboard/${var.name}-${each.key}",
    ]
  }

  statement {
    sid = "Budget"
    actions = [
      "budgets:ListTagsForResource",
      "budgets:ViewBudget",
    ]
    resources = ["arn:aws:budgets::${var.account_id}:budget/${var.name}-${each.key}"]
  }

  statement {
    sid = "Distributions"
    actions = [
      "cloudfront:GetDistribution",
      "cloudfront:ListTagsForResource",
    ]
    resources = ["arn:aws:cloudfront::${var.account_id}:distribution/*"]
  }

  statement {
    sid = "Certificates"
    actions = [
      "acm:DescribeCertificate",
      "acm:ListTagsForCertificate",
    ]
    resources = [
      "arn:aws:acm:${var.region}:${var.account_id}:certificate/*",
      "arn:aws:acm:us-east-1:${var.account_id}:certificate/*",
    ]
  }

  statement {
    sid = "Names"
    actions = [
      "route53:GetChange",
      "route53:GetHostedZone",
      "route53:ListResourceRecordSets",
      "route53:ListTagsForResource",
    ]
    resources = [
      "arn:aws:route53:::hostedzone/*",
      "arn:aws:route53:::change/*",
    ]
  }

  statement {
    sid = "LogBuckets"
    actions = [
      "s3:GetAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketPolicy",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "s3:ListTagsForResource",
    ]
    resources = ["arn:aws:s3:::${var.name}-${each.key}-logs-${var.account_id}"]
  }
}
