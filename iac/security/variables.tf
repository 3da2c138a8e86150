variable "api_port" {
  description = "TCP port on which the tasks listen."
  type        = number
  default     = 3000

  validation {
    condition     = var.api_port >= 1024 && var.api_port <= 65535 && floor(var.api_port) == var.api_port
    error_message = "api_port must be a whole number from 1024 to 65535: the tasks run without the privilege for lower ports."
  }
}

variable "allowed_cidrs" {
  description = "With public_ip: the IPv4 blocks, at most /8 wide, from which the API port can be reached. Empty: from nowhere."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.allowed_cidrs : can(cidrnetmask(one))])
    error_message = "Each of allowed_cidrs must be an IPv4 block such as 198.51.100.7/32."
  }

  validation {
    condition     = alltrue([for one in var.allowed_cidrs : try(tonumber(split("/", one)[1]) >= 8, false)])
    error_message = "allowed_cidrs must not hold 0.0.0.0/0 or anything wider than /8: with public_ip there is no TLS and no firewall in front of the tasks. Name the networks that test, or use the exposure edge."
  }
}

variable "waf" {
  description = <<-EOT
    With edge: rate_limit is how many requests one address may send in five minutes; counted_rules names managed rules, by
    rule group, that only count, so that a false positive does not block users while it is looked into.
  EOT
  type = object({
    rate_limit         = optional(number, 2000)
    counted_rules      = optional(map(set(string)), {})
    log_retention_days = optional(number, 30)
  })
  default = {}

  validation {
    condition     = var.waf.rate_limit >= 10 && var.waf.rate_limit <= 2000000000
    error_message = "waf.rate_limit must be from 10 to 2,000,000,000 requests in five minutes: the limits of AWS WAF."
  }

  validation {
    condition     = length(setsubtract(keys(var.waf.counted_rules), ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesSQLiRuleSet"])) == 0
    error_message = "waf.counted_rules knows the groups AWSManagedRulesAmazonIpReputationList, AWSManagedRulesCommonRuleSet, AWSManagedRulesKnownBadInputsRuleSet and AWSManagedRulesSQLiRuleSet."
  }
}

variable "alarm_emails" {
  description = "Addresses that alarms are sent to; each has to confirm the mail that AWS sends first."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", one))])
    error_message = "Each of alarm_emails must be an e-mail address."
  }
}
