#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test; --long NAME runs one long test with its full count.
# The last line is "N passed, N failed, N skipped"; exit 0 only when something passed and nothing failed.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/src/prepare.sh"

passed=0 failed=0 skipped=0

finish() {
    say ""
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# The long tests are those with [Trait("Long", "NAME")].
long_names() {
    grep -rhoE --include='*.cs' 'Trait\("Long", *"[a-z0-9-]+"\)' "$root/tests" | sed -E 's/.*"([a-z0-9-]+)"\)$/\1/' | sort -u || true
}

filter=() limit=1800
case "${1-}" in
    '') ;;
    --long)
        if ! long_names | grep -qxF -- "${2-}"; then
            say "Unknown long test '${2-}'. There is: $(long_names | paste -sd' ' - | grep . || echo none yet)"
            exit 2
        fi
        export INSPECTION_LONG=$2
        # What is measured there is not to be disturbed by another test.
        filter=(-trait "Long=$2" -parallelMode none) limit=10800
        ;;
    *)
        say "Usage: bash tests/run.sh [--long NAME]; NAME is one of: $(long_names | paste -sd' ' - | grep . || echo none yet)"
        exit 2
        ;;
esac

need_sdk
need_packages \
    "libgtk-3-0=the OpenCV library that reads pictures and video does not load without it" \
    "libdrm2=nor without this one" \
    "libatomic1=nor without this one" \
    "mosquitto=the foreign broker that the station must work with" \
    "mosquitto-clients=the foreign subscriber that counts verdicts" \
    "chromium=the browser that the page is checked in" \
    "ngspice=the simulator that the watchdog circuit is proven with" \
    "qemu-system-x86=the emulated PC whose kernel has a GPIO chip" \
    "qemu-utils=the disks of that PC" \
    "gcc=the compiler of that chip's driver" \
    "make=the builder of that chip's driver" \
    "xz-utils=the kernel's packages are packed with it"

export INSPECTION_TEST_DATA="${INSPECTION_TEST_DATA:-$root/../shared/data}"
cd "$root"

say "Building with warnings as errors …"
if ! dotnet build Inspection.sln -c Release --nologo -v minimal -warnaserror >&2 </dev/null; then
    say "FAILED: the build"
    failed=1
    finish
fi

if [ ${#filter[@]} -eq 0 ]; then
    say "Checking the code's form …"
    if dotnet format Inspection.sln --verify-no-changes --no-restore >&2 </dev/null; then
        passed=$((passed + 1))
    else
        say "FAILED: dotnet format --verify-no-changes; 'dotnet format Inspection.sln' repairs it"
        failed=$((failed + 1))
    fi
fi

output=$(mktemp)
trap 'rm -f "$output"' EXIT
for project in tests/*.Tests; do
    name=${project#tests/}
    say ""
    say "== $name"
    code=0
    timeout -k 10 "$limit" "$project/bin/Release/net10.0/$name" -noLogo -noColor -noAutoReporters "${filter[@]}" </dev/null 2>&1 | tee "$output" >&2 || code=$?
    summary=$(grep -E "^ +$name +Total: [0-9]+" "$output" | tail -n 1 || true)
    count() { printf '%s' "$summary" | sed -nE "s/.*$1: ([0-9]+).*/\1/p" | grep . || echo 0; }
    total=$(count Total) bad=$(($(count Failed) + $(count Errors))) left=$(count Skipped)
    not_run=$(count 'Not Run')
    # A run that ends early, or badly without a failed test, is itself a failure.
    if [ -z "$summary" ] || { [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
        say "FAILED: $name ended with exit code $code before its tests were done"
        bad=$((bad + 1)) total=$((total + 1))
    elif [ "$total" -eq 0 ] && [ ${#filter[@]} -eq 0 ]; then
        say "FAILED: $name has no test"
        bad=1 total=1
    fi
    passed=$((passed + total - bad - left - not_run))
    failed=$((failed + bad)) skipped=$((skipped + left))
done
finish
