#!/usr/bin/env bash
# Opens pages in Chromium without a window, and fails if one has errors. What the browser made of each goes to OUT/N.html;
# with SHOTS=1, pictures for a desktop and a phone, light and dark, go there too.
#
#   harness/tests/browse.sh OUT PAGE...
set -euo pipefail

out=$1
shift
mkdir -p "$out"
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

browse() {
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$profile" --enable-logging=stderr "$@"
}

number=0
bad=0
for page in "$@"; do
    url=file://$(realpath "$page")
    # A page says things to the console only if something is wrong.
    browse --dump-dom "$url" > "$out/$number.html" 2> "$out/$number.log"
    if grep CONSOLE "$out/$number.log"; then
        bad=$((bad + 1))
    fi
    if [ "${SHOTS:-0}" = 1 ]; then
        for size in 1200,1600 390,844; do
            # 0 is dark, 1 is light.
            for scheme in 0 1; do
                browse --screenshot="$out/$number-$size-$scheme.png" --window-size="$size" \
                    --blink-settings=preferredColorScheme=$scheme "$url" 2> /dev/null
            done
        done
    fi
    number=$((number + 1))
done
echo "$number pages, $bad with errors"
exit $((bad > 0))
