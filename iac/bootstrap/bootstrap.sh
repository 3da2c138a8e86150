#!/usr/bin/env bash
# Bootstraps the account of an environment: makes the bucket that holds all state, then moves the state of this layer there
# too. Run it by hand, once, with an administrator's credentials. Run again, it applies what has changed.
#   iac/bootstrap/bootstrap.sh ENVIRONMENT [ARGUMENTS OF terraform apply]
#   ENVIRONMENTS    folder with a folder for each environment, such as that of another repository (iac/environments)
set -euo pipefail

environment=${1:?say which environment: a folder of iac/environments, or of the folder ENVIRONMENTS}
shift
layer=$(cd "$(dirname "$0")" && pwd)
folder="${ENVIRONMENTS:-$layer/../environments}/$environment"
if [ ! -f "$folder/bootstrap.auto.tfvars" ]; then
  echo "There is no $folder/bootstrap.auto.tfvars: copy the folder of another environment and fill it in." >&2
  exit 1
fi
folder=$(cd "$folder" && pwd)

work=$(mktemp -d)
override="$layer/backend_override.tf"
trap 'rm -rf "$work" "$override"' EXIT

# Where the state goes: as backend.hcl says, or, without it, as the layers take it by default (environment.tf). Terraform
# itself reads both files.
# read_settings FILE EXPRESSION NAME...: the string that EXPRESSION makes of the variables NAME as FILE gives them.
read_settings() {
  local file=$1 expression=$2 name
  mkdir -p "$work/read"
  for name in "${@:3}"; do printf 'variable "%s" {\n  default = null\n}\n' "$name"; done >"$work/read/variables.tf"
  terraform -chdir="$work/read" console -var-file="$file" <<<"base64encode($expression)" | tail -n 1 | tr -d '"' | base64 --decode
}
common() {
  read_settings "$folder/common.auto.tfvars" "$1" name environment account_id region state_bucket
}
backend="$folder/backend.hcl"
if [ ! -f "$backend" ]; then
  backend="$work/backend.hcl"
  # shellcheck disable=SC2016 # the expressions are Terraform's
  {
    echo 'encrypt = true'
    echo 'use_lockfile = true'
    printf 'bucket = "%s"\n' "$(common 'coalesce(var.state_bucket, "${var.name}-${var.environment}-state-${var.account_id}")')"
    printf 'region = "%s"\n' "$(common var.region)"
    printf 'kms_key_id = "alias/%s-state"\n' "$(common '"${var.name}-${var.environment}"')"
  } >"$backend"
fi
bucket=$(read_settings "$backend" var.bucket bucket)

cd "$layer"
remote=(-backend-config="$backend" -backend-config="key=$environment/bootstrap.tfstate")
variables=(-var-file="$folder/common.auto.tfvars" -var-file="$folder/bootstrap.auto.tfvars")

if aws s3api head-bucket --bucket "$bucket" 2>/dev/null; then
  terraform init -input=false -reconfigure "${remote[@]}"
  terraform apply "${variables[@]}" "$@"
  exit
fi

# The first time there is no bucket yet: the state begins in this folder.
echo 'terraform {
  backend "local" {}
}' >"$override"
terraform init -input=false -reconfigure
terraform apply "${variables[@]}" "$@"
rm "$override"
terraform init -input=false -migrate-state -force-copy "${remote[@]}"
rm -f terraform.tfstate terraform.tfstate.backup
