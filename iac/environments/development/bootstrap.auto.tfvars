github = {
  organisation    = "slipway-dev"
  organisation_id = "100000001"
  repository      = "slipway"
  repository_id   = "200000002"
}

environments = {
  development = {}
}
