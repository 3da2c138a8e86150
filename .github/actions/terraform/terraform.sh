#!/usr/bin/env bash
# Plans one Terraform layer of one environment and keeps the plan in the state bucket, or applies exactly such a plan.
# It needs terraform or tofu, aws and jq, and runs anywhere: on a terminal as well as on GitHub.
#
#   COMMAND       plan; plan-destroy, a plan to destroy everything in the layer; apply, carry out a kept plan of either kind
#   ENVIRONMENT   name of the environment
#   LAYER         name of the layer
#   ENVIRONMENTS  folder with ENVIRONMENT/common.auto.tfvars (iac/environments) and, where they say more than the defaults,
#                 ENVIRONMENT/LAYER.auto.tfvars and ENVIRONMENT/backend.hcl, else made of what the former says
#   LAYERS        folder with LAYER/, a root module with an empty S3 backend (the layers of the Slipway that this script is of)
#   REDEPLOYER_ZIP  the redeployer's zip, put to where the layer application looks for it (it lies there already)
#   PLAN_ID       for plan: a name for the plan that nothing else has (made of GitHub's run, else of the time and process)
#   PLAN_FOLDER   for plan: a folder that gets ENVIRONMENT-LAYER.txt and .json, the plan for people to read (none)
#   PLAN          for apply: what plan put out, PLAN_ID:SHA-256; or instead PLAN_KEY and PLAN_SHA256
#   SLIPWAY_TERRAFORM  the program: terraform (the default) or tofu; a plan is applied by the program that made it
#
# Credentials, region and endpoints are those of aws and terraform. State: s3://<bucket>/ENVIRONMENT/LAYER.tfstate; plans:
# s3://<bucket>/plans/ENVIRONMENT/LAYER/PLAN_ID.tfplan, encrypted with the key of backend.hcl: a plan holds secrets.
#
# Writes name=value lines to the file GITHUB_OUTPUT where that is set: for plan changes (true, false), plan,
# plan-key and plan-sha256. Exit code 0 when done, changes or not; 1 for every error. A plan that is not the one that was made, or that
# the state has moved away from, is refused and nothing is changed.
# shellcheck disable=SC2153 # LAYER and LAYERS, ENVIRONMENT and ENVIRONMENTS are all meant
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"

: "${ENVIRONMENTS:=iac/environments}" "${LAYERS:=$folder/../../../iac}" "${SLIPWAY_TERRAFORM:=terraform}"
check SLIPWAY_TERRAFORM '(.*/)?(terraform|tofu)' 'terraform or tofu' program
check COMMAND 'plan|plan-destroy|apply' 'plan, plan-destroy or apply'
check_environment ENVIRONMENT
check LAYER '[a-z][a-z0-9_-]{0,40}' 'the name of a layer: lower-case letters, digits, hyphens and underscores'

[ -d "$LAYERS/$LAYER" ] || fail "There is no layer $LAYER: no folder $(quoted "$LAYERS/$LAYER"). There is: $(layers_in "$LAYERS" | listed)."
settings="$ENVIRONMENTS/$ENVIRONMENT"
[ -f "$settings/common.auto.tfvars" ] || fail "There is no environment $ENVIRONMENT: no file $(quoted "$settings/common.auto.tfvars"). There is: $(environments_in "$ENVIRONMENTS" | listed)."
settings=$(cd "$settings" && pwd)
layer=$(cd "$LAYERS/$LAYER" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# setting JSON NAME: a string of what `settings` said.
setting() { jq --raw-output --arg name "$2" '.[$name] // empty' <<<"$1"; }
backend="$settings/backend.hcl"
if [ ! -f "$backend" ]; then
  backend="$work/backend.hcl"
  common=$(settings "$settings/common.auto.tfvars" name environment account_id region state_bucket) ||
    fail "Terraform cannot read common.auto.tfvars of $ENVIRONMENT; the lines above say why."
  jq --raw-output '"bucket = \(.state_bucket // "\(.name)-\(.environment)-state-\(.account_id)" | tojson)", "region = \(.region | tojson)", "encrypt = true",
    "kms_key_id = \("alias/\(.name)-\(.environment)" | tojson)", "use_lockfile = true"' <<<"$common" >"$backend"
fi
said=$(settings "$backend" bucket region kms_key_id) || fail "Terraform cannot read $(quoted "$backend"); the lines above say why."
bucket=$(setting "$said" bucket)
region=$(setting "$said" region)
key=$(setting "$said" kms_key_id)
[[ -n $bucket && -n $region ]] || fail "The environment $ENVIRONMENT has to name the bucket of its state and its region: state_bucket and region in common.auto.tfvars, or bucket and region in backend.hcl."
variables=(-var-file="$settings/common.auto.tfvars")
[ ! -f "$settings/$LAYER.auto.tfvars" ] || variables+=(-var-file="$settings/$LAYER.auto.tfvars")

if [ -n "${REDEPLOYER_ZIP:-}" ]; then
  mkdir -p "$LAYERS/../redeployer/dist"
  [ "$REDEPLOYER_ZIP" -ef "$LAYERS/../redeployer/dist/redeployer.zip" ] || cp "$REDEPLOYER_ZIP" "$LAYERS/../redeployer/dist/redeployer.zip"
fi

export TF_INPUT=0 TF_IN_AUTOMATION=1
if [ -n "${GITHUB_ACTIONS:-}" ]; then
  export TF_PLUGIN_CACHE_DIR="$HOME/.terraform.d/plugin-cache"
  mkdir -p "$TF_PLUGIN_CACHE_DIR"
fi
plan="$work/$LAYER.tfplan"

tf() { "$SLIPWAY_TERRAFORM" -chdir="$layer" "$@"; }
# A provider is taken only as the layer's lock knows it. OpenTofu has a registry of its own: where the lock does not name that
# yet, OpenTofu notes what it found, for somebody to look at and to commit.
initialise() {
  local lock=(-lockfile=readonly)
  if [[ $SLIPWAY_TERRAFORM = *tofu ]] && ! grep -q registry.opentofu.org "$layer/.terraform.lock.hcl"; then
    lock=()
    echo "The lock of $LAYER knows no provider of OpenTofu's registry: commit the one that this run writes."
  fi
  tf init -reconfigure ${lock[@]+"${lock[@]}"} -no-color \
    -backend-config="$backend" -backend-config="key=$ENVIRONMENT/$LAYER.tfstate" ||
    fail "$SLIPWAY_TERRAFORM init failed for $ENVIRONMENT/$LAYER; the lines above say why."
}

# shellcheck source=plan.sh
# shellcheck source=apply.sh
case $COMMAND in
  plan | plan-destroy) . "$folder/plan.sh" ;;
  apply) . "$folder/apply.sh" ;;
esac
