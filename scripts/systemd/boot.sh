#!/bin/sh
# Makes a machine of its own, with this one's files below a layer of its own, and becomes its systemd. Called by run.ts,
# as root and as the first process of namespaces of its own.
# $1: a folder for what comes of it, with the files of the try in it · $2: the checkout · $3: its Node
set -e
out=$1 checkout=$2 node=$3
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
cd /mnt/root
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount --rbind /dev dev

mkdir -p opt/breakerbot etc/breakerbot old out
mount --bind "$out" out
for part in bin src assets locales package.json; do cp -R "$checkout/$part" opt/breakerbot/; done
# A link would lead to where no service may look.
mkdir -p opt/breakerbot/node_modules
mount --bind "$(readlink -f "$checkout/node_modules")" opt/breakerbot/node_modules
mkdir -p etc/systemd/system/breakerbot.service.d
cp "$checkout/deploy/systemd/breakerbot.service" etc/systemd/system/
cp "$out/drop-in.conf" etc/systemd/system/breakerbot.service.d/
cp "$out/try.service" etc/systemd/system/
cp "$out/breakerbot.yaml" "$out/breakerbot.env" etc/breakerbot/
chroot . useradd --system --home-dir /var/lib/breakerbot --shell /usr/sbin/nologin breakerbot

pivot_root . old
exec chroot . /bin/sh -c 'umount -l /old && exec env -i container=other \
    PATH=/usr/bin:/bin:/usr/sbin:/sbin /lib/systemd/systemd --system --unit=try.service --log-target=kmsg'
