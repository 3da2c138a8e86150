github = {
  organisation    = "slipway-dev"
  organisation_id = "100000001"
  repository      = "slipway"
  repository_id   = "200000002"

  plan_on_pull_requests = true
}

environments = {
  development = {}
}
