variable "task" {
  description = <<-EOT
    One task. cpu in CPU units (1024 is one vCPU) and memory in MiB, in a pair that Fargate offers. environment: variables
    beside those that this layer sets. secrets: by variable, ARNs of secrets in Secrets Manager (ARN:KEY:: for one key of a
    JSON secret). db_auth: how the service signs in to the database. password: as the master user, with the secret that RDS
    rotates; iam: as slipway_service, with a token of the task's role and no secret, and only the release command, which
    makes that user, gets the master's. db_pool_max: connections to the database a task may hold. health_check_command: run in the container,
    ends with 0 when the task is ready; without it a task that runs is taken for healthy, and behind a load balancer that
    decides. user: uid:gid; the image's own without it. release_command: run once in the image of a release before its
    rollout, such as ["dist/migrate.js"], as the image's entry point takes it; it has to bear being run twice.
    release_command_timeout_seconds: when it is stopped and has failed.
  EOT
  type = object({
    cpu                  = optional(number, 256)
    memory               = optional(number, 512)
    environment          = optional(map(string), {})
    secrets              = optional(map(string), {})
    db_auth              = optional(string, "password")
    db_pool_max          = optional(number, 10)
    health_check_command = optional(list(string))
    user                 = optional(string)
    log_retention_days   = optional(number, 30)

    release_command                 = optional(list(string))
    release_command_timeout_seconds = optional(number, 900)
  })
  default = {}

  # docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
  validation {
    condition = contains(lookup({
      "256"   = [512, 1024, 2048]
      "512"   = range(1024, 4096 + 1, 1024)
      "1024"  = range(2048, 8192 + 1, 1024)
      "2048"  = range(4096, 16384 + 1, 1024)
      "4096"  = range(8192, 30720 + 1, 1024)
      "8192"  = range(16384, 61440 + 1, 4096)
      "16384" = range(32768, 122880 + 1, 8192)
    }, tostring(var.task.cpu), []), var.task.memory)
    error_message = "Fargate does not offer task.cpu ${var.task.cpu} with task.memory ${var.task.memory}. With 256 it offers 512, 1024 or 2048 MiB; with 512, 1024 to 4096; with 1024, 2048 to 8192; with 2048, 4096 to 16384; with 4096, 8192 to 30720, in steps of 1024; with 8192, 16384 to 61440 in steps of 4096; with 16384, 32768 to 122880 in steps of 8192."
  }

  validation {
    condition     = length(setintersection(concat(keys(var.task.environment), keys(var.task.secrets)), ["API_PORT", "DB_AUTH", "DB_DATABASE", "DB_HOST", "DB_PASSWORD", "DB_POOL_MAX", "DB_PORT", "DB_SSLMODE", "DB_USER", "SHUTDOWN_DELAY_MS", "SHUTDOWN_TIMEOUT_MS"])) == 0
    error_message = "task.environment and task.secrets must not name API_PORT, DB_* or SHUTDOWN_*: this layer sets them from the other layers."
  }

  validation {
    condition     = length(setintersection(keys(var.task.environment), keys(var.task.secrets))) == 0
    error_message = "The same variable is in task.environment and in task.secrets: keep it in one of them."
  }

  validation {
    condition     = alltrue([for arn in values(var.task.secrets) : startswith(arn, "arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:")])
    error_message = "Each of task.secrets must be the ARN of a secret of this account and region: arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:NAME."
  }

  validation {
    condition     = contains(["password", "iam"], var.task.db_auth)
    error_message = "task.db_auth must be password or iam."
  }

  validation {
    condition     = var.task.db_auth != "iam" || var.task.release_command != null
    error_message = "task.db_auth iam needs task.release_command: nobody else has the right to make the user slipway_service, without whom no task gets ready."
  }

  validation {
    condition     = var.task.db_pool_max >= 1 && var.task.db_pool_max <= 1000
    error_message = "task.db_pool_max must be from 1 to 1000 connections."
  }

  validation {
    condition     = var.task.release_command == null || try(length(var.task.release_command) > 0, false)
    error_message = "task.release_command must name a command, such as [\"dist/migrate.js\"]; leave it out for none."
  }

  validation {
    condition     = var.task.release_command_timeout_seconds >= 30 && var.task.release_command_timeout_seconds <= 86400 && floor(var.task.release_command_timeout_seconds) == var.task.release_command_timeout_seconds
    error_message = "task.release_command_timeout_seconds must be from 30 to 86400 whole seconds: a task takes its time to start, and after a day ECS may start a second one."
  }
}

variable "capacity" {
  description = <<-EOT
    How many tasks run. minimum and maximum: between them the service scales. on_demand_base: how many of them are on
    demand before Fargate Spot gets the rest. cpu_target_percent: the average CPU that scaling holds.
  EOT
  type = object({
    minimum            = optional(number, 1)
    maximum            = optional(number, 2)
    on_demand_base     = optional(number, 1)
    cpu_target_percent = optional(number, 60)
  })
  default = {}

  validation {
    condition     = var.capacity.minimum >= 1 && var.capacity.maximum >= var.capacity.minimum
    error_message = "capacity.minimum must be at least 1 and capacity.maximum at least capacity.minimum."
  }

  validation {
    condition     = var.capacity.on_demand_base >= 0 && var.capacity.on_demand_base <= 100000
    error_message = "capacity.on_demand_base must be from 0 (all on Fargate Spot) to 100000 tasks."
  }

  validation {
    condition     = var.capacity.cpu_target_percent >= 10 && var.capacity.cpu_target_percent <= 90
    error_message = "capacity.cpu_target_percent must be from 10 to 90."
  }
}

variable "pause" {
  description = <<-EOT
    Hours in which nothing runs: the service stands at zero tasks and the database is stopped. start and stop: HH:MM in
    time_zone, a name of the IANA database such as Europe/Berlin. days: on which it is started. Null: it runs all the time.
  EOT
  type = object({
    time_zone = string
    start     = string
    stop      = string
    days      = optional(list(string), ["MON", "TUE", "WED", "THU", "FRI"])
  })
  default = null

  validation {
    condition     = var.pause == null || can(regex("^([A-Za-z]+(/[A-Za-z0-9_+-]+){1,2}|UTC)$", var.pause.time_zone))
    error_message = "pause.time_zone must be a name of the IANA time zone database, such as Europe/Berlin, America/Sao_Paulo or UTC."
  }

  validation {
    condition     = var.pause == null || alltrue([for at in try([var.pause.start, var.pause.stop], []) : can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", at))])
    error_message = "pause.start and pause.stop must be times of the day, HH:MM, from 00:00 to 23:59."
  }

  validation {
    # Minutes between the two, from 180 to a day less 180: no more than 540 from half a day.
    condition = var.pause == null || try(540 >= abs(720 - abs(
      (tonumber(split(":", var.pause.stop)[0]) - tonumber(split(":", var.pause.start)[0])) * 60 +
      tonumber(split(":", var.pause.stop)[1]) - tonumber(split(":", var.pause.start)[1])
    )), false)
    error_message = "Between pause.start and pause.stop, and back, must lie three hours at least: stopping and starting may take two."
  }

  validation {
    condition     = var.pause == null || try(length(var.pause.days) > 0 && length(setsubtract(var.pause.days, ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"])) == 0, false)
    error_message = "pause.days must name at least one of MON, TUE, WED, THU, FRI, SAT, SUN."
  }
}

variable "deployment_alarms" {
  description = "Names of CloudWatch alarms of this account and region: one that goes off during a rollout has ECS go back. Null: <name>-<environment>-service-errors, which counts the lines of the service's log with the status 500. Empty: none."
  type        = list(string)
  default     = null

  validation {
    condition     = alltrue([for one in coalesce(var.deployment_alarms, []) : can(regex("^[^,\\s][^,]{0,254}$", one))])
    error_message = "Each of deployment_alarms must be the name of a CloudWatch alarm, 1 to 255 characters without a comma; not its ARN's."
  }
}

variable "edge" {
  description = <<-EOT
    With the exposure edge. health_check_path: what the load balancer asks; 200 is healthy. deregistration_delay_seconds:
    how long a task that leaves still gets answers through (0 to 100 s). origin_secret: which of the two secrets CloudFront
    shows to the load balancer, which knows both (a or b); see iac/README.md for changing it.
  EOT
  type = object({
    health_check_path            = optional(string, "/health/ready")
    deregistration_delay_seconds = optional(number, 30)
    origin_secret                = optional(string, "a")
    log_retention_days           = optional(number, 90)
  })
  default = {}

  validation {
    condition     = startswith(var.edge.health_check_path, "/")
    error_message = "edge.health_check_path must begin with a slash."
  }

  validation {
    condition     = var.edge.deregistration_delay_seconds >= 0 && var.edge.deregistration_delay_seconds <= 100
    error_message = "edge.deregistration_delay_seconds must be from 0 to 100: with what the task needs to finish it must fit into the 120 seconds that Fargate grants."
  }

  validation {
    condition     = contains(["a", "b"], var.edge.origin_secret)
    error_message = "edge.origin_secret must be a or b."
  }
}

variable "is_protected" {
  description = "True: images and logs must be emptied, and the load balancer's protection lifted, before `destroy` works."
  type        = bool
  default     = true
}

variable "has_container_insights" {
  description = "True: ECS counts tasks, CPU, memory and network of cluster and service in 31 metrics of its own, which cost. No alarm needs them."
  type        = bool
  default     = true
  nullable    = false
}

variable "has_dashboard" {
  description = "True: a dashboard of what the alarms look at. No alarm needs it."
  type        = bool
  default     = true
  nullable    = false
}

variable "pull_accounts" {
  description = "Ids of accounts whose roles may pull images from here, to promote them."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.pull_accounts : can(regex("^[0-9]{12}$", one))])
    error_message = "Each of pull_accounts must be the 12 digits of an AWS account."
  }
}

variable "outcome_emails" {
  description = "Addresses that hear how each rollout ended; each has to confirm the mail that AWS sends first."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.outcome_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", one))])
    error_message = "Each of outcome_emails must be an e-mail address."
  }
}

variable "monthly_budget_usd" {
  description = "What the account may cost a month, in US dollars; the alarm topic is notified at 80 % spent, and when more than 100 % is forecast."
  type        = number
  default     = 100

  validation {
    condition     = var.monthly_budget_usd > 0
    error_message = "monthly_budget_usd must be more than 0 US dollars."
  }
}

variable "redeployer_zip" {
  description = "Path of the redeployer's zip, from this folder or absolute. `npm ci && npm run build -w redeployer` makes the default."
  type        = string
  default     = "../../redeployer/dist/redeployer.zip"

  validation {
    condition     = fileexists(var.redeployer_zip)
    error_message = "There is no ${var.redeployer_zip}: build it with `npm ci && npm run build -w redeployer`, in the repository's root."
  }
}
