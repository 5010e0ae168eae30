#!/bin/sh
# Builds the image of the Dockerfile and tries it with a PostgreSQL of yours: the schema is brought up to date, the service
# starts as the image's own user and gets ready, and a job completes. Without a Docker engine: buildah with chroot isolation.
#
#   DATABASE_URL=postgresql://role_mining_app:…@127.0.0.1/db DATABASE_OWNER_URL=postgresql://owner:…@127.0.0.1/db \
#     deploy/image/build-and-try.sh
#
# BASE_IMAGE  instead of node:24-slim, such as one made by local-base.sh
# NPMRC       npm's configuration for the build (~/.npmrc if there is one): it is mounted, and in no layer
# CA_FILE     authorities to trust while npm downloads ($NODE_EXTRA_CA_CERTS), mounted as well
# PORT        where the service listens while it is tried (3990)
set -eu
project=$(cd "$(dirname "$0")/../.." && pwd)
image=role-mining-service:local
npmrc=${NPMRC:-$HOME/.npmrc}
ca=${CA_FILE:-${NODE_EXTRA_CA_CERTS:-}}
port=${PORT:-3990}
export STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}" BUILDAH_ISOLATION="${BUILDAH_ISOLATION:-chroot}"

scratch=$(mktemp -d)
container=''
service=''
finish() {
  # To all of its group: buildah passes no signals on.
  [ -z "$service" ] || { kill -TERM -"$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true; }
  [ -z "$container" ] || buildah rm "$container" >/dev/null
  rm -rf "$scratch"
}
trap finish EXIT

touch "$scratch/npmrc"
[ ! -f "$npmrc" ] || cat "$npmrc" >"$scratch/npmrc"
set -- --volume "$scratch/npmrc:/root/.npmrc:ro"
if [ -n "$ca" ]; then
  printf '\ncafile=/run/authorities.pem\n' >>"$scratch/npmrc"
  set -- "$@" --volume "$ca:/run/authorities.pem:ro"
fi
[ -z "${BASE_IMAGE:-}" ] || set -- "$@" --build-arg "BASE_IMAGE=$BASE_IMAGE" --pull-never
buildah bud --layers "$@" --tag "$image" "$project"

container=$(buildah from --pull-never "$image")
secret=$(head -c 32 /dev/urandom | base64)
run() {
  # shellcheck disable=SC2086
  ${apart:-} buildah run --env "DATABASE_URL=$DATABASE_URL" --env "JWT_SECRET=$secret" --env "PORT=$port" "$@"
}
run --env "DATABASE_OWNER_URL=$DATABASE_OWNER_URL" "$container" -- node bin/role-mining.mjs migrate
run "$container" -- id
apart='exec setsid'
run "$container" -- node dist/main.js &
service=$!
apart=''

# What a client does, with the image's own Node.
run "$container" -- node --input-type=module -e '
  const base = `http://127.0.0.1:${process.env.PORT}`;
  const [token] = process.argv.slice(1);
  const headers = { Authorization: `Bearer ${token}` };
  const until = async (what, ask) => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 200))) {
      const answer = await ask().catch(() => null);
      if (answer) return console.log(`${what}: ${answer}`);
    }
    throw new Error(`Not within a minute: ${what}`);
  };
  const call = async (method, path, body) => {
    const type = body instanceof FormData ? {} : { "Content-Type": "application/json" };
    const json = body === undefined || body instanceof FormData ? body : JSON.stringify(body);
    const response = await fetch(base + path, { method, headers: json === undefined ? headers : { ...headers, ...type }, body: json });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  await until("/health/ready", async () => (await fetch(`${base}/health/ready`)).ok && "200");
  const access = new FormData();
  const rows = Array.from({ length: 40 }, (_, at) => `user-${at >> 2},entitlement-${(at >> 4) * 4 + (at & 3)}`);
  access.set("assignments", new Blob([["user,entitlement", ...rows, ""].join("\n")]), "assignments.csv");
  await call("POST", "/governance/access-graph/imports?wait=30&max_removed_percent=100", access);
  const jobs = "/governance/role-mining/jobs";
  const { id } = await call("POST", jobs, { name: "From the image" });
  await call("POST", `${jobs}/${id}/run`);
  await until("the job", async () => {
    const { status, candidate_count: count } = await call("GET", `${jobs}/${id}`);
    return status === "completed" && `${status}, ${count} candidates`;
  });
  await until("its report", async () => {
    const page = await fetch(`${base}${jobs}/${id}/report`, { headers });
    return page.ok && `${(await page.text()).length} characters`;
  });
' "$(run "$container" -- node bin/role-mining.mjs token --tenant 6f1c1f0e-7d0e-4a53-9d43-0a9f8f6d7f10 --roles admin | tail -n 1)"
echo "$image is built and works"
