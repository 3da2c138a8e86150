# What nothing of an environment can change without being made again from the network up. It is noted when the network is
# made, so that a plan that would do so ends with a sentence instead.
resource "terraform_data" "made_for" {
  input = {
    prefix   = local.prefix
    region   = var.region
    vpc_cidr = var.vpc_cidr
  }

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = local.prefix
  }

  lifecycle {
    precondition {
      condition     = terraform_data.made_for.output == { prefix = local.prefix, region = var.region, vpc_cidr = var.vpc_cidr }
      error_message = "This network was made for ${terraform_data.made_for.output.prefix} in ${terraform_data.made_for.output.region}, with the block ${terraform_data.made_for.output.vpc_cidr}. Another name, environment, region or vpc_cidr means that everything in it is made again, the database too: set it back, or make another environment (iac/README.md, \"Another environment\") and move."
    }
  }
}

# The security group that AWS makes lets everything through among its members: it is emptied, and nobody uses it.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${local.prefix}-unused"
  }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = local.prefix
  }
}
