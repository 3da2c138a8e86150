# Bootstrap's, so that it outlives this layer and every other: what is left of the environment can still be read.
data "aws_kms_alias" "this" {
  name = "alias/${local.prefix}"
}
