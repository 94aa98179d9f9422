#!/bin/bash -eu
# What OSS-Fuzz and ClusterFuzzLite run in their builder: makes the fuzz targets and their first corpora and puts them into
# $OUT. $SRC is the folder that holds the repository. With DRY_RUN set it builds nothing and says what it would make, for
# which any folder will do as $OUT.

cd "$SRC/lightbeam"

# cargo-fuzz's own release profile, with the debug assertions that check our numbered invariants.
build=(cargo fuzz build --release --debug-assertions)
built=fuzz/target/x86_64-unknown-linux-gnu/release

mapfile -t targets < <(sed -n 's/^name = "\(.*\)"$/\1/p' fuzz/Cargo.toml | grep -v -e '^lightbeam-fuzz$' -e '^unguided$')

if [ -n "${DRY_RUN-}" ]; then
    echo "${build[@]}"
    for target in "${targets[@]}"; do
        test -f "fuzz/fuzz_targets/$target.rs"
        echo "$built/$target -> $OUT/$target"
    done
else
    "${build[@]}"
    for target in "${targets[@]}"; do
        cp "$built/$target" "$OUT/$target"
    done
fi

# Targets whose inputs are modules begin with the shipped ones.
for target in diff stream; do
    echo "corpora/seeds -> $OUT/${target}_seed_corpus.zip"
    if [ -z "${DRY_RUN-}" ]; then
        zip -qj "$OUT/${target}_seed_corpus.zip" corpora/seeds/*.wasm
    fi
done
