# What both scripts need before they build. Sourced with `root` set to the repository; says everything on stderr.

export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# Build nodes that stay behind would hold memory that the station needs.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
# The packages are those of the lock files, or nothing is built.
export LOCKED=true

say() { printf '%s\n' "$*" >&2; }

# Ends with one line when the SDK that global.json asks for is not there.
need_sdk() {
    local found
    if ! command -v dotnet >/dev/null 2>&1; then
        say "The .NET SDK 10.0 is needed and there is none: install it (https://dotnet.microsoft.com/download/dotnet/10.0), then type the command again."
        exit 1
    fi
    if ! (cd "$root" && dotnet --version) >/dev/null 2>&1; then
        found=$(cd / && dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' - || true)
        say "The .NET SDK 10.0 (10.0.100 or later) is needed and only ${found:-its runtime} is there: install it (https://dotnet.microsoft.com/download/dotnet/10.0), then type the command again."
        exit 1
    fi
}

# Debian 13 renamed some libraries to NAMEt64.
is_installed() {
    (dpkg-query -W -f '${db:Status-Status}\n' "$1" "$1t64" 2>/dev/null || true) | grep -qx installed
}

# need_packages NAME=REASON …: installs what is missing as root, else says what to type and ends.
need_packages() {
    local wanted missing=()
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "This is not Debian: make sure that these are installed: ${*%%=*}"
        return
    fi
    for wanted in "$@"; do
        is_installed "${wanted%%=*}" || missing+=("$wanted")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    say "Missing Debian packages:"
    for wanted in "${missing[@]}"; do say "  ${wanted%%=*}: ${wanted#*=}"; done
    if [ "$(id -u)" -ne 0 ]; then
        say "Type this, then the command again:"
        say "sudo apt-get install ${missing[*]%%=*}"
        exit 1
    fi
    say "Installing them now."
    install_packages "${missing[@]%%=*}"
}

# Services that come with a package must not start: the station's own broker wants port 1883. RUNLEVEL keeps System V
# scripts from starting them; where systemd starts them nevertheless they are switched off, and elsewhere that is moot.
install_packages() {
    local package log
    log=$(mktemp)
    # In English, because the log is read for the line of each package.
    if ! {
        export LC_ALL=C
        apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
    } 2>&1 </dev/null | tee "$log" | sed -unE 's/^Setting up ([^ :]+).*/  \1/p' >&2; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "apt-get could not install $*: see above, repair it, then type the command again."
        exit 1
    fi
    rm -f "$log"
    for package in "$@"; do
        [ "$package" != mosquitto ] || systemctl disable --now mosquitto.service >/dev/null 2>&1 || true
    done
    say "Installed: $*"
}
