github = {
  organisation    = "slipway-dev"
  organisation_id = "100000001"
  repository      = "slipway"
  repository_id   = "200000002"

  plan_on_pull_requests = true
}

environments = {
  production = {
    # Built once, in development; production runs the same bytes. For promotion name the repository of your development:
    # pull_repositories = ["arn:aws:ecr:REGION:ACCOUNT:repository/NAME-development"]
    pull_repositories = []
  }
}
