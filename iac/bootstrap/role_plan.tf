# `plan`: reads what the layers describe and their state, and writes plans. It takes no lock on the state, which would be
# writing: plan with -lock=false.

resource "aws_iam_role_policy" "plan" {
  for_each = local.environments

  name   = "plan"
  role   = aws_iam_role.github["${each.key}-plan"].id
  policy = data.aws_iam_policy_document.plan[each.key].json
}

resource "aws_iam_role_policy_attachment" "plan_reads" {
  for_each = merge([
    for environment in keys(local.environments) : {
      "${environment}-read"         = { environment = environment, arn = aws_iam_policy.read[environment].arn }
      "${environment}-read-runtime" = { environment = environment, arn = aws_iam_policy.read_runtime[environment].arn }
    }
  ]...)

  role       = aws_iam_role.github["${each.value.environment}-plan"].name
  policy_arn = each.value.arn
}

data "aws_iam_policy_document" "plan" {
  for_each = local.environments

  statement {
    sid       = "FindState"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.state.arn]
  }

  statement {
    sid       = "ReadState"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.state.arn}/${each.key}/*"]
  }

  statement {
    sid       = "KeepPlans"
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

  source_policy_documents = [data.aws_iam_policy_document.watch_rollout[each.key].json]
}
