#!/usr/bin/env bash
# Builds the documentation of the libraries; a warning, such as a broken link, is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

swift package generate-documentation \
    --target Bellows --target BellowsRedis --target BellowsTesting --target BellowsConformance --warnings-as-errors
