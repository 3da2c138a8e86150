#!/usr/bin/env bash
# Bootstraps the account of an environment: makes the bucket that holds all state, then moves the state of this layer there
# too. Run it by hand, once, with an administrator's credentials. Run again, it applies what has changed.
#   iac/bootstrap/bootstrap.sh ENVIRONMENT [ARGUMENTS OF terraform apply]
set -euo pipefail

environment=${1:?say which environment: a folder of iac/environments}
shift
layer=$(cd "$(dirname "$0")" && pwd)
folder="$layer/../environments/$environment"
if [ ! -f "$folder/bootstrap.auto.tfvars" ]; then
  echo "There is no $folder/bootstrap.auto.tfvars: copy the folder of another environment and fill it in." >&2
  exit 1
fi

cd "$layer"
remote=(-backend-config="$folder/backend.hcl" -backend-config="key=$environment/bootstrap.tfstate")
variables=(-var-file="$folder/common.auto.tfvars" -var-file="$folder/bootstrap.auto.tfvars")
override=backend_override.tf
trap 'rm -f "$override"' EXIT

bucket=$(sed -n 's/^bucket *= *"\(.*\)"/\1/p' "$folder/backend.hcl")
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
