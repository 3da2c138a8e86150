locals {
  # One of a kind in an account, so it belongs to no service: bootstrap.sh makes it where it is not there.
  github_provider_arn = "arn:aws:iam::${var.account_id}:oidc-provider/token.actions.githubusercontent.com"
}

data "aws_iam_policy_document" "trust" {
  for_each = local.github_environments

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.github_provider_arn]
    }

    # All in one statement: statements are alternatives.
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Repositories made, renamed or transferred since 2026-07-15 have the second form, all others the first.
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values = [
        "repo:${var.github.organisation}/${var.github.repository}:environment:${each.value.github_environment}",
        "repo:${var.github.organisation}@${var.github.organisation_id}/${var.github.repository}@${var.github.repository_id}:environment:${each.value.github_environment}",
      ]
    }

    # A job in an environment has no branch in its subject, and an environment that is not there yet is made, without rules, by
    # the first job that names it. So the branch is asked for here too.
    condition {
      test     = each.value.role == "plan" && var.github.plan_on_pull_requests ? "StringLike" : "StringEquals"
      variable = "token.actions.githubusercontent.com:ref"
      values = concat(
        ["refs/heads/${var.github.branch}"],
        each.value.role == "plan" && var.github.plan_on_pull_requests ? ["refs/pull/*/merge"] : [],
      )
    }

    dynamic "condition" {
      for_each = length(var.github.job_workflow_refs[each.value.role]) > 0 ? [1] : []

      content {
        test     = "StringEquals"
        variable = "token.actions.githubusercontent.com:job_workflow_ref"
        values   = var.github.job_workflow_refs[each.value.role]
      }
    }
  }
}

resource "aws_iam_role" "github" {
  for_each = local.github_environments

  name        = "${var.name}-${each.key}"
  path        = local.bootstrap_path
  description = "GitHub Actions of ${var.github.organisation}/${var.github.repository}, environment ${each.value.github_environment}: ${each.value.role}"

  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
  # An apply can take longer than an hour, and must not lose its credentials in the middle of it.
  max_session_duration = each.value.role == "apply" ? 7200 : 3600
}
