resource "aws_ecr_repository" "this" {
  name                 = local.prefix
  image_tag_mutability = "IMMUTABLE"
  force_delete         = !var.is_protected

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = local.security.kms_key_arn
  }

  image_scanning_configuration {
    scan_on_push = true
  }
}

# A rule that counts commits could delete what runs: a rollback runs an old image, and nothing tells ECR so. Tagged images
# therefore stay, and only what no tag and no index points to goes: the leftovers of builds. ECR spares the untagged parts
# of a tagged index (docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html).
resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Untagged images a week after their push"
      selection = {
        tagStatus   = "untagged"
        countType   = "sinceImagePushed"
        countUnit   = "days"
        countNumber = 7
      }
      action = { type = "expire" }
    }]
  })
}

resource "aws_ecr_repository_policy" "this" {
  count = length(var.pull_accounts) > 0 ? 1 : 0

  repository = aws_ecr_repository.this.name
  policy     = data.aws_iam_policy_document.repository[0].json
}

data "aws_iam_policy_document" "repository" {
  count = length(var.pull_accounts) > 0 ? 1 : 0

  statement {
    sid = "Promote"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer",
    ]

    principals {
      type        = "AWS"
      identifiers = [for id in var.pull_accounts : "arn:aws:iam::${id}:root"]
    }
  }
}
