from __future__ import annotations

import contextlib
import socket
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters import map_nmap
from wardkeep.adapters.map_nmap import read_scan
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.machines import Device, Server
from wardkeep.hospital.map.nmap_hosts import OpenPort, ScannedHost, read_hosts
from wardkeep.hospital.map.places import Segment
from wardkeep.hospital.map.reading import UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import Layer

# nmap 7.93 with -O -sV against three hosts in network namespaces, a fourth address being empty.
SAMPLE = (Path(__file__).parent / "map_samples" / "nmap.xml").read_bytes()
SEGMENTS = Layer(
    source="s",
    part="segment",
    rank=1,
    at=0,
    items=(Segment(id="lab", networks=("198.18.0.0/24",)),),
)


def test_a_real_scan_becomes_a_server_and_a_device_in_their_segment() -> None:
    read = read_hosts(read_scan(SAMPLE), Known([SEGMENTS]), TableMapping())
    assert [(type(each), each.id) for each in read.items] == [
        (Server, "198.18.0.11"),
        (Device, "198.18.0.12"),
    ]
    first = read.items[0]
    assert isinstance(first, Server)
    assert first.segment == "lab"
    assert first.note == "open: 80/tcp http, 389/tcp ldap, 5432/tcp postgresql"
    assert [(each.count, each.named) for each in read.left] == [(1, ("198.18.0.13",))]


def test_the_nmap_of_this_machine_is_understood(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        words = ["nmap", "-n", "-Pn", "-sT", "-p", str(port), "-oX", str(tmp_path / "a.xml")]
        subprocess.run([*words, "127.0.0.1"], check=True, capture_output=True)
    (host,) = read_scan((tmp_path / "a.xml").read_bytes())
    assert (host.up, host.addresses) == (True, ("127.0.0.1",))
    assert [each.number for each in host.ports] == [port]


GUESS = b"""<nmaprun><host><status state="up" reason="arp-response"/>
<address addr="10.0.0.9" addrtype="ipv4"/>
<address addr="00:00:00:00:00:01" addrtype="mac" vendor="Siemens"/>
<hostnames><hostname name="ct1.h.example" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="104"><state state="open"/></port>
<port protocol="tcp" portid="22"><state state="filtered"/></port></ports>
<os><osmatch name="Windows 10" accuracy="%d"><osclass type="general purpose" accuracy="96"/>
</osmatch></os></host></nmaprun>"""


def test_a_guess_counts_from_85_percent_on() -> None:
    (host,) = read_scan(GUESS % 96)
    assert host == ScannedHost(
        up=True,
        addresses=("10.0.0.9",),
        names=("ct1.h.example",),
        maker="Siemens",
        system="Windows 10",
        sort="general purpose",
        ports=(OpenPort(number=104),),
    )
    (host,) = read_scan(GUESS % 84)
    assert host.system == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (SAMPLE[:-20], "breaks off"),
        (b"<html><nmaprun/></html>", "no scan of nmap"),
        (b"<nmaprun>" + b"<a>" * 40 + b"</a>" * 40 + b"</nmaprun>", "nests more than"),
        (b'<!DOCTYPE nmaprun [<!ENTITY a "b">]><nmaprun>&a;</nmaprun>', "refused"),
        (b'<?xml version="1.0" encoding="x-none"?><nmaprun/>', "XML"),
    ],
)
def test_what_is_no_whole_scan_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableSourceError, match=says):
        list(read_scan(content))


def test_a_scan_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_nmap, "MOST_HOSTS", 2)
    with pytest.raises(UnreadableSourceError, match="more than 2 hosts"):
        list(read_scan(SAMPLE))


@given(at=st.integers(0, len(SAMPLE)), put=st.binary(max_size=8))
def test_a_torn_scan_is_read_or_refused(at: int, put: bytes) -> None:
    torn = SAMPLE[:at] + put + SAMPLE[at + len(put) :]
    with contextlib.suppress(UnreadableSourceError):
        read_hosts(read_scan(torn), Known([SEGMENTS]), TableMapping())
