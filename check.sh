#!/usr/bin/env bash
# Everything that must hold before a change lands, in one script. It installs
# what it needs where it runs as root on Debian or Ubuntu, elsewhere it names
# what is missing with the line that installs it. It ends with the list of
# tests that were skipped; with CI=true a skipped test is a failure.
set -euo pipefail
cd "$(dirname "$0")"
export LC_ALL=C.UTF-8
work=$(mktemp -d)
neo4j_pid=
server_pid=
finish() {
  exec 9>&-
  [ -z "$server_pid" ] || { kill "$server_pid" && wait "$server_pid"; } 2>/dev/null || true
  [ -z "$neo4j_pid" ] || wait "$neo4j_pid" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

step() { printf '\n== %s\n' "$*"; }
fail() { printf 'check: %s\n' "$*" >&2; exit 1; }

# --- tools ------------------------------------------------------------------
command -v go >/dev/null || fail "Go 1.26 or later is missing: see https://go.dev/doc/install"

packages=()
need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null || packages+=("$2")
}
need gcc gcc
need java openjdk-17-jre-headless
need mvn maven
need npm npm
need docker-compose docker-compose
need "${CHROMIUM:-chromium}" chromium
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || fc-list 2>/dev/null | grep -qi cjk || packages+=(fonts-noto-cjk)
if [ ${#packages[@]} -gt 0 ]; then
  install="apt-get install --yes --no-install-recommends ${packages[*]}"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    step "installing ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    $install >"$work/apt.log" 2>&1 || { tail -n 20 "$work/apt.log" >&2; fail "apt could not install ${packages[*]}"; }
  else
    fail "missing tools: as root on Debian or Ubuntu, run: apt-get update && $install"
  fi
fi

# unchanged NAME COMMAND… fails if the command changes any file under version
# control, so that what is generated is what is committed.
checksums() { git ls-files -z --cached --others --exclude-standard | sort -z | xargs -0 sha256sum 2>/dev/null; }
unchanged() {
  local name=$1; shift
  checksums >"$work/before"
  "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$name could not be generated"; }
  checksums >"$work/after"
  diff "$work/before" "$work/after" >"$work/diff" || { cat "$work/diff" >&2; fail "$name is not up to date; the files above changed when it was generated"; }
}

# --- source -----------------------------------------------------------------
step formatting
unformatted=$(git ls-files '*.go' | xargs gofmt -l)
[ -z "$unformatted" ] || fail "not formatted by gofmt: $unformatted"

step "modules"
unchanged "go.mod" go mod tidy

step "vet"
go vet ./...

step "staticcheck"
go tool staticcheck ./...

step "generated code"
unchanged "generated code" go generate ./...
unchanged "the playground's bundle" web/playground/build.sh

step "schema"
# What clients were promised is in released.graphqls; a breaking change is one
# to make on purpose, there as well.
go build -o "$work/schemadiff" ./internal/schemadiff
"$work/schemadiff" graph/testdata/released.graphqls schema.graphqls || fail "the schema breaks what clients were promised"

step "docker-compose.yml"
NEO4J_PASSWORD=not-a-secret docker-compose config >/dev/null

# --- what clients see -------------------------------------------------------
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$*"; }; }

step "TypeScript client"
client=examples/typescript
quietly npm ci --ignore-scripts --prefix "$client"
unchanged "the TypeScript client's types" npm run generate --prefix "$client"
quietly npm run build --prefix "$client"

go build -o "$work/graphd" ./cmd/graphd
"$work/graphd" serve --addr 127.0.0.1:0 --store sqlite::memory: --ingest samples \
  --documents "$client/src/gql/persisted-documents.json" 2>"$work/graphd.log" &
server_pid=$!
until grep -q 'serving at' "$work/graphd.log"; do
  kill -0 "$server_pid" 2>/dev/null || { cat "$work/graphd.log" >&2; fail "graphd does not serve"; }
  sleep 0.1
done
endpoint=$(sed -n 's|.*serving at \(http://[^/]*\)/.*|\1|p' "$work/graphd.log")/graphql
quietly npm start --prefix "$client" -- "$endpoint"
quietly npm start --prefix "$client" -- --persisted "$endpoint"

step "GraphQL over HTTP"
web/audits/run.sh "$endpoint"

step "playground in a browser"
mkdir -p .cache
web/browsertest/run.sh "${endpoint%graphql}playground" .cache/playground.png
kill "$server_pid"
wait "$server_pid" || fail "graphd did not end well"
server_pid=

# --- tests ------------------------------------------------------------------
step "fuzzing"
for target in internal/admission:FuzzCheck graph:FuzzCursor graph:FuzzSearchText graph:FuzzName graph:FuzzForm; do
  quietly go test "./${target%:*}" -run '^$' -fuzz "^${target#*:}\$" -fuzztime 30s
done

step "dearest query"
# Its processor time is measured, so nothing is instrumented.
go test ./graph -count=1 -run '^TestDearestQuery$' -v >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "an admitted query is too dear"; }
grep -m1 -o 'of .* times: ' "$work/log" || fail "the search for the dearest query did not run"

step "Neo4j"
# One server for all test binaries; it ends when descriptor 9 is closed.
go build -o "$work/serve" ./internal/store/neo4jtest/cmd/serve
mkfifo "$work/hold"
"$work/serve" <"$work/hold" >"$work/neo4j.env" &
neo4j_pid=$!
exec 9>"$work/hold"
until grep -q '^$' "$work/neo4j.env"; do
  kill -0 "$neo4j_pid" 2>/dev/null || fail "no Neo4j for the tests; the lines above say why"
  sleep 0.2
done
set -a
. "$work/neo4j.env"
set +a

step "tests"
go test -race -json -timeout 30m ./... 9>&- | go run ./internal/testreport 9>&-
