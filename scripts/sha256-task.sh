#!/bin/sh
# The command of the demo's workers: the path of a file comes in on standard input, a line for `sha256sum -c` goes out.
IFS= read -r path || [ -n "$path" ] || exit 65
[ "$BELLOWS_ATTEMPT" -eq 1 ] || echo "recovered $BELLOWS_TASK_ID in attempt $BELLOWS_ATTEMPT" >&2
[ -z "$DEMO_PAUSE" ] || sleep "$DEMO_PAUSE"
exec sha256sum -- "$path"
