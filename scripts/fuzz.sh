#!/bin/bash
# Feeds hostile replies to the path that replies take: scripts/fuzz.sh [RUNS] [SEED]
# libFuzzer with the address sanitizer; it ends with an error at a crash, a hang of ten seconds, or 2 GiB of memory.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-1000000}
seed=${2:-$RANDOM}
# Testing is enabled, because what reads replies is nobody else's business. lld, because gold stumbles over what the sanitizer adds.
swift build -c release --scratch-path .build-fuzz --product bellows-fuzz \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -DFUZZING -Xswiftc -enable-testing -Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
# A few sound replies to begin with; the first byte is the size of the pieces.
printf '\xff+PONG\r\n$3\r\nabc\r\n:12\r\n*-1\r\n$-1\r\n' >"$corpus/kinds"
printf '\x05*4\r\n:0\r\n$1\r\na\r\n:1\r\n$3\r\n\x01\x00x\r\n' >"$corpus/claim"
printf '\x40*3\r\n$7\r\nmessage\r\n$21\r\nbellows:2:{fuzz}:wake\r\n$4\r\n1000\r\n' >"$corpus/message"
printf '\x40$49\r\nresult bellows:2:{fuzz} a 0123456789abcdef-1-0 D1 x\r\n' >"$corpus/result"
printf '\x07-MOVED 1 127.0.0.1:7000\r\n-NOSCRIPT x\r\n*2\r\n*1\r\n:1\r\n*0\r\n' >"$corpus/errors"
printf '\x40*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n$9\r\n127.0.0.1\r\n:7000\r\n$1\r\na\r\n' >"$corpus/slots"
printf '\x40*3\r\n$8\r\nsmessage\r\n$21\r\nbellows:2:{fuzz}:wake\r\n$1\r\n0\r\n' >"$corpus/smessage"
printf '\x80$12\r\n\x01\x07\x01\x01a\x01b\x05\x01\xe8\x07\x02p\r\n' >"$corpus/record"
echo "runs $runs, seed $seed"
.build-fuzz/release/bellows-fuzz "$corpus" -runs="$runs" -seed="$seed" -max_len=8192 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -verbosity=0 2>&1 | grep -E "^stat::|ERROR|SUMMARY|Sanitizer|Test unit"
