#!/usr/bin/env bash
# Installs what the checks need beside Node and Terraform, here and on GitHub's runners, each version named here and nowhere else.
#   install-tools.sh FOLDER [PART]    FOLDER/bin then holds what does not come from Debian; it is kept between runs. A part,
#                                     so that what is there in a minute does not wait for what takes minutes to build:
#                                     emulator (with Debian's packages, before the other parts), opentofu, others
# Python's packages for the emulator are named in rehearsal/emulator/requirements.txt; FOLDER/emulator/bin/python has them.
set -euo pipefail

folder=$1
part=${2:-all}
schemathesis=4.32.5
act=0.2.89
actionlint=1.7.12
awscli=1.45.11
zizmor=1.32.0
checkov=3.3.30
cmarkgfm=2025.10.22
tflint=0.64.0
node=24.21.0
opentofu=1.12.6

declare -A packages=(
  [buildah]=buildah [podman]=podman [runc]=runc [chromium]=chromium [jq]=jq [shellcheck]=shellcheck [zsh]=zsh [setpriv]=util-linux
)
missing=()
for program in "${!packages[@]}"; do
  command -v "$program" >/dev/null || missing+=("${packages[$program]}")
done
if [ "${#missing[@]}" -gt 0 ]; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
if ! command -v terraform >/dev/null; then
  echo 'Terraform is not here: install 1.11 or newer first (developer.hashicorp.com/terraform/install). The checks need it.' >&2
  exit 1
fi

mkdir -p "$folder/bin"

# from_pypi PACKAGE VERSION [PROGRAM]: into an environment of its own, for their dependencies do not go together. Python
# compiles what is imported, which is the smaller part.
from_pypi() {
  local venv="$folder/$1-$2" program=${3:-$1}
  if [ ! -x "$venv/bin/$program" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --no-compile "$1==$2"
  fi
  ln -sf "$venv/bin/$program" "$folder/bin/$program"
}

# from_go PROGRAM VERSION PACKAGE: built once, which takes a minute or two.
from_go() {
  local built="$folder/$1-$2/$1"
  if [ ! -x "$built" ]; then
    GOBIN=$(dirname "$built") GOFLAGS=-mod=mod go install "$3@v$2"
  fi
  ln -sf "$built" "$folder/bin/$1"
}

install_emulator() {
  from_pypi awscli "$awscli" aws

  # An environment for each state of the list, so that a changed version is installed.
  requirements=$(dirname "$0")/../rehearsal/emulator/requirements.txt
  venv="$folder/emulator-$(sha256sum "$requirements" | cut -c 1-16)"
  if [ ! -e "$venv/complete" ]; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --no-compile --requirement "$requirements"
    touch "$venv/complete"
  fi
  ln -sfn "$venv" "$folder/emulator"
}

# OpenTofu replaces a module of its own, which `go install` refuses: it is built in the module's folder.
install_opentofu() {
  tofu="$folder/opentofu-$opentofu/tofu"
  if [ ! -x "$tofu" ]; then
    source=$(go mod download -json "github.com/opentofu/opentofu@v$opentofu" | jq -r .Dir)
    (cd "$source" && go build -mod=readonly -o "$tofu" \
      -ldflags '-s -w -X github.com/opentofu/opentofu/version.dev=no' ./cmd/tofu)
  fi
  ln -sf "$tofu" "$folder/bin/tofu"
}

install_others() {
  from_pypi schemathesis "$schemathesis"
  from_pypi checkov "$checkov"
  from_pypi zizmor "$zizmor"

  # GitHub's own flavour of Markdown, as a program that reads Markdown and prints the HTML that GitHub makes of it. The package
  # has none.
  venv="$folder/cmarkgfm-$cmarkgfm"
  if [ ! -x "$venv/bin/cmark-gfm" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --no-compile "cmarkgfm==$cmarkgfm"
    cat >"$venv/bin/cmark-gfm" <<PROGRAM
#!$venv/bin/python
import sys
import cmarkgfm
from cmarkgfm.cmark import Options
sys.stdout.write(cmarkgfm.github_flavored_markdown_to_html(sys.stdin.read(), Options.CMARK_OPT_UNSAFE))
PROGRAM
    chmod +x "$venv/bin/cmark-gfm"
  fi
  ln -sf "$venv/bin/cmark-gfm" "$folder/bin/cmark-gfm"

  from_go act "$act" github.com/nektos/act
  from_go actionlint "$actionlint" github.com/rhysd/actionlint/cmd/actionlint
  from_go tflint "$tflint" github.com/terraform-linters/tflint

  # The Node of the image: FOLDER/node-24/bin. Its package fetches the binary when it is installed.
  if [ ! -x "$folder/node-$node/node_modules/node/bin/node" ]; then
    npm install --silent --no-audit --no-fund --prefix "$folder/node-$node" "node@$node"
  fi
  ln -sfn "$folder/node-$node/node_modules/node" "$folder/node-24"
}

case $part in
  emulator) install_emulator ;;
  opentofu) install_opentofu ;;
  others) install_others ;;
  all)
    install_emulator
    install_others
    install_opentofu
    ;;
esac
