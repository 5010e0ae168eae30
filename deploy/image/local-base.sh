#!/bin/sh
# Makes an image like node:24-slim where no image registry can be reached: Debian by debootstrap, the Node that the lock
# file pins (npm ci has put it into node_modules), and this machine's npm. As root, on Linux.
#
#   deploy/image/local-base.sh NAME [MIRROR]
set -eu
name=$1
mirror=${2:-}
project=$(cd "$(dirname "$0")/../.." && pwd)
export STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}" BUILDAH_ISOLATION="${BUILDAH_ISOLATION:-chroot}"

root=${ROOTFS:-$(mktemp -d)}
if [ ! -e "$root/etc/debian_version" ]; then
  # shellcheck disable=SC2086
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" $mirror
fi
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
install -D "$(readlink -f "$project"/node_modules/node-linux-*/bin/node)" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -a "$(npm root -g)/npm" "$root/usr/local/lib/node_modules/"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
chroot "$root" id node >/dev/null 2>&1 || chroot "$root" useradd --uid 1000 --create-home --shell /bin/sh node

container=$(buildah from scratch)
buildah copy --quiet "$container" "$root" /
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
buildah commit --quiet --rm "$container" "$name"
[ -n "${ROOTFS:-}" ] || rm -rf "$root"
