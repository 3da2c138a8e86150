# Who signs in to the database, and with what. The service's own user is made by its first migration (docs/migrations.md).

locals {
  has_iam_sign_in = var.task.db_auth == "iam"
  service_user    = "slipway_service"

  # RDS makes and rotates it.
  master_secrets = {
    DB_PASSWORD = "${local.postgres.secret_arn}:password::"
    DB_USER     = "${local.postgres.secret_arn}:username::"
  }

  # What the service's container and that of its release command are told beside what both are. The command owns the schema.
  sign_in = {
    service         = local.has_iam_sign_in ? { DB_AUTH = "iam", DB_USER = local.service_user } : {}
    release_command = {}
  }

  secrets = {
    service         = merge(var.task.secrets, local.has_iam_sign_in ? {} : local.master_secrets)
    release_command = merge(var.task.secrets, local.master_secrets)
  }

  # The secrets themselves, without the key that is picked out of them.
  secret_arns = {
    for name, secrets in local.secrets :
    name => sort(distinct([for value in values(secrets) : join(":", slice(split(":", value), 0, 7))]))
  }
}

resource "aws_iam_role_policy" "task_database" {
  count = local.has_iam_sign_in ? 1 : 0

  name   = "sign-in-to-database"
  role   = local.security.roles.task.name
  policy = data.aws_iam_policy_document.task_database[0].json
}

data "aws_iam_policy_document" "task_database" {
  count = local.has_iam_sign_in ? 1 : 0

  statement {
    sid       = "SignIn"
    actions   = ["rds-db:connect"]
    resources = ["arn:aws:rds-db:${var.region}:${var.account_id}:dbuser:${local.postgres.resource_id}/${local.service_user}"]
  }
}

# Only what the tasks are given: no other secret of the account.
resource "aws_iam_role_policy" "execution_secrets" {
  count = length(local.secret_arns.service) > 0 ? 1 : 0

  name   = "read-secrets"
  role   = local.security.roles.execution.name
  policy = data.aws_iam_policy_document.secrets["service"].json
}

data "aws_iam_policy_document" "secrets" {
  for_each = { for name, arns in local.secret_arns : name => arns if length(arns) > 0 }

  statement {
    sid       = "Read"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = each.value
  }

  statement {
    sid       = "Decrypt"
    actions   = ["kms:Decrypt"]
    resources = [local.security.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["secretsmanager.${var.region}.amazonaws.com"]
    }
  }
}
