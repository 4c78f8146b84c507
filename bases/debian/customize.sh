#!/bin/sh
# Gives a fresh root the configuration of the official Debian images. mmdebstrap calls it as
#   customize.sh ROOT VARIANT SOURCES
# with VARIANT full or slim and SOURCES a file in sources.list form, or "-" to keep what is there.
set -eu
root=$1 variant=$2 sources=$3
here=$(dirname "$0")

# What mmdebstrap needed for its own run is no part of the image.
rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
rm -f "$root/etc/hostname" "$root/etc/resolv.conf"
if [ "$sources" != - ]; then
	rm -f "$root"/etc/apt/sources.list.d/*
	install -m 644 "$sources" "$root/etc/apt/sources.list"
fi

# Packages must not start services in a container.
cat >"$root/usr/sbin/policy-rc.d" <<'EOF'
#!/bin/sh
exit 101
EOF
chmod 755 "$root/usr/sbin/policy-rc.d"

# Neither downloaded packages nor apt's binary caches may end in a layer.
cat >"$root/etc/apt/apt.conf.d/docker-clean" <<'EOF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
EOF
echo 'Acquire::Languages "none";' >"$root/etc/apt/apt.conf.d/docker-no-languages"
echo 'Acquire::GzipIndexes "true";' >"$root/etc/apt/apt.conf.d/docker-gzip-indexes"
echo 'Apt::AutoRemove::SuggestsImportant "false";' >"$root/etc/apt/apt.conf.d/docker-autoremove-suggests"
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/docker-apt-speedup"
if [ "$variant" = slim ]; then
	install -m 644 "$here/slim.dpkg.cfg" "$root/etc/dpkg/dpkg.cfg.d/docker"
fi

# mmdebstrap's own clean-up would run under the settings above, which make apt forget its cache; it is told to skip it.
# $root/tmp stays: the configuration that points every apt of mmdebstrap at the root lies in there, and an apt without it
# works on the machine itself. mmdebstrap empties it last.
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb \
	"$root"/var/cache/ldconfig/* \
	"$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old "$root"/var/log/*.log "$root"/var/log/apt/* \
	"$root"/run/*
