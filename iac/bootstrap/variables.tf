variable "github" {
  description = <<-EOT
    The repository whose workflows may take the roles: names and numeric ids, for tokens in both forms of subject.
    Ids: `gh api repos/ORGANISATION/REPOSITORY --jq '[.owner.id, .id]'`.
    branch: the one whose workflows may take them; of no other branch or tag, whatever GitHub's environments allow.
    plan_on_pull_requests: true lets pull requests of the repository's own branches, not of forks, take the role `plan`,
    which reads the state: whoever may push a branch can then read what is in it.
    job_workflow_refs, by role, narrows a role to named reusable workflows, for example
    "slipway-dev/slipway/.github/workflows/terraform.yml@refs/tags/v1.0.0"; an empty list does not narrow.
  EOT
  type = object({
    organisation    = string
    organisation_id = string
    repository      = string
    repository_id   = string

    branch                = optional(string, "main")
    plan_on_pull_requests = optional(bool, false)
    job_workflow_refs = optional(object({
      plan    = optional(list(string), [])
      apply   = optional(list(string), [])
      publish = optional(list(string), [])
      release = optional(list(string), [])
    }), {})
  })

  validation {
    condition = alltrue([
      can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,37}[A-Za-z0-9])?$", var.github.organisation)),
      can(regex("^[A-Za-z0-9._-]{1,100}$", var.github.repository)),
    ])
    error_message = "github.organisation and github.repository must be the bare names, without a slash or a wildcard."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", var.github.branch))
    error_message = "github.branch must be the name of one branch, without a wildcard."
  }

  validation {
    condition     = can(regex("^[0-9]{1,12}$", var.github.organisation_id)) && can(regex("^[0-9]{1,12}$", var.github.repository_id))
    error_message = "github.organisation_id and github.repository_id must be the numeric ids that GitHub gave them."
  }

  validation {
    condition = alltrue([
      for ref in flatten(values(var.github.job_workflow_refs)) : can(regex("^[^/*?]+/[^/*?]+/\\.github/workflows/[^/*?]+\\.ya?ml@[^*?]+$", ref))
    ])
    error_message = "Each of github.job_workflow_refs must be spelt out as ORGANISATION/REPOSITORY/.github/workflows/FILE.yml@REF, without a wildcard."
  }

  validation {
    condition     = alltrue([for refs in values(var.github.job_workflow_refs) : length(join("", refs)) <= 700])
    error_message = "github.job_workflow_refs of one role must not be longer than 700 characters together: the role's trust policy has no more room."
  }
}

variable "environments" {
  description = <<-EOT
    The environments of this account by name: any other that shares the account, and this one where it needs more than its
    roles.
    pull_repositories: ARNs of ECR repositories, also of other accounts, from which images may be promoted to it.
    hosted_zone_id: with a domain, the Route 53 zone whose records its role `apply` may change; it may change no other.
  EOT
  type = map(object({
    pull_repositories = optional(set(string), [])
    hosted_zone_id    = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for name in keys(var.environments) : can(regex("^[a-z]([a-z0-9-]{0,10}[a-z0-9])$", name)) && !strcontains(name, "--")])
    error_message = "Each name in environments must be 2 to 12 lower-case letters, digits or hyphens, as the variable environment."
  }

  validation {
    condition     = alltrue([for one in values(var.environments) : length(join("", one.pull_repositories)) <= 4000])
    error_message = "pull_repositories of one environment must not be longer than 4,000 characters together: the policy of a role has no more room."
  }

  validation {
    condition = alltrue(flatten([
      for one in values(var.environments) : [
        for arn in one.pull_repositories : can(regex("^arn:aws:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9][a-z0-9._/-]*$", arn))
      ]
    ]))
    error_message = "Each of pull_repositories must be the ARN of one ECR repository: arn:aws:ecr:REGION:ACCOUNT:repository/NAME."
  }

  validation {
    condition     = alltrue([for one in values(var.environments) : one.hosted_zone_id == null || can(regex("^Z[A-Z0-9]{5,31}$", one.hosted_zone_id))])
    error_message = "Each hosted_zone_id must be the id of a Route 53 hosted zone: Z and upper-case letters or digits."
  }

  validation {
    condition     = var.domain == null || try(var.environments[var.environment].hosted_zone_id == var.domain.zone_id, !contains(keys(var.environments), var.environment))
    error_message = "The environment has a domain, so where environments names the environment it must name the zone too: hosted_zone_id = domain.zone_id."
  }
}

variable "has_trail" {
  description = "True where the account's management events already reach a CloudTrail trail (an organisation's, for example). Otherwise one is made: it is how the redeployer learns that a secret was rotated."
  type        = bool
  default     = false
}

locals {
  environments = merge({
    (var.environment) = { pull_repositories = toset([]), hosted_zone_id = try(var.domain.zone_id, null) }
  }, var.environments)

  # The GitHub environment whose jobs may take a role. Plans must not wait for an approval, and everything else may.
  github_environments = {
    for pair in setproduct(keys(local.environments), ["plan", "apply", "publish", "release"]) : "${pair[0]}-${pair[1]}" => {
      environment        = pair[0]
      role               = pair[1]
      github_environment = pair[1] == "plan" ? "${pair[0]}-plan" : pair[0]
    }
  }

  # Whose roles live under /bootstrap/, out of reach of the role `apply`.
  bootstrap_path = "/bootstrap/"
}
