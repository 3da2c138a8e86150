# Terraform's own rules, all of them; the bundled rule set needs no download.
plugin "terraform" {
  enabled = true
  preset  = "all"
}

# Files are named after what they describe, and two of them are shared by every layer.
rule "terraform_standard_module_structure" {
  enabled = false
}
