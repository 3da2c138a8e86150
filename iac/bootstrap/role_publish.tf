# `publish`: pushes to the environment's one repository, reads it, and pulls what may be promoted to it. Nothing else.

resource "aws_iam_role_policy" "publish" {
  for_each = local.environments

  name   = "publish"
  role   = aws_iam_role.github["${each.key}-publish"].id
  policy = data.aws_iam_policy_document.publish[each.key].json
}

data "aws_iam_policy_document" "publish" {
  for_each = local.environments

  statement {
    sid       = "SignIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "Push"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = ["arn:aws:ecr:${var.region}:${var.account_id}:repository/${var.name}-${each.key}"]
  }

  dynamic "statement" {
    for_each = length(each.value.pull_repositories) > 0 ? [1] : []

    content {
      sid = "PullWhatIsPromoted"
      actions = [
        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer",
      ]
      resources = each.value.pull_repositories
    }
  }
}
