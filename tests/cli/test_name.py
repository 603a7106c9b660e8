"""The box's name, asked for by dig, in a network namespace of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stories.site_server import ENVIRONMENT, PATIENCE_SECONDS, wardkeep

LINES = """
[own_name]
name = "crisis.hospital.internal"
addresses = ["10.1.2.3", "fd00::3"]
dns = true
mdns = true
"""
UP = 'ip link set lo up multicast on; ip route add 224.0.0.0/4 dev lo; exec "$@"'


@contextmanager
def answering(folder: Path) -> Iterator[list[str]]:
    """Run the verb in a namespace without any other network; give what enters it."""
    own = ["unshare", "-n", "sh", "-c", UP, "sh"]
    running = subprocess.Popen(
        [*own, sys.executable, "-m", "wardkeep", "name", str(folder)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "READY\n"
    yield ["nsenter", "-t", str(running.pid), "-n"]
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode == 0


def test_dig_finds_the_box_and_nothing_else(tmp_path: Path) -> None:
    wardkeep("init", tmp_path / "hospital")
    wardkeep("name", tmp_path / "hospital", status=3)
    with (tmp_path / "hospital" / "wardkeep.toml").open("a") as settings:
        settings.write(LINES)
    with answering(tmp_path / "hospital") as inside:

        def dig(*words: str) -> str:
            asked = [*inside, "dig", "@127.0.0.1", "+time=300", "+tries=1", *words]
            return subprocess.run(asked, capture_output=True, check=False, text=True).stdout

        name = "crisis.hospital.internal"
        assert dig("+short", name) == "10.1.2.3\n"
        assert dig("+short", name, "AAAA") == "fd00::3\n"
        assert dig("+short", "+tcp", name) == "10.1.2.3\n"
        assert "flags: qr aa rd;" in dig(name)
        assert "status: REFUSED" in dig("example.org")
        assert "status: NXDOMAIN" in dig(f"x.{name}")
        assert dig("+short", "-p", "5353", "crisis.local") == "10.1.2.3\n"
        assert "10.1.2.3" in multicast(inside)


def multicast(inside: list[str]) -> str:
    """Ask on the group as an mDNS client does, and return the address that is answered."""
    client = (
        "import socket, struct\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
        "s.bind(('', 5353)); s.settimeout(300)\n"
        "group = socket.inet_aton('224.0.0.251') + bytes(4)\n"
        "s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, group)\n"
        "q = bytes(4) + struct.pack('>HHHH', 1, 0, 0, 0) + b'\\x06crisis\\x05local\\0'\n"
        "s.sendto(q + struct.pack('>HH', 1, 1), ('224.0.0.251', 5353))\n"
        "got = b''\n"
        "while not got[2:3] == b'\\x84': got = s.recv(9000)\n"
        "print(socket.inet_ntoa(got[-4:]))\n"
    )
    asked = [*inside, sys.executable, "-c", client]
    done = subprocess.run(
        asked, capture_output=True, check=False, text=True, timeout=PATIENCE_SECONDS
    )
    return done.stdout + done.stderr
