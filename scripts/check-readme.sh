#!/usr/bin/env bash
# The README's first Swift example and Examples/Sources/QuickStart/main.swift must be the same, word for word.
set -euo pipefail
cd "$(dirname "$0")/.."

example=Examples/Sources/QuickStart/main.swift
if ! diff <(awk '/^```swift$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' README.md) \
    <(awk '/^import / { begun = 1 } begun' "$example"); then
    echo "README.md and $example differ" >&2
    exit 1
fi
