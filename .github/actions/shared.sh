# shellcheck shell=bash
# Sourced by the scripts beside the actions: how they check what they are given, and how they answer, to GitHub or, where
# GITHUB_ACTIONS is not set, to a terminal. Whatever came from outside is printed quoted (%q): it cannot start a workflow
# command of its own.

# fail MESSAGE: ends the script with this error.
fail() {
  local message=$1
  if [ -n "${GITHUB_ACTIONS:-}" ]; then
    message=${message//'%'/%25}
    message=${message//$'\r'/%0D}
    printf '::error::%s\n' "${message//$'\n'/%0A}"
  else
    printf 'error: %s\n' "$message" >&2
  fi
  exit 1
}

# notice MESSAGE: shows it on the page of the run.
notice() {
  printf '%s%s\n' "${GITHUB_ACTIONS:+::notice::}" "${1//'%'/%25}"
}

# quoted VALUE: the value on one line, cut where it is very long.
quoted() {
  printf '%q' "${1:0:200}"
}

# check NAME PATTERN MEANING [WHERE]: the variable NAME has to match all of PATTERN. It holds the input of that name, unless
# WHERE says what it is called where it comes from.
check() {
  local name=${1,,} pattern=$2 meaning=$3 given=missing
  [[ ${!1-} =~ ^($pattern)$ ]] && return
  [ -z "${!1-}" ] || given=$(quoted "${!1}")
  fail "${4:-${name//_/-}} has to be $meaning; it is $given."
}

check_account_id() { check "$1" '[0-9]{12}' 'the 12 digits of an AWS account' "${2-}"; }
check_commit() { check "$1" '[0-9a-f]{40}' 'a full commit, 40 hexadecimal digits in lower case, as git rev-parse prints it'; }
check_digest() { check "$1" 'sha256:[0-9a-f]{64}' 'an image digest, sha256: and 64 hexadecimal digits'; }
check_environment() { check "$1" '[a-z][a-z0-9-]{0,30}' 'the name of an environment: lower-case letters, digits and hyphens'; }
check_folder() { check "$1" '[A-Za-z0-9._/-]{1,200}' 'a folder of the repository'; }
check_region() { check "$1" '[a-z]{2,3}(-[a-z]+)+-[0-9]' 'an AWS region, such as eu-west-1' "${2-}"; }
check_repository() { check "$1" '[a-z0-9]+([._/-][a-z0-9]+)*' 'the name of an ECR repository, without its registry'; }

# environments_in FOLDER: the environments that have settings there, a line each.
environments_in() {
  local file
  for file in "$1"/*/common.auto.tfvars; do
    if [ -f "$file" ]; then basename "$(dirname "$file")"; fi
  done
}

# layers_in FOLDER: the layers there, root modules with a backend, a line each; without bootstrap, which is applied by hand,
# and without common or every-layer, which hold what layers share.
layers_in() {
  local file
  for file in "$1"/*/*.tf; do
    if grep --quiet --no-messages --extended-regexp '^ *backend "s3"' "$file"; then basename "$(dirname "$file")"; fi
  done | sort -u | sed -E '/^(bootstrap|common|every-layer)$/d'
}

# listed: the lines that it reads, for a sentence.
listed() {
  local lines
  lines=$(paste -sd ' ')
  printf '%s' "${lines:-nothing}"
}

# output NAME VALUE: an output of the step.
output() {
  case $2 in
    *$'\n'* | *$'\r'*) fail "The output $1 would span lines." ;;
  esac
  printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"
}

# summary: what it reads becomes part of the page of the run.
summary() {
  cat >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

# settings FILE NAME...: what FILE gives each NAME, as one JSON object; null where it gives none. Terraform itself reads the
# file: whatever it takes there is read alike here.
settings() {
  local file scratch name list='' answer status=0
  file=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
  shift
  scratch=$(mktemp -d)
  for name in "$@"; do
    printf 'variable "%s" {\n  default = null\n}\n' "$name" >>"$scratch/settings.tf"
    list+="$name = var.$name, "
  done
  # Without the caller's environment: TF_VAR_… would answer for the file.
  answer=$(env -i PATH="$PATH" HOME="${HOME:-/}" CHECKPOINT_DISABLE=1 "${SLIPWAY_TERRAFORM:-terraform}" -chdir="$scratch" console -no-color -var-file="$file" \
    <<<"base64encode(jsonencode({$list}))" 2>&1) || status=1
  rm -r "$scratch"
  if [ "$status" -ne 0 ]; then
    printf '%s\n' "$answer" >&2
    return 1
  fi
  # Before it stand warnings about what else the file gives.
  tail -n 1 <<<"$answer" | tr -d '"' | base64 --decode
}

# check_architecture MANIFEST ARCHITECTURE IMAGE OPTION...: the image has to be for ARM64 or X86_64, whichever is asked for.
# The OPTIONs of the AWS CLI say in which repository it is.
check_architecture() {
  local manifest=$1 runs=$2 image=$3 wanted=amd64 held
  shift 3
  [ "$runs" != ARM64 ] || wanted=arm64
  held=$(architectures "$manifest" "$@") || fail "$image: what it is built for could not be read; the lines above say why. The role needs ecr:GetDownloadUrlForLayer on the repository."
  [ -n "$held" ] || fail "$image does not say which architecture it is built for, so it is no image that tasks can run."
  [[ ", $held, " == *", $wanted, "* ]] ||
    fail "$image is built for $held, but the environment runs $runs ($wanted). Build it on a runner of that architecture, or change architecture in common.auto.tfvars."
}

# architectures MANIFEST OPTION...: what the images of an index are for. The manifest of a plain image does not say it; its
# configuration does, a blob beside the layers.
architectures() {
  local manifest=$1 held config url
  shift
  held=$(jq --raw-output '[.manifests[]?.platform.architecture // empty | select(. != "unknown")] | unique | join(", ")' <<<"$manifest")
  config=$(jq --raw-output '.config.digest // empty' <<<"$manifest")
  if [ -z "$held" ] && [ -n "$config" ]; then
    url=$(aws ecr get-download-url-for-layer --output json "$@" --layer-digest "$config" | jq --raw-output .downloadUrl) || return 1
    # The address is a credential for a while: it stays out of arguments.
    held=$(curl --silent --show-error --fail --max-time 60 --config - <<<"url = \"$url\"" | jq --raw-output '.architecture // empty') || return 1
  fi
  printf '%s' "$held"
}

# find_image REPOSITORY COMMIT: the image with this tag in the registry that the credentials belong to, as JSON with
# digest and pushedAt (seconds since 1970), or nothing. Any other answer than these two ends the script.
find_image() {
  local answer
  if answer=$(TZ=UTC aws ecr describe-images --output json --repository-name "$1" --image-ids "imageTag=$2" 2>&1); then
    jq -L "$(dirname "${BASH_SOURCE[0]}")" --compact-output 'include "time";
      .imageDetails[0] | {digest: .imageDigest, pushedAt: (.imagePushedAt | seconds)}' <<<"$answer"
  elif [[ $answer != *ImageNotFoundException* ]]; then
    printf '%s\n' "$answer" >&2
    return 1
  fi
}

# check_immutable REPOSITORY: a tag of this repository, once pushed, has to stay what it is. Prints the repository's URI.
check_immutable() {
  local answer
  answer=$(aws ecr describe-repositories --output json --repository-names "$1") || return 1
  if [[ $(jq --raw-output '.repositories[0].imageTagMutability' <<<"$answer") != IMMUTABLE* ]]; then
    printf 'The repository %s lets tags be overwritten. Make it immutable first: a commit names one image for ever.\n' "$1" >&2
    return 1
  fi
  jq --raw-output '.repositories[0].repositoryUri' <<<"$answer"
}

# put_event TYPE DETAIL: puts an event of Slipway's own on the account's default bus; the redeployer hears of it.
put_event() {
  local entry answer
  entry=$(jq --null-input --compact-output --arg type "$1" --arg detail "$2" '[{Source: "slipway", DetailType: $type, Detail: $detail}]')
  answer=$(aws events put-events --output json --entries "$entry")
  if [ "$(jq .FailedEntryCount <<<"$answer")" != 0 ]; then
    fail "EventBridge did not take the request: $(jq --raw-output '.Entries[0] | "\(.ErrorCode) \(.ErrorMessage)"' <<<"$answer")"
  fi
}
