#!/bin/sh
# Puts Debian's OpenJDK under $1 as the official image has its own: the packages are unpacked, not installed, and
# their links into /etc and /usr/lib/jvm become files.
set -eu
here=$(dirname "$0")
target=$1
name=java-17-openjdk
work=$(mktemp -d)
# apt-get downloads as the user _apt.
chmod 755 "$work"
mkdir "$work/debs"
chown _apt "$work/debs"

apt-get update
cd "$work/debs"
apt-get download openjdk-17-jdk-headless openjdk-17-jre-headless
for deb in *.deb; do dpkg-deb -x "$deb" "$work/root"; done
cd /

jvm=$(ls -d "$work"/root/usr/lib/jvm/$name-*)
# A link to an absolute path leads out of the unpacked tree; one to documentation leads nowhere.
find "$jvm" -type l | while read -r link; do
	to=$(readlink "$link")
	case $to in
	/*) to=$work/root$to ;;
	*) to=$(dirname "$link")/$to ;;
	esac
	rm "$link"
	if [ -e "$to" ]; then cp -RL "$to" "$link"; fi
done
mkdir -p "$(dirname "$target")"
mv "$jvm" "$target"
rm -rf "$target/man" "$target/docs" "$target/src.zip"
export PATH="$target/bin:$PATH"
java -Xshare:dump >/dev/null
java "$here/Truststore.java" /etc/ssl/certs/ca-certificates.crt "$target/lib/security/cacerts"
install -m 755 "$here/entrypoint.sh" /__cacert_entrypoint.sh

java -version
rm -rf "$work" /var/lib/apt/lists/* /var/log/*.log /var/log/apt/* /tmp/hsperfdata_*
