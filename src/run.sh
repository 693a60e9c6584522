#!/usr/bin/env bash
# Builds the station in Release if anything changed, then becomes it: bash src/run.sh [COMMAND …], see --help.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/src/prepare.sh"

station="$root/src/Inspection.Station"
program="$station/bin/Release/net10.0/inspection.dll"
stamp="$station/obj/run.stamp"

# True when no file or folder that goes into the program is newer than the last whole build.
is_built() {
    [ -f "$program" ] && [ -f "$stamp" ] || return 1
    [ -z "$(find "$root/src" "$root/hardware" "$root/global.json" "$root"/Directory.* \
        \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit)" ]
}

need_sdk
need_packages \
    "libgtk-3-0=the OpenCV library that reads pictures and video does not load without it" \
    "libdrm2=nor without this one" \
    "libatomic1=nor without this one"

if ! is_built; then
    say "Building the station …"
    # The stamp is made before the build, so that a file saved meanwhile counts as newer; the folders before the stamp.
    for project in "$root"/src/*/; do mkdir -p "$project/bin" "$project/obj"; done
    touch "$stamp.new"
    if ! (cd "$root" && dotnet build "$station" -c Release --nologo -v minimal) >&2 </dev/null; then
        say "The build failed: see the errors above."
        exit 1
    fi
    mv -f "$stamp.new" "$stamp"
fi

if [ $# -eq 0 ]; then
    set -- run
else
    case $1 in
        --help | --version) ;;
        --*) set -- run "$@" ;;
    esac
fi

# Where the program finds models/ and, unless --data says otherwise, keeps var/; paths in arguments stay the caller's.
export INSPECTION_HOME="$root"
exec dotnet "$program" "$@"
