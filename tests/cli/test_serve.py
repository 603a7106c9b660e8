"""A site server from READY to its end, as an administrator starts and stops it."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.stories.site_server import (
    ENVIRONMENT,
    PATIENCE_SECONDS,
    SiteServer,
    message,
    wardkeep,
)


def test_ctrl_c_ends_a_server_cleanly_and_a_second_one_is_refused(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    server.start()
    try:
        assert wardkeep("serve", server.folder, status=1) == ""
        assert server.process is not None
        server.process.send_signal(signal.SIGINT)
        server.process.communicate(timeout=PATIENCE_SECONDS)
        assert server.process.returncode == 0
        assert "Traceback" not in server.said.read_text()
    finally:
        server.kill()


def test_what_is_no_hospital_folder_is_not_served(tmp_path: Path) -> None:
    wardkeep("serve", tmp_path, status=6)


def test_a_taken_web_port_is_named_with_its_setting_and_what_to_do(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    with socket.create_server(("127.0.0.1", server.web_port)):
        done = subprocess.run(
            [sys.executable, "-m", "wardkeep", "serve", str(server.folder)],
            capture_output=True,
            check=False,
            env=ENVIRONMENT,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
    assert done.returncode == 1
    assert f"web_port {server.web_port}: address already in use" in done.stderr
    assert "What to do: Stop what listens there" in done.stderr
    assert "Errno" not in done.stderr


def test_one_port_for_the_web_and_a_feed_is_named_with_its_line(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    settings = server.folder / "wardkeep.toml"
    one = f"port = {server.mllp_port}"
    settings.write_text(settings.read_text().replace(one, f"port = {server.web_port}"))
    for verb in ("check", "serve"):
        done = subprocess.run(
            [sys.executable, "-m", "wardkeep", verb, str(server.folder)],
            capture_output=True,
            check=False,
            env=ENVIRONMENT,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 3
        said = f"the web and the feed main both want port {server.web_port}"
        assert said in done.stderr
        assert "wardkeep.toml, line " in done.stderr


def test_a_folder_whose_path_is_long_is_served_asked_and_checked(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / ("long" * 40) / "hospital")
    server.start()
    try:
        server.send(message(1))
        (ward,) = json.loads(wardkeep("wards", server.folder, "--json"))
        assert ward["patients"] == 1
        found = json.loads(wardkeep("check", server.folder, "--json"))["findings"]
        ports = [each["text"] for each in found if each["subject"] == "ports"]
        assert all("a server runs on this folder" in text for text in ports)
    finally:
        assert server.stop() == 0
