#!/usr/bin/env bash
# Rebuilds the committed .wasm files from their sources, and NAME.lines beside those that are from C: the source line of
# each part of the code, for `lightbeam site`. Needs clang and lld with the wasm32 target, LLVM's tools and wat2wasm:
#   apt-get install clang-22 lld-22 llvm-22 wabt
# Another version: LLVM=19 ./build.sh. Checksums of results are in programs.toml and simd/programs.toml and must stay.
set -euo pipefail
cd "$(dirname "$0")"
LLVM="${LLVM:-22}"
CLANG="clang-$LLVM"
FLAGS=(--target=wasm32 -O2 -std=c17 -nostdlib -ffreestanding -fno-math-errno -ffp-contract=off
       -Wall -Wextra -Werror
       -Wl,--no-entry -Wl,--export=run -Wl,-z,stack-size=65536)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build SOURCE FLAGS...: the module, and its lines from one that has debugging information, too.
build() {
    local source=$1 name=${1%.c}
    shift
    "$CLANG" "${FLAGS[@]}" "$@" -Wl,--strip-all "$source" -o "$name.wasm"
    "$CLANG" "${FLAGS[@]}" "$@" -g "$source" -o "$work/debug.wasm"
    # Debugging information comes behind what the module has without: up to there nothing may be different.
    cmp --bytes="$(stat --format=%s "$name.wasm")" "$name.wasm" "$work/debug.wasm"
    lines "$(basename "$source")" > "$name.lines"
}

# lines FILE: where in the code section a part begins that is from another line of FILE than what is before it, and
# the line, 0 if none is known. Of what was inlined it is the innermost line in FILE. A function's first has its name.
lines() {
    "llvm-dwarfdump-$LLVM" --debug-line "$work/debug.wasm" |
        awk '/^0x/ { print $1, /end_sequence/ ? "end" : "row" }' > "$work/rows"
    cut -d ' ' -f 1 "$work/rows" | "llvm-symbolizer-$LLVM" --obj="$work/debug.wasm" --inlines --functions=short > "$work/frames"
    awk -v file="$1" '
        # Rows of the line table, then for each one its frames: pairs of a function and a place, and an empty line.
        NR == FNR { at[FNR] = $1; ends[FNR] = $2 == "end"; next }
        FNR == 1 { row = 1; line = 0; begins = 1; in_frame = 0 }
        $0 == "" {
            if (ends[row]) { line = 0 }
            if (at[row + 1] != at[row] || ends[row]) {
                if (begins || line != last) { print at[row], line (begins ? " " name : "") }
                last = line
                begins = ends[row]
            }
            row++; line = 0; in_frame = 0
            next
        }
        { in_frame = !in_frame }
        in_frame { name = $0; next }
        line == 0 {
            count = split($0, place, ":")
            folders = split(place[1], folder, "/")
            if (count == 3 && folder[folders] == file) { line = place[2] }
        }
    ' "$work/rows" "$work/frames" | sort | sed -E 's/^0x0+/0x/'
}

"$CLANG" --version | head -n 1
for source in *.c; do
    build "$source" -mno-simd128
done
for source in *.wat; do
    wat2wasm "$source" -o "${source%.wat}.wasm"
done
# Those with vectors: from intrinsics, or by the vectoriser.
for source in simd/*.c; do
    build "$source" -msimd128
done
chmod 644 ./*.wasm ./*.lines simd/*.wasm simd/*.lines
sha256sum ./*.wasm ./*.lines | sed 's|\./||' > SHA256SUMS
(cd simd && sha256sum ./*.wasm ./*.lines | sed 's|\./||' > SHA256SUMS)
