#!/usr/bin/env bash
# Makes the guest that the faults are measured in: bash make.sh CACHE. Everything comes from Debian's and .NET's package
# registries by their own clients and is kept in CACHE, so a second run only publishes the program anew.
# Leaves CACHE/vmlinuz, CACHE/initrd, CACHE/root.qcow2 and CACHE/made.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd -- "$here/../../.." && pwd)
mkdir -p "$1"
cache=$(cd -- "$1" && pwd)

say() { printf '%s\n' "$*" >&2; }

quietly() {
    local log="$cache/log"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 30 "$log" >&2
        say "The guest could not be made: '$1' failed, see above."
        exit 1
    fi
}

# The newest 6.12 kernel of this Debian.
kernel=$(apt-cache search --names-only '^linux-headers-6\.12\.[0-9]+\+deb[0-9]+-amd64$' | cut -d' ' -f1 | sort -V | tail -n 1)
kernel=${kernel#linux-headers-}
if [ -z "$kernel" ]; then
    say "The guest could not be made: this Debian offers no Linux 6.12 (bookworm with its security updates does); apt-get update may help."
    exit 1
fi
base=${kernel%-amd64}

fetch() {
    local package
    mkdir -p "$cache/kernel-debs"
    for package in "$@"; do
        compgen -G "$cache/kernel-debs/${package}_*" >/dev/null || (cd "$cache/kernel-debs" && quietly apt-get -q download "$package")
    done
}

# The user space, with all that it depends on, as if nothing were installed.
user_space() {
    mkdir -p "$cache/debs/partial"
    : >"$cache/no-status"
    quietly apt-get -q -y --download-only --no-install-recommends -o Debug::NoLocking=1 \
        -o Dir::State::status="$cache/no-status" -o Dir::State::extended_states="$cache/no-states" -o Dir::Cache::archives="$cache/debs" \
        install base-files bash coreutils grep mount util-linux procps e2fsprogs kmod busybox-static libgtk-3-0 libdrm2 libatomic1 libicu72 libssl3 tzdata mosquitto mosquitto-clients
}

make_kernel() {
    say "  kernel $kernel with gpio-sim …"
    fetch linux-source-6.12 "linux-image-$kernel-unsigned" "linux-headers-$kernel" "linux-headers-$base-common" "linux-kbuild-$base"
    local tree="$cache/kernel" build="$cache/gpio-sim" deb
    rm -rf "$tree" "$build"
    mkdir -p "$tree" "$build"
    for deb in "$cache"/kernel-debs/*; do dpkg-deb -x "$deb" "$tree"; done
    tar -C "$build" --strip-components=3 -xf "$tree/usr/src/linux-source-6.12.tar.xz" linux-source-6.12/drivers/gpio/gpio-sim.c linux-source-6.12/kernel/irq/irq_sim.c
    sed -i 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq_safe(irqnum)/' "$build/irq_sim.c"
    # Lines that stick: what is read of them is what they are, whatever was written.
    sed -i \
        -e '0,/^static int gpio_sim_get(/s//static ulong stuck_high, stuck_low;\nmodule_param(stuck_high, ulong, 0644);\nmodule_param(stuck_low, ulong, 0644);\n\n&/' \
        -e 's/return !!test_bit(offset, chip->value_map);/return (test_bit(offset, chip->value_map) || (stuck_high >> offset \& 1)) \&\& !(stuck_low >> offset \& 1);/' \
        -e 's/bitmap_replace(bits, bits, chip->value_map, mask, gc->ngpio);/{ unsigned long level = (chip->value_map[0] | stuck_high) \& ~stuck_low; bitmap_replace(bits, bits, \&level, mask, gc->ngpio); }/' \
        "$build/gpio-sim.c"
    grep -q 'generic_handle_irq_safe(irqnum)' "$build/irq_sim.c" && [ "$(grep -c 'stuck_low' "$build/gpio-sim.c")" -eq 4 ] || {
        say "The guest could not be made: the kernel's gpio-sim is no longer as this script expects it."
        exit 1
    }
    printf 'obj-m := gpio-sim-guest.o\ngpio-sim-guest-y := gpio-sim.o irq_sim.o\n' >"$build/Makefile"
    sed -i "s|/usr/src/|$tree/usr/src/|" "$tree/usr/src/linux-headers-$kernel/Makefile"
    # Without it no type information is made, which needs a tool more and serves nobody here.
    rm -f "$tree/usr/src/linux-headers-$kernel/vmlinux"
    quietly make -C "$tree/usr/src/linux-headers-$kernel" M="$build" modules
    cp "$tree/boot/vmlinuz-$kernel" "$cache/vmlinuz"
}

# copy_module NAME FOLDER: one of the kernel's own modules; none where the kernel has it built in.
copy_module() {
    local file
    file=$(find "$cache/kernel" -name "$1.ko*" -o -name "${1//_/-}.ko*" | sort | sed -n 1p)
    case $file in
        *.xz) xz -dc "$file" >"$2/$1.ko" ;;
        *.ko) cp "$file" "$2/$1.ko" ;;
    esac
}

make_initrd() {
    local top="$cache/initrd-root" name
    rm -rf "$top"
    mkdir -p "$top"/{dev,proc,sys,new,modules}
    cp "$cache/root/usr/bin/busybox" "$top/busybox"
    for name in crc16 mbcache crc32c_generic jbd2 ext4 virtio_blk; do
        copy_module "$name" "$top/modules"
    done
    cp "$here/initrd.sh" "$top/init"
    chmod +x "$top/init"
    (cd "$top" && find . | "$top/busybox" cpio -o -H newc 2>/dev/null) >"$cache/initrd"
}

make_root() {
    say "  user space …"
    local root="$cache/root" deb file
    user_space
    rm -rf "$root"
    mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
    for file in bin sbin lib lib64; do ln -s "usr/$file" "$root/$file"; done
    for deb in "$cache"/debs/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -C "$root" --keep-directory-symlink --no-same-owner -xf -; done
    rm -rf "$root"/usr/share/{doc,man,locale,icons,fonts,info}
    ldconfig -r "$root"
    mkdir -p "$root"/{proc,sys,dev,run,tmp,data,opt/faults,lib/modules/guest}
    printf 'root:x:0:0:root:/root:/bin/bash\n' >"$root/etc/passwd"
    printf 'root:x:0:\n' >"$root/etc/group"
    printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
    copy_module configfs "$root/lib/modules/guest"
    cp "$cache/gpio-sim/gpio-sim-guest.ko" "$root/lib/modules/guest/"
}

# A copy without lock files, because those name no run-time identifier; its output stands in the cache, so that nothing
# in the repository's own obj/ changes.
publish() {
    say "  the station, compiled ahead of time …"
    local copy="$cache/source"
    rm -rf "$copy"
    mkdir -p "$copy"
    (cd "$repository" && find src tests/Inspection.Faults tests/Inspection.Vision.Tests/Models tests/Inspection.Testing/Loopback.cs hardware global.json .editorconfig Directory.* \
        \( -name bin -o -name obj -o -name packages.lock.json \) -prune -o -type f -print0 | tar --null -T - -cf - | tar -C "$copy" -xf -)
    rm -rf "$cache/published"
    quietly env LOCKED= dotnet publish "$copy/tests/Inspection.Faults" -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true \
        -p:RestorePackagesWithLockFile=false --artifacts-path "$cache/artifacts" -o "$cache/published"
}

say "Making the guest in $cache:"
if [ "$(cat "$cache/made-kernel" 2>/dev/null)" != "$kernel $(sha256sum <"$here/make.sh")" ]; then
    make_kernel
    make_root
    make_initrd
    echo "$kernel $(sha256sum <"$here/make.sh")" >"$cache/made-kernel"
fi
publish
rm -rf "$cache/root/opt/faults"
cp -r "$cache/published" "$cache/root/opt/faults"
cp "$here/init.sh" "$cache/root/sbin/guest-init"
chmod +x "$cache/root/sbin/guest-init"
say "  disk …"
rm -f "$cache/root.raw"
quietly mke2fs -q -t ext4 -O ^has_journal -d "$cache/root" "$cache/root.raw" 1800M
quietly qemu-img convert -O qcow2 "$cache/root.raw" "$cache/root.qcow2"
rm -f "$cache/root.raw"
