locals {
  # What a private task cannot start without: its image, its secret and its log.
  startup_endpoints = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"]
  egress            = coalesce(var.egress, var.exposure == "edge" ? "nat" : "none")
  endpoints         = toset(concat(tolist(var.interface_endpoints), local.egress == "endpoints" ? local.startup_endpoints : []))
  endpoints_suffice = local.egress == "endpoints"

  supported_exposures = local.egress == "none" ? ["public_ip"] : ["public_ip", "edge"]
}
