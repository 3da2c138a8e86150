#!/usr/bin/env bash
# Makes stubs of the Dockerfile's base images, under the very names that it asks for, where no registry of images
# can be reached. The first base is for building (Node, npm, a shell), the last is what runs (Node, no shell). They
# prove what the Dockerfile adds and how it runs; they do not prove what is in the real bases.
set -euo pipefail
cd "$(dirname "$0")/../.."

mapfile -t bases < <(sed -n 's/^FROM \([^ ]*\).*/\1/p' service/Dockerfile)
build_base=${bases[0]}
run_base=${bases[-1]}
node_version=$(sed -n 's/^FROM node:\([0-9.]*\).*/\1/p' service/Dockerfile)
node_version=${node_version%%$'\n'*}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node_package="node-linux-$(node -p process.arch)"
npm install --prefix "$work" --no-save --silent "$node_package@$node_version" npm@11
node="$work/node_modules/$node_package/bin/node"

# put FILE TARGET: copies a program into the tree being made ($root), and the libraries that it is linked with.
put() {
  install -D "$1" "$root$2"
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
    [ -e "$root$library" ] || install -D "$library" "$root$library"
  done
}

# commit NAME [CONFIG ...]: makes an image of the tree.
commit() {
  local name=$1 container
  shift
  mkdir -p "$root/tmp" && chmod 1777 "$root/tmp"
  container=$(buildah from scratch)
  buildah copy --quiet "$container" "$root" / >/dev/null
  buildah config "$@" "$container"
  buildah commit --quiet --rm "$container" "$name" >/dev/null
  echo "made $name"
}

root="$work/build"
put "$node" /usr/local/bin/node
for program in /bin/sh /usr/bin/env /usr/bin/find; do
  put "$program" "$program"
done
# Debian's C library whole: native packages, as the bundler is one, are linked with more of it than Node.
dpkg --listfiles libc6 | grep '/lib[^/]*\.so' | while read -r library; do
  [ -e "$root$library" ] || install -D "$library" "$root$library"
done
mkdir -p "$root/usr/local/lib/node_modules" "$root/etc/ssl/certs"
cp -r "$work/node_modules/npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
printf 'root:x:0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
commit "$build_base" --env PATH=/usr/local/bin:/usr/bin:/bin \
  --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt

root="$work/run"
put "$node" /nodejs/bin/node
mkdir -p "$root/etc"
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$root/etc/passwd"
commit "$run_base" --entrypoint '["/nodejs/bin/node"]' --user 65532
