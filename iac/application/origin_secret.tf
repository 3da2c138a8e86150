# What CloudFront shows to the load balancer. The load balancer's group lets every distribution in, also a stranger's; the
# secret lets in ours only. Two of them, so that one can be replaced while the other is used. They stand in the state, which
# is encrypted and read by the roles of this environment alone (docs/decisions/0005-secrets-in-state.md).
resource "terraform_data" "origin_secret" {
  for_each = toset(local.has_edge ? ["a", "b"] : [])

  # 122 bits from the system's random source. Made once: replace it with `terraform apply -replace`.
  input = sensitive(uuid())

  lifecycle {
    ignore_changes = [input]
  }
}

locals {
  has_domain           = var.domain != null
  origin_secret_header = "x-origin-secret"
}
