locals {
  nat = coalesce(var.nat, var.exposure == "edge" && !local.has_endpoints ? "single" : "none")

  # The zones that get a gateway, and for each private subnet the zone of the gateway that it uses.
  nat_zones = {
    none     = []
    single   = [keys(local.zones)[0]]
    per_zone = keys(local.zones)
  }[local.nat]
  nat_zone_of = { for zone in keys(local.zones) : zone => local.nat == "single" ? local.nat_zones[0] : zone if local.nat != "none" }
}

resource "aws_eip" "nat" {
  for_each = toset(local.nat_zones)

  domain = "vpc"

  tags = {
    Name = "${local.prefix}-nat-${each.key}"
  }
}

resource "aws_nat_gateway" "this" {
  for_each = toset(local.nat_zones)

  subnet_id     = aws_subnet.public[each.key].id
  allocation_id = aws_eip.nat[each.key].allocation_id

  tags = {
    Name = "${local.prefix}-${each.key}"
  }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route" "nat" {
  for_each = local.nat_zone_of

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.value].id
}
