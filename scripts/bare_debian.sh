#!/bin/sh
# Proves the two commands of the README on a bare Debian 12: Python, its venv and certificates only.
#
#   sudo scripts/bare_debian.sh [up|test]...      (both when nothing is named)
#
# Needs debootstrap and root. The committed tree of this checkout is taken, and this machine's own
# way to packages (apt and pip configuration, certificates, proxy and index variables).
set -eu

checkout=$(cd "$(dirname "$0")/.." && pwd)
root=$(mktemp -d /tmp/bare-debian-XXXXXX)

main() {
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    make_root
    copy_way_to_packages
    copy_checkout
    for command in "${@:-up test}"; do
        for each in $command; do
            prove "$each"
        done
    done
}

make_root() {
    echo "== Making a minimal Debian 12 in $root"
    chmod 755 "$root"
    mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' \
        /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
        bookworm "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 || {
        tail -n 20 "$root.log"
        exit 1
    }
    mount --bind /proc "$root/proc"
    mount --bind /dev "$root/dev"
    mount --bind /dev/pts "$root/dev/pts"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount -t tmpfs tmpfs "$root/tmp"
}

copy_way_to_packages() {
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    for path in /etc/apt/apt.conf /etc/apt/apt.conf.d /etc/apt/sources.list.d/debian.sources \
        /etc/apt/auth.conf.d /etc/pip.conf /etc/uv /root/.config/pip /root/.config/uv; do
        if [ -e "$path" ]; then
            mkdir -p "$root$(dirname "$path")"
            cp -rL "$path" "$root$(dirname "$path")/"
        fi
    done
    if [ -e "$root/etc/apt/sources.list.d/debian.sources" ]; then
        rm -f "$root/etc/apt/sources.list"
    fi
    # What an image adds for itself, such as hooks that call programs of its own, stays there.
    grep -lE 'Post-Invoke|Pre-Install' "$root"/etc/apt/apt.conf.d/* | xargs -r rm
    # Folders of packages that the configuration names are part of the way as well.
    for folder in $(cat "$root/etc/pip.conf" "$root/root/.config/pip/pip.conf" 2>/dev/null |
        grep -oE '/[[:alnum:]/_.-]+' | grep -vE '\.(crt|pem)$' | sort -u) ${PIP_FIND_LINKS:-}; do
        if [ -d "$folder" ]; then
            mkdir -p "$root$folder"
            mount --bind "$folder" "$root$folder"
        fi
    done
}

# Into a home that is closed to others, as on a careful machine.
copy_checkout() {
    chmod 700 "$root/root"
    mkdir "$root/root/trepart"
    git -C "$checkout" archive HEAD | tar -x -C "$root/root/trepart"
}

prove() {
    case $1 in
        up) arguments="up --check" ;;
        *) arguments=$1 ;;
    esac
    echo "== python3 dev.py $arguments"
    began=$(date +%s)
    inside python3 dev.py $arguments
    echo "== dev.py $arguments passed in $(($(date +%s) - began)) s"
}

inside() {
    env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        LANG=C.UTF-8 $(env | grep -E '^(PIP_|UV_|SSL_CERT_|REQUESTS_CA|[A-Za-z]+_proxy=|[A-Z]+_PROXY=)') \
        chroot "$root" sh -c 'cd /root/trepart && exec "$@"' sh "$@"
}

clean_up() {
    grep -F " $root/" /proc/mounts | cut -d' ' -f2 | sort -r | xargs -r -n1 umount
    rm -rf --one-file-system "$root" "$root.log"
}

main "$@"
