output "role_arns" {
  description = "ARNs of the roles by environment and kind (plan, apply, publish, release), for the inputs of the workflows."
  value = {
    for environment in keys(local.environments) : environment => {
      for kind in ["plan", "apply", "publish", "release"] : kind => aws_iam_role.github["${environment}-${kind}"].arn
    }
  }
}

output "state" {
  description = "Where state lives, for backend.hcl: the bucket's name, and by environment the alias of its key."
  value = {
    bucket      = aws_s3_bucket.state.id
    kms_key_ids = { for environment, alias in aws_kms_alias.this : environment => alias.name }
  }
}
