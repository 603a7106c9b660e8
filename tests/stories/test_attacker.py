"""An attacker on the hospital's network tries everything; the server holds and goes on."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.adapters.mllp_bench import certificate
from tests.stories.site_server import ENVIRONMENT, PATIENCE_SECONDS, SiteServer

# RFC 2544: addresses for tests of network equipment; no link leads out of the namespaces.
HOSPITAL, ATTACKER = "198.18.77.1", "198.18.77.2"
SCRIPT = Path(__file__).with_name("attacker.py")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def network() -> Iterator[tuple[list[str], list[str]]]:
    """Two hosts on a cable; how to run a program on the hospital's and on the attacker's."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("network namespaces need root")
    names = [f"wk-hospital-{os.getpid()}", f"wk-attacker-{os.getpid()}"]
    cable = (f"wkh{os.getpid()}", f"wka{os.getpid()}")
    try:
        for name in names:
            ip("netns", "add", name)
        near, far = (
            ["name", end, "netns", name] for end, name in zip(cable, names, strict=True)
        )
        ip("link", "add", *near[1:], "type", "veth", "peer", *far)
        for name, end, address in zip(names, cable, (HOSPITAL, ATTACKER), strict=True):
            ip("-n", name, "addr", "add", f"{address}/30", "dev", end)
            ip("-n", name, "link", "set", end, "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield ["ip", "netns", "exec", names[0]], ["ip", "netns", "exec", names[1]]
    finally:
        for name in names:
            with contextlib.suppress(subprocess.CalledProcessError):
                ip("netns", "del", name)


@pytest.fixture
def hospital(
    tmp_path: Path, network: tuple[list[str], list[str]]
) -> Iterator[tuple[SiteServer, Path]]:
    """A site server that listens on the hospital's network, and its log."""
    server = SiteServer(tmp_path / "hospital")
    proof, secret = certificate(tmp_path, "web")
    settings = server.folder / "wardkeep.toml"
    text = settings.read_text()
    for key, value in (("web_host", HOSPITAL), ("web_certificate", proof), ("web_key", secret)):
        text = re.sub(rf"^#?\s*{key}\b.*\n", "", text, flags=re.MULTILINE)
        text = f'{key} = "{value}"\n{text}'
    text = re.sub(r"^web_port.*$", "web_port = 8443", text, flags=re.MULTILINE)
    text = re.sub(r"^host.*$", f'host = "{HOSPITAL}"', text, flags=re.MULTILINE)
    text = re.sub(r"^port.*$", "port = 2575", text, flags=re.MULTILINE)
    text = re.sub(r"^allow.*$", f'allow = ["{ATTACKER}/32"]', text, flags=re.MULTILINE)
    settings.write_text(text)
    log = tmp_path / "serve.log"
    with log.open("wb") as written:
        server.process = subprocess.Popen(
            [*network[0], sys.executable, "-m", "wardkeep", "serve", str(server.folder)],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
    server.await_ready()
    yield server, log
    server.kill()


@pytest.mark.parametrize("ports", [9_000, pytest.param(65_535, marks=pytest.mark.long)])
def test_everything_an_attacker_on_the_network_tries_is_held_and_the_server_goes_on(
    hospital: tuple[SiteServer, Path], network: tuple[list[str], list[str]], ports: int
) -> None:
    server, log = hospital
    before = server.children()
    account = (server.made["account"], server.made["password"])
    done = subprocess.run(
        [*network[1], sys.executable, str(SCRIPT), HOSPITAL, *account, str(ports)],
        capture_output=True,
        check=False,
        text=True,
        timeout=2 * PATIENCE_SECONDS,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    for each in told:
        print(each)
    assert done.returncode == 0, done.stderr
    assert len(told) == 15
    assert [each for each in told if not each["held"]] == []
    # Nothing was restarted, and no line of the log is the attacker's.
    assert server.children() == before
    written = log.read_bytes()
    assert b"FORGED" not in written
    assert b"\x1b" not in written
