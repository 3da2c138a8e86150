locals {
  # What a private task cannot start without: its image, its secret and its log.
  startup_endpoints   = toset(["ecr.api", "ecr.dkr", "logs", "secretsmanager"])
  has_private_way_out = var.nat != "none" || length(setsubtract(local.startup_endpoints, var.interface_endpoints)) == 0

  supported_exposures = local.has_private_way_out ? ["public_ip", "edge"] : ["public_ip"]
}
