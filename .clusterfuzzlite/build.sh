#!/bin/bash -eu
# The same as for OSS-Fuzz.
exec bash "$SRC/lightbeam/fuzz/oss-fuzz/build.sh"
