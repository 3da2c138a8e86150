github = { organisation = "acme-example", organisation_id = "300000003", repository = "ledger", repository_id = "400000004", plan_on_pull_requests = true }
