#!/usr/bin/env bash
# run.sh PLAYGROUND SCREENSHOT opens the playground at an address in the system's
# Chromium ($CHROMIUM names another) and asks its questions.
set -euo pipefail
screenshot=$(realpath "$2")
cd "$(dirname "$0")"
npm ci --ignore-scripts
CHROMIUM=${CHROMIUM:-$(command -v chromium)} node test.mjs "$1" "$screenshot"
