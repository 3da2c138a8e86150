github = { organisation = "acme-example", organisation_id = "300000003", repository = "ledger", repository_id = "400000004", plan_on_pull_requests = true }
# Built once, in staging; live runs the same bytes.
environments = { live = { pull_repositories = ["arn:aws:ecr:eu-west-1:333333333333:repository/ledger-staging"] } }
