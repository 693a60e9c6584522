#!/bin/bash
# The guest's second program: a chip of the kernel's gpio-sim, file systems that can be filled and frozen, and the program
# that watches and drives, which talks over the second serial line.
export PATH=/usr/sbin:/usr/bin DOTNET_gcServer=0 DOTNET_TieredPGO=0 HOME=/tmp
mount -t sysfs sys /sys
mount -t tracefs trace /sys/kernel/tracing
mount -t debugfs debug /sys/kernel/debug
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
mkdir -p /dev/shm /dev/pts
mount -t tmpfs shm /dev/shm
mount -t devpts pts /dev/pts
busybox ip link set lo up || ifconfig lo 127.0.0.1 up
insmod /lib/modules/guest/configfs.ko
mount -t configfs config /sys/kernel/config
insmod /lib/modules/guest/gpio-sim-guest.ko
mkdir -p /sys/kernel/config/gpio-sim/station/bank0
echo 64 >/sys/kernel/config/gpio-sim/station/bank0/num_lines
echo 1 >/sys/kernel/config/gpio-sim/station/live
mkdir -p /data/var/ledger /data/var/pictures
# Small blocks and none kept back, so that a full disk is full for the next entry.
mke2fs -q -t ext4 -b 1024 -m 0 /dev/vdb
mount /dev/vdb /data/var/ledger
mount -t tmpfs -o size=64m pictures /data/var/pictures
stty -F /dev/ttyS1 raw -echo
# An emulated processor is many times slower than a real one: the first loopDeadline with which the line runs steadily.
for deadline in 100 200 300 500 1000; do
    /opt/faults/Inspection.Faults guest /data $deadline </dev/ttyS1 >/dev/ttyS1
done
echo "failed for good" >/dev/ttyS1
busybox poweroff -f
