#!/usr/bin/env bash
# Bootstraps the account of an environment, with an administrator's credentials, by hand. Run again, it goes on where it was
# cut off, or applies what has changed: the state lies in its bucket from the first moment on.
#   iac/bootstrap/bootstrap.sh SETTINGS [ARGUMENTS OF terraform apply]
#   SETTINGS          an environment, or any folder with common.auto.tfvars and bootstrap.auto.tfvars and, where it says more
#                     than the defaults, backend.hcl
#   ENVIRONMENTS      folder with a folder for each environment, such as that of another repository (iac/environments)
#   SLIPWAY_TERRAFORM the program: terraform (the default) or tofu
# What an account has one of is used where it is there and made where it is not, and belongs to no environment: GitHub's OIDC
# provider. A trail that records the account's management events already is used as well.
set -euo pipefail

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

settings=${1:?say which settings: an environment of iac/environments, or of the folder ENVIRONMENTS, or a folder}
shift
layer=$(cd "$(dirname "$0")" && pwd)
[ -d "$settings" ] || settings="${ENVIRONMENTS:-$layer/../environments}/$settings"
for file in common.auto.tfvars bootstrap.auto.tfvars; do
  [ -f "$settings/$file" ] || fail "There is no $settings/$file: copy the folder of another environment and fill it in."
done
settings=$(cd "$settings" && pwd)
program=${SLIPWAY_TERRAFORM:-terraform}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# read_settings FILE NAME...: what FILE gives each NAME, with a | between them; nothing where it gives none. Terraform itself
# reads the file: whatever it takes there is read alike here. Without the caller's environment, where TF_VAR_… would answer.
read_settings() {
  local file=$1 name list=
  shift
  rm -rf "$work/read"
  mkdir "$work/read"
  for name in "$@"; do
    printf 'variable "%s" {\n  default = null\n}\n' "$name" >>"$work/read/variables.tf"
    list+="var.$name, "
  done
  env -i PATH="$PATH" HOME="${HOME:-/}" CHECKPOINT_DISABLE=1 "$program" -chdir="$work/read" console -var-file="$file" \
    <<<"base64encode(join(\"|\", [for value in [$list] : value == null ? \"\" : tostring(value)]))" |
    tail -n 1 | tr -d '"' | base64 --decode
}

said=$(read_settings "$settings/common.auto.tfvars" name environment account_id region state_bucket) ||
  fail "Terraform cannot read $settings/common.auto.tfvars; the lines above say why."
IFS='|' read -r name environment account region bucket <<<"$said"
[[ -n $name && -n $environment && -n $account && -n $region ]] ||
  fail "$settings/common.auto.tfvars has to set name, environment, account_id and region."
own_bucket=${bucket:-$name-$environment-state-$account}
backend="$settings/backend.hcl"
if [ ! -f "$backend" ]; then
  backend="$work/backend.hcl"
  printf 'bucket = "%s"\nregion = "%s"\nencrypt = true\nkms_key_id = "%s"\nuse_lockfile = true\n' \
    "$own_bucket" "$region" "alias/$name-$environment" >"$backend"
fi
said=$(read_settings "$backend" bucket region kms_key_id) || fail "Terraform cannot read $backend; the lines above say why."
IFS='|' read -r bucket region alias <<<"$said"
[[ -n $region && -n $bucket && -n $alias ]] || fail "$backend has to set bucket, region and kms_key_id."
[ "$bucket" = "$own_bucket" ] ||
  fail "backend.hcl and common.auto.tfvars of $environment name different buckets for the state, $bucket and $own_bucket: bucket and state_bucket have to be the same."
state="$environment/bootstrap.tfstate"

export AWS_REGION=$region AWS_DEFAULT_REGION=$region AWS_PAGER=
caller=$(aws sts get-caller-identity --query Account --output text) ||
  fail "AWS does not know who you are: sign in with an administrator's credentials of account $account."
[ "$caller" = "$account" ] || fail "These credentials are of account $caller, and $environment belongs to $account."

# The bucket. It is there before Terraform runs, so that no state ever lies anywhere else; Terraform takes it over.
if answer=$(aws s3api head-bucket --bucket "$bucket" 2>&1); then
  if ! aws s3api head-object --bucket "$bucket" --key "$state" >/dev/null 2>&1; then
    held=$(aws s3api list-object-versions --bucket "$bucket" --max-items 5 --output text \
      --query "[Versions, DeleteMarkers][] | [?!ends_with(Key, '.tflock')].Key")
    [[ -z $held || $held = None ]] || fail "The bucket $bucket is there, and holds no $state: it belongs to something else, or this account was bootstrapped from the settings of another environment. Bootstrap it from there, with $environment in its environments, or name another state_bucket."
  fi
elif [[ $answer = *404* || $answer = *NoSuchBucket* || $answer = *'Not Found'* ]]; then
  location=()
  [ "$region" = us-east-1 ] || location=(--create-bucket-configuration "LocationConstraint=$region")
  aws s3api create-bucket --bucket "$bucket" ${location[@]+"${location[@]}"} >/dev/null ||
    fail "The bucket $bucket could not be made; the lines above say why."
else
  fail "The bucket $bucket belongs to another account, or is kept from you: no two buckets in the world have one name, so name another state_bucket. AWS says: $answer"
fi

# GitHub's OIDC provider.
github="arn:aws:iam::$account:oidc-provider/token.actions.githubusercontent.com"
if audiences=$(aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$github" --query ClientIDList --output text 2>/dev/null); then
  [[ $audiences = *sts.amazonaws.com* ]] ||
    aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn "$github" --client-id sts.amazonaws.com
else
  aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com >/dev/null
fi

# A trail of somebody else's that covers every region.
own="$name-$environment-management"
trails=$(aws cloudtrail describe-trails --output text --query "trailList[?IsMultiRegionTrail && Name != '$own'].Name")
flags=()
said=$(read_settings "$settings/bootstrap.auto.tfvars" has_trail) ||
  fail "Terraform cannot read $settings/bootstrap.auto.tfvars; the lines above say why."
if [[ -n $trails && $trails != None && -z $said ]]; then
  echo "The account has a trail ($trails): no other is made."
  flags=(-var=has_trail=true)
fi

terraform() { command "$program" -chdir="$layer" "$@"; }
# initialise KEY: with the key that the state is written with.
initialise() {
  terraform init -input=false -reconfigure -backend-config="$backend" -backend-config="key=$state" \
    -backend-config="kms_key_id=$1"
}

# Until Terraform has made the environment's key, the state is encrypted with Amazon's own.
if aws kms describe-key --key-id "$alias" >/dev/null 2>&1; then
  initialise "$alias"
else
  initialise alias/aws/s3
fi
variables=(-var-file="$settings/common.auto.tfvars" -var-file="$settings/bootstrap.auto.tfvars" ${flags[@]+"${flags[@]}"})
managed=$(terraform state list 2>/dev/null) || true
grep -Fqx aws_s3_bucket.state <<<"$managed" ||
  terraform import "${variables[@]}" aws_s3_bucket.state "$bucket"
terraform apply "${variables[@]}" "$@"

key=$(aws kms describe-key --key-id "$alias" --query KeyMetadata.Arn --output text)
used=$(aws s3api head-object --bucket "$bucket" --key "$state" --query SSEKMSKeyId --output text)
if [ "$used" != "$key" ]; then
  aws s3api copy-object --bucket "$bucket" --key "$state" --copy-source "$bucket/$state" \
    --server-side-encryption aws:kms --ssekms-key-id "$key" >/dev/null
  initialise "$alias"
fi
