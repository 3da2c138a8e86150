github = {
  organisation    = "slipway-dev"
  organisation_id = "100000001"
  repository      = "slipway"
  repository_id   = "200000002"
}

environments = {
  production = {
    # Built once, in development; production runs the same bytes.
    pull_repositories = ["arn:aws:ecr:us-east-1:111111111111:repository/slipway-development"]
  }
}
