#!/usr/bin/env bash
# Builds the command `bellows` for release and installs it: scripts/install-command.sh PREFIX
# Below PREFIX: bin/bellows, and the completions where bash, zsh and fish look for them.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:?usage: scripts/install-command.sh PREFIX}

swift build -c release --product BellowsCLI
program=$(swift build -c release --show-bin-path)/BellowsCLI

install -d "$prefix/bin" "$prefix/share/bash-completion/completions" "$prefix/share/zsh/site-functions" \
    "$prefix/share/fish/vendor_completions.d"
install -m 755 "$program" "$prefix/bin/bellows"
"$program" --generate-completion-script bash >"$prefix/share/bash-completion/completions/bellows"
"$program" --generate-completion-script zsh >"$prefix/share/zsh/site-functions/_bellows"
"$program" --generate-completion-script fish >"$prefix/share/fish/vendor_completions.d/bellows.fish"
echo "installed $prefix/bin/bellows and its completions"
