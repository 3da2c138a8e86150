# What the running container may do at AWS: nothing, but for its own sign-in to the database (application/database_access.tf).
# A service that needs more gets it here, and in the boundary.
resource "aws_iam_role" "task" {
  name                 = "${local.prefix}-task"
  path                 = local.role_path
  description          = "The service itself, as it runs"
  permissions_boundary = local.permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.tasks_trust.json
}

data "aws_iam_policy_document" "tasks_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    # Only ECS acting for this account: docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:ecs:${var.region}:${var.account_id}:*"]
    }
  }
}
