#!/bin/sh
# Builds ../dist from these sources: the same bytes from the same lock file.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund
node build.mjs
