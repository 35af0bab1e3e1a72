#!/bin/sh
# Makes .tools/promtool/promtool, which checks Prometheus' rules, and .tools/promtool/prometheus, which answers questions:
# those on PATH, else those of Debian's package `prometheus`, whose checksum apt knows, unpacked without being root. Where
# neither is to be had it says so and ends with 1. All it says goes to stderr.
set -eu
exec 1>&2
rm -rf .tools/promtool
mkdir -p .tools/promtool
cd .tools/promtool

if command -v promtool >/dev/null && command -v prometheus >/dev/null; then
    ln -s "$(command -v promtool)" promtool
    ln -s "$(command -v prometheus)" prometheus
    exit
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo 'There are no promtool and prometheus on PATH, and no apt to get it with'
    exit 1
fi

echo 'Setting up promtool'
download() { apt-get -qq -o APT::Sandbox::User=root "$@" download prometheus; }
if ! download 2>/dev/null; then
    # Lists of our own: those of the machine are not there, are old, or are root's to renew.
    mkdir -p lists/partial cache/archives/partial
    set -- -o Dir::State::Lists="$PWD/lists" -o Dir::Cache="$PWD/cache"
    apt-get -qq -o APT::Sandbox::User=root "$@" update
    download "$@"
fi
dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x --strip-components=3 ./usr/bin/promtool ./usr/bin/prometheus
rm -rf prometheus_*.deb lists cache
