# `apply`: writes what the layers describe, and their state. Reads come from the policy that `plan` has too. What it may do
# to roles is bound to the path of the layers' roles and to the permissions boundary; bootstrap's roles are out of its reach.

resource "aws_iam_role_policy" "apply" {
  for_each = local.environments

  name   = "state"
  role   = aws_iam_role.github["${each.key}-apply"].id
  policy = data.aws_iam_policy_document.apply_state[each.key].json
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each = merge([
    for environment in keys(local.environments) : {
      "${environment}-read"         = { environment = environment, arn = aws_iam_policy.read[environment].arn }
      "${environment}-runtime-read" = { environment = environment, arn = aws_iam_policy.read_runtime[environment].arn }
      "${environment}-network"      = { environment = environment, arn = aws_iam_policy.write_network[environment].arn }
      "${environment}-identity"     = { environment = environment, arn = aws_iam_policy.write_identity[environment].arn }
      "${environment}-data"         = { environment = environment, arn = aws_iam_policy.write_data[environment].arn }
      "${environment}-runtime"      = { environment = environment, arn = aws_iam_policy.write_runtime[environment].arn }
      "${environment}-edge"         = { environment = environment, arn = aws_iam_policy.write_edge[environment].arn }
      "${environment}-watch"        = { environment = environment, arn = aws_iam_policy.write_watch[environment].arn }
    }
  ]...)

  role       = aws_iam_role.github["${each.value.environment}-apply"].name
  policy_arn = each.value.arn
}

data "aws_iam_policy_document" "apply_state" {
  for_each = local.environments

  statement {
    sid       = "FindState"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.state.arn]
  }

  statement {
    sid       = "WriteState"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.state.arn}/${each.key}/*"]
  }

  # Bootstrap is applied by hand, and whoever could write its state could have an administrator undo it.
  statement {
    sid       = "NotBootstrap"
    effect    = "Deny"
    actions   = ["s3:DeleteObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.state.arn}/*/bootstrap.tfstate*"]
  }

  statement {
    sid       = "ReleaseLock"
    actions   = ["s3:DeleteObject"]
    resources = ["${aws_s3_bucket.state.arn}/${each.key}/*.tflock"]
  }

  statement {
    sid       = "TakePlans"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.state.arn}/plans/${each.key}/*"]
  }

  statement {
    sid       = "StateKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.this[each.key].arn]

    # The key is that of the environment's data too; here it opens state and plans alone.
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${var.region}.amazonaws.com"]
    }
  }
}
