locals {
  # What a private task cannot start without: its image, its secret and its log.
  startup_endpoints = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"]
  endpoints         = toset(concat(tolist(var.interface_endpoints), var.egress == "endpoints" ? local.startup_endpoints : []))
  endpoints_suffice = var.egress == "endpoints"

  supported_exposures = var.egress == "none" ? ["public_ip"] : ["public_ip", "edge"]
}
