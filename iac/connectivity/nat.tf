locals {
  # The zones that get a gateway, and for each private subnet the zone of the gateway that it uses. A zone that is not used
  # (any more) goes out through the first one's: what still runs there when zone_count is lowered keeps its way out.
  nat_zones = {
    none         = []
    endpoints    = []
    nat          = slice(local.used_zones, 0, 1)
    nat_per_zone = local.used_zones
  }[local.egress]
  nat_zone_of = { for zone in keys(local.zones) : zone => contains(local.nat_zones, zone) ? zone : local.nat_zones[0] if length(local.nat_zones) > 0 }
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

  lifecycle {
    # A gateway goes only after the routes that used it have moved to another.
    create_before_destroy = true
  }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route" "nat" {
  for_each = local.nat_zone_of

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.value].id
}
