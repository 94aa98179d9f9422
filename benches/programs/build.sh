#!/usr/bin/env bash
# Rebuilds the committed .wasm files from their sources. Needs clang and lld with the wasm32 target and wat2wasm:
#   apt-get install clang-22 lld-22 wabt
# Another version: CLANG=clang-19 ./build.sh. Checksums of results are in programs.toml and
# simd/programs.toml and must stay.
set -euo pipefail
cd "$(dirname "$0")"
CLANG="${CLANG:-clang-22}"
FLAGS=(--target=wasm32 -O2 -std=c17 -nostdlib -ffreestanding -fno-math-errno -ffp-contract=off
       -Wall -Wextra -Werror
       -Wl,--no-entry -Wl,--export=run -Wl,--strip-all -Wl,-z,stack-size=65536)
"$CLANG" --version | head -n 1
for source in *.c; do
    "$CLANG" "${FLAGS[@]}" -mno-simd128 "$source" -o "${source%.c}.wasm"
done
for source in *.wat; do
    wat2wasm "$source" -o "${source%.wat}.wasm"
done
# Those with vectors: from intrinsics, or by the vectoriser.
for source in simd/*.c; do
    "$CLANG" "${FLAGS[@]}" -msimd128 "$source" -o "${source%.c}.wasm"
done
chmod 644 ./*.wasm simd/*.wasm
sha256sum ./*.wasm | sed 's|\./||' > SHA256SUMS
(cd simd && sha256sum ./*.wasm | sed 's|\./||' > SHA256SUMS)
