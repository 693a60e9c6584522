#!/usr/bin/env bash
# Makes an SVG beside each *.draw of this folder, or in the folder that is named: bash hardware/drawings/draw.sh [FOLDER]
# A drawing is a list of lines "symbol x y …" on a grid of 10 pixels; symbols are vertical and 4 high unless they end
# with -h, and then 4 wide. The symbols are those below.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
for source in "$here"/*.draw; do
    LC_ALL=C awk -f "$here/draw.awk" "$source" >"${1:-$here}/$(basename "${source%.draw}").svg"
done
