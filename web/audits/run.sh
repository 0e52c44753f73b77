#!/usr/bin/env bash
# run.sh URL holds an endpoint against the audits of GraphQL over HTTP.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --ignore-scripts
node audit.mjs "$1"
