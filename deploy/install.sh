#!/bin/sh
# Installs, updates and rolls back Wardkeep from a bundle, without a network. POSIX sh; needs only
# what the barest Debian has. Every release lies whole in PREFIX/RELEASE; `current` is a link.
#
#   sh install.sh --key FINGERPRINT        the first time: the fingerprint comes by telephone
#   sh install.sh --manifest SHA256        the same where there is no openssl to check signatures
#   sh PREFIX/current/deploy/install.sh --from BUNDLE     an update, checked by what is installed
#   sh PREFIX/current/deploy/install.sh rollback          back to the release before
#   sh install.sh verify --key FINGERPRINT               check the bundle and stop
#
#   --from DIR     the bundle (default: the folder of this file)
#   --prefix DIR   where releases lie (default /opt/wardkeep)
#   --data DIR     the hospital folder (default /srv/wardkeep)
#   --no-system    make no user, install no package and no unit (for another supervisor, for tests)
#   --new-key      the bundle is signed by another key than the one before; give --key too
set -eu
umask 022

say() { printf 'wardkeep: %s\n' "$*" >&2; }
fail() { say "$1"; shift; for line in "$@"; do printf '  What to do: %s\n' "$line" >&2; done; exit 1; }

verb=install bundle=$(dirname -- "$(readlink -f -- "$0")")
prefix=/opt/wardkeep data=/srv/wardkeep key="" manifest="" system=yes newkey=no signed=no
while [ $# -gt 0 ]; do
    case $1 in
        install | update | verify | rollback) verb=$1 ;;
        --no-system) system=no ;;
        --new-key) newkey=yes ;;
        --from | --prefix | --data | --key | --manifest)
            [ $# -gt 1 ] || fail "$1 needs a value" "sh install.sh --help"
            case $1 in
                --from) bundle=$2 ;;
                --prefix) prefix=$2 ;;
                --data) data=$2 ;;
                --key) key=$2 ;;
                --manifest) manifest=$2 ;;
            esac
            shift ;;
        -h | --help) sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "$0"; exit 0 ;;
        *) fail "there is no option $1" "sh install.sh --help" ;;
    esac
    shift
done

# A folder that is gone, or a stick that is pulled out, must not be where pip and apt run.
bundle=$(readlink -f -- "$bundle") prefix=$(readlink -m -- "$prefix") data=$(readlink -m -- "$data")
cd /

plain() { printf '%s' "$1" | tr -d ' :-' | tr 'A-F' 'a-f'; }
fact() { sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$2" | head -n 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The last 32 bytes of the second line of minisign's public key, as hexadecimal SHA-256.
raw_key() { sed -n 2p "$1" | base64 -d | tail -c 32; }
fingerprint() { raw_key "$1" | sha256sum | cut -d ' ' -f 1; }

check_key() { # is bundle.pub the key that is trusted here, or that was read out by telephone?
    known=$prefix/bundle.pub
    theirs=$(fingerprint "$bundle/bundle.pub")
    if [ -f "$known" ] && [ "$newkey" = no ]; then
        [ "$(fingerprint "$known")" = "$theirs" ] ||
            fail "this bundle is signed by another key ($theirs) than what is installed" \
                "ask by telephone; if the key was changed on purpose: --new-key --key FINGERPRINT"
    elif [ -n "$key" ]; then
        [ "$(plain "$key")" = "$theirs" ] ||
            fail "the key of this bundle is $theirs, not the one that was given" \
                "install nothing of it; fetch it again, and the fingerprint by telephone."
    elif [ -z "$manifest" ]; then
        fail "nothing says whether this bundle is the right one" \
            "ask its maker by telephone for the key's fingerprint: sh install.sh --key FINGERPRINT"
    fi
}

check_signature() {
    signed=yes
    # DER of an Ed25519 public key (RFC 8410): twelve bytes that never change, then the key.
    { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; raw_key "$bundle/bundle.pub"; } >"$scratch/key"
    sed -n 2p "$bundle/MANIFEST.minisig" | base64 -d | tail -c 64 >"$scratch/signature"
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$scratch/key" -rawin \
        -in "$bundle/MANIFEST" -sigfile "$scratch/signature" >/dev/null 2>&1 ||
        fail "the signature of MANIFEST is wrong" "install nothing of it; fetch the bundle again."
    say "MANIFEST is signed by $theirs"
}

check_bundle() { # nothing of the bundle is run or unpacked before this
    for name in MANIFEST MANIFEST.minisig bundle.pub release.json wardkeep.tar; do
        [ -f "$bundle/$name" ] || fail "$bundle is no bundle: $name is missing" "name it with --from."
    done
    check_key
    sum=$(sha256sum "$bundle/MANIFEST" | cut -d ' ' -f 1)
    [ -z "$manifest" ] || [ "$(plain "$manifest")" = "$sum" ] ||
        fail "SHA-256 of MANIFEST is $sum, not the one that was given" \
            "install nothing of it; fetch it again, and the number by telephone."
    if command -v openssl >/dev/null 2>&1; then
        check_signature
    elif [ -z "$manifest" ]; then
        fail "there is no openssl here to check the signature with" \
            "compare SHA-256 of MANIFEST by telephone: sh install.sh --manifest $sum (if it is the same)"
    fi
    (cd "$bundle" && find . -type f | sed 's|^\./||' | grep -vx -e MANIFEST -e MANIFEST.minisig | LC_ALL=C sort) >"$scratch/there"
    sed 's/^[0-9a-f]*  //' "$bundle/MANIFEST" | LC_ALL=C sort >"$scratch/named"
    cmp -s "$scratch/there" "$scratch/named" ||
        fail "files are missing or were added: $(diff "$scratch/named" "$scratch/there" | sed -n 's/^[<>] //p' | head -n 3 | tr '\n' ' ')" \
            "install nothing of it; fetch the bundle again."
    [ -z "$(find "$bundle" -type l)" ] || fail "a link was put into the bundle" "fetch it again."
    (cd "$bundle" && sha256sum --check --strict --quiet MANIFEST >/dev/null 2>"$scratch/wrong") ||
        fail "a file is not what MANIFEST says: $(head -n 1 "$scratch/wrong")" \
            "install nothing of it; fetch the bundle again."
    say "every file of the bundle is what MANIFEST says"
}

check_machine() {
    wanted=$(fact machine "$bundle/release.json")
    [ "$wanted" = "$(uname -m)" ] || fail "the bundle is for $wanted, this machine is $(uname -m)" \
        "make a bundle on a machine like this one."
    [ "$system" = no ] || [ "$(id -u)" = 0 ] || fail "this needs root" "run it as root."
}

install_packages() { # from the bundle's own folder, with apt's own lists and cache left alone
    wanted=$(fact packages "$bundle/release.json") missing=""
    for each in $wanted; do
        dpkg-query -W -f '${Status}' "$each" 2>/dev/null | grep -q 'ok installed' || missing="$missing $each"
    done
    [ -n "$missing" ] || return 0
    name=$(fact debian "$bundle/release.json")
    here=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME-}")
    [ "$name" = "$here" ] || fail "missing:$missing; the bundle has them for $name, this is $here" \
        "install them from the system's own medium, or make a bundle on $here."
    say "installing$missing"
    mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial"
    # Paths with blanks need a place without any: apt's list is split at them.
    ln -s "$(readlink -f -- "$bundle")/debian" "$scratch/debian"
    # Every file was checked against the signed MANIFEST above: that is the trust here.
    printf 'deb [trusted=yes] file:%s ./\n' "$scratch/debian" >"$scratch/sources.list"
    apt() {
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dir::Etc::SourceList="$scratch/sources.list" \
            -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$scratch/lists" \
            -o Dir::Cache="$scratch/cache" -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 \
            -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$scratch/apt" 2>&1
    }
    # shellcheck disable=SC2086  # one word a package
    { apt update && apt install --no-install-recommends $missing; } ||
        fail "the packages could not be installed: $(tail -n 3 "$scratch/apt")" "put dpkg in order: dpkg --configure -a"
}

unpack() { # PREFIX/RELEASE, whole or without its mark `complete`
    release=$(fact name "$bundle/release.json")
    case $release in '' | *[!A-Za-z0-9.+-]* | .*) fail "the bundle's name cannot be used" "fetch it again." ;; esac
    place=$prefix/$release
    if [ -f "$place/complete" ]; then say "$release is already there"; return 0; fi
    say "unpacking $release"
    mkdir -p "$prefix"
    rm -rf "$place"
    tar -x -f "$bundle/wardkeep.tar" -C "$prefix" --no-same-owner --no-same-permissions
    cp "$bundle/release.json" "$place/release.json"
    say "making its environment from the wheels of the bundle"
    # The launcher makes it, as everywhere; pip looks into the bundle and nowhere else.
    PIP_NO_INDEX=1 PIP_FIND_LINKS=$bundle/wheels PIP_CONFIG_FILE=/dev/null PIP_NO_CACHE_DIR=1 \
        WARDKEEP_VENV="" "$place/wardkeep" --version >"$scratch/version" ||
        fail "the environment could not be made" "read the lines above; nothing was changed."
    "$place/.venv/bin/python" -m compileall -q "$place/src" >/dev/null 2>&1 || :
    sync
    : >"$place/complete"
}

point() { # $1: link, $2: release; in one step
    ln -sfn -- "$2" "$prefix/.$1.new"
    mv -T -- "$prefix/.$1.new" "$prefix/$1"
}

release_of() { [ ! -L "$prefix/$1" ] || readlink -- "$prefix/$1"; }
managed() { [ "$system" = yes ] && [ -d /run/systemd/system ]; }
serving() { managed && systemctl is-active --quiet wardkeep.service; }

install_units() { # of the release that is current now
    [ "$system" = yes ] || return 0
    getent passwd wardkeep >/dev/null ||
        useradd --system --home-dir "$data" --no-create-home --shell /usr/sbin/nologin wardkeep
    [ -d "$data" ] || install -d -m 700 -o wardkeep -g wardkeep "$data"
    mkdir -p /etc/systemd/system /usr/local/bin
    for unit in "$prefix"/current/deploy/*.service "$prefix"/current/deploy/*.timer "$prefix"/current/deploy/*.socket; do
        [ -f "$unit" ] || continue
        sed -e "s|/opt/wardkeep|$prefix|g" -e "s|/srv/wardkeep|$data|g" "$unit" >"/etc/systemd/system/${unit##*/}"
    done
    ln -sfn "$prefix/current/wardkeep" /usr/local/bin/wardkeep
    ! managed || systemctl daemon-reload
}

switch_to() { # $1: release; a server that ran is started again, and the old one if it fails
    before=$(release_of current) ran=no
    if serving; then ran=yes; fi
    if [ "$before" != "$1" ]; then
        [ -z "$before" ] || point previous "$before"
        point current "$1"
    fi
    install_units
    [ "$ran" = yes ] || return 0
    say "starting $1"
    if systemctl restart wardkeep.service && serving; then return 0; fi
    [ -n "$before" ] && [ "$before" != "$1" ] || fail "the server does not start" "journalctl -u wardkeep"
    can_read "$before" || fail "$1 does not start, and $before cannot read what it wrote" "journalctl -u wardkeep"
    point current "$before"
    install_units
    systemctl restart wardkeep.service || :
    fail "$1 does not start; $before serves again" "journalctl -u wardkeep"
}

can_read() { # $1: release; does it know the data format that was last written?
    [ -r "$data/data-format" ] || return 0
    written=$(tr -dc 0-9 <"$data/data-format" | head -c 8)
    knows=$(fact data_format "$prefix/$1/release.json")
    [ "${written:-1}" -le "${knows:-1}" ]
}

forget_old() { # keeps the current release and the one before
    for each in "$prefix"/*/complete; do
        { [ -f "$each" ] && [ ! -L "${each%/complete}" ]; } || continue
        name=$(basename -- "${each%/complete}")
        [ "$name" = "$(release_of current)" ] || [ "$name" = "$(release_of previous)" ] || rm -rf "${prefix:?}/$name"
    done
}

roll_back() {
    to=$(release_of previous)
    [ -n "$to" ] && [ -f "$prefix/$to/complete" ] || fail "there is no release before this one in $prefix" \
        "install the bundle of the release that you want."
    can_read "$to" || fail "$to cannot read $data: a later release has moved its data to format $written" \
        "stay on this release; or restore a backup from before the update into another folder."
    switch_to "$to"
    say "$to is current again; data in $data stayed as it is"
}

case $verb in
    verify) check_bundle ;;
    rollback)
        [ "$system" = no ] || [ "$(id -u)" = 0 ] || fail "this needs root" "run it as root."
        roll_back ;;
    install | update)
        check_bundle
        check_machine
        [ "$system" = no ] || install_packages
        # A bare Debian has its openssl only now; the number was compared by telephone before.
        [ "$signed" = yes ] || ! command -v openssl >/dev/null 2>&1 || check_signature
        unpack
        [ "$(release_of current)" = "" ] || can_read "$release" ||
            fail "$release cannot read $data: a later release has moved its data to format $written" "install a later bundle."
        switch_to "$release"
        cp "$bundle/bundle.pub" "$prefix/bundle.pub"
        forget_old
        say "$release is current in $prefix"
        if [ "$system" = yes ] && [ ! -f "$data/wardkeep.toml" ]; then
            say "next: wardkeep init $data (as user wardkeep), then systemctl enable --now wardkeep"
        fi ;;
esac
