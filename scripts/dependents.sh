#!/usr/bin/env bash
# Resolves a package that depends on the product BellowsRedis, and compares what it gets with scripts/dependents.txt.
# SwiftPM makes every dependent resolve what any declared product reaches, so that a tool of ours which becomes
# reachable would cost each of them a download.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/Sources/Dependent"
echo 'import BellowsRedis' >"$work/Sources/Dependent/Dependent.swift"
cat >"$work/Package.swift" <<SWIFT
// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "dependent",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "bellows-swift", path: "$root")],
    targets: [
        .target(name: "Dependent", dependencies: [.product(name: "BellowsRedis", package: "bellows-swift")])
    ]
)
SWIFT
swift package --package-path "$work" resolve >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
sed -n 's/.*"identity" : "\(.*\)".*/\1/p' "$work/Package.resolved" | sort >"$work/packages"
if ! diff -u scripts/dependents.txt "$work/packages"; then
    echo "a dependent of BellowsRedis resolves other packages than scripts/dependents.txt says" >&2
    exit 1
fi
echo "a dependent resolves $(wc -l <"$work/packages") packages, as scripts/dependents.txt says"
