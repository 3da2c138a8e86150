variable "postgres" {
  description = <<-EOT
    The database. instance_class: class and processor of the instance. storage_gb: gp3 storage at first, and
    max_storage_gb: up to where RDS lets it grow by itself (both GiB). max_connections: what the server accepts; its alarm
    rings at four fifths. backup_days: how far back it can be restored to a point in time (1 to 35 days).
    backup_window and maintenance_window, in UTC: when the database runs and is least used.
    is_protected: true refuses deletion. keeps_last_snapshot: true leaves a snapshot and the automated backups when it is
    deleted. restore_from: the snapshot that a new database begins with, by its identifier or ARN. version: PostgreSQL's
    major version. applies_immediately: true does at once what needs a restart, instead of in the maintenance window.
  EOT
  type = object({
    instance_class      = optional(string, "db.t4g.micro")
    version             = optional(string, "17")
    storage_gb          = optional(number, 20)
    max_storage_gb      = optional(number, 100)
    multi_az            = optional(bool, false)
    backup_days         = optional(number, 7)
    backup_window       = optional(string, "03:00-04:00")
    maintenance_window  = optional(string, "sun:04:30-sun:05:30")
    is_protected        = optional(bool, true)
    keeps_last_snapshot = optional(bool, true)
    restore_from        = optional(string)
    max_connections     = optional(number, 100)
    applies_immediately = optional(bool, false)
    database            = optional(string, "app")
    user                = optional(string, "app")
  })
  default = {}

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.postgres.instance_class))
    error_message = "postgres.instance_class must be a class of RDS such as db.t4g.micro."
  }

  validation {
    condition     = can(regex("^1[5-9]$", var.postgres.version))
    error_message = "postgres.version must be a major version from 15 to 19, such as 17: older ones do not insist on TLS."
  }

  validation {
    condition     = var.postgres.storage_gb >= 20 && var.postgres.max_storage_gb >= var.postgres.storage_gb && var.postgres.max_storage_gb <= 65536
    error_message = "postgres.storage_gb must be at least 20 GiB, the minimum of gp3, and max_storage_gb between it and 65536 GiB."
  }

  validation {
    condition     = var.postgres.backup_days >= 1 && var.postgres.backup_days <= 35
    error_message = "postgres.backup_days must be from 1 to 35; without backups nothing can be restored."
  }

  validation {
    condition = (
      can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.postgres.backup_window)) &&
      can(regex("^((mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9](-|$)){2}", var.postgres.maintenance_window))
    )
    error_message = "postgres.backup_window must be two times such as 03:00-04:00, and postgres.maintenance_window two times of days such as sun:04:30-sun:05:30, in UTC; RDS takes half an hour at least, and no overlap."
  }

  validation {
    condition     = var.postgres.max_connections >= 20 && var.postgres.max_connections <= 5000
    error_message = "postgres.max_connections must be from 20 to 5000: leave room for DB_POOL_MAX times the most tasks, and as much again during a rollout."
  }

  validation {
    condition     = alltrue([for one in [var.postgres.database, var.postgres.user] : can(regex("^[a-z][a-z0-9_]{0,62}$", one))])
    error_message = "postgres.database and postgres.user must begin with a lower-case letter and hold lower-case letters, digits or underscores, at most 63 characters."
  }

  validation {
    condition     = var.postgres.restore_from == null || can(regex("^(arn:aws:rds:[a-z0-9-]+:[0-9]{12}:snapshot:)?(rds:)?[A-Za-z][A-Za-z0-9-]*$", var.postgres.restore_from))
    error_message = "postgres.restore_from must be the identifier or the ARN of a database snapshot, or null for an empty database."
  }

  validation {
    condition     = !contains(["admin", "postgres", "rdsadmin", "rds_superuser", "user"], var.postgres.user)
    error_message = "postgres.user must not be a name that PostgreSQL or RDS keeps for itself, such as postgres or admin."
  }

  validation {
    condition     = var.postgres.user != "slipway_service"
    error_message = "postgres.user must not be slipway_service: that is the service's own user, who signs in without a password and changes no schema. The master user is another one."
  }
}

variable "log_retention_days" {
  description = "Days for which the database's log is kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days must be one of the spans that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731."
  }
}
