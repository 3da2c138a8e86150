output "environment" {
  description = "Whose network this is, for the layers above to check: account_id, region, prefix."
  value = {
    account_id = var.account_id
    region     = var.region
    prefix     = local.prefix
  }
}

output "vpc" {
  description = "The VPC: id and IPv4 block."
  value = {
    id   = aws_vpc.this.id
    cidr = aws_vpc.this.cidr_block
  }
}

output "subnet_ids" {
  description = "Subnet ids by kind, in the order of their zones: public and private in the zones that are used, database in all three, for RDS does not let go of a zone."
  value = {
    public   = [for zone in local.used_zones : aws_subnet.public[zone].id]
    private  = [for zone in local.used_zones : aws_subnet.private[zone].id]
    database = [for zone in keys(local.zones) : aws_subnet.database[zone].id]
  }
}

output "supported_exposures" {
  description = "The exposures that this network carries: public_ip always, edge where private subnets have a way out."
  value       = local.supported_exposures

  precondition {
    condition     = contains(local.supported_exposures, var.exposure)
    error_message = "The exposure edge needs a way out of the private subnets: set egress to endpoints, nat or nat_per_zone."
  }
}

output "egress" {
  description = "What tasks may leave through: the S3 prefix list, the security group of the interface endpoints (null without any), whether these are enough to start a task, and the NAT gateways' public addresses."
  value = {
    s3_prefix_list_id           = aws_vpc_endpoint.s3.prefix_list_id
    endpoints_security_group_id = one(aws_security_group.endpoints[*].id)
    endpoints_suffice           = local.endpoints_suffice
    nat_addresses               = values(aws_eip.nat)[*].public_ip
  }
}
