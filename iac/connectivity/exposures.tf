locals {
  # What a private task cannot start without: its image, its secret and its log.
  startup_endpoints   = toset(["ecr.api", "ecr.dkr", "logs", "secretsmanager"])
  has_endpoints       = length(setsubtract(local.startup_endpoints, var.interface_endpoints)) == 0
  has_private_way_out = local.nat != "none" || local.has_endpoints

  supported_exposures = local.has_private_way_out ? ["public_ip", "edge"] : ["public_ip"]
}
