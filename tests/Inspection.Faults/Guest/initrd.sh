#!/busybox sh
# The guest's first program: finds the root disk and goes there.
/busybox mount -t devtmpfs dev /dev
/busybox mount -t proc proc /proc
# In an order that their dependences need; what is built in or not there is passed over.
for name in crc16 mbcache crc32c_generic jbd2 ext4 virtio_blk; do
    [ -f /modules/$name.ko ] && /busybox insmod /modules/$name.ko
done
/busybox mount -t ext4 /dev/vda /new || /busybox sh
/busybox mount --move /dev /new/dev
/busybox mount --move /proc /new/proc
exec /busybox switch_root /new /sbin/guest-init
