#!/usr/bin/env bash
# Builds the documentation of the three libraries; a warning, such as a broken link, is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

for target in Bellows BellowsRedis BellowsTesting; do
    printf 'documentation: %s\n' "$target"
    swift package generate-documentation --target "$target" --warnings-as-errors
done
