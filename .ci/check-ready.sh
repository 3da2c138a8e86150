#!/usr/bin/env bash
# Starts IMAGE as ECS does, read-only and without capabilities, beside a PostgreSQL, and waits until /health/ready answers 200.
set -euo pipefail
: "${IMAGE:?}"

network="ready-$$" database="database-$$" service="service-$$"
DB_PASSWORD=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
POSTGRES_PASSWORD=$DB_PASSWORD
export DB_PASSWORD POSTGRES_PASSWORD
# shellcheck disable=SC2317 # the trap calls it
finish() {
  docker rm --force "$service" "$database" >/dev/null 2>&1 || true
  docker network rm "$network" >/dev/null 2>&1 || true
}
trap finish EXIT

docker network create "$network" >/dev/null
docker run --detach --name "$database" --network "$network" --env POSTGRES_PASSWORD postgres:18 >/dev/null
docker run --detach --name "$service" --network "$network" --read-only --cap-drop ALL --security-opt no-new-privileges \
  --publish 127.0.0.1:3000:3000 --env DB_PASSWORD --env DB_HOST="$database" --env DB_USER=postgres --env DB_DATABASE=postgres \
  --env DB_SSLMODE=disable "$IMAGE" >/dev/null

for _ in $(seq 120); do
  if curl --silent --fail --max-time 5 http://127.0.0.1:3000/health/ready; then
    printf '\n%s is ready\n' "$IMAGE"
    exit
  fi
  sleep 0.5
done
docker logs "$service"
echo "$IMAGE was not ready within a minute" >&2
exit 1
