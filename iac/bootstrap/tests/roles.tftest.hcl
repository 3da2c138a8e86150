# Who may take which role, and what is refused. What the rendered policies hold is read from an applied state elsewhere
# (iac/test/). Nothing is applied: the state bucket refuses to be destroyed.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_iam_policy" {
    defaults = {
      arn = "arn:aws:iam::111111111111:policy/bootstrap/one"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:us-east-1:111111111111:key/one"
    }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn = "arn:aws:s3:::state"
    }
  }
}
variables {
  name         = "slipway"
  environment  = "test"
  account_id   = "111111111111"
  region       = "us-east-1"
  state_bucket = "state"
  exposure     = "public_ip"
  architecture = "ARM64"

  github = {
    organisation    = "octo-org"
    organisation_id = "65"
    repository      = "octo-repo"
    repository_id   = "74"
  }

  environments = {
    test = {}
  }
}

run "trusts_one_github_environment_a_role" {
  command = plan

  assert {
    condition     = toset(keys(aws_iam_role.github)) == toset(["test-plan", "test-apply", "test-publish", "test-release"])
    error_message = "an environment must have the four roles"
  }

  assert {
    condition     = alltrue([for one in data.aws_iam_policy_document.trust : length(one.statement) == 1])
    error_message = "statements are alternatives: all conditions must stand in one"
  }

  assert {
    condition = alltrue([
      for key, one in data.aws_iam_policy_document.trust : alltrue([
        for condition in one.statement[0].condition : condition.test == "StringEquals" && !strcontains(join("", condition.values), "*")
      ])
    ])
    error_message = "trust must be spelt out: StringEquals and no wildcard"
  }

  assert {
    condition = alltrue([
      for key, one in data.aws_iam_policy_document.trust : anytrue([
        for condition in one.statement[0].condition :
        condition.variable == "token.actions.githubusercontent.com:aud" && tolist(condition.values) == tolist(["sts.amazonaws.com"])
      ])
    ])
    error_message = "every role must ask for the audience of STS"
  }

  assert {
    condition = alltrue([
      for key, environment in { test-plan = "test-plan", test-apply = "test", test-publish = "test", test-release = "test" } : anytrue([
        for condition in data.aws_iam_policy_document.trust[key].statement[0].condition :
        condition.variable == "token.actions.githubusercontent.com:sub" && toset(condition.values) == toset([
          "repo:octo-org/octo-repo:environment:${environment}",
          "repo:octo-org@65/octo-repo@74:environment:${environment}",
        ])
      ])
    ])
    error_message = "every role must trust its GitHub environment in the classic and in the immutable form, and nothing else"
  }

  assert {
    condition = alltrue([
      for key, one in data.aws_iam_policy_document.trust : anytrue([
        for condition in one.statement[0].condition :
        condition.variable == "token.actions.githubusercontent.com:ref" && tolist(condition.values) == tolist(["refs/heads/main"])
      ])
    ])
    error_message = "every role must ask for the branch, for an environment that GitHub has just made has no rules"
  }

  assert {
    condition     = [for key, role in aws_iam_role.github : key if role.max_session_duration > 3600] == ["test-apply"]
    error_message = "only the role apply may need more than an hour"
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.github : role.path == "/bootstrap/"])
    error_message = "the roles must lie out of reach of the role apply, which writes under /slipway-test/ only"
  }
}

run "narrows_a_role_to_a_reusable_workflow" {
  command = plan

  variables {
    github = {
      organisation    = "octo-org"
      organisation_id = "65"
      repository      = "octo-repo"
      repository_id   = "74"
      job_workflow_refs = {
        apply = ["octo-org/slipway/.github/workflows/terraform.yml@refs/tags/v1.0.0"]
      }
    }
  }

  assert {
    condition = anytrue([
      for condition in data.aws_iam_policy_document.trust["test-apply"].statement[0].condition :
      condition.variable == "token.actions.githubusercontent.com:job_workflow_ref" &&
      tolist(condition.values) == tolist(["octo-org/slipway/.github/workflows/terraform.yml@refs/tags/v1.0.0"])
    ])
    error_message = "the role must ask for the workflow in the same statement"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.trust["test-plan"].statement[0].condition) == 3
    error_message = "a role without workflows must not be narrowed"
  }
}

run "lets_pull_requests_plan_where_that_is_said_and_nothing_else" {
  command = plan

  variables {
    github = {
      organisation          = "octo-org"
      organisation_id       = "65"
      repository            = "octo-repo"
      repository_id         = "74"
      branch                = "trunk"
      plan_on_pull_requests = true
    }
  }

  assert {
    condition = {
      for key, one in data.aws_iam_policy_document.trust : key => one([
        for condition in one.statement[0].condition : sort(condition.values) if condition.variable == "token.actions.githubusercontent.com:ref"
      ])
      } == {
      test-apply   = tolist(["refs/heads/trunk"])
      test-plan    = tolist(["refs/heads/trunk", "refs/pull/*/merge"])
      test-publish = tolist(["refs/heads/trunk"])
      test-release = tolist(["refs/heads/trunk"])
    }
    error_message = "pull requests must be able to plan, and to do nothing else"
  }
}

run "refuses_a_wildcard_in_the_branch" {
  command = plan

  variables {
    github = {
      organisation    = "octo-org"
      organisation_id = "65"
      repository      = "octo-repo"
      repository_id   = "74"
      branch          = "*"
    }
  }

  expect_failures = [var.github]
}

run "makes_no_second_trail" {
  command = plan

  variables {
    has_trail = true
  }

  assert {
    condition     = length(aws_cloudtrail.management) == 0 && length(aws_s3_bucket.trail) == 0
    error_message = "where the account has a trail there must be no other"
  }
}

run "gives_environments_of_one_account_roles_of_their_own" {
  command = plan

  variables {
    environments = {
      test  = {}
      stage = { pull_repositories = ["arn:aws:ecr:us-east-1:111111111111:repository/slipway-test"] }
    }
  }

  assert {
    condition     = length(aws_iam_role.github) == 8 && aws_iam_role.github["stage-publish"].name == "slipway-stage-publish"
    error_message = "two environments must have eight roles"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.publish["stage"].statement) == 3 && length(data.aws_iam_policy_document.publish["test"].statement) == 2
    error_message = "only an environment that images are promoted to may pull from elsewhere"
  }
}

run "refuses_a_wildcard_in_the_repository" {
  command = plan

  variables {
    github = {
      organisation    = "octo-org"
      organisation_id = "65"
      repository      = "*"
      repository_id   = "74"
    }
  }

  expect_failures = [var.github]
}

run "refuses_a_wildcard_in_a_workflow" {
  command = plan

  variables {
    github = {
      organisation      = "octo-org"
      organisation_id   = "65"
      repository        = "octo-repo"
      repository_id     = "74"
      job_workflow_refs = { plan = ["octo-org/slipway/.github/workflows/*@refs/heads/main"] }
    }
  }

  expect_failures = [var.github]
}

run "refuses_names_for_ids" {
  command = plan

  variables {
    github = {
      organisation    = "octo-org"
      organisation_id = "octo-org"
      repository      = "octo-repo"
      repository_id   = "74"
    }
  }

  expect_failures = [var.github]
}

run "makes_the_roles_of_this_environment_though_only_another_is_named" {
  command = plan

  variables {
    environments = { other = {} }
  }

  assert {
    condition     = toset([for role in aws_iam_role.github : role.name]) == toset([for pair in setproduct(["other", "test"], ["apply", "plan", "publish", "release"]) : "slipway-${pair[0]}-${pair[1]}"])
    error_message = "this environment must have its roles, named in environments or not"
  }
}

run "may_change_records_in_the_zone_of_the_domain_alone" {
  command = plan

  variables {
    exposure = "edge"
    domain   = { name = "api.example.com", zone_id = "Z0123456789" }
    environments = {
      test  = { hosted_zone_id = "Z0123456789" }
      stage = {}
    }
  }

  assert {
    condition = [
      for one in data.aws_iam_policy_document.write_edge["test"].statement : one.resources if one.sid == "Names"
    ] == [toset(["arn:aws:route53:::hostedzone/Z0123456789"])]
    error_message = "the role apply must reach the zone of its environment, and no other"
  }

  assert {
    condition     = length([for one in data.aws_iam_policy_document.write_edge["stage"].statement : one if one.sid == "Names"]) == 0
    error_message = "an environment without a domain must reach no zone"
  }
}

run "refuses_a_domain_whose_zone_is_not_named" {
  command = plan

  variables {
    exposure = "edge"
    domain   = { name = "api.example.com", zone_id = "Z0123456789" }
  }

  expect_failures = [var.environments]
}

run "refuses_a_repository_that_is_no_arn" {
  command = plan

  variables {
    environments = { test = { pull_repositories = ["slipway-*"] } }
  }

  expect_failures = [var.environments]
}
